"""Rows of the history, the newest values and the alarms as last known."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import asyncpg
import msgspec

from central.db.queries import load
from central.telemetry import copy

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.telemetry.columns import I32, I64, Rows

Q = load(__file__)

DEFAULT: Final = "measurement_default"
_EPOCH: Final = date(1970, 1, 1)


class AlarmMove(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm's newest transition at a position of the event stream, or what a birth said of it."""

    gateway_id: str
    alarm: str
    point_id: int
    occurrence: str
    state: str
    limit_name: str
    side: str
    since: datetime
    value: float | None
    quality: int
    ordinal: int
    seq: int
    under: str = ""
    first_up: bool = False
    covered_by: str = ""
    covered_why: str = ""
    covered_until: datetime | None = None
    covered_since: datetime | None = None


def day_name(day: int) -> str:
    """Name of the partition of the `day`-th day since 1970."""
    return f"measurement_{_EPOCH + timedelta(days=day):%Y%m%d}"


async def ensure_day(conn: Connection, day: int) -> bool:
    """Make the partition of the `day`-th day since 1970; False when it was there."""
    return bool(await conn.fetchval(Q.ensure_day, _EPOCH + timedelta(days=day)))


async def known_days(conn: Connection) -> set[str]:
    """Names of the partitions that are there."""
    return {row["relname"] for row in await conn.fetch(Q.known_days)}


async def summarise(conn: Connection, day: int) -> None:
    """Bring the block range index of a day up to date."""
    await conn.execute(Q.summarise, _EPOCH + timedelta(days=day))


async def copy_rows(conn: Connection, table: str, rows: Rows, batch: I64, gateway: I32) -> None:
    """Write rows into one partition by binary COPY."""
    await conn.copy_to_table(
        table, source=io.BytesIO(copy.body(rows, batch, gateway)), columns=copy.COLUMNS, format="binary"
    )


async def keep_latest(
    conn: Connection,
    points: Sequence[int],
    at: Sequence[datetime],
    value: Sequence[float | None],
    quality: Sequence[int],
    ordinal: Sequence[int],
    seq: Sequence[int],
    received: Sequence[datetime],
) -> None:
    """Write newest values, forward only."""
    await conn.execute(Q.keep_latest, points, at, value, quality, ordinal, seq, received)


async def all_latest(conn: Connection) -> list[asyncpg.Record]:
    """Every flushed newest value."""
    return await conn.fetch(Q.all_latest)


async def newer_than_flushed(conn: Connection, since: datetime, oldest: datetime) -> list[asyncpg.Record]:
    """Newest value of each point among batches received since `since`, not older than `oldest`."""
    return await conn.fetch(Q.newer_than_flushed, since, oldest)


async def places_of_points(conn: Connection, points: Sequence[int]) -> list[asyncpg.Record]:
    """id, place, enterprise_id, sector of points."""
    return await conn.fetch(Q.places_of_points, points)


async def alarm_states(conn: Connection, keys: Sequence[tuple[str, str]]) -> list[asyncpg.Record]:
    """Alarms as last known, by (gateway, alarm)."""
    return await conn.fetch(Q.alarm_states, [k[0] for k in keys], [k[1] for k in keys])


async def alarms_of_gateway(conn: Connection, gateway: str) -> list[asyncpg.Record]:
    """Every alarm of a gateway that was ever heard of."""
    return await conn.fetch(Q.alarms_of_gateway, gateway)


async def move_alarms(
    conn: Connection, moves: Sequence[AlarmMove], now: datetime, *, also_same: bool = False
) -> None:
    """Move alarms forward, each named once; `also_same`: a birth speaks last at its position."""
    columns = ([getattr(m, name) for m in moves] for name in AlarmMove.__struct_fields__)
    await conn.execute(Q.move_alarms, *columns, now, also_same)


async def point_rows(
    conn: Connection, after: int, enterprise_id: int | None, gateway: str | None, limit: int
) -> list[asyncpg.Record]:
    """One page of current points behind `after`, by id."""
    return await conn.fetch(Q.point_rows, after, enterprise_id, gateway, limit)


async def point_row(conn: Connection, point: int) -> asyncpg.Record | None:
    """One point, None outside the scope."""
    return await conn.fetchrow(Q.point_row, point)


async def alarms_of_points(conn: Connection, points: Sequence[int]) -> list[asyncpg.Record]:
    """What is not normal at some points, oldest first."""
    return await conn.fetch(Q.alarms_of_points, points)


async def alarms_of_point(conn: Connection, point: int) -> list[asyncpg.Record]:
    """What is known of the alarms of one point."""
    return await conn.fetch(Q.alarms_of_point, point)


async def covered_alarms(
    conn: Connection,
    now: datetime,
    cover: str | None,
    enterprise_id: int | None,
    gateway: str | None,
    after: Sequence[object],
    limit: int,
) -> list[asyncpg.Record]:
    """One page of what keeps silent, behind `after`: (rank, due, gateway, name), Nones for the first."""
    return await conn.fetch(Q.covered_alarms, now, cover, enterprise_id, gateway, *after, limit)
