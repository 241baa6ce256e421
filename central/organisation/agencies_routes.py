"""HTTP of agencies: the tree below, and the own one."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.http.tags import read_version, write_tag
from central.identity.access import may
from central.identity.models import Person
from central.organisation import agencies as service
from central.organisation.models import Agency, AgencyForm, AgencyPage

AgencyId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


class AgencyController(Controller):
    """Agencies of the jurisdiction."""

    path = "/agencies"
    tags = ("organisation",)

    @get("/", operation_id="listAgencies")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        rank: Annotated[int | None, QueryParameter(ge=1, le=5)] = None,
        kind: Annotated[str, QueryParameter(max_length=32)] = "",
        parent_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
        region: Annotated[str, QueryParameter(max_length=12)] = "",
    ) -> AgencyPage:
        """Agencies, the upper first."""
        after = read_cursor(cursor, int, str, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await service.agencies(
                conn, q=q.strip(), rank=rank, kind=kind, parent_id=parent_id, region=region, after=after,
                limit=limit + 1,
            )  # fmt: skip
        items, following = page(rows, limit, key=lambda row: (-row.rank, row.region_code, row.id))
        return AgencyPage(items, following)

    @post("/", operation_id="createAgency", guards=[may("organisation")], status_code=201)
    async def create(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[AgencyForm]
    ) -> Response[Agency]:
        """Adds an agency below."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create(conn, person, data)
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @get("/{agency_id:int}", operation_id="getAgency")
    async def one(
        self, agency_id: AgencyId, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[Agency]:
        """One agency."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.agency(conn, agency_id)
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{agency_id:int}", operation_id="updateAgency", guards=[may("organisation")])
    async def update(
        self,
        agency_id: AgencyId,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[AgencyForm],
        if_match: IfMatch = None,
    ) -> Response[Agency]:
        """Changes an agency."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.update(conn, person, agency_id, version, data)
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete("/{agency_id:int}", operation_id="deleteAgency", guards=[may("organisation")], status_code=204)
    async def remove(
        self,
        agency_id: AgencyId,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Removes an agency on which nothing hangs."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.remove(conn, person, agency_id, version)


@get("/agency", operation_id="getOwnAgency", tags=["organisation"])
async def own_agency(
    person: NamedDependency[Person], database: NamedDependency[Database]
) -> Response[Agency]:
    """The agency of whoever asks."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        row = await service.own_agency(conn, person)
    return Response(row, headers={"etag": write_tag(row.version)})


routes: list[Any] = [AgencyController, own_agency]
