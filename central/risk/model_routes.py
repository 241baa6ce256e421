"""HTTP of risk models: versions, drafts, their preview, and putting them in force."""

from __future__ import annotations

from typing import Annotated, Any, Literal
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
from central.risk import drafts as service
from central.risk import inputs
from central.risk.models import (
    NewRiskDraft,
    RiskDraft,
    RiskDraftForm,
    RiskDrafts,
    RiskEnacting,
    RiskEnding,
    RiskModelPage,
    RiskModelWhole,
    RiskPreview,
    RiskWords,
)
from central.settings import Settings

Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


class RiskModelController(Controller):
    """Models that make indices, of the regions that concern the caller."""

    path = "/risk-models"
    tags = ("risk",)

    @get("/", operation_id="listRiskModels")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        scale: Annotated[Literal["", "enterprise", "industry", "area", "time"], QueryParameter()] = "",
    ) -> RiskModelPage:
        """Models of the regions above, in and below the caller's area, the newest first."""
        (after,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            rows = await service.models(conn, now, scale=scale, after=after, limit=limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return RiskModelPage(items, following)

    @get("/words", operation_id="riskModelWords")
    async def words(self, person: NamedDependency[Person]) -> RiskWords:  # noqa: ARG002 - whoever is signed in
        """The inputs that a model may name."""
        return RiskWords(inputs.words())

    @get("/{model_id:int}", operation_id="getRiskModel")
    async def one(
        self, model_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> RiskModelWhole:
        """A model with its weights, curves, floors and thresholds."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.model(conn, model_id, await clock.database_now(conn))

    @post("/{model_id:int}/end", operation_id="endRiskModel", guards=[may("models")], status_code=204)
    async def end(
        self,
        model_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[RiskEnding],
    ) -> None:
        """Ends a model at once; the version before it, or the region above, counts again."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.end(conn, model_id, data.reason, await clock.database_now(conn))


class RiskDraftController(Controller):
    """Models in work; they count nowhere."""

    path = "/risk-drafts"
    tags = ("risk",)
    guards = (may("models"),)

    @get("/", operation_id="listRiskDrafts")
    async def listed(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> RiskDrafts:
        """Drafts of the caller's area."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return RiskDrafts(await service.drafts(conn))

    @post("/", operation_id="createRiskDraft", status_code=201)
    async def create(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[NewRiskDraft],
    ) -> Response[RiskDraft]:
        """Begins a draft as a copy of a model."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create(conn, person, data, await clock.database_now(conn))
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @get("/{draft_id:int}", operation_id="getRiskDraft")
    async def one(
        self, draft_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[RiskDraft]:
        """A draft."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.draft(conn, draft_id)
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{draft_id:int}", operation_id="updateRiskDraft")
    async def update(
        self,
        draft_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[RiskDraftForm],
        if_match: IfMatch = None,
    ) -> Response[RiskDraft]:
        """Changes a draft."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.change(conn, draft_id, version, data)
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete("/{draft_id:int}", operation_id="deleteRiskDraft", status_code=204)
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

    @get("/{draft_id:int}/preview", operation_id="previewRiskDraft")
    async def preview(
        self, draft_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> RiskPreview:
        """What the draft makes of today's inputs, beside the model in force."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.preview(conn, draft_id, await clock.database_now(conn))

    @post("/{draft_id:int}/in-force", operation_id="putRiskDraftInForce", status_code=201)
    async def put_in_force(
        self,
        draft_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[RiskEnacting],
        if_match: IfMatch = None,
    ) -> RiskModelWhole:
        """Makes the draft the next version of its region's model."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await service.put_in_force(conn, draft_id, version, data, now, ZoneInfo(settings.zone))


routes: list[Any] = [RiskModelController, RiskDraftController]
