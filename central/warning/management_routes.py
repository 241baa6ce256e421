"""HTTP of management thresholds (MON-03): what they are, who is beyond them, putting another in force."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.settings import Settings
from central.warning import management_pages as pages
from central.warning.management_models import (
    BeyondPage,
    Item,
    ThresholdEnding,
    ThresholdForm,
    ThresholdRow,
    Thresholds,
)

Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


class ManagementController(Controller):
    """Thresholds of management warnings (管理预警阈值)."""

    path = "/management-thresholds"
    tags = ("warnings",)

    @get("/", operation_id="listManagementThresholds")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        wanted: Annotated[Literal["", "all"], QueryParameter(name="state")] = "",
    ) -> Thresholds:
        """Thresholds of the regions over, in and below the caller's area."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await pages.thresholds(conn, person, now, ended=wanted == "all")

    @get("/beyond", operation_id="listBeyondThresholds")
    async def beyond(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        item: FromQuery[Item | None] = None,
        enterprise_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
    ) -> BeyondPage:
        """Enterprises of the jurisdiction that are beyond a threshold, the newest first."""
        (after,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await pages.beyond(
                conn, item=item or "", enterprise_id=enterprise_id, after=after, limit=limit + 1
            )
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return BeyondPage(items, following)

    @post("/", operation_id="putManagementThreshold", guards=[may("thresholds")], status_code=201)
    async def put_in_force(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[ThresholdForm],
    ) -> ThresholdRow:
        """Puts a threshold in force for a region of one's own; the one before it stays as history."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await pages.put_in_force(conn, person, data, now, ZoneInfo(settings.zone))

    @post(
        "/{threshold_id:int}/end",
        operation_id="endManagementThreshold",
        guards=[may("thresholds")],
        status_code=204,
    )
    async def end(
        self,
        threshold_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[ThresholdEnding],
    ) -> None:
        """Ends a threshold of one's own region at once; that of the region above counts again."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await pages.end(conn, threshold_id, data.reason, await clock.database_now(conn))


routes: list[Any] = [ManagementController]
