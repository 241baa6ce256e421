"""Keeps minutes, hours and days of every point true to its rows, also when data come late.

Ingest tells in the transaction of the rows which minutes they are in; what is over is taken from there slice
by slice, reckoned from everything that is stored by then, and told one level higher. A crash leaves it due.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from central import clock
from central.db.pool import DATABASE_AWAY
from central.telemetry import spans, store_history

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from central.db.pool import Connection, Database

    Clock = Callable[[Connection], Awaitable[datetime]]

_log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 10.0
_LONGEST_WAIT_S: Final = 300.0
# After its end a stretch rests a little, so that what is on its way does not have it reckoned twice.
_RESTS: Final = (timedelta(seconds=5), timedelta(seconds=90), timedelta(minutes=10))


async def run(database: Database) -> None:
    """Work until cancelled; wait out whatever fails, longer each time."""
    failures = 0
    while True:
        try:
            wait_s = 0.0 if await once(database) else LOOK_EVERY_S
        except Exception as exc:  # noqa: BLE001 - supervised: no sum ends the process that watches the gases
            if not failures:
                _log.warning(
                    "minutes, hours and days are not reckoned for now: %r",
                    exc,
                    exc_info=not isinstance(exc, DATABASE_AWAY),
                )
            wait_s = min(LOOK_EVERY_S * 2.0**failures, _LONGEST_WAIT_S)
            failures = min(failures + 1, 16)
        else:
            if failures:
                _log.info("minutes, hours and days are reckoned again")
            failures = 0
        await asyncio.sleep(wait_s)


async def once(database: Database, now: Clock = clock.database_now) -> bool:
    """Reckon one slice of each level, each in a transaction of its own.

    Args:
        database: its worker pool is used.
        now: gives the time; tests move it by hand.

    Returns:
        Whether something was due: then there may be more.
    """
    found = False
    for level in (spans.MINUTE, spans.HOUR, spans.DAY):
        async with database.worker.acquire() as conn, conn.transaction():
            if not await store_history.hold(conn):
                return False
            found |= await _slice(conn, level, await now(conn) - _RESTS[level])
    return found


async def _slice(conn: Connection, level: int, until: datetime) -> bool:
    """Reckon the newest slice of a level that ended by `until`; False when nothing is due."""
    first = await store_history.next_due(conn, level, until)
    if first is None:
        return False
    begin = spans.down(first, spans.SLICES[level])
    due = await store_history.take_due(conn, level, begin, begin + spans.SLICES[level], until)
    gateways = sorted({number for number, _, _ in due})
    lo, hi = min(d[1] for d in due), max(d[2] for d in due)
    await store_history.roll(conn, level, lo, hi, gateways)
    if level < spans.DAY:
        above = spans.UNITS[level + 1]
        whole = spans.down(lo, above)
        await store_history.tell_above(conn, level + 1, gateways, whole, whole + above)
    return True
