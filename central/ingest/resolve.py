"""What becomes of a quarantined row: stored after all, or given up; by name, with a note.

Keeps law-never-lose 10: until one of the two happens the row counts as missing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec
import numpy as np

from central import clock
from central.db.errors import DomainError, NotFoundError
from central.ingest import events, judging, poison, store
from central.ingest.directory import Directory
from central.ingest.events import AlarmNow, Record, beneath
from central.ingest.models import EventRow
from central.ingest.poison import PoisonedValue
from central.telemetry import service as telemetry
from central.telemetry.columns import DAY_US, Rows
from central.telemetry.rules import to_ms
from central.telemetry.service import History
from central.warning import service as warning
from protocol import codec
from protocol.messages import EVENT

if TYPE_CHECKING:
    from central.db.pool import Connection, Database

waiting = store.open_quarantine


async def replay(database: Database, row_id: int, by: str, note: str) -> None:
    """Store a quarantined row after all; an alarm is judged now.

    Args:
        database: a worker writes.
        row_id: of the quarantine.
        by: who does it.
        note: what was mended.

    Raises:
        NotFoundError: no such row waits.
        DomainError: PostgreSQL refuses it still.
    """
    directory = Directory(database)
    await directory.refresh(clock.monotonic_s())
    history = History(database)
    try:
        async with database.worker.acquire() as conn, conn.transaction():
            now = await clock.database_now(conn)
            row = await _locked(conn, row_id)
            if row["stream"] == EVENT:
                await _replay_event(conn, directory, row, now)
            else:
                await _replay_value(conn, history, row, now)
            await store.resolve_quarantine(conn, row_id, now, "replayed", by, note)
            await _settle(conn, directory, row, now, "隔离的记录已补录")
    except asyncpg.PostgresError as exc:
        if not poison.is_poison(exc):
            raise
        raise DomainError("still-refused", f"数据库仍然拒收：{exc}", 409) from exc


async def dismiss(database: Database, row_id: int, by: str, note: str) -> None:
    """Give a quarantined row up; it counts as declared lost from now on.

    Raises:
        NotFoundError: no such row waits.
    """
    directory = Directory(database)
    await directory.refresh(clock.monotonic_s())
    async with database.worker.acquire() as conn, conn.transaction():
        now = await clock.database_now(conn)
        row = await _locked(conn, row_id)
        await store.resolve_quarantine(conn, row_id, now, "dismissed", by, note)
        await _settle(conn, directory, row, now, "隔离的记录已由专人核销")


async def _locked(conn: Connection, row_id: int) -> Any:
    """The row, with all that wait of the same gateway: whoever resolves the last one knows that it is."""
    waits = await store.open_quarantine(conn)
    gateways = {row["gateway_id"] for row in waits if row["id"] == row_id}
    row = None
    for each in waits:
        if each["gateway_id"] in gateways:
            locked = await store.lock_quarantine(conn, each["id"])
            row = locked if each["id"] == row_id else row
    if row is None:
        raise NotFoundError(f"没有待处理的隔离记录 {row_id}。")
    return row


async def _replay_value(conn: Connection, history: History, row: Any, now: datetime) -> None:
    aside = msgspec.msgpack.decode(row["row"], type=PoisonedValue)
    rows = Rows(
        np.array([aside.at_us], np.int64),
        np.array([np.nan if aside.value is None else aside.value]),
        np.array([aside.point], np.int32),
        np.array([aside.quality], np.int16),
        np.array([aside.record], np.int16),
    )
    await history.prepare([aside.at_us // DAY_US], to_ms(now) * 1000 // DAY_US)
    batch = np.array([row["batch_id"]], np.int64)
    await history.write(conn, rows, batch, np.array([row["number"]], np.int32))


async def _replay_event(conn: Connection, directory: Directory, row: Any, now: datetime) -> None:
    event_row = msgspec.msgpack.decode(row["row"], type=EventRow)
    ids = await store.add_events(conn, [event_row])
    gateway = directory.known(row["gateway_id"])
    binding = None
    if gateway is not None:
        binding = await directory.binding(conn, gateway.id, row["birth_hash"])
    ordinal = await directory.ordinal(conn, row["gateway_id"], event_row.epoch)
    if gateway is None or binding is None or ordinal is None:
        return
    body = codec.encode_events([event_row.raw])
    try:
        ((_, event, _),) = codec.decode_events(body, event_row.seq, event_row.seq)
    except codec.FrameMalformed:
        return
    alarm = None if event_row.alarm is None else binding.alarms.get(event_row.alarm)
    record = Record(gateway, (ordinal, event_row.seq), event_row, event, alarm)
    gap = events.gap_of(record)
    if gap is not None:
        await store.add_gaps(conn, [gap], now)
    if record.calls_itself_alarm:
        keys = [(gateway.id, event_row.alarm)] if event_row.alarm else []
        known = {
            (r["gateway_id"], r["alarm"]): AlarmNow(
                r["occurrence"], beneath(r["state"], r["under"]), (r["ordinal"], r["seq"])
            )
            for r in (await telemetry.alarm_states(conn, keys) if keys else [])
        }
        event_id = ids[gateway.id, event_row.epoch, event_row.seq]
        await judging.judge(conn, record, event_id, known, now)


async def _settle(conn: Connection, directory: Directory, row: Any, now: datetime, detail: str) -> None:
    """With the last poisoned event the trouble has ended; a case may stay, its cause does not."""
    gateway = directory.known(row["gateway_id"])
    if gateway is None or row["stream"] != EVENT:
        return
    waits = await store.open_quarantine(conn)
    if any(other["gateway_id"] == row["gateway_id"] and other["stream"] == EVENT for other in waits):
        return
    fact = judging.trouble(gateway, detail, f"quarantine/{row['id']}", row["quarantined_at"], now)
    await warning.settle_trouble(conn, fact, poison=True, now=now, detail=detail)
