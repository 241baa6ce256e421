"""HTTP of reminders: what is due, of whom, and how many."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from msgspec import Struct

from central import clock
from central.db.pool import Connection, Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.registry import reminding
from central.registry.reminding import Due, DueCount, Where
from central.settings import Settings


class DuePage(Struct, frozen=True):
    """A page of what is due; `counts` by register, of everything that the scope holds."""

    items: list[Due]
    next: str | None
    counts: list[DueCount]


async def today_of(conn: Connection, settings: Settings) -> dt.date:
    """The day in the jurisdiction's zone."""
    return (await clock.database_now(conn)).astimezone(ZoneInfo(settings.zone)).date()


class ReminderController(Controller):
    """What is due (提醒)."""

    path = "/reminders"
    tags = ("registry",)

    @get("/", operation_id="listReminders", guards=[may("see")])
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        register: Annotated[str, QueryParameter(max_length=64)] = "",
        enterprise_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
        wanted: Annotated[Where, QueryParameter(name="state")] = "",
    ) -> DuePage:
        """What is due in the jurisdiction, by its day."""
        after = read_cursor(cursor, dt.date, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            today = await today_of(conn, settings)
            rows = await reminding.listing(
                conn, today, register=register, enterprise_id=enterprise_id, where=wanted,
                after=(after[0], after[1]), limit=limit + 1,
            )  # fmt: skip
            counted = await reminding.counts(conn, today, enterprise_id)
        items, following = page(rows, limit, key=lambda row: (row.due_on, row.id))
        return DuePage(items, following, counted)


routes = [ReminderController]
