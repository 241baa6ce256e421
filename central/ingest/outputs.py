"""What gateways say of horns and beacons, on its way to the outputs' rows and to warnings.

Heartbeats say whether an output follows, events why not and how tests went; that a test by time is overdue is
noticed here. A judgement that fails takes no event with it: it leaves word, and becomes a warning after a
minute (law-never-lose 10).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from central.devices import outputs, rules
from central.ingest import judging
from central.ingest.events import TEXT, Record, is_late
from central.warning import service as warning
from central.warning.models import DROPPED, OUTPUT, SOUNDER, OutputFact
from protocol.messages import Heartbeat, OutputEvent

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.devices.models import Gateway

_log = logging.getLogger(__name__)
TEST: Final = "test"
PUT_OFF: Final = "put-off"
_MOST: Final = 256  # outputs or annunciators of one gateway
_INT: Final = (1 << 31) - 1
Said = dict[str, tuple[bool, int]]
"""By output: it follows; how often it is tried by time, in seconds."""


def said(beat: Heartbeat) -> Said:
    """What a heartbeat says of its outputs."""
    every = {one.name: max(0, min(one.test_every_s, _INT)) for one in beat.annunciators}
    return {
        rules.storable(one.output): (one.ok, every.get(one.output.rpartition(".")[0], 0))
        for one in beat.outputs[:_MOST]
    }


def loads(gateway: str, beat: Heartbeat) -> list[outputs.Load]:
    """How busy a gateway's annunciators are, each once."""
    by_name = {rules.storable(one.name): one for one in beat.annunciators[:_MOST]}
    return [(gateway, name, max(0, min(one.annunciations, _INT)), one.flood) for name, one in by_name.items()]


async def follow(conn: Connection, gateway: Gateway, states: Said, now: datetime) -> None:
    """Keep whether outputs follow, and judge those of which that changed, in one transaction."""
    for row in await outputs.keep_outputs(conn, gateway.id, states, now):
        if not row["ok"]:
            _log.warning("gateway %s: output %s does not follow", gateway.id, row["output"])
        wrong = not row["ok"]
        fact = _fact(gateway, OUTPUT, row["output"], wrong, row["reason"], now.isoformat(), now, now)
        await warning.judge_output(conn, fact)
    for row in await outputs.drop_outputs(conn, gateway.id, states):
        kinds = [] if row["named"] else [OUTPUT]
        if not row["named"] or row["test_ok"] is not False:
            kinds.append(SOUNDER)
        for kind in kinds:
            fact = _fact(gateway, kind, row["output"], False, DROPPED, now.isoformat(), now, now)
            await warning.judge_output(conn, fact)


async def take(
    conn: Connection,
    records: Iterable[Record],
    ids: Mapping[tuple[str, int, int], int],
    now: datetime,
) -> None:
    """Keep what stored events say of outputs, the newest of each alone; judge the newest tests.

    Args:
        conn: in the transaction that stores them.
        records: with their rows stored.
        ids: of their rows.
        now: the database's time.
    """
    newest: dict[tuple[str, str, bool], tuple[Record, OutputEvent]] = {}
    for record in records:
        event = record.event
        if not isinstance(event, OutputEvent) or event.state == PUT_OFF:
            continue
        key = (record.gateway.id, rules.storable(event.output), event.state == TEST)
        if key not in newest or newest[key][0].position < record.position:
            newest[key] = (record, event)
    for (gateway, output, is_test), (record, event) in sorted(newest.items(), key=lambda one: one[0]):
        reason = rules.plain(event.reason)[:TEXT]
        if not is_test:
            await outputs.keep_output_event(conn, gateway, output, "" if event.ok else reason, now)
            continue
        moved = await outputs.keep_test(
            conn,
            gateway,
            output,
            at=record.row.at,
            ok=event.ok,
            reason=reason,
            position=record.position,
            now=now,
        )
        # A failure that waited on its way calls nobody out: it is shown, and the next test will tell.
        if moved and (event.ok or not is_late(record.row.at, now)):
            reference = f"test/{record.row.epoch}/{record.row.seq}"
            fact = _fact(record.gateway, SOUNDER, output, not event.ok, reason, reference, record.row.at, now)
            event_id = ids[gateway, record.row.epoch, record.row.seq]
            await _judge(conn, record.gateway, event_id, fact, now)


async def notice_overdue(conn: Connection, now: datetime, gateway_of: Callable[[str], Gateway | None]) -> int:
    """Open a warning for each output whose test by time became overdue; returns how many.

    Args:
        conn: a transaction of a worker.
        now: the database's time.
        gateway_of: finds a gateway by id.
    """
    rows = await outputs.claim_overdue(conn, now)
    for row in rows:
        gateway = gateway_of(row["gateway_id"])
        if gateway is None:
            continue
        last = row["tested_at"]
        reason = "overdue: never tried" if last is None else f"overdue: tried last at {last.isoformat()}"
        reference = f"overdue/{(last or row['seen_at']).isoformat()}"
        fact = _fact(gateway, SOUNDER, row["output"], True, reason, reference, now, now)
        await _judge(conn, gateway, None, fact, now)
    return len(rows)


async def _judge(
    conn: Connection, gateway: Gateway, event_id: int | None, fact: OutputFact, now: datetime
) -> None:
    failed = await judging.attempt(conn, lambda: warning.judge_output(conn, fact))
    if failed is not None:
        await judging.leave(conn, gateway.id, event_id, None, now, f"{fact.output}: {failed}")


def _fact(
    gateway: Gateway,
    kind: str,
    output: str,
    wrong: bool,
    reason: str,
    reference: str,
    at: datetime,
    now: datetime,
) -> OutputFact:
    return OutputFact(
        kind=kind,
        gateway_id=gateway.id,
        gateway_name=gateway.name,
        place=gateway.place,
        enterprise_id=gateway.enterprise_id,
        hazard_class=gateway.hazard_class,
        output=output,
        wrong=wrong,
        reason=reason,
        reference=reference,
        at=at,
        received_at=now,
    )
