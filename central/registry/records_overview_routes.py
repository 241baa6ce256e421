"""HTTP of what concerns all registers: their counts, what waits for somebody, and the sums of a list."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from central.db.pool import Database
from central.db.scope import scoped
from central.identity.models import Person
from central.registry import records, records_overview
from central.registry.records_overview import RegisterCounts, Totals, WaitingPage
from central.registry.records_routes import AsOf, Limit, Name, Search, Short, State, Whose, query_of


@get("/register-counts", operation_id="countRegisters", tags=["registers"])
async def count_registers(
    person: NamedDependency[Person], database: NamedDependency[Database]
) -> RegisterCounts:
    """How many records each register has, and how many of them wait for whoever asks."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await records_overview.counts(conn, person)


@get("/records-waiting", operation_id="listWaitingRecords", tags=["registers"])
async def list_waiting(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    limit: Limit = 50,
    cursor: FromQuery[str | None] = None,
    wanted: Annotated[Literal["", "submitted", "returned", "draft"], QueryParameter(name="state")] = "",
) -> WaitingPage:
    """Records of all registers that wait for whoever asks, the longest first: to review, come back, begun."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await records_overview.waiting(conn, person, wanted, limit, cursor)


@get("/registers/{register_name:str}/totals", operation_id="sumRecords", tags=["registers"])
async def sum_records(
    request: Request[Any, Any, Any],
    register_name: Name,
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    q: Search = "",
    enterprise_id: Whose = None,
    agency_id: Whose = None,
    region: Short = "",
    wanted: State = "",
    as_of: AsOf = None,
) -> Totals:
    """The sums of a register's `totals` fields under the filters of the list, also as of a day."""
    register = records.named(register_name)
    query = query_of(
        request, q=q, enterprise_id=enterprise_id, agency_id=agency_id, region=region, state=wanted,
        as_of=as_of,
    )  # fmt: skip
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await records_overview.totals(conn, register, query)


routes: list[Any] = [count_registers, list_waiting, sum_records]
