"""Minutes, hours and days say what the rows say, at once and after late data; bad values are counted only."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from central.db.scope import Actor, Scope, enter
from central.telemetry import history, rollups, spans
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import Connection, DatabaseUrls

START = spans.down(datetime.now(UTC) - timedelta(days=40), timedelta(days=1))
"""A midnight of Asia/Shanghai, long ago."""


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


async def later(conn: Connection) -> datetime:
    """A clock that has gone on: everything is over."""
    return START + timedelta(days=45)


async def roll(c: Centre) -> None:
    while await rollups.once(c.database, later):
        pass


async def trend(c: Centre, key: str, begin: datetime, end: datetime, buckets: int) -> list[Any]:
    async with c.database.web.acquire() as conn, conn.transaction():
        await enter(conn, Scope.region("42"), Actor(1, "county"))
        point = await conn.fetchval("SELECT id FROM point WHERE key = $1", key)
        answer = await history.trend(conn, point, begin, end, buckets)
    return [(b.t - begin, b.min, b.max, b.avg, b.count, b.bad) for b in answer.buckets]


async def levels(c: Centre, key: str) -> dict[str, int]:
    return {
        name: await c.database.worker.fetchval(
            f"SELECT count(*) FROM {name} AS r JOIN point AS p ON p.id = r.point_id WHERE p.key = $1", key
        )
        for name in ("rollup_minute", "rollup_hour", "rollup_day")
    }


def test_answers_are_the_same_before_and_after_reckoning_and_follow_late_data(database: DatabaseUrls) -> None:
    async def run() -> None:
        sim = Sim("gw-a")
        sim.now_ms += 500 - sim.now_ms % 1000  # its polls, some milliseconds apart, lie in one minute
        async with centre(database, sim) as c:
            assert (await c.one(sim, sim.birth())).status == m.STORED
            at = START + timedelta(hours=3, minutes=5, seconds=1)
            # One minute, another of the same hour, another hour, another day; the third poll there is bad.
            for first, moment in enumerate(
                (at, at + timedelta(minutes=30), at + timedelta(hours=4), at + timedelta(days=1))
            ):
                batch = sim.measurements(first * 4 + 1, 4, raw=10 * first, time_ms=ms(moment))
                assert (await c.one(sim, batch)).status == m.STORED
            bad = sim.readings(17, 0, [7, 7], None, None)
            assert (await c.one(sim, bad)).status == m.STORED

            async def asked() -> list[Any]:
                day, hour = timedelta(days=1), timedelta(hours=1)
                return [
                    await trend(c, "GT-101", START, START + 3 * day, 3),
                    await trend(c, "GT-101", START + hour, START + day, 23),
                    await trend(c, "GT-101", START + 3 * hour, START + 4 * hour, 60),
                ]

            fresh = await asked()
            assert fresh[0] == [
                (timedelta(0), 0.0, 23 * 0.1, fresh[0][0][3], 12, 0),
                (timedelta(days=1), 30 * 0.1, 33 * 0.1, fresh[0][1][3], 4, 0),
            ]
            await roll(c)
            assert await levels(c, "GT-101") == {"rollup_minute": 5, "rollup_hour": 4, "rollup_day": 3}
            assert await c.database.worker.fetchval("SELECT count(*) FROM rollup_due") == 0
            rolled = await asked()
            assert [[b[:3] + b[4:] for b in t] for t in rolled] == [[b[:3] + b[4:] for b in t] for t in fresh]
            assert all(
                abs(a[3] - b[3]) < 1e-9
                for one, two in zip(rolled, fresh, strict=True)
                for a, b in zip(one, two, strict=True)
            )
            counted = await c.database.worker.fetchrow(
                "SELECT r.count, r.bad, r.total FROM rollup_day AS r JOIN point AS p ON p.id = r.point_id"
                " WHERE p.key = 'GT-101' ORDER BY r.at DESC LIMIT 1"
            )
            assert counted is not None
            assert tuple(counted) == (1, 2, 7 * 0.1)

            # A higher peak of the first minute comes a month late: seen at once, and reckoned again.
            peak = sim.measurements(20, 1, raw=99, time_ms=ms(at))
            assert (await c.one(sim, peak)).status == m.STORED
            for _ in range(2):
                day, hour, minutes = await asked()
                assert (day[0][2], day[0][4]) == (99 * 0.1, 13)
                assert (hour[0][2], hour[0][4]) == (99 * 0.1, 9)
                assert (minutes[0][2], minutes[0][4]) == (99 * 0.1, 5)
                await roll(c)
            assert await c.database.worker.fetchval("SELECT count(*) FROM rollup_due") == 0

    asyncio.run(run())


def test_what_is_not_over_is_not_reckoned_and_a_second_process_waits(database: DatabaseUrls) -> None:
    async def run() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1, 3))
            due = await c.database.worker.fetchval("SELECT min(to_at) FROM rollup_due")

            async def at_its_end(conn: Connection) -> datetime:
                assert isinstance(due, datetime)
                return due

            assert not await rollups.once(c.database, at_its_end)
            async with c.database.worker.acquire() as conn, conn.transaction():
                await conn.execute("SELECT pg_advisory_xact_lock(hashtext('rollup'))")
                assert not await rollups.once(c.database, later)
            assert await c.database.worker.fetchval("SELECT count(*) FROM rollup_due WHERE level = 0") > 0

            async def now(conn: Connection) -> datetime:
                return await at_its_end(conn) + timedelta(minutes=1)

            assert await rollups.once(c.database, now)
            assert not await rollups.once(c.database, now)
            left = await c.database.worker.fetch("SELECT level FROM rollup_due")
            assert {row["level"] for row in left} == {spans.HOUR}

    asyncio.run(run())
