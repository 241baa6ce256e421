"""Judges what ingest tells: opens, raises and clears cases, in ingest's own transaction.

Keeps law-warning 1, 3, 4, 11, 13, 15, 16. An alarm that is covered at the plant (shelved, suppressed by
design, out of service) opens no case, and ends none: the condition under it still holds, and only its clear
ends it. When the cover is lifted what stands raises at once. Nobody is called from here: a due timer is left,
and the worker fires it after the commit. `now` is the fact's `received_at`: deadlines count from the receipt.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from central.db.pool import Connection
from central.identity import service as identities
from central.warning import ladder, recovery, rules, store, wording
from central.warning.escalation import Case, Cleared, Raised
from central.warning.models import (
    CLEARED,
    FALSE_ALARM,
    POISON,
    UNJUDGED,
    AlarmFact,
    Grade,
    Identity,
    Judgement,
    OutputFact,
    PaperFact,
    PresenceFact,
    TroubleFact,
)
from central.warning.store import Row
from protocol.messages import (
    ACKNOWLEDGE,
    CLEAR,
    COVERS,
    OUT_OF_SERVICE,
    RAISE,
    RESET,
    SHELVE,
    SUPPRESS,
    UNCOVERING,
)

Fact = rules.Fact

# Occurrences of history nearer than this are one story: as long as a clear must last (law-warning 13).
_HISTORY_NEAR: Final = timedelta(minutes=30)


async def judge_alarm(conn: Connection, fact: AlarmFact) -> Judgement | None:
    """Judge one transition of one alarm; the same transition judged twice changes nothing.

    Args:
        conn: ingest's transaction (a savepoint an event keeps a failure here from touching the event).
        fact: the transition.

    Returns:
        What became of it; None when it concerns no case.

    Raises:
        NoRule, LookupError: the tables of numbers have no default; the event must be kept as unjudged.
    """
    if fact.transition == RAISE:
        return await _raise(conn, fact)
    if fact.transition == CLEAR:
        return await _clear(conn, fact)
    if fact.transition in {ACKNOWLEDGE, RESET}:
        return await _heard_at_plant(conn, fact)
    if fact.transition in {SHELVE, SUPPRESS, OUT_OF_SERVICE}:
        return await _heard_at_plant(conn, fact)
    if fact.transition in UNCOVERING:
        heard = await _heard_at_plant(conn, fact)
        holds = rules.condition_holds(fact.state, fact.under)
        raised = await _raise(conn, fact) if holds and fact.state not in COVERS else None
        return raised or heard
    return None


async def settle_active(
    conn: Connection,
    gateway_id: str,
    active: Sequence[AlarmFact],
    received_at: datetime,
    *,
    is_test: bool = False,
) -> list[Judgement]:
    """Make the cases of a gateway agree with the active set of its Birth, in both directions (law-warning 3).

    Args:
        conn: ingest's transaction.
        gateway_id: whose Birth it is.
        active: one RAISE fact for each alarm of the set, with its occurrence and its time.
        received_at: when the Birth came.
        is_test: whether these are TEST alarms.
    """
    judged = []
    for fact in active:
        result = await _raise(conn, fact)
        if result is not None:
            judged.append(result)
    return judged + await clear_missing(conn, gateway_id, active, received_at, is_test=is_test)


async def clear_missing(
    conn: Connection,
    gateway_id: str,
    active: Sequence[AlarmFact],
    received_at: datetime,
    *,
    is_test: bool = False,
) -> list[Judgement]:
    """The second half of `settle_active`: what the set doesn't hold is over."""
    judged = []
    held = {(fact.alarm, fact.occurrence) for fact in active if rules.condition_holds(fact.state, fact.under)}
    for row in await store.uncleared_alarms(conn, gateway_id, is_test):
        if (row["alarm"], row["occurrence"]) not in held:
            ended = await _end_occurrence(
                conn,
                gateway_id,
                row["alarm"],
                row["occurrence"],
                is_test,
                received_at,
                received_at,
                "网关重新上线，此报警已不在其现行报警之列",
            )
            if ended is not None:
                judged.append(ended)
    return judged


async def is_tried(conn: Connection, gateway_id: str, alarm: str, occurrence: str) -> bool:
    """Say whether an occurrence that is not over was raised as TEST."""
    row = await store.alarm_row(conn, gateway_id, alarm, occurrence, True)
    return row is not None and row["cleared_at"] is None


