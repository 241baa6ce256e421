"""HTTP of back-tests and of suggestions for quieter settings."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.identity.models import Person
from central.telemetry import backtests
from central.telemetry.backtest_models import AlarmSettings, BackTest, BackTestRequest, LimitName, Tuning
from central.telemetry.backtests import Turns

PointId = Annotated[int, PathParameter(ge=1, le=(1 << 31) - 1)]


@get("/points/{point_id:int}/alarm-settings", operation_id="listAlarmSettings", tags=["points"])
async def settings(
    person: NamedDependency[Person], database: NamedDependency[Database], point_id: PointId
) -> AlarmSettings:
    """Limits, dead-bands and delays of a point as its gateway has them."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return AlarmSettings(await backtests.settings(conn, point_id))


@post("/points/{point_id:int}/back-test", operation_id="backTestPoint", tags=["points"], status_code=200)
async def back_test(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    back_test_turns: NamedDependency[Turns],
    point_id: PointId,
    data: JSONBody[BackTestRequest],
) -> BackTest:
    """What other settings would have raised by what is stored; nothing is changed anywhere."""
    with back_test_turns.taken():
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await backtests.run(conn, point_id, data, await clock.database_now(conn))


@get("/points/{point_id:int}/tuning", operation_id="tunePoint", tags=["points"])
async def tuning(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    back_test_turns: NamedDependency[Turns],
    point_id: PointId,
    limit: FromQuery[LimitName],
) -> Tuning:
    """Dead-bands and delays with which an alarm would have been quieter in the last 30 days."""
    with back_test_turns.taken():
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await backtests.suggest(conn, point_id, limit, await clock.database_now(conn))


routes: list[Any] = [settings, back_test, tuning]
