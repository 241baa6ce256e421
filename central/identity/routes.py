"""HTTP of the audit for administrators; signing in is in signing_routes.py."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity import access, service, signing_routes
from central.identity.models import AuditPage, Person


@get(
    "/audit",
    operation_id="listAudit",
    guards=[access.may("audit", "audit-system", "audit-security")],
    tags=["audit"],
)
async def list_audit(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
    cursor: FromQuery[str | None] = None,
) -> AuditPage:
    """Who changed what, newest first."""
    (before_id,) = read_cursor(cursor, int)
    async with scoped(database.web, person.scope, person.actor) as conn:
        rows = await service.audit_page(conn, before_id, limit + 1)
    items, following = page(rows, limit, key=lambda row: (row.id,))
    return AuditPage(items, following)


routes: list[Any] = [*signing_routes.routes, list_audit]
