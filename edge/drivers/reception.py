"""What happens to every report at a listening door, whatever its protocol: whose, how old, handed on, told.

    frame ─▶ whose? (number, password, allowance) ─▶ heard before? ─▶ judged ─▶ handed on ─▶ (answer)
             strangers are named                                     past: counted, told

Keeps the drivers' law (CONTRIBUTING): no value without quality, none of the past as the present, a station
that is silent for two intervals gives a bad reading each interval, a fault is logged when it begins and ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from edge.drivers.listener import DoorStats, Limits, Peer, open_door
from edge.drivers.listening import ListeningBus, ReportingUnit
from edge.drivers.models import BlockReading, Clock, Tape
from edge.drivers.reports import PAST, UNSURE, Allowance, Expected, Repetitions, Roll, StationClock, Verdict
from protocol import quality

log = logging.getLogger(__name__)

TICK_S: Final = 0.25
MOST_UNKNOWN: Final = 32
REASON_LENGTH: Final = 300
OVER_MS: Final = 600_000


class StationStats(msgspec.Struct, kw_only=True):
    """What was counted of one station since the start.

    `past` are reports that were not of the present: answered, counted, neither judged nor stored; `unsure`
    those whose clock is wrong; `abandoned` those whose packs never became whole; `crowded` what was dropped
    because it came too often.
    """

    unit: str
    station: str
    peer: str = ""
    reports: int = 0
    repeated: int = 0
    past: int = 0
    last_past: str = ""
    unsure: int = 0
    unreadable: int = 0
    abandoned: int = 0
    other: int = 0
    refused: int = 0
    crowded: int = 0
    age_ms: int = -1


class BusStats(msgspec.Struct, kw_only=True):
    """What was counted of one bus since the start; `unknown` are strangers by number, with their reports."""

    name: str
    connected: bool
    stations: list[StationStats]
    door: DoorStats
    broken: int
    malformed: int
    strangers: int
    unknown: dict[str, int]


class Told(NamedTuple):
    """What a report says of one point: NaN only with a bad quality; a reason where it is not good."""

    key: str
    number: float
    quality: int
    reason: str


class Trouble:
    """Something that is wrong now and then: told when it begins, and when it has not been for ten minutes."""

    __slots__ = ("at_ms", "why")

    def __init__(self) -> None:
        self.why = ""
        self.at_ms = -1

    def begins(self, now: int, why: str) -> bool:
        """Note it once more; say whether that is news."""
        news = not self.why
        self.why = why
        self.at_ms = now
        return news

    def ends(self, now: int) -> bool:
        """Say whether it is over, which is news once."""
        if not self.why or now - self.at_ms < OVER_MS:
            return False
        self.why = ""
        return True


class Station:
    """One station as the reception knows it; a family adds what it needs."""

    def __init__(
        self, unit: ReportingUnit, word: str, number: str, expected: Sequence[Expected], now: int
    ) -> None:
        """Begin to wait for its reports; `word` and `number` name it for people ("MN", "0100…")."""
        self.name = f"{word} {number}"
        self.expected = expected
        self.stats = StationStats(unit=unit.key, station=number)
        self.clock = StationClock(int(unit.fresh_s * 1000), int(unit.report_interval_s * 1000))
        self.repetitions = Repetitions()
        self.allowance = Allowance(now)
        self.heard_ms = -1  # when it last reported the present
        self.faulty: set[str] = set()
        self.refusing = False
        self.unreadable = Trouble()
        self.past = Trouble()


S = TypeVar("S", bound=Station)
F = TypeVar("F")


class Stream(Protocol[F]):
    """A family's framing of one peer; `broken` counts damaged frames until the count is taken over."""

    broken: int

    def take(self, data: bytes) -> list[F]:
        """Add received bytes; return the whole frames whose check is right."""
        ...

    def settle(self) -> list[F]:
        """Stop waiting for the rest; return the whole frames behind a broken beginning."""
        ...

    def pending(self) -> int:
        """Return the bytes held of a frame that is not whole yet."""
        ...


class _Conversation(Generic[F]):
    """What one peer says, frame by frame."""

    def __init__(
        self, reception: Reception[Any], peer: Peer, stream: Stream[F], hear: Callable[[Peer, F], bool]
    ) -> None:
        self._reception = reception
        self._peer = peer
        self._stream = stream
        self._hear = hear

    def take(self, data: bytes) -> int:
        return self._heard(self._stream.take(data))

    def pending(self) -> int:
        return self._stream.pending()

    def settle(self) -> None:
        self._heard(self._stream.settle())

    def _heard(self, frames: list[F]) -> int:
        self._reception.broken += self._stream.broken
        self._stream.broken = 0
        return sum([self._hear(self._peer, one) for one in frames])


