"""Sweeps files that nobody used, and asks the scanner again about those that wait."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from central.db.pool import DATABASE_AWAY
from central.registry import files, files_care, files_parts
from central.registry.files_objects import UPLOADS

if TYPE_CHECKING:
    from central.db.pool import Database
    from central.settings import Settings

_log = logging.getLogger(__name__)
_SCAN_EVERY_S: Final = 30.0
_SWEEP_EVERY: Final = 120  # of those rounds: an hour


async def run(database: Database, settings: Settings) -> None:
    """Works until cancelled; waits out a database that is away. A file that fails holds up no other."""
    attachments = files.Attachments(settings)
    number = 0
    while True:
        try:
            if settings.file_scan:
                await files_care.scan_waiting(database, attachments)
            if number % _SWEEP_EVERY == 0:
                gone = await files_care.sweep(database, attachments)
                gone += await files_parts.sweep(database, settings.state / UPLOADS)
                if gone:
                    _log.info("%s unused files were swept", gone)
        except DATABASE_AWAY as exc:
            _log.warning("attached files wait for the database: %s", exc)
        number += 1
        await asyncio.sleep(_SCAN_EVERY_S)
