"""Keeps on disk what router and broker go by: certificates of ours, who may connect, who is revoked."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from central import clock
from central.db.pool import DATABASE_AWAY
from central.devices import enrolment
from central.devices.authority import FOLDER, Authority, write_file

if TYPE_CHECKING:
    from central.db.pool import Database
    from central.settings import Settings

_log = logging.getLogger(__name__)

ACCESS_FILE: Final = "gateways.json"
LOOK_EVERY_S: Final = 60.0
_GATHER_S: Final = 0.5  # a lorry full of gateways enrols at once: one list for all


def access_file(state: Path) -> Path:
    """The list of gateways that may connect, beside the certificates."""
    return state / FOLDER / ACCESS_FILE


async def keep_once(database: Database, settings: Settings, authority: Authority) -> None:
    """Write what is missing, changed or due.

    Raises:
        OSError: the state folder can't be written.
    """
    async with database.worker.acquire() as conn:
        now = await clock.database_now(conn)
        ids = await enrolment.admitted(conn, now)
        revoked = await enrolment.revoked_serials(conn, now)
    await asyncio.to_thread(authority.ensure_own, enrolment.hosts_of(settings), now)
    if authority.crl_is_due(revoked, now):
        await asyncio.to_thread(authority.write_crl, revoked, now)
    text = json.dumps({"gateways": ids}).encode()
    path = access_file(settings.state)
    if not path.exists() or path.read_bytes() != text:
        await asyncio.to_thread(write_file, path, text)


async def run(database: Database, settings: Settings, authority: Authority) -> None:
    """Do so at every change of trust that PostgreSQL tells of, and once a minute, until cancelled."""
    failing = False
    async with database.listen("fengsui_trust") as notices:
        while True:
            try:
                await keep_once(database, settings, authority)
                if failing:
                    _log.info("certificates and lists of gateways are kept again")
                failing = False
            except (*DATABASE_AWAY, OSError) as exc:
                if not failing:
                    _log.warning("certificates and lists of gateways wait: %s", exc)
                failing = True
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await notices.get()
                    await asyncio.sleep(_GATHER_S)
                    while not notices.empty():
                        notices.get_nowait()
            except TimeoutError:
                pass
