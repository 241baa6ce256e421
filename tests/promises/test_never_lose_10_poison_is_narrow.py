"""law-never-lose 10: poison is a row refused twice, alone, with class 22 or 23; it is never silently gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.ingest import gaps
from central.ingest.gaps import Summary
from protocol import messages as m
from tests.central.ingest.plant import Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_every_poisoned_event_of_a_batch_is_found_and_every_other_is_kept(database: DatabaseUrls) -> None:
    @given(st.sets(st.integers(1, 12), max_size=5))
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    def check(poisoned: set[int]) -> None:
        asyncio.run(body(poisoned))

    epoch = iter(range(0x10000, 0x20000))
    sim = Sim("gw-a")
    begun: list[int] = []

    async def body(poisoned: set[int]) -> None:
        from central.db.pool import Database

        if not begun:
            async with centre(database, sim):
                begun.append(1)
        async with Database.open(database, web_size=1, worker_size=3) as db:
            from tests.central.ingest.plant import Centre

            c = Centre(db)
            sim.reopen(next(epoch))
            await c.one(sim, sim.birth())
            # PostgreSQL holds no NUL in a text.
            names = [f"o-{n}" + ("\x00" if n in poisoned else "") for n in range(1, 13)]
            events = [sim.alarm(n, occurrence=name) for n, name in enumerate(names, 1)]
            assert (await c.one(sim, sim.events(1, events))).status == m.STORED
            kept = await db.worker.fetch("SELECT seq FROM event WHERE epoch = $1", sim.epoch)
            aside = await db.worker.fetch("SELECT seq FROM quarantine WHERE epoch = $1", sim.epoch)
            assert {r["seq"] for r in kept} == set(range(1, 13)) - poisoned
            assert {r["seq"] for r in aside} == poisoned
            total = await db.worker.fetchval("SELECT count(*) FROM quarantine")
            summary = (await gaps.audit(db)).summary
            assert (summary.missing, summary.duplicate) == (total, 0)

    check()


def test_a_full_disk_is_no_poison(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            from central.db.pool import connect

            admin = await connect(database.admin)
            # What a full disk raises: SQLSTATE 53100.
            await admin.execute(
                "CREATE FUNCTION test_full() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$;"
                " GRANT EXECUTE ON FUNCTION test_full() TO PUBLIC;"
                " CREATE TRIGGER test_full BEFORE INSERT ON measurement"
                " FOR EACH ROW EXECUTE FUNCTION test_full()"
            )
            assert (await c.one(sim, sim.measurements(1, 3))).status == m.BUSY
            assert await c.database.worker.fetchval("SELECT count(*) FROM quarantine") == 0
            await admin.execute("DROP TRIGGER test_full ON measurement")
            await admin.close()
            assert (await c.one(sim, sim.measurements(1, 3))).status == m.STORED
            assert (await gaps.audit(c.database)).summary == Summary(1, 3, 0, 0, 0)

    asyncio.run(body())
