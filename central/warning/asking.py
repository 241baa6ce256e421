"""Calls that people ask for: urging whoever a case waits for, and giving it to a colleague.

Keeps law-warning 2, 19 and 20. Each is a row of the outbox with a number of its own above every rung of a
ladder. The ladder neither pauses nor moves by it; what answers the case takes the call back if it was not
sent yet, as it takes back the ladder's. Accounts are read as the worker: the routes look in the person's own
scope first.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from central.clock import database_now
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.pool import Connection
from central.identity import service as identity
from central.identity.models import Person
from central.warning import ladder, store, store_handling, wording
from central.warning.models import ACKNOWLEDGED, ENTERPRISE, HANDLED, ORANGE, PATIENT, UNANSWERED
from central.warning.notify import outbox
from central.warning.notify.models import Receiver, Rung
from central.warning.store import Row
from central.warning.store_handling import Q

Clock = Callable[[Connection], Awaitable[datetime]]

FIRST_ASKED: Final = 1000
"""Steps from here on are no rungs: they number the calls that people asked for."""


class Colleague(msgspec.Struct, frozen=True):
    """Somebody of one's own agency or plant who answers for warnings."""

    id: int
    name: str
    on_call: bool


async def colleagues(conn: Connection, person: Person) -> list[Colleague]:
    """Give to whom this person can give a case; as the worker. A view without the own unit shows nobody."""
    if person.agency_id is None and person.enterprise_id is None:
        return []
    rows = await store_handling.colleagues(conn, person.agency_id, person.enterprise_id)
    return [
        Colleague(row["id"], row["name"], row["on_call"]) for row in rows if person.scope.holds(row["place"])
    ]


async def also(conn: Connection, person: Person, row: Row, now: datetime) -> list[str]:
    """Give what this person can do beside answering: it changes no state."""
    can = []
    if "acknowledge" in person.may:
        can.append("comment")
        if not row["history"] and row["state"] in UNANSWERED | {HANDLED} and await _may_urge(conn, row, now):
            can.append("urge")
    if "handle" in person.may and row["state"] in UNANSWERED and _has_house(person):
        can.append("assign")
    return can


async def urge(
    conn: Connection, person: Person, warning_id: UUID, words: str = "", *, clock: Clock = database_now
) -> None:
    """Call whoever the case waits for now, once in a while at most.

    Args:
        conn: a transaction as the worker, after the person was seen to hold the case in their scope.
        person: who urges.
        warning_id: of the case.
        words: what they add.
        clock: gives the time once the case is locked.

    Raises:
        DomainError: 403 not allowed, 404 gone, 409 nobody to urge or over, 429 too soon or too often.
    """
    if "acknowledge" not in person.may:
        raise ForbiddenError
    row, now = await _hold(conn, warning_id, clock)
    if row["history"] or row["state"] not in UNANSWERED | {HANDLED}:
        raise DomainError("warning-already-ended", "这条预警已经结束，无需催办。", 409)
    await _not_too_often(conn, row, now)
    people = await _responsible(conn, row)
    if not people:
        words = "当前环节没有可以呼叫的人，升级流程会自动转到上一级。"
        raise DomainError("nobody-to-urge", words, 409)
    await _call(conn, row, people, "［催办］", f"{person.display_name}催办，请立即处理", now)
    await store.change(conn, Q.set_urged, warning_id, now)
    title = f"催办：{'、'.join(one.name for one in people)}"
    await _tell(conn, row, person, "urged", title, words, now)


async def assign(
    conn: Connection,
    person: Person,
    warning_id: UUID,
    account_id: int,
    words: str = "",
    *,
    clock: Clock = database_now,
) -> None:
    """Give a case to somebody of one's own agency or plant, and call them; the ladder goes on.

    Raises:
        DomainError: 400 nobody of one's own, or who does not see it; 403, 404 as `urge`; 409 over, or
            given to the same person already.
    """
    if "handle" not in person.may:
        raise ForbiddenError
    row, now = await _hold(conn, warning_id, clock)
    if row["state"] not in UNANSWERED:
        raise DomainError("warning-already-ended", "这条预警已填报处置结果或已结束，不能再交办。", 409)
    if row["assignee_id"] == account_id:
        raise DomainError("assigned-already", f"这条预警已经交办给{row['assignee_name']}。", 409)
    chosen = await identity.person_by_id(conn, account_id)
    same = chosen is not None and (
        (person.agency_id is not None and chosen.agency_id == person.agency_id)
        or (person.enterprise_id is not None and chosen.enterprise_id == person.enterprise_id)
    )
    if chosen is None or not same or "handle" not in chosen.may:
        wrong = "只能交办给本单位有处置权限的在用账号，请重新选择。"
        raise DomainError("invalid", wrong, 400, [FieldProblem("account_id", wrong)])
    if not chosen.full_scope.holds(row["place"], row["sector"]):
        wrong = f"{chosen.display_name}的管辖范围不含这家企业，请另选他人。"
        raise DomainError("invalid", wrong, 400, [FieldProblem("account_id", wrong)])
    receivers = ladder.receivers(await store_handling.account_to_call(conn, account_id))
    if not row["is_test"] and account_id != person.account_id:
        await _call(conn, row, receivers, "［交办］", f"{person.display_name}交由您处置", now)
    await store.change(
        conn, Q.set_assignee, warning_id, account_id, chosen.display_name, now, person.display_name
    )
    await _tell(conn, row, person, "assigned", f"交办给{chosen.display_name}", words, now)


