"""`edge-spool`: values a second that the spool takes, beside bare SQLite with a row a value.

Both write 500 values a transaction, journalled and synced alike (WAL, `synchronous=FULL`). Ours are numbered,
encoded in columns and hashed on the way; the bare rows are ready before the clock starts. Events go one at a
time, each in a transaction of its own, beside single rows of bare SQLite.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from functools import partial
from pathlib import Path

from edge.clock import Clock
from edge.installer import bench_phases as phases
from protocol import messages as m
from tests.bench.report import emit, seconds
from tests.edge.spool.spool_at_hand import running


async def events_per_s(folder: Path, count: int) -> float:
    """Record events, each durable before the next."""
    async with running(folder) as spool:
        begun = time.perf_counter()
        for number in range(count):
            _, last = spool.record(partial(m.OutputEvent, output=f"horn-{number % 7}", state="on", ok=True))
            if not await spool.events.written(last):
                raise SystemExit("an event was not written within five seconds")
        return count / (time.perf_counter() - begun)


def bare_per_s(folder: Path, count: int) -> float:
    """Insert rows of the same content, each in a transaction."""
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE event (time_ms INTEGER, output TEXT, state TEXT, ok INTEGER)")
    begun = time.perf_counter()
    for number in range(count):
        row = (1_790_000_000_000 + number, f"horn-{number % 7}", "on", 1)
        db.execute("INSERT INTO event VALUES (?, ?, ?, ?)", row)
    took_s = time.perf_counter() - begun
    db.close()
    return count / took_s


async def measure(folder: Path) -> None:
    """Measure both and print them."""
    batches, events = round(seconds(5000)), round(seconds(1000))
    filled, bare = await phases.append(folder, Clock(True), batches)
    emit("edge-spool", "append_rows_per_s", filled.values / filled.took_s, "1/s", bare)
    bare_events = await asyncio.to_thread(bare_per_s, folder, events)
    emit("edge-spool", "events_per_s", await events_per_s(folder / "events", events), "1/s", bare_events)


def main() -> None:
    """Measure in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    main()
