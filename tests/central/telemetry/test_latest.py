from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from central import clock
from central.telemetry.columns import Newest
from central.telemetry.latest import LatestValues
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def poll(point: int, value: float, seq: int = 0) -> Newest:
    return Newest(
        np.array([point], np.int32),
        np.array([value]),
        np.array([192], np.int16),
        np.array([1_000_000]),
        np.array([seq]),
    )


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 50)), min_size=1, max_size=40))
def test_the_newest_value_is_the_furthest_on_whatever_came_last(arrivals: list[tuple[int, int]]) -> None:
    latest = LatestValues()
    for ordinal, seq in arrivals:
        latest.take(poll(5, ordinal * 1000 + seq), seq, ordinal, 0)
    found = latest.get(5)
    assert found is not None
    assert (found.ordinal, found.seq) == max(arrivals)
    assert found.value == found.ordinal * 1000 + found.seq


def test_points_of_one_block_move_each_by_itself() -> None:
    latest = LatestValues()
    latest.take(poll(2, 7.0), 9, 1, 0)
    both = Newest(
        np.array([1, 2], np.int32),
        np.array([1.0, np.nan]),
        np.array([192, 24], np.int16),
        np.array([5, 5]),
        np.array([0, 0]),
    )
    assert latest.take(both, 3, 1, 0)
    one, two = latest.get(1), latest.get(2)
    assert one is not None
    assert two is not None
    assert (one.value, two.value) == (1.0, 7.0)
    latest.take(both, 10, 1, 0)
    gone = latest.get(2)
    assert gone is not None
    assert (gone.value, gone.quality) == (None, 24)
    assert {v[0] for v in latest.changed()} == {1, 2}
    assert latest.changed() == []


def test_a_process_that_begins_knows_what_was_flushed_and_what_was_committed_since(
    database: DatabaseUrls,
) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1, 2, raw=10))
            async with c.database.worker.acquire() as conn:
                assert await c.latest.flush(conn) == 2
                assert await c.latest.flush(conn) == 0
            # Killed before the next flush.
            await c.one(sim, sim.measurements(3, 2, raw=30))
            again = Centre(c.database)
            async with c.database.worker.acquire() as conn:
                await again.latest.refill(conn, await clock.database_now(conn))
                point = await conn.fetchval("SELECT id FROM point WHERE key = 'GT-101'")
            found, before = again.latest.get(point), c.latest.get(point)
            assert found is not None
            assert before is not None
            assert (found.value, found.seq, found.at) == (31 * 0.1, 4, before.at)

    asyncio.run(body())


def test_a_flush_never_takes_a_newer_one_back(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            other = Centre(c.database)
            await other.one(sim, sim.measurements(1, 2, raw=10))
            await c.one(sim, sim.measurements(3, 2, raw=30))
            async with c.database.worker.acquire() as conn:
                await c.latest.flush(conn)
                await other.latest.flush(conn)
                assert await conn.fetchval("SELECT max(value) FROM latest WHERE value < 10") == 31 * 0.1
            sim.reopen(0x2222)
            await other.one(sim, sim.birth())
            await other.one(sim, sim.measurements(1, 1, raw=50))
            async with c.database.worker.acquire() as conn:
                await other.latest.flush(conn)
                assert await conn.fetchval("SELECT max(value) FROM latest WHERE value < 10") == 50 * 0.1

    asyncio.run(body())


def test_the_days_of_late_rows_move_out_of_the_default_partition(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1, 2, time_ms=1_600_000_000_000))
            worker = c.database.worker
            assert await worker.fetchval("SELECT count(*) FROM measurement_default") == 4
            assert await worker.fetchval("SELECT ensure_measurement_day('2020-09-13')") is True
            assert await worker.fetchval("SELECT ensure_measurement_day('2020-09-13')") is False
            assert await worker.fetchval("SELECT count(*) FROM measurement_default") == 0
            assert await worker.fetchval("SELECT count(*) FROM measurement_20200913") == 4
            assert await worker.fetchval("SELECT count(*) FROM measurement") == 4
            assert (await c.one(sim, sim.measurements(3, 1))).status == m.STORED

    asyncio.run(body())
