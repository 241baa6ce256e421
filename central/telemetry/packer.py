"""Packs days that are over: each row is packed, unpacked and compared before its partition may go.

Keeps law-never-lose 14: what is receipted stays, as a row or packed. The bodies of a day are written in one
transaction and count from a second one on, which drops the partition: it holds the day against writers, sees
that none came since, and that there are as many rows as were packed. A crash at any point leaves the rows as
they were; bodies of a packing that never ended are seen by nobody and go with the next try. Late rows of a
packed day make a partition of their own, which is packed beside the rest.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import asyncpg
import numpy as np

from central import clock
from central.db.pool import DATABASE_AWAY, connect
from central.telemetry import packing, spans, store_history
from central.telemetry.packing import PointRows

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from central.db.pool import Connection, Database

    Clock = Callable[[Connection], Awaitable[datetime]]

_log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 900.0
_FIRST_AFTER_S: Final = 120.0  # a start has more urgent things to do
_TOGETHER: Final = 5000  # rows fetched at once
_PATIENCE: Final = "3s"  # for a lock: nobody who stores values waits longer for this


class UnlikeError(RuntimeError):
    """Packed rows did not come back as they were: nothing was removed."""


async def run(database: Database) -> None:
    """Work until cancelled; what fails is said and tried again at the next look."""
    await asyncio.sleep(_FIRST_AFTER_S)
    failing = False
    while True:
        try:
            await once(database)
            failing = False
        except Exception as exc:  # noqa: BLE001 - supervised: no old day ends the process that watches the gases
            if not failing:
                _log.warning(
                    "old days are not packed for now: %r", exc, exc_info=not isinstance(exc, DATABASE_AWAY)
                )
            failing = True
        await asyncio.sleep(LOOK_EVERY_S)


async def once(database: Database, now: Clock = clock.database_now) -> list[date]:
    """Pack every day that is old enough and rests; returns those that were packed.

    Args:
        database: a connection of its own is opened: sorting a day takes longer than others may wait.
        now: gives the time; tests move it by hand.
    """
    conn = await connect(database.urls.worker)
    try:
        moment = await now(conn)
        days = await store_history.days_to_pack(conn, moment)
        return [day for day in days if await _whole(conn, day, moment)]
    finally:
        await conn.close(timeout=5)


async def _whole(conn: Connection, day: date, moment: datetime) -> bool:
    """Pack one day; False when it has to wait for somebody, or somebody stored more of it."""
    try:
        async with conn.transaction():
            await store_history.be_patient(conn, _PATIENCE)
            generation = await store_history.begin_packing(conn, day)
        await write(conn, day, generation)
        async with conn.transaction():
            await store_history.be_patient(conn, _PATIENCE)
            return await store_history.finish_packing(conn, day, moment)
    except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
        _log.info("%s is packed later: it is in use", day)
        return False


async def write(conn: Connection, day: date, generation: int) -> None:
    """Write the bodies of a day under a generation, all or none; they do not count yet.

    Args:
        conn: outside a transaction.
        day: of UTC.
        generation: as `begin_packing` gave it.

    Raises:
        UnlikeError: a body does not come back as it was.
    """
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    async with conn.transaction():
        async for point, part, rows in _bodies(conn, begin, begin + timedelta(days=1)):
            body = packing.pack(rows)
            if not packing.unpack(body).same(rows):
                raise UnlikeError(f"point {point} of {day}: packed rows come back otherwise")
            first, last = (spans.moment(int(at)) for at in (rows.at_us.min(), rows.at_us.max()))
            await store_history.keep_packed(conn, first, last, point, day, generation, part, len(rows), body)
            await asyncio.sleep(0)  # packing one body takes milliseconds: others go in between


async def _bodies(
    conn: Connection, begin: datetime, end: datetime
) -> AsyncIterator[tuple[int, int, PointRows]]:
    """Rows of a stretch as (point, part, rows), each part as long as a body may be."""
    held: list[Any] = []
    point, part = 0, 0
    async for row in store_history.rows_of_day(conn, begin, end, _TOGETHER):
        if held and (row["point_id"] != point or len(held) == packing.MOST_ROWS):
            yield point, part, _rows(held)
            part = part + 1 if row["point_id"] == point else 0
            held = []
        point = row["point_id"]
        held.append(row)
    if held:
        yield point, part, _rows(held)


def _rows(records: list[Any]) -> PointRows:
    return PointRows(
        np.array([r["at_us"] for r in records], np.int64),
        np.array([np.nan if r["value"] is None else r["value"] for r in records], np.float64),
        np.array([r["quality"] for r in records], np.int16),
        np.array([r["batch_id"] for r in records], np.int64),
        np.array([r["gateway"] for r in records], np.int32),
        np.array([r["record"] for r in records], np.int16),
    )
