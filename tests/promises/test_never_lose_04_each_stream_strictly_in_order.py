"""law-never-lose 4: streams are independent, and each comes in order, every number once."""

import asyncio
from pathlib import Path

from edge.spool.records import StoredBatch
from protocol import codec
from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import prepared, running_gateway, until, whole
from tests.edge.spool.spool_at_hand import drain, events_of, measure, running, switch
from tests.edge.uplink.small_centre import centre


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


def test_a_birth_comes_first_and_then_every_number_once_in_order(tmp_path: Path) -> None:
    async def run() -> None:
        board = Slave(1, 10, size=64)
        async with centre() as small, board.tcp() as port:
            async with running_gateway(prepared(tmp_path, port, small)):
                await until(lambda: len(small.batches) > 6, 10)
                board[1].holding[0] = 150
                await until(lambda: any(isinstance(e, m.AlarmEvent) for e in small.events()))
            birth = small.births[0]
            assert birth.current
            epoch = birth.epochs[-1].epoch
            assert whole(small, epoch, m.EVENT)
            assert whole(small, epoch, m.MEASUREMENT)
            assert isinstance(small.events()[0], m.OpenedEvent)
            assert {b.sent_boot for b in small.batches} == {birth.boot}
            assert small.live
            assert {b.stream for b in small.live} == {m.EVENT, m.MEASUREMENT}
            beats = small.heartbeats
            assert [b.counter for b in beats] == list(range(beats[0].counter, beats[0].counter + len(beats)))
            assert beats[-1].sources[0].source == "GT-101"

    asyncio.run(run())
