"""Small messages leave at once."""

import asyncio
import socket
from asyncio import base_events

from live.server import send_at_once


def accepted_without_delay() -> bool:
    """Whether a connection to a listening socket as Streamlit makes it has TCP_NODELAY."""

    async def main() -> bool:
        found = asyncio.get_running_loop().create_future()

        async def serve(reader, writer):
            accepted = writer.get_extra_info("socket")
            found.set_result(bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()

        listening = socket.socket(family=socket.AF_INET)
        listening.bind(("127.0.0.1", 0))
        async with await asyncio.start_server(serve, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            writer.close()
            return await found

    return asyncio.run(main())


def test_connections_that_are_accepted_do_not_wait_for_acknowledgements(monkeypatch):
    monkeypatch.setattr(base_events, "_set_nodelay", lambda sock: None)
    assert not accepted_without_delay()
    send_at_once()
    assert accepted_without_delay()
