"""Small messages leave at once: Nagle's algorithm is off."""

import socket
from asyncio import base_events


def send_at_once() -> None:
    """Set TCP_NODELAY on every connection that asyncio accepts from now on.

    asyncio does so itself, but only where the protocol number of the listening socket is TCP's; Streamlit's is 0.
    Without it, whatever leaves in two parts waits for the browser to acknowledge the first, which browsers put off:
    44 ms instead of 1 for each file, and as much for a frame behind another.
    """
    base_events._set_nodelay = no_delay


def no_delay(sock: socket.socket) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
