"""Rows of minutes, hours and days, what is due of them, and buckets of any of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import asyncpg

from central.db.queries import load
from central.telemetry import spans
from central.telemetry.store import Q as ROW_QUERIES

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.telemetry.columns import I32, I64

Q = load(__file__, "queries_history.sql")

_ROLL = {spans.MINUTE: Q.roll_minutes, spans.HOUR: Q.roll_hours, spans.DAY: Q.roll_days}
_BUCKETS = {
    spans.ROWS: Q.rows_in_buckets,
    spans.MINUTE: Q.minutes_in_buckets,
    spans.HOUR: Q.hours_in_buckets,
    spans.DAY: Q.days_in_buckets,
}


async def mark(conn: Connection, at_us: I64, gateway: I32) -> None:
    """Tell in which minutes new rows lie.

    Args:
        conn: in the transaction of the rows.
        at_us: microseconds of UTC since 1970, one a row.
        gateway: gateway number of each row.
    """
    stretches = spans.minutes_of(at_us, gateway)
    await conn.execute(
        Q.mark, [s[0] for s in stretches], [s[1] for s in stretches], [s[2] for s in stretches]
    )


async def hold(conn: Connection) -> bool:
    """Be the one who reckons until the transaction ends; False when another is."""
    return bool(await conn.fetchval(Q.hold))


async def next_due(conn: Connection, level: int, until: datetime) -> datetime | None:
    """Where the newest stretch of a level begins that ended by `until`."""
    found: datetime | None = await conn.fetchval(Q.next_due, level, until)
    return found


async def take_due(
    conn: Connection, level: int, begin: datetime, end: datetime, until: datetime
) -> list[tuple[int, datetime, datetime]]:
    """What is due of a slice, as (gateway, from, to); it is due no more if the transaction commits."""
    rows = await conn.fetch(Q.take_due, level, begin, end, until)
    return [(row["gateway"], row["from_at"], row["to_at"]) for row in rows]


async def roll(conn: Connection, level: int, begin: datetime, end: datetime, gateways: Sequence[int]) -> None:
    """Reckon a stretch of a level anew for every point of some gateways."""
    await conn.execute(ROW_QUERIES.prefer_block_ranges, "off")
    await conn.execute(_ROLL[level], begin, end, gateways)


async def tell_above(
    conn: Connection, level: int, gateways: Sequence[int], begin: datetime, end: datetime
) -> None:
    """Say that a stretch of a level is due, once a gateway."""
    await conn.execute(Q.tell_above, level, gateways, begin, end)


async def due_of_point(conn: Connection, point: int, begin: datetime, end: datetime) -> list[spans.Due]:
    """What is to be reckoned anew of a point's gateway within a stretch."""
    rows = await conn.fetch(Q.due_of_point, point, begin, end)
    return [spans.Due(row["level"], row["from_at"], row["to_at"]) for row in rows]


async def buckets(
    conn: Connection, point: int, piece: spans.Piece, width: timedelta, origin: datetime
) -> list[asyncpg.Record]:
    """Buckets (t, min, max, total, count, bad) of one piece of a point's history, in the order of time."""
    await conn.execute(ROW_QUERIES.prefer_block_ranges, "off")
    found = await conn.fetch(_BUCKETS[piece.level], point, piece.begin, piece.end, width, origin)
    await conn.execute(ROW_QUERIES.prefer_block_ranges, "on")
    return found


async def raised_at_points(
    conn: Connection, points: Sequence[int], begin: datetime, end: datetime, transition: int, limit: int
) -> list[asyncpg.Record]:
    """Alarms that began at some points, the newest first."""
    return await conn.fetch(Q.raised_at_points, points, begin, end, transition, limit)
