"""A run's life: its worker process, the commands and frames between it and the page, and its end."""

from live.hub import Hub
from live.ids import mint
from live.nodelay import send_at_once
from live.routes import lifespan, routes

__all__ = ["Hub", "lifespan", "mint", "routes", "send_at_once"]
