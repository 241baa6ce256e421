"""HTTP of moves and reorganisations: plan, confirm, and look how far it is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.organisation import moves
from central.organisation.moves_models import (
    MOVE,
    REORGANISATION,
    Job,
    JobPage,
    NewMove,
    NewReorganisation,
    Placing,
    Plan,
    Reason,
)

State = Literal["planned", "running", "done", "cancelled"]
InState = Annotated[State | None, QueryParameter(name="state")]  # "state" alone is the framework's word
JobId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]


class Why(Struct, frozen=True):
    """Why a job is called off."""

    reason: Reason


class Placings(Struct, frozen=True):
    """Where enterprises of a split region belong, and who says so."""

    enterprises: Annotated[list[Placing], Meta(min_length=1, max_length=5000)]
    reason: Reason


class MoveController(Controller):
    """One enterprise to another region, agency or sector."""

    path = "/moves"
    tags = ("moves",)
    guards = (may("region"),)

    @post("/plan", operation_id="planMove", status_code=200)
    async def plan(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[NewMove]
    ) -> Plan:
        """What a move would do, counted; nothing is changed."""
        async with (
            scoped(database.web, person.scope, person.actor) as conn,
            acting(database.worker, person.actor) as counting,
        ):
            return await moves.plan_move(conn, counting, person, data)

    @post("/", operation_id="startMove", status_code=201)
    async def start(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[NewMove]
    ) -> Job:
        """Keeps the move; it is carried out at its time, at once without one."""
        async with (
            scoped(database.web, person.scope, person.actor) as conn,
            acting(database.worker, person.actor) as counting,
        ):
            number = await moves.start_move(conn, counting, person, data)
            return await moves.job(conn, number, MOVE)

    @get("/", operation_id="listMoves")
    async def list_moves(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        in_state: InState = None,
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> JobPage:
        """Moves inside the caller's jurisdiction, newest first."""
        return await _listed(person, database, MOVE, in_state, limit, cursor)

    @get("/{move_id:int}", operation_id="getMove")
    async def get_move(
        self, person: NamedDependency[Person], database: NamedDependency[Database], move_id: JobId
    ) -> Job:
        """A move and how far it is."""
        return await _job(person, database, MOVE, move_id)

    @post("/{move_id:int}/cancel", operation_id="cancelMove", status_code=200)
    async def cancel(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        move_id: JobId,
        data: JSONBody[Why],
    ) -> Job:
        """Calls it off before it begins."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await moves.cancel(conn, move_id, MOVE, data.reason)


class ReorganisationController(Controller):
    """Regions renumbered, merged or split; agencies that take over."""

    path = "/reorganisations"
    tags = ("reorganisations",)
    guards = (may("region"),)

    @post("/plan", operation_id="planReorganisation", status_code=200)
    async def plan(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[NewReorganisation],
    ) -> Plan:
        """What a reorganisation would do, counted; nothing is changed."""
        async with (
            scoped(database.web, person.scope, person.actor) as conn,
            acting(database.worker, person.actor) as counting,
        ):
            return await moves.plan_reorganisation(conn, counting, person, data)

    @post("/", operation_id="startReorganisation", status_code=201)
    async def start(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[NewReorganisation],
    ) -> Job:
        """Keeps it; it is carried out from its day on, enterprise by enterprise."""
        async with (
            scoped(database.web, person.scope, person.actor) as conn,
            acting(database.worker, person.actor) as counting,
        ):
            number = await moves.start_reorganisation(conn, counting, person, data)
            return await moves.job(conn, number, REORGANISATION)

    @get("/", operation_id="listReorganisations")
    async def list_reorganisations(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        in_state: InState = None,
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
    ) -> JobPage:
        """Reorganisations inside the caller's jurisdiction, newest first."""
        return await _listed(person, database, REORGANISATION, in_state, limit, cursor)

    @get("/{reorganisation_id:int}", operation_id="getReorganisation")
    async def get_reorganisation(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        reorganisation_id: JobId,
    ) -> Job:
        """A reorganisation and how far it is."""
        return await _job(person, database, REORGANISATION, reorganisation_id)

    @post("/{reorganisation_id:int}/cancel", operation_id="cancelReorganisation", status_code=200)
    async def cancel(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        reorganisation_id: JobId,
        data: JSONBody[Why],
    ) -> Job:
        """Calls it off before it begins."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await moves.cancel(conn, reorganisation_id, REORGANISATION, data.reason)

    @post("/{reorganisation_id:int}/placings", operation_id="placeEnterprises", status_code=200)
    async def place(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        reorganisation_id: JobId,
        data: JSONBody[Placings],
    ) -> Job:
        """Says where enterprises belong that the plan did not know."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await moves.place(conn, reorganisation_id, data.enterprises, data.reason)


async def _listed(
    person: Person, database: Database, kind: str, state: str | None, limit: int, cursor: str | None
) -> JobPage:
    (before_id,) = read_cursor(cursor, int)
    async with scoped(database.web, person.scope, person.actor) as conn:
        rows = await moves.listed(conn, kind, before_id, state, limit + 1)
    items, following = page(rows, limit, key=lambda row: (row.id,))
    return JobPage(items, following)


async def _job(person: Person, database: Database, kind: str, job_id: int) -> Job:
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await moves.job(conn, job_id, kind)


routes: list[Any] = [MoveController, ReorganisationController]
