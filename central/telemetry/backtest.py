"""Gives stored values to the gateway's own alarm core: what would it have raised under other settings?

    stored values ─▶ calm? left out by whole arrays ─▶ edge.core.watch ─▶ raises and clears

Whatever decides is the gateway's: limit, dead-band, delays, latch, what a bad or uncertain value does. Left
out are only values at which the core itself does nothing: good, beyond no limit, while no alarm is raised and
no delay runs. What is not known here is what was not stored: between two rows of a quiet point the value lay
within the dead-band of storing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from edge.core import alarm as core
from edge.core.decode import FLOAT64, HIGH_FIRST
from edge.core.point import Point, Values
from edge.core.watch import Watch
from protocol import quality as q

if TYPE_CHECKING:
    from central.telemetry.columns import F64, I16, I64

SIDES: Final = ("LL", "L", "H", "HH", core.ON, core.OFF)
"""What can be tried: a rate or a deviation needs a window or setpoint, which no birth tells."""
_POINT: Final = "P"
_BYTE: Final = 255


class Setting(Struct, frozen=True):
    """One alarm to try. `name` is the caller's, `side` one of SIDES; numbers in the point's unit."""

    name: str
    side: str
    limit: float
    deadband: float = 0.0
    on_delay_ms: int = 0
    off_delay_ms: int = 0
    latch: bool = False


class Raised(Struct):
    """One time that a tried alarm was raised; `cleared_ms` None: it stood at the end."""

    name: str
    raised_ms: int
    value: float | None
    cleared_ms: int | None = None


class Replay:
    """Some settings of one point, tried at the same values in one pass."""

    def __init__(self, settings: Sequence[Setting], hold_ms: int) -> None:
        """Begin with all alarms normal.

        Args:
            settings: with different names.
            hold_ms: for so long a row stands; after that nothing is known until the next.

        Raises:
            ValueError: a setting cannot be meant; the sentence begins with its name.
        """
        limits = [
            core.Limit(s.name, 0, s.side, s.limit, s.deadband, s.on_delay_ms, s.off_delay_ms, s.latch)
            for s in settings
        ]
        self._minted = 0
        block = Values([Point(_POINT, FLOAT64, HIGH_FIRST, 0)])
        self._watch = Watch(block, limits, self._mint)
        names = [*(s.name for s in settings), f"{_POINT}/{core.QUALITY}"]
        self._alarms = [found for name in names if (found := self._watch.alarm(name)) is not None]
        self._high = min((s.limit for s in settings if s.side in core.RISING), default=np.inf)
        self._low = max((s.limit for s in settings if s.side in core.FALLING), default=-np.inf)
        self._hold_ms = hold_ms
        self._last_ms: int | None = None
        self._open: dict[str, Raised] = {}
        self._names = frozenset(s.name for s in settings)
        self.raised: list[Raised] = []
        self.rows = 0
        self.steps = 0
        """Rows that the core itself had to look at: what a replay costs."""

    def _mint(self) -> str:
        self._minted += 1
        return str(self._minted)

    def take(self, at_ms: I64, value: F64, quality: I16) -> None:
        """Go on with the next values, in the order of time.

        Args:
            at_ms: milliseconds of UTC, never falling, nor below those of the call before.
            value: in the point's unit, NaN for none.
            quality: as stored: the OPC byte, and a mark above it that says nothing here.
        """
        good = (quality & q.CLASS_MASK) == q.GOOD
        loud = np.flatnonzero(~(good & (value > self._low) & (value < self._high)))
        times, values, codes = at_ms.tolist(), value.tolist(), quality.tolist()
        i, many = 0, len(times)
        while i < many:
            if not any(alarm.restless for alarm in self._alarms):
                k = int(np.searchsorted(loud, i))
                if k == len(loud):
                    break
                i = int(loud[k])
            self._step(times[i], values[i], codes[i] & _BYTE, times[i - 1] if i else self._last_ms)
            i += 1
        if many:
            self._last_ms = times[-1]
            self.rows += many

    def finish(self, end_ms: int) -> None:
        """Let time pass until the end; what then is raised stands."""
        if self._last_ms is not None:
            self._until(min(end_ms, self._last_ms + self._hold_ms))

    def _step(self, now_ms: int, value: float, code: int, before_ms: int | None) -> None:
        self.steps += 1
        if before_ms is not None and now_ms - before_ms > self._hold_ms:
            lost_ms = before_ms + self._hold_ms
            self._until(lost_ms)
            self._note(self._watch.take(lost_ms, None, q.COMM_FAILURE))
        self._until(now_ms - 1)
        believed = None if q.is_bad(code) or value != value else (value,)  # noqa: PLR0124 - NaN is no value
        self._note(self._watch.take(now_ms, believed, code))

    def _until(self, end_ms: int) -> None:
        """End the delays that end by themselves, each at its own moment, as a gateway's clock does."""
        due = self._watch.next_due()
        while due is not None and due <= end_ms:
            self._note(self._watch.tick(due))
            following = self._watch.next_due()
            if following is not None and following <= due:
                break
            due = following

    def _note(self, made: Sequence[core.Transition]) -> None:
        for transition in made:
            if transition.alarm not in self._names:
                continue
            if transition.transition == core.RAISE:
                raised = Raised(transition.alarm, transition.mono_ms, transition.value)
                self._open[transition.alarm] = raised
                self.raised.append(raised)
            elif transition.transition == core.CLEAR:
                ended = self._open.pop(transition.alarm, None)
                if ended is not None:
                    ended.cleared_ms = transition.mono_ms


def lasted_ms(raised: Sequence[Raised], end_ms: int) -> int:
    """How long some raises stood, together; one that stands lasts until `end_ms`."""
    return sum((end_ms if r.cleared_ms is None else r.cleared_ms) - r.raised_ms for r in raised)


def missed(before: Sequence[Raised], after: Sequence[Raised]) -> int:
    """How many raises of one setting have none of another at the same time: nobody would have been told.

    Args:
        before: raises of the setting that is compared with, in the order of time.
        after: raises of the other, in the order of time.
    """
    lost = 0
    k = 0
    for one in before:
        while k < len(after) and _end(after[k]) < one.raised_ms:
            k += 1
        if k == len(after) or after[k].raised_ms > _end(one):
            lost += 1
    return lost


def _end(raised: Raised) -> float:
    return np.inf if raised.cleared_ms is None else raised.cleared_ms


def refused(settings: Sequence[Setting], low: float | None, high: float | None) -> dict[str, str]:
    """Say what the gateway would refuse, by the name of the setting, in its own words.

    Args:
        settings: to try.
        low: of the point's range, None unknown.
        high: of the point's range, None unknown.
    """
    found: dict[str, str] = {}
    for s in settings:
        try:
            point = Point(_POINT, FLOAT64, HIGH_FIRST, 0, low=low, high=high)
            limit = core.Limit(s.name, 0, s.side, s.limit, s.deadband, s.on_delay_ms, s.off_delay_ms)
            for fault in core.faults(Values([point]), [limit]):
                found[s.name] = fault
        except ValueError as exc:
            found[s.name] = str(exc)
    return found
