"""Takes the reports of HJ 212 stations: what each says, of which moment, and the answer only afterwards.

segment ─▶ station (MN, PW) ─▶ packs ─▶ heard before? ─▶ present or past? ─▶ sink ─▶ answer 9014
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Final

from edge.drivers.hj212 import decode
from edge.drivers.hj212.family import Reported
from edge.drivers.hj212.frame import Stream, frame
from edge.drivers.hj212.packs import Packs
from edge.drivers.hj212.settings import REAL_TIME, Bus, Point, Unit
from edge.drivers.listener import Limits, Peer
from edge.drivers.models import BlockReading, Clock, Tape
from edge.drivers.reception import BusStats, Reception, Station, Told
from edge.drivers.reports import PAST, PRESENT, UNSURE, Expected, Verdict, dated
from protocol import quality

EMPTY: Final = (
    "a report without factors (if it is encrypted, SM4 of HJ 212-2025: switch that off inside the plant)"
)


class Logger(Station):
    """One station: an instrument or a data logger."""

    def __init__(self, unit: Unit, blocks: Sequence[Reported], now: int) -> None:
        self.unit = unit
        self.packs = Packs()
        self.blocks: dict[int, list[tuple[Reported, Expected]]] = {}
        for one in blocks:
            self.blocks.setdefault(one.command, []).append((one, Expected(one.block, now)))
        self.newest_ms: dict[int, int] = {}
        super().__init__(unit, "MN", unit.mn, [e for pairs in self.blocks.values() for _, e in pairs], now)


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
        loggers: dict[Hashable, Logger] = {
            unit.mn: Logger(unit, [b for b in blocks if b.unit.mn == unit.mn], now) for unit in bus.units
        }
        self._clock = clock
        self._offset_ms = int(bus.utc_offset_h * 3_600_000)
        self.reception: Reception[Logger] = Reception(
            bus, loggers, Stream, self.hear, sink, clock, tape, limits
        )

    async def run(self) -> None:
        """Listen until cancelled."""
        await self.reception.run()

    def stats(self) -> BusStats:
        """Return what was counted since the start."""
        for logger in self.reception.stations.values():
            logger.stats.abandoned = logger.packs.abandoned
        return self.reception.stats()

    def hear(self, peer: Peer, data: bytes) -> bool:
        """Take one segment whose check is right, and answer it once it was handed on.

        Returns:
            Whether it was a station of ours that spoke, and not too often.
        """
        try:
            segment = decode.parse(data)
        except decode.BadSegment as exc:
            self.reception.malformed += 1
            self.reception.note(f"{peer.name}: segment refused: {exc}")
            return False
        logger = self.reception.whose(
            peer, segment.mn, segment.mn, lambda found: found.unit.password == segment.pw
        )
        if logger is None:
            return False
        if segment.cn in decode.ANSWERS:
            return True
        if segment.cn not in logger.blocks:
            logger.stats.other += 1
        elif segment.packs == 1:
            self._take(logger, segment, segment.cp)
        else:
            whole = logger.packs.add(segment, self._clock.mono_ms())
            if whole is not None:
                self._take(logger, segment, whole)
        said = decode.answer(segment, logger.unit.version) if segment.wants_answer else None
        if said is not None:
            peer.send(frame(said))
        return True

    def _take(self, logger: Logger, segment: decode.Segment, cp: str) -> None:
        found = decode.reports(cp)
        timed = all(report.data_time for report in found)
        key = (segment.cn, "" if timed else segment.qn, cp)
        if key in logger.repetitions:
            logger.stats.repeated += 1
            return
        if not found:
            self.reception.not_read(logger, EMPTY)
        for report in found:
            self._report(logger, segment, report)
        logger.repetitions.add(key)

    def _report(self, logger: Logger, segment: decode.Segment, report: decode.Report) -> None:
        command = segment.cn
        received = self._clock.utc_ms()
        sent = decode.stamp_ms(segment.qn, self._offset_ms)
        stamped = decode.stamp_ms(report.data_time, self._offset_ms)
        observed = stamped if stamped is not None else sent if sent is not None else received
        if segment.resent and command == REAL_TIME:
            verdict = Verdict(PAST, 0, "it says itself that it is sent later (RF)")
        elif stamped is None:
            verdict = Verdict(UNSURE, 0, f"DataTime={report.data_time[:20]!r} is no time")
        elif command == REAL_TIME:
            verdict = logger.clock.judge(
                received, observed if sent is None else sent, observed, self._clock.mono_ms()
            )
        else:
            verdict = _statistic(logger, command, received, observed)
        if not self.reception.is_present(logger, verdict, f"DataTime {report.data_time[:20]}"):
            return
        time_ms, took_ms = dated(received, verdict.age_ms) if command == REAL_TIME else (observed, 0)
        for reported, expected in logger.blocks[command]:
            if logger.unit.whole_reports or reported.points[0].factor in report.factors:
                told = [self._told(logger.unit, point, report, observed) for point in reported.points]
                self.reception.hand_on(logger, expected, told, verdict, time_ms, took_ms)

    def _told(self, unit: Unit, point: Point, report: decode.Report, observed: int) -> Told:
        found = decode.value(report, point.factor, point.named, unit.version, unit.wants_flag)
        told = Told(point.key, found.number, found.quality, found.reason)
        if quality.is_bad(told.quality) or math.isnan(told.number):
            return told
        sampled = report.factors[point.factor].get("SampleTime")
        if sampled is None:
            return told
        at = decode.stamp_ms(sampled, self._offset_ms)
        if at is None or observed - at > point.sample_within_s * 1000 or at - observed > unit.fresh_s * 1000:
            reason = f"{point.factor} was sampled at {sampled[:20]}, too long before the report"
            return told._replace(quality=quality.LAST_USABLE, reason=reason)
        return told


def _statistic(logger: Logger, command: int, received: int, observed: int) -> Verdict:
    """Judge statistics: dated by the beginning of their span, so they come a span later, in order."""
    fresh = int(logger.unit.fresh_s * 1000)
    age = received - observed
    if not -fresh <= age <= 2 * int(logger.unit.period_s(command) * 1000) + fresh:
        return Verdict(PAST, max(0, age), "its span ended long ago, or the station's clock is wrong")
    if observed < logger.newest_ms.get(command, observed):
        return Verdict(PAST, max(0, age), "of an earlier span than what came before")
    logger.newest_ms[command] = observed
    return Verdict(PRESENT, max(0, age))
