"""HTTP of recovery: the form for who cannot get in, and the list for who keeps accounts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import litestar
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta, Struct

from central import clock
from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.identity import access, recovery, rules
from central.identity.models import Person
from central.identity.passwords import Passwords
from central.identity.recovery import Asking, Handed, RequestPage
from central.identity.signing_routes import refuse_form
from central.settings import Settings


class Taken(Struct, frozen=True):
    """The same answer whether there is such an account or not."""

    detail: str = "申请已收到。如账号存在，上级机构会按您留的电话联系您核实身份。"


class Approval(Struct, frozen=True, forbid_unknown_fields=True):
    """How the keeper knows who asks; `reset_totp` where the telephone with the second factor is lost."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, title="原因")]
    reset_totp: bool = False


class Refusal(Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=1, max_length=500, title="原因")]


class RecoveryController(Controller):
    """Requests of those who cannot get in."""

    path = "/recovery-requests"
    tags = ("recovery",)

    @post("/", operation_id="askRecovery", opt={"public": True}, status_code=202)
    async def ask(
        self,
        request: litestar.Request[Any, Any, Any],
        data: JSONBody[Asking],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        recovery_rate: NamedDependency[rules.LoginRate],
    ) -> Taken:
        """Asks the agency above for help; tells nothing about the account."""
        refuse_form(request)
        address = access.address_of(request, settings)
        access.refuse_hurry(recovery_rate.wait_s(address, clock.monotonic_s()))
        await recovery.ask(database, data, address)
        return Taken()

    @get("/", operation_id="listRecoveryRequests", guards=[access.may("account")])
    async def list_requests(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        in_state: Annotated[
            Literal["open", "approved", "refused", "expired"] | None, QueryParameter(name="state")
        ] = None,
    ) -> RequestPage:
        """Requests of one's scope, newest first."""
        (before_id,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await recovery.page(conn, in_state, before_id, limit + 1)
        async with acting(database.worker, person.actor) as conn:
            found = await recovery.shown(conn, rows)
        items, following = page(found, limit, key=lambda one: (one.id,))
        return RequestPage(items, following)

    @post(
        "/{request_id:int}/approval",
        operation_id="approveRecovery",
        guards=[access.may("account")],
        status_code=200,
    )
    async def approve(
        self,
        request_id: FromPath[int],
        data: JSONBody[Approval],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        passwords: NamedDependency[Passwords],
    ) -> Handed:
        """Approves; the one-time password is told once, to be handed over in person."""
        async with (
            scoped(database.web, person.scope, person.actor) as web,
            acting(database.worker, person.actor) as worker,
        ):
            return await recovery.approve(
                web, worker, passwords, person, request_id, data.reason, reset_totp=data.reset_totp
            )

    @post(
        "/{request_id:int}/refusal",
        operation_id="refuseRecovery",
        guards=[access.may("account")],
        status_code=204,
    )
    async def refuse(
        self,
        request_id: FromPath[int],
        data: JSONBody[Refusal],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
    ) -> None:
        """Refuses, with words."""
        async with (
            scoped(database.web, person.scope, person.actor) as web,
            acting(database.worker, person.actor) as worker,
        ):
            await recovery.refuse(web, worker, person, request_id, data.reason)


routes: list[Any] = [RecoveryController]
