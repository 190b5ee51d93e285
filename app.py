"""LayerLab: see neural networks learn. Run it with `streamlit run app.py`.

The composition root: the script that draws the pages, and the routes of the live path beside it on the same server.
"""

import contextlib
from collections.abc import AsyncIterator

import streamlit as st

import live
from ui import assets, warm
from ui.prefix import prefix

hub = live.Hub()


@contextlib.asynccontextmanager
async def lifespan(server) -> AsyncIterator[dict]:
    live.send_at_once()
    warm.in_background()
    async with live.lifespan(hub)(server) as state:
        yield state


app = st.App("ui/shell.py", routes=[*live.routes(hub, prefix()), *assets.routes(prefix())], lifespan=lifespan)
