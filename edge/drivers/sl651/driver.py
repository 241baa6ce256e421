"""Takes the reports of SL 651 stations: whose they are, of which moment; the confirmation only afterwards.

    frame ─▶ station (address, password) ─▶ packs ─▶ heard before? ─▶ present or past? ─▶ sink ─▶ EOT or ESC

Transmission modes: M1 (nothing comes down) and M2 (each report is confirmed) are served, and packs of M3 are
put together, the missing asked for; M4 (the centre asks) is not: nothing is ever asked here.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from edge.drivers.listener import DoorStats, Limits, Peer, open_door
from edge.drivers.models import BlockReading, Clock, Tape
from edge.drivers.reports import (
    PAST,
    UNSURE,
    Allowance,
    Expected,
    Repetitions,
    Roll,
    StationClock,
    Verdict,
    dated,
)
from edge.drivers.sl651 import decode
from edge.drivers.sl651.family import Reported
from edge.drivers.sl651.frame import DOWN, EOT, ESC, ETX, NAK, UP, Frame, Stream, frame
from edge.drivers.sl651.packs import Packs
from edge.drivers.sl651.settings import Bus, Point, Unit
from protocol import quality

log = logging.getLogger(__name__)

TICK_S: Final = 0.25
MOST_UNKNOWN: Final = 32
REASON_LENGTH: Final = 300


class StationStats(msgspec.Struct):
    """What was counted of one station since the start.

    `past` are reports that were not of the present, `earlier` values of series that were not the newest:
    confirmed, counted, neither judged nor stored.
    """

    unit: str
    station: str
    peer: str = ""
    reports: int = 0
    repeated: int = 0
    past: int = 0
    earlier: int = 0
    unsure: int = 0
    malformed: int = 0
    abandoned: int = 0
    keep_alive: int = 0
    other: int = 0
    refused: int = 0
    crowded: int = 0
    age_ms: int = -1


class BusStats(msgspec.Struct):
    """What was counted of one bus since the start; `unknown` are the addresses of strangers."""

    name: str
    connected: bool
    stations: list[StationStats]
    door: DoorStats
    broken: int
    downward: int
    strangers: int
    unknown: dict[str, int]


class _Station:
    """One station: what it reports, and what of that was heard."""

    def __init__(self, unit: Unit, blocks: Sequence[Reported], now: int) -> None:
        self.unit = unit
        self.password = bytes.fromhex(unit.password)
        self.stats = StationStats(unit.key, unit.station)
        self.clock = StationClock(int(unit.fresh_s * 1000), int(unit.report_interval_s * 1000))
        self.repetitions = Repetitions()
        self.allowance = Allowance(now)
        self.packs = Packs()
        self.blocks = [(one, Expected(one.block, now)) for one in blocks]
        self.faulty: set[str] = set()
        self.refusing = False
        self.past_reason = ""
        self.bad_reason = ""


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

    def _hear(self, frames: list[Frame]) -> int:
        self._bus.broken += self._stream.broken
        self._stream.broken = 0
        return sum([self._bus.hear(self._peer, one) for one in frames])


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
        self._offset_ms = int(bus.utc_offset_h * 3_600_000)
        self._downward = 0
        self._strangers = 0
        self._unknown: dict[str, int] = {}
        self._stations = {
            unit.address: _Station(unit, [b for b in blocks if b.unit.address == unit.address], now)
            for unit in bus.units
        }
        self._by_block = {
            expected.block.number: station
            for station in self._stations.values()
            for _, expected in station.blocks
        }
        self._roll = Roll([e for s in self._stations.values() for _, e in s.blocks], sink, bus.name)
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
            self._downward,
            self._strangers,
            dict(self._unknown),
        )

    def hear(self, peer: Peer, heard: Frame) -> bool:
        """Take one frame whose check is right, and confirm it once it was handed on.

        Returns:
            Whether it was a station of ours that spoke, and not too often.
        """
        if heard.direction != UP:
            self._downward += 1  # another centre on the same radio, or our own echo
            return False
        station = self._whose(peer, heard)
        if station is None:
            return False
        now = self._clock.mono_ms()
        if not station.allowance.take(now):
            station.stats.crowded += 1
            return False
        station.stats.peer = peer.name
        if heard.function == decode.KEEP_ALIVE:
            station.stats.keep_alive += 1  # the worked frames show no confirmation of it
        elif heard.function not in decode.MEASURING:
            station.stats.other += heard.end == ETX
            if heard.end == ETX and heard.pack == 1:
                self._confirm(peer, station, heard, heard.text)
        elif heard.packs == 1:
            self._take(peer, station, heard, heard.text, now)
        else:
            whole, missing = station.packs.add(heard, now)
            if whole is not None:
                self._take(peer, station, heard, whole, now)
            elif missing:
                self._ask_again(peer, station, heard, missing)
        return True

    def _whose(self, peer: Peer, heard: Frame) -> _Station | None:
        station = self._stations.get(heard.station)
        if station is None:
            self._strangers += 1
            address = heard.station.hex().upper()
            if address in self._unknown:
                self._unknown[address] += 1
            elif len(self._unknown) < MOST_UNKNOWN:
                self._unknown[address] = 1
                log.warning(
                    "bus %s: %s reports as station %s, which no unit has", self._bus.name, peer.name, address
                )
            return None
        if heard.password != station.password:
            station.stats.refused += 1
            if not station.refusing:
                station.refusing = True
                log.warning(
                    "bus %s: station %s refused: wrong password", self._bus.name, station.unit.station
                )
            return None
        if station.refusing:
            station.refusing = False
            log.info("bus %s: station %s has the right password again", self._bus.name, station.unit.station)
        return station

    def _take(self, peer: Peer, station: _Station, heard: Frame, text: bytes, now: int) -> None:
        key = (heard.function, text[:2], text[decode.SERIAL_AND_TIME :])
        if key in station.repetitions:
            station.stats.repeated += 1
        else:
            try:
                self._report(station, heard.function, heard.station, text, now)
            except decode.BadReport as exc:
                station.stats.malformed += 1
                if not station.bad_reason:
                    log.warning("bus %s: station %s: %s", self._bus.name, station.unit.station, exc)
                station.bad_reason = str(exc)
                return
            station.bad_reason = ""
            station.repetitions.add(key)
        self._confirm(peer, station, heard, text)

    def _report(self, station: _Station, function: int, address: bytes, text: bytes, now: int) -> None:
        report = decode.report(function, address, text, self._offset_ms, station.unit.sign_counted)
        station.stats.reports += 1
        station.stats.earlier += report.earlier
        received = self._clock.utc_ms()
        sent = decode.head(text, self._offset_ms).sent_ms
        verdict = station.clock.judge(
            received, report.observed_ms if sent is None else sent, report.observed_ms, now
        )
        if verdict.standing == PAST:
            self._past(station, verdict)
            return
        if station.past_reason:
            station.past_reason = ""
            log.info("bus %s: station %s reports the present again", self._bus.name, station.unit.station)
        if function == decode.TEST:
            verdict = Verdict(UNSURE, verdict.age_ms, verdict.reason or "a test report of the station")
        station.stats.unsure += verdict.standing == UNSURE
        station.stats.age_ms = verdict.age_ms
        for reported, expected in station.blocks:
            if not station.unit.whole_reports and reported.points[0].element not in report.values:
                continue
            self._sink(self._reading(station, reported, report, verdict, received, now))
            expected.heard(now)

    def _past(self, station: _Station, verdict: Verdict) -> None:
        station.stats.past += 1
        if not station.past_reason:
            log.warning(
                "bus %s: station %s sends reports of the past, counted and not judged: %s",
                self._bus.name,
                station.unit.station,
                verdict.reason,
            )
        station.past_reason = verdict.reason

    def _reading(
        self,
        station: _Station,
        reported: Reported,
        report: decode.Report,
        verdict: Verdict,
        received: int,
        now: int,
    ) -> BlockReading:
        whole = quality.UNCERTAIN if verdict.standing == UNSURE else quality.GOOD
        reasons = [verdict.reason] if verdict.reason else []
        numbers: list[float] = []
        exceptions: list[tuple[int, int]] = []
        for i, point in enumerate(reported.points):
            number, how, reason = _value(report, point)
            self._tell(station, point, reason)
            numbers.append(number)
            if reason and reason not in reasons:
                reasons.append(reason)
            if how < whole:
                exceptions.append((i, how))
        reason = "; ".join(reasons)[:REASON_LENGTH]
        when, took = dated(received, verdict.age_ms)
        return BlockReading(reported.block, tuple(numbers), whole, when, now, took, reason, tuple(exceptions))

    def _tell(self, station: _Station, point: Point, reason: str) -> None:
        """Log once when a point begins to be worse than good, and once when it is good again."""
        if reason and point.key not in station.faulty:
            station.faulty.add(point.key)
            log.warning("bus %s: %s: %s", self._bus.name, point.key, reason)
        elif not reason and point.key in station.faulty:
            station.faulty.discard(point.key)
            log.info("bus %s: %s is good again", self._bus.name, point.key)

    @staticmethod
    def _confirm(peer: Peer, station: _Station, heard: Frame, text: bytes) -> None:
        """Confirm with the report's own serial number and time, as the worked frames do.

        The station's own time, not ours: a station that sets its clock by what comes down is then never set
        by a gateway whose clock is wrong.
        """
        if not station.unit.confirm or len(text) < decode.SERIAL_AND_TIME:
            return
        end = ESC if station.unit.stay_online else EOT
        peer.send(_down(heard, text[: decode.SERIAL_AND_TIME], end))

    @staticmethod
    def _ask_again(peer: Peer, station: _Station, heard: Frame, missing: int) -> None:
        if station.unit.confirm:
            first = station.packs.first(heard.function)
            name = first[: decode.SERIAL_AND_TIME].ljust(decode.SERIAL_AND_TIME, b"\0")
            peer.send(_down(heard, name, NAK, heard.packs, missing))

    def _known_of_missing(self, expected: Expected) -> str:
        """Say what else is known of a station that does not report."""
        station = self._by_block[expected.block.number]
        if station.refusing:
            return "its password is refused"
        if station.bad_reason:
            return f"its reports can't be read: {station.bad_reason}"
        if station.past_reason:
            return f"what it sends is of the past: {station.past_reason}"
        if not station.stats.peer and self._unknown:
            return f"strangers report: station {', '.join(list(self._unknown)[:3])}"
        if station.stats.reports:
            return "its reports do not hold it"
        return ""


def _down(heard: Frame, text: bytes, end: int, packs: int = 1, pack: int = 1) -> bytes:
    return frame(
        Frame(DOWN, heard.centre, heard.station, heard.password, heard.function, text, end, packs, pack)
    )


def _value(report: decode.Report, point: Point) -> tuple[float, int, str]:
    element = point.element
    if element not in report.values:
        return math.nan, quality.NOT_CONNECTED, f"the report has no element {element}"
    number = report.values[element]
    if element in report.unreadable:
        return math.nan, quality.DEVICE_FAILURE, f"element {element} is no BCD number, or stands twice"
    if math.isnan(number):
        return math.nan, quality.SENSOR_FAILURE, f"element {element} was not measured"
    return number, quality.GOOD, ""
