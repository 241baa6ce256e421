"""HTTP of trust: codes for installers, enrolment and renewal of gateways, certificates, revocation."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from central import clock
from central.db.errors import DomainError
from central.db.pool import Database
from central.db.scope import Actor, acting, scoped
from central.devices import enrolment
from central.devices.enrolment import Trust
from central.devices.enrolment_models import (
    Admission,
    AuthorityShown,
    CodeRefused,
    CodeRow,
    Enrolment,
    GatewayTrust,
    NewCode,
    NoAuthority,
    NotSecret,
    ProofWrong,
    Renewal,
    Revocation,
    ShownCode,
)
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.identity.rules import LoginRate
from central.settings import Settings, is_loopback

AT_THE_DOOR = Actor(0, "gateway", "网关注册")


class CodePage(msgspec.Struct, frozen=True):
    items: list[CodeRow]
    next: str | None


class EnrolmentController(Controller):
    """How a gateway comes to be trusted."""

    path = "/enrolment"
    tags = ("enrolment",)

    @get("/codes", operation_id="listEnrolmentCodes", guards=[may("device")])
    async def codes(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        enterprise_id: Annotated[int | None, QueryParameter(ge=0, le=2**31 - 1)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> CodePage:
        """Codes, newest first; never the codes themselves."""
        (before,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            rows = await enrolment.codes(
                conn, now, before=before, enterprise_id=enterprise_id, limit=limit + 1
            )
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return CodePage(items, following)

    @post("/codes", operation_id="createEnrolmentCode", guards=[may("device")], status_code=201)
    async def create(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        trust: NamedDependency[Trust | None],
        data: JSONBody[NewCode],
    ) -> ShownCode:
        """Makes a one-time code; it is shown in this answer and never again."""
        if trust is None:
            raise NoAuthority
        async with database.worker.acquire() as conn:  # an id is unique everywhere, whoever may see its owner
            owner = await enrolment.known_gateway(conn, data.gateway_id)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await enrolment.create_code(conn, trust, data, owner, person.display_name, now)

    @delete(
        "/codes/{code_id:int}", operation_id="withdrawEnrolmentCode", guards=[may("device")], status_code=204
    )
    async def withdraw(
        self, person: NamedDependency[Person], database: NamedDependency[Database], code_id: FromPath[int]
    ) -> None:
        """Withdraws a code that nobody used yet."""
        if not 0 <= code_id < 2**31:
            raise DomainError("not-found", "没有这个注册码。", 404)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await enrolment.withdraw_code(conn, code_id, await clock.database_now(conn))

    @get("/ca", operation_id="getAuthority", opt={"public": True})
    async def authority(self, trust: NamedDependency[Trust | None]) -> AuthorityShown:
        """The centre's CA certificate, to be compared with the fingerprint that came with the code."""
        if trust is None:
            raise NoAuthority
        return AuthorityShown(trust.authority.pem, trust.authority.fingerprint)

    @post("/", operation_id="enrolGateway", opt={"public": True}, status_code=200)
    async def enrol(
        self,
        request: Request[Any, Any, Any],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        trust: NamedDependency[Trust | None],
        enrolment_rate: NamedDependency[LoginRate],
        data: JSONBody[Enrolment],
    ) -> Admission:
        """Lets a gateway in with its one-time code; over HTTPS, or on this machine."""
        address = _admit(request, settings, enrolment_rate)
        if trust is None:
            raise NoAuthority
        try:
            async with acting(database.worker, AT_THE_DOOR) as conn:
                now = await clock.database_now(conn)
                return await enrolment.enrol(conn, trust, data, address, now)
        except (CodeRefused, ProofWrong):
            async with acting(database.worker, AT_THE_DOOR) as conn:
                await enrolment.refuse(conn, data.gateway, await clock.database_now(conn))
            raise

    @post("/renewal", operation_id="renewCertificate", opt={"public": True}, status_code=200)
    async def renew(
        self,
        request: Request[Any, Any, Any],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        trust: NamedDependency[Trust | None],
        enrolment_rate: NamedDependency[LoginRate],
        data: JSONBody[Renewal],
    ) -> Admission:
        """Renews a gateway's certificate; the request is signed with the key of its frames."""
        _admit(request, settings, enrolment_rate)
        if trust is None:
            raise NoAuthority
        async with acting(database.worker, AT_THE_DOOR) as conn:
            return await enrolment.renew(conn, trust, data, await clock.database_now(conn))


class GatewayTrustController(Controller):
    """How far a gateway is trusted, and its end."""

    path = "/gateways"
    tags = ("gateways",)

    @get("/{gateway_id:str}/trust", operation_id="getGatewayTrust")
    async def trust_of(
        self, person: NamedDependency[Person], database: NamedDependency[Database], gateway_id: FromPath[str]
    ) -> GatewayTrust:
        """A gateway's certificates and whether it is let in."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await enrolment.trust_of(conn, gateway_id, await clock.database_now(conn))

    @post(
        "/{gateway_id:str}/revocation", operation_id="revokeGateway", guards=[may("device")], status_code=200
    )
    async def revoke(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        gateway_id: FromPath[str],
        data: JSONBody[Revocation],
    ) -> GatewayTrust:
        """Shuts a gateway out; its next frame is refused."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            return await enrolment.revoke(conn, gateway_id, data.reason, person.display_name, now)


def _admit(request: Request[Any, Any, Any], settings: Settings, rate: LoginRate) -> str:
    """Where a request of a stranger came from, if it came safely and not too often.

    Raises:
        DomainError: others could read it, or this address asks too much.
    """
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "") if settings.trust_proxy else ""
    # The last entry is the one that our own proxy wrote; those before it are the client's claims.
    address = forwarded.rsplit(",", 1)[-1].strip() if forwarded else peer
    # With secure cookies nobody signs in but over HTTPS: a proxy of this site speaks it for us.
    if not (is_loopback(address) or settings.cookie_secure or request.url.scheme == "https"):
        raise NotSecret
    wait_s = rate.wait_s(address, clock.monotonic_s())
    if wait_s > 0:
        raise DomainError("too-many", f"尝试过于频繁，请 {int(wait_s) + 1} 秒后再试。", 429)
    return address


routes: list[Any] = [EnrolmentController, GatewayTrustController]
