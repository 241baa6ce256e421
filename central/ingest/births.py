"""A gateway's introduction: its description kept, its epochs known, its active alarms made true here.

Keeps law-never-lose 2, 5, 12, 13 and law-warning 3: the active set is authoritative in both directions up to
its `head`; what this centre has committed beyond it is newer and stays.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from central.devices import service as devices
from central.devices.rules import BirthError, check
from central.ingest import judging, store
from central.ingest.events import RETURNED, Position, beneath, is_late, until
from central.ingest.models import Refused
from central.telemetry import service as telemetry
from central.telemetry.rules import dated_ms, from_ms, to_ms
from central.telemetry.service import AlarmMove
from central.warning import service as warning
from central.warning.models import AlarmFact
from protocol import codec
from protocol.messages import EVENT, MEASUREMENT, RAISE, STORED, ActiveAlarm, Birth, Receipt

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.devices.models import BoundAlarm, Gateway
    from central.devices.rules import Binding
    from central.telemetry.models import Anchor

_log = logging.getLogger(__name__)
_MAX: Final = 1 << 62


async def take(
    conn: Connection, gateway: Gateway, birth: Birth, received_at: datetime, anchor: Anchor
) -> tuple[Receipt, Binding]:
    """Take a birth in one transaction.

    Args:
        conn: in that transaction.
        gateway: who signed it.
        birth: decoded.
        received_at: receive time.
        anchor: where its monotonic clock stood then.

    Returns:
        (the receipt with the cursors of every stream and epoch known, what its batches are to be read with).

    Raises:
        Refused: it contradicts itself.
    """
    try:
        description = codec.decode_description(birth.description)
        check(description, gateway.id)
    except (codec.FrameMalformed, BirthError) as exc:
        raise Refused("birth", str(exc)) from exc
    head = await devices.lock_state(conn, gateway.id)
    binding = await devices.take_birth(
        conn, gateway, birth.description, description, birth.current, received_at
    )
    if birth.current:
        ordinals = await _take_epochs(conn, gateway.id, birth, received_at)
        here = (ordinals[birth.head[0]], birth.head[1])
        if head is None or here >= head:
            await _take_active(conn, gateway, birth, binding, here, received_at, anchor)
            await devices.set_birth(conn, gateway.id, binding.hash, received_at, *here)
    cursors = await store.cursors_of(conn, gateway.id)
    return Receipt(status=STORED, gateway=gateway.id, hash=binding.hash, cursors=cursors), binding


async def _take_epochs(conn: Connection, gateway: str, birth: Birth, now: datetime) -> dict[int, int]:
    """Make the epochs that are new, note which are held and how far they reach; returns all ordinals."""
    for e in birth.epochs:
        if not (0 < e.epoch < 1 << 63 and 0 <= e.follows < 1 << 63):
            raise Refused("birth", f"epoch {e.epoch} following {e.follows} cannot be")
        if not (0 <= e.event < _MAX and 0 <= e.measurement < _MAX):
            raise Refused("birth", f"epoch {e.epoch:x} cannot reach {e.event} and {e.measurement}")
    listed = {e.epoch for e in birth.epochs}
    if birth.head[0] not in listed or not 0 <= birth.head[1] < _MAX:
        raise Refused("birth", "the active alarms were taken in an epoch that is not listed")
    ordinals = await store.epochs_of(conn, gateway)
    for e in birth.epochs:
        if e.epoch not in ordinals:
            ordinals[e.epoch] = max(ordinals.values(), default=0) + 1
            await store.add_epoch(conn, gateway, e.epoch, ordinals[e.epoch], e.follows, now)
            for stream in (EVENT, MEASUREMENT):
                await store.add_cursor(conn, (gateway, stream, e.epoch), now)
    await store.hold_epochs(conn, gateway, {e.epoch: e.event for e in birth.epochs})
    heads = {}
    for e in birth.epochs:
        heads[gateway, EVENT, e.epoch] = e.event
        heads[gateway, MEASUREMENT, e.epoch] = e.measurement
    await store.claim_heads(conn, heads, now)
    newest = max((e.epoch for e in birth.epochs), key=lambda epoch: ordinals[epoch])
    if birth.head[0] == newest:  # else this birth is older than another that was taken
        await store.close_rest(conn, gateway, newest, heads, now)
    return ordinals


async def _take_active(
    conn: Connection,
    gateway: Gateway,
    birth: Birth,
    binding: Binding,
    head: Position,
    received_at: datetime,
    anchor: Anchor,
) -> None:
    told = {a.alarm: a for a in birth.active if a.alarm in binding.alarms}
    for a in birth.active:
        if a.alarm not in binding.alarms:
            _log.error("gateway %s: its birth does not describe its active alarm %s", gateway.id, a.alarm)
    known = {row["alarm"]: row for row in await telemetry.alarms_of_gateway(conn, gateway.id)}
    newer = {alarm for alarm, row in known.items() if (row["ordinal"], row["seq"]) > head}
    facts = [
        _fact(gateway, binding.alarms[alarm], a, received_at, anchor)
        for alarm, a in told.items()
        if alarm not in newer
    ]
    for alarm in sorted(newer):
        fact = _known_fact(gateway, binding, known[alarm], received_at)
        if fact is not None and beneath(fact.state, fact.under) not in RETURNED:
            tried = await warning.is_tried(conn, gateway.id, alarm, fact.occurrence)
            facts.append(msgspec.structs.replace(fact, is_test=tried))
    moves = [_active_move(fact, told[fact.alarm], head) for fact in facts if fact.alarm not in newer]
    moves += [
        _normal_move(row, head, received_at)
        for alarm, row in known.items()
        if alarm not in newer and alarm not in told and row["state"] != "A"
    ]
    if moves:
        await telemetry.move_alarms(conn, moves, received_at, also_same=True)
    for is_test in (False, True):  # a TEST alarm never holds a real case open, nor the other way
        own = [fact for fact in facts if fact.is_test == is_test]
        failed = await judging.attempt(conn, partial(_settle, conn, gateway, own, received_at, is_test))
        if failed is not None:
            await _one_by_one(conn, gateway, own, received_at, is_test)


async def _settle(
    conn: Connection, gateway: Gateway, facts: Sequence[AlarmFact], now: datetime, is_test: bool
) -> None:
    await warning.settle_active(conn, gateway.id, facts, now, is_test=is_test)


async def _one_by_one(
    conn: Connection, gateway: Gateway, facts: Sequence[AlarmFact], now: datetime, is_test: bool
) -> None:
    """The set as a whole could not be judged: no alarm of it may be lost with another."""
    for fact in facts:

        async def judge(fact: AlarmFact = fact) -> None:
            await warning.judge_alarm(conn, fact)

        failed = await judging.attempt(conn, judge)
        if failed is not None:
            await judging.leave(conn, gateway.id, None, fact, now, failed)
    # What could not be raised must not keep alive what the set says is over.
    failed = await judging.attempt(
        conn, lambda: warning.clear_missing(conn, gateway.id, facts, now, is_test=is_test)
    )
    if failed is not None:
        _log.error("gateway %s: what its birth does not hold could not be cleared: %s", gateway.id, failed)


def _fact(
    gateway: Gateway, alarm: BoundAlarm, active: ActiveAlarm, received_at: datetime, anchor: Anchor
) -> AlarmFact:
    at_ms, _ = dated_ms(active.since_ms, active.since_mono_ms, active.clock, to_ms(received_at), anchor)
    at = from_ms(at_ms)
    fact = _base(
        gateway,
        alarm,
        received_at,
        at,
        active.occurrence,
        active.state,
        active.under,
        active.value,
        active.quality,
    )
    return msgspec.structs.replace(fact, is_test=active.test)


def _known_fact(gateway: Gateway, binding: Binding, row: Any, received_at: datetime) -> AlarmFact | None:
    """An alarm that this centre knows to be active beyond the head of the birth: it stays."""
    alarm = binding.alarms.get(row["alarm"])
    if alarm is None:
        return None
    return _base(
        gateway,
        alarm,
        received_at,
        row["since"],
        row["occurrence"],
        row["state"],
        row["under"],
        row["value"],
        row["quality"],
    )


def _base(
    gateway: Gateway,
    alarm: BoundAlarm,
    received_at: datetime,
    at: datetime,
    occurrence: str,
    state: str,
    under: str,
    value: float | None,
    quality: int,
) -> AlarmFact:
    info, point = alarm.info, alarm.point
    return AlarmFact(
        gateway_id=gateway.id,
        point_id=point.id,
        place=gateway.place,
        enterprise_id=gateway.enterprise_id,
        point_name=point.info.name,
        alarm=info.alarm,
        side=info.side,
        limit_name=info.limit_name,
        occurrence=occurrence,
        transition=RAISE,
        state=state,
        under=under,
        at=at,
        received_at=received_at,
        hazard_class=gateway.hazard_class,
        quantity=point.info.quantity,
        unit=point.info.unit,
        limit=info.limit,
        value=value,
        quality=quality if 0 <= quality <= 255 else 0,
        late=is_late(at, received_at),
        active_now=beneath(state, under) not in RETURNED,
    )


def _active_move(fact: AlarmFact, active: ActiveAlarm, head: Position) -> AlarmMove:
    return AlarmMove(
        gateway_id=fact.gateway_id,
        alarm=fact.alarm,
        point_id=fact.point_id,
        occurrence=fact.occurrence,
        state=fact.state,
        limit_name=fact.limit_name,
        side=fact.side,
        since=fact.at,
        value=fact.value,
        quality=fact.quality,
        ordinal=head[0],
        seq=head[1],
        under=active.under,
        first_up=active.first,
        covered_by=active.by,
        covered_why=active.reason,
        covered_until=until(active.until_ms),
    )


def _normal_move(row: Any, head: Position, now: datetime) -> AlarmMove:
    fields: dict[str, Any] = {name: row[name] for name in AlarmMove.__struct_fields__}
    return msgspec.structs.replace(
        AlarmMove(**fields),
        state="A",
        under="",
        first_up=False,
        covered_by="",
        covered_why="",
        covered_until=None,
        covered_since=None,
        since=now,
        ordinal=head[0],
        seq=head[1],
    )
