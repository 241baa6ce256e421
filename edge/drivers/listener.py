"""What a door is at which stations knock by themselves: how they talk, and what one of them may cost.

    station ──TCP──▶ TcpDoor ───┐   (edge/drivers/tcp_door.py)
                                ├─▶ Conversation.take(bytes) ─▶ (the family's frames) ─▶ Peer.send(answer)
    station ──tty──▶ SerialDoor ┘   (edge/drivers/serial_door.py)

A peer may be anybody, so a door bounds what each can cost: connections, bytes of a frame that never ends,
time without a word, noise, answers that are not read. Nothing here waits for a peer: bytes are handed on as
they come, and `keep`, called a few times a second, closes what has been open for too long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from edge.drivers.listening import ListeningBus, address
from edge.drivers.models import Clock, Tape

REOPEN_FIRST_MS: Final = 500
REOPEN_LAST_MS: Final = 30_000
GOOD_FRAME: Final = 10_240  # bytes of noise that a good frame makes up for


class Limits(msgspec.Struct, frozen=True):
    """What one peer may cost.

    Attributes:
        connections: at most so many at once; a new one takes the place of the oldest that never reported,
            else of the one that is silent for longest and longer than `dead_ms`, else it is refused.
        idle_ms: closed after so long without a byte.
        hello_ms: closed if no whole frame came within so long of its opening.
        frame_ms: a frame that has begun must be whole within this, or the connection is closed (slow loris).
        noise: bytes that belong to no frame of a station of ours before the connection is closed; a good
            frame makes up for 10 kB of them.
        unread: bytes of answers that a peer may leave unread.
    """

    connections: int = 32
    dead_ms: int = 30_000
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
    from edge.drivers.tcp_door import TcpDoor

    found = address(bus.listen)
    if found is None:
        raise ValueError(f"bus {bus.name}: {bus.listen!r} is no address with a port")
    longest_s = max((getattr(unit, "report_interval_s", 0.0) for unit in bus.units), default=0.0)
    limits = limits or Limits(bus.max_connections, idle_ms=int(2 * longest_s * 1000) + 300_000)
    return TcpDoor(bus.name, *found, bus.sources, talk, clock, tape, limits)
