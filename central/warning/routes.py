"""HTTP of warnings: the list, a warning's page, and the answers that people give."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from central import clock
from central.db.errors import DomainError
from central.db.pool import Connection, Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.http.tags import read_tag, write_tag
from central.identity.models import Person
from central.warning import (
    answers,
    evidence_routes,
    handling_routes,
    notice_routes,
    outside_routes,
    proposal_routes,
    reading,
    storm_routes,
    views,
    window_routes,
)
from central.warning.models import LEVEL_NUMBERS, MANAGEMENT
from central.warning.notify import log_routes
from central.warning.notify import routes as notify
from central.warning.photos import Photos
from central.warning.views import WarningDetail, WarningRow

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


class Note(msgspec.Struct):
    """What somebody adds to an acknowledgement."""

    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class Handling(msgspec.Struct):
    """What caused a warning and what was done."""

    cause: Text
    measures: Text
    cause_code: Annotated[str, msgspec.Meta(max_length=48)] = ""
    photos: Photos = []


class FalseAlarm(msgspec.Struct):
    """Why it is a false alarm; `until` limits the suppression of an alarm that is still active."""

    reason: Text
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class Opinion(msgspec.Struct):
    """What the verifier found."""

    opinion: Text


class Reason(msgspec.Struct):
    """Why a suppression ends before its time."""

    reason: Text


class WarningPage(msgspec.Struct):
    """A page of the list."""

    items: list[WarningRow]
    next: str | None


class Suppressed(msgspec.Struct):
    """Everything that is held back as a false alarm (law-warning 4)."""

    items: list[WarningRow]


class WarningController(Controller):
    """Warnings of the caller's jurisdiction."""

    path = "/warnings"
    tags = ("warnings",)

    @get("/", operation_id="listWarnings")
    async def list_warnings(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        wanted: Annotated[reading.Wanted, QueryParameter(name="state")] = "open",
        level: Annotated[
            str | None, QueryParameter(pattern="^(blue|yellow|orange|red)(,(blue|yellow|orange|red))*$")
        ] = None,
        enterprise_id: Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)] = None,
        sort: FromQuery[Literal["-raised_at", "-level"]] = "-raised_at",
        tests: FromQuery[bool] = False,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
        kind: handling_routes.Kinds = None,
        since: FromQuery[datetime | None] = None,
        until: FromQuery[datetime | None] = None,
        q: handling_routes.Search = "",
        mine: FromQuery[bool] = False,
        folded: FromQuery[bool] = False,
        digest: handling_routes.Digest = None,
    ) -> WarningPage:
        """The list, newest first or worst first; looking at it delivers one's own in-app calls.

        `mine`: given to, acknowledged or handled by the caller. `folded`: what a dead gateway or instrument
        of the list explains is left to its row, which counts it. `digest`: the number of a digest that told
        of them.
        """
        after = read_cursor(cursor, int, int, datetime, UUID)
        levels = [LEVEL_NUMBERS[word] for word in level.split(",")] if level else None
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await reading.listed(
                conn,
                person,
                state=wanted,
                levels=levels,
                enterprise_id=enterprise_id,
                after=None if after[0] is None else (after[0], after[1], after[2], after[3]),
                limit=limit,
                tests=tests,
                worst_first=sort == "-level",
                narrowing=handling_routes.narrowing(
                    person, kind, since, until, q, mine=mine, folded=folded, digest=digest
                ),
            )
        items, following = page(
            rows,
            limit,
            key=lambda row: (
                LEVEL_NUMBERS[row.level],
                int(row.kind != MANAGEMENT),
                row.raised_at,
                row.id,
            ),
        )
        return WarningPage(items, following)

    @get("/suppressed", operation_id="listSuppressed")
    async def list_suppressed(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Suppressed:
        """What is held back as a false alarm, by whom and until when."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return Suppressed(await reading.suppressed(conn))

    @get("/kept", operation_id="listKeptWarnings")
    async def list_kept(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> WarningPage:
        """Cases that the caller's agency acted on before the enterprise left it; to read only."""
        raised_at, last = read_cursor(cursor, datetime, UUID)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await reading.listed_kept(
                conn, after=None if raised_at is None else (raised_at, last), limit=limit
            )
        items, following = page(rows, limit, key=lambda row: (row.raised_at, row.id))
        return WarningPage(items, following)

    @get("/{warning_id:uuid}", operation_id="getWarning")
    async def get_warning(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
    ) -> Response[WarningDetail]:
        """A warning's whole page; opening it reads one's own in-app calls."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            found = await reading.opened(conn, person, warning_id, _latest(request))
        return _tagged(found)

    @post("/{warning_id:uuid}/acknowledge", operation_id="acknowledgeWarning", status_code=200)
    async def acknowledge(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
        data: JSONBody[Note],
        if_match: IfMatch = None,
    ) -> Response[WarningDetail]:
        """Answer for it: the ladder pauses for the level's handling time."""
        seen = read_tag(if_match)

        async def act(conn: Connection) -> None:
            await answers.acknowledge(conn, person, warning_id, seen, data.note)

        return await _answer(request, database, person, warning_id, act)

    @post("/{warning_id:uuid}/handle", operation_id="handleWarning", status_code=200)
    async def handle(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
        data: JSONBody[Handling],
        if_match: IfMatch = None,
    ) -> Response[WarningDetail]:
        """Tell cause and measures: the ladder stops."""
        seen = read_tag(if_match)

        async def act(conn: Connection) -> None:
            await answers.handle(
                conn,
                person,
                warning_id,
                seen,
                data.cause,
                data.measures,
                cause_code=data.cause_code,
                pictures=data.photos,
            )

        return await _answer(request, database, person, warning_id, act)

    @post("/{warning_id:uuid}/false-alarm", operation_id="markFalseAlarm", status_code=200)
    async def false_alarm(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
        data: JSONBody[FalseAlarm],
        if_match: IfMatch = None,
    ) -> Response[WarningDetail]:
        """Call it false; at orange and red a second person confirms by the same call."""
        seen = read_tag(if_match)

        async def act(conn: Connection) -> None:
            await answers.mark_false(conn, person, warning_id, seen, data.reason, data.until)

        return await _answer(request, database, person, warning_id, act)

    @post("/{warning_id:uuid}/close", operation_id="closeWarning", status_code=200)
    async def close(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
        data: JSONBody[Opinion],
        if_match: IfMatch = None,
    ) -> Response[WarningDetail]:
        """Verify and close it; never while its alarm is active."""
        seen = read_tag(if_match)

        async def act(conn: Connection) -> None:
            await answers.close(conn, person, warning_id, seen, data.opinion)

        return await _answer(request, database, person, warning_id, act)

    @post("/{warning_id:uuid}/end-suppression", operation_id="endSuppression", status_code=200)
    async def end_suppression(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        warning_id: FromPath[UUID],
        data: JSONBody[Reason],
    ) -> Response[WarningDetail]:
        """End the suppression of a false alarm now; what is still active raises at once."""

        async def act(conn: Connection) -> None:
            await answers.end_suppression(conn, person, warning_id, data.reason)

        return await _answer(request, database, person, warning_id, act)


async def _answer(
    request: Request[Any, Any, State], database: Database, person: Person, warning_id: UUID, act: Any
) -> Response[WarningDetail]:
    latest = _latest(request)
    try:
        async with scoped(database.web, person.scope, person.actor) as conn:
            await act(conn)
            now = await clock.database_now(conn)
            return _tagged(await views.detail(conn, person, warning_id, now, latest))
    except answers.Outdated as exc:
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = await clock.database_now(conn)
            found = await views.detail(conn, person, warning_id, now, latest)
        raise DomainError(
            exc.code, exc.detail, exc.http_status, data={"warning": msgspec.to_builtins(found)}
        ) from exc


def _tagged(found: WarningDetail) -> Response[WarningDetail]:
    return Response(found, headers={"etag": write_tag(found.etag)})


def _latest(request: Request[Any, Any, State]) -> Any:
    return request.app.state.get("latest")


routes: list[Any] = [
    WarningController,
    *handling_routes.routes,
    *evidence_routes.routes,
    *notice_routes.routes,
    *outside_routes.routes,
    *proposal_routes.routes,
    *storm_routes.routes,
    *window_routes.routes,
    *notify.routes,
    *log_routes.routes,
]
