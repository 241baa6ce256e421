"""Declared stops begin and end by their days, and restart no plant that an official stopped."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from central.clock import database_now
from central.db.pool import Database
from central.db.scope import acting
from central.registry import life, reminding_worker, stops
from tests.central import county

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from central.db.pool import Connection, DatabaseUrls

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 6, 15)
A, B = 901, 902


def whole(first: int, last: int | None = None, **more: Any) -> dict[str, Any]:
    """A stop of the whole plant from one day of June to another."""
    days = {"from": f"2026-06-{first:02}", "to": None if last is None else f"2026-06-{last:02}"}
    return {"name": f"停产{first}", "extent": {"choice": "whole"}, "days": days, **more}


async def status(conn: Connection) -> str:
    found: str = await conn.fetchval("SELECT status FROM enterprise WHERE id = 1")
    return found


async def declares(conn: Connection, record: int, values: dict[str, Any] | None, day: int) -> str:
    """The status after something counts on a day of June."""
    await stops.declared(conn, 1, record, values, TODAY.replace(day=day))
    return await status(conn)


async def day_comes(conn: Connection, day: int) -> str:
    """The status after the daily pass."""
    while await stops.step(conn, TODAY.replace(day=day), 1):
        pass
    return await status(conn)


async def starts_and_ends_by_its_days(conn: Connection) -> None:
    assert await declares(conn, A, whole(18, 20), 15) == "working"
    assert await day_comes(conn, 17) == "working"
    assert await day_comes(conn, 18) == "stopped"
    assert await day_comes(conn, 20) == "stopped"
    assert await day_comes(conn, 21) == "working"
    # Renewed after its end it begins anew; brought to an end before its day it lets work at once.
    assert await declares(conn, A, whole(18, 29), 22) == "stopped"
    assert await declares(conn, A, whole(18, 29, resumed="2026-06-25"), 23) == "stopped"
    assert await day_comes(conn, 25) == "working"


async def leaves_what_an_official_stopped(conn: Connection) -> None:
    await life.put_status(conn, 1, "stopped", "执法责令停产")
    assert await declares(conn, A, {**whole(10), "extent": {"choice": "part"}}, 15) == "stopped"
    assert await declares(conn, B, whole(10, 16), 15) == "stopped"
    assert await day_comes(conn, 17) == "stopped"
    assert await declares(conn, B, None, 18) == "stopped"
    assert await declares(conn, A, whole(1, 9), 18) == "stopped"


async def an_official_stops_it_anew(conn: Connection) -> None:
    assert await declares(conn, A, whole(10, 16), 15) == "stopped"
    await life.put_status(conn, 1, "suspended", "隐患未整改")
    await life.put_status(conn, 1, "stopped", "转为停产")
    assert await day_comes(conn, 17) == "stopped"


async def an_official_lets_it_work(conn: Connection) -> None:
    assert await declares(conn, A, whole(10, 16), 15) == "stopped"
    await life.put_status(conn, 1, "working", "提前复产")
    assert await day_comes(conn, 15) == "working"


async def two_of_them_overlap(conn: Connection) -> None:
    await conn.execute("UPDATE enterprise SET status = 'trial' WHERE id = 1")
    assert await declares(conn, A, whole(10, 16), 15) == "stopped"
    assert await declares(conn, B, whole(12, 20), 15) == "stopped"
    assert await day_comes(conn, 17) == "stopped"
    # What it was before, it is again.
    assert await declares(conn, B, None, 18) == "trial"


def test_a_declared_stop_ends_its_own_effect_and_nothing_else(database: DatabaseUrls) -> None:
    stories: list[Callable[[Connection], Awaitable[None]]] = [
        starts_and_ends_by_its_days, leaves_what_an_official_stopped, an_official_stops_it_anew,
        an_official_lets_it_work, two_of_them_overlap,
    ]  # fmt: skip

    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            for story in stories:
                async with acting(db.worker) as conn:
                    await conn.execute("DELETE FROM declared_stop")
                    await conn.execute("UPDATE enterprise SET status = 'working' WHERE id = 1")
                    await story(conn)
            # The worker of the reminders does the daily pass.
            async with acting(db.worker) as conn:
                today = (await database_now(conn)).astimezone(ZONE).date()
                await conn.execute("DELETE FROM declared_stop")
                await conn.execute("UPDATE enterprise SET status = 'working' WHERE id = 1")
                await conn.execute(
                    "INSERT INTO declared_stop (record_id, enterprise_id, place, name, first_day)"
                    " VALUES (1, 1, '', '检修', $1)",
                    today - timedelta(days=1),
                )
            await reminding_worker.once(db, ZONE)
            async with acting(db.worker) as conn:
                assert await status(conn) == "stopped"
                log = await conn.fetchrow(
                    "SELECT reason, by_name FROM enterprise_event ORDER BY id DESC LIMIT 1"
                )
            assert log is not None
            assert "检修" in log["reason"]

    asyncio.run(run())
