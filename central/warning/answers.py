"""What people answer to a warning: acknowledge, handle, false alarm, close; each for the state they saw.

Keeps law-warning 4, 10, 12, 14. Everything runs in the request's own scoped transaction: who can't see a case
can't answer for it.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from central.clock import database_now
from central.db.errors import DomainError, ForbiddenError, NotFoundError
from central.db.pool import Connection
from central.identity.models import Person
from central.warning import causes, ladder, photos, rules, store, store_handling
from central.warning.escalation import (
    Acknowledge,
    Case,
    Close,
    Event,
    Handle,
    MarkFalse,
    NotPossible,
    Unsuppress,
)
from central.warning.models import ACKNOWLEDGED, CLEARED, HANDLED, OPEN, ORANGE, UNANSWERED
from central.warning.photos import NamedPhoto
from central.warning.store import Q, Row

Clock = Callable[[Connection], Awaitable[datetime]]

_WORDS: Final = {
    "already_acknowledged": "已经有人确认接警。",
    "already_handled": "已经填报过处置结果。",
    "already_ended": "这条预警已经结束。",
    "same_person": "红色、橙色预警的误报须由另一人复核，不能由提出人自己确认。",
    "not_supervising": "红色、橙色预警的误报须由监管机构复核确认，企业内部不能自行认定。",
    "not_handled": "尚未处置，不能关闭。",
    "still_active": "报警仍在持续，不能关闭；确属误报的请标记误报（限期抑制）。",
    "not_suppressed": "这条预警没有被抑制。",
}


class Outdated(DomainError):
    """The case changed since the person looked; the route adds what it is now."""

    def __init__(self) -> None:
        super().__init__("warning-changed", "预警状态刚刚发生变化，请查看最新状态后再操作。", 412)


def tag_of(row: Row) -> str:
    """Name what a person has seen of a case: its level and everything that an answer depends on."""
    return f"{row['level']}-{row['revision']}"


async def acknowledge(
    conn: Connection,
    person: Person,
    warning_id: UUID,
    seen: str,
    note: str = "",
    *,
    clock: Clock = database_now,
) -> None:
    """Answer for a warning: the ladder pauses for the level's handling time.

    Args:
        conn: the person's scoped transaction.
        person: who answers.
        warning_id: of the case.
        seen: the tag that the person saw.
        note: what they add.
        clock: gives the time once the case is locked.

    Raises:
        DomainError: 403 not allowed, 404 not visible, 409 not in this state, 412 changed since.
    """
    row, now = await _hold(conn, person, "acknowledge", warning_id, seen, clock)
    case = await _take(conn, row, Acknowledge(), now, person, note)
    if case.acknowledged_at == now:
        await store.change(conn, Q.set_acknowledged, warning_id, person.account_id, person.display_name)


async def handle(
    conn: Connection,
    person: Person,
    warning_id: UUID,
    seen: str,
    cause: str,
    measures: str,
    *,
    cause_code: str = "",
    pictures: Sequence[NamedPhoto] = (),
    clock: Clock = database_now,
) -> None:
    """Tell what caused a warning and what was done; the ladder stops.

    Args:
        conn: the person's scoped transaction.
        person: who handled it.
        warning_id: of the case.
        seen: the tag that the person saw.
        cause: in words.
        measures: what was done.
        cause_code: of the list of its kind; empty for none of it.
        pictures: photographs that were brought before.
        clock: gives the time once the case is locked.

    Raises:
        DomainError: as `acknowledge`; 400 a cause that is not of the list, a photograph that may not be used.
    """
    row, now = await _hold(conn, person, "handle", warning_id, seen, clock)
    await causes.check(conn, row["kind"], cause_code)
    await photos.add(conn, person, row, pictures, now)
    ends = rules.only_found_over(row["kind"], row["occurrence"])
    await _take(conn, row, Handle(ends), now, person, f"原因：{cause}；措施：{measures}")
    if ends and row["active"]:
        await store.change(conn, Q.set_cleared, warning_id, now)
    await store.change(
        conn,
        Q.set_handled,
        warning_id,
        now,
        person.account_id,
        person.display_name,
        person.agency_id,
        cause,
        measures,
    )
    await store.change(conn, store_handling.Q.set_cause_code, warning_id, cause_code)


async def mark_false(
    conn: Connection,
    person: Person,
    warning_id: UUID,
    seen: str,
    reason: str,
    until: datetime | None = None,
    *,
    clock: Clock = database_now,
) -> None:
    """Call a warning false; at orange and red the second voice comes from a supervising agency.

    Args:
        conn: the person's scoped transaction.
        person: who says so.
        warning_id: of the case.
        seen: the tag that the person saw.
        reason: why.
        until: how long an alarm that is still active is held back; at most the policy's limit.
        clock: gives the time once the case is locked.

    Raises:
        DomainError: as `acknowledge`.
    """
    row, now = await _hold(conn, person, "false-alarm", warning_id, seen, clock)
    if until is not None and until <= now:
        raise DomainError("invalid", "抑制截止时间必须晚于现在。", 400)
    supervises = await _confirms(conn, row, person)
    await _take(conn, row, MarkFalse(person.account_id, until, supervises), now, person, reason)
    reasons = "；".join(part for part in (row["false_reason"], reason) if part)
    names = "、".join(part for part in (row["false_name"], person.display_name) if part)
    await store.change(conn, Q.set_false, warning_id, reasons, names)


async def close(
    conn: Connection,
    person: Person,
    warning_id: UUID,
    seen: str,
    opinion: str,
    *,
    clock: Clock = database_now,
) -> None:
    """Close a warning that was handled (orange and red: verify it) or review one that cleared by itself.

    Raises:
        DomainError: as `acknowledge`; 403 when a higher agency has to verify it.
    """
    row, now = await _hold(conn, person, "close", warning_id, seen, clock)
    if row["state"] == HANDLED and not await verifies(conn, row, person):
        raise ForbiddenError("橙色、红色预警须由处置人的上级监管机构核验关闭。")
    await _take(conn, row, Close(), now, person, opinion)
    await store.change(conn, Q.set_closed, warning_id, now, person.account_id, person.display_name, opinion)


async def end_suppression(
    conn: Connection, person: Person, warning_id: UUID, reason: str, *, clock: Clock = database_now
) -> None:
    """End the suppression of a false alarm now; what is still active raises at once.

    Raises:
        DomainError: as `acknowledge`.
    """
    row, now = await _hold(conn, person, "false-alarm", warning_id, None, clock)
    await _take(conn, row, Unsuppress(), now, person, reason)


async def actions(conn: Connection, person: Person, row: Row, now: datetime) -> list[str]:
    """Give what this person can do with a case as it is; what the console offers."""
    case = store.case_of(row)
    possible = []
    if case.state == OPEN or (case.state == ACKNOWLEDGED and case.calls(now)):
        possible.append("acknowledge")
    if case.state in UNANSWERED:
        possible.append("handle")
        if case.level < ORANGE or case.false_by is None:
            possible.append("false-alarm")
        elif case.false_by != person.account_id and await _confirms(conn, row, person):
            possible.append("confirm-false-alarm")
    if not case.active and not row["history"] and case.state in {HANDLED, CLEARED}:
        may = "close" in person.may and (case.state == CLEARED or await verifies(conn, row, person))
        possible += ["close"] if may else []
    needed = {"confirm-false-alarm": "false-alarm"}
    return [action for action in possible if needed.get(action, action) in person.may]


async def _hold(
    conn: Connection, person: Person, operation: str, warning_id: UUID, seen: str | None, clock: Clock
) -> tuple[Row, datetime]:
    if operation not in person.may:
        raise ForbiddenError
    row = await store.lock_case(conn, warning_id)
    if row is None:
        raise NotFoundError("没有找到这条预警，或不在您的管辖范围内。")
    if seen is not None and seen != tag_of(row):
        raise Outdated
    return row, await clock(conn)


async def _take(conn: Connection, row: Row, event: Event, now: datetime, person: Person, detail: str) -> Case:
    try:
        return await ladder.take(conn, row, event, now, person, detail)
    except NotPossible as exc:
        raise DomainError(f"warning-{exc.code.replace('_', '-')}", _WORDS[exc.code], 409) from exc


async def verifies(conn: Connection, row: Row, person: Person) -> bool:
    """Blue and yellow: whoever may close. Orange and red: the agency above the handler, never the handler."""
    if row["level"] < ORANGE:
        return True
    if person.account_id == row["handled_by"]:
        return False
    return rules.may_verify(row["handled_agency_id"], await _chain(conn, row), person.agency_id)


async def _confirms(conn: Connection, row: Row, person: Person) -> bool:
    """Orange and red: somebody of an agency above the plant, where there is one."""
    if row["level"] < ORANGE:
        return True
    return rules.may_confirm_false(person.kind, person.agency_id, await _chain(conn, row))


async def _chain(conn: Connection, row: Row) -> list[int]:
    return [agency["id"] for agency in await store.agency_chain(conn, row)]
