"""The listening socket of the centre."""

from __future__ import annotations

import socket

from central.http.listening import listen


def test_an_accepted_connection_sends_without_waiting_for_acknowledgements() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()[:2]):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
