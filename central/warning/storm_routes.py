"""HTTP of storms: what is open and came lately, gathered."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.identity.models import Person
from central.warning import storms
from central.warning.storms import Storm


@get("/warnings/storm", operation_id="getStorm", tags=["warnings"])
async def get_storm(person: NamedDependency[Person], database: NamedDependency[Database]) -> Storm:
    """Open warnings that came lately, by enterprise, once they are so many that a list is no help."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await storms.now_open(conn, await clock.database_now(conn))


routes: list[Any] = [get_storm]
