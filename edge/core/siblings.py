"""Compares instruments that stand side by side: who says otherwise for long is not believed without care.

    values of a group ──▶ means over a window ──▶ own mean against its siblings' ──▶ apart for long enough?

A window is a quarter of the time that a disagreement must last, and at least two periods of the slowest
member; means keep noise from deciding. The own mean is held against the middle one of the siblings' (of two
middle ones the nearer: two siblings of which one is broken speak for nobody's guilt but the broken one's).
With a single sibling nobody can know which of the two is wrong: each that is configured so is doubted.

A window in which the point or all its siblings had no good value tells nothing: a verdict stays as it is. A
value counts as good before this judgement, or two that disagree would never be compared again.

Time is monotonic milliseconds of one boot, given by the caller. Runs on MicroPython as it is.
"""

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_WINDOWS = 4


class Kinship:
    """One point that is held against others, as configured."""

    __slots__ = ("after_ms", "key", "others", "slowest_ms", "within")

    def __init__(
        self, key: str, others: "Sequence[str]", within: float, after_ms: int, slowest_ms: int = 0
    ) -> None:
        """Describe it.

        Args:
            key: of the point that is judged.
            others: keys of its siblings.
            within: greatest difference that is none, in the point's unit.
            after_ms: how long a disagreement must last.
            slowest_ms: period of the slowest member.

        Raises:
            ValueError: nothing to compare with, or a number cannot be meant.
        """
        if not others or key in others:
            raise ValueError("%s: siblings are other points, at least one" % key)
        if not within > 0 or after_ms < 0 or slowest_ms < 0:
            raise ValueError("%s: siblings need a difference above 0 and times of 0 or more" % key)
        self.key = key
        self.others = list(others)
        self.within = within
        self.after_ms = after_ms
        self.slowest_ms = slowest_ms


class _Group:
    """The members of one kinship: the judged point first."""

    def __init__(self, kinship: Kinship) -> None:
        size = 1 + len(kinship.others)
        self.within = kinship.within
        self.window_ms = max(kinship.after_ms // _WINDOWS, 2 * kinship.slowest_ms, 1)
        self.enough = max(1, -(-kinship.after_ms // self.window_ms))
        self.sums = [0.0] * size
        self.counts = [0] * size
        self.began_ms: int | None = None
        self.run = 0
        self.apart = False

    def take(self, now_ms: int, place: int, value: float | None) -> None:
        if self.began_ms is None:
            self.began_ms = now_ms
        elif now_ms - self.began_ms >= self.window_ms:
            self._close()
            self.began_ms = now_ms
        if value is not None:
            self.sums[place] += value
            self.counts[place] += 1

    def _close(self) -> None:
        means = [total / count for total, count in zip(self.sums[1:], self.counts[1:]) if count]
        if self.counts[0] and means:
            own = self.sums[0] / self.counts[0]
            means.sort()
            middle = len(means) // 2
            gap = abs(own - means[middle])
            if not len(means) % 2:
                gap = min(gap, abs(own - means[middle - 1]))
            if gap > self.within:
                self.run += 1
                self.apart = self.apart or self.run >= self.enough
            else:
                self.run = 0
                self.apart = False
        for place in range(len(self.sums)):
            self.sums[place] = 0.0
            self.counts[place] = 0


class Siblings:
    """All kinships of a gateway, fed with the values of all points that are in one."""

    def __init__(self, kinships: "Sequence[Kinship]") -> None:
        """Prepare.

        Args:
            kinships: at most one a point.

        Raises:
            ValueError: a point is judged twice.
        """
        self._groups: dict[str, _Group] = {}
        self._member_of: dict[str, list[tuple[_Group, int]]] = {}
        for kinship in kinships:
            if kinship.key in self._groups:
                raise ValueError("%s: is held against siblings twice" % kinship.key)
            group = self._groups[kinship.key] = _Group(kinship)
            for place, key in enumerate([kinship.key] + kinship.others):
                self._member_of.setdefault(key, []).append((group, place))

    def members(self, keys: "Sequence[str]") -> list[tuple[int, str]]:
        """List those of some keys whose values are wanted, as (place among them, key)."""
        return [(i, key) for i, key in enumerate(keys) if key in self._member_of]

    def take(self, now_ms: int, key: str, value: float | None) -> bool:
        """Take one value of a member.

        Args:
            now_ms: when it came; never earlier than before.
            key: whose it is.
            value: in its unit; None where it is not good.

        Returns:
            Whether this point is apart from its siblings.
        """
        for group, place in self._member_of[key]:
            group.take(now_ms, place, value)
        judged = self._groups.get(key)
        return judged is not None and judged.apart
