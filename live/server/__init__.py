"""The server's side of the live path: a seat for each page, the worker behind it, the socket between them."""

from live.server.hub import Hub
from live.server.ids import mint
from live.server.nodelay import send_at_once
from live.server.routes import lifespan, routes

__all__ = ["Hub", "lifespan", "mint", "routes", "send_at_once"]
