"""Rows of minutes, hours and days, what is due of them, and buckets of any of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from math import isnan
from typing import TYPE_CHECKING

import asyncpg

from central.db.queries import load
from central.telemetry import packing, spans
from central.telemetry.store import Q as ROW_QUERIES

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.telemetry.columns import I32, I64

Q = load(__file__, "queries_history.sql")

_ROLL = {spans.HOUR: Q.roll_hours, spans.DAY: Q.roll_days}
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
    days = {s[1].date() for s in stretches}
    await conn.execute(
        Q.mark, [s[0] for s in stretches], [s[1] for s in stretches], [s[2] for s in stretches], days
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
    if level != spans.MINUTE:
        await conn.execute(_ROLL[level], begin, end, gateways)
        return
    at: list[datetime] = []
    value: list[float | None] = []
    quality: list[int] = []
    point: list[int] = []
    # A slice lies within one day of UTC.
    for row in await conn.fetch(Q.packed_of_gateways, begin.date(), gateways, begin, end):
        rows = within(packing.unpack(row["body"]), begin, end)
        at += [spans.moment(us) for us in rows.at_us.tolist()]
        value += [None if isnan(v) else v for v in rows.value.tolist()]
        quality += rows.quality.tolist()
        point += [row["point_id"]] * len(rows)
    await conn.execute(Q.roll_minutes, begin, end, gateways, at, value, quality, point)


def within(rows: packing.PointRows, begin: datetime, end: datetime) -> packing.PointRows:
    """The rows of a stretch."""
    lo, hi = spans.microseconds(begin), spans.microseconds(end)
    return rows.take((rows.at_us >= lo) & (rows.at_us < hi))


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
    """Buckets (t, min, max, total, count, bad) of one piece of a point's history.

    Of rows also bodies of packed ones, which have a `body` instead.
    """
    await conn.execute(ROW_QUERIES.prefer_block_ranges, "off")
    days = (piece.begin.date(), piece.end.date()) if piece.level == spans.ROWS else ()
    found = await conn.fetch(_BUCKETS[piece.level], point, piece.begin, piece.end, width, origin, *days)
    await conn.execute(ROW_QUERIES.prefer_block_ranges, "on")
    return found


async def raised_at_points(
    conn: Connection, points: Sequence[int], begin: datetime, end: datetime, transition: int, limit: int
) -> list[asyncpg.Record]:
    """Alarms that began at some points, the newest first."""
    return await conn.fetch(Q.raised_at_points, points, begin, end, transition, limit)


async def be_patient(conn: Connection, longest: str) -> None:
    """Wait for a lock no longer than so, until the transaction ends."""
    await conn.execute(Q.be_patient, longest)


async def days_to_pack(conn: Connection, moment: datetime) -> list[date]:
    """Days of UTC that are old enough to be packed and of which nothing is due, the oldest first."""
    rows = await conn.fetch(Q.days_to_pack, moment.astimezone(UTC).date(), moment)
    return [row["day"] for row in rows]


async def begin_packing(conn: Connection, day: date) -> int:
    """Begin to pack a day; returns the generation of its bodies."""
    return int(await conn.fetchval(Q.begin_packing, day))


async def finish_packing(conn: Connection, day: date, moment: datetime) -> bool:
    """Let the bodies take the place of the rows; False when rows came since the beginning."""
    return bool(await conn.fetchval(Q.finish_packing, day, moment))


async def rows_of_day(
    conn: Connection, begin: datetime, end: datetime, together: int
) -> AsyncIterator[asyncpg.Record]:
    """Every row of a stretch, point by point, in the order of time; within a transaction."""
    async for row in conn.cursor(Q.rows_of_day, begin, end, prefetch=together):
        yield row


async def keep_packed(
    conn: Connection,
    begin: datetime,
    end: datetime,
    point: int,
    day: date,
    generation: int,
    part: int,
    rows: int,
    body: bytes,
) -> None:
    """Write one body; `begin` and `end` are the moments of its first and last row."""
    await conn.execute(Q.keep_packed, begin, end, point, day, generation, part, rows, body)


async def every_packed(conn: Connection, together: int) -> AsyncIterator[asyncpg.Record]:
    """point_id, day, rows and body of all that is packed, a point's day together; within a transaction."""
    async for row in conn.cursor(Q.every_packed, prefetch=together):
        yield row
