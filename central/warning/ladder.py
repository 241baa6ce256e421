"""Performs what the core of a case decides: finds the people of a rung, writes calls, gaps, lines and timers.

Keeps law-warning 6, 7, 8, 19, 20. Everything happens in the caller's transaction, on a case that it locked.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from central.db.pool import Connection
from central.identity import service as identity
from central.identity.models import Person
from central.live import service as live
from central.warning import holds, merged, store, wording
from central.warning.escalation import (
    PARENT,
    SETTLE,
    WINDOW,
    Call,
    Case,
    Effect,
    Event,
    Gap,
    Hold,
    Note,
    Raised,
    Release,
    Reopen,
    StepFailed,
    Supersede,
)
from central.warning.models import LEVELS, PATIENT, UNANSWERED, Identity
from central.warning.notify import outbox
from central.warning.notify import rules as calls
from central.warning.notify import store as call_store
from central.warning.notify.models import EVERY_CHANNEL, NO_CHANNEL, Receiver, Rung
from central.warning.rules import case_id
from central.warning.store import Row


async def take(
    conn: Connection,
    row: Row,
    event: Event,
    now: datetime,
    who: Person | None = None,
    detail: str = "",
    channels: frozenset[str] = EVERY_CHANNEL,
) -> Case:
    """Give a locked case an event and do what follows from it.

    Args:
        conn: the transaction that locked it.
        row: the case as it was locked.
        event: what happened.
        now: when.
        who: the person whose doing it is.
        detail: their words, for the timeline.
        channels: the ways to call people that this centre has.

    Raises:
        NotPossible: a person's answer does not fit the state.
    """
    case = store.case_of(row)
    effects = case.take(event, now)
    await _perform(conn, row, case, effects, now, who, detail, channels)
    return case


async def tick(conn: Connection, row: Row, now: datetime, channels: frozenset[str] = EVERY_CHANNEL) -> Case:
    """Let a locked case do what is due."""
    case = store.case_of(row)
    effects = case.tick(now)
    await _perform(conn, row, case, effects, now, None, "", channels)
    return case


async def put_off(conn: Connection, row: Row, until: datetime, now: datetime) -> Case:
    """Let a locked case of a restored centre wait until gateways have told what stands."""
    case = store.case_of(row)
    await _perform(conn, row, case, case.put_off(until), now, None, "", EVERY_CHANNEL)
    return case


async def reconsider(
    conn: Connection, warning_id: UUID, now: datetime, channels: frozenset[str] = EVERY_CHANNEL
) -> None:
    """Decide anew whether a case's calls wait: for a dead gateway or instrument, or a window (law-warning 4).

    Called whenever the case changes, before its ladder fires, and by the tasks that dead things and windows
    leave; locks this one case only, and reads the others as they are committed.
    """
    row = await store.lock_case(conn, warning_id)
    if row is None or row["history"] or row["state"] not in UNANSWERED:
        return
    verdict = await holds.verdict(conn, row, now)
    await holds.note(conn, row, verdict)
    if verdict.by:
        until = holds.look_again(verdict, now, fresh=verdict.by != row["held_by"])
        await take(conn, row, Hold(verdict.by, until), now, detail=verdict.words, channels=channels)
    elif row["held_by"] == PARENT and verdict.parent is None and await holds.is_back(conn, row["parent_id"]):
        # Whether its cause still holds is told after the return: by a birth, or by the next patrol.
        until = now + timedelta(seconds=await holds.settle_s(conn, row["kind"]))
        words = f"{wording.clock(until)} 仍未恢复即呼叫"
        await take(conn, row, Hold(SETTLE, until), now, detail=words, channels=channels)
    elif row["held_since"] is not None and (row["held_by"] != SETTLE or row["hold_due_at"] <= now):
        await take(conn, row, Release(now, anew=row["held_by"] == WINDOW), now, channels=channels)


async def check_rung(
    conn: Connection, row: Row, rung: Rung, now: datetime, channels: frozenset[str] = EVERY_CHANNEL
) -> None:
    """A call of a rung ended badly: if nobody of it can be reached any more, the ladder moves at once."""
    if calls.rung_failed(await call_store.rung(conn, rung)):
        failed = StepFailed(rung.level, rung.round, rung.step, "failed")
        await take(conn, row, failed, now, channels=channels)


async def publish(conn: Connection, row: Row, case: Case, change: str) -> None:
    """Tell the consoles that a case changed."""
    owner = await store.owner(conn, row)
    payload = {
        "id": row["id"],
        "level": LEVELS[case.level],
        "state": case.state,
        "title": row["title"],
        "enterprise_id": row["enterprise_id"],
        "agency_id": row["agency_id"],
        "enterprise_name": owner["name"],
        "raised_at": row["raised_at"],
        "is_test": row["is_test"],
        "change": change,
    }
    await live.publish(conn, "warning", owner["place"], payload)


async def _perform(
    conn: Connection,
    row: Row,
    case: Case,
    effects: Iterable[Effect],
    now: datetime,
    who: Person | None,
    detail: str,
    channels: frozenset[str],
) -> None:
    todo = deque(effects)
    changes = []
    while todo:
        effect = todo.popleft()
        match effect:
            case Call():
                # Only what is read in office hours waits for a look as long as its ladder likes.
                patient = case.policy.kind in PATIENT
                look_s = case.policy.look_s if patient else outbox.LIMITS.in_app_s
                reason = await _call(conn, row, look_s, effect, now, channels)
                changes.append("called")
                if reason:
                    failed = StepFailed(effect.level, effect.round, effect.step, reason)
                    todo.extend(case.take(failed, now))
            case Gap():
                await _gap(conn, row["id"], effect, now)
                changes.append("gap")
            case Supersede():
                await outbox.supersede(conn, row["id"], now)
            case Note():
                await _note(conn, row["id"], effect, now, who, detail)
                changes.append(effect.kind)
            case Reopen():
                await _reopen(conn, row, case, now)
                changes.append("reopened")
    await store.save_case(conn, row["id"], case, now)
    if who is not None and row["unconfirmed_since"] is not None:
        await store.change(conn, store.Q.set_unconfirmed, row["id"], None)
    before = {"state": row["state"], "level": row["level"], "active": row["active"]}
    after: dict[str, Any] = {"state": case.state, "level": case.level, "active": case.active}
    change = changes[0] if changes else "cleared" if before["active"] and not case.active else "changed"
    if after != before or who is not None:
        await identity.audit(conn, change, "warning", row["id"], before=before, after=after, reason=detail)
    await publish(conn, row, case, change)


# --- calling -----------------------------------------------------------------------------------------------


async def _call(
    conn: Connection, row: Row, look_s: float, call: Call, now: datetime, channels: frozenset[str]
) -> str:
    """Fire one rung; give the reason when it reached nobody."""
    found = await store.people(conn, row, call.rank)
    people = receivers(found)
    agencies = "、".join(dict.fromkeys(person["agency_name"] for person in found))
    rung = (call.level, call.round, call.step)
    due_at = row["due_at"]
    await store.add_rung(conn, row["id"], rung, call.rank, agencies, due_at, now)
    head = f"呼叫{wording.rank_word(call.rank, of_agency=row['agency_id'] is not None)}"
    if not people:
        return "nobody" if found else "no_agency"
    owner = await store.owner(conn, row)
    text = wording.sms_text(
        level=call.level,
        enterprise=owner["name"],
        title=row["title"],
        detail=wording.call_detail(row["value"], row["limit_value"], row["unit"], row["unconfirmed_since"]),
        raised_at=row["raised_at"],
        number=wording.case_number(row["number"]),
        is_test=row["is_test"],
        round_=call.round,
        first_up=row["first_up"],
    )
    written = await outbox.write(
        conn, Rung(row["id"], *rung), people, call.channels, text, now, channels, look_s
    )
    await store.add_event(
        conn,
        row["id"],
        now,
        now,
        "centre",
        "called",
        f"{head}：{agencies}" + (f"（第 {call.round + 1} 轮）" if call.round else ""),
        "、".join(person.name for person in people),
        latency_ms=_ms(due_at, now) if due_at and due_at <= now else None,
        rung=rung,
    )
    if not calls.rung_failed(written):
        return ""
    return NO_CHANNEL if all(each.reason == NO_CHANNEL for each in written) else "no_number"


def receivers(found: Sequence[Row]) -> list[Receiver]:
    """Give whom a call reaches of those that were found; rows without account say that nobody is there."""
    people = {}
    for row in found:
        if row["account_id"] is not None:
            key = f"account:{row['account_id']}"
            phone = row["phone"] if row["verified"] and row["phone"] else ""
            people[key] = Receiver(key, row["display_name"], row["account_id"], row["agency_name"], phone)
    return list(people.values())


async def _gap(conn: Connection, warning_id: UUID, gap: Gap, now: datetime) -> None:
    rung = (gap.level, gap.round, gap.step)
    if await store.mark_gap(conn, warning_id, rung, gap.reason):
        title = "本级无人可达，升级流程立即继续"
        reason = wording.REASONS.get(gap.reason, gap.reason)
        await store.add_event(conn, warning_id, now, now, "centre", "gap", title, reason, rung=rung)


async def _note(
    conn: Connection, warning_id: UUID, note: Note, now: datetime, who: Person | None, detail: str
) -> None:
    until = f"至 {wording.clock(note.at)}" if note.at else ""
    await store.add_event(
        conn,
        warning_id,
        now,
        now,
        "person" if who else "centre",
        note.kind,
        wording.NOTES[note.kind],
        "；".join(part for part in (detail, until) if part),
        account_id=who.account_id if who else None,
        who=who.display_name if who else "",
    )


def _ms(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() * 1000)


# --- a suppression ends ------------------------------------------------------------------------------------


async def _reopen(conn: Connection, row: Row, case: Case, now: datetime) -> None:
    """What is still active raises at once, in a new case linked to the one that was called false."""
    same = Identity(*(row[field] for field in Identity.__struct_fields__))
    policy = await store.policy(conn, row["place"], case.level, now, row["kind"])
    fresh = Case(level=case.level, policy=policy, due_at=now)
    new_id = case_id(same, "reopened", str(row["id"]))
    facts: dict[str, Any] = {name: row[name] for name in COPIED}
    facts |= {"previous_id": row["id"], "received_at": now, "history": False}
    new = await store.insert_case(conn, new_id, same, fresh, facts, now)
    if new is not None:
        await store.add_event(conn, new_id, now, now, "centre", "reopened", wording.NOTES["reopened"])
        await publish(conn, new, fresh, "opened")
    else:
        # A worse alarm of the same subject opened a case in spite of the suppression: it holds these too.
        worse = await store.holding_case(conn, same, now)
        assert worse is not None
        if worse["occupied"]:
            into = await merged.survivor(conn, worse, now, case.level)
            if into is None:
                await _reopen(conn, row, case, now)  # its identity is free now
                return
            worse = into
        new_id = worse["id"]
        await take(conn, worse, Raised(case.level, policy), now)
    await reconsider(conn, new_id, now)
    await store.move_active_alarms(conn, row["id"], new_id)
    case.active = False


COPIED = (
    "enterprise_id",
    "agency_id",
    "gateway_id",
    "point_id",
    "title",
    "subject_name",
    "level_reason",
    "occurrence",
    "limit_name",
    "limit_value",
    "value",
    "unit",
    "raised_at",
    "late",
)
