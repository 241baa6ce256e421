"""A packed day answers as its rows did, is proven as they were, and survives a death at any point."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from central.db.pool import connect
from central.db.scope import Actor, Scope, enter
from central.ingest import gaps
from central.ingest.gaps import Summary
from central.telemetry import history, packed_count, packer, rollups, store_history
from central.telemetry.packing import DamagedError
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import Connection, DatabaseUrls

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=1, microsecond=0) - timedelta(days=20)
NOW = NOON + timedelta(days=20)


async def later(conn: Connection) -> datetime:
    """A clock by which everything that was stored is over."""
    return NOW + timedelta(days=1)


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


async def rest(c: Centre) -> None:
    """Reckon all that is due: then a day may be packed."""
    while await rollups.once(c.database, later):
        pass


async def stored(c: Centre, sim: Sim, first: int, at: datetime, count: int = 40, raw: int = 5) -> None:
    receipt = await c.one(sim, sim.measurements(first, count, raw=raw, time_ms=ms(at)))
    assert receipt.status == m.STORED


async def answers(c: Centre) -> list[Any]:
    """What people are shown: seconds, minutes, days."""
    async with c.database.web.acquire() as conn, conn.transaction():
        await enter(conn, Scope.region("42"), Actor(1, "county"))
        found = []
        for key in ("GT-101", "TT-101"):
            point = await conn.fetchval("SELECT id FROM point WHERE key = $1", key)
            for begin, span, buckets in (
                (NOON - timedelta(seconds=5), timedelta(seconds=60), 60),
                (NOON - timedelta(hours=1), timedelta(hours=2), 120),
                (NOON - timedelta(days=10), timedelta(days=20), 20),
            ):
                trend = await history.trend(conn, point, begin, begin + span, buckets)
                found += [(b.t, b.min, b.max, round(b.avg or 0, 9), b.count, b.bad) for b in trend.buckets]
        assert len(found) > 6
        return found


async def partitions(c: Centre) -> int:
    return int(
        await c.database.worker.fetchval(
            "SELECT count(*) FROM pg_class WHERE relname = $1", f"measurement_{NOON:%Y%m%d}"
        )
    )


def at_plant(urls: DatabaseUrls, body: Callable[[Centre, Sim], Awaitable[None]]) -> None:
    """Two batches of one old day, 160 rows; ten milliseconds between their polls."""

    async def run() -> None:
        sim = Sim("gw-a")
        async with centre(urls, sim) as c:
            assert (await c.one(sim, sim.birth())).status == m.STORED
            await stored(c, sim, 1, NOON)
            await stored(c, sim, 41, NOON + timedelta(minutes=7), raw=300)
            await body(c, sim)

    asyncio.run(run())


def test_a_packed_day_answers_and_is_proven_as_before_and_takes_late_rows(database: DatabaseUrls) -> None:
    async def body(c: Centre, sim: Sim) -> None:
        before = await answers(c)
        assert await packer.once(c.database, later) == []  # something of it is due still
        await rest(c)
        assert await packer.once(c.database, later) == [NOON.date()]
        assert await partitions(c) == 0
        assert await c.database.worker.fetchval("SELECT count(*) FROM measurement") == 0
        assert await answers(c) == before
        assert (await gaps.audit(c.database)).summary == Summary(1, 80, 0, 0, 0)
        # What is late is seen at once, reckoned with what is packed, and packed beside it.
        await stored(c, sim, 81, NOON, raw=2000)
        late = await answers(c)
        assert late != before
        await rest(c)
        assert await answers(c) == late
        assert await packer.once(c.database, later) == [NOON.date()]
        assert await answers(c) == late
        day = await c.database.worker.fetchrow("SELECT generation, rows FROM packed_day")
        assert day is not None
        assert tuple(day) == (2, 240)
        assert (await gaps.audit(c.database)).summary == Summary(1, 120, 0, 0, 0)

    at_plant(database, body)


def test_a_death_while_packing_loses_and_doubles_nothing(database: DatabaseUrls) -> None:
    async def body(c: Centre, sim: Sim) -> None:
        await rest(c)
        before = await answers(c)
        for written in (False, True):
            # Dies in the middle of the bodies, or when all are written and the day is not yet theirs.
            conn = await connect(database.worker)
            generation = await store_history.begin_packing(conn, NOON.date())
            if written:
                await packer.write(conn, NOON.date(), generation)
            else:
                dying = asyncio.create_task(packer.write(conn, NOON.date(), generation))
                await asyncio.sleep(0)
                conn.terminate()
                with suppress(Exception):
                    await dying
            conn.terminate()
            assert await partitions(c) == 1
            assert await answers(c) == before
            assert (await gaps.audit(c.database)).summary == Summary(1, 80, 0, 0, 0)
        assert await packer.once(c.database, later) == [NOON.date()]
        assert await answers(c) == before
        assert (await gaps.audit(c.database)).summary == Summary(1, 80, 0, 0, 0)

    at_plant(database, body)


def test_a_row_that_comes_while_its_day_is_packed_is_not_left_behind(database: DatabaseUrls) -> None:
    async def body(c: Centre, sim: Sim) -> None:
        await rest(c)
        conn = await connect(database.worker)
        generation = await store_history.begin_packing(conn, NOON.date())
        await packer.write(conn, NOON.date(), generation)
        await stored(c, sim, 81, NOON, count=1)
        assert not await store_history.finish_packing(conn, NOON.date(), NOW)
        assert await partitions(c) == 1
        await conn.close()
        await rest(c)
        assert await packer.once(c.database, later) == [NOON.date()]
        assert (await gaps.audit(c.database)).summary == Summary(1, 81, 0, 0, 0)

    at_plant(database, body)


def test_the_audit_finds_what_went_from_packed_rows_or_is_there_twice(database: DatabaseUrls) -> None:
    async def body(c: Centre, sim: Sim) -> None:
        await rest(c)
        await packer.once(c.database, later)
        admin = await connect(database.admin)
        await admin.execute(
            "INSERT INTO measurement_packed SELECT from_at, to_at, point_id, day, generation, 9, rows, body"
            " FROM measurement_packed WHERE part = 0 ORDER BY point_id LIMIT 1"
        )
        assert (await gaps.audit(c.database)).summary == Summary(1, 80, 0, 80, 0)
        await admin.execute("DELETE FROM measurement_packed WHERE part = 9")
        await admin.execute("UPDATE measurement_packed SET body = substr(body, 1, 9)")
        async with c.database.worker.acquire() as conn, conn.transaction():
            with pytest.raises(DamagedError):
                await packed_count.packed_batches(conn)
        await admin.execute("DELETE FROM measurement_packed")
        assert (await gaps.audit(c.database)).summary == Summary(1, 80, 80, 0, 0)
        await admin.close()

    at_plant(database, body)
