"""Notices (警示通报): an agency tells organisations of its area something, and gets replies.

Looking is done in the person's own scope; what is written is written as the worker, after a look: a request
reads no accounts, and whoever is told is told in the same transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import msgspec

from central import clock
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.queries import load
from central.db.scope import acting, scoped
from central.identity import messages
from central.registry import files
from central.registry.files_models import Named, Using
from central.warning import store_lists, wording
from central.warning.photos import Photos

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.warning.photos import NamedPhoto
    from central.warning.store import Row

Q = load(__file__, "queries_notices.sql")

OF_NOTICE = "notice"
OF_REPLY = "notice-reply"
"""The names under which files are used; the number of a use is that of the notice, or of the receiver."""

Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Numbers = Annotated[list[Number], msgspec.Meta(max_length=500)]
_GONE = "没有找到这份通报，或不在您的管辖范围内。"


class NewNotice(msgspec.Struct, forbid_unknown_fields=True):
    """What is told, to whom, and by when a reply is wanted; `key` is the form's own: sent twice it is one."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=10000)]
    key: UUID
    enterprise_ids: Numbers = []
    agency_ids: Numbers = []
    reply_by: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    warning_id: UUID | None = None
    files: Photos = []


class NoticeReply(msgspec.Struct, forbid_unknown_fields=True):
    """What a receiver answers."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=10000)]
    files: Photos = []


class NoticeRow(msgspec.Struct, kw_only=True):
    """A notice in a list, with how far the receivers are that the reader sees; `owed`: one's own reply is."""

    id: int
    title: str
    agency_id: int
    agency_name: str
    sent_at: datetime
    sent_name: str
    reply_by: datetime | None
    warning_id: UUID | None
    warning_number: str
    receivers: int
    seen: int
    replied: int
    overdue: int
    owed: bool
    unread: bool


class NoticeFile(msgspec.Struct, frozen=True):
    """A file of a notice or of a reply."""

    sha256: str
    name: str
    size: int


class NoticeReceiver(msgspec.Struct, kw_only=True):
    """One receiver: whether it read and what it answered; `own`: the reader's own organisation."""

    id: int
    enterprise_id: int | None
    agency_id: int | None
    name: str
    read_at: datetime | None
    read_name: str
    reply: str
    replied_at: datetime | None
    replied_name: str
    reminders: int
    reminded_at: datetime | None
    overdue: bool
    own: bool
    files: list[NoticeFile]


class NoticeDetail(msgspec.Struct, kw_only=True):
    """A notice's page; `may_reply`, `may_remind`: what the reader can do now."""

    id: int
    title: str
    text: str
    agency_id: int
    agency_name: str
    sent_at: datetime
    sent_name: str
    reply_by: datetime | None
    warning_id: UUID | None
    warning_number: str
    warning_title: str
    files: list[NoticeFile]
    receivers: list[NoticeReceiver]
    may_reply: bool
    may_remind: bool


def row_of(row: Row) -> NoticeRow:
    """A stored notice as a row of the list."""
    facts = {name: row[name] for name in NoticeRow.__struct_fields__ if name != "warning_number"}
    number = row["warning_number"]
    return NoticeRow(**facts, warning_number=wording.case_number(number) if number else "")


