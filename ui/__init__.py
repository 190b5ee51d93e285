"""Streamlit: the shell, the session's state, controls made from knobs, and the stage."""
