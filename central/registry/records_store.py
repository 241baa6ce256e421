"""Records in PostgreSQL: one shape of statements over the tables of all registers.

Names of tables and columns come from declarations, never from a request; every value is a parameter.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.registry import records_former as former
from central.registry.forms.register import Register, fields_of
from central.registry.records_models import Kept, Owner
from central.registry.tables import columns_of, owners_of, table_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from central.db.pool import Connection
    from central.identity.models import Person

OWNER_NAME = (
    "coalesce((SELECT e.name FROM enterprise AS e WHERE e.id = r.enterprise_id), "
    "(SELECT a.name FROM agency AS a WHERE a.id = r.agency_id))"
)
_KEPT = (
    f"r.id, r.enterprise_id, r.agency_id, {OWNER_NAME} AS owner_name, r.place, r.sector, r.state, r.version, "
    "r.payload, r.counted, r.title, r.valid_from, r.created_at, r.created_name, r.changed_at, "
    "r.changed_name, r.submitted_at, r.submitted_by, r.reviewed_at, r.reviewed_name, r.opinion, r.reason, "
    "r.counted_title, r.counted_version, r.counted_from, r.counted_at, r.counted_name"
)
# Where what counts begins to be worked on, what is told of it is put aside.
_AS_COUNTED = ", ".join(
    f"counted_{name} = CASE WHEN r.state = 'valid' THEN r.{of} ELSE r.counted_{name} END"
    for name, of in (
        ("title", "title"), ("initials", "initials"), ("version", "version"), ("from", "valid_from"),
        ("at", "changed_at"), ("name", "changed_name"),
    )
)  # fmt: skip
_OWNERS = """
SELECT e.id, 'enterprise' AS kind, e.place, e.sector FROM enterprise AS e WHERE e.id = ANY($1::int[])
UNION ALL
SELECT d.agency_id, 'agency', d.place, '' FROM agency_detail AS d WHERE d.agency_id = ANY($2::int[])
"""
_VERSIONS = """
SELECT version, at, by_name, reason, state, valid_from, payload FROM record_version
WHERE register = $1 AND record_id = $2 ORDER BY version DESC LIMIT $3
"""
_HANDED_IN = """
SELECT DISTINCT ON (record_id) record_id, payload FROM record_version
WHERE register = $1 AND record_id = ANY($2::bigint[]) AND state <> 'draft' ORDER BY record_id, version DESC
"""


@contextmanager
def in_words(register: Register) -> Iterator[None]:
    """Turns what PostgreSQL refuses into the error that a person reads.

    Raises:
        DomainError: 409, there is such a record already.
        NotFoundError: the row would lie outside the jurisdiction.
    """
    try:
        yield
    except asyncpg.UniqueViolationError as exc:
        raise taken(register) from exc
    except (asyncpg.InsufficientPrivilegeError, asyncpg.NotNullViolationError) as exc:
        raise NotFoundError from exc


def taken(register: Register) -> DomainError:
    """409: the fields that make a record unique are those of another one."""
    problems = taken_problems(register)
    return DomainError("taken", problems[0].problem, 409, problems)


def taken_problems(register: Register) -> list[FieldProblem]:
    """Which fields collide."""
    if register.single:
        return [FieldProblem("values", "本台账每个单位只有一份，已经建立。", "请打开已有的记录修改。")]
    names = {bound.name: bound.field.zh for bound in fields_of(register.record)}
    words = "、".join(f"“{names[name]}”" for name in register.key)
    return [
        FieldProblem(f"values.{name}", f"已有{words}相同的记录。", "请核对，或打开已有的记录修改。")
        for name in register.key
    ]


async def owners(conn: Connection, wanted: set[Owner]) -> dict[Owner, tuple[str, str]]:
    """Place and sector of those owners that lie inside the scope."""
    enterprises = [owner.enterprise_id for owner in wanted if owner.enterprise_id is not None]
    agencies = [owner.agency_id for owner in wanted if owner.agency_id is not None]
    rows = await conn.fetch(_OWNERS, enterprises, agencies)
    return {Owner(**{f"{row['kind']}_id": row["id"]}): (row["place"], row["sector"]) for row in rows}


async def kept(conn: Connection, register: Register, record_id: int, *, lock: bool = False) -> Kept | None:
    """A record that is not removed, held until the transaction ends when `lock` says so."""
    hold = " FOR UPDATE OF r" if lock else ""
    row = await conn.fetchrow(
        f"SELECT {_KEPT} FROM {table_of(register)} AS r WHERE r.id = $1 AND r.removed_at IS NULL{hold}",
        record_id,
    )
    return _as_kept(register, row) if row else None


def _as_kept(register: Register, row: asyncpg.Record) -> Kept:
    """A row, its values as far as they fit the declaration of today."""
    found = dict(row)
    found["stored"] = found["payload"]
    for name in ("payload", "counted"):
        found[name] = None if found[name] is None else former.current(register.record, found[name])
    return Kept(**found)


async def insert(
    conn: Connection,
    register: Register,
    person: Person,
    now: datetime,
    owner: Owner,
    *,
    state: str,
    payload: dict[str, Any],
    counted: dict[str, Any] | None,
    title: str,
    initials: str,
    valid_from: date | None,
    reason: str,
    source: str,
) -> int:
    """Adds a record."""
    with in_words(register):
        number: int = await conn.fetchval(
            f"INSERT INTO {table_of(register)} (enterprise_id, agency_id, state, payload, counted, title, "
            "initials, valid_from, created_at, created_by, created_name, changed_at, changed_by, "
            "changed_name, submitted_at, submitted_by, submitted_name, reason, source) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $9, $10, $11, "
            "CASE WHEN $3 <> 'draft' THEN $9::timestamptz END, CASE WHEN $3 <> 'draft' THEN $10::int END, "
            "CASE WHEN $3 <> 'draft' THEN $11 ELSE '' END, $12, $13) RETURNING id",
            owner.enterprise_id, owner.agency_id, state, payload, counted, title, initials, valid_from, now,
            person.account_id or None, person.display_name, reason, source,
        )  # fmt: skip
    return number


async def keep_version(conn: Connection, register: Register, record_ids: list[int]) -> None:
    """Writes down what records are before they are changed."""
    await conn.execute(
        "INSERT INTO record_version (register, record_id, version, at, by, by_name, reason, state, "
        "valid_from, payload, place, sector) SELECT $1, r.id, r.version, r.changed_at, r.changed_by, "
        f"r.changed_name, r.reason, r.state, r.valid_from, r.payload, r.place, r.sector "
        f"FROM {table_of(register)} AS r "
        "WHERE r.id = ANY($2::bigint[])",
        register.name, record_ids,
    )  # fmt: skip


async def update(
    conn: Connection,
    register: Register,
    person: Person,
    now: datetime,
    record_id: int,
    *,
    state: str,
    payload: dict[str, Any],
    counted: dict[str, Any] | None,
    title: str,
    initials: str,
    valid_from: date | None,
    reason: str,
) -> None:
    """Changes a record; a state that is no draft says that it was submitted now."""
    with in_words(register):
        await conn.execute(
            f"UPDATE {table_of(register)} AS r SET state = $2, payload = $3, counted = $4, title = $5, "
            "initials = $6, valid_from = $7, changed_at = $8, changed_by = $9, changed_name = $10, "
            "submitted_at = CASE WHEN $2 <> 'draft' THEN $8 ELSE r.submitted_at END, "
            "submitted_by = CASE WHEN $2 <> 'draft' THEN $9 ELSE r.submitted_by END, "
            "submitted_name = CASE WHEN $2 <> 'draft' THEN $10 ELSE r.submitted_name END, "
            f"reason = $11, version = r.version + 1, {_AS_COUNTED} WHERE r.id = $1",
            record_id, state, payload, counted, title, initials, valid_from, now, person.account_id or None,
            person.display_name, reason,
        )  # fmt: skip


async def judge(
    conn: Connection,
    register: Register,
    person: Person,
    now: datetime,
    record_id: int,
    *,
    state: str,
    counted: dict[str, Any] | None,
    opinion: str,
) -> None:
    """Writes a review."""
    await conn.execute(
        f"UPDATE {table_of(register)} SET state = $2, counted = $3, opinion = $4, reviewed_at = $5, "
        "reviewed_by = $6, reviewed_name = $7, changed_at = $5, changed_by = $6, changed_name = $7, "
        "reason = $4, version = version + 1 WHERE id = $1",
        record_id, state, counted, opinion, now, person.account_id or None, person.display_name,
    )  # fmt: skip


async def remove(
    conn: Connection, register: Register, person: Person, now: datetime, record_id: int, reason: str
) -> None:
    """Takes a record away; the row and its history stay."""
    await conn.execute(
        f"UPDATE {table_of(register)} SET removed_at = $2, changed_at = $2, changed_by = $3, "
        "changed_name = $4, reason = $5, version = version + 1 WHERE id = $1",
        record_id, now, person.account_id or None, person.display_name, reason,
    )  # fmt: skip


async def versions(conn: Connection, register: Register, record_id: int, most: int) -> list[asyncpg.Record]:
    """Former states of a record, newest first."""
    return await conn.fetch(_VERSIONS, register.name, record_id, most)


async def handed_in(conn: Connection, register: Register, record_ids: list[int]) -> dict[int, dict[str, Any]]:
    """What was submitted last of records that are drafts again, by number."""
    rows = await conn.fetch(_HANDED_IN, register.name, record_ids)
    return {row["record_id"]: row["payload"] for row in rows}


# -- many at once ---


async def matching(
    conn: Connection,
    register: Register,
    record_ids: list[int],
    of: list[Owner],
    payloads: list[dict[str, Any]],
) -> list[Kept]:
    """Records that rows of an import may mean: by number, or by the key of their owners; held."""
    enterprises = [owner.enterprise_id for owner in of if owner.enterprise_id is not None]
    agencies = [owner.agency_id for owner in of if owner.agency_id is not None]
    by_key = "false"
    firsts: list[str] = []
    if register.single:
        by_key = "true"
    elif register.key:
        bound = next(bound for bound in fields_of(register.record) if bound.name == register.key[0])
        by_key = f"r.{columns_of(bound)[0].name}::text = ANY($4::text[])"
        firsts = list({_as_text(payload.get(bound.name)) for payload in payloads})
    owned = " OR ".join(
        f"r.{kind}_id = ANY(${place}::int[])"
        for kind, place in (("enterprise", 2), ("agency", 3))
        if kind in owners_of(register)
    )
    rows = await conn.fetch(
        f"SELECT {_KEPT} FROM {table_of(register)} AS r WHERE r.removed_at IS NULL AND ("
        f"r.id = ANY($1::bigint[]) OR (({owned}) AND {by_key})) "
        "AND $2::int[] IS NOT NULL AND $3::int[] IS NOT NULL AND $4::text[] IS NOT NULL "
        "ORDER BY r.id FOR UPDATE OF r",
        record_ids, enterprises, agencies, firsts,
    )  # fmt: skip
    return [_as_kept(register, row) for row in rows]


def _as_text(value: Any) -> str:
    """A value as its typed column is printed."""
    match value:
        case bool():
            return "true" if value else "false"
        case {"choice": part} | {"id": part} | {"from": part}:
            return str(part)
        case {"choices": list(parts)}:
            return "{" + ",".join(parts) + "}"
        case _:
            return str(value)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One record of many that are written together; `record_id` of one that exists."""

    record_id: int | None
    owner: Owner
    payload: dict[str, Any]
    counted: dict[str, Any] | None
    title: str
    initials: str


