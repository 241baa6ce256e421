"""HTTP of connection: what is connected, devices, every time that one was not, and online rates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from litestar import Controller, Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.devices import connection_lines as lines
from central.devices import connection_views as views
from central.devices.connection_models import (
    ConnectionOverview,
    DevicePage,
    DeviceWords,
    EnterprisePage,
    PeriodPage,
    RateList,
)
from central.devices.connection_views import Wanted
from central.http.paging import MOST, read_cursor, write_cursor
from central.http.tags import read_version
from central.identity import service as identity
from central.identity.access import may
from central.identity.models import Person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
Number = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
Class = Annotated[int | None, QueryParameter(ge=0, le=4)]
Words = Annotated[str, QueryParameter(max_length=100)]
Kinds = Annotated[
    str | None, QueryParameter(pattern="^(point|(gateway|instrument|camera)(,(gateway|instrument|camera))*)$")
]
States = Annotated[
    str | None,
    QueryParameter(name="state", pattern="^(online|abnormal|offline)(,(online|abnormal|offline))*$"),
]
Wholes = Annotated[
    str | None,
    QueryParameter(
        pattern="^(online|abnormal|partly|offline|none)(,(online|abnormal|partly|offline|none))*$"
    ),
]
Trouble = Annotated[Literal["offline", "abnormal"] | None, QueryParameter(name="state")]
Gateway = Annotated[str | None, QueryParameter(max_length=63)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


class ConnectionController(Controller):
    """How enterprises of the reader's jurisdiction are connected (EDGE-15, 18, 19)."""

    path = "/connections"
    tags = ("devices",)

    @get("/overview", operation_id="connectionOverview")
    async def overview(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> ConnectionOverview:
        """Counts by kind of device, and by class of major hazard; each opens its list."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await views.overview(conn, await clock.database_now(conn))

    @get("/", operation_id="listConnections")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        states: Wholes = None,
        hazard_class: Class = None,
        q: Words = "",
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> EnterprisePage:
        """Enterprises, the wholly offline ones first; class 0: those without a major hazard."""
        after = read_cursor(cursor, int, int)
        wanted = Wanted(state=states, hazard_class=hazard_class, q=q)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await views.enterprises(conn, await clock.database_now(conn), wanted, after, limit + 1)
        return EnterprisePage([row for row, _ in rows[:limit]], _next(rows, limit))

    @get("/export.csv", operation_id="exportConnections", media_type=lines.TYPE)
    async def export(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        states: Wholes = None,
        hazard_class: Class = None,
        q: Words = "",
    ) -> Response[bytes]:
        """The same as lines for a spreadsheet."""
        wanted = Wanted(state=states, hazard_class=hazard_class, q=q)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            rows = await _all(2, lambda after: views.enterprises(conn, now, wanted, after, lines.PART))
            await identity.audit(conn, "exported", "connection", "", after={"count": len(rows)})
        return lines.file(lines.enterprises(rows), "联网状态")

    @get("/rates", operation_id="connectionRates")
    async def rates(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        by: FromQuery[Literal["day", "enterprise", "township", "county"]] = "day",
        since: FromQuery[date | None] = None,
        until: FromQuery[date | None] = None,
        enterprise_id: Number = None,
        limit: Limit = 100,
    ) -> RateList:
        """Online rates by day, enterprise or area; the last thirty days where none are named."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            last = until or views.today(await clock.database_now(conn))
            first = since or last - timedelta(days=29)
            return RateList(await views.rates(conn, by, first, last, enterprise_id, limit))


class DeviceController(Controller):
    """Devices of the reader's jurisdiction (EDGE-08, 15, 17, 30)."""

    path = "/devices"
    tags = ("devices",)

    @get("/", operation_id="listDevices")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        enterprise_id: Number = None,
        gateway_id: Gateway = None,
        kind: Kinds = None,
        states: States = None,
        hazard_class: Class = None,
        q: Words = "",
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> DevicePage:
        """Devices, worst first, the longest away at the top; points with kind `point`."""
        after = read_cursor(cursor, int, datetime | None, int)
        wanted = _wanted(enterprise_id, gateway_id, kind, states, hazard_class, q)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await views.devices(conn, await clock.database_now(conn), wanted, after, limit + 1)
        return DevicePage([row for row, _ in rows[:limit]], _next(rows, limit))

    @get("/export.csv", operation_id="exportDevices", media_type=lines.TYPE)
    async def export(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        enterprise_id: Number = None,
        gateway_id: Gateway = None,
        kind: Kinds = None,
        states: States = None,
        hazard_class: Class = None,
        q: Words = "",
    ) -> Response[bytes]:
        """The same as lines for a spreadsheet."""
        wanted = _wanted(enterprise_id, gateway_id, kind, states, hazard_class, q)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            rows = await _all(3, lambda after: views.devices(conn, now, wanted, after, lines.PART))
            await identity.audit(conn, "exported", "device", "", after={"count": len(rows)})
        return lines.file(lines.devices(rows, now), "设备清单")

    @put("/{device_id:int}", operation_id="describeDevice", guards=[may("register")], status_code=204)
    async def describe(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        device_id: FromPath[int],
        data: JSONBody[DeviceWords],
        if_match: IfMatch = None,
    ) -> None:
        """Says what a device watches and where it stands."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await views.describe(conn, min(device_id, 2**31 - 1), version, data)


class PeriodController(Controller):
    """Device abnormal records of the reader's jurisdiction (EDGE-16)."""

    path = "/device-periods"
    tags = ("devices",)

    @get("/", operation_id="listDevicePeriods")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        enterprise_id: Number = None,
        device_id: Number = None,
        kind: Kinds = None,
        states: Trouble = None,
        running: Annotated[bool | None, QueryParameter(name="open")] = None,
        since: FromQuery[datetime | None] = None,
        until: FromQuery[datetime | None] = None,
        q: Words = "",
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> PeriodPage:
        """Every time that a device was offline or abnormal, newest first; one that lasts has no end."""
        after = read_cursor(cursor, datetime, int)
        wanted = _times(enterprise_id, device_id, kind, states, running, since, until, q)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await views.periods(conn, await clock.database_now(conn), wanted, after, limit + 1)
        following = write_cursor(rows[limit - 1].began_at, rows[limit - 1].id) if len(rows) > limit else None
        return PeriodPage(rows[:limit], following)

    @get("/export.csv", operation_id="exportDevicePeriods", media_type=lines.TYPE)
    async def export(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        enterprise_id: Number = None,
        device_id: Number = None,
        kind: Kinds = None,
        states: Trouble = None,
        running: Annotated[bool | None, QueryParameter(name="open")] = None,
        since: FromQuery[datetime | None] = None,
        until: FromQuery[datetime | None] = None,
        q: Words = "",
    ) -> Response[bytes]:
        """The same as lines for a spreadsheet."""
        wanted = _times(enterprise_id, device_id, kind, states, running, since, until, q)

        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)

            async def part(after: tuple[Any, ...]) -> list[tuple[Any, tuple[object, ...]]]:
                rows = await views.periods(conn, now, wanted, after, lines.PART)
                return [(row, (row.began_at, row.id)) for row in rows]

            rows = await _all(2, part)
            await identity.audit(conn, "exported", "device_period", "", after={"count": len(rows)})
        return lines.file(lines.periods(rows), "设备异常记录")