async def judge_presence(conn: Connection, fact: PresenceFact) -> Judgement | None:
    """Judge a gateway's presence: offline opens a case, being heard again clears it; late changes nothing."""
    identity = rules.identity_of(fact)
    if fact.state == "offline":
        origin = (fact.gateway_id, fact.at.isoformat())
        return await _open_or_join(conn, fact, identity, origin, fact.at.isoformat())
    if fact.state == "online":
        return await _settle(conn, identity, fact.received_at, "网关恢复在线")
    return None


async def judge_output(conn: Connection, fact: OutputFact) -> Judgement | None:
    """Judge an output of a plant: one that does not follow or fails its test opens a case; else it clears."""
    identity = rules.identity_of(fact)
    if fact.wrong:
        origin = (fact.gateway_id, fact.output, fact.reference)
        return await _open_or_join(conn, fact, identity, origin, fact.reference)
    return await _settle(conn, identity, fact.received_at, wording.output_well(fact))


async def judge_paper(conn: Connection, fact: PaperFact) -> Judgement | None:
    """Open a case for something of a register that is overdue; told twice, it is one case."""
    return await _open_or_join(conn, fact, rules.identity_of(fact), (fact.reference,), fact.reference)


async def settle_paper(conn: Connection, fact: PaperFact, detail: str) -> Judgement | None:
    """The paper was renewed, the form is there, or nobody asks for it any more."""
    return await _settle(conn, rules.identity_of(fact), fact.received_at, detail)


async def judge_poison(conn: Connection, fact: TroubleFact) -> Judgement | None:
    """Open a case for records that cannot be held as they are (law-never-lose 5, 10)."""
    identity = rules.identity_of(fact, rules.trouble_kind(fact.reference))
    return await _open_or_join(conn, fact, identity, rules.trouble_origin(fact), fact.reference)


async def judge_unjudged(conn: Connection, fact: TroubleFact) -> Judgement | None:
    """Open a case at the kind's default level for an event that could not be judged in time."""
    identity = rules.identity_of(fact, UNJUDGED)
    return await _open_or_join(conn, fact, identity, rules.trouble_origin(fact), fact.reference)


async def settle_trouble(
    conn: Connection, fact: TroubleFact, *, poison: bool, now: datetime, detail: str
) -> Judgement | None:
    """End the cause of a gateway's trouble cases: no quarantined row waits any more, or the event was judged.

    A case that only a person's finding ends stays as it is.
    """
    identity = rules.identity_of(fact, POISON if poison else UNJUDGED)
    return await _settle(conn, identity, now, detail, all_alike=not poison)


# --- raise -------------------------------------------------------------------------------------------------


async def _raise(conn: Connection, fact: AlarmFact) -> Judgement | None:
    known = await store.alarm_row(conn, fact.gateway_id, fact.alarm, fact.occurrence, fact.is_test)
    holds = rules.condition_holds(fact.state, fact.under)
    over = fact.late and not fact.active_now
    if known is not None and known["cleared_at"] is None:
        return None if holds else await _clear(conn, fact)
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
    result = await _open_or_join(conn, fact, identity, origin, fact.occurrence)
    if result is not None and not holds:
        await _clear(conn, fact)
    return result


async def _open_or_join(
    conn: Connection, fact: Fact, identity: Identity, origin: tuple[str, ...], occurrence: str
) -> Judgement | None:
    """Find the open case of an identity or open one; the unique index decides between two at once."""
    grade = await _grade(conn, fact, identity)
    new_id = rules.case_id(identity, *origin)
    while True:
        held = await store.holding_case(conn, identity, fact.received_at)
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
    late = isinstance(fact, AlarmFact) and fact.late
    await _tell_raise(conn, row, fact, identity)
    now = fact.received_at
    title = wording.NOTES["opened_late" if late else "opened"]
    words = f"{wording.LEVEL_WORDS[grade.level]}：{grade.reason}"
    await store.add_event(conn, new_id, now, now, "centre", "opened", title, words)
    await recovery.mark(conn, row, fact.at, now)
    after = {"state": case.state, "level": case.level, "title": row["title"]}
    await identities.audit(conn, "opened", "warning", new_id, after=after, reason=grade.reason)
    await ladder.publish(conn, row, case, "opened")
    return Judgement(new_id, "opened", grade.level)


