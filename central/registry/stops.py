"""Declared stops of production: they begin and end by their days, and end only what they did.

A stop that counts is a row; its approval, and the daily pass, bring the status of the enterprise in line with
the rows. What an official decided stays until an official decides otherwise (REG-04, REG-10).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from central import clock
from central.db.queries import load
from central.registry import life

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from central.db.pool import Connection

Q = load(__file__, "queries_stops.sql")

_PRODUCES: Final = frozenset({"working", "trial"})


def days_of(declared: dict[str, Any]) -> tuple[dt.date, dt.date | None] | None:
    """First and last day on which the whole enterprise is stopped; None where it is not.

    Args:
        declared: what counts of a declaration; the day before it works again is its last one.
    """
    extent, days = declared.get("extent") or {}, declared.get("days") or {}
    if extent.get("choice") != "whole" or not days.get("from"):
        return None
    first = dt.date.fromisoformat(days["from"])
    ends = [dt.date.fromisoformat(days["to"])] if days.get("to") else []
    if declared.get("resumed"):
        ends.append(dt.date.fromisoformat(declared["resumed"]) - dt.timedelta(days=1))
    return first, min(ends, default=None)


def stands(declared: dict[str, Any], today: dt.date) -> bool:
    """Whether a declaration means that the whole enterprise is stopped on a day.

    Args:
        declared: what counts of it.
        today: the day.
    """
    days = days_of(declared)
    return days is not None and _lasts(*days, today)


async def declared(
    conn: Connection, enterprise_id: int, record_id: int, values: dict[str, Any] | None, today: dt.date
) -> None:
    """Takes what counts of a declaration; None: nothing any more. The status follows at once.

    Args:
        conn: the transaction in which it begins to count.
        enterprise_id: whose.
        record_id: of the declaration.
        values: what counts.
        today: the day in the jurisdiction's zone.
    """
    days = days_of(values) if values is not None else None
    if days is None:
        await conn.execute(Q.cancel, record_id)
    else:
        await conn.execute(Q.put, record_id, enterprise_id, (values or {}).get("name", ""), *days)
    await _follow(conn, enterprise_id, today)


async def step(conn: Connection, today: dt.date, limit: int = 100) -> int:
    """Begins and ends what is to begin and end by its day; gives for how many enterprises.

    Args:
        conn: a worker's transaction.
        today: the day in the jurisdiction's zone.
        limit: enterprises at most.
    """
    rows = await conn.fetch(Q.due, today, limit)
    for row in rows:
        await _follow(conn, row["enterprise_id"], today)
    return len(rows)


async def _follow(conn: Connection, enterprise_id: int, today: dt.date) -> None:
    held = await conn.fetchrow(life.Q.lock, enterprise_id)
    if held is None:
        return
    stops = await conn.fetch(Q.of_enterprise, enterprise_id)
    now = await clock.database_now(conn)
    since = held["status_since"] if held["status"] == "stopped" else None
    mine = [stop for stop in stops if since and stop["put_at"] == since and not stop["ended_at"]]
    lasting = [stop for stop in stops if _lasts(stop["first_day"], stop["last_day"], today)]
    over = [stop for stop in stops if stop not in lasting and stop["begun_at"] and not stop["ended_at"]]
    fresh = [stop for stop in lasting if not stop["begun_at"]]
    for stop in over:
        await conn.execute(Q.end, stop["record_id"], now)
    for stop in fresh:
        await conn.execute(Q.begin, stop["record_id"], now, None, None)
    if fresh and held["status"] in _PRODUCES:
        words = f"停产申报“{fresh[0]['name']}”经审核通过，自 {fresh[0]['first_day']} 起停产"
        await life.put_status(conn, enterprise_id, "stopped", words)
        put = await conn.fetchrow(life.Q.lock, enterprise_id)
        assert put is not None
        await conn.execute(Q.take_over, fresh[0]["record_id"], put["status_since"], held["status"])
    elif mine and mine[0] in over:
        await _ended(conn, enterprise_id, mine[0], lasting)


async def _ended(
    conn: Connection, enterprise_id: int, stop: asyncpg.Record, lasting: Sequence[asyncpg.Record]
) -> None:
    """The stop from which the status comes is over: another one keeps it, or the enterprise works again."""
    if lasting:
        await conn.execute(Q.take_over, lasting[0]["record_id"], stop["put_at"], stop["former"])
    else:
        words = f"停产申报“{stop['name']}”已结束，恢复生产"
        await life.put_status(conn, enterprise_id, stop["former"] or "working", words)


def _lasts(first: dt.date, last: dt.date | None, today: dt.date) -> bool:
    return first <= today and (last is None or last >= today)
