"""Imports in PostgreSQL, and what names of a file mean there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from central.db.queries import load
from central.registry.sheets.reading import Row
from central.registry.tables import owners_of, table_of

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    import asyncpg

    from central.db.pool import Connection
    from central.registry.forms.register import Register

Q = load(__file__, "queries_imports.sql")

# What a link may lead to by name, beside registers and dictionaries: number and name in the scope.
_NAMED = {
    "enterprise": "SELECT id::text AS id, name FROM enterprise WHERE name = ANY($1::text[])",
    "agency": "SELECT id::text AS id, name FROM agency WHERE name = ANY($1::text[])",
    "region": "SELECT code AS id, name FROM region WHERE $1::text[] && ARRAY[name, code]",
    "industry": "SELECT code AS id, name FROM industry WHERE $1::text[] && ARRAY[name, code]",
    "gateway": "SELECT id, name FROM gateway WHERE name = ANY($1::text[])",
    "point": "SELECT id::text AS id, name FROM point WHERE name = ANY($1::text[])",
}


class Claimed(msgspec.Struct, frozen=True):
    """A job in the hands of one worker; `claimed_until` is also its token."""

    id: int
    register: str
    account_id: int
    content: bytes
    dry_run: bool
    submit: bool
    overwrite: bool
    done: int
    claimed_until: datetime


async def insert_job(
    conn: Connection, register: str, account_id: int, file_name: str, content: bytes, sha256: str, *,
    dry_run: bool, submit: bool, overwrite: bool, now: datetime,
) -> int:  # fmt: skip
    number: int = await conn.fetchval(
        Q.insert_job,
        register,
        account_id,
        file_name,
        len(content),
        sha256,
        content,
        dry_run,
        submit,
        overwrite,
        now,
    )
    await conn.execute("SELECT pg_notify('fengsui_import', '')")
    return number


async def open_jobs(conn: Connection, account_id: int) -> int:
    found: int = await conn.fetchval(Q.open_jobs, account_id)
    return found


async def jobs(
    conn: Connection, job_id: int | None = None, before: int | None = None, register: str = "", limit: int = 1
) -> list[asyncpg.Record]:
    return await conn.fetch(Q.jobs, job_id, before, register, limit)


async def start_again(conn: Connection, job_id: int, *, overwrite: bool) -> bool:
    if await conn.fetchval(Q.start_again, job_id, overwrite) is None:
        return False
    await conn.execute(Q.forget_bad_rows, job_id)
    await conn.execute("SELECT pg_notify('fengsui_import', '')")
    return True


async def bad_rows(conn: Connection, job_id: int, after: int, limit: int) -> list[tuple[int, Row]]:
    rows = await conn.fetch(Q.bad_rows, job_id, after, limit)
    return [(row["row_order"], msgspec.convert(row["found"], Row)) for row in rows]


async def claim(conn: Connection, now: datetime, until: datetime) -> Claimed | None:
    row = await conn.fetchrow(Q.claim, now, until)
    return Claimed(**dict(row)) if row else None


async def keep(conn: Connection, job: Claimed, until: datetime) -> bool:
    return await conn.fetchval(Q.keep, job.id, job.claimed_until, until) is not None


async def release(conn: Connection, job: Claimed, now: datetime) -> None:
    await conn.execute(Q.release, job.id, job.claimed_until, now)


async def begin(conn: Connection, job: Claimed, total: int, notices: list[str]) -> bool:
    return await conn.fetchval(Q.begin, job.id, job.claimed_until, total, notices) is not None


async def advance(
    conn: Connection, job: Claimed, done: int, counts: tuple[int, int, int, int], lease: timedelta,
    total: int | None = None, notices: list[str] | None = None, outdated: int = 0,
) -> datetime | None:  # fmt: skip
    """Counts rows (created, changed, unchanged, bad) and renews the claim; None where it is another's.

    `outdated` of the bad ones changed since the file was taken away.
    """
    until: datetime | None = await conn.fetchval(
        Q.advance, job.id, job.claimed_until, done, *counts, lease, total, notices, outdated
    )
    return until


async def insert_bad_rows(conn: Connection, job_id: int, rows: list[tuple[int, Row]]) -> None:
    if rows:
        # What was understood of a row is no part of its report.
        found = [msgspec.to_builtins(msgspec.structs.replace(row, values={})) for _, row in rows]
        await conn.execute(Q.insert_bad_rows, job_id, [place for place, _ in rows], found)


async def end_job(conn: Connection, job: Claimed, state: str, error: str, now: datetime) -> bool:
    return await conn.fetchval(Q.end_job, job.id, job.claimed_until, state, error, now) is not None


async def tidy(conn: Connection, contents_before: datetime, jobs_before: datetime) -> None:
    await conn.execute(Q.drop_contents, contents_before)
    await conn.execute(Q.drop_jobs, jobs_before)


# -- what names mean ---


async def by_name(conn: Connection, which: str, names: set[str]) -> dict[str, int]:
    """Numbers of enterprises ("enterprises_by_code") or agencies ("agencies_by_name") of the scope."""
    if not names:
        return {}
    rows = await conn.fetch(getattr(Q, which), sorted(names))
    return {row["name"]: row["id"] for row in rows}


async def owner_words(
    conn: Connection, enterprises: set[int], agencies: set[int]
) -> tuple[dict[int, str], dict[int, str]]:
    """Credit codes of enterprises and names of agencies, as tables name owners."""
    codes = await conn.fetch(Q.credit_codes, sorted(enterprises)) if enterprises else []
    names = await conn.fetch(Q.agency_names, sorted(agencies)) if agencies else []
    return {r["id"]: r["credit_code"] for r in codes}, {r["id"]: r["name"] for r in names}


async def words(conn: Connection, dictionaries: list[str]) -> dict[str, dict[str, str]]:
    """The code of each word, by `Field.to` of links."""
    found: dict[str, dict[str, str]] = {f"dictionary/{name}": {} for name in dictionaries}
    for row in await conn.fetch(Q.words, dictionaries) if dictionaries else []:
        found[f"dictionary/{row['dictionary']}"][row["zh"]] = row["code"]
    return found


async def things(conn: Connection, to: str, names: set[str]) -> list[asyncpg.Record] | None:
    """Number and name of what links of one kind may mean by name; None for what has no name to go by."""
    statement = _NAMED.get(to)
    return await conn.fetch(statement, sorted(names)) if statement else None


async def titled(conn: Connection, register: Register, names: set[str]) -> list[asyncpg.Record]:
    """Records of a register by title, with their owners."""
    return await conn.fetch(
        f"SELECT id::text AS id, title AS name, enterprise_id, agency_id FROM {table_of(register)} "
        "WHERE removed_at IS NULL AND title = ANY($1::text[])",
        sorted(names),
    )


async def alike(
    conn: Connection, register: Register, enterprises: list[int], agencies: list[int], wanted: list[Any]
) -> list[asyncpg.Record]:
    """Records of some owners that hold everything of one of several payloads."""
    owned = " OR ".join(
        f"{kind}_id = ANY(${place}::int[])"
        for kind, place in (("enterprise", 1), ("agency", 2))
        if kind in owners_of(register)
    )
    return await conn.fetch(
        f"SELECT id, enterprise_id, agency_id, payload FROM {table_of(register)} "
        f"WHERE removed_at IS NULL AND ({owned}) AND payload @> ANY($3::jsonb[]) "
        "AND $1::int[] IS NOT NULL AND $2::int[] IS NOT NULL ORDER BY id",
        enterprises, agencies, wanted,
    )  # fmt: skip


async def former_states(
    conn: Connection, register: Register, wanted: list[tuple[int, int]]
) -> list[asyncpg.Record]:
    """Of records by number and version what they were then; nothing of those that still are so."""
    if not wanted:
        return []
    return await conn.fetch(
        Q.former_states, register.name, [number for number, _ in wanted], [version for _, version in wanted]
    )


async def count(conn: Connection, source: str, condition: str, values: list[Any]) -> int:
    """How many records fit the condition of a list; `source` is what stands after its FROM."""
    found: int = await conn.fetchval(f"SELECT count(*) FROM {source} WHERE {condition}", *values)
    return found