async def _hold(conn: Connection, warning_id: UUID, clock: Clock) -> tuple[Row, datetime]:
    row = await store.lock_case(conn, warning_id)
    if row is None:
        raise NotFoundError("没有找到这条预警，或不在您的管辖范围内。")
    return row, await clock(conn)


def _has_house(person: Person) -> bool:
    return person.agency_id is not None or person.enterprise_id is not None


async def _may_urge(conn: Connection, row: Row, now: datetime) -> bool:
    rule = await store_handling.rule(conn, row["place"], now)
    rested = row["urged_at"] is None or row["urged_at"] + timedelta(seconds=rule["urge_every_s"]) <= now
    return bool(rested and row["urges"] < rule["urge_most"])


async def _not_too_often(conn: Connection, row: Row, now: datetime) -> None:
    rule = await store_handling.rule(conn, row["place"], now)
    if row["urges"] >= rule["urge_most"]:
        raise DomainError("urged-enough", f"这条预警已催办 {row['urges']} 次，请直接电话联系责任人。", 429)
    if row["urged_at"] is None:
        return
    wait = row["urged_at"] + timedelta(seconds=rule["urge_every_s"]) - now
    if wait > timedelta(0):
        again = wording.clock(now + wait)[11:]
        raise DomainError("urged-lately", f"刚刚催办过，{again} 后可再次催办。", 429)


async def _responsible(conn: Connection, row: Row) -> list[Receiver]:
    """Whoever the case waits for: its tester, verifier, holder, or the plant and the rung that was called."""
    if row["is_test"]:
        return ladder.receivers(await store.people(conn, row, ENTERPRISE))
    if row["state"] == HANDLED:
        return await _verifiers(conn, row)
    for column in ("assignee_id", "acknowledged_by"):
        if row[column] is not None and (column == "assignee_id" or row["state"] == ACKNOWLEDGED):
            found = ladder.receivers(await store_handling.account_to_call(conn, row[column]))
            if found:
                return found
    steps = store.case_of(row).policy.steps
    ranks = dict.fromkeys((ENTERPRISE, steps[row["step"]].rank if row["step"] >= 0 else ENTERPRISE))
    people = {one.key: one for rank in ranks for one in ladder.receivers(await store.people(conn, row, rank))}
    return list(people.values())


async def _verifiers(conn: Connection, row: Row) -> list[Receiver]:
    """The lowest agency that may verify and has somebody on call."""
    chain = await store.agency_chain(conn, row)
    ids = [agency["id"] for agency in chain]
    handler = row["handled_agency_id"]
    above = chain
    if row["level"] >= ORANGE and handler in ids:
        above = chain[ids.index(handler) + 1 :] or [chain[ids.index(handler)]]
    for agency in above:
        found = ladder.receivers(await store.people(conn, row, agency["rank"]))
        found = [one for one in found if one.account_id != row["handled_by"] or row["level"] < ORANGE]
        if found:
            return found
    return []


async def _call(
    conn: Connection, row: Row, people: Sequence[Receiver], mark: str, why: str, now: datetime
) -> None:
    case = store.case_of(row)
    owner = await store.owner(conn, row)
    title = f"{mark}{row['title']}"
    text = wording.sms_text(
        level=case.level,
        enterprise=owner["name"],
        title=title,
        detail=why,
        raised_at=row["raised_at"],
        number=wording.case_number(row["number"]),
        is_test=row["is_test"],
        round_=0,
    )
    channels = case.policy.steps[max(case.step, 0)].channels
    look_s = case.policy.look_s if case.policy.kind in PATIENT else outbox.LIMITS.in_app_s
    rung = Rung(row["id"], case.level, 0, FIRST_ASKED + row["asked"])
    await outbox.write(conn, rung, people, channels, text, now, look_s=look_s, asked_in=case.state)


async def _tell(
    conn: Connection, row: Row, person: Person, kind: str, title: str, words: str, now: datetime
) -> None:
    await store.add_event(
        conn,
        row["id"],
        now,
        now,
        "person",
        kind,
        title,
        words,
        account_id=person.account_id,
        who=person.display_name,
    )
    await identity.audit(conn, kind, "warning", row["id"], after={"to": title}, reason=words)
    await ladder.publish(conn, row, store.case_of(row), kind)
