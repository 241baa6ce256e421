"""HTTP of reports that something is offline on purpose, and of reviewing them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.warning import offline_reports
from central.warning.offline_reports import NewOfflineReport, OfflineReport, Show


class ReportPage(msgspec.Struct):
    items: list[OfflineReport]
    next: str | None


class Decided(msgspec.Struct, forbid_unknown_fields=True):
    """Whether the office agrees, and what it says; without agreement it says why."""

    approve: bool
    opinion: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class OfflineReportController(Controller):
    """Reports of the reader's jurisdiction."""

    path = "/offline-reports"
    tags = ("devices",)

    @get("/", operation_id="listOfflineReports")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        show: Annotated[Show, QueryParameter(name="state")] = "all",
        enterprise_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> ReportPage:
        """What waits for review, counts now, or is over; newest first."""
        (after,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            rows = await offline_reports.listing(
                conn, person, now, show=show, enterprise_id=enterprise_id, after=after, limit=limit + 1
            )
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return ReportPage(items, following)

    @post("/", operation_id="reportOffline", guards=[may("register")])
    async def report(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[NewOfflineReport],
    ) -> OfflineReport:
        """Reports that a device, or the whole enterprise, is offline on purpose; an office reviews it."""
        now = await _now(database)
        number = await offline_reports.report(database, person, data, now)
        return await _one(database, person, number)

    @post(
        "/{offline_report_id:int}/decision",
        operation_id="decideOfflineReport",
        guards=[may("review")],
        status_code=200,
    )
    async def decide(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        offline_report_id: FromPath[int],
        data: JSONBody[Decided],
    ) -> OfflineReport:
        """Agrees or refuses; what was agreed to is no warning while it runs."""
        now = await _now(database)
        await offline_reports.decide(
            database, person, offline_report_id, now, approve=data.approve, opinion=data.opinion
        )
        return await _one(database, person, offline_report_id)

    @post(
        "/{offline_report_id:int}/end",
        operation_id="endOfflineReport",
        guards=[may("register", "review")],
        status_code=200,
    )
    async def end(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        offline_report_id: FromPath[int],
    ) -> OfflineReport:
        """Withdraws what waits, or ends before its time what was agreed to."""
        await offline_reports.finish(database, person, offline_report_id, await _now(database))
        return await _one(database, person, offline_report_id)


async def _now(database: Database) -> Any:
    async with database.worker.acquire() as conn:
        return await clock.database_now(conn)


async def _one(database: Database, person: Person, number: int) -> OfflineReport:
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = await clock.database_now(conn)
        return (await offline_reports.listing(conn, person, now, only=number))[0]


routes: list[Any] = [OfflineReportController]
