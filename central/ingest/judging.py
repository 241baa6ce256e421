"""Hands facts to the warning domain, each under a savepoint: a failure there never takes an event down.

Keeps law-never-lose 10: what could not be judged is left in `unjudged` in the same transaction, tried again
by a worker, and after a minute opens a warning at the default level of its kind.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from central.ingest import events, store
from central.ingest.events import RETURNED, AlarmNow, Record, beneath
from central.ingest.faults import is_gone
from central.ingest.metrics import UNJUDGED
from central.ingest.models import UNJUDGED_AFTER_S
from central.live import service as live
from central.telemetry import service as telemetry
from central.warning import service as warning
from central.warning.models import AlarmFact, TroubleFact
from protocol.messages import CLEAR, RAISE, UNCOVERING

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.devices.models import Gateway
    from protocol.messages import Batch

_log = logging.getLogger(__name__)
_FIRST_RETRY: Final = timedelta(seconds=2)
_LONGEST_RETRY: Final = timedelta(seconds=60)


async def attempt(conn: Connection, work: Callable[[], Awaitable[object]]) -> str | None:
    """Do something under a savepoint.

    Returns:
        None when it worked; else what went wrong, with nothing of it left in the database.

    Raises:
        Exception: the connection is gone, and with it the whole transaction.
    """
    try:
        async with conn.transaction():
            await work()
    except Exception as exc:
        # Supervised: the event must survive any failure of its judgement; nothing survives its connection.
        if is_gone(conn):
            raise
        _log.exception("judging failed")
        return f"{type(exc).__name__}: {exc}".replace("\x00", "")[:500]
    return None


async def judge(
    conn: Connection,
    record: Record,
    event_id: int,
    now_known: Mapping[tuple[str, str], AlarmNow],
    now: datetime,
) -> None:
    """Judge one alarm record and tell the consoles of it.

    Args:
        conn: in the transaction that stores the record.
        record: that calls itself an alarm, understood or not.
        event_id: its row.
        now_known: alarms as they are after this transaction.
        now: the database's time.
    """
    fact = events.fact_of(record, now_known)
    if fact is None:
        why = "not understood" if record.event is None else "its birth does not describe this alarm"
        await leave(conn, record.gateway.id, event_id, None, now, why)
        return
    fact = msgspec.structs.replace(fact, event_id=event_id)
    failed = await attempt(conn, lambda: warning.judge_alarm(conn, fact))
    if failed is not None:
        await leave(conn, record.gateway.id, event_id, fact, now, failed)
    await live.publish(
        conn,
        "alarm",
        record.gateway.place,
        {
            "event_id": event_id,
            "gateway_id": record.gateway.id,
            "enterprise_id": record.gateway.enterprise_id,
            "point_id": fact.point_id,
            "alarm": fact.alarm,
            "limit": fact.limit_name,
            "state": fact.state,
            "under": fact.under,
            "transition": fact.transition,
            "at": fact.at,
            "history": record.row.history,
        },
    )


async def leave(
    conn: Connection,
    gateway: str,
    event_id: int | None,
    fact: AlarmFact | None,
    now: datetime,
    why: str,
) -> None:
    """Leave a fact for the worker that tries again."""
    UNJUDGED.inc()
    encoded = b"" if fact is None else msgspec.msgpack.encode(fact)
    await store.add_unjudged(conn, gateway, event_id, encoded, now, now + _FIRST_RETRY, why)


def trouble(gateway: Gateway, reason: str, reference: str, at: datetime, now: datetime) -> TroubleFact:
    """What is told of a gateway whose records make trouble."""
    return TroubleFact(
        gateway_id=gateway.id,
        gateway_name=gateway.name,
        place=gateway.place,
        enterprise_id=gateway.enterprise_id,
        hazard_class=gateway.hazard_class,
        reason=reason,
        reference=reference,
        at=at,
        received_at=now,
    )


async def poisoned(conn: Connection, record: Record, quarantine_id: int, now: datetime) -> None:
    """A poisoned event opens a warning at once."""
    fact = trouble(
        record.gateway, "事件被数据库拒收，已隔离", f"quarantine/{quarantine_id}", record.row.at, now
    )
    await _warn(conn, record.gateway, fact, now)


async def _warn(conn: Connection, gateway: Gateway, fact: TroubleFact, now: datetime) -> None:
    """Open a warning; when that fails, leave word of it, which becomes a warning after a minute."""
    failed = await attempt(conn, lambda: warning.judge_poison(conn, fact))
    if failed is not None:
        _log.error("gateway %s: no warning yet of %s: %s", gateway.id, fact.reference, failed)
        await leave(conn, gateway.id, None, None, now, f"{fact.reason}（{fact.reference}）：{failed}")


async def conflict(conn: Connection, gateway: Gateway, batch: Batch, now: datetime) -> None:
    """Two versions of one range exist: a warning, since somebody has to find out why."""
    fact = trouble(
        gateway,
        f"序号 {batch.first}–{batch.last} 的内容与已入库的不一致，两份均已保留",
        f"conflict/{batch.stream}/{batch.epoch}/{batch.first}",
        now,
        now,
    )
    await _warn(conn, gateway, fact, now)


async def interleaved(conn: Connection, gateway: Gateway, boot: int, now: datetime) -> None:
    """Two boots of one gateway speak in turn: two devices carry one identity."""
    fact = trouble(
        gateway, "两台设备以同一网关身份交替上报（存储卡可能被复制）", f"interleaved/{boot}", now, now
    )
    await _warn(conn, gateway, fact, now)


async def retry_due(
    conn: Connection, now: datetime, gateway_of: Callable[[str], Gateway | None], most: int = 50
) -> int:
    """Try again what could not be judged; after a minute a warning opens at the default level.

    Args:
        conn: a transaction of a worker.
        now: the database's time.
        gateway_of: finds a gateway by id.
        most: claimed at once.

    Returns:
        How many were claimed.
    """
    rows = await store.due_unjudged(conn, now, most)
    for row in rows:
        gateway = gateway_of(row["gateway_id"])
        fact = msgspec.msgpack.decode(row["fact"], type=AlarmFact) if row["fact"] else None
        known: TroubleFact | None = None
        if gateway is not None:
            reference = f"unjudged/{row['id']}"
            known = trouble(gateway, f"事件未能研判：{row['error']}", reference, row["since"], now)
        failed: str | None = row["error"]
        if fact is not None:
            told = await _as_of_now(conn, fact)
            failed = None
            if told is not None:
                failed = await attempt(conn, lambda told=told: warning.judge_alarm(conn, told))  # type: ignore[misc]
        if failed is None:
            await store.judged(conn, row["id"])
            if row["defaulted_at"] is not None and known is not None:
                await _settle(conn, known, now)
            continue
        defaulted = row["defaulted_at"]
        overdue = now - row["since"] >= timedelta(seconds=UNJUDGED_AFTER_S)
        if defaulted is None and overdue and known is not None:
            told_of = known
            if await attempt(conn, lambda t=told_of: warning.judge_unjudged(conn, t)) is None:  # type: ignore[misc]
                defaulted = now
        if fact is None and defaulted is not None:
            # Nothing is left to try: it has its warning, and the event is kept raw.
            await store.judged(conn, row["id"])
            continue
        wait = min(_LONGEST_RETRY, _FIRST_RETRY * 2 ** min(row["attempts"] + 1, 6))
        if defaulted is None:
            wait = min(wait, max(_FIRST_RETRY, row["since"] + timedelta(seconds=UNJUDGED_AFTER_S) - now))
        await store.still_unjudged(conn, row["id"], now + wait, failed, defaulted)
    return len(rows)


async def _as_of_now(conn: Connection, fact: AlarmFact) -> AlarmFact | None:
    """A fact that waited, as it is to be judged today; None when the world has left it behind.

    A clear must not end what rose again since, and a raise that is over meanwhile calls nobody out.
    """
    for row in await telemetry.alarm_states(conn, [(fact.gateway_id, fact.alarm)]):
        state = beneath(row["state"], row["under"])
        active = row["occurrence"] == fact.occurrence and state not in RETURNED
        if fact.transition == CLEAR and active:
            return None
        if fact.transition == RAISE or fact.transition in UNCOVERING:
            return msgspec.structs.replace(fact, active_now=active, late=fact.late or not active)
    return fact


async def _settle(conn: Connection, fact: TroubleFact, now: datetime) -> None:
    failed = await attempt(
        conn, lambda: warning.settle_trouble(conn, fact, poison=False, now=now, detail="事件已补充研判")
    )
    if failed is not None:
        _log.error("gateway %s: its trouble case stays open: %s", fact.gateway_id, failed)
