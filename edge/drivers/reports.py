"""What a gateway may think of reports that come by themselves: how old, seen before, overdue.

A report is *the present* only if its own stamps say so. A station that was cut off sends what it kept, with
the stamps of then; a station whose clock is wrong sends the present with stamps of some other time. One
report alone cannot tell the two apart, a run of them can: what was kept comes in a burst, so that the
difference between its stamps and our clock shrinks; a wrong clock keeps the difference.

    stamps near our clock              PRESENT, as old as the stamp says
    observed long before it was sent   PAST
    stamps far from our clock,         PAST, until three over half a minute, or two over ten, differ from our
      or going backwards               clock by the same: then UNSURE (a wrong clock: may raise an alarm, and
                                       clears none), dated as old as the stamp says

Pure: the times are arguments, in milliseconds; `received`, `sent`, `observed` are UTC, the last two by the
station's clock.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Final, NamedTuple

from edge.drivers.models import BlockReading, PolledBlock
from protocol import quality

log = logging.getLogger(__name__)

PRESENT: Final = 1
UNSURE: Final = 2
PAST: Final = 3

STEADY: Final = 3  # reports in a row whose stamps differ from our clock by the same
STEADY_OVER_MS: Final = 30_000
STEADY_IN_TWO_MS: Final = 600_000  # over so long two are enough: stations that report once an hour
STEADY_WITHIN_MS: Final = 15_000  # the differences may vary by so much: networks tarry …
STEADY_SHARE: Final = 10  # … and by a tenth of the time between: what was kept and is caught up varies more
AHEAD_MS: Final = 60_000  # an observation may be stamped so long after its sending (stamps cut to minutes)
LONGEST_MS: Final = 3_600_000
BURST: Final = 100  # reports that a unit may send at once (after an outage)
REFILL_MS: Final = 50  # one more is allowed each
REMEMBERED: Final = 256  # reports of a unit in which a repetition is recognised


class Verdict(NamedTuple):
    """How a report stands to the present, how old its values are, and why it is not plainly the present."""

    standing: int
    age_ms: int
    reason: str = ""


class _Run:
    """Reports whose stamps differ from our clock by the same."""

    __slots__ = ("_count", "_counted_ms", "_first_ms", "skew_ms")

    def __init__(self, skew_ms: int, mono_ms: int) -> None:
        self.skew_ms = skew_ms
        self._first_ms = mono_ms
        self._counted_ms = mono_ms
        self._count = 1

    def steady(self, skew_ms: int, mono_ms: int, apart_ms: int) -> bool:
        """Take one more report; say whether the run shows a wrong clock now."""
        if mono_ms - self._counted_ms >= apart_ms:
            self._count += 1
            self._counted_ms = mono_ms
        over = mono_ms - self._first_ms
        if abs(skew_ms - self.skew_ms) > over // STEADY_SHARE:
            return False
        enough = STEADY if over < STEADY_IN_TWO_MS else STEADY - 1
        return self._count >= enough and over >= STEADY_OVER_MS


class StationClock:
    """The stamps of one station against our clock."""

    def __init__(self, fresh_ms: int, interval_ms: int) -> None:
        """Begin without knowledge.

        Args:
            fresh_ms: what is not older is the present.
            interval_ms: in which reports are expected; what comes faster than half of it counts once.
        """
        self._fresh_ms = fresh_ms
        self._interval_ms = interval_ms
        self._newest_ms: int | None = None
        self._run: _Run | None = None
        self._candidate: _Run | None = None

    def judge(self, received_ms: int, sent_ms: int, observed_ms: int, mono_ms: int) -> Verdict:
        """Say whether a report tells of the present."""
        fresh = self._fresh_ms
        skew = received_ms - sent_ms
        own = sent_ms - observed_ms
        if own > fresh:
            return Verdict(PAST, max(received_ms - observed_ms, own), f"observed {_span(own)} before sent")
        if own < -AHEAD_MS:
            return Verdict(PAST, 0, f"observed {_span(-own)} after it was sent: contradictory stamps")
        own = max(0, own)
        backwards = self._newest_ms is not None and observed_ms < self._newest_ms
        if abs(skew) <= fresh and received_ms - observed_ms <= fresh and not backwards:
            self._newest_ms = observed_ms
            self._run = self._candidate = None
            return Verdict(PRESENT, max(0, received_ms - observed_ms))
        if not self._steady(skew, mono_ms):
            age = max(received_ms - observed_ms, own)
            why = "older than what came before" if backwards else f"stamped {_span(skew)} from our clock"
            return Verdict(PAST, age, why)
        self._newest_ms = observed_ms
        if abs(skew) <= fresh:
            return Verdict(PRESENT, max(0, received_ms - observed_ms))
        side = "behind" if skew > 0 else "ahead of"
        reason = f"the station's clock is {_span(skew)} {side} ours, or it reports that much late"
        return Verdict(UNSURE, max(own, received_ms - observed_ms), reason)

    def _steady(self, skew: int, mono: int) -> bool:
        run = self._run
        if run is not None and abs(skew - run.skew_ms) <= STEADY_WITHIN_MS:
            return True
        candidate = self._candidate
        if candidate is None or abs(skew - candidate.skew_ms) > STEADY_WITHIN_MS:
            self._candidate = _Run(skew, mono)
            return False
        if not candidate.steady(skew, mono, min(self._interval_ms // 2, STEADY_OVER_MS)):
            return False
        self._run, self._candidate = candidate, None
        return True


def dated(received_ms: int, age_ms: int) -> tuple[int, int]:
    """Return (time_ms, took_ms) of a reading of this age; the centre takes a `took_ms` of an hour at most."""
    took = min(age_ms, LONGEST_MS)
    return received_ms - (age_ms - took), took


class Repetitions:
    """Recognises a report that was heard before; the memory is bounded."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._seen: OrderedDict[Hashable, None] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._seen

    def add(self, key: Hashable) -> None:
        """Remember a report that was handed on."""
        self._seen[key] = None
        self._seen.move_to_end(key)
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)


