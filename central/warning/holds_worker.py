"""Works on what dead things, returns and windows left: each case that they concern is decided anew.

Keeps law-warning 4: what is in `hold_task` is committed with the change that it follows, and stays until its
case was decided; a crash in between repeats it, and deciding twice changes nothing.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Final

from central.clock import database_now
from central.db.pool import CONNECTION_LOST, DATABASE_AWAY, Database
from central.db.scope import acting
from central.warning import holds, ladder
from central.warning.answers import Clock
from central.warning.notify.models import EVERY_CHANNEL

_log = logging.getLogger(__name__)
_LOOK_AGAIN_S: Final = 5.0
_AFTER_FAILURE: Final = timedelta(seconds=30)


async def run(
    database: Database, now: Clock = database_now, channels: frozenset[str] = EVERY_CHANNEL
) -> None:
    """Work on what was left until cancelled; waits out a database that is away."""
    away = False
    while True:
        try:
            async with database.listen("fengsui_timer") as notices:
                while True:
                    while await step(database, now, channels):
                        pass
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
                _log.warning("what waits for windows and gateways waits for the database: %s", exc)
            away = True
            await asyncio.sleep(1.0)


async def step(
    database: Database, now: Clock = database_now, channels: frozenset[str] = EVERY_CHANNEL
) -> bool:
    """Do one task that is due; false when there is none that nobody else works on."""
    task = None
    try:
        async with acting(database.worker) as conn:
            task = await holds.claim_task(conn, await now(conn))
            if task is None:
                return False
            case = await holds.spread(conn, task)
            if case is not None:
                await ladder.reconsider(conn, case, await now(conn), channels)
    except Exception as exc:
        # Supervised: one case that can't be worked on must not hold up the others.
        if task is None or (isinstance(exc, CONNECTION_LOST) and not isinstance(exc, ValueError)):
            raise
        _log.exception("what follows for a case that waits could not be decided; it is tried again")
        async with acting(database.worker) as conn:
            await conn.execute(holds.Q.put_off_task, task["id"], await now(conn) + _AFTER_FAILURE)
    return True


async def _wait_s(database: Database, now: Clock) -> float:
    async with database.worker.acquire() as conn:
        due = await conn.fetchval(holds.Q.next_task)
        if due is None:
            return _LOOK_AGAIN_S
        wait_s: float = (due - await now(conn)).total_seconds()
        return min(max(wait_s, 0.05), _LOOK_AGAIN_S)