async def insert_lines(
    conn: Connection, register: Register, person: Person, now: datetime, state: str, lines: list[Line],
    source: str, valid_from: date | None,
) -> list[int]:  # fmt: skip
    """Adds many records with one statement; their numbers in the order of the lines."""
    with in_words(register):
        rows = await conn.fetch(
            f"INSERT INTO {table_of(register)} (enterprise_id, agency_id, state, payload, counted, title, "
            "initials, valid_from, created_at, created_by, created_name, changed_at, changed_by, "
            "changed_name, submitted_at, submitted_by, submitted_name, source) "
            "SELECT g.enterprise_id, g.agency_id, $6, g.payload, g.counted, g.title, g.initials, $7, $8, $9, "
            "$10, $8, $9, $10, CASE WHEN $6 <> 'draft' THEN $8::timestamptz END, "
            "CASE WHEN $6 <> 'draft' THEN $9::int END, CASE WHEN $6 <> 'draft' THEN $10 ELSE '' END, $11 "
            "FROM unnest($1::int[], $2::int[], $3::jsonb[], $4::text[], $5::text[], $12::jsonb[]) "
            "WITH ORDINALITY AS g (enterprise_id, agency_id, payload, title, initials, counted, line) "
            "ORDER BY g.line RETURNING id",
            [line.owner.enterprise_id for line in lines], [line.owner.agency_id for line in lines],
            [line.payload for line in lines], [line.title for line in lines],
            [line.initials for line in lines], state, valid_from, now, person.account_id or None,
            person.display_name, source, [line.counted for line in lines],
        )  # fmt: skip
    # Rows are inserted one after another in the order of the SELECT; numbers are given out in that order.
    return sorted(row["id"] for row in rows)


