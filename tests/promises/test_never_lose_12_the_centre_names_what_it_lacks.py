"""law-never-lose 12, 18: a centre restored from a backup is sent again what it lacks; nothing opens twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from central.ingest import gaps
from central.ingest.gaps import Summary
from protocol import messages as m
from tests.central.ingest.plant import Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_what_the_backup_lacks_is_asked_for_and_comes_again(database: DatabaseUrls) -> None:
    async def body() -> None:
        from central.db.pool import connect

        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            batches = [sim.measurements(first, 5) for first in range(1, 51, 5)]
            events = [sim.events(1, [sim.alarm(1)]), sim.events(2, [sim.operator(2)])]
            for batch in (*batches, *events):
                await c.one(sim, batch)
            before = await c.database.worker.fetch("SELECT id, kind, subject_id FROM warning ORDER BY id")

            # The backup is of the moment when four batches and no event were in.
            admin = await connect(database.admin)
            await admin.execute(
                "DELETE FROM measurement WHERE batch_id IN"
                " (SELECT id FROM ledger WHERE stream = 2 AND first_seq > 20);"
                "DELETE FROM event; DELETE FROM alarm_state;"
                "DELETE FROM ledger WHERE stream = 1 OR first_seq > 20;"
                "UPDATE stream_cursor SET last_seq = CASE stream WHEN 1 THEN 0 ELSE 20 END;"
                "UPDATE head_claim SET head = CASE stream WHEN 1 THEN 0 ELSE 20 END"
            )
            await admin.close()
            receipt = await c.one(sim, sim.birth())
            assert receipt.cursors == [m.Cursor(1, sim.epoch, 0), m.Cursor(2, sim.epoch, 20)]
            assert (await gaps.audit(c.database)).summary.missing == 32
            for batch in (*batches[4:], *events):
                assert (await c.one(sim, batch)).status == m.STORED
            assert (await gaps.audit(c.database)).summary == Summary(1, 52, 0, 0, 0)
            after = await c.database.worker.fetch("SELECT id, kind, subject_id FROM warning ORDER BY id")
            assert after == before

    asyncio.run(body())
