"""Asks for a second read, of another span, before a reading may set an alarm moving.

modbus-rule, Unit, last point: a reply counts only if no other request could have caused it, and for points
with alarms two different requests must say the same before the state changes.

    a reading would begin a raise or a clear? ─ no ──▶ TAKE
             │ yes: held, the second span is asked for at once
             ▼
    ┌─ it says the same of each moving alarm ─────────▶ TAKE
    ├─ it says otherwise of all of them ──────────────▶ DROP: the reading is bad, its numbers are nobody's;
    │                                                   of a raise again and again: DOUBT
    ├─ it says otherwise of some ─────────────────────▶ TAKE, these points as bad; a point that both reads
    │                                                   show beyond one limit and one beyond another is
    │                                                   uncertain, with what the second read showed
    └─ no answer: by time, by failure, or because the
       next reading of the block came first ──────────▶ DOUBT: taken as uncertain: raises, never clears

"The same": beyond as well (or normal as well), or the two values differ by no more than the alarm's dead-band
or a fiftieth of the range. A second value that is bad says nothing.

What was contradicted is bad as a fault of the instrument, not as silence: somebody must look at it after the
delay of bad values, however much patience STALE has with a line that is down.

An instrument that shows gas to the one read and calm to the other, poll after poll, is broken in a way that
nobody can judge from here. A false alarm is then the better mistake: after INSISTS contradicted raises, none
more than INSISTS_MS after the one before, the reading is believed as uncertain (our proposal).

So the horn waits for at most one read, and for a silent second span no longer than its time-out. An alarm
whose block is read well while its second span stays silent would stand for ever: after PATIENCE such readings
in a row that would begin a clear, the clear is believed without (our proposal).

Time is monotonic milliseconds of one boot, given by the caller. Runs on MicroPython as it is.
"""

from edge.core.alarm import NORMAL, Alarm
from edge.core.point import Points
from edge.core.watch import Watch
from protocol.quality import DEVICE_FAILURE, UNCERTAIN, is_bad

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

TAKE = 1
DROP = 2
DOUBT = 3

PATIENCE = 10
INSISTS = 5
INSISTS_MS = 60_000
_NEAR = 50


class Reading:
    """What is held while the second span is asked: one reading of a block, with whatever the caller needs."""

    __slots__ = ("exceptions", "faults", "quality", "raws", "whole")

    def __init__(
        self,
        raws: "Sequence[float] | None",
        quality: int,
        exceptions: "Sequence[tuple[int, int]]",
        faults: "Sequence[tuple[int, str, int]]",
        whole: "Any" = None,
    ) -> None:
        """Keep it; `whole` is the caller's."""
        self.raws = raws
        self.quality = quality
        self.exceptions = exceptions
        self.faults = faults
        self.whole = whole


class SecondSpan:
    """The second reads of one block."""

    def __init__(self, block: Points, watch: Watch, wait_ms: int) -> None:
        """Begin with nothing held.

        Args:
            block: its points.
            watch: its alarms; only asked what a reading would do.
            wait_ms: longest that a reading is held.
        """
        self._block = block
        self._watch = watch
        self._wait_ms = wait_ms
        self._held: Reading | None = None
        self._moving: list[tuple[Alarm, int, float]] = []
        self._asked_ms = 0
        self._until_ms = 0
        self._unheard = 0
        self._insisted = 0
        self._insisted_ms = 0
        self.contradicted = 0  # readings dropped since the start

    def wants(self, now_ms: int, reading: Reading) -> bool:
        """Say whether this reading must wait for its second span; if so it is held from now on."""
        if reading.raws is None:
            return False
        moving = self._watch.begun(reading.raws, reading.quality, reading.exceptions, reading.faults, now_ms)
        if not moving:
            return False
        self._held = reading
        self._moving = moving
        self._asked_ms = now_ms
        self._until_ms = now_ms + self._wait_ms
        return True

    def next_due(self) -> int | None:
        """Give the time at which `unanswered` must be called; None: nothing is held."""
        return None if self._held is None else self._until_ms

    def give_up(self) -> Reading | None:
        """Let go of what is held as it is: nobody can ask. None: nothing was held."""
        held = self._held
        self._held = None
        return held

    @property
    def held(self) -> Reading | None:
        """What waits for its second read."""
        return self._held

    def unanswered(self) -> "tuple[Reading, int] | None":
        """End the waiting without an answer.

        Returns:
            (the reading as it is to be taken, DOUBT or TAKE); None: nothing was held.
        """
        held = self._held
        if held is None:
            return None
        self._held = None
        clears = [kind for _, kind, _ in self._moving if kind == NORMAL]
        self._unheard += 1
        if len(clears) == len(self._moving) and self._unheard >= PATIENCE:
            return held, TAKE
        held.quality = min(held.quality, UNCERTAIN)
        return held, DOUBT

    def answered(
        self, raws: "Sequence[float] | None", quality: int, exceptions: "Sequence[tuple[int, int]]" = ()
    ) -> "tuple[Reading, int] | None":
        """Take the second read.

        Args:
            raws: the block's raw numbers, cut out of the second span; None when it failed.
            quality: of the second read.
            exceptions: (point, quality) where a point differs.

        Returns:
            (the reading as it is to be taken, TAKE, DROP or DOUBT); None: nothing was held, it came late.
        """
        held = self._held
        if held is None:
            return None
        if raws is None or is_bad(quality):
            return self.unanswered()
        own = dict(exceptions)
        same: list[int] = []
        other: list[int] = []
        raises = False
        for alarm, kind, value in self._moving:
            i = alarm.config.point_index
            raw = raws[i]
            if is_bad(own.get(i, quality)) or is_bad(self._block.points[i].quality(raw)):
                continue
            again = self._block.scaled(i, raw)
            agrees = alarm.classify(again, True, self._asked_ms) == kind or abs(again - value) <= self._near(
                alarm
            )
            (same if agrees else other).append(i)
            raises = raises or (not agrees and kind != NORMAL)
        if not same and not other:
            return self.unanswered()
        self._held = None
        self._unheard = 0
        if not other:
            self._insisted = 0
            return held, TAKE
        self.contradicted += 1
        insists = raises and self._insists()
        if not same and insists:
            held.quality = min(held.quality, UNCERTAIN)
            return held, DOUBT
        if not same:
            held.raws = None
            held.quality = DEVICE_FAILURE
            held.exceptions = []
            held.faults = []
            return held, DROP
        worse = dict(held.exceptions)
        numbers = list(held.raws or ())
        for i in other:
            if i in same:
                # H is confirmed, HH is not: a bad point would hold off the alarm that both reads show.
                numbers[i] = raws[i]
                worse[i] = min(worse.get(i, UNCERTAIN), UNCERTAIN)
            elif insists:
                worse[i] = min(worse.get(i, UNCERTAIN), UNCERTAIN)
            else:
                worse[i] = DEVICE_FAILURE
        held.raws = numbers
        held.exceptions = sorted(worse.items())
        return held, TAKE

    def _insists(self) -> bool:
        """Count a contradicted raise; say whether it has been contradicted often enough to be believed."""
        if self._asked_ms - self._insisted_ms > INSISTS_MS:
            self._insisted = 0
        self._insisted += 1
        self._insisted_ms = self._asked_ms
        return self._insisted >= INSISTS

    def _near(self, alarm: Alarm) -> float:
        point = self._block.points[alarm.config.point_index]
        near = alarm.config.deadband
        if point.low is not None and point.high is not None:
            near = max(near, (point.high - point.low) / _NEAR)
        return near
