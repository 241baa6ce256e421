"""HTTP of identity: the session, and the audit for administrators."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, QueryParameter

from central import clock
from central.db.errors import DomainError
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity import access, rules, service
from central.identity.models import AuditPage, Credentials, Me, Person
from central.identity.passwords import Passwords
from central.settings import Settings


class SessionController(Controller):
    """Signing in, asking who one is, signing out."""

    path = "/session"
    tags = ("session",)

    @post("/", operation_id="signIn", opt={"public": True}, status_code=201)
    async def sign_in(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[Credentials],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        passwords: NamedDependency[Passwords],
        login_rate: NamedDependency[rules.LoginRate],
    ) -> Response[Me]:
        """Opens a session and sets its cookies."""
        address = _address(request, settings)
        wait_s = login_rate.wait_s(address, clock.monotonic_s())
        if wait_s > 0:
            raise DomainError("too-many", f"登录过于频繁，请 {int(wait_s) + 1} 秒后再试。", 429)
        kind = rules.device_kind(data.device, request.headers.get("user-agent", ""))
        done = await service.sign_in(database, passwords, data.account, data.password, kind, address)
        return Response(service.me(done.person), status_code=201, cookies=_cookies(done.token, settings))

    @get("/", operation_id="whoAmI")
    async def who_am_i(self, person: NamedDependency[Person]) -> Me:
        """The signed-in person."""
        return service.me(person)

    @delete("/", operation_id="signOut", status_code=204)
    async def sign_out(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[None]:
        """Ends this session."""
        await service.sign_out(database, person)
        gone = [Cookie(key=name, path="/", max_age=0) for name in (access.SESSION_COOKIE, access.CSRF_COOKIE)]
        return Response(None, status_code=204, cookies=gone)


def _cookies(token: str, settings: Settings) -> list[Cookie]:
    return [
        Cookie(
            key=name, value=value, path="/", httponly=hidden, samesite="strict", secure=settings.cookie_secure
        )
        for name, value, hidden in (
            (access.SESSION_COOKIE, token, True),
            (access.CSRF_COOKIE, rules.csrf_token(token), False),
        )
    ]


def _address(request: Request[Any, Any, Any], settings: Settings) -> str:
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    # The last entry is the one that our own proxy wrote; those before it are the client's claims.
    return forwarded.rsplit(",", 1)[-1].strip() if settings.trust_proxy and forwarded else peer


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


routes: list[Any] = [SessionController, list_audit]
