"""HTTP of notices: the list, a notice's page, sending, replying, reminding, attached files."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from central import clock
from central.db.errors import NotFoundError
from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.models import Person
from central.registry import files
from central.registry.files_routes import served
from central.warning import notices
from central.warning.handling_routes import Search, Sha256
from central.warning.notices import NewNotice, NoticeDetail, NoticeReply, NoticeRow, Q


class NoticePage(msgspec.Struct):
    """A page of the list."""

    items: list[NoticeRow]
    next: str | None


class Reminded(msgspec.Struct):
    """How many receivers were reminded."""

    reminded: int


class NoticeController(Controller):
    """Notices (警示通报) that concern the caller's jurisdiction."""

    path = "/notices"
    tags = ("notices",)

    @get("/", operation_id="listNotices")
    async def list_notices(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        wanted: Annotated[Literal["all", "owed", "waiting", "overdue"], QueryParameter(name="state")] = "all",
        box: FromQuery[Literal["all", "sent", "received"]] = "all",
        warning_id: FromQuery[UUID | None] = None,
        q: Search = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> NoticePage:
        """The list, newest first: `owed` by one's own organisation, `waiting` for any reply, `overdue`."""
        (after,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await conn.fetch(
                Q.notices,
                await clock.database_now(conn),
                person.enterprise_id,
                person.agency_id,
                after,
                warning_id,
                q.strip(),
                wanted,
                box,
                limit + 1,
            )
        items, following = page([notices.row_of(row) for row in rows], limit, key=lambda row: (row.id,))
        return NoticePage(items, following)

    @post("/", operation_id="sendNotice", status_code=201)
    async def send(
        self, person: NamedDependency[Person], database: NamedDependency[Database], data: JSONBody[NewNotice]
    ) -> NoticeDetail:
        """Sends a notice to enterprises and agencies of one's area."""
        number = await notices.send(database, person, data)
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await notices.detail(conn, person, number)

    @get("/{notice_id:int}", operation_id="getNotice")
    async def show(
        self, person: NamedDependency[Person], database: NamedDependency[Database], notice_id: FromPath[int]
    ) -> NoticeDetail:
        """A notice's page; opening it marks it as read for one's own organisation."""
        return await notices.opened(database, person, _number(notice_id))

    @post("/{notice_id:int}/reply", operation_id="replyToNotice", status_code=200)
    async def reply(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        notice_id: FromPath[int],
        data: JSONBody[NoticeReply],
    ) -> NoticeDetail:
        """Replies for one's own organisation, once."""
        await notices.reply(database, person, _number(notice_id), data)
        return await notices.opened(database, person, notice_id)

    @post("/{notice_id:int}/remind", operation_id="remindOfNotice", status_code=200)
    async def remind(
        self, person: NamedDependency[Person], database: NamedDependency[Database], notice_id: FromPath[int]
    ) -> Reminded:
        """Reminds everybody who owes a reply."""
        return Reminded(await notices.remind(database, person, _number(notice_id)))

    @get("/{notice_id:int}/files/{sha256:str}", operation_id="readNoticeFile")
    async def file(
        self,
        notice_id: FromPath[int],
        sha256: Sha256,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        attachments: NamedDependency[files.Attachments],
    ) -> Stream:
        """A file of a notice, or of a reply, that one sees."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await conn.fetchrow(Q.file, _number(notice_id), sha256)
        if row is None:
            raise NotFoundError("没有找到这个文件，或不在您的管辖范围内。")
        of = row["receiver_id"]
        # The receiver sees a file that the sender's row uses: it was looked for in the receiver's own scope.
        async with acting(database.worker, person.actor) as conn:
            thing, number = (notices.OF_NOTICE, notice_id) if of is None else (notices.OF_REPLY, of)
            found = await files.used(conn, thing, number, sha256)
        return await served(attachments, found, thumbnail=False)


def _number(notice_id: int) -> int:
    if not 0 < notice_id < 1 << 31:
        raise NotFoundError("没有找到这份通报，或不在您的管辖范围内。")
    return notice_id


routes: list[Any] = [NoticeController]
