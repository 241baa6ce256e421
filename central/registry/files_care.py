"""What is done with attached files that lie there: scanned later, swept when no record came to use them.

Each file is dealt with by itself: one that fails is told once in the log, left alone for longer and longer,
and holds up no other.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from central import clock
from central.db.errors import DomainError
from central.db.scope import acting
from central.identity import messages
from central.identity import service as identity
from central.registry import files_store as store
from central.registry.files_scan import HARMFUL, HARMLESS, UNKNOWN, scan

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from central.db.pool import Database
    from central.registry.files import Attachments

_log = logging.getLogger(__name__)
UNUSED_FOR: Final = timedelta(days=1)
_FAILURES_IN_A_ROW: Final = 5
"""So many files after each other without an answer end a round: scanner or store are away as a whole."""


async def sweep(database: Database, attachments: Attachments, most: int = 500) -> int:
    """Removes what nobody used within a day; how many files went.

    Row first, object second, commit last: a file without a row may be left behind by a crash and is met again
    by the same content; a row that somebody may use never lacks its file.
    """
    gone = failures = 0
    async with acting(database.worker) as conn:
        before = await clock.database_now(conn) - UNUSED_FOR
        await store.forget_uploads(conn, before)
        found = await store.unused(conn, before, most)
    for sha256 in found:
        try:
            async with acting(database.worker) as conn:
                await store.lock(conn, sha256)
                if await store.forget(conn, sha256, before):
                    await attachments.objects.remove(sha256)
                    gone += 1
            failures = 0
        except DomainError as exc:
            await _failed(database, sha256, f"cannot be removed: {exc.__cause__ or exc}")
            failures += 1
            if failures == _FAILURES_IN_A_ROW:
                break
    return gone


async def scan_waiting(database: Database, attachments: Attachments, most: int = 50) -> int:
    """Asks the scanner again about files that it had no answer for; how many are judged now."""
    judged = failures = 0
    async with acting(database.worker) as conn:
        found = await store.waiting(conn, most)
    for sha256 in found:
        verdict, why, away = await _verdict(attachments, sha256)
        if verdict == HARMLESS:
            async with acting(database.worker) as conn:
                await store.is_clean(conn, sha256)
        elif verdict == HARMFUL:
            try:
                await _drop(database, attachments, sha256)
            except DomainError as exc:
                verdict, why, away = UNKNOWN, f"cannot be removed: {exc.__cause__ or exc}", True
        if verdict != UNKNOWN:
            judged, failures = judged + 1, 0
            continue
        await _failed(database, sha256, why)
        failures += away
        if failures == _FAILURES_IN_A_ROW:
            break
    return judged


async def _verdict(attachments: Attachments, sha256: str) -> tuple[str, str, bool]:
    """What the scanner says of a stored file; else why nothing, and whether that may hold for all."""
    try:
        async with fetched(attachments, sha256) as path:
            verdict, why = await scan(attachments.settings, path)
    except FileNotFoundError:
        return UNKNOWN, "the store has lost it; bring it back from a backup", False
    except (DomainError, OSError) as exc:
        return UNKNOWN, f"cannot be read: {exc.__cause__ or exc}", True
    return verdict, why, True


async def _failed(database: Database, sha256: str, why: str) -> None:
    async with acting(database.worker) as conn:
        if await store.failed(conn, sha256) == 1:
            _log.warning("the file %s waits, the others go on: %s", sha256, why)


async def _drop(database: Database, attachments: Attachments, sha256: str) -> None:
    async with acting(database.worker) as conn:
        await store.lock(conn, sha256)
        now = await clock.database_now(conn)
        for account_id, name in await store.brought_by(conn, sha256):
            await messages.tell(
                conn, account_id, f"file/{sha256}", "file", "上传的文件未通过安全检查", now,
                text=f"“{name}”含有恶意内容，已删除。请查杀本机病毒后重新导出文件。",
            )  # fmt: skip
        await store.drop(conn, sha256)
        await identity.audit(conn, "refused-file", "file", sha256)
        await attachments.objects.remove(sha256)


@asynccontextmanager
async def fetched(attachments: Attachments, sha256: str) -> AsyncIterator[Path]:
    """A stored file as a file of our own, for as long as it is entered."""
    with tempfile.TemporaryDirectory(prefix="fengsui-file-") as folder:
        path = Path(folder) / sha256
        with path.open("wb") as target:
            async for block in await attachments.objects.read(sha256):
                await asyncio.to_thread(target.write, block)
        yield path
