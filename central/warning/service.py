"""Judges what ingest tells: opens, raises and clears cases, in ingest's own transaction.

Keeps law-warning 1, 3, 4, 11, 13, 15, 16. An alarm that is covered at the plant (shelved, suppressed by
design, out of service) opens no case, and ends none: the condition under it still holds, and only its clear
ends it. When the cover is lifted what stands raises at once. Nobody is called from here: a due timer is left,
and the worker fires it after the commit. `now` is the fact's `received_at`: deadlines count from the receipt.
"""

from collections.abc import Sequence
from datetime import datetime

from central.db.pool import Connection
from central.warning import clearing, conditions, instruments, proposals, raising, rules, store, wording
from central.warning.models import (
    POISON,
    UNJUDGED,
    AlarmFact,
    ConditionFact,
    Judgement,
    OutputFact,
    PaperFact,
    PresenceFact,
    TroubleFact,
)
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
        ended = await clearing.clear(conn, fact)
        await instruments.answered(conn, ended, fact.received_at)
        return ended
    if fact.transition in {ACKNOWLEDGE, RESET}:
        return await clearing.heard_at_plant(conn, fact)
    if fact.transition in {SHELVE, SUPPRESS, OUT_OF_SERVICE}:
        return await clearing.heard_at_plant(conn, fact)
    if fact.transition in UNCOVERING:
        heard = await clearing.heard_at_plant(conn, fact)
        holds = rules.condition_holds(fact.state, fact.under)
        raised = await _raise(conn, fact) if holds and fact.state not in COVERS else None
        return raised or heard
    return None


async def _raise(conn: Connection, fact: AlarmFact) -> Judgement | None:
    result = await raising.raise_alarm(conn, fact)
    silent = instruments.silence(result, fact)
    told = await instruments.death(conn, fact) if silent else None
    if told is not None:
        await judge_presence(conn, told)
    return result


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
            ended = await clearing.end_occurrence(
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
                await instruments.answered(conn, ended, received_at)
    return judged


async def is_tried(conn: Connection, gateway_id: str, alarm: str, occurrence: str) -> bool:
    """Say whether an occurrence that is not over was raised as TEST."""
    row = await store.alarm_row(conn, gateway_id, alarm, occurrence, True)
    return row is not None and row["cleared_at"] is None


async def judge_presence(conn: Connection, fact: PresenceFact) -> Judgement | None:
    """Judge the presence of a gateway, or of an instrument: offline opens a case, being heard clears it."""
    identity = rules.identity_of(fact)
    if fact.state == "offline":
        origin = (fact.gateway_id, *([fact.source] if fact.source else []), fact.at.isoformat())
        return await raising.open_or_join(conn, fact, identity, origin, fact.at.isoformat())
    if fact.state == "online":
        return await clearing.settle(conn, identity, fact.received_at, "网关恢复在线")
    return None


async def judge_output(conn: Connection, fact: OutputFact) -> Judgement | None:
    """Judge an output of a plant: one that does not follow or fails its test opens a case; else it clears."""
    identity = rules.identity_of(fact)
    if fact.wrong:
        origin = (fact.gateway_id, fact.output, fact.reference)
        return await raising.open_or_join(conn, fact, identity, origin, fact.reference)
    return await clearing.settle(conn, identity, fact.received_at, wording.output_well(fact))


async def judge_paper(conn: Connection, fact: PaperFact) -> Judgement | None:
    """Open a case for something of a register that is overdue; told twice, it is one case."""
    return await raising.open_or_join(conn, fact, rules.identity_of(fact), (fact.reference,), fact.reference)


async def settle_paper(conn: Connection, fact: PaperFact, detail: str) -> Judgement | None:
    """The paper was renewed, the form is there, or nobody asks for it any more."""
    return await clearing.settle(conn, rules.identity_of(fact), fact.received_at, detail)


async def judge_poison(conn: Connection, fact: TroubleFact) -> Judgement | None:
    """Open a case for records that cannot be held as they are (law-never-lose 5, 10)."""
    identity = rules.identity_of(fact, rules.trouble_kind(fact.reference))
    return await raising.open_or_join(conn, fact, identity, rules.trouble_origin(fact), fact.reference)


async def judge_unjudged(conn: Connection, fact: TroubleFact) -> Judgement | None:
    """Open a case at the kind's default level for an event that could not be judged in time."""
    identity = rules.identity_of(fact, UNJUDGED)
    return await raising.open_or_join(conn, fact, identity, rules.trouble_origin(fact), fact.reference)


async def settle_trouble(
    conn: Connection, fact: TroubleFact, *, poison: bool, now: datetime, detail: str
) -> Judgement | None:
    """End the cause of a gateway's trouble cases: no quarantined row waits any more, or the event was judged.

    A case that only a person's finding ends stays as it is.
    """
    identity = rules.identity_of(fact, POISON if poison else UNJUDGED)
    return await clearing.settle(conn, identity, now, detail, all_alike=not poison)


async def judge_condition(conn: Connection, fact: ConditionFact) -> Judgement | None:
    """Judge that a condition holds or is over: the way in for all that is no alarm of an instrument.

    Args:
        conn: a worker's transaction, or that of the person who tells it.
        fact: what holds; with `holds` false everything of its identity is over.

    Returns:
        What became of it; None when that was known, or waits for approval (a model's finding: proposals.py).

    Raises:
        ValueError: the fact contradicts itself; names every field.
        NoRule, LookupError: the tables of numbers have no default.
    """
    if fact.kind in proposals.GATED:
        return (await proposals.put(conn, fact)).judgement
    return await conditions.judge(conn, fact)
