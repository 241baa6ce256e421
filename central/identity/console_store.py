"""The SQL of personal settings and messages: one function a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central.db.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import asyncpg

    from central.db.pool import Connection

Q = load(__file__, "queries_console.sql")


async def settings_of(conn: Connection, account_id: int) -> dict[str, Any]:
    """What was kept; empty for somebody who never set anything."""
    kept: dict[str, Any] | None = await conn.fetchval(Q.settings_of, account_id)
    return kept or {}


async def change_settings(
    conn: Connection,
    account_id: int,
    named: dict[str, Any],
    columns: dict[str, Any],
    views: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Merges into what was kept, and gives all of it."""
    kept: dict[str, Any] = await conn.fetchval(Q.change_settings, account_id, named, columns, views, now)
    return kept


async def messages_of(
    conn: Connection,
    account_id: int,
    *,
    unread: bool,
    before: tuple[datetime | None, int | None],
    limit: int,
) -> Sequence[asyncpg.Record]:
    return await conn.fetch(Q.messages_of, account_id, unread, *before, limit)


async def unread_messages(conn: Connection, account_id: int) -> int:
    count: int = await conn.fetchval(Q.unread_messages, account_id)
    return count


async def read_messages(conn: Connection, account_id: int, ids: list[int] | None, now: datetime) -> None:
    await conn.execute(Q.read_messages, account_id, ids, now)


async def tell_account(conn: Connection, *values: object) -> None:
    await conn.execute(Q.tell_account, *values)


async def forget_messages(conn: Connection, before: datetime) -> None:
    await conn.execute(Q.forget_messages, before)


async def holders_of(conn: Connection, operation: str) -> list[int]:
    return [row["id"] for row in await conn.fetch(Q.holders_of, operation)]


async def keepers_of(conn: Connection, operation: str, place: str) -> list[int]:
    return [row["id"] for row in await conn.fetch(Q.keepers_of, operation, place)]
