"""Agencies in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.queries import load
from central.organisation.faults import in_words
from central.organisation.models import Agency, AgencyUse

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection
    from central.organisation.models import AgencyForm

Q = load(__file__, "queries_agencies.sql")


async def agencies(
    conn: Connection,
    *,
    agency_id: int | None = None,
    q: str = "",
    rank: int | None = None,
    kind: str = "",
    parent_id: int | None = None,
    region: str = "",
    after: tuple[int | None, str | None, int | None] = (None, None, None),
    limit: int = 1,
) -> list[Agency]:
    rows = await conn.fetch(Q.agencies, agency_id, q, rank, kind, parent_id, region, *after, limit)
    return [Agency(**dict(row)) for row in rows]


async def lock_agency(conn: Connection, agency_id: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.lock_agency, agency_id)


async def visible_agency(conn: Connection, agency_id: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.visible_agency, agency_id)


async def agencies_above(conn: Connection, agency_id: int) -> list[int]:
    return [row["id"] for row in await conn.fetch(Q.agencies_above, agency_id)]


async def unknown_areas(conn: Connection, areas: list[str]) -> list[str]:
    return [row["area"] for row in await conn.fetch(Q.unknown_areas, areas)]


async def insert_agency(conn: Connection, form: AgencyForm, areas: list[str]) -> int:
    with in_words():
        number: int = await conn.fetchval(
            Q.insert_agency, form.name, form.code, form.kind, form.rank, form.parent_id, form.region_code
        )
    await _write_rest(conn, number, form, areas)
    return number


async def update_agency(conn: Connection, agency_id: int, form: AgencyForm, areas: list[str]) -> None:
    with in_words():
        await conn.execute(
            Q.update_agency, agency_id, form.name, form.code, form.kind, form.rank, form.parent_id,
            form.region_code,
        )  # fmt: skip
    await _write_rest(conn, agency_id, form, areas)


async def _write_rest(conn: Connection, agency_id: int, form: AgencyForm, areas: list[str]) -> None:
    with in_words():
        await conn.execute(Q.drop_areas, agency_id, areas)
        await conn.execute(Q.add_areas, agency_id, areas)
        await conn.execute(
            Q.update_detail, agency_id, form.contact_name, form.phone, form.fax, form.address,
            form.description, form.longitude, form.latitude, form.administrator_id,
        )  # fmt: skip


async def delete_agency(conn: Connection, agency_id: int) -> None:
    with in_words():
        await conn.execute(Q.delete_agency, agency_id)


async def agency_use(conn: Connection, agency_id: int) -> AgencyUse:
    row = await conn.fetchrow(Q.agency_use, agency_id)
    assert row is not None
    return AgencyUse(**dict(row))


async def account_of_agency(conn: Connection, account_id: int, agency_id: int) -> bool:
    found: bool = await conn.fetchval(Q.account_of_agency, account_id, agency_id)
    return found
