"""Finds what is wrong with readings that look good: blank forms, impossible changes, numbers that never move.

One Judge a block. It is fed with every reading and gives faults as (point, side, quality), which lower the
value's quality and let the alarm of that name speak (`blame.py` says which of several):

    fault   when                                                          quality, and why this OPC code
    BLANK   all registers of the block are 0xFFFF (ones) or 0 (zeros)     8 not connected: no value there
    STALE   the instrument's own stamp is older than `stale_ms`           68 last usable: "stopped updating"
    RATE    the value moved more than `max_rate` allows                   64 uncertain: no narrower code fits
    STUCK   the raw number kept every bit for `stuck_ms`                  68 last usable: "stopped updating"

Uncertain, not bad, for the last three: a real gas release may be fast, and a gas alarm too many is the better
mistake. What a value outside of its range is, its point knows; silence is the watch's; SIBLINGS are compared
in `siblings.py`.

Blank. A block of registers whose points are all signed whole numbers that may be -1 is read as ones only
when three registers or more agree: one or two at -1 are a frosty morning. Coils and inputs are never blank.

Rate. A value is believed when it could have been reached from the last believed one at `max_rate`, counted
from the moment at which that one may have been sampled at the earliest, and over a second at least (noise
between two fast polls is no movement); one step of a whole raw number is always possible. So a spike is
doubted and the return from it is not, and after an outage much is possible again. A new level is believed at
the latest when readings have followed each other possibly for SETTLE_MS and at least SETTLE_READINGS times: a
real step must not stay doubted for ever. Meanwhile it may raise.

Stuck. Only time between two readings with a number counts: what nobody saw may have moved.

Time is monotonic milliseconds of one boot, given by the caller. Runs on MicroPython as it is.
"""

from edge.core.alarm import BLANK, RATE, STALE, STUCK
from edge.core.decode import FLOAT32, FLOAT64, INT16, INT32, INT64
from edge.core.point import Block, Points
from protocol.quality import GOOD, LAST_USABLE, NOT_CONNECTED, UNCERTAIN, is_bad

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ONES = 1
ZEROS = 2

SETTLE_MS = 10_000  # our proposal: longer than any burst of disturbance, shorter than anybody's patience
SETTLE_READINGS = 3
_LEAST_MS = 1000
_SURELY_BLANK = 3  # registers: fewer may all be -1

_SIGNED = (INT16, INT32, INT64)
_FLOATS = (FLOAT32, FLOAT64)


class Rules:
    """How the readings of one point are judged, as configured; 0 and None switch a judgement off."""

    __slots__ = ("max_rate", "point_index", "stale_ms", "stuck_ms")

    def __init__(
        self, point_index: int, stale_ms: int = 0, stuck_ms: int = 0, max_rate: float | None = None
    ) -> None:
        """Describe it.

        Args:
            point_index: which point of the block.
            stale_ms: greatest age that the instrument's own stamp may have.
            stuck_ms: longest time that the raw number may keep every bit.
            max_rate: greatest possible change, in the point's unit per second.

        Raises:
            ValueError: a number cannot be meant.
        """
        if stale_ms < 0 or stuck_ms < 0 or (max_rate is not None and not max_rate > 0):
            raise ValueError("point %d: times are 0 or more, a greatest rate is above 0" % point_index)
        self.point_index = point_index
        self.stale_ms = stale_ms
        self.stuck_ms = stuck_ms
        self.max_rate = max_rate


class _Rate:
    """Whether the values of one point can follow each other."""

    __slots__ = ("_doubted_ms", "_run", "_seen", "_seen_ms", "_step", "_value", "_value_ms", "max_rate")

    def __init__(self, max_rate: float, step: float) -> None:
        self.max_rate = max_rate
        self._step = step  # what one step of a whole raw number changes
        self._value: float | None = None  # the last believed
        self._value_ms = 0  # when it may have been sampled at the earliest
        self._seen = 0.0  # the last seen while in doubt
        self._seen_ms = 0
        self._doubted_ms: int | None = None
        self._run = 0

    def impossible(self, now_ms: int, took_ms: int, value: float) -> bool:
        if self._value is None or self._reached(value, self._value, now_ms - self._value_ms):
            self._believe(value, now_ms - took_ms)
            return False
        if self._doubted_ms is not None and self._reached(value, self._seen, now_ms - self._seen_ms):
            self._run += 1
            if self._run >= SETTLE_READINGS and now_ms - self._doubted_ms >= SETTLE_MS:
                self._believe(value, now_ms - took_ms)
                return False
        else:
            self._doubted_ms = now_ms
            self._run = 1
        self._seen = value
        self._seen_ms = now_ms - took_ms
        return True

    def _reached(self, value: float, before: float, passed_ms: int) -> bool:
        moved = abs(value - before)
        return moved <= self._step or moved * 1000 <= self.max_rate * max(passed_ms, _LEAST_MS)

    def _believe(self, value: float, at_ms: int) -> None:
        self._value = value
        self._value_ms = at_ms
        self._doubted_ms = None
        self._run = 0


