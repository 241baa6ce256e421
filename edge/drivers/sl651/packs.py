"""Puts reports together that a station divided over several packs (SYN), and says which pack is missing.

Only the first pack has serial number and times; the others go on with the text where it broke off (as one
public implementation has it; the standard's own page was not seen). One report a function is open at a time,
of at most 32 packs of 4 kB, and not for ever. Pure.
"""

from __future__ import annotations

from typing import Final

from edge.drivers.sl651.frame import ETX, Frame

MOST_PACKS: Final = 32
WAIT_MS: Final = 120_000
MOST_REQUESTS: Final = 3  # a pack is asked for again so often


class _Open:
    def __init__(self, packs: int, now: int) -> None:
        self.packs = packs
        self.since = now
        self.parts: dict[int, bytes] = {}
        self.requests = 0


class Packs:
    """The reports of one station that are not whole yet."""

    def __init__(self) -> None:
        self._open: dict[int, _Open] = {}
        self.abandoned = 0

    def add(self, frame: Frame, now: int) -> tuple[bytes | None, int]:
        """Add one pack.

        Returns:
            (the whole text, 0) once every pack is there; (None, n) when pack n should be asked for again,
            n = 0 for none.
        """
        self.expire(now)
        if frame.packs > MOST_PACKS:
            self.abandoned += frame.end == ETX
            return None, 0
        report = self._open.get(frame.function)
        if report is None or report.packs != frame.packs or self._contradicts(report, frame):
            self.abandoned += report is not None
            report = self._open[frame.function] = _Open(frame.packs, now)
        report.parts[frame.pack] = frame.text
        missing = [number for number in range(1, report.packs + 1) if number not in report.parts]
        if not missing:
            del self._open[frame.function]
            return b"".join(report.parts[number] for number in sorted(report.parts)), 0
        if frame.end != ETX and not report.requests:
            return None, 0
        report.requests += 1
        return None, missing[0] if report.requests <= MOST_REQUESTS else 0

    def first(self, function: int) -> bytes:
        """Return the first pack of the report that is open, b"" if it has not come."""
        report = self._open.get(function)
        return report.parts.get(1, b"") if report is not None else b""

    def expire(self, now: int) -> None:
        """Give up reports whose missing packs did not come in time."""
        for function, report in list(self._open.items()):
            if now - report.since > WAIT_MS:
                del self._open[function]
                self.abandoned += 1

    @staticmethod
    def _contradicts(report: _Open, frame: Frame) -> bool:
        return report.parts.get(frame.pack, frame.text) != frame.text
