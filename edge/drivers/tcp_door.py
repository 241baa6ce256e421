"""A listening TCP port: who may come in, who has to leave, and what each connection is handed."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Sequence
from typing import Final

from edge.drivers.listener import REOPEN_FIRST_MS, REOPEN_LAST_MS, DoorStats, Limits, Patience, Talk
from edge.drivers.models import Clock, Tape

log = logging.getLogger(__name__)

MOST_NAMED: Final = 32  # peers that are named in the log before the door goes on silently


class _Connection(asyncio.Protocol):
    """One accepted connection."""

    def __init__(self, door: TcpDoor) -> None:
        self._door = door
        self._transport: asyncio.Transport | None = None
        self.patience: Patience | None = None
        self.name = "?"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        address = transport.get_extra_info("peername") or ("?", 0)
        self.name = f"{address[0]}:{address[1]}"
        if not self._door.admit(self, str(address[0])):
            transport.abort()
            return
        self._transport = transport
        self.patience = self._door.begin(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio names it
        self._transport = None
        self._door.leave(self)

    def data_received(self, data: bytes) -> None:
        if self.patience is None or self._transport is None:
            return
        self._door.received(self, self.patience, data)

    def send(self, data: bytes) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(data)
        self._door.sent(self, data, transport.get_write_buffer_size())

    def drop(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class TcpDoor:
    """A listening TCP port."""

    def __init__(
        self,
        name: str,
        host: str,
        port: int,
        sources: Sequence[str],
        talk: Talk,
        clock: Clock,
        tape: Tape | None,
        limits: Limits = Limits(),  # noqa: B008  # frozen
    ) -> None:
        """Prepare; `keep` opens.

        Args:
            name: of the bus, for the log.
            host: address to listen at.
            port: port; 0 lets the system choose (`port` tells which).
            sources: networks that may connect, "192.168.1.0/24"; empty: all.
            talk: begins the conversation with a peer.
            clock: of the gateway.
            tape: the bus black box.
            limits: what a peer may cost.
        """
        self.port = port
        self.stats = DoorStats()
        self._name = name
        self._host = host
        self._networks = [ipaddress.ip_network(source, strict=False) for source in sources]
        self._talk = talk
        self._clock = clock
        self._tape = tape
        self._limits = limits
        self._server: asyncio.Server | None = None
        self._open: dict[_Connection, Patience] = {}
        self._refused: set[str] = set()
        self._pause_ms = 0
        self._again_ms = 0
        self._reason = f"{host}:{port} is not open yet"

    @property
    def is_open(self) -> bool:
        """Whether the port listens."""
        return self._server is not None

    @property
    def reason(self) -> str:
        """Why the port does not listen."""
        return "" if self.is_open else self._reason

    async def keep(self) -> None:
        """Listen if nobody does, and close connections that cost too much."""
        now = self._clock.mono_ms()
        if self._server is None:
            if now >= self._again_ms:
                await self._listen(now)
            return
        limits = self._limits
        for connection, patience in list(self._open.items()):
            if patience.stalled(now, limits.frame_ms):
                self.stats.closed_slow += 1
                self._drop(connection, "a frame that began was never finished")
            elif now - patience.heard_ms > limits.idle_ms or (
                not patience.spoken and now - patience.opened_ms > limits.hello_ms
            ):
                self.stats.closed_silent += 1
                self._drop(connection, "it said nothing")

    def close(self) -> None:
        """Stop listening and drop every connection."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for connection in list(self._open):
            connection.drop()

    async def _listen(self, now: int) -> None:
        loop = asyncio.get_running_loop()
        try:
            # In two steps: a cancellation between them still finds the server, and closes it.
            self._server = await loop.create_server(
                lambda: _Connection(self), self._host, self.port, start_serving=False
            )
            await self._server.start_serving()
        except OSError as exc:
            self.close()
            self._reason = f"cannot listen at {self._host}:{self.port}: {exc.strerror or exc}"
            if self._pause_ms == 0:
                log.warning("bus %s: %s", self._name, self._reason)
            self._pause_ms = min(max(2 * self._pause_ms, REOPEN_FIRST_MS), REOPEN_LAST_MS)
            self._again_ms = now + self._pause_ms
            return
        self._pause_ms = 0
        self.port = self._server.sockets[0].getsockname()[1]
        log.info("bus %s: listens at %s:%d", self._name, self._host, self.port)

    # --- called by the connections ---

    def admit(self, connection: _Connection, address: str) -> bool:
        """Decide whether a new connection may stay."""
        if self._networks and not self._allowed(address):
            self.stats.refused_address += 1
            self._name_once(address, "is not in `from`")
            return False
        if len(self._open) >= self._limits.connections:
            self.stats.refused_full += 1
            idle = self._dispensable()
            if idle is None:
                self._name_once(connection.name, "found every place taken")
                return False
            self._open.pop(idle, None)
            idle.drop()
        return True

    def begin(self, connection: _Connection) -> Patience:
        """Begin the conversation with an admitted peer."""
        patience = Patience(self._talk, connection, self._clock.mono_ms())
        self._open[connection] = patience
        self.stats.opened += 1
        self.stats.connections = len(self._open)
        self._note(f"{connection.name} connected")
        return patience

    def leave(self, connection: _Connection) -> None:
        """Forget a connection that is gone."""
        if self._open.pop(connection, None) is not None:
            self._note(f"{connection.name} gone")
        self.stats.connections = len(self._open)

    def received(self, connection: _Connection, patience: Patience, data: bytes) -> None:
        """Hand received bytes on."""
        self.stats.bytes_in += len(data)
        if self._tape is not None:
            self._tape.received(data)
        patience.take(data, self._clock.mono_ms())
        if patience.noise > self._limits.noise:
            self.stats.closed_noise += 1
            self._drop(connection, "it sends no frames of this protocol")

    def sent(self, connection: _Connection, data: bytes, unread: int) -> None:
        """Count an answer, and leave a peer that reads none."""
        self.stats.bytes_out += len(data)
        if self._tape is not None:
            self._tape.sent(data)
        if unread > self._limits.unread:
            self.stats.closed_unread += 1
            self._drop(connection, "it does not read our answers")

    def _dispensable(self) -> _Connection | None:
        """Find who makes room: the oldest that never reported, else the longest silent, likely dead already.

        A station whose mobile network drops its connections leaves them open on this side, one a call.
        """
        strangers = [c for c, patience in self._open.items() if not patience.spoken]
        if strangers:
            return strangers[0]
        quiet = min(self._open, key=lambda c: self._open[c].heard_ms)
        silent_ms = self._clock.mono_ms() - self._open[quiet].heard_ms
        return quiet if silent_ms > self._limits.dead_ms else None

    def _allowed(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(ip, "ipv4_mapped", None)
        return any((mapped or ip) in network for network in self._networks)

    def _drop(self, connection: _Connection, why: str) -> None:
        self._note(f"{connection.name} closed: {why}")
        self._name_once(connection.name.rpartition(":")[0], f"was disconnected: {why}")
        connection.drop()

    def _name_once(self, address: str, why: str) -> None:
        line = f"{address} {why}"
        if line not in self._refused and len(self._refused) < MOST_NAMED:
            self._refused.add(line)
            log.warning("bus %s: %s (told once)", self._name, line)

    def _note(self, text: str) -> None:
        if self._tape is not None:
            self._tape.note(text)