async def detail(conn: Connection, person: Person, notice_id: int) -> NoticeDetail:
    """Give a notice's page.

    Args:
        conn: the person's scoped transaction.
        person: who looks.
        notice_id: of the notice.

    Raises:
        NotFoundError: there is none of which this person sees a receiver.
    """
    row = await conn.fetchrow(Q.notice, notice_id)
    if row is None:
        raise NotFoundError(_GONE)
    now = await clock.database_now(conn)
    kept: dict[int | None, list[NoticeFile]] = {}
    for file in await conn.fetch(Q.files, notice_id):
        kept.setdefault(file["receiver_id"], []).append(
            NoticeFile(file["sha256"], file["name"], file["size"])
        )
    same = set(NoticeReceiver.__struct_fields__) - {"overdue", "own", "files"}
    listed = [
        NoticeReceiver(
            **{name: one[name] for name in same},
            overdue=one["replied_at"] is None and row["reply_by"] is not None and row["reply_by"] <= now,
            own=_is_own(person, one),
            files=kept.get(one["id"], []),
        )
        for one in await conn.fetch(Q.receivers, notice_id)
    ]
    return NoticeDetail(
        id=row["id"],
        title=row["title"],
        text=row["body"],
        agency_id=row["agency_id"],
        agency_name=row["agency_name"],
        sent_at=row["sent_at"],
        sent_name=row["sent_name"],
        reply_by=row["reply_by"],
        warning_id=row["warning_id"],
        warning_number=wording.case_number(row["warning_number"]) if row["warning_number"] else "",
        warning_title=row["warning_title"] or "",
        files=kept.get(None, []),
        receivers=listed,
        may_reply="handle" in person.may and any(one.own and one.replied_at is None for one in listed),
        may_remind=_sends_for(person, row)
        and row["reply_by"] is not None
        and any(one.replied_at is None for one in listed),
    )


def _is_own(person: Person, row: Row) -> bool:
    return (row["enterprise_id"] is not None and row["enterprise_id"] == person.enterprise_id) or (
        row["agency_id"] is not None and row["agency_id"] == person.agency_id
    )


def _sends_for(person: Person, row: Row) -> bool:
    return "warn" in person.may and row["agency_id"] == person.agency_id


# --- sending -----------------------------------------------------------------------------------------------


async def send(database: Database, person: Person, new: NewNotice) -> int:
    """Send a notice to organisations of the sender's area and tell their people; gives its number.

    Raises:
        DomainError: 400 with every field that is wrong; 403 who may not warn, or belongs to no agency.
    """
    if "warn" not in person.may:
        raise ForbiddenError
    if person.agency_id is None:
        raise ForbiddenError("警示通报由监管机构发出，您的账号不属于任何机构。")
    enterprises, agencies = sorted(set(new.enterprise_ids)), sorted(set(new.agency_ids))
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = await clock.database_now(conn)
        wrong = await _faults(conn, person, new, enterprises, agencies, now)
    if wrong:
        raise DomainError("invalid", "通报还有需要修改的内容。", 400, wrong)
    async with acting(database.worker, person.actor) as conn:
        now = await clock.database_now(conn)
        number: int | None = await conn.fetchval(
            Q.add,
            new.key,
            person.agency_id,
            new.title.strip(),
            new.text.strip(),
            new.reply_by,
            new.warning_id,
            now,
            person.account_id,
            person.display_name,
        )
        if number is None:
            known: int = await conn.fetchval(Q.by_key, new.key)
            return known
        await conn.execute(Q.add_receivers, number, enterprises, agencies)
        place = (await conn.fetch(Q.agencies, [person.agency_id]))[0]["place"]
        owner = Using(
            record_id=number, place=place, values={}, enterprise_id=None, agency_id=person.agency_id
        )
        await _keep_files(conn, person, OF_NOTICE, owner, (number, None), new.files, now)
        words = f"{wording.clock(new.reply_by)} 前请回复。" if new.reply_by else "请阅知。"
        title = f"警示通报：{new.title.strip()}"
        for one in await conn.fetch(Q.receivers, number):
            await _tell(conn, one, number, title, words, now)
    return number


