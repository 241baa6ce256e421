"""The spool's share of a self-measurement: appending beside bare SQLite, filling, and reading it back.

Everything goes through the spool as the gateway has it, on the disk where the gateway's own would lie. The
baseline is a plain table of SQLite, a row a value, with as many rows in a transaction, journalled and synced
alike (WAL, `synchronous=FULL`).
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from edge.clock import Clock
from edge.core.batch import Batcher, Closed
from edge.installer.bench_field import POINTS_A_UNIT
from edge.spool.file import BatchFile
from edge.spool.opening import MEASUREMENT_FILE
from edge.spool.spool import Quota, Spool
from protocol import codec
from protocol import messages as m
from protocol.quality import GOOD

PLENTY: Final = Quota(1 << 40, 1 << 40)  # nothing is to be trimmed here
LONG: Final = "does not follow " * 30
EVENTS_AT_ONCE: Final = 2000
PATIENCE_S: Final = 60.0
IN_HAND: Final = 16  # batches that may wait for the disk, far from those that the spool would drop


class Past:
    """A clock of the spool whose present is some time ago, and moves when told to."""

    def __init__(self, clock: Clock, ago_ms: int) -> None:
        """Begin `ago_ms` before now."""
        self.boot = clock.boot ^ 1 or 1
        self.state = clock.state
        self._utc_ms, self._mono_ms = clock.utc_ms() - ago_ms, 0

    def utc_ms(self) -> int:
        """UTC as it was."""
        return self._utc_ms

    def mono_ms(self) -> int:
        """Since its boot."""
        return self._mono_ms

    def go_on(self, by_ms: int) -> None:
        """Let time pass."""
        self._utc_ms += by_ms
        self._mono_ms += by_ms


class Filled(msgspec.Struct, frozen=True):
    """What was appended: batches, values, the epoch, and how long the spool took."""

    epoch: int
    batches: int
    values: int
    records: int
    took_s: float


async def fill(
    folder: Path,
    description: bytes,
    clock: Clock,
    *,
    batches: int,
    polls: int = 1,
    full_mb: float | None = None,
) -> Filled:
    """Append batches as a gateway that polls every second does, as fast as the spool takes them.

    Args:
        folder: the state folder.
        description: of the gateway; each of its blocks has 50 points.
        clock: of this process.
        batches: how many.
        polls: seconds in a batch; the gateway's have one, more of them fill a file faster.
        full_mb: end as soon as the file uses so much.
    """
    past = Past(clock, batches * polls * 1000)
    async with _open(folder, past, description) as spool:
        await spool.measurements.ready.wait()
        blocks = [block.block for block in codec.decode_description(description).blocks]
        kinds = [_gathered(past, blocks, polls, kind) for kind in range(8)]
        begun = clock.mono_us()
        for number in range(batches):
            kind = kinds[number % len(kinds)]
            past.go_on(1000 * polls)
            at = past.utc_ms() - 1000 * polls, past.mono_ms() - 1000 * polls
            spool.add_measurements(Closed(*at, kind.count, kind.columns))
            while spool.measurements.in_memory >= IN_HAND:  # noqa: ASYNC110
                await asyncio.sleep(0.0005)
            if full_mb is not None and spool.measurements.used_bytes >= full_mb * 1e6:
                break
        while spool.measurements.in_memory:  # noqa: ASYNC110
            await asyncio.sleep(0.0005)
        took_s = (clock.mono_us() - begun) / 1e6
        epoch, records = spool.epoch, spool.measurements.current.head
    return Filled(epoch, number + 1, (number + 1) * polls * len(blocks) * POINTS_A_UNIT, records, took_s)


async def fill_events(folder: Path, description: bytes, clock: Clock, full_mb: float) -> None:
    """Record events until their file uses so much, as months of offline operation would."""
    async with _open(folder, Past(clock, 0), description) as spool:
        make = partial(m.OutputEvent, output="plant.horn", state="on", ok=False, reason=LONG)
        await spool.measurements.ready.wait()
        while spool.events.used_bytes < full_mb * 1e6:
            _, last = spool.record(*[make] * EVENTS_AT_ONCE)
            await spool.events.written(last, PATIENCE_S)


@contextlib.asynccontextmanager
async def _open(folder: Path, past: Past, description: bytes) -> AsyncIterator[Spool]:
    spool = await Spool.open(folder, past, description, PLENTY, "fengsui bench")
    async with asyncio.TaskGroup() as group:
        group.create_task(spool.run_events())
        group.create_task(spool.run_measurements())
        try:
            yield spool
        finally:
            spool.stop()


def _gathered(past: Past, blocks: list[int], polls: int, kind: int) -> Closed:
    """Gather some seconds of readings as the gateway's batcher does; `kind` makes their values differ."""
    batcher = Batcher(1 << 40, 1 << 40)
    for poll in range(polls):
        for block in blocks:
            values = [1000 + (kind * 7 + poll * 5 + block * 3 + i * 11) % 700 for i in range(POINTS_A_UNIT)]
            at = poll * 1000 + block * 7
            batcher.take(0, block, at, at, 2, past.state, GOOD, values)
    closed = batcher.close()
    assert closed is not None
    return closed


def bare_rows_per_s(folder: Path, clock: Clock, *, points: int, batches: int) -> float:
    """Append the same values to a plain table; returns rows a second."""
    path = folder / "bare.db"
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE sample (point INTEGER, time_ms INTEGER, value REAL, quality INTEGER)")
        base = clock.utc_ms()
        kinds = [[(i, base + n, 1000.0 + (n * 7 + i) % 700, GOOD) for i in range(points)] for n in range(8)]
        begun = clock.mono_us()
        for number in range(batches):
            rows = kinds[number % len(kinds)]
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", rows)
            db.execute("COMMIT")
        return points * batches / ((clock.mono_us() - begun) / 1e6)
    finally:
        db.close()
        path.unlink()


def stored_answers(folder: Path) -> dict[int, list[tuple[int | None, int]]]:
    """Read the numbered answers of counting units out of a closed spool.

    Returns:
        For each block its rows in order: (number, UTC ms), the number None where the row is not good.
    """
    found: dict[int, list[tuple[int | None, int]]] = {}
    file = BatchFile(folder / MEASUREMENT_FILE, 0)
    try:
        for epoch in file.epochs():
            cursor = 0
            while rows := file.after(epoch.epoch, cursor, 256, 1 << 24):
                cursor = rows[-1].last
                for row in rows:
                    body = codec.decode_measurements(row.body, row.first, row.last)
                    for block in body.blocks:
                        columns = zip(block.values, block.quality, block.time_ms, strict=True)
                        found.setdefault(block.block, []).extend(
                            (int(v[0]) if v and q == GOOD else None, body.base_ms + at)
                            for v, q, at in columns
                        )
    finally:
        file.abandon()
    return found


def missing(rows: Sequence[tuple[int | None, int]], answered: int, until_ms: int) -> tuple[int, int]:
    """Hold the rows of one block against the answers 1 to `answered`.

    An answer that came too late is refused, and a row that is not good stands in its place: told, not lost.

    Args:
        rows: as `stored_answers` gives them.
        answered: how many answers were given.
        until_ms: UTC from which on none was given.

    Returns:
        (answers without any row, rows that repeat one).
    """
    lost = twice = last = told = 0
    for number, at_ms in [*rows, (answered + 1, until_ms)]:
        if number is None:
            told += at_ms < until_ms
        elif number <= last:
            twice += 1
        else:
            lost += max(0, number - last - 1 - told)
            last, told = number, 0
    return lost, twice
