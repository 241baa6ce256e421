"""The spool on a real disk: what goes in comes out once, in order, whatever happens in between."""

import asyncio
import contextlib
import sqlite3
from functools import partial
from pathlib import Path

from edge.spool.records import AlarmRow, StoredBatch
from edge.spool.spool import Quota
from edge.spool.stream import Hole
from protocol import codec
from protocol import messages as m
from tests.edge.spool.spool_at_hand import DESCRIPTION, drain, events_of, measure, running, switch


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


def test_a_file_damaged_while_it_is_open_is_replaced_and_its_loss_declared(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            measure(spool, 1, polls=5)
            await spool.measurements.written(5)
            await spool.measurements.call(spool.measurements.file.give_back)
            data = bytearray((tmp_path / "measurements.db").read_bytes())
            data[4096:] = b"\xa5" * (len(data) - 4096)
            (tmp_path / "measurements.db").write_bytes(data)
            spool.measurements.file._db.execute("PRAGMA shrink_memory")
            measure(spool, 2, polls=5)
            assert await spool.measurements.written(10)
            hole = await spool.next(m.MEASUREMENT)
            assert isinstance(hole, Hole)
            assert (hole.epoch, hole.first, hole.last) == (spool.epoch, 1, 5)
            await asyncio.gather(spool.account_for(hole), drain(spool, m.EVENT))
            following = await spool.next(m.MEASUREMENT)
            assert isinstance(following, StoredBatch)
            assert (following.first, following.last) == (6, 10)
        assert list(tmp_path.glob("measurements.db.damaged-*"))

    asyncio.run(run())


def test_a_damaged_event_file_takes_no_alarm_state_with_it(tmp_path: Path) -> None:
    async def run() -> None:
        row = AlarmRow("GT-101/H", "B", "0a-1", 1_700_000_000_000)
        async with running(tmp_path) as spool:
            make = partial(m.OutputEvent, output="x", state="on", ok=True)
            spool.record(make, alarms={"GT-101/H": row, "GT-102/H": row})
            spool.record(make, alarms={"GT-102/H": None})
            await spool.events.written(3)
            await spool.events.call(spool.events.file.give_back)
            data = bytearray((tmp_path / "events.db").read_bytes())
            data[4096:] = b"\xa5" * (len(data) - 4096)
            (tmp_path / "events.db").write_bytes(data)
            spool.events.file._db.execute("PRAGMA shrink_memory")
            switch(spool, "horn")
            assert await spool.events.written(4)
            events = events_of(await drain(spool, m.EVENT))
            assert [type(e).__name__ for e in events] == ["GapEvent"] * 3 + ["OutputEvent"]
        async with running(tmp_path) as spool:
            assert spool.saved_alarms == [row]

    asyncio.run(run())
