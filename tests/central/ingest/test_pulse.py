from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from central import clock
from central.db.pool import connect
from central.ingest.pulse import Pulse
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


async def _beat(c: Centre, pulse: Pulse, sim: Sim, ago_s: float = 0.0) -> None:
    known = await c.directory.gateway(sim.id, clock.monotonic_s())
    assert known is not None
    pulse.take(known[0], sim.heartbeat(), clock.monotonic_s() - ago_s)
    await pulse.flush()


async def _presence(c: Centre) -> str:
    word: str = await c.database.worker.fetchval("SELECT presence FROM gateway_state")
    return word


def test_an_absence_that_could_not_be_judged_is_told_again(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            pulse = Pulse(c.database, c.directory)
            await _beat(c, pulse, sim, ago_s=0.1)
            owner = await connect(database.admin)
            await owner.execute("REVOKE INSERT ON warning FROM fengsui_worker")
            await asyncio.sleep(3.2)
            await pulse.flush()
            assert await _presence(c) == "online"
            await owner.execute("GRANT INSERT ON warning TO fengsui_worker")
            await owner.close()
            await pulse.flush()
            assert await _presence(c) == "offline"
            assert await c.database.worker.fetchval("SELECT array_agg(kind) FROM warning") == ["presence"]

    asyncio.run(body())


def test_a_process_that_cannot_hear_makes_nobody_absent(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            hears, deaf = Pulse(c.database, c.directory), Pulse(c.database, c.directory)
            await _beat(c, hears, sim)
            await deaf.flush()
            await asyncio.sleep(1.6)
            await _beat(c, hears, sim)
            await asyncio.sleep(1.6)
            # Deaf for 3.2 s; for the other it is 1.6 s, which is neither late nor offline.
            await deaf.flush()
            assert await _presence(c) == "online"
            # Once nobody hears it, also the deaf one says so.
            await asyncio.sleep(1.6)
            await deaf.flush()
            assert await _presence(c) == "offline"

    asyncio.run(body())


def test_who_is_heard_is_online_whatever_another_process_wrote(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            pulse = Pulse(c.database, c.directory)
            await _beat(c, pulse, sim)
            await c.database.worker.execute("UPDATE gateway_state SET presence = 'offline'")
            await _beat(c, pulse, sim)
            assert await _presence(c) == "online"

    asyncio.run(body())
