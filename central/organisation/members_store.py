"""Members of the safety committee and intermediaries in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.queries import load
from central.organisation.faults import in_words
from central.organisation.members_models import Intermediary, Unit

if TYPE_CHECKING:
    import datetime as dt

    import asyncpg

    from central.db.pool import Connection
    from central.organisation.members_models import IntermediaryForm, UnitForm

Q = load(__file__, "queries_members.sql")


async def units(
    conn: Connection,
    *,
    number: int | None = None,
    q: str = "",
    agency_id: int | None = None,
    after: tuple[str | None, int | None] = (None, None),
    limit: int = 1,
) -> list[Unit]:
    return [Unit(**dict(row)) for row in await conn.fetch(Q.units, number, q, agency_id, *after, limit)]


async def lock_unit(conn: Connection, number: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.lock_unit, number)


async def insert_unit(conn: Connection, agency_id: int, form: UnitForm) -> int:
    with in_words():
        number: int = await conn.fetchval(
            Q.insert_unit, agency_id, form.name, form.code, form.contact_name, form.phone, form.address,
            form.duties,
        )  # fmt: skip
    return number


async def update_unit(conn: Connection, number: int, form: UnitForm) -> None:
    with in_words():
        await conn.execute(
            Q.update_unit, number, form.name, form.code, form.contact_name, form.phone, form.address,
            form.duties,
        )  # fmt: skip


async def delete_unit(conn: Connection, number: int) -> None:
    with in_words():
        await conn.execute(Q.delete_unit, number)


async def unit_accounts(conn: Connection, number: int) -> int:
    count: int = await conn.fetchval(Q.unit_accounts, number)
    return count


async def intermediaries(
    conn: Connection,
    today: dt.date,
    *,
    number: int | None = None,
    q: str = "",
    kind: str = "",
    state: str = "",
    after: tuple[dt.date | None, int | None] = (None, None),
    limit: int = 1,
) -> list[Intermediary]:
    rows = await conn.fetch(Q.intermediaries, number, q, kind, state, *after, today, limit)
    return [Intermediary(**dict(row)) for row in rows]


async def lock_intermediary(conn: Connection, number: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.lock_intermediary, number)


async def insert_intermediary(
    conn: Connection, agency_id: int, credit_code: str, form: IntermediaryForm
) -> int:
    with in_words():
        number: int = await conn.fetchval(
            Q.insert_intermediary, agency_id, form.name, credit_code, form.kind, form.qualification,
            form.qualification_no, form.valid_from, form.valid_until, form.services, form.contact_name,
            form.phone, form.address,
        )  # fmt: skip
    return number


async def update_intermediary(
    conn: Connection, number: int, credit_code: str, form: IntermediaryForm
) -> None:
    with in_words():
        await conn.execute(
            Q.update_intermediary, number, form.name, credit_code, form.kind, form.qualification,
            form.qualification_no, form.valid_from, form.valid_until, form.services, form.contact_name,
            form.phone, form.address,
        )  # fmt: skip


async def delete_intermediary(conn: Connection, number: int) -> None:
    with in_words():
        await conn.execute(Q.delete_intermediary, number)


async def intermediary_accounts(conn: Connection, number: int) -> int:
    count: int = await conn.fetchval(Q.intermediary_accounts, number)
    return count


async def agency_in_sight(conn: Connection, agency_id: int) -> bool:
    seen: bool = await conn.fetchval(Q.agency_in_sight, agency_id)
    return seen
