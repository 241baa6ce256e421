"""HTTP of the console's frame and of the leader's week."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.di import NamedDependency

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.identity.models import Person
from central.statistics import views
from central.statistics.views import ViewChoices, Week


@get("/view-choices", operation_id="viewChoices", tags=["console"])
async def view_choices(person: NamedDependency[Person], database: NamedDependency[Database]) -> ViewChoices:
    """The areas and sectors to which the pages may be narrowed."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await views.choices(conn, person.scope)


@get("/overview/week", operation_id="overviewWeek", tags=["overview"])
async def overview_week(person: NamedDependency[Person], database: NamedDependency[Database]) -> Week:
    """How many warnings each of the last seven days brought."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await views.week(conn, await clock.database_now(conn))


routes: list[Any] = [view_choices, overview_week]
