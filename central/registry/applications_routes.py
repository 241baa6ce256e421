"""HTTP of self-registration: the public form and its answer, the list and the decision of the county."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import litestar
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.identity import access, rules
from central.identity.models import Person
from central.identity.passwords import Passwords
from central.identity.signing_routes import refuse_form
from central.registry import applications
from central.registry.applications import (
    ApplicationPage,
    Applying,
    Choices,
    Decided,
    Outcome,
    Receipt,
    ReceiptQuestion,
)
from central.registry.life_models import Decision
from central.settings import Settings


class ApplicationController(Controller):
    """Enterprises that ask to be registered."""

    path = "/enterprise-applications"
    tags = ("enterprises",)

    @get("/choices", operation_id="applicationChoices", opt={"public": True})
    async def choices(
        self,
        request: litestar.Request[Any, Any, Any],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        captcha_rate: NamedDependency[rules.LoginRate],
        parent: Annotated[str, QueryParameter(pattern="^([0-9]{2,12})?$")] = "",
    ) -> Choices:
        """Regions right below one, and kinds of supervision: public knowledge, at a bounded rate."""
        address = access.address_of(request, settings)
        access.refuse_hurry(captcha_rate.wait_s(address, clock.monotonic_s()))
        async with acting(database.worker) as conn:
            return await applications.choices(conn, parent)

    @post("/", operation_id="applyAsEnterprise", opt={"public": True}, status_code=201)
    async def apply(
        self,
        request: litestar.Request[Any, Any, Any],
        data: JSONBody[Applying],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        application_rate: NamedDependency[rules.LoginRate],
    ) -> Receipt:
        """Asks to be registered; the county decides."""
        refuse_form(request)
        address = access.address_of(request, settings)
        access.refuse_hurry(application_rate.wait_s(address, clock.monotonic_s()))
        return await applications.apply(database, data, address)

    @post("/outcome", operation_id="applicationOutcome", opt={"public": True}, status_code=200)
    async def outcome(
        self,
        request: litestar.Request[Any, Any, Any],
        data: JSONBody[ReceiptQuestion],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        application_rate: NamedDependency[rules.LoginRate],
    ) -> Outcome:
        """How an application went, for whoever has its number."""
        refuse_form(request)
        address = access.address_of(request, settings)
        access.refuse_hurry(application_rate.wait_s(address, clock.monotonic_s()))
        async with acting(database.worker) as conn:
            return await applications.outcome(conn, data.receipt)

    @get("/", operation_id="listEnterpriseApplications", guards=[access.may("enterprise-life")])
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        wanted: Annotated[Literal["", "open", "approved", "refused"], QueryParameter(name="state")] = "",
        q: Annotated[str, QueryParameter(max_length=100)] = "",
    ) -> ApplicationPage:
        """Applications of the jurisdiction, newest first."""
        (before,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await applications.listing(conn, person, wanted, q.strip(), before, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return ApplicationPage(items, following)

    @post(
        "/{application_id:int}/decision",
        operation_id="decideEnterpriseApplication",
        guards=[access.may("enterprise-life")],
        status_code=200,
    )
    async def decide(
        self,
        application_id: Annotated[int, PathParameter(ge=1, le=2**31 - 1)],
        data: JSONBody[Decision],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        passwords: NamedDependency[Passwords],
    ) -> Decided:
        """Approves: the enterprise and its account; or refuses with an opinion."""
        async with (
            scoped(database.web, person.scope, person.actor) as web,
            acting(database.worker, person.actor) as worker,
        ):
            return await applications.decide(web, worker, passwords, person, application_id, data)


routes: list[Any] = [ApplicationController]
