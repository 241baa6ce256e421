"""HTTP of document number formats."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
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
from central.organisation import numbers as service
from central.organisation.numbers_models import NumberForm, NumberFormat, NumberFormatPage, Preview
from central.settings import Settings

Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


async def _today(conn: Connection, settings: Settings) -> dt.date:
    return (await clock.database_now(conn)).astimezone(ZoneInfo(settings.zone)).date()


class NumberFormatController(Controller):
    """How documents are numbered."""

    path = "/number-formats"
    tags = ("organisation",)

    @get("/", operation_id="listNumberFormats")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        agency_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
    ) -> NumberFormatPage:
        """Formats of the jurisdiction's agencies."""
        after = read_cursor(cursor, str, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            today = await _today(conn, settings)
            rows = await service.formats(conn, today, q.strip(), agency_id, after, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.place, row.id))
        return NumberFormatPage(items, following)

    @post("/", operation_id="createNumberFormat", guards=[may("organisation")], status_code=201)
    async def create(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[NumberForm],
    ) -> Response[NumberFormat]:
        """Adds a format."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create(conn, person, data, await _today(conn, settings))
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @post("/preview", operation_id="previewNumberFormat", guards=[may("organisation")], status_code=200)
    async def preview(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[NumberForm],
    ) -> Preview:
        """What numbers a format would give; nothing is kept."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.preview(conn, person, data, await _today(conn, settings))

    @get("/{format_id:int}", operation_id="getNumberFormat")
    async def one(
        self,
        format_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
    ) -> Response[NumberFormat]:
        """A format."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.one(conn, format_id, await _today(conn, settings))
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{format_id:int}", operation_id="updateNumberFormat", guards=[may("organisation")])
    async def update(
        self,
        format_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[NumberForm],
        if_match: IfMatch = None,
    ) -> Response[NumberFormat]:
        """Changes a format; serials count on."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.update(conn, format_id, version, data, await _today(conn, settings))
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete(
        "/{format_id:int}", operation_id="deleteNumberFormat", guards=[may("organisation")], status_code=204
    )
    async def remove(
        self,
        format_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Removes a format that gave out no number yet."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.remove(conn, format_id, version)


routes: list[Any] = [NumberFormatController]
