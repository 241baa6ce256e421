"""The spool on a real disk: what goes in comes out once, in order, whatever happens in between."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from edge.clock import Clock
from edge.core.batch import Batcher
from edge.spool.records import AlarmRow, StoredBatch
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


def test_events_and_measurements_come_out_in_order_and_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            for i in range(5):
                switch(spool, f"horn-{i}")
                measure(spool, i, polls=3)
                await asyncio.sleep(0.01)
            events = events_of(await drain(spool, m.EVENT))
            assert [e.output for e in events if isinstance(e, m.OutputEvent)] == [
                f"horn-{i}" for i in range(5)
            ]
            assert isinstance(events[0], m.OpenedEvent)
            assert events[0].clean
            assert [e.seq for e in events] == list(range(1, 7))
            batches = await drain(spool, m.MEASUREMENT)
            values = []
            for batch in batches:
                assert isinstance(batch, StoredBatch)
                body = codec.decode_measurements(batch.body, batch.first, batch.last)
                values += [row for rows in body.blocks for row in rows.values]
            assert values == [[i, j] for i in range(5) for j in range(3)]

    asyncio.run(run())


def test_every_opening_mints_an_epoch_that_names_the_one_before(tmp_path: Path) -> None:
    async def run() -> None:
        epochs = []
        for _ in range(3):
            async with running(tmp_path) as spool:
                epochs.append((spool.events.current.epoch, spool.events.current.follows))
        assert [follows for _, follows in epochs] == [0, epochs[0][0], epochs[1][0]]
        async with running(tmp_path) as spool:
            opened = [e for e in events_of(await drain(spool, m.EVENT)) if isinstance(e, m.OpenedEvent)]
            assert [e.epoch for e in opened[:3]] == [epoch for epoch, _ in epochs]
            assert all(e.clean for e in opened)
            assert [h.epoch for h in spool.heads()][:3] == [epoch for epoch, _ in epochs]

    asyncio.run(run())


def test_an_unclean_stop_declares_an_open_gap_of_measurements_once(tmp_path: Path) -> None:
    async def run() -> None:
        spool = await Spool.open(tmp_path, Clock(True), DESCRIPTION, Quota(), "test")
        tasks = [asyncio.create_task(spool.run_events()), asyncio.create_task(spool.run_measurements())]
        measure(spool, 1, polls=4)
        await spool.measurements.written(4)
        await spool.events.written(1)
        await crashed(tmp_path, spool)
        for task in tasks:
            task.cancel()
        old = spool.epoch
        for expected in (1, 0):
            async with running(tmp_path) as again:
                await again.events.written(2 if expected else 1)
                await asyncio.sleep(0.1)
                found = events_of(await drain(again, m.EVENT))
                gaps = [e for e in found if isinstance(e, m.GapEvent)]
                assert len(gaps) == expected
                if expected:
                    assert [e.clean for e in found if isinstance(e, m.OpenedEvent)] == [True, False]
                    assert (gaps[0].stream, gaps[0].epoch, gaps[0].first, gaps[0].last) == (
                        m.MEASUREMENT,
                        old,
                        5,
                        0,
                    )
                    batches = await drain(again, m.MEASUREMENT)
                    assert [(b.first, b.last) for b in batches] == [(1, 4)]

    asyncio.run(run())


def test_alarm_states_are_written_with_their_event_and_come_back(tmp_path: Path) -> None:
    async def run() -> None:
        row = AlarmRow("GT-101/H", "B", "0a-1", 1_700_000_000_000)
        async with running(tmp_path) as spool:
            make = partial(m.OutputEvent, output="x", state="on", ok=True)
            spool.record(make, alarms={"GT-101/H": row, "GT-102/H": row})
            spool.record(make, alarms={"GT-102/H": None})
        async with running(tmp_path) as spool:
            assert spool.saved_alarms == [row]

    asyncio.run(run())


def test_a_restored_centre_gets_again_what_it_lacks(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            for i in range(6):
                measure(spool, i)
            await spool.measurements.written(6)
            first = await drain(spool, m.MEASUREMENT)
            assert len(first) == 6
            assert spool.measurements.waiting == 0
            await spool.rewind([m.Cursor(m.MEASUREMENT, spool.epoch, 2)])
            assert spool.measurements.waiting == 4
            again = await drain(spool, m.MEASUREMENT)
            assert again == first[2:]

    asyncio.run(run())


def test_receipted_rows_are_trimmed_first_and_asked_for_again_they_are_a_declared_hole(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        async with running(tmp_path, Quota(10_000_000, 125_000)) as spool:
            for i in range(60):
                measure(spool, i, polls=100)
                await spool.measurements.written(100 * (i + 1))
                if i == 40:
                    assert len(await drain(spool, m.MEASUREMENT)) == 41
            await asyncio.sleep(0.2)
            assert spool.measurements.used_bytes <= 125_000
            events = events_of(await drain(spool, m.EVENT))
            assert not [e for e in events if isinstance(e, m.GapEvent)]  # only receipted rows went
            left = await drain(spool, m.MEASUREMENT)
            assert [b.first for b in left] == [100 * i + 1 for i in range(41, 60)]
            await spool.rewind([m.Cursor(m.EVENT, spool.epoch, spool.events.seq)])
            hole = await spool.next(m.MEASUREMENT)
            assert isinstance(hole, Hole)
            assert hole.first == 1
            waiting = asyncio.create_task(spool.account_for(hole))
            await asyncio.sleep(0.1)
            assert not waiting.done()  # the declaration must be receipted before measurements go on
            gaps = [e for e in events_of(await drain(spool, m.EVENT)) if isinstance(e, m.GapEvent)]
            assert [(g.first, g.last) for g in gaps] == [(1, hole.last)]
            await waiting
            following = await spool.next(m.MEASUREMENT)
            assert isinstance(following, StoredBatch)
            assert following.first == hole.last + 1

    asyncio.run(run())


def test_without_a_centre_old_measurements_are_thinned_and_each_loss_is_declared_first(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        async with running(tmp_path, Quota(10_000_000, 400_000)) as spool:
            for i in range(150):
                measure(spool, i, polls=100)
                await spool.measurements.written(100 * (i + 1))
            await asyncio.sleep(0.3)
            assert spool.measurements.used_bytes < 600_000
            declared: set[int] = set()
            for event in events_of(await drain(spool, m.EVENT)):
                if isinstance(event, m.GapEvent):
                    assert declared.isdisjoint(range(event.first, event.last + 1))
                    declared.update(range(event.first, event.last + 1))
            held: set[int] = set()
            for item in await drain(spool, m.MEASUREMENT):
                numbers = set(range(item.first, item.last + 1))
                if isinstance(item, Hole):
                    assert numbers <= declared
                else:
                    held |= numbers
            assert held.isdisjoint(declared)
            assert held | declared == set(range(1, 15_001))
            assert max(held) == 15_000
            assert len(held) > 2000

    asyncio.run(run())


def test_events_that_had_to_go_are_told_in_their_own_places(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path, Quota(120_000, 10_000_000)) as spool:
            for i in range(400):
                spool.record(*[partial(m.OutputEvent, output=f"o{i}", state="on", ok=True)] * 10)
                await spool.events.written(spool.events.seq)
            await asyncio.sleep(0.2)
            assert spool.events.used_bytes < 160_000
            batches = await drain(spool, m.EVENT)
            events = events_of(batches)
            assert [e.seq for e in events] == list(range(1, 4002))
            lost = [e for e in events if isinstance(e, m.GapEvent)]
            assert all(e.first == e.last == e.seq and e.stream == m.EVENT for e in lost)
            assert len(lost) > 1000
            assert not isinstance(events[-1], m.GapEvent)

    asyncio.run(run())


def test_a_tombstone_is_the_same_after_a_restart(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path, Quota(120_000, 10_000_000)) as spool:
            for i in range(400):
                spool.record(*[partial(m.OutputEvent, output=f"o{i}", state="on", ok=True)] * 10)
                await spool.events.written(spool.events.seq)
            await asyncio.sleep(0.2)
            first = await spool.next(m.EVENT)
            assert isinstance(first, StoredBatch)
            # The oldest batch may be on its way to the centre, so it is never what goes.
            await spool.receipted(m.EVENT, first.epoch, first.last)
            before = await spool.next(m.EVENT)
        other = codec.encode_description(m.Description("gw-test", "other", 2, "test", [], [], []))
        async with running(tmp_path, Quota(120_000, 10_000_000), other) as spool:
            assert await spool.next(m.EVENT) == before
            assert (
                await spool.description(before.birth if isinstance(before, StoredBatch) else b"")
                == DESCRIPTION
            )

    asyncio.run(run())


def test_a_damaged_file_is_put_aside_and_the_gateway_runs(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            measure(spool, 1)
            switch(spool, "horn")
            await spool.measurements.written(1)
            old = spool.epoch
        for name in ("events.db", "measurements.db"):
            data = bytearray((tmp_path / name).read_bytes())
            data[100:3000] = b"\xa5" * 2900
            (tmp_path / name).write_bytes(data)
        async with running(tmp_path) as spool:
            switch(spool, "beacon")
            await spool.events.written(spool.events.seq)
            await asyncio.sleep(0.1)
            events = events_of(await drain(spool, m.EVENT))
            assert isinstance(events[0], m.OpenedEvent)
            assert not events[0].clean
            assert "damaged" in events[0].reason
        assert len(list(tmp_path.glob("*.damaged-*"))) >= 2
        assert old != spool.epoch

    asyncio.run(run())


def test_a_damaged_event_file_is_followed_by_the_epoch_that_the_measurements_know(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            measure(spool, 1)
            await spool.measurements.written(1)
            old = spool.epoch
        (tmp_path / "events.db").write_bytes(b"this is no database" * 400)
        async with running(tmp_path) as spool:
            assert spool.events.current.follows == old
            await asyncio.sleep(0.1)
            gaps = [e for e in events_of(await drain(spool, m.EVENT)) if isinstance(e, m.GapEvent)]
            assert [(g.stream, g.epoch, g.last) for g in gaps] == [(m.EVENT, old, 0)]
            batches = await drain(spool, m.MEASUREMENT)
            assert [(b.epoch, b.first) for b in batches] == [(old, 1)]
            assert [h.epoch for h in spool.heads()] == [old, spool.epoch]

    asyncio.run(run())


def test_a_birth_is_kept_while_records_refer_to_it(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            measure(spool, 1)
            await spool.measurements.written(1)
        other = codec.encode_description(m.Description("gw-test", "other", 2, "test", [], [], []))
        async with running(tmp_path, description=other) as spool:
            measure(spool, 2)
            await spool.measurements.written(1)
            births = [b.birth for b in await drain(spool, m.MEASUREMENT) if isinstance(b, StoredBatch)]
            assert births == [codec.birth_hash(DESCRIPTION), codec.birth_hash(other)]
            assert await spool.description(births[0]) == DESCRIPTION
            assert await spool.description(b"unknown") is None

    asyncio.run(run())


def test_events_are_on_the_disk_before_they_are_handed_out(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            switch(spool, "horn")
            batch = await spool.next(m.EVENT)
            assert isinstance(batch, StoredBatch)
            with contextlib.closing(sqlite3.connect(tmp_path / "events.db")) as db:
                assert db.execute("SELECT max(last) FROM batch").fetchone()[0] >= batch.last
                assert (
                    db.execute("SELECT body FROM batch WHERE first = ?", (batch.first,)).fetchone()[0]
                    == batch.body
                )

    asyncio.run(run())