class Reception(Generic[S]):
    """The stations of one bus and the door at which they report."""

    def __init__(
        self,
        bus: ListeningBus,
        stations: dict[Hashable, S],
        stream: Callable[[], Stream[F]],
        hear: Callable[[Peer, F], bool],
        sink: Callable[[BlockReading], None],
        clock: Clock,
        tape: Tape | None,
        limits: Limits | None,
    ) -> None:
        """Prepare; `run` opens the door.

        Args:
            bus: its table.
            stations: by the number that their frames carry.
            stream: frames what one peer says; each gets one of his own.
            hear: takes one frame; says whether it was one of a station of ours.
            sink: takes the readings.
            clock: of the gateway.
            tape: the bus black box.
            limits: what a peer may cost, otherwise as the table says.
        """
        self.broken = 0
        self.malformed = 0
        self.stations = stations
        self.clock = clock
        self._bus = bus.name
        self._sink = sink
        self._tape = tape
        self._strangers = 0
        self._unknown: dict[str, int] = {}
        self._of = {e.block.number: station for station in stations.values() for e in station.expected}
        self._roll = Roll([e for station in stations.values() for e in station.expected], sink, bus.name)
        self.door = open_door(
            bus, lambda peer: _Conversation(self, peer, stream(), hear), clock, tape, limits
        )

    async def run(self) -> None:
        """Listen until cancelled."""
        try:
            while True:
                await self.door.keep()
                self.call_roll()
                await asyncio.sleep(TICK_S)
        finally:
            self.door.close()

    def call_roll(self) -> None:
        """Give the bad readings that are due."""
        self._roll.call(self.clock.mono_ms(), self.clock.utc_ms(), self.door.reason, self._known_of)

    def stats(self) -> BusStats:
        """Return what was counted since the start."""
        return BusStats(
            name=self._bus,
            connected=self.door.is_open,
            stations=[station.stats for station in self.stations.values()],
            door=self.door.stats,
            broken=self.broken,
            malformed=self.malformed,
            strangers=self._strangers,
            unknown=dict(self._unknown),
        )

    def whose(self, peer: Peer, number: Hashable, shown: str, right: Callable[[S], bool]) -> S | None:
        """Find the station that speaks.

        Args:
            peer: at the other end.
            number: as its frame carries it.
            shown: the same for people; strangers are named by it.
            right: whether the frame has the station's password.

        Returns:
            The station, if it is one of ours, has the right password and does not come too often.
        """
        station = self.stations.get(number)
        if station is None:
            self._stranger(peer, ascii(shown[:32])[1:-1])
            return None
        if not right(station):
            station.stats.refused += 1
            if not station.refusing:
                station.refusing = True
                log.warning("bus %s: %s refused: wrong password", self._bus, station.name)
            return None
        if station.refusing:
            station.refusing = False
            log.info("bus %s: %s has the right password again", self._bus, station.name)
        if not station.allowance.take(self.clock.mono_ms()):
            station.stats.crowded += 1
            return None
        station.stats.peer = peer.name
        return station

    def not_read(self, station: S, why: str) -> None:
        """Note that a report of a station could not be read."""
        station.stats.unreadable += 1
        if station.unreadable.begins(self.clock.mono_ms(), why):
            log.warning("bus %s: %s: %s", self._bus, station.name, why)

    def is_present(self, station: S, verdict: Verdict, stamp: str) -> bool:
        """Note how a report stands to the present; False: it is of the past, and that is all it is worth."""
        now = self.clock.mono_ms()
        if verdict.standing == PAST:
            station.stats.past += 1
            station.stats.last_past = stamp
            if station.past.begins(now, verdict.reason):
                what = "sends reports of the past, counted and not judged"
                log.warning("bus %s: %s %s: %s, %s", self._bus, station.name, what, stamp, verdict.reason)
            return False
        if station.past.ends(now):
            log.info("bus %s: %s sends no more reports of the past", self._bus, station.name)
        if station.unreadable.ends(now):
            log.info("bus %s: the reports of %s can be read again", self._bus, station.name)
        station.heard_ms = now
        station.stats.reports += 1
        station.stats.unsure += verdict.standing == UNSURE
        station.stats.age_ms = verdict.age_ms
        return True

    def hand_on(
        self,
        station: S,
        expected: Expected,
        told: Sequence[Told],
        verdict: Verdict,
        time_ms: int,
        took_ms: int,
    ) -> None:
        """Give the values of one block to the sink, with what each is worth."""
        whole = quality.UNCERTAIN if verdict.standing == UNSURE else quality.GOOD
        for one in told:
            self._tell(station, one)
        reasons = dict.fromkeys([verdict.reason, *(one.reason for one in told)])
        reasons.pop("", None)
        now = self.clock.mono_ms()
        self._sink(
            BlockReading(
                expected.block,
                tuple(one.number for one in told),
                whole,
                time_ms,
                now,
                took_ms,
                "; ".join(reasons)[:REASON_LENGTH],
                tuple((i, one.quality) for i, one in enumerate(told) if one.quality < whole),
            )
        )
        expected.heard(now)

    def note(self, text: str) -> None:
        """Put a word into the bus black box."""
        if self._tape is not None:
            self._tape.note(text)

    def _stranger(self, peer: Peer, shown: str) -> None:
        self._strangers += 1
        if shown in self._unknown:
            self._unknown[shown] += 1
        elif len(self._unknown) < MOST_UNKNOWN:
            self._unknown[shown] = 1
            log.warning("bus %s: %s reports as %s, which no unit has", self._bus, peer.name, shown)

    def _tell(self, station: S, one: Told) -> None:
        """Log once when a point begins to be worse than good, and once when it is good again."""
        if one.reason and one.key not in station.faulty:
            station.faulty.add(one.key)
            log.warning("bus %s: %s: %s", self._bus, one.key, one.reason)
        elif not one.reason and one.key in station.faulty:
            station.faulty.discard(one.key)
            log.info("bus %s: %s is good again", self._bus, one.key)

    def _known_of(self, expected: Expected) -> str:
        """Say what else is known of a station that does not report."""
        station = self._of[expected.block.number]
        if station.refusing:
            return "its password is refused"
        if station.unreadable.at_ms > station.heard_ms:
            return f"its reports can't be read: {station.unreadable.why}"
        if station.past.at_ms > station.heard_ms:
            return f"what it sends is of the past: {station.past.why}"
        if not station.stats.peer and self._unknown:
            return f"strangers report: {', '.join(list(self._unknown)[:3])}"
        return "its reports do not hold it" if station.heard_ms > expected.heard_ms else ""
