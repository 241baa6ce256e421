"""An enterprise reports that something is offline on purpose and until when; its office agrees or does not.

An approved report of the whole enterprise keeps the data-access patrol quiet between its two times and no
longer, and declares a window in which calls about what is offline wait; what is offline is shown as such all
the same, with the report beside it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec

from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.scope import acting, scoped
from central.identity import messages
from central.warning import windows
from central.warning.connections import Q
from central.warning.windows import NewWindow

if TYPE_CHECKING:
    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.warning.store import Row

Cause = Literal["repair", "stop", "power", "network", "calibration", "replacement", "other"]
Show = Literal["waiting", "running", "over", "all"]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_CATEGORY: Final = "out_of_service"
_WAITING_KINDS: Final = ("presence", "connection", "quality", "patrol")
WAITING, APPROVED, REFUSED, WITHDRAWN, ENDED = "waiting", "approved", "refused", "withdrawn", "ended"


class NewOfflineReport(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is offline (a device, or with null the whole enterprise), why, and from when until when."""

    enterprise_id: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None
    device_id: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None
    cause: Cause
    words: Annotated[str, msgspec.Meta(max_length=1000)]
    measures: Annotated[str, msgspec.Meta(max_length=1000)]
    from_at: Moment
    until_at: Moment


class OfflineReport(msgspec.Struct, kw_only=True):
    """One report; `running`: it counts now. `may_decide`, `may_end`: what the reader can do with it."""

    id: int
    enterprise_id: int
    enterprise_name: str
    device_id: int | None
    device_name: str
    cause: Cause
    words: str
    measures: str
    from_at: datetime
    until_at: datetime
    state: Literal["waiting", "approved", "refused", "withdrawn", "ended"]
    running: bool
    made_at: datetime
    made_name: str
    decided_at: datetime | None
    decided_name: str
    opinion: str
    ended_at: datetime | None
    ended_name: str
    may_decide: bool
    may_end: bool


async def listing(
    conn: Connection,
    person: Person,
    now: datetime,
    *,
    show: Show = "all",
    enterprise_id: int | None = None,
    after: int | None = None,
    only: int | None = None,
    limit: int = 50,
) -> list[OfflineReport]:
    """Reports in the reader's scope, newest first."""
    rows = await conn.fetch(Q.page, show, now, enterprise_id, after, only, limit)
    return [_report(row, person, now) for row in rows]


def _report(row: Row, person: Person, now: datetime) -> OfflineReport:
    values = {key: value for key, value in row.items() if key != "made_by"}
    open_ = row["state"] == WAITING or (row["state"] == APPROVED and row["until_at"] > now)
    return OfflineReport(
        **values,
        running=row["state"] == APPROVED and row["from_at"] <= now < row["until_at"],
        may_decide=row["state"] == WAITING and "review" in person.may and row["made_by"] != person.account_id,
        may_end=open_ and ("register" in person.may or "review" in person.may),
    )


async def report(database: Database, person: Person, data: NewOfflineReport, now: datetime) -> int:
    """Keep a report that waits for review, and tell those who review it; gives its number.

    Raises:
        NotFoundError: no such enterprise within the scope.
        DomainError: 400 with every field that is wrong.
    """
    number = data.enterprise_id or person.enterprise_id
    async with scoped(database.web, person.scope, person.actor) as conn:
        owner = await conn.fetchrow(Q.enterprise, number, now)
        known = data.device_id is None or await conn.fetchval(Q.device_of, data.device_id, number) is not None
    if owner is None:
        if number is None:
            wrong = [FieldProblem("enterprise_id", "请选择企业。")]
            raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, wrong)
        raise NotFoundError
    wrong = problems(data, now, owner["report_days"], known=known)
    if wrong:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, wrong)
    async with acting(database.worker, person.actor) as conn:
        made: int = await conn.fetchval(
            Q.add,
            number,
            data.device_id,
            data.cause,
            data.words.strip(),
            data.measures.strip(),
            data.from_at,
            data.until_at,
            now,
            person.account_id,
            person.display_name,
        )
        await messages.tell_keepers(
            conn,
            "review",
            owner["place"],
            f"offline-report/{made}",
            "registry",
            f"{owner['name']}报备离线，待审核",
            now,
            text=data.words.strip()[:200],
            link="/offline-reports",
        )
    return made


