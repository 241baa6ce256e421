"""Sending a case back: what was done is not enough, or it came back; a new case with a full ladder follows.

Keeps law-warning 1 and 19: the ended case stays as it was told, the new one is linked to it, its calls are
rows of its own.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from central.clock import database_now
from central.db.errors import DomainError, ForbiddenError, NotFoundError
from central.db.pool import Connection
from central.identity.models import Person
from central.warning import answers, ladder, store
from central.warning.asking import Clock
from central.warning.escalation import Case, Return
from central.warning.models import CLEARED, CLOSED, HANDLED, Identity
from central.warning.rules import case_id
from central.warning.store import Q, Row

RETURNABLE = frozenset({HANDLED, CLOSED, CLEARED})


async def may_reopen(conn: Connection, person: Person, row: Row) -> bool:
    """Say whether this person may send a case back: whoever could verify it."""
    if "close" not in person.may or row["history"] or row["merged_into"] is not None:
        return False  # what was merged is sent back where it lives on
    if row["state"] not in RETURNABLE:
        return False
    return row["state"] == CLEARED or await answers.verifies(conn, row, person)


async def reopen(
    conn: Connection,
    person: Person,
    warning_id: UUID,
    seen: str,
    reason: str,
    *,
    clock: Clock = database_now,
) -> UUID:
    """End a case as sent back, and open one that follows it at the same level.

    Args:
        conn: the person's scoped transaction.
        person: who sends it back.
        warning_id: of the case.
        seen: the tag that the person saw.
        reason: why.
        clock: gives the time once the case is locked.

    Returns:
        The id of the new case.

    Raises:
        DomainError: 403 not allowed, 404 not visible, 409 not ended or open again already, 412 changed since.
    """
    row = await store.lock_case(conn, warning_id)
    if row is None:
        raise NotFoundError("没有找到这条预警，或不在您的管辖范围内。")
    if seen != answers.tag_of(row):
        raise answers.Outdated
    if row["state"] not in RETURNABLE or row["history"]:
        raise DomainError("warning-not-ended", "这条预警尚未处置，或属于历史、误报，不能退回重办。", 409)
    if not await may_reopen(conn, person, row):
        raise ForbiddenError("只有能够核验这条预警的监管机构可以退回重办。")
    now = await clock(conn)
    new_id = await _follow(conn, person, row, reason, now)
    await ladder.take(conn, row, Return(), now, person, reason)
    if row["closed_at"] is None:
        words = f"退回重办：{reason}"
        await store.change(conn, Q.set_closed, warning_id, now, person.account_id, person.display_name, words)
    return new_id


async def _follow(conn: Connection, person: Person, row: Row, reason: str, now: datetime) -> UUID:
    same = Identity(*(row[field] for field in Identity.__struct_fields__))
    policy = await store.policy(conn, row["place"], row["level"], now, row["kind"])
    fresh = Case(level=row["level"], policy=policy, due_at=now, active=row["active"])
    new_id = case_id(same, "returned", str(row["id"]), str(row["revision"]))
    facts: dict[str, Any] = {name: row[name] for name in ladder.COPIED}
    facts |= {"previous_id": row["id"], "received_at": now, "history": False}
    new = await store.insert_case(conn, new_id, same, fresh, facts, now)
    if new is None:
        raise DomainError("warning-open-again", "同一事项已有一条未结的预警，请在那一条上处置。", 409)
    await store.move_active_alarms(conn, row["id"], new_id)
    await store.add_event(
        conn,
        new_id,
        now,
        now,
        "person",
        "reopened",
        "退回重办，重新生成预警",
        reason,
        account_id=person.account_id,
        who=person.display_name,
    )
    await ladder.publish(conn, new, fresh, "opened")
    await ladder.reconsider(conn, new_id, now)
    return new_id
