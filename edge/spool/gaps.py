"""What was declared gone, who says so, and the stand-ins for events that are gone.

Keeps law-never-lose 11 and 12. A lost measurement range is declared by a gap event and then skipped. A lost
event cannot be declared behind itself, since events are committed strictly in order: records in its own place
say that it is gone.
"""

from typing import Final

from edge.spool.records import Gap, StoredBatch
from edge.spool.space import uncovered
from edge.spool.stream import Hole
from protocol import codec
from protocol import messages as m

TOMBSTONES: Final = 1000  # in one batch: about 100 kB


class Declared:
    """The declared gaps of both streams."""

    def __init__(self) -> None:
        self._gaps: list[Gap] = []

    def add(self, *gaps: Gap) -> None:
        """Note declarations, oldest first."""
        self._gaps += gaps

    def all(self) -> list[Gap]:
        """List every declaration."""
        return list(self._gaps)

    def over(self, stream: int, hole: Hole) -> list[Gap]:
        """List the declarations that overlap a hole."""
        return [
            gap
            for gap in self._gaps
            if gap.stream == stream
            and gap.epoch == hole.epoch
            and gap.first <= hole.last
            and gap.last >= hole.first
        ]

    def undeclared(self, stream: int, hole: Hole) -> list[tuple[int, int, int]]:
        """List the parts of a hole that nobody declared, as (epoch, first, last)."""
        declared = [(gap.first, gap.last) for gap in self.over(stream, hole)]
        return [(hole.epoch, a, b) for a, b in uncovered(hole.first, hole.last, declared)]


def tombstone(hole: Hole, gap: Gap) -> StoredBatch:
    """Stand in for lost events: one gap record at each of the first numbers of `hole` that `gap` covers.

    The batch is the same whenever it is built for the same range, as a committed one would be.
    """
    last = min(hole.last, gap.last, hole.first + TOMBSTONES - 1)
    records = [
        m.GapEvent(seq, gap.time_ms, 0, m.UNSYNCHRONISED, m.EVENT, hole.epoch, seq, seq, gap.reason)
        for seq in range(hole.first, last + 1)
    ]
    body = codec.encode_events([codec.encode_event(record) for record in records])
    digest = codec.batch_hash(m.EVENT, hole.epoch, hole.first, last, gap.birth, gap.boot, body)
    return StoredBatch(hole.epoch, hole.first, last, gap.birth, gap.boot, body, digest)
