"""What time does at the door: gives what waited for approval as long as it may, ends what has expired.

Keeps law-warning 17: red, unanswered in its time, is given.
"""

import asyncio
import logging
from typing import Final

from central.clock import database_now
from central.db.pool import DATABASE_AWAY, Database
from central.db.scope import acting
from central.warning import outside, proposals
from central.warning.answers import Clock

_log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 5.0
_AGAIN_S: Final = 5.0


async def run(database: Database) -> None:
    """Work until cancelled; waits out whatever fails."""
    failed = False
    while True:
        try:
            while await step(database):
                pass
        except Exception as exc:  # noqa: BLE001 -- supervised: an approval never ends the centre
            if not failed:
                unexpected = not isinstance(exc, DATABASE_AWAY)
                _log.warning("the door waits for now: %r", exc, exc_info=unexpected)
            failed = True
            await asyncio.sleep(_AGAIN_S)
            continue
        if failed:
            _log.info("the door is looked after again")
            failed = False
        await asyncio.sleep(_LOOK_EVERY_S)


async def step(database: Database, clock: Clock = database_now) -> bool:
    """Give one that is due, or end one that has expired; false when there is neither."""
    async with acting(database.worker) as conn:
        now = await clock(conn)
        return await proposals.give_due(conn, now) or await outside.expire_due(conn, now)
