"""A raise finds the open case of its identity or opens one; what came late and is over becomes history.

Keeps law-warning 1, 4, 11, 15: the unique index decides between two at once, and the tables give the level.
"""

from datetime import timedelta
from typing import Any, Final

from central.db.pool import Connection
from central.identity import service as identities
from central.warning import clearing, first_up, ladder, merged, recovery, regrading, rules, store, wording
from central.warning.escalation import Case, Raised
from central.warning.models import (
    CLEARED,
    FALSE_ALARM,
    AlarmFact,
    ConditionFact,
    Grade,
    Identity,
    Judgement,
    PresenceFact,
)
from central.warning.rules import Fact
from central.warning.store import Row
from protocol.messages import COVERS

# Occurrences of history nearer than this are one story: as long as a clear must last (law-warning 13).
_HISTORY_NEAR: Final = timedelta(minutes=30)


async def raise_alarm(conn: Connection, fact: AlarmFact) -> Judgement | None:
    """Judge that an alarm rose, or that it stands; covered ones open nothing, one that is over is history."""
    known = await store.alarm_row(conn, fact.gateway_id, fact.alarm, fact.occurrence, fact.is_test)
    holds = rules.condition_holds(fact.state, fact.under)
    over = fact.late and not fact.active_now
    if known is not None and known["cleared_at"] is None:
        return None if holds else await clearing.clear(conn, fact)
    if known is not None and (over or not holds):
        return None
    if fact.state in COVERS:
        return None  # listed with who covered it; it raises when its cover is lifted (law-warning 4)
    identity = rules.identity_of(fact)
    if over:
        return await _history(conn, fact, identity)
    origin: tuple[str, ...] = (fact.gateway_id, fact.alarm, fact.occurrence)
    if known is not None:
        # An alarm that returned unacknowledged and rose again keeps its occurrence: this is its next raise.
        origin += (str(known["raises"]),)
    result = await open_or_join(conn, fact, identity, origin, fact.occurrence)
    if result is not None and not holds:
        await clearing.clear(conn, fact)
    return result


async def open_or_join(
    conn: Connection, fact: Fact, identity: Identity, origin: tuple[str, ...], occurrence: str
) -> Judgement | None:
    """Find the open case of an identity or open one; the unique index decides between two at once."""
    grade = await _grade(conn, fact, identity)
    new_id = rules.case_id(identity, *origin)
    while True:
        held = await store.holding_case(conn, identity, fact.received_at)
        if held is not None and held["occupied"]:
            into = await merged.survivor(conn, held, fact.received_at, grade.level)
            if into is None:
                continue
            return await _join(conn, into, fact, grade, occurrence, own=False)
        # A suppression holds back what was called false, not something worse.
        if held is not None and (held["state"] != FALSE_ALARM or grade.level <= held["level"]):
            return await _join(conn, held, fact, grade, occurrence)
        if await store.case_by_id(conn, new_id) is not None:
            return None  # this very raise had its case, and that has ended
        policy = await store.policy(conn, fact.place, grade.level, fact.received_at, identity.kind)
        case = Case(level=grade.level, policy=policy, due_at=fact.received_at)
        previous = await store.newest_case(conn, identity, new_id)
        facts = _facts(fact, identity, grade, occurrence) | {"previous_id": previous, "history": False}
        row = await store.insert_case(conn, new_id, identity, case, facts, fact.received_at)
        if row is not None:
            break
    if isinstance(fact, AlarmFact):
        await store.add_alarm(conn, fact, new_id, grade.level)
    await first_up.join(conn, row, fact.received_at)
    late = isinstance(fact, AlarmFact) and fact.late
    await regrading.arm(conn, new_id, rules.matter_of(identity, fact), grade, fact.received_at)
    await _tell_raise(conn, row, fact, identity)
    now = fact.received_at
    title = wording.NOTES["opened_late" if late else "opened"]
    words = f"{wording.LEVEL_WORDS[grade.level]}：{grade.reason}"
    await store.add_event(conn, new_id, now, now, "centre", "opened", title, words)
    await recovery.mark(conn, row, fact.at, now)
    after = {"state": case.state, "level": case.level, "title": row["title"]}
    await identities.audit(conn, "opened", "warning", new_id, after=after, reason=grade.reason)
    await ladder.publish(conn, row, case, "opened")
    await ladder.reconsider(conn, new_id, now)
    return Judgement(new_id, "opened", grade.level)


