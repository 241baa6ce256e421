"""law-never-lose 4: streams are independent, `event` never waits for `measurement`; each is in order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from central.ingest.lanes import LINGER_S, Lane
from protocol import messages as m
from tests.central.ingest.plant import Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_an_alarm_is_committed_while_the_history_stands_still(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1, 1))
            events, measurements = Lane("event", 0.0), Lane("measurement", LINGER_S)
            done: list[m.Receipt] = []
            async with asyncio.TaskGroup() as tasks:
                lanes = [tasks.create_task(c.committer.run(lane)) for lane in (events, measurements)]
                async with c.database.worker.acquire() as conn:
                    held = conn.transaction()
                    await held.start()
                    # Whatever holds up the history: here its cursor row is locked by somebody else.
                    await conn.execute("SELECT * FROM stream_cursor WHERE stream = 2 FOR UPDATE")
                    assert measurements.offer(await c.work(sim, sim.measurements(2, 1), done))
                    await asyncio.sleep(0.2)
                    assert events.offer(await c.work(sim, sim.events(1, [sim.alarm(1)]), done))
                    async with asyncio.timeout(5):
                        while not done:
                            await asyncio.sleep(0.01)
                    assert [(r.stream, r.status) for r in done] == [(m.EVENT, m.STORED)]
                    await held.rollback()
                async with asyncio.timeout(5):
                    while len(done) < 2:
                        await asyncio.sleep(0.01)
                assert done[1].status == m.STORED
                for lane in lanes:
                    lane.cancel()

    asyncio.run(body())


def test_no_number_is_committed_before_its_predecessor(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            batches = [sim.measurements(first, 3) for first in range(1, 31, 3)]
            for batch in reversed(batches[1:]):
                receipt = await c.one(sim, batch)
                assert (receipt.status, receipt.expected) == (m.EXPECTED, 1)
            assert await c.database.worker.fetchval("SELECT count(*) FROM measurement") == 0
            assert {r.status for r in await c.send(sim, *reversed(batches))} == {m.STORED}

    asyncio.run(body())
