"""HTTP of regions and industries: both are read by everybody who is signed in."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter

from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.models import Person
from central.organisation import industries, regions
from central.organisation.industries import IndustryPage, UnrecognisedList
from central.organisation.regions_models import RegionDetail, RegionPage

_CODE = "^[0-9]{2,12}$"
Text = Annotated[str, QueryParameter(max_length=50)]
RegionCode = Annotated[str, PathParameter(pattern=_CODE)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]


class RegionController(Controller):
    """Administrative regions (GB/T 2260, with towns and villages)."""

    path = "/regions"
    tags = ("regions",)

    @get("/", operation_id="listRegions")
    async def list_regions(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        parent: Annotated[str | None, QueryParameter(pattern=_CODE)] = None,
        q: Text = "",
        level: Annotated[int | None, QueryParameter(ge=1, le=5)] = None,
        on: FromQuery[date | None] = None,
        ended: FromQuery[bool] = False,
        limit: Limit = 100,
        cursor: FromQuery[str | None] = None,
    ) -> RegionPage:
        """The regions right below `parent` (without it the topmost), or, with `q`, those that match.

        In force today, or on a day; `ended` shows also codes that are no more.
        """
        (after,) = read_cursor(cursor, str)
        async with scoped(database.web, person.scope, person.actor) as conn:
            day = None if ended else on or await regions.today(conn)
            rows = await regions.listed(
                conn, parent=parent, text=q.strip(), on=day, level=level, after=after or "", limit=limit + 1
            )
        items, following = page(rows, limit, key=lambda row: (row.code,))
        return RegionPage(items, following)

    @get("/{region_code:str}", operation_id="getRegion")
    async def get_region(
        self, person: NamedDependency[Person], database: NamedDependency[Database], region_code: RegionCode
    ) -> RegionDetail:
        """One region, by its code of today or an old one: its way down, what it was, what it became."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await regions.region(conn, region_code)


class IndustryController(Controller):
    """Industries (GB/T 4754)."""

    path = "/industries"
    tags = ("industries",)

    @get("/", operation_id="listIndustries")
    async def list_industries(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        parent: Annotated[str | None, QueryParameter(pattern="^([A-T]|[0-9]{2,4})$")] = None,
        q: Text = "",
        limit: Limit = 100,
        cursor: FromQuery[str | None] = None,
    ) -> IndustryPage:
        """Those right below `parent`, or, with `q`, those of that code, name or first letters of pinyin."""
        (after,) = read_cursor(cursor, str)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await industries.listed(conn, q, parent, after or "", limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.code,))
        return IndustryPage(items, following)

    @get("/unrecognised", operation_id="listUnrecognisedIndustries")
    async def list_unrecognised(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> UnrecognisedList:
        """What enterprises of the caller's jurisdiction name as industry and the table does not hold."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return UnrecognisedList(await industries.unrecognised(conn))


routes: list[Any] = [RegionController, IndustryController]
