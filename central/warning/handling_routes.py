"""HTTP of handling: comments, photographs, giving a warning to a colleague, urging."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter
from litestar.response import Stream

from central import clock
from central.db.errors import NotFoundError
from central.db.pool import Connection, Database
from central.db.scope import acting, scoped
from central.identity.models import Person
from central.registry import files
from central.registry.files_routes import served
from central.warning import asking, comments, photos, store_lists, views
from central.warning.asking import Colleague
from central.warning.photos import Photos
from central.warning.views import WarningDetail

Words = Annotated[str, msgspec.Meta(max_length=2000)]
Sha256 = Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$")]


class Comment(msgspec.Struct):
    """What somebody adds to a warning: words, photographs that were brought before, or both."""

    text: Words = ""
    photos: Photos = []


class Urging(msgspec.Struct):
    """What somebody adds to an urging."""

    text: Words = ""


class Assignment(msgspec.Struct):
    """To whom a warning is given, and what is said to them."""

    account_id: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    text: Words = ""


class Colleagues(msgspec.Struct):
    """To whom the caller can give a warning."""

    items: list[Colleague]


class HandlingController(Controller):
    """What people do with warnings besides answering them."""

    path = "/warnings"
    tags = ("warnings",)

    @get("/colleagues", operation_id="listColleagues")
    async def list_colleagues(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Colleagues:
        """Who of the caller's own agency or plant answers for warnings."""
        async with acting(database.worker, person.actor) as conn:
            return Colleagues(await asking.colleagues(conn, person))

    @post("/{warning_id:uuid}/comments", operation_id="commentWarning", status_code=200)
    async def comment(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
        data: JSONBody[Comment],
    ) -> WarningDetail:
        """Adds words or photographs to the story."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await comments.add(conn, person, warning_id, data.text, data.photos)
        return await _shown(request, database, person, warning_id)

    @get("/{warning_id:uuid}/photos/{sha256:str}", operation_id="readWarningPhoto")
    async def photo(
        self,
        warning_id: FromPath[UUID],
        sha256: Sha256,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        attachments: NamedDependency[files.Attachments],
        thumbnail: Annotated[bool, QueryParameter()] = False,
    ) -> Stream:
        """A photograph of a warning that one sees; `thumbnail` gives a small picture."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            found = await photos.found(conn, warning_id, sha256)
        return await served(attachments, found, thumbnail=thumbnail)

    @post("/{warning_id:uuid}/urge", operation_id="urgeWarning", status_code=200)
    async def urge(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
        data: JSONBody[Urging],
    ) -> WarningDetail:
        """Calls whoever the warning waits for now; once in a while at most."""

        async def act(conn: Connection) -> None:
            await asking.urge(conn, person, warning_id, data.text.strip())

        return await _asked(request, database, person, warning_id, act)

    @post("/{warning_id:uuid}/assign", operation_id="assignWarning", status_code=200)
    async def assign(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
        data: JSONBody[Assignment],
    ) -> WarningDetail:
        """Gives it to somebody of one's own agency or plant, and calls them."""

        async def act(conn: Connection) -> None:
            await asking.assign(conn, person, warning_id, data.account_id, data.text.strip())

        return await _asked(request, database, person, warning_id, act)


async def _asked(
    request: Request[Any, Any, State],
    database: Database,
    person: Person,
    warning_id: UUID,
    act: Callable[[Connection], Awaitable[None]],
) -> WarningDetail:
    """Lets the worker call somebody for a case that the person holds: requests read no accounts."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        if await store_lists.show_case(conn, warning_id) is None:
            raise NotFoundError("没有找到这条预警，或不在您的管辖范围内。")
    async with acting(database.worker, person.actor) as conn:
        await act(conn)
    return await _shown(request, database, person, warning_id)


async def _shown(
    request: Request[Any, Any, State], database: Database, person: Person, warning_id: UUID
) -> WarningDetail:
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = await clock.database_now(conn)
        return await views.detail(conn, person, warning_id, now, request.app.state.get("latest"))


routes: list[Any] = [HandlingController]
