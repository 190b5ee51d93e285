"""Where the house's own routes live on the server."""

import streamlit as st


def prefix() -> str:
    """The path before `/run/...` and `/stage/...`, with the server's base path in front."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/lab" if base else "/lab"
