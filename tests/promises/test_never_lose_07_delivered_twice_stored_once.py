"""law-never-lose 7: several central processes, or a router mesh, may deliver a frame twice."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from central.ingest import gaps
from central.ingest.gaps import Summary
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_three_processes_and_every_frame_to_all_of_them(database: DatabaseUrls) -> None:
    async def body() -> None:
        sims = [Sim("gw-a"), Sim("gw-b"), Sim("gw-c")]
        async with centre(database, *sims) as c:
            processes = [c, Centre(c.database), Centre(c.database)]
            for sim in sims:
                await asyncio.gather(*(p.one(sim, sim.birth()) for p in processes))
            frames: list[tuple[Sim, m.Batch]] = []
            for n in range(15):
                for sim in sims:
                    frames.append((sim, sim.measurements(n * 3 + 1, 3)))
                    frames.append(
                        (sim, sim.events(n + 1, [sim.alarm(n + 1, m.RAISE if n % 2 == 0 else m.CLEAR)]))
                    )

            async def deliver(p: Centre, seed: int) -> None:
                rng = random.Random(seed)
                for sim, batch in frames:
                    await asyncio.sleep(rng.uniform(0, 0.004))
                    while (receipt := await p.one(sim, batch)).status != m.STORED:
                        assert receipt.status in {m.EXPECTED, m.BUSY}
                        await asyncio.sleep(0.01)

            await asyncio.gather(*(deliver(p, seed) for seed, p in enumerate(processes)))
            assert (await gaps.audit(c.database)).summary == Summary(3, 180, 0, 0, 0)
            assert await c.database.worker.fetchval("SELECT count(*) FROM warning") == 3

    asyncio.run(body())
