"""Puts reports together that a station divided over several packs (flag bit D, PNUM, PNO).

The packs of one report have one QN; some loggers count the QN up with each pack but repeat the DataTime. So
a pack belongs to the report that is open for its command if QN or DataTime are the same. One report a command
is open at a time, and not for ever: it takes at most 64 segments. Pure.
"""

from __future__ import annotations

from typing import Final

from edge.drivers.hj212.decode import Segment, reports

WAIT_MS: Final = 60_000


class _Open:
    def __init__(self, first: Segment, time: str, now: int) -> None:
        self.packs = first.packs
        self.names = {first.qn} - {""}
        self.time = time
        self.since = now
        self.parts: dict[int, str] = {}

    def fits(self, segment: Segment, time: str) -> bool:
        if segment.packs != self.packs or self.parts.get(segment.pack, segment.cp) != segment.cp:
            return False
        return segment.qn in self.names or (bool(time) and time == self.time)


class Packs:
    """The reports of one station that are not whole yet."""

    def __init__(self) -> None:
        self._open: dict[int, _Open] = {}
        self.abandoned = 0

    def add(self, segment: Segment, now: int) -> str | None:
        """Add one pack.

        Args:
            segment: of a command for which this station reports; `packs` > 1.
            now: monotonic ms.

        Returns:
            The `CP` of the whole report once its last pack is there; None before.
        """
        self.expire(now)
        found = reports(segment.cp)
        time = found[0].data_time if found else ""
        report = self._open.get(segment.cn)
        if report is None or not report.fits(segment, time):
            self.abandoned += report is not None
            report = self._open[segment.cn] = _Open(segment, time, now)
        report.names.add(segment.qn)
        report.time = report.time or time
        report.parts[segment.pack] = segment.cp
        if len(report.parts) < report.packs:
            return None
        del self._open[segment.cn]
        return ";".join(report.parts[number] for number in sorted(report.parts))

    def expire(self, now: int) -> None:
        """Give up reports whose missing packs did not come in time."""
        for cn, report in list(self._open.items()):
            if now - report.since > WAIT_MS:
                del self._open[cn]
                self.abandoned += 1
