"""HTTP of handling: comments, photographs, giving away, urging, sending back, many at once, taking away."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter
from litestar.response import Stream

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.pool import Connection, Database
from central.db.scope import acting, scoped
from central.http.tags import read_tag
from central.identity.models import Person
from central.registry import files
from central.registry.files_routes import served
from central.warning import (
    asking,
    bulk,
    comments,
    export,
    merging,
    photos,
    reading,
    reopening,
    similar,
    store_lists,
    views,
)
from central.warning.asking import Colleague
from central.warning.bulk import BulkAnswer, Outcome
from central.warning.merging import Merging
from central.warning.models import LEVEL_NUMBERS
from central.warning.photos import Photos
from central.warning.similar import Similar
from central.warning.store_lists import Narrowing
from central.warning.views import WarningDetail

Words = Annotated[str, msgspec.Meta(max_length=2000)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]
Kinds = Annotated[str | None, QueryParameter(pattern="^[a-z_]{1,24}(,[a-z_]{1,24}){0,19}$")]
Search = Annotated[str, QueryParameter(max_length=100)]
Digest = Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1)]
Levels = Annotated[
    str | None, QueryParameter(pattern="^(blue|yellow|orange|red)(,(blue|yellow|orange|red))*$")
]
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


class Reopening(msgspec.Struct):
    """Why a warning is sent back."""

    reason: Reason


class Reopened(msgspec.Struct):
    """The new warning that follows."""

    id: UUID


class Merged(msgspec.Struct):
    """The warning that lives on."""

    id: UUID


class Outcomes(msgspec.Struct):
    """What became of each case, in the order in which they were asked for."""

    items: list[Outcome]


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

    @get("/{warning_id:uuid}/similar", operation_id="similarWarnings")
    async def similar_cases(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
    ) -> Similar:
        """Earlier warnings of the same subject, and of its kind at the same owner, with what they were."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await similar.to(conn, warning_id)

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

    @post("/{warning_id:uuid}/reopen", operation_id="reopenWarning", status_code=200)
    async def reopen(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
        data: JSONBody[Reopening],
        if_match: IfMatch = None,
    ) -> Reopened:
        """Sends it back: what was done is not enough; a new warning with a full ladder follows."""
        seen = read_tag(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            return Reopened(await reopening.reopen(conn, person, warning_id, seen, data.reason))

    @post("/bulk", operation_id="answerWarnings", status_code=200)
    async def answer_many(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[BulkAnswer],
    ) -> Outcomes:
        """The same answer to many; each for the state that was seen, each with its own outcome."""
        lacks = bulk.missing(data)
        if lacks:
            fields = [FieldProblem(name, "请填写。") for name in lacks]
            raise DomainError("invalid", "还有未填写的内容。", 400, fields)
        return Outcomes(await bulk.answer(database, person, data))

    @post("/merge", operation_id="mergeWarnings", status_code=200)
    async def merge(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[Merging],
    ) -> Merged:
        """Makes one warning of several of one plant; it takes the highest level and the earliest clock."""
        return Merged(await merging.merge(database, person, data))

    @get("/export.csv", operation_id="exportWarnings", media_type="text/csv; charset=utf-8")
    async def export_list(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        wanted: Annotated[reading.Wanted, QueryParameter(name="state")] = "open",
        level: Levels = None,
        enterprise_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
        tests: FromQuery[bool] = False,
        kind: Kinds = None,
        since: FromQuery[datetime | None] = None,
        until: FromQuery[datetime | None] = None,
        q: Search = "",
        mine: FromQuery[bool] = False,
        digest: Digest = None,
    ) -> Response[bytes]:
        """The list as it is filtered, as lines for a spreadsheet, within the caller's jurisdiction."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            content = await export.lines(
                conn,
                state=wanted,
                levels=[LEVEL_NUMBERS[word] for word in level.split(",")] if level else None,
                enterprise_id=enterprise_id,
                tests=tests,
                narrowing=narrowing(person, kind, since, until, q, mine=mine, digest=digest),
            )
        name = quote(f"预警-{clock.wall_now():%Y%m%d-%H%M%S}.csv", safe="")
        return Response(
            content,
            media_type="text/csv; charset=utf-8",
            headers={
                "content-disposition": f"attachment; filename*=UTF-8''{name}",
                "cache-control": "private, no-store",
            },
        )


def narrowing(
    person: Person,
    kind: str | None,
    since: datetime | None,
    until: datetime | None,
    q: str,
    *,
    mine: bool,
    folded: bool = False,
    digest: int | None = None,
) -> Narrowing:
    """Read what a list is narrowed to from the address.

    Raises:
        DomainError: 400 a time without its zone.
    """
    naive = [
        name for name, at in (("since", since), ("until", until)) if at is not None and at.tzinfo is None
    ]
    if naive:
        wrong = "时间须带时区，例如 2026-11-23T00:00:00+08:00。"
        raise DomainError("invalid", wrong, 400, [FieldProblem(name, wrong) for name in naive])
    return Narrowing(
        kinds=kind.split(",") if kind else None,
        since=since,
        until=until,
        words=q.strip(),
        account_id=person.account_id if mine else None,
        # What a digest told of is listed whole, each case by itself.
        folded=folded and digest is None,
        digest=digest,
    )


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