def problems(
    data: NewOfflineReport, now: datetime, report_days: int | None, *, known: bool
) -> list[FieldProblem]:
    """Everything that is wrong with a report.

    Args:
        data: the report.
        now: the database's time.
        report_days: how long the region lets one run; None where no rule says so.
        known: whether its device is one of the enterprise's.
    """
    wrong = [
        FieldProblem(name, "必须填写。")
        for name, words in (("words", data.words), ("measures", data.measures))
        if not words.strip()
    ]
    if not known:
        wrong.append(FieldProblem("device_id", "不是本企业的设备，或已停用。"))
    if data.until_at <= data.from_at:
        wrong.append(FieldProblem("until_at", "结束时间应晚于开始时间。"))
    elif data.until_at <= now:
        wrong.append(FieldProblem("until_at", "结束时间已经过去，应晚于现在。"))
    elif report_days is not None and data.until_at - data.from_at > timedelta(days=report_days):
        wrong.append(FieldProblem("until_at", f"一次报备最长 {report_days} 天，到期可以续报。"))
    return wrong


async def decide(
    database: Database, person: Person, number: int, now: datetime, *, approve: bool, opinion: str
) -> None:
    """Agree to a report or refuse it; who made it is told.

    Raises:
        NotFoundError: no such report within the scope.
        ForbiddenError: nobody reviews what he reported himself.
        DomainError: 409, it waits no more; 400, it is refused without a reason.
    """
    await _seen(database, person, number, now)
    if not approve and not opinion.strip():
        raise DomainError("invalid", "退回须说明理由。", 400, [FieldProblem("opinion", "必须填写。")])
    async with acting(database.worker, person.actor) as conn:
        row = await conn.fetchrow(Q.lock, number)
        assert row is not None
        if row["made_by"] == person.account_id:
            raise ForbiddenError
        if row["state"] != WAITING:
            raise _not_so()
        word = APPROVED if approve else REFUSED
        who = (person.account_id, person.display_name)
        window = await _window(conn, person, row, now) if approve else None
        await conn.execute(Q.decide, number, word, now, *who, opinion.strip(), window)
        await messages.tell(
            conn,
            row["made_by"],
            f"offline-report/{number}",
            "registry",
            "离线报备已通过审核" if approve else "离线报备被退回",
            now,
            text=opinion.strip()[:200],
            link="/offline-reports",
            place=row["place"],
        )


async def finish(database: Database, person: Person, number: int, now: datetime) -> None:
    """Withdraw a report that waits, or end one before its time: the patrol looks again at once.

    Raises:
        NotFoundError: no such report within the scope.
        DomainError: 409, it is over already.
    """
    await _seen(database, person, number, now)
    async with acting(database.worker, person.actor) as conn:
        row = await conn.fetchrow(Q.lock, number)
        assert row is not None
        if row["state"] not in {WAITING, APPROVED} or row["until_at"] <= now:
            raise _not_so()
        word = WITHDRAWN if row["state"] == WAITING else ENDED
        await conn.execute(Q.finish, number, word, now, person.display_name)
        if row["window_id"] is not None:
            who = (person.account_id, person.display_name, "离线报备提前结束")
            await conn.execute(Q.end_window, row["window_id"], now, *who)


async def _window(conn: Connection, person: Person, row: Row, now: datetime) -> int | None:
    """Declare the window in which calls about the reported devices wait; none where the reviewer may not.

    It runs as long as its category may in the region; what stays off longer is reported again.
    """
    most = {rule.category: rule.longest_s for rule in await windows.longest(conn, row["place"], now)}
    if "window" not in person.may or _CATEGORY not in most:
        return None
    subject, subject_id = "enterprise", str(row["enterprise_id"])
    if row["kind"] == "gateway":
        subject, subject_id = "gateway", row["gateway_id"]
    elif row["kind"] is not None:
        subject, subject_id = "instrument", f"{row['gateway_id']}/{row['key']}"
    starts_at = max(row["from_at"], now)
    form = NewWindow(
        category=_CATEGORY,
        subject_type=subject,  # type: ignore[arg-type]
        subject_id=subject_id,
        reason=f"离线报备：{row['words']}"[:500],
        starts_at=starts_at,
        ends_at=min(row["until_at"], starts_at + timedelta(seconds=most[_CATEGORY])),
        kinds=list(_WAITING_KINDS),
    )

    async def at(_: Connection) -> datetime:
        return now

    return await windows.declare(conn, person, form, clock=at)


async def _seen(database: Database, person: Person, number: int, now: datetime) -> None:
    found: list[Any] = []
    if 0 < number < 2**31:
        async with scoped(database.web, person.scope, person.actor) as conn:
            found = await conn.fetch(Q.page, "all", now, None, None, number, 1)
    if not found:
        raise NotFoundError("没有找到这条离线报备，或不在您的管辖范围内。")


def _not_so() -> DomainError:
    return DomainError("not-waiting", "这条报备的状态刚刚已经改变，请刷新后再操作。", 409)
