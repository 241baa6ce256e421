"""A spool in this process with its writers, records to put into it, and a centre that receipts all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from edge.clock import Clock
from edge.core.batch import Batcher
from edge.spool.records import StoredBatch
from edge.spool.spool import Quota, Spool
from edge.spool.stream import Hole
from protocol import codec
from protocol import messages as m

DESCRIPTION = codec.encode_description(m.Description("gw-test", "hash", 1, "test", [], [], []))
PLENTY = Quota()


@contextlib.asynccontextmanager
async def running(
    folder: Path, quota: Quota = PLENTY, description: bytes = DESCRIPTION
) -> AsyncIterator[Spool]:
    """A spool with its writers; closed cleanly at the end."""
    spool = await Spool.open(folder, Clock(True), description, quota, "test")
    async with asyncio.TaskGroup() as group:
        group.create_task(spool.run_events())
        group.create_task(spool.run_measurements())
        yield spool
        spool.stop()


async def crashed(folder: Path, spool: Spool) -> None:
    """Leave the files as a kill would."""
    for stream in (spool.events, spool.measurements):
        await stream.call(stream.file.abandon)


def measure(spool: Spool, value: int, polls: int = 1) -> None:
    batcher = Batcher(1000)
    for i in range(polls):
        batcher.take(i, 1, 1000 + i, i, 3, 1, 192, (value, i), ())
    closed = batcher.close()
    assert closed is not None
    spool.add_measurements(closed)


def switch(spool: Spool, name: str) -> None:
    spool.record(partial(m.OutputEvent, output=name, state="on", ok=True))


async def drain(spool: Spool, stream: int, wait_s: float = 0.3) -> list[StoredBatch | Hole]:
    """Take everything as a centre that receipts all."""
    found: list[StoredBatch | Hole] = []
    with contextlib.suppress(TimeoutError):
        while True:
            async with asyncio.timeout(wait_s):
                item = await spool.next(stream)
            found.append(item)
            if isinstance(item, Hole):
                spool.measurements.receipted(item.epoch, item.last)
            else:
                await spool.receipted(stream, item.epoch, item.last)
    return found


def events_of(batches: list[StoredBatch | Hole]) -> list[m.Event]:
    found: list[m.Event] = []
    for batch in batches:
        assert isinstance(batch, StoredBatch)
        for _, event, _ in codec.decode_events(batch.body, batch.first, batch.last):
            assert event is not None
            found.append(event)
    return found
