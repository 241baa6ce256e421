"""HTTP of an enterprise's life: registering, facts, status, log, watching, likely duplicates, removal."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor, write_cursor
from central.http.tags import read_version, write_tag
from central.identity.access import may
from central.identity.models import Person
from central.registry import life, pairs, removals
from central.registry.life_models import (
    Decision,
    Facts,
    FactsForm,
    LifePage,
    NewEnterpriseForm,
    PairMark,
    PairPage,
    Removal,
    RemovalAsk,
    RemovalPage,
    Status,
    StatusChange,
)
from central.registry.sheets.apart import Apart

Id = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]
WhyQuery = Annotated[str, QueryParameter(name="reason", max_length=500)]


async def _facts(
    database: Database, person: Person, enterprise_id: int, status: int = 200
) -> Response[Facts]:
    async with scoped(database.web, person.scope, person.actor) as conn:
        found = await life.facts(conn, person, enterprise_id)
    return Response(found, status_code=status, headers={"etag": write_tag(found.version)})


class LifeController(Controller):
    """What is kept of an enterprise, and how it changed."""

    path = "/enterprises"
    tags = ("enterprises",)

    @post("/", operation_id="createEnterprise", guards=[may("enterprise-life")], status_code=201)
    async def create(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[NewEnterpriseForm],
    ) -> Response[Facts]:
        """Registers an enterprise."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            number = await life.create(conn, data)
        return await _facts(database, person, number, 201)

    @get("/{enterprise_id:int}/facts", operation_id="getEnterpriseFacts")
    async def facts(
        self, enterprise_id: Id, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[Facts]:
        """What is kept of an enterprise, to be edited."""
        return await _facts(database, person, enterprise_id)

    @put("/{enterprise_id:int}/facts", operation_id="putEnterpriseFacts", guards=[may("enterprise-life")])
    async def update(
        self,
        enterprise_id: Id,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[FactsForm],
        if_match: IfMatch = None,
    ) -> Response[Facts]:
        """Changes what is kept of an enterprise."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await life.update(conn, person, enterprise_id, version, data)
        return await _facts(database, person, enterprise_id)

    @post(
        "/{enterprise_id:int}/status",
        operation_id="changeEnterpriseStatus",
        guards=[may("enterprise-life")],
        status_code=200,
    )
    async def status(
        self,
        enterprise_id: Id,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[StatusChange],
        if_match: IfMatch = None,
    ) -> Response[Facts]:
        """Changes the status of an enterprise, with a reason."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await life.change_status(conn, enterprise_id, version, data)
        return await _facts(database, person, enterprise_id)

    @get("/{enterprise_id:int}/life", operation_id="listEnterpriseLife")
    async def log(
        self,
        enterprise_id: Id,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> LifePage:
        """What happened to an enterprise, newest first."""
        (before,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await life.log(conn, enterprise_id, before, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return LifePage(items, following)

    @put("/{enterprise_id:int}/watch", operation_id="watchEnterprise", status_code=204)
    async def watch(
        self, enterprise_id: Id, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> None:
        """Watches an enterprise: its changes come as messages."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await life.watch(conn, person, enterprise_id, on=True)

    @delete("/{enterprise_id:int}/watch", operation_id="unwatchEnterprise", status_code=204)
    async def unwatch(
        self, enterprise_id: Id, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> None:
        """Watches no longer."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await life.watch(conn, person, enterprise_id, on=False)

    @post(
        "/{enterprise_id:int}/removal",
        operation_id="askEnterpriseRemoval",
        guards=[may("enterprise-life")],
        status_code=201,
    )
    async def ask_removal(
        self,
        enterprise_id: Id,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[RemovalAsk],
    ) -> Removal:
        """Asks the agency above to grant the removal of an enterprise."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await removals.ask(conn, person, enterprise_id, data.reason)

    @delete(
        "/{enterprise_id:int}",
        operation_id="deleteEnterprise",
        guards=[may("enterprise-life")],
        status_code=204,
    )
    async def remove(
        self,
        enterprise_id: Id,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        reason: WhyQuery = "",
        if_match: IfMatch = None,
    ) -> None:
        """Removes an enterprise that nothing hangs on, under a grant; there is no way back."""
        version = read_version(if_match)
        async with (
            scoped(database.web, person.scope, person.actor) as web,
            acting(database.worker, person.actor) as worker,
        ):
            await removals.remove(web, worker, enterprise_id, version, reason)


class RemovalController(Controller):
    """Wishes to remove enterprises, decided by the agency above."""

    path = "/enterprise-removals"
    tags = ("enterprises",)

    @get("/", operation_id="listEnterpriseRemovals", guards=[may("enterprise-life")])
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
        wanted: Annotated[
            Literal["", "asked", "granted", "refused", "used"], QueryParameter(name="state")
        ] = "",
        enterprise_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
    ) -> RemovalPage:
        """Wishes of the jurisdiction, newest first."""
        (before,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await removals.listing(conn, person, wanted, before, limit + 1, enterprise_id)
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return RemovalPage(items, following)

    @post(
        "/{removal_id:int}/decision",
        operation_id="decideEnterpriseRemoval",
        guards=[may("enterprise-life")],
        status_code=200,
    )
    async def decide(
        self,
        removal_id: Id,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[Decision],
    ) -> Removal:
        """Grants or refuses a removal."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await removals.decide(conn, person, removal_id, data)


class PairController(Controller):
    """Enterprises that may be registered twice."""

    path = "/enterprise-pairs"
    tags = ("enterprises",)

    @get("/", operation_id="listEnterprisePairs", guards=[may("enterprise-life")])
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        apart: NamedDependency[Apart],
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: FromQuery[str | None] = None,
        region_code: Annotated[str, QueryParameter(pattern="^[0-9]{0,12}$")] = "",
    ) -> PairPage:
        """Pairs that look alike, the most alike first."""
        (offset,) = read_cursor(cursor, int)
        start = max(offset or 0, 0)
        found = await pairs.suspicions(database, apart, person, region_code, start, limit + 1)
        following = write_cursor(start + limit) if len(found.pairs) > limit else None
        return PairPage(found.pairs[:limit], following, found.looked_at, found.notes)

    @post("/", operation_id="markEnterprisePair", guards=[may("enterprise-life")], status_code=204)
    async def mark(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[PairMark]
    ) -> None:
        """Says that two enterprises are two."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await pairs.mark(conn, person, data)


@get("/enterprise-statuses", operation_id="listEnterpriseStatuses", tags=["enterprises"])
async def statuses(person: NamedDependency[Person], database: NamedDependency[Database]) -> list[Status]:
    """Which status an enterprise can have."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await life.statuses(conn)


routes: list[Any] = [LifeController, RemovalController, PairController, statuses]
