"""HTTP of the patrol: enterprises by score, one enterprise's days and losses, findings, rules."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.settings import Settings
from central.telemetry import patrol_pages as pages
from central.telemetry.patrol_models import (
    FindingPage,
    PatrolledEnterprise,
    PatrolPage,
    PatrolRule,
    PatrolRules,
    RuleForm,
)

Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Wanted = Literal["", "stale", "range", "stuck", "swing", "rare"]
Day = Annotated[dt.date | None, QueryParameter(name="day")]


class RuleEnding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a rule ends."""

    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class PatrolController(Controller):
    """The patrol of stored values (数据质量巡检)."""

    path = "/patrol"
    tags = ("points",)

    @get("/enterprises", operation_id="listPatrolledEnterprises")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        day: Day = None,
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        region: Annotated[str, QueryParameter(pattern="^([0-9]{2,12})?$")] = "",
        hazard_class: Annotated[int | None, QueryParameter(ge=1, le=4)] = None,
        check: FromQuery[Wanted] = "",
    ) -> PatrolPage:
        """Enterprises of the jurisdiction by their score of a day, by default the newest; the worst first."""
        after = read_cursor(cursor, float, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            chosen = day or await pages.newest_day(conn)
            counted = await pages.counts(conn)
            if chosen is None:
                return PatrolPage([], None, None, counted)
            rows = await pages.enterprises(
                conn, chosen, q=q.strip(), hazard_class=hazard_class, region=region, check=check,
                after=(after[0], after[1]), limit=limit + 1,
            )  # fmt: skip
        items, following = page(rows, limit, key=lambda row: (row.score, row.enterprise_id))
        return PatrolPage(items, following, chosen, counted)

    @get("/enterprises/{enterprise_id:int}", operation_id="getPatrolledEnterprise")
    async def one(
        self,
        enterprise_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        day: Day = None,
        days: Annotated[int, QueryParameter(ge=1, le=400)] = 30,
    ) -> PatrolledEnterprise:
        """One enterprise: its days, and the reason of each point that it lost on one of them."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            today = (await clock.database_now(conn)).astimezone(ZoneInfo(settings.zone)).date()
            return await pages.enterprise(conn, enterprise_id, day, today, days)

    @get("/findings", operation_id="listPatrolFindings")
    async def found(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        check: FromQuery[Wanted] = "",
        enterprise_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
        point_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
        wanted: Annotated[Literal["", "all"], QueryParameter(name="state")] = "",
    ) -> FindingPage:
        """What stands at the points of the jurisdiction; with `state=all` what stood, too."""
        (after,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await pages.findings(
                conn, check=check, enterprise_id=enterprise_id, point_id=point_id, ended=wanted == "all",
                after=after, limit=limit + 1,
            )  # fmt: skip
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return FindingPage(items, following)

    @get("/rules", operation_id="listPatrolRules")
    async def rules(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        wanted: Annotated[Literal["", "all"], QueryParameter(name="state")] = "",
    ) -> PatrolRules:
        """What judges: rules by region, quantity and unit, what each check costs, and the grades."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await pages.rules(conn, person, now, ended=wanted == "all")

    @post("/rules", operation_id="putPatrolRule", guards=[may("thresholds")], status_code=201)
    async def put_in_force(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        data: JSONBody[RuleForm],
    ) -> PatrolRule:
        """Puts a rule in force for a region of one's own; what it takes the place of stays in the history."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await pages.put_in_force(conn, person, data, now, ZoneInfo(settings.zone))

    @post(
        "/rules/{rule_id:int}/end", operation_id="endPatrolRule", guards=[may("thresholds")], status_code=204
    )
    async def end(
        self,
        rule_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[RuleEnding],
    ) -> None:
        """Ends a rule of one's own region at once; the region above judges again."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await pages.end_rule(conn, rule_id, data.reason, await clock.database_now(conn))


routes: list[Any] = [PatrolController]
