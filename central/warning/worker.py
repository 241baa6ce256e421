"""Fires the ladders: claims a case whose timer is due, lets its core decide under the lock, commits, goes on.

Keeps law-warning 20 and law-never-lose 8: the time is the database's, the state is read again inside the
firing transaction, and a process whose clock is off claims nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from central import clock
from central.clock import database_now
from central.db.pool import CONNECTION_LOST, DATABASE_AWAY, Connection, Database
from central.db.scope import acting
from central.live.hub import Hub
from central.settings import Settings
from central.warning import firing, holds_worker, proposals_worker
from central.warning.notify import worker as notify
from central.warning.notify.models import EVERY_CHANNEL

_log = logging.getLogger(__name__)

_LOOK_AGAIN_S: Final = 5.0
_MOST_SKEW_S: Final = 1.0

Clock = Callable[[Connection], Awaitable[datetime]]


async def run(database: Database, settings: Settings, _hub: Hub | None = None) -> None:
    """Fire ladders and send calls until cancelled; `central.app` starts this in its TaskGroup."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(database, channels=notify.channels_of(settings)))
        tasks.create_task(notify.run(database, settings))
        tasks.create_task(proposals_worker.run(database))
        tasks.create_task(holds_worker.run(database, channels=notify.channels_of(settings)))


async def serve(
    database: Database, now: Clock = database_now, channels: frozenset[str] = EVERY_CHANNEL
) -> None:
    """Fire ladders until cancelled; waits out a database that is away."""
    away = False
    while True:
        try:
            async with database.listen("fengsui_timer") as notices:
                while True:
                    if now is not database_now or await _in_step(database):
                        while await fire_due(database, now, channels):
                            pass
                    if away:
                        _log.info("ladders climb again")
                        away = False
                    try:
                        async with asyncio.timeout(await _wait_s(database, now)):
                            if await notices.get() is None:
                                break  # the connection may be gone: listen anew
                        while not notices.empty():
                            notices.get_nowait()
                    except TimeoutError:
                        continue
        except DATABASE_AWAY as exc:
            if not away:
                _log.warning("ladders wait for the database: %s", exc)
            away = True
            await asyncio.sleep(1.0)


async def fire_due(
    database: Database, now: Clock = database_now, channels: frozenset[str] = EVERY_CHANNEL
) -> bool:
    """Fire the timer that is due longest; false when none is due that nobody else works on."""
    held = None
    try:
        async with acting(database.worker) as conn:
            held = await firing.claim(conn, await now(conn))
            if held is None:
                return False
            await firing.fire(conn, held, await now(conn), channels)
    except Exception as exc:
        # asyncpg refuses a value of ours with an error of the same family: no line is lost then.
        lost = isinstance(exc, CONNECTION_LOST) and not isinstance(exc, ValueError)
        # One case that can't be worked on (a defect, a broken table) must not hold up the others.
        if held is None or lost:
            raise
        _log.exception("the ladder of warning %s could not be fired; it is tried again", held)
        async with acting(database.worker) as conn:
            await firing.put_off(conn, held, await now(conn))
    return True


async def _in_step(database: Database) -> bool:
    """Say whether this process keeps the database's time to a second (law-never-lose 8)."""
    async with database.worker.acquire() as conn:
        began = clock.monotonic_s()
        theirs = await database_now(conn)
        trip_s = clock.monotonic_s() - began
    skew_s = abs((clock.wall_now() - theirs).total_seconds()) - trip_s
    if skew_s > _MOST_SKEW_S:
        _log.error("this machine's clock is %.1f s off the database's: no ladder is fired from here", skew_s)
    return skew_s <= _MOST_SKEW_S


async def _wait_s(database: Database, now: Clock) -> float:
    async with database.worker.acquire() as conn:
        due = await firing.next_due(conn)
        if due is None:
            return _LOOK_AGAIN_S
        return min(max((due - await now(conn)).total_seconds(), 0.01), _LOOK_AGAIN_S)
