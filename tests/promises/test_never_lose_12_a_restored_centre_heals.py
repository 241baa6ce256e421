"""law-never-lose 12: a restored centre gets again what it lacks; what was trimmed is declared first."""

import asyncio
from pathlib import Path

from edge.spool.records import StoredBatch
from edge.spool.spool import Quota
from edge.spool.stream import Hole
from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import prepared, running_gateway, until, whole
from tests.edge.spool.spool_at_hand import drain, events_of, measure, running
from tests.edge.uplink.small_centre import centre


def test_a_restored_centre_gets_everything_again(tmp_path: Path) -> None:
    async def run() -> None:
        board = Slave(1, 10, size=64)
        async with (
            centre() as small,
            board.tcp() as port,
            running_gateway(prepared(tmp_path, port, small)),
        ):
            await until(lambda: len(small.batches) > 10, 10)
            small.batches.clear()  # restored from a backup of an empty database
            small.cursors.clear()
            small.descriptions.clear()
            await until(lambda: len(small.batches) > 15, 10)
            epoch = small.births[0].epochs[-1].epoch
            assert whole(small, epoch, m.EVENT)
            assert whole(small, epoch)

    asyncio.run(run())


def test_receipted_rows_are_trimmed_first_and_asked_for_again_they_are_a_declared_hole(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        async with running(tmp_path, Quota(10_000_000, 125_000)) as spool:
            for i in range(75):
                measure(spool, i, polls=100)
                await spool.measurements.written(100 * (i + 1))
                if i == 40:
                    assert len(await drain(spool, m.MEASUREMENT)) == 41
            await asyncio.sleep(0.2)
            assert spool.measurements.used_bytes <= 125_000
            events = events_of(await drain(spool, m.EVENT))
            assert not [e for e in events if isinstance(e, m.GapEvent)]  # only receipted rows went
            left = await drain(spool, m.MEASUREMENT)
            assert [b.first for b in left] == [100 * i + 1 for i in range(41, 75)]
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
