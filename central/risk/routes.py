"""HTTP of indices: the overview, lists, one with its reasons, its trend."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter

from central import clock
from central.db.pool import Connection, Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.models import Person
from central.risk import reading, service
from central.risk.models import RiskIndex, RiskOverview, RiskPage, RiskTrend
from central.settings import Settings

Enterprise = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Code = Annotated[str, PathParameter(pattern="^[0-9]{2,12}$")]
Sector = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9-]{0,31}$")]
Period = Literal["live", "month", "quarter", "year"]
Unit = Literal["day", "month", "quarter", "year"]
Days = Annotated[int, QueryParameter(ge=1, le=3660)]


async def _moment(conn: Connection, settings: Settings) -> tuple[dt.datetime, dt.date]:
    now = await clock.database_now(conn)
    return now, now.astimezone(ZoneInfo(settings.zone)).date()


def _area(code: str, period: str) -> str:
    if period == "live":
        return service.subject_of("area", code=code)
    return service.subject_of("time", code=code, more=period)


class RiskController(Controller):
    """Indices of the caller's area: how dangerous, and why."""

    path = "/risk"
    tags = ("risk",)

    @get("/overview", operation_id="riskOverview")
    async def overview(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
    ) -> RiskOverview:
        """Enterprises by level, the area's own index, what lies in it ranked, the worst enterprises."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await reading.overview(conn, *await _moment(conn, settings))

    @get("/enterprises", operation_id="listEnterpriseRisks")
    async def enterprises(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        level: Annotated[
            str | None, QueryParameter(pattern="^(blue|yellow|orange|red)(,(blue|yellow|orange|red))*$")
        ] = None,
        region: Annotated[str | None, QueryParameter(pattern="^[0-9]{2,12}$")] = None,
        sector: Annotated[str | None, QueryParameter(pattern="^[a-z][a-z0-9-]{0,31}$")] = None,
    ) -> RiskPage:
        """Enterprises by their index, the worst first."""
        score, subject = read_cursor(cursor, float, str)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await reading.listing(
                conn, *await _moment(conn, settings), scale="enterprise", region=region, sector=sector,
                levels=(level or "").split(","), q=q.strip(), after=(score, subject), limit=limit + 1,
            )  # fmt: skip
        items, following = page(rows, limit, key=lambda row: (row.score, row.subject))
        return RiskPage(items, following)

    @get("/enterprises/{enterprise_id:int}", operation_id="getEnterpriseRisk")
    async def enterprise(
        self,
        enterprise_id: Enterprise,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        day: FromQuery[dt.date | None] = None,
    ) -> RiskIndex:
        """An enterprise's index with the reason of every point, of now or of a past day."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            subject = service.subject_of("enterprise", enterprise=enterprise_id)
            return await reading.one(conn, subject, *await _moment(conn, settings), day)

    @get("/enterprises/{enterprise_id:int}/trend", operation_id="getEnterpriseRiskTrend")
    async def enterprise_trend(
        self,
        enterprise_id: Enterprise,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        days: Days = 90,
        unit: FromQuery[Unit] = "day",
    ) -> RiskTrend:
        """An enterprise's index by days, months, quarters or years."""
        subject = service.subject_of("enterprise", enterprise=enterprise_id)
        return await _trend(person, database, settings, subject, days, unit)

    @get("/areas/{region_code:str}", operation_id="getAreaRisk")
    async def area(
        self,
        region_code: Code,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        period: FromQuery[Period] = "live",
        day: FromQuery[dt.date | None] = None,
    ) -> RiskIndex:
        """A region's index with its reasons: as it stands, or of the running month, quarter, year."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await reading.one(conn, _area(region_code, period), *await _moment(conn, settings), day)

    @get("/areas/{region_code:str}/trend", operation_id="getAreaRiskTrend")
    async def area_trend(
        self,
        region_code: Code,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        days: Days = 90,
        unit: FromQuery[Unit] = "day",
        period: FromQuery[Period] = "live",
    ) -> RiskTrend:
        """A region's index by days, months, quarters or years."""
        return await _trend(person, database, settings, _area(region_code, period), days, unit)

    @get("/areas/{region_code:str}/industries/{sector_code:str}", operation_id="getIndustryRisk")
    async def industry(
        self,
        region_code: Code,
        sector_code: Sector,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        day: FromQuery[dt.date | None] = None,
    ) -> RiskIndex:
        """An industry's index in a region with its reasons."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            subject = service.subject_of("industry", code=region_code, more=sector_code)
            return await reading.one(conn, subject, *await _moment(conn, settings), day)

    @get("/areas/{region_code:str}/industries/{sector_code:str}/trend", operation_id="getIndustryRiskTrend")
    async def industry_trend(
        self,
        region_code: Code,
        sector_code: Sector,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        days: Days = 90,
        unit: FromQuery[Unit] = "day",
    ) -> RiskTrend:
        """An industry's index in a region by days, months, quarters or years."""
        subject = service.subject_of("industry", code=region_code, more=sector_code)
        return await _trend(person, database, settings, subject, days, unit)


async def _trend(
    person: Person, database: Database, settings: Settings, subject: str, days: int, unit: Unit
) -> RiskTrend:
    async with scoped(database.web, person.scope, person.actor) as conn:
        _, today = await _moment(conn, settings)
        return await reading.trend(conn, subject, today - dt.timedelta(days=days - 1), today, unit)


routes: list[Any] = [RiskController]
