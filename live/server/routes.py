"""What the live path adds to the server: the WebSocket route of a run, and the hub's life around it."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from live.messages import FROM_PAGE
from live.protocol import MAX_COMMAND
from live.server.hub import Hub
from live.server.ids import known

REFUSED, FULL = 4403, 4503       # close codes: not this server's run or page; no room for another run


def lifespan(hub: Hub) -> Callable:
    """The context that holds the hub while the server runs, and ends its processes with it."""

    @contextlib.asynccontextmanager
    async def opened(app) -> AsyncIterator[dict]:
        await hub.open()
        try:
            yield {}
        finally:
            await hub.close()

    return opened


def routes(hub: Hub, prefix: str) -> list[WebSocketRoute]:
    """The WebSocket of a run at `prefix/run/{id}`: commands in as JSON text, messages out as bytes."""

    async def serve_page(socket: WebSocket) -> None:
        run_id = socket.path_params["run"]
        if not known(run_id) or not same_origin(socket):
            await socket.close(REFUSED)
            return
        await socket.accept()

        async def send(message: bytes) -> None:
            if socket.application_state is WebSocketState.CONNECTED:
                with contextlib.suppress(WebSocketDisconnect):           # the page left in the middle of it
                    await socket.send_bytes(message)

        seat = await hub.attach(run_id, send)
        if seat is None:
            await socket.close(FULL)
            return
        try:
            while True:
                command = read_command(await socket.receive_text())
                if command is not None:
                    seat.worker.send(command)
        except (WebSocketDisconnect, KeyError):      # KeyError: the page sent bytes instead of text
            pass
        finally:
            hub.detach(run_id, send)

    return [WebSocketRoute(f"{prefix}/run/{{run}}", serve_page)]


def same_origin(socket: WebSocket) -> bool:
    """Whether the page that opens the socket was served by this host."""
    origin = socket.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == socket.headers.get("host")


def read_command(text: str) -> dict | None:
    """A command that a page may give, or None if it isn't one."""
    if len(text) > MAX_COMMAND:
        return None
    try:
        command = json.loads(text)
    except (ValueError, RecursionError):
        return None
    name = command.get("op") if isinstance(command, dict) else None
    return command if isinstance(name, str) and name in FROM_PAGE else None
