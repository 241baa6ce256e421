"""HTTP of windows: declared, edited, consented to, ended early; and the list of everything that is silent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from central import clock
from central.db.errors import NotFoundError
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, read_cursor, write_cursor
from central.http.tags import read_version, write_tag
from central.identity.access import may
from central.identity.models import Person
from central.warning import silent, store_lists, views, windows
from central.warning.silent import Silent
from central.warning.views import WarningRow
from central.warning.windows import Longest, NewWindow, WindowForm, WindowRow

_HIGHEST = (1 << 31) - 1
Number = Annotated[int, PathParameter(ge=1, le=_HIGHEST)]
Plant = Annotated[int | None, QueryParameter(ge=0, le=_HIGHEST)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class WindowPage(msgspec.Struct):
    """A page of windows."""

    items: list[WindowRow]
    next: str | None


class SilentPage(msgspec.Struct):
    """A page of what keeps silent."""

    items: list[Silent]
    next: str | None


class LongestPage(msgspec.Struct):
    """How long windows may last at an enterprise."""

    items: list[Longest]


class UnderPage(msgspec.Struct):
    """What is shown under a warning."""

    items: list[WarningRow]


class WhyEnded(msgspec.Struct):
    """Why a window ends before its time."""

    reason: Words


class Consent(msgspec.Struct):
    """What an agency says to red ones that are to wait: `given` false takes a consent back."""

    given: bool
    opinion: Words


class WindowController(Controller):
    """Windows of the caller's jurisdiction."""

    path = "/suppression-windows"
    tags = ("warnings",)

    @get("/", operation_id="listSuppressionWindows")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        shown: Annotated[
            Literal["lasting", "current", "planned", "past", "all"], QueryParameter(name="state")
        ] = "lasting",
        category: FromQuery[windows.Category | None] = None,
        enterprise_id: Plant = None,
        q: Annotated[str, QueryParameter(max_length=100)] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> WindowPage:
        """Windows in force by their end, then those to come, then those that are over."""
        moment, rank, due, number = read_cursor(cursor, datetime, int, float, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            now = moment or await clock.database_now(conn)
            rows = await windows.listed(
                conn,
                person,
                now,
                shown=shown,
                enterprise_id=enterprise_id,
                category=category,
                words=q.strip(),
                after=None if moment is None else (rank, due, number),
                limit=limit + 1,
            )
        following = write_cursor(now, *rows[limit - 1][1]) if len(rows) > limit else None
        return WindowPage([row for row, _ in rows[:limit]], following)

    @get("/longest", operation_id="longestSuppressionWindows")
    async def longest(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        enterprise_id: Annotated[int, QueryParameter(ge=1, le=_HIGHEST)],
    ) -> LongestPage:
        """How long a window of each category may last at an enterprise."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            plant = await conn.fetchrow(windows.Q.enterprise, enterprise_id)
            if plant is None:
                raise NotFoundError
            return LongestPage(await windows.longest(conn, plant["place"], await clock.database_now(conn)))

    @post("/", operation_id="declareSuppressionWindow", guards=[may("window")], status_code=201)
    async def declare(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[NewWindow],
    ) -> Response[WindowRow]:
        """Declares a window; red ones wait only with the consent of an agency above the enterprise."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            number = await windows.declare(conn, person, data)
            return _tagged(await windows.one(conn, person, number, await clock.database_now(conn)))

    @get("/{window_id:int}", operation_id="getSuppressionWindow")
    async def one(
        self, window_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[WindowRow]:
        """One window."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return _tagged(await windows.one(conn, person, window_id, await clock.database_now(conn)))

    @put("/{window_id:int}", operation_id="editSuppressionWindow", guards=[may("window")])
    async def edit(
        self,
        window_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[WindowForm],
        if_match: IfMatch = None,
    ) -> Response[WindowRow]:
        """Changes reason, times and kinds; a moved end counts at once."""
        seen = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await windows.edit(conn, person, window_id, seen, data)
            return _tagged(await windows.one(conn, person, window_id, await clock.database_now(conn)))

    @post(
        "/{window_id:int}/end", operation_id="endSuppressionWindow", guards=[may("window")], status_code=200
    )
    async def end(
        self,
        window_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[WhyEnded],
    ) -> Response[WindowRow]:
        """Ends it now: what is active raises at once."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await windows.end(conn, person, window_id, data.reason)
            return _tagged(await windows.one(conn, person, window_id, await clock.database_now(conn)))

    @post(
        "/{window_id:int}/consent",
        operation_id="consentSuppressionWindow",
        guards=[may("window")],
        status_code=200,
    )
    async def consent(
        self,
        window_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[Consent],
    ) -> Response[WindowRow]:
        """Lets red ones wait too, or takes that back."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            await windows.consent(conn, person, window_id, data.opinion, given=data.given)
            return _tagged(await windows.one(conn, person, window_id, await clock.database_now(conn)))


@get("/suppressions", operation_id="listSuppressions", tags=["warnings"])
async def suppressions(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    cover: FromQuery[
        Literal["shelved", "out-of-service", "suppressed", "quality", "window", "false-alarm"] | None
    ] = None,
    enterprise_id: Plant = None,
    gateway_id: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
    cursor: FromQuery[str | None] = None,
) -> SilentPage:
    """Everything that keeps silent now, by whom, why and until when; first what ends soon or never."""
    moment, *after = read_cursor(cursor, datetime, int, datetime, str, str)
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = moment or await clock.database_now(conn)
        rows = await silent.listing(conn, now, cover, enterprise_id, gateway_id, after, limit + 1)
    following = write_cursor(now, *rows[limit - 1][1]) if len(rows) > limit else None
    return SilentPage([row for row, _ in rows[:limit]], following)


@get("/warnings/{warning_id:uuid}/under", operation_id="listWarningsUnder", tags=["warnings"])
async def under(
    person: NamedDependency[Person], database: NamedDependency[Database], warning_id: FromPath[UUID]
) -> UnderPage:
    """What a dead gateway or instrument explains, or has explained; those whose calls wait first."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        if await store_lists.show_case(conn, warning_id) is None:
            raise NotFoundError("没有找到这条预警，或不在您的管辖范围内。")
        rows = await store_lists.children(conn, warning_id, MOST)
        return UnderPage([views.row_of(row) for row in rows])


def _tagged(found: WindowRow) -> Response[WindowRow]:
    return Response(found, headers={"etag": write_tag(found.version)})


routes: list[Any] = [WindowController, suppressions, under]
