"""Old entries go to files that prove themselves; nothing younger than half a year ever goes."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

import asyncpg
import pytest

from central.audit import retention
from central.db.errors import ConfigurationError, DomainError
from central.db.pool import Database
from central.db.scope import acting
from central.settings import Settings
from tests.central.audit.keeping import Kept, forging

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls


def test_less_than_half_a_year_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="180"):
        Settings.read({"FENGSUI_AUDIT_KEEP_DAYS": "179"})
    assert Settings.read({"FENGSUI_AUDIT_KEEP_DAYS": "180"}).audit_keep_days == 180


def test_old_entries_go_to_signed_files_and_the_chain_goes_on_from_them(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            kept = Kept(db, tmp_path)
            async with forging(database) as admin:
                await admin.execute("TRUNCATE audit, audit_chain, audit_pending")
            await kept.write(30, days_ago=400)
            await kept.seal()
            await kept.write(10, days_ago=250)
            await kept.seal()
            await kept.close(days_ago=1)
            await kept.write(5)
            await kept.seal()

            async def archive(keep_days: int) -> int:
                async with acting(db.worker) as conn:
                    now = await conn.fetchval("SELECT now()")
                    return await retention.archive_once(conn, kept.folder, kept.key, keep_days, now)

            # A month is gathered first, and a chain that does not verify stays where it is.
            assert await archive(390) == 0
            async with forging(database) as admin:
                await admin.execute("UPDATE audit SET reason = 'x' WHERE id = (SELECT min(id) FROM audit)")
                with pytest.raises(DomainError, match="edited 1"):
                    await archive(200)
                await admin.execute("UPDATE audit SET reason = '' WHERE id = (SELECT min(id) FROM audit)")
            assert await archive(300) == 30
            assert await archive(300) == 0
            assert await archive(200) == 10
            report = await kept.report()
            assert report.sound, report
            assert (report.archived, report.entries) == (40, report.head)
            await kept.write(3)
            await kept.seal()
            assert (await kept.report()).sound

            # The database itself lets nothing younger go, whoever asks, and nothing without its file's end.
            async with acting(db.worker) as conn:
                end = await conn.fetchrow(
                    "SELECT position, hash FROM audit_chain ORDER BY position DESC LIMIT 1"
                )
                assert end is not None
            for days, hash_ in ((179, end["hash"]), (180, end["hash"]), (180, b"x")):
                with pytest.raises(asyncpg.CheckViolationError):
                    await db.worker.execute(
                        "SELECT audit_to_archive($1, $2, 'f', 'x', $3)", end["position"], hash_, days
                    )
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.worker.execute(
                    "SELECT set_config('app.audit_archiving', '1', false); DELETE FROM audit"
                )

            first, second = sorted((kept.folder / "archive").iterdir())
            whole = second.read_bytes()
            second.write_bytes(gzip.compress(gzip.decompress(whole).replace("字".encode(), b"xyz")))
            kinds = {kind for kind, _ in await kept.found()}
            assert kinds == {"archive", "edited"}
            second.unlink()
            assert {kind for kind, _ in await kept.found()} == {"archive"}
            second.write_bytes(whole)
            first.write_bytes(first.read_bytes()[:100])
            assert {kind for kind, _ in await kept.found()} == {"archive"}

    asyncio.run(run())
