"""HTTP of an enterprise's first sign-in: its registration, and the look at its organisation."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from central.db.errors import ForbiddenError
from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.tags import read_tag, write_tag
from central.identity import service as identity
from central.identity import signing
from central.identity.models import Person
from central.identity.signing_routes import IfMatch
from central.registry import registration
from central.registry.registration import Registration, RegistrationChange


class RegistrationController(Controller):
    """The first steps of an enterprise."""

    path = "/session"
    tags = ("session",)

    @get("/registration", operation_id="readRegistration")
    async def read(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[Registration]:
        """What is known of one's own enterprise, and the agencies and sectors to choose from."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            found = await registration.read(conn, person)
        return Response(found, headers={"etag": write_tag(found.version)})

    @put("/registration", operation_id="completeRegistration", status_code=204)
    async def complete(
        self,
        data: JSONBody[RegistrationChange],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Completes the registration at the first sign-in."""
        seen = read_tag(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await registration.complete(conn, person, seen, data)
        async with acting(database.worker, person.actor) as conn:
            await signing.settle(conn, person.account_id, "registration")

    @post("/organisation", operation_id="checkOrganisation", status_code=204)
    async def check(self, person: NamedDependency[Person], database: NamedDependency[Database]) -> None:
        """Says that one's own organisation was looked at and is right (ADM-15)."""
        if list(person.steps) != ["organisation"]:
            raise ForbiddenError("请先完成前面的步骤。")
        async with acting(database.worker, person.actor) as conn:
            await signing.settle(conn, person.account_id, "organisation")
            await identity.audit(conn, "organisation-checked", "account", person.account_id)


routes: list[Any] = [RegistrationController]
