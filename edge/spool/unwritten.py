"""What the disk has not taken yet: transactions in order, in memory, to be sent from there while it is full.

Keeps law-never-lose 11: nothing leaves this queue but by being written, by being given up with a declaration,
or, while the disk is full, by a receipt of the centre; its alarm states and declarations stay all the same.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final

from edge.spool.records import Commit, StoredBatch

KEPT: Final = 5000  # records that stay for the disk although the centre has them


class Unwritten:
    """The transactions that wait for the disk, oldest first; the first may be in the writer's hands."""

    def __init__(self) -> None:
        self._commits: deque[Commit] = deque()
        self.records = 0

    def __len__(self) -> int:
        return len(self._commits)

    def __iter__(self) -> Iterator[Commit]:
        return iter(self._commits)

    @property
    def first(self) -> Commit:
        """The one to be written next."""
        return self._commits[0]

    def add(self, what: Commit) -> None:
        """Queue a transaction."""
        self._commits.append(what)
        self.records += _records(what)

    def add_first(self, what: Commit) -> None:
        """Queue a transaction before all others."""
        self._commits.appendleft(what)
        self.records += _records(what)

    def written(self) -> None:
        """The first is on the disk."""
        self.records -= _records(self._commits.popleft())

    def drop_oldest(self) -> StoredBatch | None:
        """Give up the oldest batch that is not in the writer's hands; the caller declares it."""
        if len(self._commits) < 2:
            return None
        dropped = self._commits[1]
        del self._commits[1]
        self.records -= _records(dropped)
        return dropped.batch

    def behind(self, cursor: int) -> StoredBatch | None:
        """Find the first batch behind a number of this run's epoch."""
        for what in self._commits:
            if what.batch is not None and what.batch.last > cursor:
                return what.batch
        return None

    def forget_receipted(self, last: int) -> None:
        """Free the memory of batches that the centre has and the disk never took; their states are kept."""
        while len(self._commits) > 2 and self.records > KEPT:
            what, following = self._commits[1], self._commits[2]
            if what.batch is not None and what.batch.last > last:
                break
            following.alarms = {**what.alarms, **following.alarms}
            following.gaps = what.gaps + following.gaps
            following.doomed = what.doomed + following.doomed
            following.executed = what.executed + following.executed
            following.ended = what.ended + following.ended
            del self._commits[1]
            self.records -= _records(what)


def _records(what: Commit) -> int:
    return 0 if what.batch is None else what.batch.last - what.batch.first + 1