async def _faults(
    conn: Connection,
    person: Person,
    new: NewNotice,
    enterprises: Sequence[int],
    agencies: Sequence[int],
    now: datetime,
) -> list[FieldProblem]:
    wrong = [FieldProblem(name, "请填写。") for name in ("title", "text") if not getattr(new, name).strip()]
    if not enterprises and not agencies:
        wrong.append(FieldProblem("enterprise_ids", "请至少选择一家企业或一个机构。"))
    seen = {row["id"] for row in await conn.fetch(Q.enterprises, enterprises)}
    if len(seen) < len(enterprises):
        words = f"有 {len(enterprises) - len(seen)} 家企业不在您的管辖范围内。"
        wrong.append(FieldProblem("enterprise_ids", words, "请重新选择。"))
    held = {row["id"]: row for row in await conn.fetch(Q.agencies, agencies)}
    foreign = [one for one in agencies if one not in held or not person.scope.holds(held[one]["place"])]
    if foreign:
        words = f"有 {len(foreign)} 个机构不在您的管辖范围内。"
        wrong.append(FieldProblem("agency_ids", words, "请重新选择。"))
    if person.agency_id in agencies:
        wrong.append(FieldProblem("agency_ids", "不能发给本机构。", "请重新选择。"))
    if new.reply_by is not None and new.reply_by <= now:
        wrong.append(FieldProblem("reply_by", "回复期限须晚于现在。"))
    if new.warning_id is not None and await store_lists.show_case(conn, new.warning_id) is None:
        wrong.append(FieldProblem("warning_id", "没有找到这条预警，或不在您的管辖范围内。"))
    return wrong


async def _keep_files(
    conn: Connection,
    person: Person,
    thing: str,
    owner: Using,
    of: tuple[int, int | None],
    named: Sequence[NamedPhoto],
    now: datetime,
) -> None:
    """Keep files of a notice or of a reply.

    Raises:
        DomainError: 400 too many, or with every file that may not be used.
    """
    if not named:
        return
    most = (await _rule(conn, owner.place, now))["files_most"]
    if len(named) > most:
        words = f"最多附 {most} 个文件。"
        raise DomainError("too-many-files", words, 400, [FieldProblem("files", words)])
    wanted = [Named(f"files[{at}]", False, one.sha256, one.name, one.size) for at, one in enumerate(named)]
    await files.use_outside(conn, person, thing, owner, wanted)
    await conn.execute(Q.add_files, *of, [one.sha256 for one in named], [one.name for one in named])


async def _rule(conn: Connection, place: str, now: datetime) -> Row:
    row = await conn.fetchrow(Q.rule, place, now)
    if row is None:
        raise LookupError(f"notice_rule has no row for {place!r}, not even the general one")
    return row


async def _tell(
    conn: Connection, receiver: Row, notice_id: int, title: str, words: str, now: datetime
) -> None:
    for account in await conn.fetch(Q.people, receiver["enterprise_id"], receiver["agency_id"]):
        await messages.tell(
            conn,
            account["id"],
            f"notice/{notice_id}",
            "notice",
            title,
            now,
            text=words,
            link=f"/notices/{notice_id}",
            place=receiver["place"],
            sector=receiver["sector"],
        )


# --- reading and answering ---------------------------------------------------------------------------------


async def opened(database: Database, person: Person, notice_id: int) -> NoticeDetail:
    """Give a notice's page; of one's own organisation's notice the first look is kept.

    Raises:
        NotFoundError: there is none of which this person sees a receiver.
    """
    async with scoped(database.web, person.scope, person.actor) as conn:
        found = await detail(conn, person, notice_id)
    if all(one.read_at is not None for one in found.receivers if one.own):
        return found
    async with acting(database.worker, person.actor) as conn:
        own = await conn.fetchrow(Q.own, notice_id, person.enterprise_id, person.agency_id)
        if own is not None:
            now = await clock.database_now(conn)
            await conn.execute(Q.set_read, own["id"], now, person.display_name)
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await detail(conn, person, notice_id)


