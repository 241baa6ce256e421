"""Figures of how enterprises keep their registers: what is overdue, and when they last wrote into one."""
# ruff: noqa: S608 - the only name put in is that of a declaration, which its own checks hold to [a-z0-9_-]

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from central.db.queries import load
from central.registry.forms.register import catalogue
from central.registry.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.db.pool import Connection

Q = load(__file__, "queries_measures.sql")


class Measured(Struct, frozen=True):
    """An enterprise that is measured; `since`: the day on which it was registered."""

    id: int
    place: str
    sector: str
    hazard_class: int | None
    runs: bool
    since: date


class Overdue(Struct, frozen=True):
    """So many things of a register are past their day; the first since `first_due`."""

    register: str
    cause: str
    many: int
    first_due: date


async def enterprises(conn: Connection, after: int, limit: int) -> list[Measured]:
    """The next enterprises, by id; those that ended are left out."""
    return [Measured(**dict(row)) for row in await conn.fetch(Q.measured, after, limit)]


async def overdue(conn: Connection, enterprise_ids: Sequence[int], today: date) -> dict[int, list[Overdue]]:
    """What is past its day, by enterprise, from the reminders.

    Args:
        conn: a worker's transaction.
        enterprise_ids: whose.
        today: the day in the jurisdiction's zone.
    """
    found: dict[int, list[Overdue]] = {}
    for row in await conn.fetch(Q.overdue, enterprise_ids, today):
        one = Overdue(row["register"], row["cause"], row["many"], row["first_due"])
        found.setdefault(row["enterprise_id"], []).append(one)
    return found


async def last_written(conn: Connection, register: str, enterprise_ids: Sequence[int]) -> dict[int, date]:
    """The day on which some enterprises last wrote what counts, or waits for review, into a register.

    Args:
        conn: a worker's transaction.
        register: its name.
        enterprise_ids: whose.

    Raises:
        KeyError: there is no such register.
    """
    table = table_of(catalogue()[register])
    rows = await conn.fetch(
        "SELECT r.enterprise_id, (max(r.changed_at) AT TIME ZONE 'Asia/Shanghai')::date AS day"
        f" FROM {table} AS r WHERE r.enterprise_id = ANY ($1::int[]) AND r.removed_at IS NULL"
        " AND (r.state <> 'draft' OR r.counted IS NOT NULL) GROUP BY r.enterprise_id",
        enterprise_ids,
    )
    return {row["enterprise_id"]: row["day"] for row in rows}
