"""How far the centre has each epoch of one stream, in memory, and which of it the file does not know yet.

Keeps law-never-lose 5 (epochs in their order) and 12 (a cursor may go back to what a restored centre has).
"""

from collections.abc import Sequence

from edge.spool.records import Cursor, Epoch


class Cursors:
    """The epochs of one stream, oldest first; the last is this run's."""

    def __init__(self) -> None:
        self.epochs: list[Epoch] = []
        self._dirty: set[int] = set()

    def find(self, epoch: int) -> Epoch | None:
        """Find an epoch by its id."""
        return next((e for e in reversed(self.epochs) if e.epoch == epoch), None)

    def of(self, epoch: int) -> int:
        """The last number receipted of an epoch; 0 for one that is not known."""
        found = self.find(epoch)
        return 0 if found is None else found.cursor

    def all(self) -> list[Cursor]:
        """All cursors, to be written together with a trim."""
        return [(epoch.epoch, epoch.cursor) for epoch in self.epochs]

    def move(self, epoch: Epoch, cursor: int) -> bool:
        """Set a cursor; False when it stood there already."""
        if cursor == epoch.cursor:
            return False
        epoch.cursor = cursor
        self._dirty.add(epoch.epoch)
        return True

    def unwritten(self) -> list[Cursor]:
        """The cursors that the file does not know yet."""
        return [(e.epoch, e.cursor) for e in self.epochs if e.epoch in self._dirty] if self._dirty else []

    def written(self, cursors: Sequence[Cursor]) -> None:
        """The file knows these now; one that moved on meanwhile stays to be written."""
        for epoch, cursor in cursors:
            if self.of(epoch) == cursor:
                self._dirty.discard(epoch)
