"""Makes one case of several of one plant: the survivor takes the highest level and the earliest clock.

Keeps law-warning 18, 11 and 10: merging lets nobody rest longer than before, and no rung is called twice.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import msgspec

from central.clock import database_now
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.pool import Connection, Database
from central.db.scope import scoped
from central.identity import service as identity
from central.identity.models import Person
from central.warning import answers, ladder, store, wording
from central.warning.asking import Clock
from central.warning.bulk import Seen
from central.warning.escalation import Absorb, MergedAway
from central.warning.models import ALARM, OPEN, QUALITY, UNANSWERED
from central.warning.store import Q, Row

MERGEABLE = frozenset({ALARM, QUALITY})
"""Kinds whose condition is told by alarms of instruments: these go over to the survivor one by one."""
_TRIES = 5
_PAUSE_S = 0.2


class Merging(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Cases as they were seen, which of them lives on (None: the worst, of those the earliest), and why."""

    cases: Annotated[list[Seen], msgspec.Meta(min_length=2, max_length=50)]
    survivor: UUID | None = None
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


async def merge(database: Database, person: Person, asked: Merging, *, clock: Clock = database_now) -> UUID:
    """Merge cases; gives the one that lives on.

    No lock is waited for while others are held: a case that somebody works on just now is tried again.

    Raises:
        DomainError: 400 fewer than two, or of several plants; 403; 404 one is not seen; 409 one is not open,
            waits with its calls or is of a kind that is not merged, or is worked on; 412 one changed since.
    """
    if "handle" not in person.may:
        raise ForbiddenError
    for rest in reversed(range(_TRIES)):
        try:
            async with scoped(database.web, person.scope, person.actor) as conn:
                return await _merge(conn, person, asked, clock)
        except asyncpg.LockNotAvailableError as exc:
            if not rest:
                raise DomainError("warning-busy", "其中有预警正在处理，请稍后再试。", 409) from exc
            await asyncio.sleep(_PAUSE_S)
    raise AssertionError("unreachable")


async def _merge(conn: Connection, person: Person, asked: Merging, clock: Clock) -> UUID:
    tags = {case.id: case.etag for case in asked.cases}
    rows = await conn.fetch(Q.lock_to_merge, list(tags))
    if len(rows) < len(tags):
        raise NotFoundError("其中有预警没有找到，或不在您的管辖范围内。")
    if any(tags[row["id"]] != answers.tag_of(row) for row in rows):
        raise answers.Outdated
    await _check(conn, rows, asked)
    chosen = (
        asked.survivor or min(rows, key=lambda row: (-row["level"], row["received_at"], row["number"]))["id"]
    )
    into = next(row for row in rows if row["id"] == chosen)
    members = [row for row in rows if row["id"] != chosen]
    now = await clock(conn)
    await _take_over(conn, person, into, members, asked.reason, now)
    for row in members:
        await store.change(conn, Q.set_merged, row["id"], chosen)
        await store.move_active_alarms(conn, row["id"], chosen)
        fresh = await store.case_by_id(conn, row["id"])
        assert fresh is not None
        words = f"并入 {wording.case_number(into['number'])}；{asked.reason}"
        await ladder.take(conn, fresh, MergedAway(), now, person, words)
        await store.change(conn, Q.set_closed, row["id"], now, person.account_id, person.display_name, words)
    numbers = {"members": [str(row["id"]) for row in members]}
    await identity.audit(conn, "merged", "warning", chosen, after=numbers, reason=asked.reason)
    return UUID(str(chosen))


async def _check(conn: Connection, rows: Sequence[Row], asked: Merging) -> None:
    if len(rows) < 2:
        raise _invalid("cases", "请选择至少两条不同的预警。")
    if asked.survivor is not None and asked.survivor not in {row["id"] for row in rows}:
        raise _invalid("survivor", "保留的预警须是所选之一。")
    if len({row["enterprise_id"] for row in rows}) > 1 or rows[0]["enterprise_id"] is None:
        raise _invalid("cases", "只能合并同一家企业的预警。")
    if len({row["is_test"] for row in rows}) > 1:
        raise _invalid("cases", "测试预警不能与真实预警合并。")
    for row in rows:
        number = wording.case_number(row["number"])
        if row["state"] not in UNANSWERED or row["history"]:
            raise DomainError("warning-not-open", f"{number} 已处置或已结束，不能合并。", 409)
        if row["kind"] not in MERGEABLE:
            words = f"{number} 不是仪表报警，不能合并。"
            raise DomainError("warning-not-mergeable", words, 409)
        if row["held_by"]:
            words = f"{number} 处于屏蔽时段或归入失联设备，呼叫暂缓，不能合并。"
            raise DomainError("warning-held", words, 409)
    if await conn.fetchval(Q.explains_others, [row["id"] for row in rows]):
        raise DomainError("warning-is-parent", "所选预警下还有归入的预警，不能合并。", 409)


def _invalid(field: str, words: str) -> DomainError:
    return DomainError("invalid", words, 400, [FieldProblem(field, words)])


async def _take_over(
    conn: Connection, person: Person, into: Row, members: Sequence[Row], reason: str, now: datetime
) -> None:
    worst = min([into, *members], key=lambda row: (-row["level"], row is not into, row["received_at"]))
    if worst is not into:
        await store.change(
            conn,
            Q.set_raise,
            into["id"],
            worst["title"],
            worst["level_reason"],
            worst["occurrence"],
            worst["limit_name"],
            worst["limit_value"],
            worst["value"],
        )
    first = min([into, *members], key=lambda row: row["received_at"])
    raised = min(row["raised_at"] for row in [into, *members])
    await store.change(conn, Q.set_clock, into["id"], raised, first["received_at"])
    if any(row["active"] for row in members):
        await store.change(conn, Q.set_cleared, into["id"], None)
    event = Absorb(
        tuple(store.case_of(row) for row in members),
        tuple(row["received_at"] for row in members),
        into["received_at"],
    )
    names = "、".join(f"{wording.case_number(row['number'])} {row['title']}" for row in members)
    fresh = await store.case_by_id(conn, into["id"])
    assert fresh is not None
    case = await ladder.take(conn, fresh, event, now, person, f"{names}；{reason}")
    who: Any = (None, None)
    if case.state != OPEN:
        holder = next(row for row in [into, *members] if row["acknowledged_at"] == case.acknowledged_at)
        who = (holder["acknowledged_by"], holder["acknowledged_name"])
    await store.change(conn, Q.set_acknowledged, into["id"], *who)
