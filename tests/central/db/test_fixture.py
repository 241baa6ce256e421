from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from central.db.guard import open_tables
from central.db.pool import CONNECTION_LOST, Database

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_a_test_gets_a_migrated_database_of_its_own(database: DatabaseUrls) -> None:
    async def body() -> None:
        async with Database.open(database) as db:
            assert await db.worker.fetchval("SELECT count(*) FROM schema_migration") >= 3
            assert await db.web.fetchval("SELECT count(*) FROM region") == 0

    asyncio.run(body())


def test_every_table_forces_row_level_security(database: DatabaseUrls) -> None:
    async def body() -> None:
        async with Database.open(database) as db, db.worker.acquire() as conn:
            assert await open_tables(conn) == []

    asyncio.run(body())


def test_a_statement_of_a_worker_does_not_hang_for_ever(database: DatabaseUrls) -> None:
    async def body() -> None:
        async with Database.open(database, longest_s=0.2) as db:
            with pytest.raises(CONNECTION_LOST):
                await db.worker.execute("SELECT pg_sleep(5)")
            assert await db.worker.fetchval("SELECT 1") == 1
        async with Database.open(database) as db, db.worker.acquire() as conn:
            assert conn._config.command_timeout == 30  # type: ignore[attr-defined]  # told nowhere else

    asyncio.run(body())