async def _join(conn: Connection, row: Row, fact: Fact, grade: Grade, occurrence: str) -> Judgement | None:
    """A further alarm, or the same one again, of a case that is open or suppressed."""
    warning_id = row["id"]
    if isinstance(fact, AlarmFact):
        if not await store.add_alarm(conn, fact, warning_id, grade.level):
            return None
        await store.clear_older_occurrences(conn, fact, warning_id)
    elif row["active"] and (isinstance(fact, PresenceFact) or occurrence == row["occurrence"]):
        return None
    await _tell_raise(conn, row, fact, rules.identity_of(fact, row["kind"]))
    rises = grade.level > row["level"]
    if rises or grade.level == row["level"]:
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


# --- clear, and what the plant itself did ------------------------------------------------------------------


async def _clear(conn: Connection, fact: AlarmFact) -> Judgement | None:
    return await _end_occurrence(
        conn,
        fact.gateway_id,
        fact.alarm,
        fact.occurrence,
        fact.is_test,
        fact.at,
        fact.received_at,
        wording.raise_detail(fact),
        f"{fact.point_name} {wording.limit_word(fact.limit_name)}恢复正常",
    )


async def _end_occurrence(
    conn: Connection,
    gateway_id: str,
    alarm: str,
    occurrence: str,
    is_test: bool,
    at: datetime,
    now: datetime,
    detail: str,
    title: str = "报警恢复正常",
) -> Judgement | None:
    key = (gateway_id, alarm, occurrence, is_test)
    while True:
        known = await store.alarm_row(conn, *key)
        if known is None:
            return None
        row = await store.lock_case(conn, known["warning_id"])
        assert row is not None
        if await store.clear_alarm(conn, *key, at, row["id"]):
            break
    if known["cleared_at"] is not None and not row["history"]:
        return None
    latency = round((now - at).total_seconds() * 1000)
    await store.add_event(
        conn, row["id"], at, now, "instrument", "cleared", title, detail, latency_ms=latency
    )
    if row["history"]:
        await store.change(conn, store.Q.set_cleared, row["id"], at)
        return Judgement(row["id"], "cleared", row["level"])
    if row["active"] and not await store.active_alarms(conn, row["id"]):
        await store.change(conn, store.Q.set_cleared, row["id"], at)
        await ladder.take(conn, row, Cleared(), now)
        return Judgement(row["id"], "cleared", row["level"])
    return None


async def _settle(
    conn: Connection, identity: Identity, now: datetime, words: str, *, all_alike: bool = True
) -> Judgement | None:
    """The cause of cases without instrument alarms is gone, also of those handled before; gives the newest.

    Args:
        conn: the transaction.
        identity: of the cases.
        now: its time.
        words: for the timeline.
        all_alike: false spares cases that only a person's finding ends.
    """
    settled = None
    for row in await store.lock_active_cases(conn, identity):
        if not all_alike and rules.only_found_over(row["kind"], row["occurrence"]):
            continue
        await store.add_event(conn, row["id"], now, now, "centre", "cleared", words)
        await store.change(conn, store.Q.set_cleared, row["id"], now)
        await ladder.take(conn, row, Cleared(), now)
        settled = Judgement(row["id"], "cleared", row["level"])
    return settled


async def _heard_at_plant(conn: Connection, fact: AlarmFact) -> Judgement | None:
    """Somebody at the plant heard the horn: shown, and no answer to the warning (law-warning 16)."""
    known = await store.alarm_row(conn, fact.gateway_id, fact.alarm, fact.occurrence, fact.is_test)
    if known is None:
        return None
    row = await store.lock_case(conn, known["warning_id"])
    assert row is not None
    kind, words = wording.AT_PLANT[fact.transition]
    said = "，".join(part for part in (fact.by, fact.reason) if part)
    await store.add_event(
        conn,
        row["id"],
        fact.at,
        fact.received_at,
        "gateway",
        kind,
        words,
        f"{fact.point_name} {wording.limit_word(fact.limit_name)}" + (f"（{said}）" if said else ""),
        latency_ms=round((fact.received_at - fact.at).total_seconds() * 1000),
    )
    await ladder.publish(conn, row, store.case_of(row), kind)
    return Judgement(row["id"], "heard", row["level"])


# --- shared ------------------------------------------------------------------------------------------------


async def _grade(conn: Connection, fact: Fact, identity: Identity) -> Grade:
    table = await store.level_rules(conn, fact.place, fact.received_at, identity.kind)
    return rules.grade(table, identity, fact)


def _facts(fact: Fact, identity: Identity, grade: Grade, occurrence: str) -> dict[str, Any]:
    alarm = fact if isinstance(fact, AlarmFact) else None
    return {
        "enterprise_id": fact.enterprise_id,
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
        "late": alarm.late if alarm else False,
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