class Allowance:
    """How many reports a unit may still send: BURST at once, then one each REFILL_MS."""

    def __init__(self, now: int) -> None:
        self._left = BURST
        self._since = now

    def take(self, now: int) -> bool:
        """Use one up; False: there is none left."""
        gained = (now - self._since) // REFILL_MS
        if gained > 0:
            self._left = min(BURST, self._left + gained)
            self._since += gained * REFILL_MS
        if self._left <= 0:
            return False
        self._left -= 1
        return True


class Expected:
    """One block that somebody ought to report, and since when nobody has."""

    def __init__(self, block: PolledBlock, now: int) -> None:
        """Begin to wait; the block in words names the station."""
        self.block = block
        self.who = str(block)
        self.heard_ms = now
        self.ever = False
        self.missing = False
        self._next_ms = now + 2 * block.period_ms

    def heard(self, now: int) -> None:
        """Note that it was reported."""
        self.heard_ms = now
        self.ever = True
        self._next_ms = now + 2 * self.block.period_ms
        if self.missing:
            self.missing = False
            log.info("%s reports again", self.who)

    def overdue(self, now: int) -> bool:
        """Say whether a bad reading is due now: two periods after the last report, then each period."""
        if now < self._next_ms:
            return False
        self._next_ms = max(self._next_ms + self.block.period_ms, now + self.block.period_ms // 2)
        return True


class Roll:
    """Calls the roll: who does not report for two periods gives a bad reading each period."""

    def __init__(self, expected: Sequence[Expected], sink: Callable[[BlockReading], None], bus: str) -> None:
        self._expected = expected
        self._sink = sink
        self._bus = bus

    def call(self, now: int, utc_ms: int, shut: str, hint: Callable[[Expected], str]) -> None:
        """Give the bad readings that are due.

        Args:
            now: monotonic.
            utc_ms: the same moment in UTC.
            shut: why nobody can report, "" if everybody can.
            hint: what else is known of one that is missing, "" for nothing.
        """
        for one in self._expected:
            if not one.overdue(now):
                continue
            reason = shut or self._words(one, now, hint(one))
            if not one.missing:
                one.missing = True
                log.warning("bus %s: %s", self._bus, reason)
            how = quality.NOT_CONNECTED if shut or not one.ever else quality.COMM_FAILURE
            self._sink(BlockReading(one.block, None, how, utc_ms, now, 0, reason))

    @staticmethod
    def _words(one: Expected, now: int, hint: str) -> str:
        silent = f"{one.who}: {'no report' if one.ever else 'never reported, waited'} for "
        return silent + _span(now - one.heard_ms) + (f"; {hint}" if hint else "")


def _span(ms: int) -> str:
    """Say a time span in words that a person reads at a glance."""
    seconds = abs(ms) // 1000
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
