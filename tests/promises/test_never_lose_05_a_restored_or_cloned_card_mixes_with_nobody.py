"""law-never-lose 5, at the centre: a restored or cloned card uses no number of another opening of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from central.ingest import gaps
from protocol import messages as m
from tests.central.ingest.plant import Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_a_spool_restored_from_an_image_goes_on_in_its_own_epoch(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1, 5))
            await c.one(sim, sim.measurements(6, 5))
            # The image knew of 5 only; after it was put back the spool opens a new epoch.
            sim.claim(measurement=5)
            sim.reopen(0x2222)
            receipt = await c.one(sim, sim.birth())
            assert m.Cursor(m.MEASUREMENT, 0x1111, 10) in receipt.cursors
            assert (await c.one(sim, sim.measurements(1, 5, raw=9))).status == m.STORED
            assert (await gaps.audit(c.database)).summary == gaps.Summary(1, 15, 0, 0, 0)

    asyncio.run(body())


def test_two_clones_of_a_card_neither_mix_nor_block_each_other(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [sim.operator(1)]))
            clone = sim.clone()
            sim.reopen(0x2222)
            clone.reopen(0x3333)
            for _ in range(2):
                for one in (sim, clone):
                    await c.one(one, one.birth())
                    first = one.head(m.EVENT) + 1
                    receipt = await c.one(one, one.events(first, [one.operator(first)]))
                    assert receipt.status == m.STORED
            assert (await gaps.audit(c.database)).summary == gaps.Summary(1, 5, 0, 0, 0)

    asyncio.run(body())


def test_a_range_with_another_content_is_never_called_a_repetition(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [sim.operator(1), sim.operator(2)]))
            for other in (
                sim.events(1, [sim.operator(1), sim.alarm(2)]),
                sim.events(2, [sim.operator(2)]),
                sim.events(1, [sim.operator(1)]),
                sim.events(2, [sim.operator(2), sim.operator(3)]),
            ):
                assert (await c.one(sim, other)).status == m.CONFLICT
            assert await c.database.worker.fetchval("SELECT count(*) FROM range_conflict") == 4
            assert await c.database.worker.fetchval("SELECT count(*) FROM event") == 2

    asyncio.run(body())