def _next(rows: list[tuple[Any, tuple[object, ...]]], limit: int) -> str | None:
    return write_cursor(*rows[limit - 1][1]) if len(rows) > limit else None


async def _all(
    width: int,
    part: Callable[[tuple[Any, ...]], Awaitable[list[tuple[Any, tuple[object, ...]]]]],
) -> list[Any]:
    found: list[Any] = []
    after: tuple[Any, ...] = (None,) * width
    while rows := await part(after):
        found += [row for row, _ in rows]
        after = rows[-1][1]
        if len(found) > lines.MOST:
            raise lines.too_many()
        if len(rows) < lines.PART:
            break
    return found


def _wanted(
    enterprise_id: int | None,
    gateway_id: str | None,
    kind: str | None,
    state: str | None,
    hazard_class: int | None,
    q: str,
) -> Wanted:
    return Wanted(
        enterprise_id=enterprise_id,
        gateway_id=gateway_id,
        kind=kind,
        state=state,
        hazard_class=hazard_class,
        q=q,
    )


def _times(
    enterprise_id: int | None,
    device_id: int | None,
    kind: str | None,
    state: str | None,
    running: bool | None,
    since: datetime | None,
    until: datetime | None,
    q: str,
) -> Wanted:
    return Wanted(
        enterprise_id=enterprise_id,
        device_id=device_id,
        kind=kind,
        state=state,
        open=running,
        since=since,
        until=until,
        q=q,
    )


routes: list[Any] = [ConnectionController, DeviceController, PeriodController]
