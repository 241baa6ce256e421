"""An audit with sealed entries and signed days, and a hand that forges it past every trigger."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from central.audit import roots, worker
from central.audit.roots import FOLDER
from central.audit.verify import verify
from central.db.pool import connect
from central.db.scope import acting
from central.devices.keys import CentreKey
from central.identity import service as identity

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central.audit.models import Report
    from central.db.pool import Connection, Database, DatabaseUrls

ZONE = "Asia/Shanghai"


class Kept:
    """The audit of one database and one state folder."""

    def __init__(self, database: Database, state: Path) -> None:
        self.database = database
        self.key = CentreKey.load(state)
        self.folder = state / FOLDER

    async def write(self, count: int, *, days_ago: int = 0) -> None:
        """Writes entries as of some days ago."""
        async with acting(self.database.worker) as conn:
            for number in range(count):
                await identity.audit(conn, "test", "thing", number, after={"n": number, "文": "字"})
        if days_ago:
            async with forging(self.database.urls) as admin:
                await admin.execute(
                    "UPDATE audit SET at = at - make_interval(days => $1) "
                    "WHERE id IN (SELECT audit_id FROM audit_pending)",
                    days_ago,
                )

    async def seal(self) -> None:
        """Seals what waits."""
        while await worker.seal_once(self.database, self.folder, self.key):
            pass

    async def close(self, *, days_ago: int = 0) -> None:
        """Closes the days that were over some days ago."""
        async with acting(self.database.worker) as conn:
            then = await conn.fetchval("SELECT now() - make_interval(days => $1)", days_ago)
            await roots.close_days(conn, self.key, ZONE, then)
        async with acting(self.database.worker) as conn:
            await roots.complete_file(conn, self.folder, self.key.public)

    async def look_for_lost_head(self) -> bool:
        """What the worker does at its start."""
        async with acting(self.database.worker) as conn:
            now = await conn.fetchval("SELECT now()")
            return await roots.remember_lost_head(conn, self.folder, self.key, now)

    async def report(self) -> Report:
        """Verifies everything."""
        return await verify(self.database, self.folder, self.key.public)

    async def found(self) -> list[tuple[str, int | None]]:
        """Kinds and positions of what a verification finds."""
        return [(finding.kind, finding.position) for finding in (await self.report()).findings]


@asynccontextmanager
async def forging(urls: DatabaseUrls) -> AsyncIterator[Connection]:
    """A superuser whose statements no trigger sees."""
    admin = await connect(urls.admin)
    try:
        await admin.execute("SET session_replication_role = replica")
        yield admin
    finally:
        await admin.close()


REMEMBER = """
CREATE SCHEMA kept;
CREATE TABLE kept.audit AS TABLE audit; CREATE TABLE kept.audit_chain AS TABLE audit_chain;
CREATE TABLE kept.audit_root AS TABLE audit_root; CREATE TABLE kept.audit_pending AS TABLE audit_pending;
CREATE TABLE kept.audit_archive AS TABLE audit_archive;
"""
RESTORE = """
TRUNCATE audit, audit_chain, audit_root, audit_pending, audit_archive;
INSERT INTO audit OVERRIDING SYSTEM VALUE SELECT * FROM kept.audit;
INSERT INTO audit_chain SELECT * FROM kept.audit_chain; INSERT INTO audit_root SELECT * FROM kept.audit_root;
INSERT INTO audit_pending SELECT * FROM kept.audit_pending;
INSERT INTO audit_archive SELECT * FROM kept.audit_archive;
"""
# Whoever rules the database computes every hash anew, from the first entry to the last.
REWRITE = """
DO $$
DECLARE
    link record; last bytea := '\\x';
BEGIN
    FOR link IN SELECT a AS entry, c.position FROM audit_chain AS c JOIN audit AS a ON a.id = c.audit_id
                ORDER BY c.position LOOP
        UPDATE audit_chain SET prev_hash = last, hash = audit_digest(last, link.entry)
        WHERE position = link.position RETURNING hash INTO last;
    END LOOP;
END $$;
"""
