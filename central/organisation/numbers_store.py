"""Formats of document numbers and their series in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.queries import load
from central.organisation.faults import in_words

if TYPE_CHECKING:
    import datetime as dt

    import asyncpg

    from central.db.pool import Connection
    from central.organisation.numbers_models import NumberForm

Q = load(__file__, "queries_numbers.sql")


async def formats(
    conn: Connection,
    today: dt.date,
    *,
    number: int | None = None,
    q: str = "",
    agency_id: int | None = None,
    after: tuple[str | None, int | None] = (None, None),
    limit: int = 1,
) -> list[asyncpg.Record]:
    return await conn.fetch(Q.formats, number, q, agency_id, *after, limit, today)


async def lock_format(conn: Connection, number: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.lock_format, number)


async def insert_format(conn: Connection, agency_id: int, form: NumberForm) -> int:
    with in_words():
        number: int = await conn.fetchval(
            Q.insert_format, agency_id, form.kind, form.name, form.pattern, form.serial_length, form.resets,
            form.for_below,
        )  # fmt: skip
    return number


async def update_format(conn: Connection, number: int, form: NumberForm) -> None:
    with in_words():
        await conn.execute(
            Q.update_format, number, form.kind, form.name, form.pattern, form.serial_length, form.resets,
            form.for_below,
        )  # fmt: skip


async def delete_format(conn: Connection, number: int) -> None:
    with in_words():
        await conn.execute(Q.delete_format, number)


async def format_for(conn: Connection, agency_id: int, kind: str) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.format_for, agency_id, kind)


async def take_serial(conn: Connection, format_id: int, agency_id: int, period: str) -> int:
    with in_words():
        serial: int = await conn.fetchval(Q.take_serial, format_id, agency_id, period)
    return serial


async def agency_of_format(conn: Connection, agency_id: int) -> str | None:
    code: str | None = await conn.fetchval(Q.agency_of_format, agency_id)
    return code
