"""Looking at warnings: a look delivers one's own in-app calls, opening one reads them (law-warning 19)."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from central import clock
from central.db.pool import Connection
from central.identity.models import Person
from central.telemetry.latest import LatestValues
from central.warning import store_handling, store_lists, views
from central.warning.models import ACKNOWLEDGED, CLEARED, CLOSED, FALSE_ALARM, HANDLED, OPEN
from central.warning.notify import service as calls
from central.warning.store_lists import EVERYTHING, Narrowing
from central.warning.views import WarningDetail, WarningRow

# what a list can be narrowed to: each count of the home page has its list
Wanted = Literal["open", "unanswered", "answered", "handled", "settled", "cleared", "ended", "all"]
STATES: Final[dict[str, list[str] | None]] = {
    "open": [OPEN, ACKNOWLEDGED],
    "unanswered": [OPEN],
    "answered": [ACKNOWLEDGED, HANDLED],
    "handled": [HANDLED],
    "settled": [HANDLED, CLOSED, FALSE_ALARM],
    "cleared": [CLEARED],
    "ended": [CLOSED, CLEARED, FALSE_ALARM],
    "all": None,
}


async def listed(
    conn: Connection,
    person: Person,
    *,
    state: str = "open",
    levels: list[int] | None = None,
    enterprise_id: int | None = None,
    after: tuple[int, int, datetime, UUID] | None = None,
    limit: int = 50,
    tests: bool = False,
    worst_first: bool = False,
    narrowing: Narrowing = EVERYTHING,
) -> list[WarningRow]:
    """Give a page of the caller's warnings, and one row more when another page follows.

    Args:
        conn: the person's scoped transaction.
        person: who looks.
        state: a key of STATES.
        levels: only these.
        enterprise_id: only of this plant.
        after: level, 1 for an alarm or 0 for a paper, raised_at and id of the last row of the page before.
        limit: of the page.
        tests: TEST cases too.
        worst_first: by level first, and within it papers after everything else.
        narrowing: by kind, time, words, person.
    """
    rows = await store_lists.list_cases(
        conn,
        states=STATES[state],
        levels=levels,
        enterprise_id=enterprise_id,
        after=after,
        limit=limit + 1,
        tests=tests,
        worst_first=worst_first,
        narrowing=narrowing,
    )
    shown = [row["id"] for row in rows[:limit]]
    await calls.listed(conn, person.account_id, await clock.database_now(conn), shown)
    return [views.row_of(row) for row in rows]


async def opened(
    conn: Connection, person: Person, warning_id: UUID, latest: LatestValues | None = None
) -> WarningDetail:
    """Give a warning's page to somebody who opens it.

    Raises:
        NotFoundError: there is none in this person's jurisdiction.
    """
    now = await clock.database_now(conn)
    if await store_lists.show_case(conn, warning_id) is not None:
        await calls.opened(conn, person.account_id, now, warning_id)
        await store_handling.note_read(conn, warning_id, person.account_id, person.display_name, now)
    return await views.detail(conn, person, warning_id, now, latest)


async def listed_kept(
    conn: Connection, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[WarningRow]:
    """Give a page of the foreign cases that the caller's agency keeps, newest first, and one row more."""
    return [views.row_of(row) for row in await store_lists.list_kept(conn, after, limit + 1)]


async def suppressed(conn: Connection) -> list[WarningRow]:
    """Give what is held back as a false alarm in the caller's jurisdiction."""
    return [views.row_of(row) for row in await store_lists.suppressed(conn)]