class _Stuck:
    """How long one raw number has kept every bit, under our eyes."""

    __slots__ = ("_held_ms", "_raw", "_seen_ms", "limit_ms")

    def __init__(self, limit_ms: int) -> None:
        self.limit_ms = limit_ms
        self._raw: float | None = None
        self._held_ms = 0
        self._seen_ms: int | None = None

    def missed(self) -> None:
        self._seen_ms = None

    def still(self, now_ms: int, raw: float) -> bool:
        if raw != self._raw:
            self._raw = raw
            self._held_ms = 0
        elif self._seen_ms is not None:
            self._held_ms += now_ms - self._seen_ms
        self._seen_ms = now_ms
        return self._held_ms >= self.limit_ms


class _Case:
    """What is judged of one point."""

    __slots__ = ("index", "rate", "stale_ms", "stuck")

    def __init__(self, block: Points, rules: Rules) -> None:
        point = block.points[rules.point_index]
        self.index = rules.point_index
        self.stale_ms = rules.stale_ms
        self.stuck = _Stuck(rules.stuck_ms) if rules.stuck_ms else None
        self.rate: _Rate | None = None
        if rules.max_rate is not None:
            whole = point.kind not in _FLOATS and not point.curve
            self.rate = _Rate(rules.max_rate, abs(point.scale) * 1.000001 if whole else 0.0)


class Judge:
    """The readings of one block."""

    def __init__(self, block: Points, rules: "Sequence[Rules]", blank: int = 0) -> None:
        """Prepare.

        Args:
            block: the points that are judged.
            rules: at most one a point; points without rules are judged for blank forms only.
            blank: ONES, ZEROS, both or 0; without meaning for blocks that hold no registers.

        Raises:
            ValueError: a point has two rules, or is not of this block.
        """
        indexes = [rule.point_index for rule in rules]
        if len(set(indexes)) != len(indexes) or [i for i in indexes if not 0 <= i < len(block.points)]:
            raise ValueError("rules must name points of the block, each at most once")
        self._block = block
        cases = [_Case(block, rule) for rule in rules if rule.stale_ms or rule.stuck_ms or rule.max_rate]
        self._cases = sorted(cases, key=lambda case: case.index)
        self._forms: list[bytes] = []
        if isinstance(block, Block):
            size = 2 * block.count
            if blank & ONES and not (block.count < _SURELY_BLANK and _may_be_minus_one(block)):
                self._forms.append(b"\xff" * size)
            if blank & ZEROS:
                self._forms.append(b"\x00" * size)
        self._all_blank = [(i, BLANK, NOT_CONNECTED) for i in range(len(block.points))]

    @property
    def idle(self) -> bool:
        """Say whether nothing is ever found here, so that nobody need ask."""
        return not self._cases and not self._forms

    @property
    def knows_blank(self) -> bool:
        """Say whether a blank form of this block would be known."""
        return bool(self._forms)

    @property
    def forms(self) -> "Sequence[bytes]":
        """The bytes of this block that are a form that nobody filled in: `blank` gives BLANK for them."""
        return self._forms

    @property
    def looks_at_numbers(self) -> bool:
        """Say whether `take` could ever find something."""
        return bool(self._cases)

    def blank(self, data: object) -> "Sequence[tuple[int, str, int]]":
        """Give BLANK for every point if these bytes of the block are a form that nobody filled in."""
        return self._all_blank if data in self._forms else ()

    def missed(self) -> None:
        """Note that a reading held nothing to judge."""
        for case in self._cases:
            if case.stuck is not None:
                case.stuck.missed()

    def take(
        self,
        now_ms: int,
        raws: "Sequence[float]",
        quality: int,
        exceptions: "Sequence[tuple[int, int]]",
        took_ms: int = 0,
    ) -> "list[tuple[int, str, int]]":
        """Judge the numbers of one reading.

        Args:
            now_ms: when it came.
            raws: in point order.
            quality: of the reading.
            exceptions: (point, quality) where a point differs.
            took_ms: how much older than `now_ms` the values may be.

        Returns:
            (point, STALE, RATE or STUCK, quality) of what was found, ascending by point; mostly nothing.
        """
        found: list[tuple[int, str, int]] = []
        if is_bad(quality):
            self.missed()
            return found
        own = dict(exceptions) if exceptions else {}
        for case in self._cases:
            i = case.index
            raw = raws[i]
            here = own.get(i, quality)
            if case.stale_ms and took_ms >= case.stale_ms:
                found.append((i, STALE, LAST_USABLE))
            rate = case.rate if here == GOOD else None
            if rate is not None and rate.impossible(now_ms, took_ms, self._block.scaled(i, raw)):
                found.append((i, RATE, UNCERTAIN))
            if case.stuck is not None:
                if raw != raw:  # noqa: PLR0124 - NaN: no number to compare
                    case.stuck.missed()
                elif case.stuck.still(now_ms, raw):
                    found.append((i, STUCK, LAST_USABLE))
        return found


def _may_be_minus_one(block: Points) -> bool:
    return all(point.kind in _SIGNED and point.quality(-1) == GOOD for point in block.points)
