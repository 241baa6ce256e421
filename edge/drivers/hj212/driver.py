"""Takes the reports of HJ 212 stations: whose they are, of which moment, and the answer only afterwards.

    segment ─▶ station (MN, PW) ─▶ packs ─▶ heard before? ─▶ present or past? ─▶ sink ─▶ answer 9014

Keeps the driver's law (CONTRIBUTING, drivers): no value without quality, none from the past as the present,
and a station that is silent for two intervals gives a bad reading each interval.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from edge.drivers.hj212 import decode
from edge.drivers.hj212.family import Reported
from edge.drivers.hj212.frame import Stream, frame
from edge.drivers.hj212.packs import Packs
from edge.drivers.hj212.settings import REAL_TIME, Bus, Point, Unit
from edge.drivers.listener import DoorStats, Limits, Peer, open_door
from edge.drivers.models import BlockReading, Clock, Tape
from edge.drivers.reports import (
    PAST,
    PRESENT,
    UNSURE,
    Allowance,
    Expected,
    Repetitions,
    Roll,
    StationClock,
    Verdict,
    dated,
)
from protocol import quality

log = logging.getLogger(__name__)

TICK_S: Final = 0.25
MOST_UNKNOWN: Final = 32
REASON_LENGTH: Final = 300
EMPTY: Final = (
    "a report without factors (if it is encrypted, SM4 of HJ 212-2025: switch that off inside the plant)"
)


class StationStats(msgspec.Struct):
    """What was counted of one station since the start.

    `past` are reports that were not of the present: answered, counted, not judged and not stored.
    """

    unit: str
    mn: str
    peer: str = ""
    reports: int = 0
    repeated: int = 0
    past: int = 0
    last_past: str = ""
    unsure: int = 0
    abandoned: int = 0
    empty: int = 0
    other: int = 0
    refused: int = 0
    crowded: int = 0
    age_ms: int = -1


class BusStats(msgspec.Struct):
    """What was counted of one bus since the start; `unknown` are the MNs of strangers, with their reports."""

    name: str
    connected: bool
    stations: list[StationStats]
    door: DoorStats
    broken: int
    malformed: int
    strangers: int
    unknown: dict[str, int]


class _Station:
    """One station: what it reports, and what of that was heard."""

    def __init__(self, unit: Unit, blocks: Sequence[Reported], now: int) -> None:
        self.unit = unit
        self.stats = StationStats(unit.key, unit.mn)
        self.clock = StationClock(int(unit.fresh_s * 1000), int(unit.report_interval_s * 1000))
        self.repetitions = Repetitions()
        self.allowance = Allowance(now)
        self.packs = Packs()
        self.blocks: dict[int, list[tuple[Reported, Expected]]] = {}
        for one in blocks:
            expected = Expected(one.block, now)
            self.blocks.setdefault(one.command, []).append((one, expected))
        self.newest_ms: dict[int, int] = {}
        self.faulty: set[str] = set()
        self.refusing = False
        self.empty = False
        self.past_reason = ""


class _Conversation:
    """What one peer says."""

    def __init__(self, bus: Stations, peer: Peer) -> None:
        self._bus = bus
        self._peer = peer
        self._stream = Stream()

    def take(self, data: bytes) -> int:
        return self._hear(self._stream.take(data))

    def pending(self) -> int:
        return self._stream.pending()

    def settle(self) -> None:
        self._hear(self._stream.settle())

    def _hear(self, segments: list[bytes]) -> int:
        self._bus.broken += self._stream.broken
        self._stream.broken = 0
        return sum([self._bus.hear(self._peer, segment) for segment in segments])


class Stations:
    """All stations that report at one port or device."""

    def __init__(
        self,
        bus: Bus,
        blocks: Sequence[Reported],
        sink: Callable[[BlockReading], None],
        clock: Clock,
        tape: Tape | None,
        limits: Limits | None = None,
    ) -> None:
        """Build the driver.

        Args:
            bus: its table.
            blocks: what its stations report, as `family.lay_out` made them.
            sink: takes the readings.
            clock: of the gateway.
            tape: the bus black box.
            limits: what a peer may cost, otherwise as the table says.
        """
        now = clock.mono_ms()
        self.broken = 0
        self._bus = bus
        self._sink = sink
        self._clock = clock
        self._tape = tape
        self._offset_ms = int(bus.utc_offset_h * 3_600_000)
        self._malformed = 0
        self._strangers = 0
        self._unknown: dict[str, int] = {}
        self._stations = {
            unit.mn: _Station(unit, [b for b in blocks if b.unit.mn == unit.mn], now) for unit in bus.units
        }
        self._by_block = {
            expected.block.number: station
            for station in self._stations.values()
            for pairs in station.blocks.values()
            for _, expected in pairs
        }
        expected = [e for s in self._stations.values() for pairs in s.blocks.values() for _, e in pairs]
        self._roll = Roll(expected, sink, bus.name)
        self.door = open_door(bus, lambda peer: _Conversation(self, peer), clock, tape, limits)

    async def run(self) -> None:
        """Listen until cancelled."""
        try:
            while True:
                await self.door.keep()
                self._roll.call(
                    self._clock.mono_ms(), self._clock.utc_ms(), self.door.reason, self._known_of_missing
                )
                await asyncio.sleep(TICK_S)
        finally:
            self.door.close()

    def stats(self) -> BusStats:
        """Return what was counted since the start."""
        for station in self._stations.values():
            station.stats.abandoned = station.packs.abandoned
        return BusStats(
            self._bus.name,
            self.door.is_open,
            [station.stats for station in self._stations.values()],
            self.door.stats,
            self.broken,
            self._malformed,
            self._strangers,
            dict(self._unknown),
        )

    def hear(self, peer: Peer, data: bytes) -> bool:
        """Take one segment whose check is right, and answer it once it was handed on.

        Returns:
            Whether it was a station of ours that spoke, and not too often.
        """
        try:
            segment = decode.parse(data)
        except decode.BadSegment as exc:
            self._malformed += 1
            self._note(f"{peer.name}: segment refused: {exc}")
            return False
        station = self._whose(peer, segment)
        if station is None:
            return False
        now = self._clock.mono_ms()
        if not station.allowance.take(now):
            station.stats.crowded += 1
            return False
        station.stats.peer = peer.name
        if segment.cn in decode.ANSWERS:
            return True
        if segment.cn not in station.blocks:
            station.stats.other += 1
        elif segment.packs == 1:
            self._take(station, segment, segment.cp, now)
        else:
            whole = station.packs.add(segment, now)
            if whole is not None:
                self._take(station, segment, whole, now)
        said = decode.answer(segment, station.unit.version) if segment.wants_answer else None
        if said is not None:
            peer.send(frame(said))
        return True

    def _whose(self, peer: Peer, segment: decode.Segment) -> _Station | None:
        station = self._stations.get(segment.mn)
        if station is None:
            self._strangers += 1
            mn = ascii(segment.mn[:32])[1:-1]
            if mn in self._unknown:
                self._unknown[mn] += 1
            elif len(self._unknown) < MOST_UNKNOWN:
                self._unknown[mn] = 1
                log.warning("bus %s: %s reports as MN %s, which no unit has", self._bus.name, peer.name, mn)
            return None
        if segment.pw != station.unit.password:
            station.stats.refused += 1
            if not station.refusing:
                station.refusing = True
                log.warning("bus %s: MN %s refused: wrong password", self._bus.name, station.unit.mn)
            return None
        if station.refusing:
            station.refusing = False
            log.info("bus %s: MN %s has the right password again", self._bus.name, station.unit.mn)
        return station

    def _take(self, station: _Station, segment: decode.Segment, cp: str, now: int) -> None:
        found = decode.reports(cp)
        timed = all(report.data_time for report in found)
        key = (segment.cn, "" if timed else segment.qn, cp)
        if key in station.repetitions:
            station.stats.repeated += 1
            return
        if not found:
            station.stats.empty += 1
            if not station.empty:
                log.warning("bus %s: MN %s: %s", self._bus.name, station.unit.mn, EMPTY)
        station.empty = not found
        for report in found:
            station.stats.reports += 1
            self._report(station, segment, report, now)
        station.repetitions.add(key)

    def _report(self, station: _Station, segment: decode.Segment, report: decode.Report, now: int) -> None:
        command = segment.cn
        received = self._clock.utc_ms()
        sent = decode.stamp_ms(segment.qn, self._offset_ms)
        observed = decode.stamp_ms(report.data_time, self._offset_ms)
        if segment.resent and command == REAL_TIME:
            verdict = Verdict(PAST, 0, "it says itself that it is sent later (RF)")
            observed = received
        elif observed is None:
            observed = sent if sent is not None else received
            verdict = Verdict(UNSURE, 0, f"DataTime={report.data_time[:20]!r} is no time")
        elif command == REAL_TIME:
            verdict = station.clock.judge(received, observed if sent is None else sent, observed, now)
        else:
            verdict = self._statistic(station, command, received, observed)
        if verdict.standing == PAST:
            self._past(station, report, verdict)
            return
        if station.past_reason:
            station.past_reason = ""
            log.info("bus %s: MN %s reports the present again", self._bus.name, station.unit.mn)
        station.stats.unsure += verdict.standing == UNSURE
        station.stats.age_ms = verdict.age_ms
        for reported, expected in station.blocks[command]:
            if not reported.unit.whole_reports and reported.points[0].factor not in report.factors:
                continue
            when, took = dated(received, verdict.age_ms) if command == REAL_TIME else (observed, 0)
            self._sink(self._reading(station, reported, report, verdict, observed, when, now, took))
            expected.heard(now)

    @staticmethod
    def _statistic(station: _Station, command: int, received: int, observed: int) -> Verdict:
        """Judge statistics: dated by the beginning of their span, so they come a span later, once."""
        fresh = int(station.unit.fresh_s * 1000)
        age = received - observed
        if not -fresh <= age <= 2 * int(station.unit.period_s(command) * 1000) + fresh:
            return Verdict(PAST, max(0, age), "its span ended long ago, or the station's clock is wrong")
        if observed <= station.newest_ms.get(command, observed - 1):
            return Verdict(PAST, max(0, age), "of an earlier span than what came before")
        station.newest_ms[command] = observed
        return Verdict(PRESENT, max(0, age))

    def _past(self, station: _Station, report: decode.Report, verdict: Verdict) -> None:
        station.stats.past += 1
        station.stats.last_past = report.data_time[:20]
        if not station.past_reason:
            log.warning(
                "bus %s: MN %s sends reports of the past, counted and not judged: DataTime %s, %s",
                self._bus.name,
                station.unit.mn,
                report.data_time[:20],
                verdict.reason,
            )
        station.past_reason = verdict.reason

    def _reading(
        self,
        station: _Station,
        reported: Reported,
        report: decode.Report,
        verdict: Verdict,
        observed: int,
        when: int,
        now: int,
        took: int,
    ) -> BlockReading:
        whole = quality.UNCERTAIN if verdict.standing == UNSURE else quality.GOOD
        reasons = [verdict.reason] if verdict.reason else []
        numbers: list[float] = []
        exceptions: list[tuple[int, int]] = []
        for i, point in enumerate(reported.points):
            found = self._value(station.unit, point, report, observed)
            self._tell(station, point, found.reason)
            numbers.append(found.number)
            if found.reason and found.reason not in reasons:
                reasons.append(found.reason)
            if found.quality < whole:
                exceptions.append((i, found.quality))
        reason = "; ".join(reasons)[:REASON_LENGTH]
        return BlockReading(reported.block, tuple(numbers), whole, when, now, took, reason, tuple(exceptions))

    def _value(self, unit: Unit, point: Point, report: decode.Report, observed: int) -> decode.Value:
        found = decode.value(report, point.factor, point.named, unit.version, unit.wants_flag)
        if found.quality <= quality.LAST_USABLE or math.isnan(found.number):
            return found
        sampled = report.factors[point.factor].get("SampleTime")
        if sampled is None:
            return found
        at = decode.stamp_ms(sampled, self._offset_ms)
        if at is None or observed - at > point.sample_within_s * 1000 or at - observed > unit.fresh_s * 1000:
            reason = f"{point.factor} was sampled at {sampled[:20]}, too long before the report"
            return decode.Value(found.number, quality.LAST_USABLE, reason)
        return found

    def _tell(self, station: _Station, point: Point, reason: str) -> None:
        """Log once when a point begins to be worse than good, and once when it is good again."""
        if reason and point.key not in station.faulty:
            station.faulty.add(point.key)
            log.warning("bus %s: %s: %s", self._bus.name, point.key, reason)
        elif not reason and point.key in station.faulty:
            station.faulty.discard(point.key)
            log.info("bus %s: %s is good again", self._bus.name, point.key)

    def _known_of_missing(self, expected: Expected) -> str:
        """Say what else is known of a station that does not report."""
        station = self._by_block[expected.block.number]
        if station.refusing:
            return "its password is refused"
        if station.empty:
            return EMPTY
        if station.past_reason:
            return f"what it sends is of the past: {station.past_reason}"
        if not station.stats.peer and self._unknown:
            return f"strangers report: MN {', '.join(list(self._unknown)[:3])}"
        return ""

    def _note(self, text: str) -> None:
        if self._tape is not None:
            self._tape.note(text)
