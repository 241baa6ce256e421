"""HTTP of telemetry: points with their newest values and alarms, trends, and what keeps silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter

from central import clock
from central.db.errors import DomainError, FieldProblem
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor, write_cursor
from central.identity.models import Person
from central.telemetry import covered, history, service
from central.telemetry.latest import LatestValues
from central.telemetry.models import CoveredAlarm, DescribedAlarm, PointRow, SharedTrend, Trend

_DAY = timedelta(days=1)
_HIGHEST_ID = (1 << 31) - 1


class PointPage(msgspec.Struct, frozen=True):
    items: list[PointRow]
    next: str | None


class AlarmPage(msgspec.Struct, frozen=True):
    items: list[DescribedAlarm]
    next: str | None = None


class CoveredPage(msgspec.Struct, frozen=True):
    items: list[CoveredAlarm]
    next: str | None


Latest = NamedDependency[LatestValues | None]
PointId = Annotated[int, PathParameter(ge=1, le=_HIGHEST_ID)]


class PointController(Controller):
    """Points within the reader's jurisdiction."""

    path = "/points"
    tags = ("points",)

    @get("/", operation_id="listPoints")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        latest: Latest,
        enterprise_id: Annotated[int | None, QueryParameter(ge=0, le=_HIGHEST_ID)] = None,
        gateway_id: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> PointPage:
        """Points by id, one page, with their newest values and what is not normal there."""
        (after,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows, following = await service.points(
                conn,
                latest,
                await clock.database_now(conn),
                enterprise_id=enterprise_id,
                gateway_id=gateway_id,
                after=max(0, min(after or 0, _HIGHEST_ID)),
                limit=limit,
            )
        return PointPage(rows, None if following is None else write_cursor(following))

    @get("/{point_id:int}", operation_id="getPoint")
    async def one(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        latest: Latest,
        point_id: PointId,
    ) -> PointRow:
        """One point."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await service.point(conn, latest, await clock.database_now(conn), point_id)

    @get("/{point_id:int}/trend", operation_id="getTrend")
    async def trend(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        point_id: PointId,
        begin: Annotated[datetime | None, QueryParameter(name="from")] = None,
        end: Annotated[datetime | None, QueryParameter(name="to")] = None,
        buckets: Annotated[int, QueryParameter(ge=1, le=history.MOST_BUCKETS)] = 300,
    ) -> Trend:
        """One point's history in buckets; the last day when no times are given."""
        _zoned(begin, end)
        async with scoped(database.web, person.scope, person.actor) as conn:
            until = end or await clock.database_now(conn)
            return await service.trend(conn, point_id, begin or until - _DAY, until, buckets)

    @get("/{point_id:int}/alarms", operation_id="listPointAlarms")
    async def alarms(
        self, person: NamedDependency[Person], database: NamedDependency[Database], point_id: PointId
    ) -> AlarmPage:
        """Every alarm of one point, normal ones too: what a person can shelve or take out of service."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return AlarmPage(await covered.alarms_of_point(conn, point_id))


def _zoned(begin: datetime | None, end: datetime | None) -> None:
    problems = [
        FieldProblem(name, "时间缺少时区", "例如 2026-01-02T03:04:05+08:00")
        for name, moment in (("from", begin), ("to", end))
        if moment is not None and moment.tzinfo is None
    ]
    if problems:
        raise DomainError("bad-trend", "趋势查询条件有误。", 400, problems)


@get("/trends", operation_id="getTrends", tags=["points"])
async def trends(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    point_id: Annotated[str, QueryParameter(max_length=200)],
    begin: Annotated[datetime | None, QueryParameter(name="from")] = None,
    end: Annotated[datetime | None, QueryParameter(name="to")] = None,
    buckets: Annotated[int, QueryParameter(ge=1, le=history.MOST_BUCKETS)] = 300,
) -> SharedTrend:
    """Histories of points over the same buckets, with alarms; `point_id`: one or several, with commas."""
    _zoned(begin, end)
    ids = [int(part) for part in point_id.split(",") if part.isascii() and part.isdigit()]
    if len(ids) != point_id.count(",") + 1 or any(not 1 <= number <= _HIGHEST_ID for number in ids):
        problem = FieldProblem("point_id", "测点编号有误", "以逗号分隔的测点编号，例如 12,15")
        raise DomainError("bad-trend", "趋势查询条件有误。", 400, [problem])
    async with scoped(database.web, person.scope, person.actor) as conn:
        until = end or await clock.database_now(conn)
        return await service.shared_trend(conn, ids, begin or until - _DAY, until, buckets)


@get("/covered-alarms", operation_id="listCoveredAlarms", tags=["points"])
async def covered_alarms(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    cover: FromQuery[Literal["shelved", "out-of-service", "suppressed", "quality"] | None] = None,
    enterprise_id: Annotated[int | None, QueryParameter(ge=0, le=_HIGHEST_ID)] = None,
    gateway_id: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
    cursor: FromQuery[str | None] = None,
) -> CoveredPage:
    """What keeps silent: who covered it, since when, why and until when; first what ends soon or never."""
    moment, *after = read_cursor(cursor, datetime, int, datetime, str, str)
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = moment or await clock.database_now(conn)
        rows = await covered.listing(conn, now, cover, enterprise_id, gateway_id, after, limit + 1)
    items, following = page(rows, limit, key=lambda row: (now, *row[1]))
    return CoveredPage([row for row, _ in items], following)


routes: list[Any] = [PointController, trends, covered_alarms]
