"""The counting queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import asyncpg

    from central.db.pool import Connection

Q = load(__file__)


async def open_warnings(conn: Connection) -> Sequence[asyncpg.Record]:
    return await conn.fetch(Q.open_warnings)


async def due(conn: Connection, since: datetime) -> asyncpg.Record:
    row = await conn.fetchrow(Q.due, since)
    assert row is not None
    return row


async def enterprises(conn: Connection) -> asyncpg.Record:
    row = await conn.fetchrow(Q.enterprises)
    assert row is not None
    return row


async def gateways(conn: Connection) -> dict[str, int]:
    return {r["presence"]: r["count"] for r in await conn.fetch(Q.gateways)}


async def points(conn: Connection) -> asyncpg.Record:
    row = await conn.fetchrow(Q.points)
    assert row is not None
    return row


async def covered(conn: Connection, now: datetime) -> dict[str, int]:
    row = await conn.fetchrow(Q.covered, now)
    assert row is not None
    return dict(row)


async def enterprise_names(conn: Connection) -> Sequence[asyncpg.Record]:
    return await conn.fetch(Q.enterprise_names)


async def enterprise_rows(
    conn: Connection,
    *,
    enterprise_id: int | None = None,
    pattern: str | None = None,
    state: str = "",
    sort: str = "worst",
    after_worst: int | None = None,
    after_open: int | None = None,
    after_name: str | None = None,
    after_id: int | None = None,
    limit: int = 2,
    status: str = "",
    named: Sequence[int] = (),
) -> Sequence[asyncpg.Record]:
    return await conn.fetch(
        Q.enterprise_rows,
        enterprise_id,
        pattern,
        state,
        sort,
        after_worst,
        after_open,
        after_name,
        after_id,
        limit,
        status,
        list(named),
    )
