"""HTTP of the statistics of warnings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from msgspec import structs

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, read_cursor, write_cursor
from central.identity.models import Person
from central.statistics import warning_counts
from central.statistics.alarm_quality import today
from central.statistics.warning_counts import Asked, By, Only, Period, WarningCounts

Region = Annotated[str, QueryParameter(pattern="^[0-9]{0,12}$")]
Word = Annotated[str, QueryParameter(pattern="^[a-z-]{0,32}$")]
Day = Annotated[date | None, QueryParameter(name="day")]


@get("/warning-statistics", operation_id="warningStatistics", tags=["statistics"])
async def statistics(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    by: FromQuery[By] = "enterprise",
    period: FromQuery[Period] = "week",
    day: Day = None,
    region: Region = "",
    sector: Word = "",
    kind: Word = "",
    only: FromQuery[Only] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
    cursor: FromQuery[str | None] = None,
) -> WarningCounts:
    """Warnings of the week, month or year that holds a day (today), by enterprise, area, sector or type."""
    after = read_cursor(cursor, int, int, int)
    async with scoped(database.web, person.scope, person.actor) as conn:
        when = day or today(await clock.database_now(conn))
        asked = Asked(by=by, period=period, day=when, region=region, sector=sector, kind=kind, only=only)
        found, key = await warning_counts.counts(conn, asked, after, limit)
    return structs.replace(found, next=None if key is None else write_cursor(*key))


@get(
    "/warning-statistics/export.csv",
    operation_id="exportWarningStatistics",
    tags=["statistics"],
    media_type="text/csv; charset=utf-8",
)
async def export(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    by: FromQuery[By] = "enterprise",
    period: FromQuery[Period] = "week",
    day: Day = None,
    region: Region = "",
    sector: Word = "",
    kind: Word = "",
    only: FromQuery[Only] = "",
) -> Response[bytes]:
    """The same table, whole, as lines for a spreadsheet, within the caller's jurisdiction."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        when = day or today(await clock.database_now(conn))
        asked = Asked(by=by, period=period, day=when, region=region, sector=sector, kind=kind, only=only)
        content = await warning_counts.lines(conn, asked)
    name = quote(f"预警统计-{when}.csv", safe="")
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{name}",
            "cache-control": "private, no-store",
        },
    )


routes: list[Any] = [statistics, export]
