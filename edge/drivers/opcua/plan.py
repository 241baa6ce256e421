"""When each point must be read, and when its silence must be said: times in, lists of points out.

A point is due one period after its last reading, whoever brought it; a change that the server reported of
itself puts the next read off by a quarter more, so that points which change all the time are not read as
well. While connected, silence is said two periods after the last reading (a slow answer still counts), and
while not connected, one; then every period.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

_NEVER: Final = -1
SHORTEST_TICK_MS: Final = 20
LONGEST_TICK_MS: Final = 500


def tick_ms(periods_ms: Sequence[int]) -> int:
    """Choose how often to look: a quarter of the shortest period."""
    return min(LONGEST_TICK_MS, max(SHORTEST_TICK_MS, min(periods_ms, default=LONGEST_TICK_MS) // 4))


def chunks(points: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Divide what is due into requests of at most `size` values."""
    for at in range(0, len(points), size):
        yield points[at : at + size]


class Schedule:
    """The due times of the points of one bus, by their index."""

    def __init__(self, periods_ms: Sequence[int], now_ms: int) -> None:
        """Begin with everything due at once.

        Args:
            periods_ms: of each point.
            now_ms: the monotonic time.
        """
        self._periods = list(periods_ms)
        self._due = [now_ms] * len(self._periods)
        self._silent = [now_ms + 2 * period for period in self._periods]
        self._asked = [_NEVER] * len(self._periods)
        self._out: set[int] = set()

    def take_due(self, now_ms: int) -> list[int]:
        """Return the points to be read now; they are not returned again until answered or given up."""
        found = [i for i, due in enumerate(self._due) if due <= now_ms and i not in self._out]
        for i in found:
            self._asked[i] = now_ms
        self._out.update(found)
        return found

    def read(self, i: int, now_ms: int) -> None:
        """Note the answer to a read, good or bad: next due one period after it was asked."""
        self._out.discard(i)
        self._due[i] = max(now_ms - self._periods[i], self._asked[i]) + self._periods[i]
        self._silent[i] = now_ms + 2 * self._periods[i]

    def given_up(self, points: Sequence[int]) -> None:
        """Note that a read brought nothing; the points are due again at once."""
        self._out.difference_update(points)

    def notified(self, i: int, now_ms: int) -> None:
        """Note that the server reported the point of itself."""
        period = self._periods[i]
        self._due[i] = now_ms + period + period // 4
        self._silent[i] = now_ms + 2 * period

    def all_due(self, now_ms: int) -> None:
        """Make everything due: something may have been missed."""
        self._due = [min(due, now_ms) for due in self._due]

    def connected(self, now_ms: int) -> None:
        """Begin anew on a new session: nothing is on its way, everything is due."""
        self._out.clear()
        self._due = [now_ms] * len(self._due)

    def take_silent(self, now_ms: int, connected: bool) -> list[int]:
        """Return the points whose silence must be said now; each again one period later."""
        found = []
        for i, silent in enumerate(self._silent):
            period = self._periods[i]
            if (silent if connected else silent - period) <= now_ms:
                found.append(i)
                self._silent[i] = now_ms + period if connected else now_ms + 2 * period
        return found
