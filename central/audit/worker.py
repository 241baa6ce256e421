"""Seals the audit every second, closes its days, and moves what is old enough to files."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from central import clock
from central.audit import retention, roots, statements, store
from central.audit.statements import Statement
from central.db.errors import DomainError
from central.db.pool import DATABASE_AWAY
from central.db.scope import Actor, acting
from central.identity import service as identity

if TYPE_CHECKING:
    from central.audit.statements import Signer
    from central.db.pool import Database
    from central.settings import Settings

_log = logging.getLogger(__name__)
_SEAL_EVERY_S = 1.0
_LOOK_EVERY_S = 30.0
_ARCHIVE_EVERY_S = 3600.0
_AT_ONCE = 1000
KEEPER: Final = Actor(0, "worker", "审计封存", address="system")


async def run(database: Database, settings: Settings, signer: Signer) -> None:
    """Works until cancelled; waits out a database or a disk that is away."""
    folder = settings.state / roots.FOLDER
    look_at = archive_at = clock.monotonic_s()
    begun = away = False
    while True:
        sealed = 0
        try:
            if not begun:
                async with acting(database.worker, KEEPER) as conn:
                    await roots.remember_lost_head(conn, folder, signer, await clock.database_now(conn))
                begun = True
            sealed = await seal_once(database, folder, signer)
            now_s = clock.monotonic_s()
            if now_s >= look_at and sealed < _AT_ONCE:
                look_at = now_s + _LOOK_EVERY_S
                await close_once(database, folder, signer, settings.zone)
            if now_s >= archive_at and sealed < _AT_ONCE:
                archive_at = now_s + _ARCHIVE_EVERY_S
                await archive_all(database, folder, signer, settings.audit_keep_days)
            if away:
                _log.info("the audit is sealed again")
            away = False
        except (*DATABASE_AWAY, DomainError, ValueError) as exc:
            # OSError, a full disk for example, is among what counts as away.
            if not away:
                _log.error("the audit is not kept as it should be: %s", exc)
            away = True
        if sealed < _AT_ONCE:
            await asyncio.sleep(_SEAL_EVERY_S)


async def seal_once(database: Database, folder: Path, signer: Signer) -> int:
    """Adds waiting entries to the chain and signs its new head; how many there were."""
    async with acting(database.worker, KEEPER) as conn:
        sealed = await identity.seal_audit(conn, _AT_ONCE)
        position, head = await store.head(conn) if sealed else (0, b"")
        now = await clock.database_now(conn)
    if sealed:
        said = Statement(purpose="head", position=position, hash=head.hex(), at=now)
        roots.write_head(folder, statements.sign(signer, said))
    return sealed


async def close_once(database: Database, folder: Path, signer: Signer, zone: str) -> None:
    """Signs the roots of days that are over, and completes the file of roots."""
    async with acting(database.worker, KEEPER) as conn:
        await roots.close_days(conn, signer, zone, await clock.database_now(conn))
    async with acting(database.worker, KEEPER) as conn:
        await roots.complete_file(conn, folder, signer.public)


async def archive_all(database: Database, folder: Path, signer: Signer, keep_days: int) -> None:
    """Moves everything that is old enough, file by file."""
    while True:
        async with acting(database.worker, KEEPER) as conn:
            gone = await retention.archive_once(
                conn, folder, signer, keep_days, await clock.database_now(conn)
            )
        if not gone:
            return
