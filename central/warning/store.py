"""The SQL of warnings: one function a query, rows in and out; nothing is decided here."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from central.db.pool import Connection
from central.db.queries import load
from central.warning.escalation import Case
from central.warning.models import (
    INSTRUMENTS_FIRST,
    PAPERS_AFTER,
    AlarmFact,
    Identity,
    LevelRule,
    Policy,
)

Q = load(__file__)
Row = asyncpg.Record


# --- tables of numbers -------------------------------------------------------------------------------------


async def level_rules(conn: Connection, place: str, now: datetime, kind: str) -> list[LevelRule]:
    """Give the rules for a kind that are valid at a place."""
    return [LevelRule(**row) for row in await conn.fetch(Q.level_rules, place, now, kind)]


async def policy(conn: Connection, place: str, level: int, now: datetime, kind: str = "") -> Policy:
    """Give the ladder of a level at a place, that of a kind of case where it has its own.

    Raises:
        LookupError: no ladder is valid; the seeds of the migration were ended without a successor.
    """
    row = await conn.fetchrow(Q.policy, place, level, now, kind)
    if row is None:
        raise LookupError(f"no policy for level {level} at {place}")
    return msgspec.convert(dict(row), Policy)


async def add_policy(conn: Connection, policy: Policy, valid_from: datetime) -> int:
    """Write a ladder as the next version for its region and level; give the version."""
    row = await conn.fetchrow(
        Q.add_policy,
        policy.region,
        policy.level,
        policy.name,
        policy.source,
        policy.handling_s,
        policy.repeat_s,
        policy.retry_s,
        policy.clear_after_s,
        policy.suppress_s,
        valid_from,
        policy.kind,
        policy.hour_from,
        policy.hour_to,
        policy.look_s,
    )
    assert row is not None
    await conn.executemany(
        Q.add_policy_step,
        [
            (row["id"], index, step.delay_s, step.rank, list(step.channels))
            for index, step in enumerate(policy.steps)
        ],
    )
    return int(row["version"])


# --- the core's case ---------------------------------------------------------------------------------------


def case_of(row: Row) -> Case:
    """Give a stored case to the core."""
    return Case(
        level=row["level"],
        policy=msgspec.convert(row["policy"], Policy),
        state=row["state"],
        active=row["active"],
        round=row["round"],
        step=row["step"],
        due_at=row["due_at"],
        acknowledged_at=row["acknowledged_at"],
        paused_until=row["paused_until"],
        clear_due_at=row["clear_due_at"],
        suppressed_until=row["suppressed_until"],
        false_by=row["false_by"],
        held_by=row["held_by"] or "",
        held_since=row["held_since"],
        hold_due_at=row["hold_due_at"],
        climb=row["climb"],
        revision=row["revision"],
    )


async def lock_case(conn: Connection, warning_id: UUID) -> Row | None:
    """Give one case, locked until the transaction ends."""
    return await conn.fetchrow(Q.lock_case, warning_id)


async def save_case(conn: Connection, warning_id: UUID, case: Case, now: datetime) -> None:
    """Store what the core decided, and its timers."""
    await conn.execute(
        Q.save_case,
        warning_id,
        case.state,
        case.active,
        case.level,
        msgspec.to_builtins(case.policy),
        case.round,
        case.step,
        case.due_at,
        case.acknowledged_at,
        case.paused_until,
        case.clear_due_at,
        case.suppressed_until,
        case.false_by,
        case.revision,
        now,
        case.held_by or None,
        case.held_since,
        case.hold_due_at,
        case.climb,
    )
    wakes = case.wakes()
    await conn.execute(Q.save_timers, warning_id, list(wakes), list(wakes.values()))


async def insert_case(
    conn: Connection,
    warning_id: UUID,
    identity: Identity,
    case: Case,
    facts: Mapping[str, Any],
    now: datetime,
) -> Row | None:
    """Open a case; None when its identity has an open one or this very case exists already."""
    inserted = await conn.fetchrow(
        Q.insert_case,
        warning_id,
        *_key(identity),
        facts["enterprise_id"],
        facts["gateway_id"],
        facts["point_id"],
        facts["previous_id"],
        facts["title"],
        facts["subject_name"],
        case.state,
        case.active,
        case.level,
        msgspec.to_builtins(case.policy),
        case.due_at,
        facts["level_reason"],
        facts["occurrence"],
        facts["limit_name"],
        facts["limit_value"],
        facts["value"],
        facts["unit"],
        facts["raised_at"],
        facts["received_at"],
        facts["late"],
        facts["history"],
        now,
        facts["agency_id"],
    )
    if inserted is None:
        return None
    wakes = case.wakes()
    if wakes:
        await conn.execute(Q.save_timers, warning_id, list(wakes), list(wakes.values()))
    return inserted


def _key(identity: Identity) -> tuple[str, str, str, str, bool]:
    return identity.kind, identity.subject_type, identity.subject_id, identity.side, identity.is_test


async def holding_case(conn: Connection, identity: Identity, now: datetime) -> Row | None:
    """Lock the open case of an identity, or the one that is suppressed."""
    return await conn.fetchrow(Q.holding_case, *_key(identity), now)


async def newest_case(conn: Connection, identity: Identity, but: UUID) -> UUID | None:
    """Give the last case of an identity but this one."""
    found: UUID | None = await conn.fetchval(Q.newest_case, *_key(identity), but)
    return found


async def lock_active_cases(conn: Connection, identity: Identity) -> list[Row]:
    """Lock all cases of an identity whose condition holds, whatever people answered."""
    return await conn.fetch(Q.lock_active_cases, *_key(identity))


async def history_case(conn: Connection, identity: Identity, at: datetime, near: timedelta) -> Row | None:
    """Lock a history case of an identity near a moment."""
    return await conn.fetchrow(Q.history_case, *_key(identity), at, near)


async def case_by_id(conn: Connection, warning_id: UUID) -> Row | None:
    """Give one case as it is."""
    return await conn.fetchrow(Q.case_by_id, warning_id)


# --- alarms of a case --------------------------------------------------------------------------------------


async def alarm_row(
    conn: Connection, gateway_id: str, alarm: str, occurrence: str, is_test: bool
) -> Row | None:
    """Give the case and the end of an occurrence, if it is known."""
    return await conn.fetchrow(Q.alarm_row, gateway_id, alarm, occurrence, is_test)


async def uncleared_alarms(conn: Connection, gateway_id: str, is_test: bool) -> list[Row]:
    """Give the occurrences of a gateway that are not over as far as we know."""
    return await conn.fetch(Q.uncleared_alarms, gateway_id, is_test)


async def add_alarm(
    conn: Connection, fact: AlarmFact, warning_id: UUID, level: int, cleared_at: datetime | None = None
) -> bool:
    """Attach an occurrence to a case; false when it is active in one already."""
    added = await conn.fetchval(
        Q.add_alarm,
        fact.gateway_id,
        fact.alarm,
        fact.occurrence,
        fact.is_test,
        warning_id,
        level,
        fact.limit_name,
        fact.at,
        cleared_at,
    )
    return added is not None


async def clear_alarm(
    conn: Connection,
    gateway_id: str,
    alarm: str,
    occurrence: str,
    is_test: bool,
    at: datetime,
    warning_id: UUID,
) -> bool:
    """End an occurrence of a locked case; false when it went to another case meanwhile."""
    done = await conn.fetchval(Q.clear_alarm, gateway_id, alarm, occurrence, is_test, at, warning_id)
    return done is not None


async def clear_older_occurrences(conn: Connection, fact: AlarmFact, warning_id: UUID) -> None:
    """End what a newer occurrence of the same alarm shows to be over."""
    await conn.execute(
        Q.clear_older_occurrences,
        fact.gateway_id,
        fact.alarm,
        fact.occurrence,
        fact.is_test,
        fact.at,
        warning_id,
    )


async def active_alarms(conn: Connection, warning_id: UUID) -> int:
    """Count the occurrences of a case that are not over."""
    count: int = await conn.fetchval(Q.active_alarms, warning_id)
    return count


async def move_active_alarms(conn: Connection, from_id: UUID, to_id: UUID) -> None:
    """Give what is still active to the case that follows."""
    await conn.execute(Q.move_active_alarms, from_id, to_id)


# --- what people read --------------------------------------------------------------------------------------


async def change(conn: Connection, query: str, warning_id: UUID, *values: Any) -> None:
    """Run one of the `set_…` queries on a case."""
    await conn.execute(query, warning_id, *values)


async def add_event(
    conn: Connection,
    warning_id: UUID,
    at: datetime,
    now: datetime,
    source: str,
    kind: str,
    title: str,
    detail: str = "",
    *,
    account_id: int | None = None,
    who: str = "",
    latency_ms: int | None = None,
    rung: tuple[int, int, int] | None = None,
) -> None:
    """Write one line of the story; `rung` is (level, round, step)."""
    await conn.execute(
        Q.add_event,
        warning_id,
        at,
        now,
        source,
        kind,
        title,
        detail,
        account_id,
        who,
        latency_ms,
        *(rung or (None, None, None)),
    )


# --- the ladder --------------------------------------------------------------------------------------------


async def due_case(conn: Connection, now: datetime) -> UUID | None:
    """Lock a case whose timer is due and that nobody else works on: a red alarm first, papers last."""
    found: UUID | None = await conn.fetchval(Q.due_case, now, INSTRUMENTS_FIRST + PAPERS_AFTER)
    return found


async def next_due(conn: Connection) -> datetime | None:
    """Give the moment of the next timer."""
    due: datetime | None = await conn.fetchval(Q.next_due)
    return due


async def put_off(conn: Connection, warning_id: UUID, now: datetime) -> None:
    """Let a case that could not be worked on wait a while."""
    await conn.execute(Q.put_off_timers, warning_id, now)


async def people(conn: Connection, row: Row, rank: int) -> Sequence[Row]:
    """Give who is on call now at a rank above (0: at) the plant of a case.

    A row without account says that the agency exists and nobody is on call there; no row, that there is none.
    """
    if row["is_test"]:
        return await conn.fetch(Q.test_people, row["place"])
    if rank == 0 and row["agency_id"] is None:
        return await conn.fetch(Q.enterprise_people, row["enterprise_id"])
    return await conn.fetch(Q.agency_people, row["enterprise_id"], rank, row["agency_id"])


async def owner(conn: Connection, case: Row) -> Row:
    """Give name and place of the plant or the agency whose case it is."""
    row = await conn.fetchrow(Q.owner, case["enterprise_id"], case["agency_id"])
    assert row is not None
    return row


async def add_rung(
    conn: Connection,
    warning_id: UUID,
    rung: tuple[int, int, int],
    rank: int,
    agency_name: str,
    due_at: datetime | None,
    now: datetime,
) -> None:
    """Write that a rung (level, round, step) fired."""
    await conn.execute(Q.add_rung, warning_id, *rung, rank, agency_name, due_at, now)


async def mark_gap(conn: Connection, warning_id: UUID, rung: tuple[int, int, int], reason: str) -> bool:
    """Write that a rung reached nobody; false when that was known."""
    return await conn.fetchval(Q.mark_gap, warning_id, *rung, reason) is not None


async def agency_chain(conn: Connection, case: Row) -> list[Row]:
    """Give the agencies above the plant of a case, lowest first; of an agency's case, from it up."""
    return await conn.fetch(Q.agency_chain, case["enterprise_id"], case["agency_id"])
