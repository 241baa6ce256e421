"""HTTP of the home page and of the enterprises."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.models import Person
from central.statistics import field_tasks, service
from central.statistics.field_models import FieldTaskPage, Kind
from central.statistics.models import EnterpriseDetail, EnterprisePage, Overview


@get("/overview", operation_id="overview", tags=["overview"])
async def overview(person: NamedDependency[Person], database: NamedDependency[Database]) -> Overview:
    """What needs an answer, what is due, how the jurisdiction stands."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await service.overview(conn, await clock.database_now(conn))


@get("/enterprises", operation_id="listEnterprises", tags=["enterprises"])
async def list_enterprises(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
    cursor: FromQuery[str | None] = None,
    q: Annotated[str, QueryParameter(max_length=100)] = "",
    wanted: Annotated[Literal["", "warning", "offline", "normal"], QueryParameter(name="state")] = "",
    sort: FromQuery[Literal["worst", "name"]] = "worst",
    status: Annotated[str, QueryParameter(max_length=32)] = "",
) -> EnterprisePage:
    """Enterprises of the jurisdiction, by default the worst first."""
    after = read_cursor(cursor, int, int, str, int)
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = await clock.database_now(conn)
        rows = await service.enterprise_rows(
            conn, person, now, limit + 1, q.strip(), wanted, sort, after, status
        )
    items, following = page(rows, limit, key=lambda row: row[1])
    return EnterprisePage([row for row, _ in items], following)


@get("/enterprises/{enterprise_id:int}", operation_id="getEnterprise", tags=["enterprises"])
async def get_enterprise(
    enterprise_id: Annotated[int, PathParameter(ge=1, le=2**31 - 1)],
    person: NamedDependency[Person],
    database: NamedDependency[Database],
) -> EnterpriseDetail:
    """One enterprise with its supervision and its gateways."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await service.enterprise(conn, person, enterprise_id, await clock.database_now(conn))


@get("/field-tasks", operation_id="listFieldTasks", tags=["gateways"])
async def list_field_tasks(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    kind: FromQuery[Kind | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 100,
    cursor: FromQuery[str | None] = None,
) -> FieldTaskPage:
    """What waits for an installer at gateways and instruments, the most urgent kind first."""
    rank, gateway, what = read_cursor(cursor, int, str, str)
    after = (rank or 0, gateway or "", what or "")
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = await clock.database_now(conn)
        rows = await field_tasks.tasks(conn, now, kind, after, limit + 1)
    items, following = page(rows, limit, key=field_tasks.key)
    return FieldTaskPage(items, following)


routes: list[Any] = [overview, list_enterprises, get_enterprise, list_field_tasks]
