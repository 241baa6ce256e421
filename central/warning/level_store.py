"""Level tables and drafts in PostgreSQL: one function a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import msgspec

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.queries import load
from central.warning.level_models import LevelDraft, LevelTable, RuleRow
from central.warning.models import LEVEL_NUMBERS, LEVELS, LevelRule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from central.db.pool import Connection

Q = load(__file__, "queries_levels.sql")


async def tables(
    conn: Connection,
    now: dt.datetime,
    *,
    number: int | None = None,
    q: str = "",
    state: str = "",
    after: tuple[str | None, int | None] = (None, None),
    limit: int = 1,
    everywhere: bool = False,
) -> list[LevelTable]:
    """Give the tables that concern the caller, the one of this number, or those of every region."""
    rows = await conn.fetch(Q.tables, now, number, *after, q, limit, state, everywhere)
    return [LevelTable(**dict(row)) for row in rows]


async def table_rows(conn: Connection, number: int) -> list[RuleRow]:
    """Give a table's rows as they were written."""
    rows = await conn.fetch(Q.table_rules, number)
    return [RuleRow(**(dict(row) | {"level": LEVELS[row["level"]]})) for row in rows]


async def rules_around(conn: Connection, region: str, now: dt.datetime) -> list[LevelRule]:
    """Give what grades at this moment anything that happens in a region."""
    return [LevelRule(**row) for row in await conn.fetch(Q.rules_around, region, now)]


async def enact(
    conn: Connection,
    region: str,
    name: str,
    source: str,
    rows: Sequence[RuleRow],
    valid_from: dt.datetime,
    valid_to: dt.datetime | None,
) -> int:
    """Write a table as the next version of its region.

    Raises:
        NotFoundError: the region lies outside the caller's area.
        DomainError: 409, somebody put another one in force at the same moment.
    """
    try:
        number: int = await conn.fetchval(Q.next_version, region, name, source, valid_from, valid_to)
        await conn.executemany(
            Q.add_rule,
            [
                (
                    number, row.kind, row.side, row.limit_name, row.quantity, row.hazard_class,
                    LEVEL_NUMBERS[row.level], row.reason, row.held_s, row.raises, row.within_h,
                )
                for row in rows
            ],
        )  # fmt: skip
    except asyncpg.InsufficientPrivilegeError as exc:
        raise NotFoundError from exc
    except asyncpg.UniqueViolationError as exc:
        raise DomainError("conflict", "刚刚有另一版定级表生效，请重新查看后再操作。", 409) from exc
    return number


async def lock_table(conn: Connection, number: int) -> asyncpg.Record | None:
    """Lock a table of the caller's area."""
    return await conn.fetchrow(Q.lock_table, number)


async def end_table(conn: Connection, number: int, at: dt.datetime) -> None:
    """End a table's validity."""
    await conn.execute(Q.end_table, number, at)


async def drafts(conn: Connection, number: int | None = None) -> list[LevelDraft]:
    """Give the drafts of the caller's area, or the one of this number."""
    found = []
    for row in await conn.fetch(Q.drafts, number):
        values = dict(row)
        found.append(LevelDraft(rows=msgspec.convert(values.pop("rules"), list[RuleRow]), **values))
    return found


async def lock_draft(conn: Connection, number: int) -> asyncpg.Record | None:
    """Lock a draft."""
    return await conn.fetchrow(Q.lock_draft, number)


async def add_draft(
    conn: Connection,
    region: str,
    name: str,
    source: str,
    rows: Sequence[RuleRow],
    based_on: int | None,
    by: str,
) -> int:
    """Write a new draft.

    Raises:
        NotFoundError: the region lies outside the caller's area.
        DomainError: 409, there is a draft of that name.
    """
    try:
        number: int = await conn.fetchval(
            Q.add_draft, region, name, source, msgspec.to_builtins(rows), based_on, by
        )
    except asyncpg.InsufficientPrivilegeError as exc:
        raise NotFoundError from exc
    except asyncpg.UniqueViolationError as exc:
        raise _taken() from exc
    return number


async def change_draft(
    conn: Connection, number: int, name: str, source: str, rows: Sequence[RuleRow]
) -> None:
    """Write a draft's new content.

    Raises:
        DomainError: 409, there is another draft of that name.
    """
    try:
        await conn.execute(Q.change_draft, number, name, source, msgspec.to_builtins(rows))
    except asyncpg.UniqueViolationError as exc:
        raise _taken() from exc


async def remove_draft(conn: Connection, number: int) -> None:
    """Remove a draft."""
    await conn.execute(Q.remove_draft, number)


async def region_known(conn: Connection, region: str) -> bool:
    """Say whether there is such a region."""
    known: bool = await conn.fetchval(Q.region_known, region)
    return known


async def quantities(conn: Connection) -> list[str]:
    """Give what points of the caller's area measure."""
    return [row["quantity"] for row in await conn.fetch(Q.quantities)]


async def happened(
    conn: Connection,
    region: str,
    since: dt.datetime,
    most: int,
    now: dt.datetime,
    waits: bool,
    of_table: str,
) -> list[asyncpg.Record]:
    """Give the cases of a region since a moment, newest first.

    Args:
        conn: the person's scoped transaction.
        region: its code.
        since: raised from then on.
        most: so many at most.
        now: until when what still holds has held.
        waits: whether a row asks how long, or how often.
        of_table: what is in the sentence of a level that a table gave.
    """
    rows: list[asyncpg.Record] = await conn.fetch(Q.happened, region, since, most, now, waits, of_table)
    return rows


def _taken() -> DomainError:
    return DomainError(
        "conflict",
        "这个地区已有同名的草稿。",
        409,
        [FieldProblem("name", "已有同名的草稿。", "换一个名称。")],
    )
