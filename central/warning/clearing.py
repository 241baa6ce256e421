"""What is over ends its occurrence or its condition; what the plant itself did is shown and answers nothing.

Keeps law-warning 3, 13, 16.
"""

from datetime import datetime

from central.db.pool import Connection
from central.warning import ladder, rules, store, wording
from central.warning.escalation import Cleared
from central.warning.models import AlarmFact, Identity, Judgement


async def clear(conn: Connection, fact: AlarmFact) -> Judgement | None:
    """End the occurrence that an alarm's return to normal speaks of."""
    return await end_occurrence(
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


async def end_occurrence(
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
    """End an occurrence, and the condition of its case when it was the last; None when that was known.

    Args:
        conn: the transaction.
        gateway_id: with alarm, occurrence and is_test the key of the occurrence.
        alarm: see gateway_id.
        occurrence: see gateway_id.
        is_test: see gateway_id.
        at: when it ended there.
        now: when it reached us.
        detail: for the timeline.
        title: for the timeline.
    """
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


async def settle(
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


async def heard_at_plant(conn: Connection, fact: AlarmFact) -> Judgement | None:
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
