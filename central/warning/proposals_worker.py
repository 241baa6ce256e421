"""Gives what waited for approval as long as it may: red, unanswered in its time (law-warning 17)."""

import asyncio
import logging
from typing import Final

from central.clock import database_now
from central.db.pool import DATABASE_AWAY, Database
from central.db.scope import acting
from central.warning import proposals
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
                _log.warning("approvals wait for now: %r", exc, exc_info=unexpected)
            failed = True
            await asyncio.sleep(_AGAIN_S)
            continue
        if failed:
            _log.info("approvals are looked at again")
            failed = False
        await asyncio.sleep(_LOOK_EVERY_S)


async def step(database: Database, clock: Clock = database_now) -> bool:
    """Give one that is due; false when there is none."""
    async with acting(database.worker) as conn:
        return await proposals.give_due(conn, await clock(conn))