async def _join(
    conn: Connection, row: Row, fact: Fact, grade: Grade, occurrence: str, *, own: bool = True
) -> Judgement | None:
    """A further alarm, or the same one again, of a case that is open or suppressed.

    `own` false: of an identity that was merged into it (law-warning 18).
    """
    warning_id = row["id"]
    if isinstance(fact, AlarmFact):
        if not await store.add_alarm(conn, fact, warning_id, grade.level):
            return None
        await store.clear_older_occurrences(conn, fact, warning_id)
    elif (
        row["active"]
        and (isinstance(fact, PresenceFact) or occurrence == row["occurrence"])
        # Of the same occurrence only a condition may become worse.
        and (not isinstance(fact, ConditionFact) or grade.level <= row["level"])
    ):
        return None
    same = rules.identity_of(fact, row["kind"])
    await regrading.arm(conn, warning_id, rules.matter_of(same, fact), grade, fact.received_at)
    await _tell_raise(conn, row, fact, same)
    rises = grade.level > row["level"]
    if rises or (own and grade.level == row["level"]):
        values = _facts(fact, rules.identity_of(fact, row["kind"]), grade, occurrence)
        await store.change(
            conn,
            store.Q.set_raise,
            warning_id,
            values["title"],
            values["level_reason"],
            occurrence,
            values["limit_name"],
            values["limit_value"],
            values["value"],
        )
    else:
        await store.change(conn, store.Q.set_occurrence, warning_id, occurrence)
    await store.change(conn, store.Q.set_cleared, warning_id, None)
    if rises:
        await store.change(conn, store.Q.set_acknowledged, warning_id, None, None)
    if row["state"] == FALSE_ALARM:
        now, title = fact.received_at, wording.NOTES["suppressed_raise"]
        await store.add_event(conn, warning_id, now, now, "centre", "suppressed_raise", title)
    policy = store.case_of(row).policy
    if rises:
        policy = await store.policy(conn, row["place"], grade.level, fact.received_at, row["kind"])
    fresh = await store.case_by_id(conn, warning_id)
    assert fresh is not None
    words = f"{wording.LEVEL_WORDS[grade.level]}：{grade.reason}" if rises else ""
    case = await ladder.take(conn, fresh, Raised(grade.level, policy), fact.received_at, detail=words)
    await ladder.reconsider(conn, warning_id, fact.received_at)
    return Judgement(warning_id, "raised" if rises else "joined", case.level)


async def _history(conn: Connection, fact: AlarmFact, identity: Identity) -> Judgement | None:
    """Late and already over: shown, nobody called out (law-warning 15)."""
    grade = await _grade(conn, fact, identity)
    now = fact.received_at
    row = await store.history_case(conn, identity, fact.at, _HISTORY_NEAR)
    values = _facts(fact, identity, grade, fact.occurrence)
    if row is None:
        policy = await store.policy(conn, fact.place, grade.level, now, identity.kind)
        case = Case(level=grade.level, policy=policy, state=CLEARED, active=False)
        new_id = rules.case_id(identity, fact.gateway_id, fact.alarm, fact.occurrence)
        facts = values | {"previous_id": None, "history": True}
        row = await store.insert_case(conn, new_id, identity, case, facts, now)
        if row is None:
            return None
        await store.add_event(conn, new_id, now, now, "centre", "history", wording.NOTES["history"])
        await first_up.join(conn, row, now)
        await recovery.mark(conn, row, fact.at, now)
        await ladder.publish(conn, row, case, "history")
    else:
        await store.change(
            conn,
            store.Q.set_history_level,
            row["id"],
            values["title"],
            values["level_reason"],
            values["limit_name"],
            values["limit_value"],
            values["value"],
            grade.level,
            now,
        )
    await store.add_alarm(conn, fact, row["id"], grade.level, cleared_at=now)
    await _tell_raise(conn, row, fact, identity)
    return Judgement(row["id"], "history", max(grade.level, row["level"]))


async def _grade(conn: Connection, fact: Fact, identity: Identity) -> Grade:
    table = await store.level_rules(conn, fact.place, fact.received_at, identity.kind)
    raised = await regrading.raised(conn, table, identity, rules.matter_of(identity, fact), fact.at)
    return rules.grade(table, identity, fact, raised)


def _facts(fact: Fact, identity: Identity, grade: Grade, occurrence: str) -> dict[str, Any]:
    alarm = fact if isinstance(fact, AlarmFact | ConditionFact) else None
    return {
        "enterprise_id": fact.enterprise_id,
        "agency_id": fact.agency_id if isinstance(fact, ConditionFact) else None,
        "gateway_id": fact.gateway_id,
        "point_id": alarm.point_id if alarm else None,
        "title": wording.title_of(fact, identity.kind),
        "subject_name": wording.subject_of(fact),
        "level_reason": grade.reason,
        "occurrence": occurrence,
        "limit_name": alarm.limit_name if alarm else "",
        "limit_value": alarm.limit if alarm else None,
        "value": alarm.value if alarm else None,
        "unit": alarm.unit if alarm else "",
        "raised_at": fact.at,
        "received_at": fact.received_at,
        "late": isinstance(fact, AlarmFact) and fact.late,
    }


async def _tell_raise(conn: Connection, row: Row, fact: Fact, identity: Identity) -> None:
    """Two lines: what happened there, and when it reached us."""
    now = fact.received_at
    title = wording.title_of(fact, identity.kind)
    source = "instrument" if isinstance(fact, AlarmFact) else "centre"
    await store.add_event(conn, row["id"], fact.at, now, source, "raised", title, wording.raise_detail(fact))
    if isinstance(fact, AlarmFact):
        latency = round((now - fact.at).total_seconds() * 1000)
        words = f"网关 {fact.gateway_id} 送达中心"
        await store.add_event(conn, row["id"], now, now, "gateway", "received", words, latency_ms=latency)
