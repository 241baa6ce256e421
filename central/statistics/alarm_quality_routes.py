"""HTTP of the board of alarm quality."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.statistics import alarm_quality
from central.statistics.alarm_quality_models import (
    AlarmQuality,
    AlarmRows,
    EnterpriseAlarmRows,
    Order,
    Positions,
)

From = Annotated[date | None, QueryParameter(name="from")]
To = Annotated[date | None, QueryParameter(name="to")]
Enterprise = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
Region = Annotated[str, QueryParameter(pattern="^[0-9]{0,12}$")]
_WEEK = timedelta(days=6)


class AlarmQualityController(Controller):
    """Alarm quality within the reader's jurisdiction; the last seven days when no days are given."""

    path = "/alarm-quality"
    tags = ("alarm quality",)

    @get("/", operation_id="alarmQuality")
    async def board(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        begin: From = None,
        end: To = None,
        enterprise_id: Enterprise = None,
        region: Region = "",
    ) -> AlarmQuality:
        """Figures with what would be right, and day by day."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            last = end or alarm_quality.today(now)
            return await alarm_quality.board(conn, now, begin or last - _WEEK, last, enterprise_id, region)

    @get("/alarms", operation_id="alarmQualityAlarms")
    async def alarms(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        begin: From = None,
        end: To = None,
        enterprise_id: Enterprise = None,
        region: Region = "",
        order: FromQuery[Order] = "annunciated",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 10,
        cursor: FromQuery[str | None] = None,
    ) -> AlarmRows:
        """Alarms of the time: those that rang most, that chatter, that stand, that are covered."""
        after = read_cursor(cursor, int, str, str)
        async with scoped(database.web, person.scope, person.actor) as conn:
            last = end or alarm_quality.today(await clock.database_now(conn))
            rows = await alarm_quality.alarms(
                conn, begin or last - _WEEK, last, enterprise_id, region, order, after, limit + 1
            )
        items, following = page(rows, limit, key=lambda row: row[1])
        return AlarmRows([row for row, _ in items], following)

    @get("/enterprises", operation_id="alarmQualityEnterprises")
    async def enterprises(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        begin: From = None,
        end: To = None,
        region: Region = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> EnterpriseAlarmRows:
        """Enterprises by how much rang there."""
        after = read_cursor(cursor, int, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            last = end or alarm_quality.today(now)
            rows = await alarm_quality.enterprises(
                conn, now, begin or last - _WEEK, last, region, after, limit + 1
            )
        items, following = page(rows, limit, key=lambda row: row[1])
        return EnterpriseAlarmRows([row for row, _ in items], following)


@put(
    "/enterprises/{enterprise_id:int}/operator-positions",
    operation_id="sayOperatorPositions",
    tags=["alarm quality"],
    guards=[may("organisation")],
)
async def say_positions(
    enterprise_id: Annotated[int, PathParameter(ge=1, le=2**31 - 1)],
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    data: JSONBody[Positions],
) -> Positions:
    """How many people an enterprise has at its alarms at any time: rates are those of one of them."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = await clock.database_now(conn)
        await alarm_quality.say_positions(conn, enterprise_id, data.positions, person.display_name, now)
    return data


routes: list[Any] = [AlarmQualityController, say_positions]
