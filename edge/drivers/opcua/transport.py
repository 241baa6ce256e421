"""asyncua's transport and session: bounded in memory, recorded on the tape, without tasks of their own."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Final

from asyncua import ua
from asyncua.client.ua_client import UaClient, UASocketProtocol
from asyncua.client.ua_session import UaSession
from asyncua.common.connection import TransportLimits

from edge.drivers.models import Tape
from edge.drivers.opcua import decode

# The library tells each fault several times with its stack; the driver tells it once when it begins and ends.
_LIBRARY: Final = logging.getLogger("asyncua")
if _LIBRARY.level == logging.NOTSET:
    _LIBRARY.setLevel(logging.CRITICAL + 1)

CHUNK: Final = 65_535  # bytes of one message chunk; the library's own choice in its Hello
MESSAGE: Final = 8 << 20  # of one whole message: a hundred thousand values


class _Limits(TransportLimits):
    """Keeps our limits whatever the server acknowledges."""

    def update_client_limits(self, msg: ua.Acknowledge) -> None:
        """Take over only what the server can receive."""
        if 0 < msg.ReceiveBufferSize < self.max_send_buffer:
            self.max_send_buffer = max(8192, msg.ReceiveBufferSize)


class _Taped(asyncio.Transport):
    """A socket whose outgoing bytes are recorded, but for those that may hold the password."""

    def __init__(self, inner: asyncio.Transport, tape: Tape) -> None:
        super().__init__()
        self._inner = inner
        self._tape = tape
        self.hidden = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Record and send."""
        if self.hidden:
            self._tape.note(f"sent {len(data)} bytes that are not shown: they may hold the password")
        else:
            self._tape.sent(bytes(data))
        self._inner.write(data)

    def close(self) -> None:
        self._inner.close()

    def abort(self) -> None:
        self._inner.abort()

    def is_closing(self) -> bool:
        return self._inner.is_closing()


class _Protocol(UASocketProtocol):
    """The library's transport with bounded memory and a tape."""

    tape: Tape | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to record."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport if self.tape is None else _Taped(transport, self.tape))

    def _process_received_message(self, msg: ua.Message | ua.Acknowledge | ua.ErrorMessage | None) -> None:
        if isinstance(msg, ua.Message):
            decode.check_handshake(bytes(msg.body()))  # type: ignore[no-untyped-call]
        super()._process_received_message(msg)

    def data_received(self, data: bytes) -> None:
        """Record what came; close on a peer that fills memory without ever completing a chunk."""
        if self.tape is not None:
            self.tape.received(data)
        super().data_received(data)
        if self.receive_buffer is not None and len(self.receive_buffer) > 2 * CHUNK and self.transport:
            self.transport.abort()


class Transport(UaClient):
    """One connection and its secure channel."""

    def __init__(self, timeout_s: float, tape: Tape | None) -> None:
        super().__init__(timeout_s)
        self._tape = tape
        self.services = Services(self)
        self.session = self.services

    def _make_protocol(self) -> UASocketProtocol:
        limits = _Limits(CHUNK, CHUNK, MESSAGE // CHUNK, MESSAGE)
        self.protocol = made = _Protocol(self._timeout, self.security_policy, limits)
        made.tape = self._tape
        made.on_connection_lost = self._on_transport_lost
        made.is_session_closing = self._is_session_closing
        return made

    def hide(self, hidden: bool) -> None:
        """Keep what is sent from the tape, or no longer."""
        transport = self.protocol.transport if self.protocol is not None else None
        if isinstance(transport, _Taped):
            transport.hidden = hidden

    def abort(self) -> None:
        """Close the socket at once, whatever is still to be sent."""
        protocol = self.protocol
        if protocol is not None and protocol.transport is not None:
            protocol.transport.abort()
        self.disconnect_socket()


class Services(UaSession):
    """The services of a session, as requests and the bytes of their answers."""

    def ensure_publish_loop(self) -> None:
        """Start nothing: the driver publishes."""

    async def exchange(self, request: Any, timeout_s: float | None = None) -> tuple[bytes, int]:
        """Send a request; return the body of its response and the handle that it must repeat."""
        body = await self._send_request(request, timeout_s)
        return bytes(body), request.RequestHeader.RequestHandle
