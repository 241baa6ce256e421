"""law-never-lose 17: live copies are best effort; the newest value moves only forward by (epoch, seq)."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

from central import clock
from central.ingest.show import Show
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from typing import Any

    from central.db.pool import DatabaseUrls


class Nobody:
    streams = 0

    def publish(self, kind: str, place: str, payload: dict[str, Any], sector: str = "") -> None:
        raise AssertionError("nobody listens")


def test_a_backlog_of_an_older_epoch_never_overwrites_the_present(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            old = [sim.measurements(first, 2, raw=first) for first in (1, 3, 5)]
            sim.reopen(0x2222)
            new = [sim.measurements(first, 2, raw=1000 + first) for first in (1, 3, 5)]
            await c.one(sim, sim.birth())
            gateway = c.directory.known("gw-a")
            assert gateway is not None
            show = Show(database=c.database, directory=c.directory, latest=c.latest, consoles=Nobody())
            point = await c.database.worker.fetchval("SELECT id FROM point WHERE key = 'GT-101'")
            # The live copy of the present comes first, then everything by both roads in any order.
            await show.take(gateway, new[-1], clock.monotonic_s())
            rng = random.Random(7)
            arrivals = [("live", b) for b in (*old, *new)] * 2
            rng.shuffle(arrivals)
            for _, batch in arrivals:
                await show.take(gateway, batch, clock.monotonic_s())
                found = c.latest.get(point)
                assert found is not None
                assert found.value == 1006 * 0.1
            for batch in (*new, *old):
                assert (await c.one(sim, batch)).status == m.STORED
            found = c.latest.get(point)
            assert found is not None
            assert (found.value, found.ordinal, found.seq) == (1006 * 0.1, 2, 6)
            await show.publish()

    asyncio.run(body())


def test_a_copy_that_cannot_be_read_yet_is_dropped_and_its_batch_is_not(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            batch = sim.measurements(1, 2)
            await c.directory.refresh(clock.monotonic_s())
            gateway = c.directory.known("gw-a")
            assert gateway is not None
            show = Show(database=c.database, directory=c.directory, latest=c.latest, consoles=Nobody())
            await show.take(gateway, batch, clock.monotonic_s())
            assert c.latest.changed() == []
            await c.one(sim, sim.birth())
            assert (await c.one(sim, batch)).status == m.STORED
            # A second process sees the live copies of what the first one committed.
            other = Centre(c.database)
            there = Show(
                database=c.database, directory=other.directory, latest=other.latest, consoles=Nobody()
            )
            await there.take(gateway, batch, clock.monotonic_s())
            assert {v[0] for v in other.latest.changed()} == {v[0] for v in c.latest.changed()}

    asyncio.run(body())
