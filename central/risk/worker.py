"""Keeps indices true: what changed is reckoned within seconds, all once a day; a part a transaction."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.scope import acting
from central.risk import alerts, service, store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from central.db.pool import Connection, Database
    from central.settings import Settings

    Clock = Callable[[Connection], Awaitable[dt.datetime]]

_log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 5.0
_LONGEST_WAIT_S: Final = 300.0
ENTERPRISES: Final = 200  # a statement
AREAS: Final = 20
# An area rests a little after an enterprise of it changed: a storm has it reckoned once, not with each alarm.
_AREA_RESTS: Final = dt.timedelta(seconds=20)


class Sweep(Struct):
    """How far today's sweep has come: what could not be reckoned is passed, and tried again tomorrow."""

    day: dt.date = dt.date.min
    enterprise: int = 0
    area: str = ""
    enterprises_done: bool = False


async def run(database: Database, settings: Settings) -> None:
    """Work until cancelled; wait out whatever fails, longer each time."""
    zone, sweep, failures = ZoneInfo(settings.zone), Sweep(), 0
    while True:
        try:
            wait_s = 0.0 if await once(database, zone, sweep) else LOOK_EVERY_S
        except Exception as exc:  # noqa: BLE001 - supervised: no index ends the process that watches the gases
            if not failures:
                _log.warning(
                    "indices are not reckoned for now: %r", exc, exc_info=not isinstance(exc, DATABASE_AWAY)
                )
            wait_s = min(LOOK_EVERY_S * 2.0**failures, _LONGEST_WAIT_S)
            failures = min(failures + 1, 16)
        else:
            if failures:
                _log.info("indices are reckoned again")
            failures = 0
        await asyncio.sleep(wait_s)


async def once(
    database: Database,
    zone: ZoneInfo,
    sweep: Sweep,
    clock: Clock = database_now,
    *,
    rests: dt.timedelta = _AREA_RESTS,
) -> bool:
    """Reckon one part of the enterprises and one of the regions.

    Args:
        database: its worker pool is used.
        zone: whose days count.
        sweep: how far today's has come; changed in place.
        clock: gives the time; tests move it by hand.
        rests: so long does an area wait after a change in it.

    Returns:
        Whether something was due: then there may be more.
    """
    async with acting(database.worker) as conn:
        if not await store.hold(conn):
            return False
        now = await clock(conn)
        today = now.astimezone(zone).date()
        if sweep.day != today:
            sweep.day, sweep.enterprise, sweep.area, sweep.enterprises_done = today, 0, "", False
        book = await service.Book.at(conn, now)
        more = await _marked(conn, book, now, today) or await _swept(conn, book, sweep, now, today)
    async with acting(database.worker) as conn:
        if not await store.hold(conn):
            return more
        codes = await store.take_marked_areas(conn, now - rests, AREAS)
        due = [code for code in codes if len(code) in service.AREA_DIGITS]
        if not codes and sweep.enterprises_done:
            due = await store.unreckoned_areas(conn, today, sweep.area, AREAS)
            sweep.area = due[-1] if due else sweep.area
        if due:
            await service.reckon_areas(conn, book, due, now, today, zone)
    return more or bool(codes or due)


async def _marked(conn: Connection, book: service.Book, now: dt.datetime, today: dt.date) -> bool:
    """Enterprises whose inputs changed; whatever else was marked has its area reckoned."""
    places = await store.take_marked(conn, ENTERPRISES)
    if not places:
        return False
    await service.reckon_enterprises(conn, book, await store.at_places(conn, places), now, today)
    await alerts.forget(conn, await store.drop_gone(conn, places), now)
    await store.mark(conn, service.areas_of(places), now)
    return True


async def _swept(
    conn: Connection, book: service.Book, sweep: Sweep, now: dt.datetime, today: dt.date
) -> bool:
    """Enterprises that have no index of today yet: a day has passed over their papers, or they are new."""
    rows = await store.unreckoned(conn, today, sweep.enterprise, ENTERPRISES)
    if not rows:
        sweep.enterprises_done = True
        return False
    sweep.enterprise = rows[-1]["enterprise_id"]
    await service.reckon_enterprises(conn, book, [row["enterprise_id"] for row in rows], now, today)
    await store.mark(conn, service.areas_of(row["place"] for row in rows), now)
    return True
