"""law-never-lose 14: whatever was stored, lost, declared or claimed, in any order, `gaps` counts it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.db.pool import Database
from central.ingest import gaps
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

# A batch of 1..4 measurements is delivered, declared gone first, or never comes; then the head is claimed.
fates = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["sent", "sent", "gone", "sent twice"])), max_size=8
)


def test_the_audit_counts_what_happened(database: DatabaseUrls) -> None:
    sim = Sim("gw-a")
    epochs = iter(range(0x10000, 0x20000))
    total = {"records": 0, "missing": 0, "lost": 0}

    async def begin() -> None:
        async with centre(database, sim):
            return

    asyncio.run(begin())

    @given(fates, st.integers(0, 6), st.integers(0, 3))
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    def check(batches: list[tuple[int, str]], owed: int, dropped: int) -> None:
        asyncio.run(body(batches, owed, dropped))

    async def body(batches: list[tuple[int, str]], owed: int, dropped: int) -> None:
        async with Database.open(database, web_size=1, worker_size=3) as db:
            c = Centre(db)
            sim.reopen(next(epochs))
            await c.one(sim, sim.birth())
            first, event = 1, 1
            stored: list[int] = []
            for count, fate in batches:
                if fate == "gone":
                    gap = sim.gap(event, m.MEASUREMENT, sim.epoch, first, first + count - 1)
                    assert (await c.one(sim, sim.events(event, [gap]))).status == m.STORED
                    event += 1
                    total["records"] += 1
                    total["lost"] += count
                else:
                    batch = sim.measurements(first, count)
                    for _ in range(2 if fate == "sent twice" else 1):
                        assert (await c.one(sim, batch)).status == m.STORED
                    stored += range(first, first + count)
                    total["records"] += count
                first += count
            sim.claim(measurement=first - 1 + owed)
            await c.one(sim, sim.birth())
            total["missing"] += owed
            # A disk forgets some of what was stored: whole records, at random places.
            for seq in stored[:: max(1, len(stored) // dropped)][:dropped] if dropped and stored else []:
                await db.worker.execute(
                    "DELETE FROM measurement m USING ledger l WHERE l.id = m.batch_id AND l.epoch = $1"
                    " AND l.first_seq + m.record = $2",
                    sim.epoch,
                    seq,
                )
                total["missing"] += 1
            summary = (await gaps.audit(db)).summary
            assert summary == gaps.Summary(1, total["records"], total["missing"], 0, total["lost"])

    check()
