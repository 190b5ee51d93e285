"""LayerLab: see neural networks learn. Run it with `streamlit run app.py`.

The composition root: the script that draws the pages, and the routes of the live path beside it on the same server.
"""

import streamlit as st

import live
from ui import assets
from ui.prefix import prefix

hub = live.Hub()
app = st.App(
    "ui/shell.py",
    routes=[*live.routes(hub, prefix()), *assets.routes(prefix())],
    lifespan=live.lifespan(hub),
)
