"""The SQL of what people read of warnings: rows out, in the caller's scope; nothing is decided here."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from central.db.pool import Connection
from central.db.queries import load
from central.warning.store import Row

Q = load(__file__, "queries_lists.sql")


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to beside state, level and plant; what is empty narrows nothing.

    `since`, `until` (exclusive): of the time at the instrument. `words`: looked for in title and owner,
    or is a case's number; `account_id`: given to, acknowledged or handled by; `folded`: what is shown under
    a dead gateway or instrument of the same list is left to that row; `digest`: the number of a digest that
    told of them.
    """

    kinds: list[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    account_id: int | None = None
    folded: bool = False
    digest: int | None = None


EVERYTHING: Final = Narrowing()


async def list_cases(
    conn: Connection,
    *,
    states: list[str] | None,
    levels: list[int] | None,
    enterprise_id: int | None,
    after: tuple[int, int, datetime, UUID] | None,
    limit: int,
    tests: bool,
    worst_first: bool,
    narrowing: Narrowing = EVERYTHING,
) -> list[Row]:
    """Give the warnings of the caller's jurisdiction.

    Args:
        conn: a scoped transaction.
        states: only these; None for all.
        levels: only these; None for all.
        enterprise_id: only of this plant; None for all.
        after: level, 1 for an alarm or 0 for a paper, raised_at and id of the last row of the page before.
        limit: so many at most.
        tests: TEST cases too.
        worst_first: by level first, and within it papers after everything else; else newest first.
        narrowing: by kind, time, words, person.
    """
    level, alarm, raised_at, last = after or (None, None, None, None)
    query = Q.list_cases_by_level if worst_first else Q.list_cases
    values: list[Any] = [states, levels, enterprise_id, raised_at, last, limit, tests]
    of = narrowing
    values += [of.kinds, of.since, of.until, of.words, of.account_id, of.folded, of.digest]
    if worst_first:
        values += [level, alarm]
    return await conn.fetch(query, *values)


async def list_kept(conn: Connection, after: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """Give foreign cases that the caller's agency keeps; `after`: (raised_at, id) of the last row."""
    return await conn.fetch(Q.kept_cases, None, *(after or (None, None)), limit)


async def show_kept(conn: Connection, warning_id: UUID) -> Row | None:
    """Give one of them."""
    return await conn.fetchrow(Q.kept_cases, warning_id, None, None, 1)


async def kept_timeline(conn: Connection, warning_id: UUID) -> list[Row]:
    """Give the story of one of them."""
    return await conn.fetch(Q.kept_timeline, warning_id)


async def kept_rungs(conn: Connection, warning_id: UUID) -> list[Row]:
    """Give the rungs of one of them that fired."""
    return await conn.fetch(Q.kept_rungs, warning_id)


async def kept_calls(conn: Connection, warning_id: UUID) -> list[Row]:
    """Give who was called for one of them."""
    return await conn.fetch(Q.kept_calls, warning_id)


async def show_case(conn: Connection, warning_id: UUID) -> Row | None:
    """Give one warning with names, if the caller may see it."""
    return await conn.fetchrow(Q.show_case, warning_id)


async def timeline(conn: Connection, warning_id: UUID) -> list[Row]:
    """Give the story of a case."""
    return await conn.fetch(Q.timeline, warning_id)


async def rungs(conn: Connection, warning_id: UUID) -> list[Row]:
    """Give the rungs that fired."""
    return await conn.fetch(Q.rungs, warning_id)


async def suppressed(conn: Connection) -> list[Row]:
    """Give what is held back as a false alarm in the caller's jurisdiction."""
    return await conn.fetch(Q.suppressed)


async def counts(conn: Connection) -> list[Row]:
    """Give one row a level: unanswered, open, review, verify, oldest."""
    return await conn.fetch(Q.counts)


async def children(conn: Connection, warning_id: UUID, most: int) -> list[Row]:
    """Give what a dead gateway or instrument explains, or has explained."""
    return await conn.fetch(Q.children, warning_id, most)


async def parent(conn: Connection, parent_id: UUID) -> Row | None:
    """Give under which case one is shown."""
    return await conn.fetchrow(Q.parent, parent_id)


async def window_of(conn: Connection, window_id: int) -> Row | None:
    """Give the window for which calls wait."""
    return await conn.fetchrow(Q.window_of, window_id)
