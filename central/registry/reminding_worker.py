"""Looks every ten minutes, and at the first minute of a day, for what begins, ends or is due; tells it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.scope import acting
from central.registry import reminding, stops

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from central.db.pool import Connection, Database
    from central.settings import Settings

    Clock = Callable[[Connection], Awaitable[datetime]]

_log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 600.0
_AGAIN_S: Final = 5.0


async def run(database: Database, settings: Settings) -> None:
    """Works until cancelled; waits out whatever fails, longer each time."""
    zone = ZoneInfo(settings.zone)
    failures = 0
    while True:
        try:
            await once(database, zone)
            wait_s = await _until_next(database, zone)
        except Exception as exc:  # noqa: BLE001 -- supervised: no reminder ends the process that watches the gases
            if not failures:
                unexpected = not isinstance(exc, DATABASE_AWAY)
                _log.warning("reminders are not found for now: %r", exc, exc_info=unexpected)
            wait_s = min(_AGAIN_S * 2.0**failures, _LOOK_EVERY_S)
            failures = min(failures + 1, 16)
        else:
            if failures:
                _log.info("reminders are found again")
            failures = 0
        await asyncio.sleep(wait_s)


async def once(
    database: Database, zone: ZoneInfo, clock: Clock = database_now, size: int = reminding.PART
) -> reminding.Round:
    """Looks once, part by part in transactions of their own, then tells whom it concerns.

    Args:
        database: the worker's pool is used.
        zone: whose days count.
        clock: gives the time; tests move it by hand.
        size: enterprises a part.
    """
    async with acting(database.worker) as conn:
        now = await clock(conn)
        parts = await reminding.parts(conn, size)
    today = now.astimezone(zone).date()
    while True:
        # A stop that begins or ends today changes what is owed.
        async with acting(database.worker) as conn:
            if not await stops.step(conn, today):
                break
    changed = reminding.Round()
    for part in parts:
        for one in reminding.looks():
            async with acting(database.worker) as conn:
                seen = await reminding.look(conn, one, part, now, today)
            changed.found += seen.found
            changed.settled += seen.settled
            changed.moved += seen.moved
    while True:
        async with acting(database.worker) as conn:
            if not await reminding.tell(conn, now, today):
                return changed


async def _until_next(database: Database, zone: ZoneInfo) -> float:
    async with database.worker.acquire() as conn:
        now = (await database_now(conn)).astimezone(zone)
    # What changes with the day is seen in its first minute.
    left_s = 86_400 - (now.hour * 3600 + now.minute * 60 + now.second) + 30
    return float(min(_LOOK_EVERY_S, left_s))
