"""Moves and reorganisations in PostgreSQL."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from central.db.queries import load
from central.organisation.moves_models import Job, JobEnterprise, Plan, TableRows

if TYPE_CHECKING:
    from datetime import date, datetime

    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person

Q = load(__file__, "queries_moves.sql")

LONGEST_S = 3600.0  # one enterprise with years of history moves in one transaction


async def movable(conn: Connection, enterprise_id: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.movable, enterprise_id)


async def agency_name(conn: Connection, agency_id: int) -> str | None:
    name: str | None = await conn.fetchval(Q.agency_name, agency_id)
    return name


async def sector_known(conn: Connection, code: str) -> bool:
    known: bool = await conn.fetchval(Q.sector_known, code)
    return known


async def rows_that_follow(conn: Connection, enterprise_id: int, place: str) -> list[TableRows]:
    rows = await conn.fetch(Q.rows_that_follow, enterprise_id, place)
    return [TableRows(r["name"], r["rows"]) for r in rows]


async def rows_of_all(conn: Connection, enterprises: list[tuple[int, str]]) -> list[TableRows]:
    """What of several enterprises, each with its place, would move, most first."""
    total: Counter[str] = Counter()
    for number, place in enterprises:
        for found in await rows_that_follow(conn, number, place):
            total[found.table] += found.rows
    return [TableRows(table, rows) for table, rows in total.most_common()]


async def agencies_that_see(conn: Connection, place: str) -> dict[int, str]:
    return {r["id"]: r["name"] for r in await conn.fetch(Q.agencies_that_see, place)}


async def leaf_grants(conn: Connection, place: str) -> list[str]:
    return [r["name"] for r in await conn.fetch(Q.leaf_grants, place)]


async def belongings(conn: Connection, enterprises: list[int]) -> tuple[int, int]:
    """How many gateways and open warnings."""
    row = await conn.fetchrow(Q.belongings, enterprises)
    assert row is not None
    return row["gateways"], row["warnings"]


async def busy(conn: Connection, enterprise_id: int) -> list[str]:
    return [r["title"] for r in await conn.fetch(Q.busy, enterprise_id)]


async def insert_job(
    conn: Connection, person: Person, plan: Plan, asked: Any, place: str, now: datetime, total: int
) -> int:
    number: int = await conn.fetchval(
        Q.insert_job, plan.kind, place, plan.title, asked.reason, asked.document, msgspec.to_builtins(asked),
        plan.effective_at, now, person.account_id or None, person.display_name, person.role, total,
    )  # fmt: skip
    return number


async def insert_item(
    conn: Connection,
    job_id: int,
    enterprise_id: int,
    region: str | None,
    agency: int | None,
    sector: str | None,
) -> None:
    await conn.execute(Q.insert_item, job_id, enterprise_id, region, agency, sector)


async def jobs(
    conn: Connection, kind: str, before_id: int | None, state: str | None, limit: int
) -> list[Job]:
    return [Job(**dict(r)) for r in await conn.fetch(Q.jobs, kind, before_id, state, limit)]


async def job(conn: Connection, job_id: int, kind: str) -> Job | None:
    row = await conn.fetchrow(Q.job, job_id, kind)
    if row is None:
        return None
    items = [JobEnterprise(**dict(r)) for r in await conn.fetch(Q.items, job_id)]
    return Job(**dict(row), enterprises=items)


async def cancel(conn: Connection, job_id: int, now: datetime) -> bool:
    return await conn.fetchval(Q.cancel, job_id, now) is not None


async def replan(conn: Connection, job_id: int, plan: dict[str, Any]) -> bool:
    return await conn.fetchval(Q.replan, job_id, plan) is not None


async def due_job(conn: Connection, now: datetime) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.due_job, now)


async def next_due(conn: Connection) -> datetime | None:
    due: datetime | None = await conn.fetchval(Q.next_due)
    return due


async def begin(conn: Connection, job_id: int, now: datetime) -> None:
    await conn.execute(Q.begin, job_id, now)


async def next_item(conn: Connection, job_id: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.next_item, job_id)


async def rows_ahead(conn: Connection, enterprise_id: int, old: str, new: str, sector: str) -> int:
    moved: int = await conn.fetchval(Q.rows_ahead, enterprise_id, old, new, sector, timeout=LONGEST_S)
    return moved


async def relocate(
    conn: Connection,
    job_id: int,
    enterprise_id: int,
    region: str | None,
    agency: int | None,
    sector: str | None,
    now: datetime,
) -> tuple[str, str, int]:
    """Old place, new place, rows."""
    row = await conn.fetchrow(
        Q.relocate, job_id, enterprise_id, region, agency, sector, now, timeout=LONGEST_S
    )
    assert row is not None
    return row["from_place"], row["to_place"], row["rows"]


async def item_done(
    conn: Connection, job_id: int, enterprise_id: int, old: str, new: str, rows: int, now: datetime
) -> None:
    await conn.execute(Q.item_done, job_id, enterprise_id, old, new, rows, now)


async def progress(conn: Connection, job_id: int, rows: int) -> None:
    await conn.execute(Q.progress, job_id, rows)


async def end_job(conn: Connection, job_id: int, now: datetime) -> None:
    await conn.execute(Q.end_job, job_id, now)


async def fail(conn: Connection, job_id: int, failure: str, now: datetime) -> None:
    await conn.execute(Q.fail, job_id, failure, now)


async def regions_of(conn: Connection, codes: list[str], above: list[str]) -> dict[str, str]:
    return {r["code"]: r["name"] for r in await conn.fetch(Q.regions_of, codes, above)}


async def enterprises_below(
    conn: Connection, regions: list[str], agencies: list[int]
) -> list[asyncpg.Record]:
    return await conn.fetch(Q.enterprises_below, regions, agencies)


async def areas_below(conn: Connection, regions: list[str]) -> list[asyncpg.Record]:
    return await conn.fetch(Q.areas_below, regions)


async def make_region(conn: Connection, code: str, name: str, day: date, source: str) -> None:
    await conn.execute(Q.make_region, code, name, day, source)


async def end_region(conn: Connection, code: str, day: date) -> None:
    await conn.execute(Q.end_region, code, day)


async def succeed(conn: Connection, old: str, new: str, day: date, renumbered: bool, job_id: int) -> None:
    await conn.execute(Q.succeed, old, new, day, renumbered, job_id)


async def day_of(conn: Connection, moment: datetime) -> date:
    day: date = await conn.fetchval(Q.day_of, moment)
    return day


async def areas_open(conn: Connection, job_id: int) -> None:
    await conn.execute(Q.areas_open, job_id)


async def area_open(conn: Connection, agency_id: int, area: str) -> None:
    await conn.execute(Q.area_open, agency_id, area)


async def areas_close(conn: Connection, job_id: int) -> None:
    await conn.execute(Q.areas_close, job_id)


async def leaves_follow(conn: Connection, old: str, new: str) -> None:
    await conn.execute(Q.leaves_follow, old, new)


async def references_follow(conn: Connection, job_id: int) -> int:
    moved: int = await conn.fetchval(Q.references_follow, job_id, timeout=LONGEST_S)
    return moved


async def offices_follow(conn: Connection, job_id: int) -> None:
    await conn.execute(Q.offices_follow, job_id)


async def say_why(conn: Connection, reason: str) -> None:
    await conn.fetchval(Q.say_why, reason)


async def concerned(
    conn: Connection, job_id: int, agencies: list[int], enterprises: list[int]
) -> list[asyncpg.Record]:
    return await conn.fetch(Q.concerned, job_id, agencies, enterprises)
