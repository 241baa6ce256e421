"""HTTP of the dossier of an enterprise, of its portrait, and of its workbench."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.identity.models import Person
from central.statistics import dossier
from central.statistics.dossier_models import Dossier, PortraitPage, Workbench

Id = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


@get("/enterprises/{enterprise_id:int}/dossier", operation_id="getDossier", tags=["enterprises"])
async def get_dossier(
    enterprise_id: Id, person: NamedDependency[Person], database: NamedDependency[Database]
) -> Dossier:
    """Everything of one enterprise (一企一档)."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await dossier.read(conn, person, enterprise_id, await clock.database_now(conn))


@get("/enterprises/{enterprise_id:int}/portrait", operation_id="getPortrait", tags=["enterprises"])
async def get_portrait(
    enterprise_id: Id, person: NamedDependency[Person], database: NamedDependency[Database]
) -> PortraitPage:
    """Tags, risk colour with its reasons, and what changed in 30 days (企业画像)."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await dossier.portrait(conn, person, enterprise_id, await clock.database_now(conn))


@get("/workbench", operation_id="getWorkbench", tags=["enterprises"])
async def get_workbench(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    enterprise_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
) -> Workbench:
    """What an enterprise owes and by when (企业工作台): one's own, or one of the jurisdiction."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await dossier.workbench(conn, person, enterprise_id, await clock.database_now(conn))


routes: list[Any] = [get_dossier, get_portrait, get_workbench]
