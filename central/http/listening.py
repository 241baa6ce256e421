"""The socket that people reach us by."""

from __future__ import annotations

import socket

_WAITING = 512  # connections that may wait while we are busy accepting others


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket whose connections send at once.

    asyncio asks for TCP_NODELAY only on sockets that were made with the protocol named; on others each
    answer in two parts waits for the peer's delayed acknowledgement, 40 ms on Linux. Set on the listener,
    every accepted connection inherits it.

    Args:
        host: name or address to listen on.
        port: TCP port; 0 takes a free one.

    Raises:
        OSError: the address is not ours, or taken.
    """
    listener = socket.create_server((host, port), backlog=_WAITING)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
