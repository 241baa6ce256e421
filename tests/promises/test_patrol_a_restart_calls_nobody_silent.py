"""A centre or a gateway that was away makes no point silent; who still says nothing then is one case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from central.telemetry import patrol
from central.warning import patrolled
from tests.central.warning.county import START, County, in_county

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import DatabaseUrls

ZONE = ZoneInfo("Asia/Shanghai")
_POINTS = """
INSERT INTO point (gateway_id, enterprise_id, key, place, name, quantity, unit, source, period_ms, low, high,
                   current, created_at)
SELECT 'gw-chlorine', 1, 'PT-' || n, '', '压力' || n, '压力', 'MPa', 's', 1000, 0, 1.6, true, $1::timestamptz
FROM generate_series(1, 40) AS n
"""
_HEARD = """
INSERT INTO latest (point_id, place, at, value, quality, ordinal, seq, received_at)
SELECT id, '', $1, 0.8, 192, 1, 1, $1 FROM point WHERE key <> ALL ($2::text[])
ON CONFLICT (point_id) DO UPDATE SET at = excluded.at, received_at = excluded.received_at
"""


async def furnish(c: County) -> None:
    await c.execute("DELETE FROM gateway_state")
    await c.fetch(
        "INSERT INTO gateway_state (gateway_id, place, presence, presence_since, heard_at)"
        " VALUES ('gw-chlorine', '', 'online', $1, $1)", START,
    )  # fmt: skip
    await c.fetch(_POINTS, START - timedelta(days=3))


async def values(c: County, *silent: str) -> None:
    """Every point but the silent ones has a value of this moment."""
    await c.fetch(_HEARD, c.now, list(silent))


async def rounds(c: County, minutes: int, *silent: str, heard: bool = True) -> None:
    """So many minutes with their values, the patrol looking each of them, and all that follows of it."""
    until = c.now + timedelta(minutes=minutes)
    while c.now < until:
        if heard:
            await values(c, *silent)
        while await patrol.step(c.db, ZONE, c.clock):
            pass
        while await patrolled.step(c.db, c.clock):
            pass
        c.advance(minutes=1)
    await c.settle()


async def standing(c: County) -> list[Any]:
    return await c.fetch(
        "SELECT f.*, p.key FROM patrol_finding AS f JOIN point AS p ON p.id = f.point_id"
        " WHERE f.ended_at IS NULL ORDER BY p.key"
    )


async def cases(c: County) -> list[Any]:
    return await c.fetch("SELECT * FROM warning WHERE kind = 'patrol' ORDER BY number")


async def losses(c: County, day: datetime) -> list[Any]:
    return await c.fetch(
        "SELECT * FROM patrol_loss WHERE day = $1 ORDER BY lost DESC", day.astimezone(ZONE).date()
    )


def test_an_hour_without_the_centre_makes_no_point_silent(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await furnish(c)
        await rounds(c, 20)
        assert await standing(c) == []
        # The centre is away for an hour: nobody patrols, nothing is stored, the newest values grow old.
        c.advance(hours=1)
        await rounds(c, 10, heard=False)
        assert await standing(c) == []
        # All but one speak again; that one is silent for as long as any other, counted from our return.
        back = c.now - timedelta(minutes=10)
        await rounds(c, 30, "PT-7")
        (found,) = await standing(c)
        assert (found["key"], found["code"], found["since"]) == ("PT-7", "stale", back)
        # It is told only when it has stood for its time, and once.
        assert await cases(c) == []
        await rounds(c, 60, "PT-7")
        (case,) = await cases(c)
        assert (case["title"], case["state"], case["gateway_id"]) == ("压力7 数据中断", "open", "gw-chlorine")
        # We are away again: what stood stands, and ends or begins nothing.
        c.advance(hours=1)
        await rounds(c, 10, heard=False)
        assert [row["id"] for row in await standing(c)] == [found["id"]]
        # It speaks again: the finding ends, and its case by itself.
        await rounds(c, 20)
        assert await standing(c) == []
        c.advance(minutes=31)
        await c.settle()
        assert [row["state"] for row in await cases(c)] == ["cleared"]

    in_county(database, scenario)


def test_while_a_gateway_is_away_or_behind_its_points_are_not_called_silent(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await furnish(c)
        await rounds(c, 20)
        await c.execute("UPDATE gateway_state SET presence = 'offline'")
        away = c.now
        await c.fetch(
            "INSERT INTO gateway_absence (gateway_id, began_at, place) VALUES ('gw-chlorine', $1, '')", away
        )
        await rounds(c, 120, heard=False)
        assert await standing(c) == []
        # The day lost for the connection, with all its points at once, and for nothing else.
        (loss,) = await losses(c, c.now)
        assert (loss["code"], loss["points"], loss["finding_id"]) == ("connection", 41, None)
        (day,) = await c.fetch("SELECT * FROM patrol_day")
        assert abs(day["score"] + loss["lost"] - 100) < 1e-9
        assert day["reliability"] < 1
        # It is back with a full store: what is still to come is nobody's silence.
        await c.fetch("UPDATE gateway_absence SET ended_at = $1", c.now)
        await c.execute("UPDATE gateway_state SET presence = 'online', waiting_measurements = 500")
        await rounds(c, 60, heard=False)
        assert await standing(c) == []
        await c.execute("UPDATE gateway_state SET waiting_measurements = 0")
        await rounds(c, 20)
        assert await standing(c) == []
        assert await cases(c) == []

    in_county(database, scenario)


def test_a_second_process_does_not_patrol_what_one_has_in_hand(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await furnish(c)
        async with c.db.worker.acquire() as conn, conn.transaction():
            await conn.execute("SELECT FROM patrol_round FOR UPDATE")
            assert not await patrol.step(c.db, ZONE, c.clock)
        assert await c.fetch("SELECT * FROM patrol_day") == []

    in_county(database, scenario)
