"""LayerLab: see neural networks learn. Run it with `streamlit run app.py`.

The composition root: the script that draws the pages, and the routes of the live path beside it on the same server.
"""

import contextlib
from collections.abc import AsyncIterator

import streamlit as st

from live import server
from ui import assets, warm
from ui.prefix import prefix

hub = server.Hub()


@contextlib.asynccontextmanager
async def lifespan(asgi) -> AsyncIterator[dict]:
    server.send_at_once()
    warm.in_background()
    async with server.lifespan(hub)(asgi) as state:
        yield state


app = st.App("ui/shell.py", routes=[*server.routes(hub, prefix()), *assets.routes(prefix())], lifespan=lifespan)