async def update_lines(
    conn: Connection, register: Register, person: Person, now: datetime, state: str, lines: list[Line],
    source: str,
) -> None:  # fmt: skip
    """Changes many records with one statement; their versions must be kept before."""
    with in_words(register):
        await conn.execute(
            f"UPDATE {table_of(register)} AS r SET state = $5, payload = g.payload, "
            "counted = g.counted, title = g.title, initials = g.initials, changed_at = $6, "
            "changed_by = $7, changed_name = $8, "
            "submitted_at = CASE WHEN $5 <> 'draft' THEN $6 ELSE r.submitted_at END, "
            "submitted_by = CASE WHEN $5 <> 'draft' THEN $7 ELSE r.submitted_by END, "
            "submitted_name = CASE WHEN $5 <> 'draft' THEN $8 ELSE r.submitted_name END, "
            f"reason = '', source = $9, version = r.version + 1, {_AS_COUNTED} "
            "FROM unnest($1::bigint[], $2::jsonb[], $3::text[], $4::text[], $10::jsonb[]) "
            "AS g (id, payload, title, initials, counted) WHERE r.id = g.id",
            [line.record_id for line in lines], [line.payload for line in lines],
            [line.title for line in lines], [line.initials for line in lines], state, now,
            person.account_id or None, person.display_name, source, [line.counted for line in lines],
        )  # fmt: skip
