"""Seals the audit every second and tidies ended sessions every hour."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from central import clock
from central.db.pool import DATABASE_AWAY
from central.db.scope import acting
from central.identity import service

if TYPE_CHECKING:
    from central.db.pool import Database

_log = logging.getLogger(__name__)
_SEAL_EVERY_S = 1.0
_TIDY_EVERY_S = 3600.0
_AT_ONCE = 1000


async def run(database: Database) -> None:
    """Works until cancelled; waits out a database that is away."""
    next_tidy = clock.monotonic_s()
    away = False
    while True:
        sealed = 0
        try:
            async with acting(database.worker) as conn:
                sealed = await service.seal_audit(conn, _AT_ONCE)
                if clock.monotonic_s() >= next_tidy:
                    next_tidy = clock.monotonic_s() + _TIDY_EVERY_S
                    await service.tidy_sessions(conn)
            if away:
                _log.info("the audit is sealed again")
            away = False
        except DATABASE_AWAY as exc:
            if not away:
                _log.warning("the audit waits for the database: %s", exc)
            away = True
        if sealed < _AT_ONCE:
            await asyncio.sleep(_SEAL_EVERY_S)
