"""What the first page needs and a new server does not have yet: made while the browser still loads Streamlit."""

import threading

import figures.landscape
import figures.run_charts


def in_background() -> None:
    threading.Thread(target=warm, daemon=True).start()


def warm() -> None:
    """Imports that Streamlit puts off until a script needs them, and Plotly's first figures, which take longest."""
    import pandas  # noqa: F401
    import streamlit.emojis  # noqa: F401

    figures.run_charts.for_run("binary", "accuracy", [], "", True)
    figures.landscape.declared()
