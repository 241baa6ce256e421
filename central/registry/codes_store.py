"""Codes of subjects in PostgreSQL; the tables of registers are named by the catalogue alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.queries import load
from central.registry.codes_models import SubjectRow
from central.registry.codes_rules import ENTERPRISE
from central.registry.records_source import counted_initials, counted_title
from central.registry.tables import table_of

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.codes_rules import Subject
    from central.registry.forms.register import Register

Q = load(__file__, "queries_codes.sql")


async def subject(conn: Connection, register: Register | None, record_id: int) -> SubjectRow | None:
    """A subject that counts; without a register an enterprise."""
    if register is None:
        row = await conn.fetchrow(Q.enterprise_subject, record_id)
        return SubjectRow(**dict(row)) if row else None
    row = await conn.fetchrow(
        "SELECT id AS record_id, title, enterprise_id, agency_id, place, sector, counted, '' AS address "  # noqa: S608
        f"FROM {table_of(register)} WHERE id = $1 AND removed_at IS NULL AND counted IS NOT NULL",
        record_id,
    )
    if row is None:
        return None
    agency = await conn.fetchrow(Q.owner_agency, row["agency_id"], row["enterprise_id"])
    return SubjectRow(
        **dict(row),
        agency_name=agency["agency_name"] if agency else "",
        phone=agency["phone"] if agency else "",
    )


async def single(conn: Connection, register: Register, enterprise_id: int) -> dict[str, Any]:
    """What counts of a register that has one record an enterprise; nothing without one."""
    found: dict[str, Any] | None = await conn.fetchval(
        f"SELECT counted FROM {table_of(register)} WHERE enterprise_id = $1 AND removed_at IS NULL",  # noqa: S608
        enterprise_id,
    )
    return found or {}


async def subjects(
    conn: Connection,
    register: Register | None,
    q: str,
    ids: list[int] | None,
    after: tuple[str | None, int | None],
    limit: int,
) -> list[asyncpg.Record]:
    """Subjects in the order of their places: record_id, title, owner_name, place_name, place.

    A code stands for what counts: a title that is being worked on is neither shown nor found.
    """
    if register is None:
        return await conn.fetch(Q.enterprise_subjects, q, ids, *after, limit)
    return await conn.fetch(
        f"SELECT t.id AS record_id, {counted_title()} AS title, "  # noqa: S608
        "coalesce(e.name, a.name, '') AS owner_name, "
        "coalesce(r.name, '') AS place_name, t.place "
        f"FROM {table_of(register)} AS t LEFT JOIN enterprise AS e ON e.id = t.enterprise_id "
        "LEFT JOIN agency AS a ON a.id = t.agency_id "
        "LEFT JOIN region AS r ON r.code = split_part(t.place, '/', 1) "
        "WHERE t.removed_at IS NULL AND t.counted IS NOT NULL "
        f"AND ($1 = '' OR strpos({counted_title()}, $1) > 0 OR starts_with({counted_initials()}, lower($1))) "
        "AND ($2::bigint[] IS NULL OR t.id = ANY ($2::bigint[])) "
        'AND ($3::text IS NULL OR (t.place, t.id) > ($3::text COLLATE "C", $4::bigint)) '
        "ORDER BY t.place, t.id LIMIT $5",
        q, ids, *after, limit,
    )  # fmt: skip


async def revocations(
    conn: Connection, register: str, record_ids: list[int]
) -> dict[int, tuple[int, datetime]]:
    rows = await conn.fetch(Q.revocations, register, record_ids)
    return {row["record_id"]: (row["issue"], row["revoked_at"]) for row in rows}


async def revoked_at(conn: Connection, subject: Subject) -> datetime | None:
    at: datetime | None = await conn.fetchval(
        Q.revocation, subject.register, subject.record_id, subject.issue
    )
    return at


async def revoke(
    conn: Connection, person: Person, subject: Subject, row: SubjectRow, reason: str, now: datetime
) -> bool:
    done = await conn.fetchval(
        Q.revoke, subject.register, subject.record_id, subject.issue,
        row.record_id if subject.register == ENTERPRISE else row.enterprise_id, row.agency_id, reason, now,
        person.account_id, person.display_name,
    )  # fmt: skip
    return done is not None
