"""What an event record says, dated, as a row of its own; and what of it the warning domain has to judge.

Keeps law-never-lose 1, 9 and law-warning 3, 15. A record that cannot be understood is kept raw; if it calls
itself an alarm it is left unjudged, so that a warning opens all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from central.devices import rules
from central.devices.rules import short
from central.ingest.models import LATE_AFTER_S, EventRow, GapRow
from central.telemetry.rules import dated_ms, from_ms
from central.telemetry.service import AlarmMove
from central.warning.models import AlarmFact
from protocol.messages import COVERS, RAISE, STREAMS, ActiveAlarm, AlarmEvent, Event, EventHead, GapEvent

if TYPE_CHECKING:
    from central.devices.models import BoundAlarm, Gateway
    from central.devices.rules import Binding
    from central.telemetry.models import Anchor

RETURNED: Final = frozenset("ADEF")
"""States of ISA-18.2 in which the cause of the alarm is gone."""
TEXT: Final = 500  # characters of a name or a reason that are shown
_BIGINT: Final = (1 << 63) - 1
_SMALLINT: Final = 32767
_LATEST_MS: Final = 253_402_300_000_000  # the year 9999
Position = tuple[int, int]
"""(ordinal of the epoch, sequence number): orders the events of one gateway."""


@dataclass(slots=True)
class Record:
    """One event record on its way: its row, and what else it means."""

    gateway: Gateway
    position: Position
    row: EventRow
    event: Event | None
    alarm: BoundAlarm | None

    @property
    def calls_itself_alarm(self) -> bool:
        return self.row.kind == "alarm"


def _bounded(number: int) -> int:
    return max(-_BIGINT, min(number, _BIGINT))


def record_of(
    gateway: Gateway,
    binding: Binding,
    epoch: int,
    ordinal: int,
    boot: int,
    decoded: tuple[EventHead, Event | None, bytes],
    received_at: datetime,
    received_ms: int,
    anchor: Anchor,
    birth_head: Position | None,
) -> Record:
    """Make the row of one record; its batch id is filled in later.

    Args:
        gateway: whose it is.
        binding: the birth that its batch names.
        epoch: of its stream.
        ordinal: of that epoch.
        boot: under which it was taken.
        decoded: as `codec.decode_events` gives it.
        received_at: receive time.
        received_ms: the same in milliseconds.
        anchor: for a time that cannot be believed.
        birth_head: up to where the current birth told the active alarms.
    """
    head, event, raw = decoded
    if isinstance(event, AlarmEvent):
        # Over-long texts fit no index, and their event would be tried for ever; `raw` keeps them.
        event = msgspec.structs.replace(
            event,
            alarm=short(event.alarm),
            occurrence=short(event.occurrence),
            state=short(event.state),
            under=short(event.under),
            by=rules.plain(event.by)[:TEXT],
            reason=rules.plain(event.reason)[:TEXT],
            value=_number(event.value),
        )
    at_ms, by_centre = dated_ms(head.time_ms, head.mono_ms, head.clock, received_ms, anchor)
    position = (ordinal, head.seq)
    row = EventRow(
        gateway_id=gateway.id,
        epoch=epoch,
        seq=head.seq,
        batch_id=0,
        kind=head.kind,
        at=from_ms(at_ms),
        received_at=received_at,
        dated_by_centre=by_centre,
        boot=boot,
        mono_ms=_bounded(head.mono_ms),
        time_ms=_bounded(head.time_ms),
        history=birth_head is not None and position <= birth_head,
        point_id=None,
        alarm=None,
        occurrence=None,
        transition=None,
        state=None,
        value=None,
        quality=None,
        raw=raw,
    )
    alarm = None
    if isinstance(event, AlarmEvent):
        alarm = binding.alarms.get(event.alarm)
        row.alarm = event.alarm
        row.occurrence = event.occurrence
        row.transition = max(-_SMALLINT, min(event.transition, _SMALLINT))
        row.state = event.state
        row.value = event.value
        row.quality = event.quality if 0 <= event.quality <= 255 else 0
        row.point_id = None if alarm is None else alarm.point.id
    return Record(gateway, position, row, event, alarm)


def storable(active: ActiveAlarm) -> ActiveAlarm:
    """An active alarm of a birth whose texts can be stored: no such text may cost the birth."""
    return msgspec.structs.replace(
        active,
        alarm=rules.storable(active.alarm),
        occurrence=rules.storable(active.occurrence),
        state=rules.storable(active.state),
        under=rules.storable(active.under),
        by=rules.plain(active.by)[:TEXT],
        reason=rules.plain(active.reason)[:TEXT],
        value=_number(active.value),
    )


def _number(value: float | None) -> float | None:
    """What people may be shown as a value: NaN and infinities are none, whatever the gateway thought."""
    return value if value is not None and math.isfinite(value) else None


def gap_of(record: Record) -> GapRow | None:
    """The declaration in a gap record; None when it is none, or declares what cannot be."""
    event = record.event
    if not isinstance(event, GapEvent):
        return None
    bounded = 0 < event.epoch <= _BIGINT and 0 < event.first <= _BIGINT and 0 <= event.kept <= _BIGINT
    closed = event.last == 0 or event.first <= event.last <= _BIGINT
    if event.stream not in STREAMS or not bounded or not closed:
        return None
    return GapRow(
        gateway_id=record.gateway.id,
        declared_epoch=record.row.epoch,
        declared_seq=event.seq,
        stream=event.stream,
        epoch=event.epoch,
        first=event.first,
        last=event.last or None,
        kept=event.kept,
        reason=event.reason.replace("\x00", ""),
        from_ms=_bounded(event.from_ms),
        to_ms=_bounded(event.to_ms),
    )


def newest_moves(records: Iterable[Record]) -> dict[tuple[str, str], tuple[Record, AlarmMove]]:
    """The last transition of each alarm among some records, by (gateway, alarm).

    Who covered it, why and until when is said once: what goes on under the cover inherits it.
    """
    newest: dict[tuple[str, str], tuple[Record, AlarmMove]] = {}
    for record in sorted(records, key=lambda record: record.position):
        event = record.event
        if not isinstance(event, AlarmEvent) or record.alarm is None:
            continue
        key = (record.gateway.id, event.alarm)
        before = newest[key][1] if key in newest else None
        if event.state not in COVERS or (before is not None and before.state != event.state):
            before = None
        info = record.alarm.info
        newest[key] = (
            record,
            AlarmMove(
                gateway_id=record.gateway.id,
                alarm=event.alarm,
                point_id=record.alarm.point.id,
                occurrence=event.occurrence,
                state=event.state,
                limit_name=info.limit_name,
                side=info.side,
                since=record.row.at,
                value=event.value,
                quality=record.row.quality or 0,
                ordinal=record.position[0],
                seq=record.position[1],
                under=event.under,
                first_up=event.first,
                **_cover(event, record.row.at, before),
            ),
        )
    return newest


def _cover(event: AlarmEvent, at: datetime, before: AlarmMove | None) -> dict[str, Any]:
    """What is said of the cover that lies after an event, else what was said of it before."""
    if event.state not in COVERS:
        return {}
    return {
        "covered_by": event.by or (before.covered_by if before else ""),
        "covered_why": event.reason or (before.covered_why if before else ""),
        "covered_until": until(event.until_ms) or (before.covered_until if before else None),
        "covered_since": before.covered_since if before else at,
    }


def until(ms: int) -> datetime | None:
    """When a shelving ends, as the gateway says; None where it says none that could be."""
    return from_ms(ms) if 0 < ms < _LATEST_MS else None


def beneath(state: str, under: str) -> str:
    """The state that tells whether the condition of an alarm holds: a cover changes nothing about that.

    Of a cover without the letter under it nothing better is known than that the alarm may hold.
    """
    return under if state in COVERS and under else state


@dataclass(frozen=True, slots=True)
class AlarmNow:
    """An alarm as known at the moment of judging; `state` is what lies beneath a cover."""

    occurrence: str
    state: str
    position: Position


def fact_of(record: Record, now: Mapping[tuple[str, str], AlarmNow]) -> AlarmFact | None:
    """What the warning domain is told of an alarm record; None when there is nothing that it could judge.

    Args:
        record: with its row stored.
        now: alarms after everything that this transaction knows of: what was known, and this very batch.
    """
    event, alarm = record.event, record.alarm
    if not isinstance(event, AlarmEvent) or alarm is None:
        return None
    known = now.get((record.gateway.id, event.alarm))
    same = known is not None and known.occurrence == event.occurrence
    active = known is not None and known.state not in RETURNED and (same or event.transition != RAISE)
    info, point, gateway = alarm.info, alarm.point, record.gateway
    return AlarmFact(
        gateway_id=gateway.id,
        point_id=point.id,
        place=gateway.place,
        enterprise_id=gateway.enterprise_id,
        point_name=point.info.name,
        alarm=event.alarm,
        side=info.side,
        limit_name=info.limit_name,
        occurrence=event.occurrence,
        transition=event.transition,
        state=event.state,
        under=event.under,
        by=event.by,
        reason=event.reason,
        at=record.row.at,
        received_at=record.row.received_at,
        hazard_class=gateway.hazard_class,
        quantity=point.info.quantity,
        unit=point.info.unit,
        limit=info.limit,
        value=event.value,
        quality=record.row.quality or 0,
        late=is_late(record.row.at, record.row.received_at) or record.row.history,
        active_now=active,
        is_test=event.test,
    )


def is_late(at: datetime, received_at: datetime) -> bool:
    """Whether an event waited on its way."""
    return received_at - at > timedelta(seconds=LATE_AFTER_S)
