"""Watches the points of one block: readings and time go in, transitions of its alarms come out.

What a sample does to an alarm stands at the top of `alarm.py`, which quality alarm speaks in `blame.py`, what
stands in `board.py`. The short way: a reading in which every raw number lies in the band of its point (where
nothing can happen, exact to the bit) is looked at no further.

Time is monotonic milliseconds of one boot, given by the caller; it never goes back and never wraps.
Runs on MicroPython as it is.
"""

from edge.core.alarm import (
    BEYOND,
    PROCESS_SIDES,
    QUALITY_SIDES,
    STALE,
    UNKNOWN,
    Alarm,
    Limit,
    Transition,
)
from edge.core.blame import NOTHING, blame, sample
from edge.core.covers import CoveredBoard
from edge.core.firstup import FirstUp
from edge.core.point import INFINITY, Points
from protocol.quality import COMM_FAILURE, GOOD, is_bad, is_good

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Watch(CoveredBoard):
    """The alarms of one block: fed with its readings and with time, gives back transitions."""

    def __init__(
        self,
        block: Points,
        limits: "Sequence[Limit]",
        mint: "Callable[[], str]",
        *,
        quality_delay_ms: int = 5000,
        stale_ms: int = 0,
        first_up: FirstUp | None = None,
    ) -> None:
        """Prepare the bands.

        Args:
            block: the points that are watched.
            limits: alarms of its points. A point without one of side "Q" gets "{key}/Q": on-delay and
                off-delay `quality_delay_ms`, not latched, priority 0.
            mint: gives the name of a new occurrence, "{boot:08x}-{n}".
            quality_delay_ms: of the quality alarms that are not configured.
            stale_ms: with no reading at all for so long, the values are bad (communication failure); 0:
                never, the driver always reports. Never later than the first STALE alarm wants.
            first_up: the groups of the gateway; None: its own.

        Raises:
            ValueError: an alarm is double, of no point of this block, or could never clear.
        """
        CoveredBoard.__init__(self, block, limits, mint, quality_delay_ms, first_up)
        patience = [stale_ms] if stale_ms else []
        patience += [limit.on_delay_ms for limit in limits if limit.side == STALE]
        self._stale_ms = min(patience) if patience else 0
        self._sides = [
            [alarm.config.side for alarm in alarms if alarm.config.side in QUALITY_SIDES]
            for alarms in self._alarms
        ]
        self._heard_ms: int | None = None
        self._stale = False

    def take(
        self,
        now_ms: int,
        raws: "Sequence[float] | None",
        quality: int,
        exceptions: "Sequence[tuple[int, int]]" = (),
        faults: "Sequence[tuple[int, str, int]]" = (),
    ) -> list[Transition]:
        """Judge one reading of the block.

        Args:
            now_ms: when the reply came, or the read failed.
            raws: what the block's `decode` gave; None if there is no reply to believe.
            quality: of the block.
            exceptions: (point, quality) of points that are worse, as `Points.exceptions` gives them.
            faults: (point, side, quality) of what was found wrong besides, as `Judge.take` gives them.

        Returns:
            The transitions, in the order of the points; mostly none.

        Raises:
            ValueError: `raws` are not as many as the block's points.
        """
        heard_ms = self._heard_ms
        self._heard_ms = now_ms
        self._stale = False
        if raws is None:
            if not is_bad(quality):
                quality = COMM_FAILURE
        else:
            if len(raws) != len(self._lows):
                raise ValueError("a reading of %d values for %d points" % (len(raws), len(self._lows)))
            self._raws = raws
            if quality == GOOD and not exceptions and not faults:
                for raw, low, high in zip(raws, self._lows, self._highs):
                    if not low <= raw <= high:
                        break
                else:
                    return []
        made: list[Transition] = []
        if self._due is not None and self._due < now_ms:
            self._expire(now_ms - 1, now_ms, made)
        worse: dict[int, int] = dict(exceptions)
        found = _by_point(faults)
        silent_ms = now_ms if heard_ms is None else heard_ms
        for i in range(len(self._alarms)):
            own = min(worse.get(i, quality), quality)
            here = None if raws is None or is_bad(quality) else raws[i]
            wrong = found.get(i, [])
            if here is not None and own == GOOD and not wrong and self._lows[i] <= here <= self._highs[i]:
                continue
            self._judge(i, here, own, wrong, now_ms, silent_ms, made)
        self._plan()
        return made

    def begun(
        self,
        raws: "Sequence[float]",
        quality: int,
        exceptions: "Sequence[tuple[int, int]]" = (),
        faults: "Sequence[tuple[int, str, int]]" = (),
        now_ms: int = 0,
    ) -> list[tuple[Alarm, int, float]]:
        """List the process alarms that this reading would set moving, without taking it.

        Args:
            raws: as in `take`.
            quality: as in `take`.
            exceptions: as in `take`.
            faults: as in `take`.
            now_ms: as in `take`; only a rate of change asks for it.

        Returns:
            (alarm, BEYOND or NORMAL, value) where the alarm would begin to be raised, or to clear.
        """
        moving: list[tuple[Alarm, int, float]] = []
        if is_bad(quality):
            return moving
        worse: dict[int, int] = dict(exceptions)
        found = _by_point(faults)
        for i, raw in enumerate(raws):
            if self._lows[i] <= raw <= self._highs[i]:
                continue
            own = min([worse.get(i, quality), quality] + [code for _, code in found.get(i, [])])
            value, own = self._believed(i, raw, own)
            if value is None:
                continue
            for alarm in self._alarms[i]:
                if alarm.config.side in PROCESS_SIDES:
                    kind = alarm.classify(value, is_good(own), now_ms)
                    if alarm.begins(kind):
                        moving.append((alarm, kind, value))
        return moving

    def tick(self, now_ms: int) -> list[Transition]:
        """Let time pass: delays that have ended raise or clear, silence turns values bad."""
        if self._heard_ms is None:
            self._heard_ms = now_ms
        if self._stale_ms and not self._stale and now_ms - self._heard_ms >= self._stale_ms:
            made = self.take(now_ms, None, COMM_FAILURE)
            self._stale = True
        else:
            made = []
        if self._due is not None and self._due <= now_ms:
            self._expire(now_ms, now_ms, made)
            self._end_shelves(now_ms, made)
            self._plan()
        return made

    def next_due(self) -> int | None:
        """Give the time at which `tick` has something to do; None: not before the next reading."""
        if not self._stale_ms or self._stale:
            return self._due
        if self._heard_ms is None:
            return 0
        stale_at = self._heard_ms + self._stale_ms
        return stale_at if self._due is None else min(self._due, stale_at)

    def _believed(self, i: int, raw: float, quality: int) -> tuple[float | None, int]:
        """Give value and quality of a number that `quality` was said of; None: it must not be used."""
        point = self.block.points[i]
        quality = min(quality, point.quality(raw))  # also where the caller lists no exceptions
        return (None if is_bad(quality) else point.scaled(raw)), quality

    def _judge(
        self,
        i: int,
        raw: float | None,
        told: int,
        wrong: "list[tuple[str, int]]",
        now_ms: int,
        silent_ms: int,
        made: list[Transition],
    ) -> None:
        self._restless[i] = True  # until settled below: transitions report what is judged here
        found = [side for side, _ in wrong]
        value: float | None = None
        quality = told
        by_number = GOOD
        finite = True
        if raw is not None:
            point = self.block.points[i]
            by_number = point.quality(raw)
            finite = -INFINITY < point.scaled(raw) < INFINITY
            if is_bad(told) and told != by_number:
                raw = None  # somebody knows better why there is nothing to believe
            else:
                value, quality = self._believed(i, raw, min([told] + [code for _, code in wrong]))
        shown = raw is not None
        speaks, shows = blame(self._sides[i], shown, told, by_number, finite, found)
        self._values[i] = value
        self._quality[i] = quality
        for alarm in self._alarms[i]:
            side = alarm.config.side
            began_ms = now_ms
            if side in QUALITY_SIDES:
                kind = sample(side, speaks, shows, told < by_number, found)
                if side == STALE and kind == BEYOND:
                    began_ms = silent_ms if shows == NOTHING else now_ms - alarm.config.on_delay_ms
            elif value is None:
                kind = UNKNOWN
            else:
                kind = alarm.classify(value, is_good(quality), now_ms)
                if alarm.slope is not None and is_good(quality):
                    alarm.slope.note(now_ms, value)
            alarm.see(kind, began_ms)
            self._step(alarm, now_ms, now_ms, made)
        self._settle(i)


def _by_point(faults: "Sequence[tuple[int, str, int]]") -> "dict[int, list[tuple[str, int]]]":
    found: dict[int, list[tuple[str, int]]] = {}
    for i, side, quality in faults:
        found.setdefault(i, []).append((side, quality))
    return found
