"""HTTP of faults of devices: the list, its counts, and what is done about one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.devices import connection_lines as lines
from central.devices import faults
from central.devices.faults import FaultCount, FaultRow, NewFault, Repair, Repaired
from central.http.paging import MOST, page, read_cursor
from central.http.tags import read_version
from central.identity import service as identity
from central.identity.access import may
from central.identity.models import Person

Number = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
States = Annotated[
    str | None, QueryParameter(name="state", pattern="^(open|repairing|done)(,(open|repairing|done))*$")
]
Kind = Literal["gateway", "instrument", "camera"]
Words = Annotated[str, QueryParameter(max_length=100)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


class FaultPage(msgspec.Struct):
    items: list[FaultRow]
    next: str | None


class FaultCounts(msgspec.Struct):
    items: list[FaultCount]


class FaultController(Controller):
    """Faults of devices of the reader's jurisdiction."""

    path = "/device-faults"
    tags = ("devices",)

    @get("/", operation_id="listDeviceFaults")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        states: States = None,
        enterprise_id: Number = None,
        device_id: Number = None,
        kind: FromQuery[Kind | None] = None,
        q: Words = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> FaultPage:
        """Faults, newest first."""
        (after,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await faults.listing(
                conn,
                state=states,
                enterprise_id=enterprise_id,
                device_id=device_id,
                kind=kind,
                q=q,
                after=after,
                limit=limit + 1,
            )
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return FaultPage(items, following)

    @get("/analysis", operation_id="countDeviceFaults")
    async def analysis(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        since: FromQuery[datetime | None] = None,
        until: FromQuery[datetime | None] = None,
        enterprise_id: Number = None,
    ) -> FaultCounts:
        """Faults found in a time (the last ninety days where none is named), by kind of device and cause."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            last = until or await clock.database_now(conn)
            first = since or last - timedelta(days=90)
            return FaultCounts(await faults.analysis(conn, first, last, enterprise_id))

    @get("/export.csv", operation_id="exportDeviceFaults", media_type=lines.TYPE)
    async def export(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        states: States = None,
        enterprise_id: Number = None,
        kind: FromQuery[Kind | None] = None,
        q: Words = "",
    ) -> Response[bytes]:
        """The list as lines for a spreadsheet."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await faults.listing(
                conn, state=states, enterprise_id=enterprise_id, kind=kind, q=q, limit=lines.MOST + 1
            )
            if len(rows) > lines.MOST:
                raise lines.too_many()
            await identity.audit(conn, "exported", "device_fault", "", after={"count": len(rows)})
        cells = (faults.cells_of(row, lines.local) for row in rows)
        return lines.file(lines.written(faults.head_of(), cells), "设备故障")

    @post("/", operation_id="addDeviceFault", guards=[may("register")])
    async def add(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[NewFault]
    ) -> FaultRow:
        """Notes that a device is broken."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            number = await faults.add(conn, person, data, await clock.database_now(conn))
            return await faults.one(conn, number)

    @post(
        "/{device_fault_id:int}/repair",
        operation_id="repairDevice",
        guards=[may("register")],
        status_code=200,
    )
    async def repair(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        device_fault_id: FromPath[int],
        data: JSONBody[Repair],
        if_match: IfMatch = None,
    ) -> FaultRow:
        """Says who repairs it."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await faults.repair(conn, device_fault_id, version, data, await clock.database_now(conn))
            return await faults.one(conn, device_fault_id)

    @post(
        "/{device_fault_id:int}/done",
        operation_id="finishDeviceFault",
        guards=[may("register")],
        status_code=200,
    )
    async def done(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        device_fault_id: FromPath[int],
        data: JSONBody[Repaired],
        if_match: IfMatch = None,
    ) -> FaultRow:
        """Says that it works again, what had caused it and what was done."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await faults.finish(conn, person, device_fault_id, version, data, await clock.database_now(conn))
            return await faults.one(conn, device_fault_id)


routes: list[Any] = [FaultController]
