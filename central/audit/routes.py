"""HTTP of the audit: its entries, its signed days, and personal data in full, one record at a time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from central.audit import personal, service
from central.audit.models import AuditPage, AuditRow, DayPage, Personal, PersonalAsked, Wanted
from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person

_READERS = may("audit", "audit-system", "audit-security", "account")


@get("/audit", operation_id="listAudit", guards=[_READERS], tags=["audit"])
async def list_audit(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
    cursor: FromQuery[str | None] = None,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    actor: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
    who: Annotated[str, QueryParameter(max_length=100)] = "",
    kind: FromQuery[Literal["", "system", "security", "business"]] = "",
    action: Annotated[str, QueryParameter(max_length=100)] = "",
    subject_type: Annotated[str, QueryParameter(max_length=100)] = "",
    subject_id: Annotated[str, QueryParameter(max_length=100)] = "",
    address: Annotated[str, QueryParameter(max_length=64)] = "",
    q: Annotated[str, QueryParameter(max_length=100)] = "",
) -> AuditPage:
    """Who changed what, newest first: what this reader may know of. Reading leaves an entry."""
    (before_id,) = read_cursor(cursor, int)
    wanted = Wanted(
        since=since,
        until=until,
        actor=actor,
        who=who.strip(),
        kind=kind,
        action=action.strip(),
        subject_type=subject_type.strip(),
        subject_id=subject_id.strip(),
        address=address.strip(),
        text=q.strip(),
    )
    async with scoped(database.web, person.scope, person.actor) as conn:
        rows = await service.page(conn, person, wanted, before_id, limit + 1)
    items, following = page(rows, limit, key=lambda row: (row.id,))
    return AuditPage(items, following)


@get("/audit/{audit_id:int}", operation_id="getAuditEntry", guards=[_READERS], tags=["audit"])
async def get_entry(
    audit_id: Annotated[int, PathParameter(ge=1, le=2**63 - 1)],
    person: NamedDependency[Person],
    database: NamedDependency[Database],
) -> AuditRow:
    """One entry with its images before and after. Reading leaves an entry."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await service.entry(conn, person, audit_id)


@get("/audit/days", operation_id="listAuditDays", guards=[may("audit")], tags=["audit"])
async def list_days(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
    cursor: FromQuery[str | None] = None,
) -> DayPage:
    """The signed root of each day, newest first, with what was found when the day was closed."""
    (before,) = read_cursor(cursor, date)
    async with acting(database.worker, person.actor) as conn:
        rows = await service.days(conn, before, limit + 1)
    items, following = page(rows, limit, key=lambda row: (row.day,))
    return DayPage(items, following)


@post("/personal/{kind:str}/{record_id:str}", operation_id="showPersonal", status_code=200, tags=["audit"])
async def show_personal(
    kind: Annotated[str, PathParameter(max_length=40)],
    record_id: Annotated[str, PathParameter(max_length=200)],
    data: JSONBody[PersonalAsked],
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    personal_kinds: NamedDependency[personal.Kinds],
) -> Personal:
    """Personal data of one record in full; the viewing is audited."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await personal.show(conn, personal_kinds, person, kind, record_id, data.reason)


routes: list[Any] = [list_audit, get_entry, list_days, show_personal]
