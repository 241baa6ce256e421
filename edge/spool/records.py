"""What the spool's parts hand to each other: epochs, stored batches, gaps, and what one commit writes."""

from collections.abc import Callable

import msgspec

from protocol import codec
from protocol import messages as m

Cursor = tuple[int, int]
"""(epoch, last sequence number receipted)."""
MakeEvent = Callable[[int, int, int, int], m.Event]
"""Builds an event from (seq, time_ms, mono_ms, clock)."""


class Epoch(msgspec.Struct):
    """One opening of the spool as one file knows it; the only mutable record, owned by its stream."""

    epoch: int
    follows: int
    opened_ms: int
    head: int = 0
    cursor: int = 0
    committed_ms: int = 0
    closed: bool = False


class StoredBatch(msgspec.Struct, frozen=True):
    """An encoded batch as it was committed; it never changes, so neither does its hash."""

    epoch: int
    first: int
    last: int
    birth: bytes
    boot: int
    body: bytes
    hash: bytes

    def is_sound(self, stream: int) -> bool:
        """Whether it still is what was committed: SQLite's own checks look at no content."""
        numbers = (self.epoch, self.first, self.last, self.boot)
        texts = (self.birth, self.body)
        if not (all(isinstance(n, int) for n in numbers) and all(isinstance(t, bytes) for t in texts)):
            return False  # a damaged page gives columns of any type
        if not all(0 <= n < 1 << 63 for n in numbers):
            return False
        return self.hash == codec.batch_hash(
            stream, self.epoch, self.first, self.last, self.birth, self.boot, self.body
        )


class Gap(msgspec.Struct, frozen=True):
    """Numbers that were declared gone.

    `by_epoch`, `by_seq` name the event that says so. Lost events have none: records in their own places say
    it (`tombstone`), which must always come out the same, hence `birth` and `boot` of the declaring run.
    """

    stream: int
    epoch: int
    first: int
    last: int
    reason: str
    time_ms: int
    by_epoch: int
    by_seq: int
    birth: bytes
    boot: int


class AlarmRow(msgspec.Struct, frozen=True):
    """What must outlive a restart of one alarm that is not normal; `since_ms` in UTC.

    `cover` is what lies over it, as `edge.core.board.cover_of` gives it, in JSON; "" for nothing.
    """

    alarm: str
    state: str
    occurrence: str
    since_ms: int
    cover: str = ""


class Doomed(msgspec.Struct, frozen=True):
    """A measurement batch whose loss was declared and whose row may go now."""

    epoch: int
    first: int


class Commit(msgspec.Struct):
    """Everything that one transaction of one file writes; `ended`: epochs whose loss is on record with it."""

    batch: StoredBatch | None = None
    now_ms: int = 0
    cursors: list[Cursor] = []
    alarms: dict[str, AlarmRow | None] = {}
    gaps: list[Gap] = []
    doomed: list[Doomed] = []
    executed: list[Doomed] = []
    ended: list[int] = []
