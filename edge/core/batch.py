"""Gathers the readings of all blocks into columns and says when a batch is full or old enough to be written.

Keeps law-never-lose 1 (a measurement record is one poll of one block) and 11 (a batch is closed after at most
the commit interval, so that a power cut takes no more than that).

    take(reading) --> Closed | None          closed because it was full, or the oldest row has waited enough
    tick(now)     --> Closed | None          the same by time alone; `next_due` says when to call it

The batcher knows no sequence numbers: rows are numbered 0.. in the order of taking, and whoever writes the
batch adds the first number. Lists are appended to and nothing else is made for a value.

Time is monotonic milliseconds of one boot, given by the caller. Runs on MicroPython as it is.
"""

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Columns:
    """The rows of one block, one list a column, all of the same length (as `protocol.messages.BlockRows`)."""

    __slots__ = ("block", "clock", "exceptions", "mono_ms", "quality", "seq", "time_ms", "took_ms", "values")

    def __init__(self, block: int) -> None:
        """Begin without rows."""
        self.block = block
        self.seq: list[int] = []
        self.time_ms: list[int] = []
        self.mono_ms: list[int] = []
        self.took_ms: list[int] = []
        self.clock: list[int] = []
        self.quality: list[int] = []
        self.values: list[Sequence[float] | None] = []
        self.exceptions: list[tuple[int, int, int]] = []


class Closed:
    """A batch that takes no more rows; times in its columns are relative to the two bases."""

    __slots__ = ("base_mono_ms", "base_ms", "columns", "count")

    def __init__(self, base_ms: int, base_mono_ms: int, count: int, columns: "list[Columns]") -> None:
        """Keep what was gathered: `count` rows over all columns."""
        self.base_ms = base_ms
        self.base_mono_ms = base_mono_ms
        self.count = count
        self.columns = columns


class Batcher:
    """One open batch at a time."""

    def __init__(self, max_age_ms: int, max_values: int = 20_000) -> None:
        """Begin empty.

        Args:
            max_age_ms: the oldest row waits at most so long.
            max_values: numbers in a batch; 20,000 are at most 180 kB, far below the frame limit.
        """
        self._max_age_ms = max_age_ms
        self._max_values = max_values
        self._by_block: dict[int, Columns] = {}
        self._columns: list[Columns] = []
        self._count = 0
        self._values = 0
        self._opened_ms = 0
        self._base_ms = 0
        self._base_mono_ms = 0

    def take(
        self,
        now_ms: int,
        block: int,
        time_ms: int,
        mono_ms: int,
        took_ms: int,
        clock: int,
        quality: int,
        values: "Sequence[float] | None",
        exceptions: "Sequence[tuple[int, int]]" = (),
    ) -> Closed | None:
        """Append one reading.

        Args:
            now_ms: monotonic now.
            block: number of the block in the Description.
            time_ms: UTC of the reply.
            mono_ms: monotonic time of the reply.
            took_ms: from the request to the reply.
            clock: clock state.
            quality: of the block.
            values: raw numbers in point order; None when the block could not be read.
            exceptions: (point, quality) where a point differs.

        Returns:
            The batch that this reading has filled or found too old, this reading included; mostly None.
        """
        if not self._count:
            self._opened_ms = now_ms
            self._base_ms = time_ms
            self._base_mono_ms = mono_ms
        rows = self._by_block.get(block)
        if rows is None:
            rows = Columns(block)
            self._by_block[block] = rows
            self._columns.append(rows)
        for point, own in exceptions:
            rows.exceptions.append((len(rows.seq), point, own))
        rows.seq.append(self._count)
        rows.time_ms.append(time_ms - self._base_ms)
        rows.mono_ms.append(mono_ms - self._base_mono_ms)
        rows.took_ms.append(took_ms)
        rows.clock.append(clock)
        rows.quality.append(quality)
        rows.values.append(values)
        self._count += 1
        self._values += 8 if values is None else len(values) + 8
        if self._values >= self._max_values or now_ms - self._opened_ms >= self._max_age_ms:
            return self.close()
        return None

    def tick(self, now_ms: int) -> Closed | None:
        """Close the batch if its oldest row has waited long enough."""
        if self._count and now_ms - self._opened_ms >= self._max_age_ms:
            return self.close()
        return None

    def next_due(self) -> int | None:
        """Give the time at which `tick` will close the batch; None: it is empty."""
        return self._opened_ms + self._max_age_ms if self._count else None

    def close(self) -> Closed | None:
        """Close the batch whatever its age; None: it is empty."""
        if not self._count:
            return None
        closed = Closed(self._base_ms, self._base_mono_ms, self._count, self._columns)
        self._by_block = {}
        self._columns = []
        self._count = 0
        self._values = 0
        return closed
