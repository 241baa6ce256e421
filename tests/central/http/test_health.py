from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg

from central import clock
from central.db.pool import connect
from central.http.health import Readiness
from tests.central.serving import serving

if TYPE_CHECKING:
    import pytest

    from central.db.pool import DatabaseUrls


def test_a_centre_that_works_is_live_and_ready(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server, server.client() as client:
            assert (await client.get("/health/live")).json() == {"status": "live"}
            answer = await client.get("/health/ready")
            assert (answer.status_code, answer.json()) == (200, {"status": "ready", "failing": {}})

    asyncio.run(run())


def test_a_missing_migration_and_a_lost_database_are_named(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server, server.client() as client:
            admin = await connect(database.admin)
            await admin.execute("DELETE FROM schema_migration WHERE number = 3")
            answer = await client.get("/health/ready")
            assert answer.status_code == 503
            assert answer.json()["failing"] == {"database": "migration 0003 is missing"}
            name = await admin.fetchval("SELECT current_database()")
            await admin.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            answer = await client.get("/health/ready")
            assert answer.status_code == 503
            assert set(answer.json()["failing"]) == {"database", "clock"}
            assert (await client.get("/health/live")).status_code == 200
            # What needs the database says so instead of breaking.
            answer = await client.post("/api/v1/session", json={"account": "county", "password": "x"})
            assert answer.status_code in {500, 503}
            await admin.close()

    asyncio.run(run())


def test_a_part_that_does_not_answer_is_named_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("central.http.health._PATIENCE_S", 0.05)

    async def run() -> None:
        async def sleeps() -> str | None:
            await asyncio.sleep(60)
            return None

        async def breaks() -> str | None:
            raise asyncpg.InterfaceError("pool is closed")

        async def works() -> str | None:
            return None

        readiness = Readiness()
        for part in (sleeps, breaks, works):
            readiness.add(part.__name__, part)
        assert await readiness.failing() == {
            "sleeps": "no answer in time",
            "breaks": "InterfaceError: pool is closed",
        }
        readiness.drain()
        assert await readiness.failing() == {"process": "leaving"}

    asyncio.run(run())


def test_a_clock_more_than_a_second_off_the_databases_is_not_ready(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = clock.wall_now

    async def run() -> None:
        async with serving(database) as server, server.client() as client:
            for off_s, status in ((0.4, 200), (-0.4, 200), (1.6, 503), (-3600, 503)):
                monkeypatch.setattr(clock, "wall_now", lambda off_s=off_s: real() + timedelta(seconds=off_s))
                answer = await client.get("/health/ready")
                assert answer.status_code == status, (off_s, answer.text)

    asyncio.run(run())
