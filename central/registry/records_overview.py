"""Across registers: how many records each has, what waits for somebody, and the sums of one list."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from central.http.paging import page, read_cursor
from central.registry import records_list
from central.registry import records_rules as rules
from central.registry.forms.register import Register, catalogue
from central.registry.records_store import OWNER_NAME
from central.registry.tables import table_of

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.records_models import Query

# What somebody can ask for: submitted ones to review, one's own that came back, one's own that were begun.
WAITING = ("submitted", "returned", "draft")
_OWN = "(r.enterprise_id = $1::int OR r.agency_id = $2::int)"
# Nobody reviews what he submitted himself.
_OTHERS = "r.state = 'submitted' AND r.submitted_by IS DISTINCT FROM $3::int"


class RegisterCount(Struct, frozen=True, kw_only=True):
    """How many records of a register one sees, and how many of them wait for oneself."""

    name: str
    records: int = 0
    to_review: int = 0
    returned: int = 0
    drafts: int = 0


class RegisterCounts(Struct, frozen=True):
    items: list[RegisterCount]


class Waiting(Struct, frozen=True, kw_only=True):
    """A record that waits for somebody, and since when."""

    register: str
    id: int
    title: str
    owner_name: str
    state: str
    opinion: str
    at: datetime


class WaitingPage(Struct, frozen=True):
    items: list[Waiting]
    next: str | None


class Totals(Struct, frozen=True):
    """How many records a list has, and the sum of each of the register's `totals` fields."""

    total: int
    totals: dict[str, float]


async def counts(conn: Connection, person: Person) -> RegisterCounts:
    """Every register with its records and what of them waits.

    Args:
        conn: a transaction of the person's scope.
        person: who asks.
    """
    # The place of what was submitted, because shared records of elsewhere are seen but not reviewed.
    parts = [
        f"SELECT '{name}' AS name, r.state, r.state IN ('returned', 'draft') AND {_OWN} AS own, "
        f"{_OTHERS} AS others, CASE r.state WHEN 'submitted' THEN r.place ELSE '' END AS place, "
        "CASE r.state WHEN 'submitted' THEN r.sector ELSE '' END AS sector, count(*) AS count "
        f"FROM {table_of(register)} AS r WHERE r.removed_at IS NULL GROUP BY 2, 3, 4, 5, 6"
        for name, register in catalogue().items()
    ]
    found: dict[str, dict[str, int]] = {name: {} for name in catalogue()}
    for row in await conn.fetch(" UNION ALL ".join(parts), *_whose(person)):
        register, count = catalogue()[row["name"]], row["count"]
        sums = found[row["name"]]
        sums["records"] = sums.get("records", 0) + count
        waits = _waits(person, register, row)
        if waits:
            sums[waits] = sums.get(waits, 0) + count
    return RegisterCounts([RegisterCount(name=name, **sums) for name, sums in found.items()])


def _whose(person: Person) -> tuple[int | None, int | None, int]:
    return person.enterprise_id, person.agency_id, person.account_id


def _waits(person: Person, register: Register, row: Any) -> str:
    if row["state"] == "submitted":
        inside = row["others"] and person.scope.holds(row["place"], row["sector"])
        mine = inside and rules.reviews(person, register)
        return "to_review" if mine else ""
    if not row["own"] or not rules.writes(person, register):
        return ""
    return "returned" if row["state"] == "returned" else "drafts"


async def waiting(
    conn: Connection, person: Person, state: str, limit: int, cursor: str | None
) -> WaitingPage:
    """What waits for somebody, across all registers, the longest first.

    Args:
        conn: a transaction of the person's scope.
        person: who asks.
        state: one of `WAITING`, or "" for all.
        limit: rows a page.
        cursor: where the page before ended.
    """
    at, name, number = read_cursor(cursor, datetime, str, int)
    parts = []
    for register in catalogue().values():
        states = []
        if rules.reviews(person, register) and state in {"", "submitted"}:
            states.append(f"({_OTHERS})")
        if rules.writes(person, register):
            own = [one for one in ("returned", "draft") if state in {"", one}]
            states += [f"(r.state = '{one}' AND {_OWN})" for one in own]
        if states:
            parts.append(
                f"SELECT '{register.name}'::text AS register, r.id, r.title, r.place, r.sector, r.state, "
                f"r.opinion, coalesce(r.submitted_at, r.changed_at) AS at, {OWNER_NAME} AS owner_name "
                f"FROM {table_of(register)} AS r WHERE r.removed_at IS NULL AND ({' OR '.join(states)})"
            )
    if not parts:
        return WaitingPage([], None)
    rows = await conn.fetch(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS w "
        "WHERE ($1::int IS NULL OR true) AND ($2::int IS NULL OR true) AND ($3::int IS NULL OR true) "
        "AND ($4::timestamptz IS NULL OR (at, register, id) > ($4, $5::text, $6::bigint)) "
        "ORDER BY at, register, id LIMIT $7",
        *_whose(person), at, name, number, limit + 1,
    )  # fmt: skip
    cut, following = page(list(rows), limit, key=lambda row: (row["at"], row["register"], row["id"]))
    return WaitingPage(
        [
            Waiting(
                register=row["register"], id=row["id"], title=row["title"],
                owner_name=row["owner_name"] or "", state=row["state"], opinion=row["opinion"], at=row["at"],
            )
            for row in cut
            if row["state"] != "submitted" or person.scope.holds(row["place"], row["sector"])
        ],
        following,
    )  # fmt: skip


async def totals(conn: Connection, register: Register, query: Query) -> Totals:
    """The sums of a list under its filters.

    Args:
        conn: a transaction of the person's scope.
        register: of which register.
        query: the filters of the list.

    Raises:
        DomainError: 400 with every filter that does not fit.
    """
    where = records_list.conditions(register, query)
    sums = "".join(f", sum(field_number(r.payload, '{name}'))" for name in register.totals)
    row = await conn.fetchrow(f"SELECT count(*){sums} FROM {where.source} WHERE {where.sql}", *where.values)
    assert row is not None
    return Totals(row[0], {name: row[n + 1] or 0.0 for n, name in enumerate(register.totals)})
