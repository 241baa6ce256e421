"""HTTP of roles, operations and sectors, and of why somebody sees a record."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.tags import read_tag, write_tag
from central.identity import roles, scope_why
from central.identity.access import may
from central.identity.models import Person
from central.identity.roles_models import (
    Catalogue,
    NewRole,
    Role,
    RoleContent,
    RoleList,
    RoleShown,
    SectorList,
    SectorName,
)
from central.identity.scope_why import Why

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match")]


def _tagged(person: Person, role: Role, status_code: int = 200) -> Response[RoleShown]:
    shown = roles.shown(person, role)
    return Response(shown, status_code=status_code, headers={"ETag": write_tag(role.version)})


class RoleController(Controller):
    """Roles: what they may do, of which sectors, how far they see."""

    path = "/roles"
    tags = ("roles",)

    @get("/", operation_id="listRoles", guards=[may("role", "account")])
    async def list_roles(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        kind: FromQuery[str | None] = None,
    ) -> RoleList:
        """All roles, or those of one kind, with what this person may do with them."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return RoleList(await roles.listed(conn, person, kind))

    @post("/", operation_id="makeRole", guards=[may("role")], status_code=201)
    async def make_role(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[NewRole]
    ) -> Response[RoleShown]:
        """Makes a role; nobody grants what he does not have."""
        async with acting(database.worker, person.actor) as conn:
            return _tagged(person, await roles.make(conn, person, data), 201)

    @get("/{role_code:str}", operation_id="getRole", guards=[may("role", "account")])
    async def get_role(
        self, person: NamedDependency[Person], database: NamedDependency[Database], role_code: FromPath[str]
    ) -> Response[RoleShown]:
        """One role."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return _tagged(person, await roles.role(conn, role_code))

    @put("/{role_code:str}", operation_id="changeRole", guards=[may("role")])
    async def change_role(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        role_code: FromPath[str],
        data: JSONBody[RoleContent],
        if_match: IfMatch = None,
    ) -> Response[RoleShown]:
        """Changes a role that was made here; it counts with the next request of whoever has it."""
        seen = read_tag(if_match)
        async with acting(database.worker, person.actor) as conn:
            return _tagged(person, await roles.change(conn, person, role_code, seen, data))

    @delete("/{role_code:str}", operation_id="deleteRole", guards=[may("role")], status_code=204)
    async def delete_role(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        role_code: FromPath[str],
        if_match: IfMatch = None,
    ) -> None:
        """Deletes a role that nobody has."""
        seen = read_tag(if_match)
        async with acting(database.worker, person.actor) as conn:
            await roles.drop(conn, person, role_code, seen)


@get("/operations", operation_id="listOperations", guards=[may("role", "account")], tags=["roles"])
async def list_operations(person: NamedDependency[Person]) -> Catalogue:
    """Subsystems with their operations, kinds of roles and data scopes; what this person may grant."""
    return roles.catalogue(person)


class SectorController(Controller):
    """Sectors (行业监管领域)."""

    path = "/sectors"
    tags = ("roles",)

    @get("/", operation_id="listSectors")
    async def list_sectors(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> SectorList:
        """All sectors; the rest comes last."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return SectorList(await roles.sectors(conn))

    @put("/{sector_code:str}", operation_id="putSector", guards=[may("role", "registry")], status_code=200)
    async def put_sector(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        sector_code: FromPath[str],
        data: JSONBody[SectorName],
    ) -> SectorList:
        """Adds a sector or renames it."""
        async with acting(database.worker, person.actor) as conn:
            await roles.put_sector(conn, sector_code, data.name)
            return SectorList(await roles.sectors(conn))

    @delete(
        "/{sector_code:str}", operation_id="deleteSector", guards=[may("role", "registry")], status_code=204
    )
    async def delete_sector(
        self, person: NamedDependency[Person], database: NamedDependency[Database], sector_code: FromPath[str]
    ) -> None:
        """Deletes a sector that nothing uses."""
        async with acting(database.worker, person.actor) as conn:
            await roles.drop_sector(conn, sector_code)


@get("/why", operation_id="whySeen", tags=["roles"])
async def why_seen(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    kind: Annotated[str, QueryParameter(max_length=32)],
    key: Annotated[str, QueryParameter(name="id", max_length=64)],
) -> Why:
    """Why this person may see a record: 404 for what is not seen, as everywhere."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        place, sector = await scope_why.place_of(conn, kind, key)
    async with database.worker.acquire() as conn:
        return Why(place, sector, await scope_why.reasons(conn, person, kind, key, place, sector))


routes: list[Any] = [RoleController, SectorController, list_operations, why_seen]
