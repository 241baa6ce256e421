"""Brings the database to the newest schema: ordered .sql files, forward only, under one advisory lock."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from central.db.errors import ConfigurationError

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection

MIGRATIONS = Path(__file__).with_name("migrations")
OWNER = "fengsui_owner"
_LOCK = 0x66656E67  # "feng": one migration run at a time on a database
_FILE = re.compile(r"^(\d{4})_([a-z0-9_]+)\.sql$")

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migration (
    number int PRIMARY KEY,
    title text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class Migration(Struct, frozen=True):
    number: int
    title: str
    sql: str
    checksum: str


def read_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The migrations of a folder in order.

    Raises:
        ConfigurationError: a file name that is no migration, or a number that comes twice.
    """
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _FILE.match(path.name)
        if match is None:
            raise ConfigurationError(f"{path.name}: a migration is named NNNN_title.sql")
        text = path.read_text(encoding="utf-8")
        number = int(match[1])
        if number in found:
            raise ConfigurationError(f"{path.name}: number {number:04} is taken by {found[number].title}")
        found[number] = Migration(number, match[2], text, hashlib.sha256(text.encode()).hexdigest())
    return [found[number] for number in sorted(found)]


async def applied(conn: Connection) -> dict[int, str]:
    """Numbers and checksums of what this database has."""
    if await conn.fetchval("SELECT to_regclass('public.schema_migration')") is None:
        return {}
    return {
        r["number"]: r["checksum"] for r in await conn.fetch("SELECT number, checksum FROM schema_migration")
    }


def pending(migrations: list[Migration], done: dict[int, str]) -> list[Migration]:
    """What is still to be done.

    Raises:
        ConfigurationError: the database is newer than this program, or a released migration was edited.
    """
    known = {m.number: m for m in migrations}
    newer = sorted(set(done) - set(known))
    if newer:
        raise ConfigurationError(
            f"the database has migration {newer[-1]:04}, which this version does not know: "
            "install the version that made it, or restore a backup from before"
        )
    for number, checksum in done.items():
        if known[number].checksum != checksum:
            raise ConfigurationError(
                f"migration {number:04}_{known[number].title} was changed after it was applied: "
                "put it back and write a new migration (before a release: start with an empty state folder)"
            )
    return [m for m in migrations if m.number not in done]


async def migrate(conn: asyncpg.Connection[asyncpg.Record], folder: Path = MIGRATIONS) -> list[Migration]:
    """Applies what is missing, each file in one transaction, as the owner role.

    Args:
        conn: a connection that may `SET ROLE fengsui_owner`.
        folder: where the files are.

    Returns:
        The migrations applied by this call.

    Raises:
        ConfigurationError: see `pending`.
        asyncpg.PostgresError: a statement failed; that file left no trace.
    """
    migrations = read_migrations(folder)
    await conn.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        await conn.execute(f"SET ROLE {OWNER}")
        await conn.execute(_LEDGER)
        todo = pending(migrations, await applied(conn))
        for migration in todo:
            async with conn.transaction():
                await conn.execute(migration.sql)
                await conn.execute(
                    "INSERT INTO schema_migration (number, title, checksum) VALUES ($1, $2, $3)",
                    migration.number,
                    migration.title,
                    migration.checksum,
                )
        return todo
    finally:
        await conn.execute("RESET ROLE")
        await conn.execute("SELECT pg_advisory_unlock($1)", _LOCK)
