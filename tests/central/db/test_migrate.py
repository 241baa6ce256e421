from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import asyncpg
import pytest

from central.db.errors import ConfigurationError
from central.db.migrate import MIGRATIONS, applied, migrate, pending, read_migrations
from central.db.pool import connect
from central.db.schema import SCHEMA, dump_schema

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.embedded import EmbeddedServer
    from central.db.pool import DatabaseUrls


def test_the_migrations_make_exactly_the_schema_in_schema_sql(
    postgres: EmbeddedServer, database: DatabaseUrls
) -> None:
    name = urlsplit(database.worker).path.lstrip("/")
    assert dump_schema(postgres, name) == SCHEMA.read_text(encoding="utf-8"), (
        "run `fengsui central schema --write` and look at the difference"
    )


def test_a_second_run_has_nothing_to_do(database: DatabaseUrls) -> None:
    async def body() -> None:
        conn = await connect(database.admin)
        try:
            assert await migrate(conn) == []
            assert await conn.fetchval("SELECT current_user") == "postgres"
        finally:
            await conn.close()

    asyncio.run(body())


def test_two_runs_at_once_apply_each_migration_once(database: DatabaseUrls, tmp_path: Path) -> None:
    copy_of(
        tmp_path,
        "9001_slow.sql",
        "SELECT pg_sleep(0.2); CREATE TABLE slow (id int); SELECT worker_table('slow');",
    )

    async def body() -> None:
        conns = [await connect(database.admin) for _ in range(3)]
        try:
            done = await asyncio.gather(*(migrate(conn, tmp_path) for conn in conns))
            assert sorted(len(d) for d in done) == [0, 0, 1]
        finally:
            for conn in conns:
                await conn.close()

    asyncio.run(body())


def test_a_migration_that_fails_leaves_no_trace(database: DatabaseUrls, tmp_path: Path) -> None:
    copy_of(tmp_path, "9001_bad.sql", "CREATE TABLE half (id int); SELECT 1 / 0;")

    async def body() -> None:
        conn = await connect(database.admin)
        try:
            with pytest.raises(asyncpg.DivisionByZeroError):
                await migrate(conn, tmp_path)
            assert await conn.fetchval("SELECT to_regclass('public.half')") is None
            assert 9001 not in await applied(conn)
        finally:
            await conn.close()

    asyncio.run(body())


def test_an_edited_migration_is_refused() -> None:
    migrations = read_migrations()
    done = {m.number: m.checksum for m in migrations} | {1: "other"}
    with pytest.raises(ConfigurationError, match="0001_roles_and_scope was changed"):
        pending(migrations, done)


def test_a_database_of_a_newer_version_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="9999, which this version does not know"):
        pending(read_migrations(), {9999: "x"})


@pytest.mark.parametrize("name", ["1_short.sql", "0001-dash.sql", "0001_Upper.sql"])
def test_a_file_that_is_no_migration_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("SELECT 1;")
    with pytest.raises(ConfigurationError, match="NNNN_title"):
        read_migrations(tmp_path)


def test_a_number_that_comes_twice_is_named(tmp_path: Path) -> None:
    for name in ("0001_a.sql", "0001_b.sql"):
        (tmp_path / name).write_text("SELECT 1;")
    with pytest.raises(ConfigurationError, match="taken by a"):
        read_migrations(tmp_path)


def copy_of(folder: Path, name: str, text: str) -> None:
    for path in MIGRATIONS.glob("*.sql"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / name).write_text(text)
