"""Trust: who is shut out, or whose box was replaced, is refused with the next frame; the new box goes on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from central.db.scope import acting
from central.devices import enrolment, enrolment_store
from protocol import messages as m
from tests.central.ingest.plant import Sim, register
from tests.central.ingest.test_road import eventually, free_endpoint, running, running_router

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_a_frame_counts_by_the_key_that_is_trusted_now(database: DatabaseUrls) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        async with running(database, endpoint) as r:
            old, bystander = Sim("gw-a", 0x1111, 77), Sim("gw-b", 0x2222, 78)
            await register(r.database, old, bystander)

            async def status(sim: Sim, message: m.Birth | m.Batch) -> int:
                receipt = await r.ask(sim, message)
                assert isinstance(receipt, m.Receipt)
                return receipt.status

            async def stored(sim: Sim, message: m.Birth | m.Batch) -> bool:
                return await status(sim, message) == m.STORED

            async def refused(sim: Sim, message: m.Birth | m.Batch) -> bool:
                return await status(sim, message) == m.REFUSED

            old.claim(measurement=10)
            await eventually(lambda: stored(old, old.birth()), 60)
            await eventually(lambda: stored(bystander, bystander.birth()), 60)
            assert await stored(old, old.measurements(1, 5))

            async with acting(r.database.worker) as conn:
                await enrolment.revoke(conn, "gw-a", "stolen", "somebody", datetime.now(UTC))
            await eventually(lambda: refused(old, old.birth()), 60)  # every process hears of it at the commit
            assert await refused(old, old.measurements(6, 5))
            assert await stored(bystander, bystander.measurements(1, 5))

            # Another box in its place: keys and epoch of its own, the history of the same gateway.
            new = Sim("gw-a", 0x3333, 79)
            async with acting(r.database.worker) as conn:
                await enrolment_store.change_key(conn, "gw-a", new.public)
            await eventually(lambda: stored(new, new.birth()), 60)
            assert await stored(new, new.measurements(1, 5))
            assert await refused(old, old.measurements(6, 5))
            async with r.database.worker.acquire() as conn:
                rows = await conn.fetch(
                    "SELECT epoch, last_seq FROM stream_cursor WHERE stream = 2 AND gateway_id = $1", "gw-a"
                )
            assert {(row["epoch"], row["last_seq"]) for row in rows} == {(0x1111, 5), (0x3333, 5)}

    with running_router(endpoint):
        asyncio.run(body())
