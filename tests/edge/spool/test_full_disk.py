"""A disk that is really full (a small tmpfs): events are kept, sent and at last written; losses are told."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from edge.core.batch import Batcher
from edge.spool.records import StoredBatch
from edge.spool.spool import Quota, Spool
from edge.spool.stream import Hole
from protocol import codec
from protocol import messages as m
from tests.edge.spool.spool_at_hand import drain, events_of, running

HUGE = Quota(1_000_000_000, 1_000_000_000)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 6 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs root: " + mounted.stderr.decode().strip())
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> None:
    """Let somebody else's file take what is left."""
    with (
        (disk / "log-of-somebody-else").open("ab", buffering=0) as file,
        contextlib.suppress(OSError),
    ):
        while True:
            file.write(b"\0" * 4096)
    assert os.statvfs(disk).f_bavail == 0


def is_full(spool: Spool) -> bool:
    return spool.events.full


def measure(spool: Spool, value: int) -> None:
    batcher = Batcher(1000)
    for i in range(20):
        batcher.take(0, i, 1000, 0, 2, 1, 192, tuple(range(value, value + 200)), ())
    closed = batcher.close()
    assert closed is not None
    spool.add_measurements(closed)


def switch(spool: Spool, name: str) -> None:
    spool.record(partial(m.OutputEvent, output=name, state="on", ok=True))


def test_on_a_full_disk_events_are_kept_sent_and_written_when_there_is_space(small_disk: Path) -> None:
    async def run() -> None:
        async with running(small_disk / "state", HUGE) as spool:
            switch(spool, "before")
            await spool.events.written(2)
            await drain(spool, m.EVENT)
            fill(small_disk)
            for i in range(1000):
                switch(spool, f"alone-{i}")
                if i % 10 == 0:
                    await asyncio.sleep(0)
            for i in range(300):  # more than the reserve of space can take
                spool.record(
                    *[partial(m.OutputEvent, output=f"full-{i}-" + "x" * 60, state="on", ok=True)] * 50
                )
                await asyncio.sleep(0.002)
            await asyncio.sleep(1.5)
            assert is_full(spool)
            sent = [e for e in events_of(await drain(spool, m.EVENT)) if isinstance(e, m.OutputEvent)]
            assert len(sent) == 1000 + 300 * 50
            (small_disk / "log-of-somebody-else").unlink()
            await spool.events.written(spool.events.seq, 10)
            assert not is_full(spool)
        async with running(small_disk / "state", HUGE) as spool:
            await spool.rewind([])
            batches = await drain(spool, m.EVENT)
            seqs = [e.seq for e in events_of(batches) if not isinstance(e, m.OpenedEvent)]
            assert seqs[:16_001] == list(range(2, 16_003))

    asyncio.run(run())


def test_on_a_full_disk_old_measurements_make_room_and_every_loss_is_declared(small_disk: Path) -> None:
    async def run() -> None:
        async with running(small_disk / "state", HUGE) as spool:
            for i in range(800):
                measure(spool, i)
                if i % 5 == 0:
                    switch(spool, f"at-{i}")
                await asyncio.sleep(0.004)
            await asyncio.sleep(2)
            declared: set[int] = set()
            held: set[int] = set()
            listening = asyncio.create_task(receipt_events(spool, declared))
            with contextlib.suppress(TimeoutError):
                while True:
                    async with asyncio.timeout(2):
                        item = await spool.next(m.MEASUREMENT)
                        if isinstance(item, Hole):
                            await spool.account_for(item)
                        else:
                            held |= set(range(item.first, item.last + 1))
                            await spool.receipted(m.MEASUREMENT, item.epoch, item.last)
            listening.cancel()
            assert spool.measurements.seq == 800 * 20
            assert held | declared == set(range(1, spool.measurements.seq + 1))
            assert declared
            assert max(held) == spool.measurements.seq

    asyncio.run(run())


async def receipt_events(spool: Spool, declared: set[int]) -> None:
    while True:
        batch = await spool.next(m.EVENT)
        for event in events_of([batch]):
            if isinstance(event, m.GapEvent):
                declared |= set(range(event.first, event.last + 1))
        await spool.receipted(m.EVENT, batch.epoch, batch.last)


def test_a_disk_that_takes_nothing_at_all_keeps_no_gateway_from_running(small_disk: Path) -> None:
    async def run() -> None:
        fill(small_disk)
        async with running(small_disk / "state", HUGE) as spool:
            switch(spool, "horn")
            measure(spool, 1)
            await asyncio.sleep(0.3)
            events = events_of(await drain(spool, m.EVENT))
            assert [e.output for e in events if isinstance(e, m.OutputEvent)] == ["horn"]
            batches = await drain(spool, m.MEASUREMENT)
            assert [isinstance(b, StoredBatch) for b in batches] == [True]
            assert codec.birth_hash(spool.description_bytes) == spool.birth_hash

    asyncio.run(run())
