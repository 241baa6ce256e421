"""HTTP of the safety committee's members and of intermediaries."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from central import clock
from central.db.pool import Connection, Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.http.tags import read_version, write_tag
from central.identity.access import may
from central.identity.models import Person
from central.organisation import members as service
from central.organisation.members_models import (
    Intermediary,
    IntermediaryForm,
    IntermediaryPage,
    Unit,
    UnitForm,
    UnitPage,
)
from central.settings import Settings

Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Search = Annotated[str, QueryParameter(max_length=100)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


async def _today(conn: Connection, settings: Settings) -> dt.date:
    return (await clock.database_now(conn)).astimezone(ZoneInfo(settings.zone)).date()


class CommitteeUnitController(Controller):
    """Member units (成员单位) of the safety committee."""

    path = "/committee-units"
    tags = ("organisation",)

    @get("/", operation_id="listCommitteeUnits")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
        q: Search = "",
        agency_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
    ) -> UnitPage:
        """Member units of the jurisdiction."""
        after = read_cursor(cursor, str, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await service.units(conn, q=q.strip(), agency_id=agency_id, after=after, limit=limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.place, row.id))
        return UnitPage(items, following)

    @post("/", operation_id="createCommitteeUnit", guards=[may("organisation")], status_code=201)
    async def create(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[UnitForm]
    ) -> Response[Unit]:
        """Adds a member unit."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create_unit(conn, person, data)
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @get("/{unit_id:int}", operation_id="getCommitteeUnit")
    async def one(
        self, unit_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[Unit]:
        """A member unit."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.unit(conn, unit_id)
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{unit_id:int}", operation_id="updateCommitteeUnit", guards=[may("organisation")])
    async def update(
        self,
        unit_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[UnitForm],
        if_match: IfMatch = None,
    ) -> Response[Unit]:
        """Changes a member unit."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.update_unit(conn, unit_id, version, data)
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete(
        "/{unit_id:int}", operation_id="deleteCommitteeUnit", guards=[may("organisation")], status_code=204
    )
    async def remove(
        self,
        unit_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Removes a member unit without accounts."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.remove_unit(conn, unit_id, version)


class IntermediaryController(Controller):
    """Intermediaries (中介机构) and until when their qualification is good."""

    path = "/intermediaries"
    tags = ("organisation",)

    @get("/", operation_id="listIntermediaries")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
        q: Search = "",
        kind: Annotated[str, QueryParameter(max_length=32)] = "",
        wanted: Annotated[
            Literal["", "valid", "expiring", "expired", "not-yet"], QueryParameter(name="state")
        ] = "",
    ) -> IntermediaryPage:
        """Intermediaries, what ends soonest first."""
        after = read_cursor(cursor, dt.date, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await service.intermediaries(
                conn, await _today(conn, settings), q=q.strip(), kind=kind, state=wanted, after=after,
                limit=limit + 1,
            )  # fmt: skip
        items, following = page(rows, limit, key=lambda row: (row.valid_until, row.id))
        return IntermediaryPage(items, following)

    @post("/", operation_id="createIntermediary", guards=[may("organisation")], status_code=201)
    async def create(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[IntermediaryForm],
    ) -> Response[Intermediary]:
        """Adds an intermediary."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create_intermediary(conn, person, data, await _today(conn, settings))
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @get("/{intermediary_id:int}", operation_id="getIntermediary")
    async def one(
        self,
        intermediary_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
    ) -> Response[Intermediary]:
        """An intermediary."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.intermediary(conn, intermediary_id, await _today(conn, settings))
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{intermediary_id:int}", operation_id="updateIntermediary", guards=[may("organisation")])
    async def update(
        self,
        intermediary_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[IntermediaryForm],
        if_match: IfMatch = None,
    ) -> Response[Intermediary]:
        """Changes an intermediary."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            today = await _today(conn, settings)
            row = await service.update_intermediary(conn, intermediary_id, version, data, today)
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete(
        "/{intermediary_id:int}",
        operation_id="deleteIntermediary",
        guards=[may("organisation")],
        status_code=204,
    )
    async def remove(
        self,
        intermediary_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Removes an intermediary without accounts."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.remove_intermediary(conn, intermediary_id, version)


routes: list[Any] = [CommitteeUnitController, IntermediaryController]
