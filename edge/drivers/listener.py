"""The listening TCP port at which stations knock by themselves, and what every such door is to a driver.

    station ──TCP──▶ TcpDoor ───┐
                                ├─▶ Conversation.take(bytes) ─▶ (the family's frames) ─▶ Peer.send(answer)
    station ──tty──▶ SerialDoor ┘   (edge/drivers/serial_door.py)

A peer may be anybody, so a door bounds what each can cost: connections, bytes of a frame that never ends,
time without a word, noise, answers that are not read. Nothing here waits for a peer: bytes are handed on as
they come, and `keep`, called a few times a second, closes what has been open for too long.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import msgspec

from edge.drivers.listening import ListeningBus, address
from edge.drivers.models import Clock, Tape

log = logging.getLogger(__name__)

REOPEN_FIRST_MS: Final = 500
REOPEN_LAST_MS: Final = 30_000
GOOD_FRAME: Final = 10_240  # bytes of noise that a good frame makes up for
MOST_NAMED: Final = 32  # peers that are named in the log before the door goes on silently


class Limits(msgspec.Struct, frozen=True):
    """What one peer may cost.

    Attributes:
        connections: at most so many at once; a new one takes the place of the oldest that never said anything
            sensible, else it is refused.
        idle_ms: closed after so long without a byte.
        hello_ms: closed if no whole frame came within so long of its opening.
        frame_ms: a frame that has begun must be whole within this, or the connection is closed (slow loris).
        noise: bytes that belong to no frame of a station of ours before the connection is closed; a good
            frame makes up for 10 kB of them.
        unread: bytes of answers that a peer may leave unread.
    """

    connections: int = 32
    idle_ms: int = 7_500_000
    hello_ms: int = 120_000
    frame_ms: int = 30_000
    noise: int = 65_536
    unread: int = 16_384


class DoorStats(msgspec.Struct):
    """What was counted at a door since the start."""

    connections: int = 0
    opened: int = 0
    refused_address: int = 0
    refused_full: int = 0
    closed_silent: int = 0
    closed_slow: int = 0
    closed_noise: int = 0
    closed_unread: int = 0
    bytes_in: int = 0
    bytes_out: int = 0


class Peer(Protocol):
    """Who is at the other end."""

    @property
    def name(self) -> str: ...

    def send(self, data: bytes) -> None:
        """Send an answer; a peer that is gone or reads nothing loses it."""
        ...


class Conversation(Protocol):
    """What a family makes of the bytes of one peer."""

    def take(self, data: bytes) -> int:
        """Take received bytes.

        Returns:
            How many whole frames they completed that a station of ours may have sent; what strangers say
            counts as noise.
        """
        ...

    def pending(self) -> int:
        """Return the bytes held of a frame that is not whole yet."""
        ...

    def settle(self) -> None:
        """Stop waiting for the rest of the frame; whole ones behind its beginning are taken."""
        ...


Talk = Callable[[Peer], Conversation]


class Door(Protocol):
    """Either kind of door."""

    stats: DoorStats

    @property
    def is_open(self) -> bool: ...

    @property
    def reason(self) -> str:
        """Why it is not open, "" if it is."""
        ...

    async def keep(self) -> None:
        """Open the door if it is shut, and close what has been open for too long."""
        ...

    def close(self) -> None: ...


class Patience:
    """The conversation with one peer, and how long the peer has kept us waiting."""

    def __init__(self, talk: Talk, peer: Peer, now: int) -> None:
        self.conversation = talk(peer)
        self.opened_ms = now
        self.heard_ms = now
        self.begun_ms = -1
        self.spoken = False
        self.noise = 0

    def take(self, data: bytes, now: int) -> None:
        """Hand received bytes on and note what they were worth."""
        before = self.conversation.pending()
        frames = self.conversation.take(data)
        pending = self.conversation.pending()
        self.heard_ms = now
        self.spoken = self.spoken or frames > 0
        # What was held is counted once; each good frame makes up for as much as the longest frame takes.
        self.noise = max(0, self.noise + before + len(data) - pending - frames * GOOD_FRAME)
        if not pending:
            self.begun_ms = -1
        elif frames or self.begun_ms < 0:
            self.begun_ms = now

    def stalled(self, now: int, frame_ms: int) -> bool:
        """Say whether a frame that began is not whole after so long."""
        return self.begun_ms >= 0 and now - self.begun_ms > frame_ms


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
            idle = next((c for c, patience in self._open.items() if not patience.spoken), None)
            if idle is None:
                self.stats.refused_full += 1
                self._name_once(connection.name, "found every place taken")
                return False
            self.stats.refused_full += 1
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


def open_door(
    bus: ListeningBus, talk: Talk, clock: Clock, tape: Tape | None, limits: Limits | None = None
) -> Door:
    """Build the door that a bus table describes.

    Raises:
        ValueError: the table was never checked.
    """
    if bus.device:
        from edge.drivers.serial_door import SerialDoor

        return SerialDoor(bus, talk, clock, tape)
    found = address(bus.listen)
    if found is None:
        raise ValueError(f"bus {bus.name}: {bus.listen!r} is no address with a port")
    longest_s = max((getattr(unit, "report_interval_s", 0.0) for unit in bus.units), default=0.0)
    limits = limits or Limits(bus.max_connections, idle_ms=int(2 * longest_s * 1000) + 300_000)
    return TcpDoor(bus.name, *found, bus.sources, talk, clock, tape, limits)
