"""Tidies ended sessions and old messages every hour; the audit has a worker of its own (central/audit)."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.scope import acting
from central.identity import messages, service

if TYPE_CHECKING:
    from central.db.pool import Database

_log = logging.getLogger(__name__)
_TIDY_EVERY_S = 3600.0
_AGAIN_S = 5.0


async def run(database: Database) -> None:
    """Works until cancelled; waits out a database that is away."""
    while True:
        try:
            async with acting(database.worker) as conn:
                await service.tidy_sessions(conn)
                await messages.tidy(conn, await database_now(conn))
            await asyncio.sleep(_TIDY_EVERY_S)
        except DATABASE_AWAY as exc:
            _log.warning("ended sessions wait for the database: %s", exc)
            await asyncio.sleep(_AGAIN_S)
