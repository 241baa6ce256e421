"""law-never-lose 9: an event is never refused or put aside for its time; the centre dates and marks it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest

from protocol import messages as m
from tests.central.ingest.plant import Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

YEAR = 365 * 86_400_000


@pytest.mark.parametrize("state", [m.UNSYNCHRONISED, m.SYNCHRONISED, 7])
def test_an_alarm_of_any_time_is_stored_dated_and_judged(database: DatabaseUrls, state: int) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            times = [0, 998_000, sim.now_ms + YEAR, -1, -(1 << 62), (1 << 64) - 1, sim.now_ms - 10 * YEAR]
            for seq, time_ms in enumerate(times, 1):
                alarm = sim.alarm(seq, occurrence=f"o-{seq}", time_ms=time_ms, clock=state, mono_ms=999_000)
                assert (await c.one(sim, sim.events(seq, [alarm]))).status == m.STORED
            rows = await c.database.worker.fetch(
                "SELECT extract(epoch FROM received_at - at) AS age, dated_by_centre FROM event ORDER BY seq"
            )
            assert all(row["dated_by_centre"] for row in rows)
            assert all(0.999 <= row["age"] < 1.01 for row in rows)
            assert await c.database.worker.fetchval("SELECT count(*) FROM quarantine") == 0
            assert await c.database.worker.fetchval("SELECT count(*) FROM warning WHERE state = 'open'") == 1

    asyncio.run(body())


def test_a_record_of_an_earlier_boot_is_dated_by_its_last_heartbeat(database: DatabaseUrls) -> None:
    async def body() -> None:
        from central import clock
        from central.ingest.pulse import Pulse

        sim = Sim("gw-a")
        sim.clock = m.UNSYNCHRONISED
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            gateway = c.directory.known("gw-a")
            assert gateway is not None
            pulse = Pulse(c.database, c.directory)
            pulse.take(gateway, sim.heartbeat(mono_ms=1_000_000), clock.monotonic_s() - 100)
            await pulse.flush()
            old = sim.events(1, [sim.alarm(1, time_ms=990_000, mono_ms=990_000)])
            sim.reopen(0x2222)
            sim.mono_ms = 5_000
            await c.one(sim, sim.birth())
            sent = msgspec.structs.replace(old, sent_boot=sim.boot, mono_ms=5_000, sent_ms=0)
            assert (await c.one(sim, sent)).status == m.STORED
            age = await c.database.worker.fetchval("SELECT extract(epoch FROM received_at - at) FROM event")
            assert 109.9 < age < 111

    asyncio.run(body())
