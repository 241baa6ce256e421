"""Approval before push: what a model or a person warns of waits for a second voice, unseen by the enterprise.

Keeps law-warning 17: never an instrument's alarm; a red one that nobody answers in its time is given.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from central.clock import database_now
from central.db.errors import DomainError, ForbiddenError, NotFoundError
from central.db.pool import Connection
from central.db.queries import load
from central.identity.models import Person
from central.warning import conditions, rules, store, wording
from central.warning.answers import Clock
from central.warning.models import MANUAL, MODEL, UNANSWERED, ConditionFact, Grade, Judgement
from central.warning.store import Row

Q = load(__file__, "queries_proposals.sql")
GATED: Final = frozenset({MANUAL, MODEL})

WAITING: Final = "waiting"
APPROVED: Final = "approved"
REFUSED: Final = "refused"
GIVEN: Final = "given"
WITHDRAWN: Final = "withdrawn"


class Proposed(msgspec.Struct, frozen=True):
    """What became of what should be warned of: it waits under a number, or is judged already."""

    proposal_id: int | None
    judgement: Judgement | None


async def put(conn: Connection, fact: ConditionFact, by: Person | None = None) -> Proposed:
    """Let a gated condition wait for approval, or judge it where none is needed.

    A case that is open already was approved once: what belongs to it goes there. What was refused is not put
    again unless it became worse.

    Args:
        conn: a worker's transaction.
        fact: of a kind in GATED; when it holds no more, what waits is withdrawn.
        by: who warns; None for a model.

    Raises:
        NoRule: the level table has no default for the kind.
    """
    identity = rules.identity_of(fact)
    now = fact.received_at
    newest = await conn.fetchrow(Q.newest, *_key(identity))
    waiting = newest if newest is not None and newest["state"] == WAITING else None
    if not fact.holds:
        if waiting is not None:
            await conn.execute(Q.decide, waiting["id"], WITHDRAWN, now, None, "", fact.detail, None)
        return Proposed(None, await conditions.judge(conn, fact))
    grade = rules.grade(await store.level_rules(conn, fact.place, now, fact.kind), identity, fact)
    held = await store.holding_case(conn, identity, now)
    rule = await conn.fetchrow(Q.approval_rule, fact.place, fact.kind, grade.level, now)
    free = rule is not None and not rule["needed"]
    if free or (held is not None and held["state"] in UNANSWERED):
        return Proposed(None, await conditions.judge(conn, fact))
    if newest is not None and newest["state"] != WAITING and not await _new(conn, newest, fact, grade):
        return Proposed(None, None)
    # Without a row of the table it waits like a red one, and is given: nothing is swallowed.
    wait_s, given = (rule["wait_s"], rule["given"]) if rule is not None else (600.0, True)
    due = now + timedelta(seconds=wait_s)
    kept = msgspec.to_builtins(fact)
    if waiting is not None:
        if grade.level > waiting["level"]:
            values = (grade.level, grade.reason, fact.title, fact.reference, kept, given, due)
            worse = await conn.fetchrow(Q.worsen, waiting["id"], *values)
            assert worse is not None
            await _tell(conn, worse, now)
        return Proposed(waiting["id"], None)
    row = await conn.fetchrow(
        Q.add,
        *_key(identity),
        fact.enterprise_id,
        fact.agency_id,
        grade.level,
        grade.reason,
        fact.title,
        fact.reference,
        kept,
        given,
        now,
        by.account_id if by else None,
        by.display_name if by else wording.kind_word(fact.kind),
        due,
    )
    if row is None:  # another proposed it in the same moment
        return await put(conn, fact, by)
    await _tell(conn, row, now)
    return Proposed(row["id"], None)


async def decide(
    conn: Connection,
    person: Person,
    number: int,
    *,
    approve: bool,
    opinion: str,
    clock: Clock = database_now,
) -> Judgement | None:
    """Approve or refuse what waits; approved it opens its case, and the ladder begins now.

    Args:
        conn: a worker's transaction in the person's name; the caller saw to it that they may see it.
        person: who decides; never who proposed it.
        number: of the proposal.
        approve: whether it becomes a warning.
        opinion: why; must be said of a refusal.
        clock: gives the time once it is locked.

    Raises:
        DomainError: 403 not allowed or one's own, 404 unknown, 409 decided already.
    """
    if "approve" not in person.may:
        raise ForbiddenError
    row = await conn.fetchrow(Q.lock, number)
    if row is None:
        raise NotFoundError("没有找到这条待审批的预警，或不在您的管辖范围内。")
    if row["state"] != WAITING:
        raise DomainError("proposal-decided", "这条预警已经审批过。", 409)
    if row["proposed_by"] == person.account_id:
        raise ForbiddenError("本人提出的预警须由另一人审批。")
    now = await clock(conn)
    if not approve:
        await conn.execute(
            Q.decide, number, REFUSED, now, person.account_id, person.display_name, opinion, None
        )
        return None
    words = f"{row['proposed_name']}提出，{person.display_name}审批同意" + (f"：{opinion}" if opinion else "")
    judged = await _give(conn, row, now, words, person)
    await conn.execute(
        Q.decide,
        number,
        APPROVED,
        now,
        person.account_id,
        person.display_name,
        opinion,
        judged.warning_id if judged else None,
    )
    return judged


async def give_due(conn: Connection, now: datetime) -> bool:
    """Give one that nobody answered in its time; false when none is due."""
    row = await conn.fetchrow(Q.due, now)
    if row is None:
        return False
    words = f"{row['proposed_name']}提出，审批时限内无人答复，红色预警视为同意"
    judged = await _give(conn, row, now, words, None)
    warning_id = judged.warning_id if judged else None
    await conn.execute(Q.decide, row["id"], GIVEN, now, None, "", "审批时限内无人答复", warning_id)
    return True


async def next_due(conn: Connection) -> datetime | None:
    """Give the moment at which the next one is given."""
    due: datetime | None = await conn.fetchval(Q.next_due)
    return due


async def _give(
    conn: Connection, row: Row, now: datetime, words: str, person: Person | None
) -> Judgement | None:
    """The ladder counts from the approval: whom nobody told could not answer."""
    fact = msgspec.convert(row["fact"], ConditionFact)
    owner = await store.owner(conn, row)
    judged = await conditions.judge(
        conn, msgspec.structs.replace(fact, received_at=now, place=owner["place"])
    )
    if judged is not None:
        await store.add_event(
            conn,
            judged.warning_id,
            now,
            now,
            "person" if person else "centre",
            "approved",
            "审批通过后发布" if person else "审批超时，自动发布",
            words,
            account_id=person.account_id if person else None,
            who=person.display_name if person else "",
        )
    return judged


async def _new(conn: Connection, newest: Row, fact: ConditionFact, grade: Grade) -> bool:
    """Say whether it is something else than what was decided: another occurrence, or a worse one."""
    if newest["reference"] != fact.reference or grade.level > newest["level"]:
        return True
    if newest["warning_id"] is None:
        return bool(newest["state"] == WITHDRAWN)
    case = await store.case_by_id(conn, newest["warning_id"])
    # What was given, went, and holds again is the next occurrence.
    return case is not None and not case["active"]


async def _tell(conn: Connection, row: Row, now: datetime) -> None:
    title = f"待审批：{wording.LEVEL_WORDS[row['level']]}{wording.kind_word(row['kind'])}"
    late = f"，{wording.clock(row['due_at'])}前未审批将自动发布" if row["given"] else ""
    text = f"{row['title']}（{row['proposed_name']}提出{late}）"
    people = await conn.fetch(Q.approvers, row["enterprise_id"], row["agency_id"], row["proposed_by"])
    for one in people:
        await conn.execute(Q.tell, one["id"], row["id"], title, text, row["place"], row["sector"], now)


def _key(identity: Any) -> tuple[str, str, str, str, bool]:
    return identity.kind, identity.subject_type, identity.subject_id, identity.side, identity.is_test
