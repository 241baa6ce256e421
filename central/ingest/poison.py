"""Rows that PostgreSQL refuses are sought by halving and put aside, so that the rest of their batch is kept.

Keeps law-never-lose 10: poison is only a row that was refused twice, alone, with SQLSTATE class 22 (data) or
23 (integrity). Whatever else goes wrong is raised, and there is no receipt.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import asyncpg
import msgspec
import numpy as np

from central.ingest import judging, store
from central.ingest.events import Record
from central.ingest.metrics import QUARANTINED
from central.ingest.models import QuarantineRow
from protocol.messages import EVENT, Batch

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.devices.models import Gateway
    from central.telemetry.columns import Rows
    from central.telemetry.service import History

_log = logging.getLogger(__name__)
_CLASSES: Final = ("22", "23")


class PoisonedValue(msgspec.Struct, frozen=True):
    """A row of `measurement` as it was refused; microseconds of UTC since 1970."""

    at_us: int
    value: float | None
    point: int
    quality: int
    record: int


def is_poison(exc: BaseException) -> bool:
    """Whether PostgreSQL refused the data, rather than failed."""
    return isinstance(exc, asyncpg.PostgresError) and (exc.sqlstate or "")[:2] in _CLASSES


async def write_rows(
    conn: Connection,
    history: History,
    rows: Rows,
    batch_id: int,
    gateway: Gateway,
    batch: Batch,
    now: datetime,
) -> None:
    """Write the measurements of one batch; refused rows go to quarantine.

    Args:
        conn: in the transaction of the receipt.
        history: writes.
        rows: of the batch.
        batch_id: its ledger id.
        gateway: whose it is.
        batch: for the numbers of refused records.
        now: the database's time.
    """
    refused = await _halve(conn, history, rows, batch_id, gateway.number)
    if refused is None:
        return
    if len(rows) > 1:
        half = len(rows) // 2
        await write_rows(conn, history, rows.take(slice(0, half)), batch_id, gateway, batch, now)
        await write_rows(conn, history, rows.take(slice(half, None)), batch_id, gateway, batch, now)
        return
    refused = await _halve(conn, history, rows, batch_id, gateway.number)
    if refused is None:
        return
    value = float(rows.value[0])
    aside = PoisonedValue(
        int(rows.at_us[0]),
        None if np.isnan(value) else value,
        int(rows.point[0]),
        int(rows.quality[0]),
        int(rows.record[0]),
    )
    await _put_aside(
        conn,
        gateway,
        QuarantineRow(
            gateway_id=gateway.id,
            stream=batch.stream,
            epoch=batch.epoch,
            seq=batch.first + aside.record,
            batch_id=batch_id,
            row=msgspec.msgpack.encode(aside),
            sqlstate=refused.sqlstate or "",
            reason=str(refused).replace("\x00", ""),
        ),
        now,
    )


async def _halve(
    conn: Connection, history: History, rows: Rows, batch_id: int, number: int
) -> asyncpg.PostgresError | None:
    try:
        async with conn.transaction():
            await history.write(
                conn, rows, np.full(len(rows), batch_id, np.int64), np.full(len(rows), number, np.int32)
            )
    except asyncpg.PostgresError as exc:
        if not is_poison(exc):
            raise
        return exc
    return None


async def write_events(
    conn: Connection, records: Sequence[Record], now: datetime
) -> dict[tuple[str, int, int], int]:
    """Write event rows; a refused one goes to quarantine and opens a warning.

    Returns:
        Ids of those that were written, by (gateway, epoch, seq).
    """
    written, refused = await _try_events(conn, records)
    if refused is None:
        return written
    if len(records) > 1:
        half = len(records) // 2
        first = await write_events(conn, records[:half], now)
        return first | await write_events(conn, records[half:], now)
    written, refused = await _try_events(conn, records)
    if refused is None:
        return written
    record = records[0]
    row = record.row
    quarantine_id = await _put_aside(
        conn,
        record.gateway,
        QuarantineRow(
            gateway_id=record.gateway.id,
            stream=EVENT,
            epoch=row.epoch,
            seq=row.seq,
            batch_id=row.batch_id,
            row=msgspec.msgpack.encode(row),
            sqlstate=refused.sqlstate or "",
            reason=str(refused).replace("\x00", ""),
        ),
        now,
    )
    await judging.poisoned(conn, record, quarantine_id, now)
    return {}


async def _try_events(
    conn: Connection, records: Sequence[Record]
) -> tuple[dict[tuple[str, int, int], int], asyncpg.PostgresError | None]:
    try:
        async with conn.transaction():
            return await store.add_events(conn, [r.row for r in records]), None
    except asyncpg.PostgresError as exc:
        if not is_poison(exc):
            raise
        return {}, exc


async def _put_aside(conn: Connection, gateway: Gateway, row: QuarantineRow, now: datetime) -> int:
    QUARANTINED.inc()
    _log.error(
        "gateway %s: PostgreSQL refuses number %d of epoch %x (%s %s); it is in quarantine",
        gateway.id,
        row.seq,
        row.epoch,
        row.sqlstate,
        row.reason,
    )
    return await store.add_quarantine(conn, row, now)
