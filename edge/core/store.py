"""Decides which readings of a block are worth a row: what moved, what changed its quality, one now and then.

    a reading is stored when                             so that
    a point moved by more than its dead-band since       no movement that matters is missing: between two rows
        the last row                                         every value was within the dead-band of the first
    the interval of the block has passed since then      a quiet point still shows that it is watched
    its quality, or that of a point, is another          a failure has a beginning and an end
    an alarm of the block made a transition              the value that raised it is in the history

The interval of a block is the shortest of its points', since a row is a poll of the whole block: one point
that wants every reading (interval 0, the default) has every reading stored. The comparison is with the last
*stored* value, so that a slow creep adds up. Numbers are only left out, never averaged or moved in time.

Time is monotonic milliseconds of one boot, given by the caller. Runs on MicroPython as it is.
"""

from edge.core.point import Points

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Thrift:
    """The rows of one block."""

    def __init__(self, block: Points, every_ms: int, deadbands: "Sequence[float]") -> None:
        """Begin: the first reading is stored.

        Args:
            block: scales the numbers.
            every_ms: a row at least so often; 0: every reading is a row.
            deadbands: of each point, in its unit; a change of more than this is stored.

        Raises:
            ValueError: the dead-bands are not as many as the points, or a number is below 0.
        """
        if len(deadbands) != len(block.points):
            raise ValueError("%d dead-bands for %d points" % (len(deadbands), len(block.points)))
        if every_ms < 0 or [band for band in deadbands if not band >= 0]:
            raise ValueError("interval and dead-bands must be 0 or more")
        self.every_ms = every_ms
        self._block = block
        self._deadbands = list(deadbands)
        self._stored_ms: int | None = None
        self._raws: Sequence[float] | None = None
        self._quality = -1
        self._exceptions: Sequence[tuple[int, int]] = ()
        self._values: list[float] = []

    def keeps(
        self,
        now_ms: int,
        raws: "Sequence[float] | None",
        quality: int,
        exceptions: "Sequence[tuple[int, int]]" = (),
        alarmed: bool = False,
    ) -> bool:
        """Say whether this reading becomes a row; if so, the next ones are compared with it.

        Args:
            now_ms: when it came.
            raws: numbers in point order; None when there are none to believe.
            quality: of the reading.
            exceptions: (point, quality) where a point differs.
            alarmed: an alarm of the block made a transition by it.
        """
        if not self.every_ms:
            return True
        if (
            not alarmed
            and self._stored_ms is not None
            and now_ms - self._stored_ms < self.every_ms
            and quality == self._quality
            and (exceptions == self._exceptions or list(exceptions) == list(self._exceptions))
            and not self._moved(raws)
        ):
            return False
        self._stored_ms = now_ms
        self._quality = quality
        self._exceptions = exceptions
        self._raws = raws
        self._values = [] if raws is None else [self._block.scaled(i, raw) for i, raw in enumerate(raws)]
        return True

    def _moved(self, raws: "Sequence[float] | None") -> bool:
        if raws is None or self._raws is None:
            return raws is not self._raws
        if raws == self._raws:
            return False
        for i in range(len(raws)):
            raw, before = raws[i], self._raws[i]
            if raw == before or (raw != raw and before != before):  # noqa: PLR0124 - NaN stays NaN
                continue
            if not abs(self._block.scaled(i, raw) - self._values[i]) <= self._deadbands[i]:
                return True
        return False