async def reply(database: Database, person: Person, notice_id: int, answer: NoticeReply) -> None:
    """Answer for one's own organisation, once; the sender is told.

    Raises:
        DomainError: 400 nothing said, a file that may not be used; 403, 404; 409 answered already.
    """
    if "handle" not in person.may:
        raise ForbiddenError
    words = answer.text.strip()
    if not words:
        raise DomainError("invalid", "请填写回复内容。", 400, [FieldProblem("text", "请填写。")])
    async with scoped(database.web, person.scope, person.actor) as conn:
        await detail(conn, person, notice_id)
    async with acting(database.worker, person.actor) as conn:
        own = await conn.fetchrow(Q.own, notice_id, person.enterprise_id, person.agency_id)
        if own is None:
            raise ForbiddenError("这份通报没有发给您所在的单位，不能代为回复。")
        if own["replied_at"] is not None:
            raise DomainError("notice-replied", "您所在的单位已经回复过。", 409)
        now = await clock.database_now(conn)
        owner = Using(
            record_id=own["id"],
            place=own["place"],
            values={},
            enterprise_id=own["enterprise_id"],
            agency_id=own["agency_id"],
        )
        await _keep_files(conn, person, OF_REPLY, owner, (notice_id, own["id"]), answer.files, now)
        await conn.execute(Q.set_read, own["id"], now, person.display_name)
        await conn.execute(Q.set_reply, own["id"], words, now, person.account_id, person.display_name)
        whose = person.enterprise_name or person.agency_name or person.display_name
        await messages.tell(
            conn,
            own["sent_by"],
            f"notice/{notice_id}",
            "notice",
            f"通报已有回复：{own['title']}",
            now,
            text=f"{whose} 已回复。",
            link=f"/notices/{notice_id}",
            place=own["place"],
        )


async def remind(database: Database, person: Person, notice_id: int) -> int:
    """Remind everybody who owes a reply and was not reminded lately; gives how many.

    Raises:
        DomainError: 403 not the sender's agency, 404 unknown, 409 nobody to remind now.
    """
    async with scoped(database.web, person.scope, person.actor) as conn:
        row = await conn.fetchrow(Q.notice, notice_id)
        if row is None:
            raise NotFoundError(_GONE)
    if not _sends_for(person, row):
        raise ForbiddenError("只有发出通报的机构可以催复。")
    async with acting(database.worker, person.actor) as conn:
        now = await clock.database_now(conn)
        place = (await conn.fetch(Q.agencies, [row["agency_id"]]))[0]["place"]
        every = timedelta(seconds=(await _rule(conn, place, now))["remind_every_s"])
        found = await conn.fetch(Q.to_remind, notice_id, now - every) if row["reply_by"] else []
        if not found:
            words = f"没有可以催复的单位：都已回复，或在 {every.total_seconds() / 60:g} 分钟内刚刚催过。"
            raise DomainError("nobody-to-remind", words, 409)
        await conn.execute(Q.set_reminded, [one["id"] for one in found], now)
        for one in found:
            due = f"{wording.clock(row['reply_by'])} 前请回复。"
            await _tell(conn, one, notice_id, f"催复：{row['title']}", due, now)
    return len(found)


async def tell_overdue(database: Database) -> int:
    """Tell some receivers, and who sent it, that the day of the reply is over; gives how many there were."""
    async with acting(database.worker) as conn:
        now = await clock.database_now(conn)
        found = await conn.fetch(Q.overdue, now)
        await conn.execute(Q.set_overdue_told, [one["id"] for one in found])
        by_notice: dict[int, list[Row]] = {}
        for one in found:
            due = f"应于 {wording.clock(one['reply_by'])} 前回复，请尽快回复。"
            await _tell(conn, one, one["notice_id"], f"回复已逾期：{one['title']}", due, now)
            by_notice.setdefault(one["notice_id"], []).append(one)
        for notice_id, late in by_notice.items():
            names = "、".join(one["name"] for one in late[:5]) + ("等" if len(late) > 5 else "")
            await messages.tell(
                conn,
                late[0]["sent_by"],
                f"notice/{notice_id}",
                "notice",
                f"通报逾期未回复：{late[0]['title']}",
                now,
                text=f"{names} {len(late)} 个单位逾期未回复。",
                link=f"/notices/{notice_id}",
                place=late[0]["place"],
            )
    return len(found)
