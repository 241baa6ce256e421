"""law-never-lose 2: every batch names its Birth, which is kept while a record refers to it and sent first."""

import asyncio
from pathlib import Path

from edge.spool.records import StoredBatch
from protocol import codec
from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import prepared, running_gateway, until
from tests.edge.spool.spool_at_hand import DESCRIPTION, drain, measure, running
from tests.edge.uplink.small_centre import centre


def test_a_backlog_of_yesterdays_configuration_comes_with_yesterdays_birth(tmp_path: Path) -> None:
    async def run() -> None:
        board = Slave(1, 10, size=64)
        async with centre() as small, board.tcp() as port:
            path = prepared(tmp_path, port, small)
            small.silent = True
            async with running_gateway(path):
                await until(lambda: board[1].requests > 15, 10)
            path.write_text(path.read_text().replace("scale = 0.1", "scale = 0.2"))
            small.silent = False
            async with running_gateway(path):
                await until(
                    lambda: len({b.epoch for b in small.batches if b.stream == m.MEASUREMENT}) == 2, 10
                )
            old, new = [e.epoch for e in small.births[-1].epochs][-2:]
            scales = {}
            for batch in small.batches:
                birth = next(b for b in small.births if codec.birth_hash(b.description) == batch.birth_hash)
                scales[batch.epoch] = codec.decode_description(birth.description).points[0].scale
            assert scales == {old: 0.1, new: 0.2}
            assert [b.current for b in small.births].count(False) >= 1

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


def test_the_birth_of_a_gateway_in_alarm_carries_the_alarm(tmp_path: Path) -> None:
    async def run() -> None:
        board = Slave(1, 10, size=64)
        async with centre() as small, board.tcp() as port:
            path = prepared(tmp_path, port, small)
            board[1].holding[0] = 150
            small.silent = True
            async with running_gateway(path):
                await until(lambda: board[10].coils[0], 10)
                small.silent = False
                await until(lambda: small.births and small.births[-1].active, 10)
                active = small.births[-1].active[0]
                assert (active.alarm, active.state, active.value) == ("GT-101/H", "B", 15.0)
                await until(lambda: any(isinstance(e, m.AlarmEvent) for e in small.events()), 10)
                event = next(e for e in small.events() if isinstance(e, m.AlarmEvent))
                assert event.occurrence == active.occurrence

    asyncio.run(run())
