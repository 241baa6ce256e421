"""Tells whoever owes a reply to a notice that its day is over."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from central.db.pool import DATABASE_AWAY
from central.warning import notices

if TYPE_CHECKING:
    from central.db.pool import Database

_log = logging.getLogger(__name__)
_EVERY_S: Final = 30.0


async def run(database: Database) -> None:
    """Look twice a minute until cancelled; waits out a database that is away."""
    while True:
        try:
            while await notices.tell_overdue(database):
                pass
        except DATABASE_AWAY as exc:
            _log.warning("overdue notices wait for the database: %s", exc)
        await asyncio.sleep(_EVERY_S)
