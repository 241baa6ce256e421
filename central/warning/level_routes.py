"""HTTP of level tables: what is in force, drafts, their preview, and putting them in force."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.http.tags import read_version, write_tag
from central.identity.access import may
from central.identity.models import Person
from central.settings import Settings
from central.warning import level_files as files
from central.warning import level_tables as service
from central.warning import preview as trial
from central.warning.level_models import (
    DraftFile,
    DraftForm,
    Enacting,
    Ending,
    LevelDraft,
    LevelDrafts,
    LevelTablePage,
    LevelTableRows,
    LevelWords,
    NewDraft,
    Preview,
)

Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


class LevelTableController(Controller):
    """Tables that give warnings their level, of the regions that concern the caller."""

    path = "/level-tables"
    tags = ("warnings",)

    @get("/", operation_id="listLevelTables")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        wanted: Annotated[Literal["", "in-force", "planned", "ended"], QueryParameter(name="state")] = "",
    ) -> LevelTablePage:
        """Tables of the regions above, in and below the caller's area, the newest version first."""
        after = read_cursor(cursor, str, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            rows = await service.tables(conn, now, q=q.strip(), state=wanted, after=after, limit=limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.region, row.version))
        return LevelTablePage(items, following)

    @get("/words", operation_id="levelTableWords")
    async def words(self, person: NamedDependency[Person], database: NamedDependency[Database]) -> LevelWords:
        """What a row may name: kinds, limits, quantities."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.words(conn, await clock.database_now(conn))

    @get("/{table_id:int}", operation_id="getLevelTable")
    async def one(
        self, table_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> LevelTableRows:
        """A table with its rows."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.table(conn, table_id, await clock.database_now(conn))

    @get("/{table_id:int}/file", operation_id="getLevelTableFile")
    async def file(
        self,
        table_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        kind: Annotated[Literal["toml", "json"], QueryParameter(name="format")] = "toml",
    ) -> Response[bytes]:
        """A table as a file that can be brought in again."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            told = await service.as_file(conn, table_id, await clock.database_now(conn))
        text = files.to_toml(told) if kind == "toml" else files.to_json(told)
        name = quote(f"{told.name}.{kind}", safe="")
        return Response(
            text.encode(),
            media_type=f"application/{kind}",
            headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
        )

    @post("/{table_id:int}/end", operation_id="endLevelTable", guards=[may("levels")], status_code=204)
    async def end(
        self,
        table_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[Ending],
    ) -> None:
        """Ends a table at once; the version before it, or the region above, grades again."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.end(conn, table_id, data.reason, await clock.database_now(conn))


class LevelDraftController(Controller):
    """Tables in work; they count nowhere."""

    path = "/level-drafts"
    tags = ("warnings",)
    guards = (may("levels"),)

    @get("/", operation_id="listLevelDrafts")
    async def listed(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> LevelDrafts:
        """Drafts of the caller's area."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return LevelDrafts(await service.drafts(conn))

    @post("/", operation_id="createLevelDraft", status_code=201)
    async def create(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[NewDraft]
    ) -> Response[LevelDraft]:
        """Begins a draft with the rows of a table."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create(conn, person, data, await clock.database_now(conn))
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @post("/file", operation_id="bringLevelDraft", status_code=201)
    async def bring(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[DraftFile]
    ) -> Response[LevelDraft]:
        """Begins a draft with the content of a TOML or JSON file."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.bring(conn, person, data, await clock.database_now(conn))
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @get("/{draft_id:int}", operation_id="getLevelDraft")
    async def one(
        self, draft_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[LevelDraft]:
        """A draft."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.draft(conn, draft_id)
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{draft_id:int}", operation_id="updateLevelDraft")
    async def update(
        self,
        draft_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[DraftForm],
        if_match: IfMatch = None,
    ) -> Response[LevelDraft]:
        """Changes a draft."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.change(conn, draft_id, version, data, await clock.database_now(conn))
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete("/{draft_id:int}", operation_id="deleteLevelDraft", status_code=204)
    async def remove(
        self,
        draft_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Throws a draft away."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.remove(conn, draft_id, version)

    @get("/{draft_id:int}/preview", operation_id="previewLevelDraft")
    async def preview(
        self,
        draft_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        days: Annotated[int, QueryParameter(ge=1, le=366)] = 30,
    ) -> Preview:
        """What the draft would have made of the cases of the last days."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await trial.preview(conn, draft_id, now - timedelta(days=days), now)

    @post("/{draft_id:int}/in-force", operation_id="putLevelDraftInForce", status_code=201)
    async def put_in_force(
        self,
        draft_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[Enacting],
        if_match: IfMatch = None,
    ) -> LevelTableRows:
        """Makes the draft the next version of its region's table."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            zone = ZoneInfo(settings.zone)
            return await service.put_in_force(conn, draft_id, version, data, now, zone)


routes: list[Any] = [LevelTableController, LevelDraftController]
