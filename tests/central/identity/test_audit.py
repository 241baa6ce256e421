from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import asyncpg
import pytest

from central.db.pool import Database, connect
from central.db.scope import Actor, Scope, acting, scoped
from central.identity import service
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_every_change_of_a_registered_table_is_written_with_before_and_after(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            actor = Actor(2, "county", "王县", "req-1")
            async with scoped(db.web, Scope.region("429981"), actor) as conn:
                await conn.execute("UPDATE enterprise SET contact_phone = '13800000000' WHERE code = 'E1'")
            row = await db.worker.fetchrow(
                "SELECT actor, actor_name, action, request, before->>'contact_phone' AS old, "
                "after->>'contact_phone' AS new FROM audit ORDER BY id DESC LIMIT 1"
            )
            assert row is not None
            assert tuple(row) == (2, "王县", "update", "req-1", "", "13800000000")
            secrets = await db.worker.fetchval(
                "SELECT count(*) FROM audit WHERE after ? 'password_hash' OR before ? 'password_hash'"
            )
            assert secrets == 0

    asyncio.run(run())


def test_a_change_that_is_rolled_back_leaves_no_row(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            before = await db.worker.fetchval("SELECT count(*) FROM audit")

            async def fail() -> None:
                async with acting(db.worker) as conn:
                    await conn.execute("UPDATE enterprise SET name = 'x' WHERE code = 'E1'")
                    await conn.execute("SELECT 1 / 0")

            with pytest.raises(asyncpg.DivisionByZeroError):
                await fail()
            assert await db.worker.fetchval("SELECT count(*) FROM audit") == before

    asyncio.run(run())


def test_the_audit_cannot_be_changed_by_anybody(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            admin = await connect(database.admin)
            try:
                for conn in (admin, await db.worker.acquire(), await db.web.acquire()):
                    for statement in (
                        "UPDATE audit SET actor_name = 'x'", "DELETE FROM audit", "TRUNCATE audit",
                        "DELETE FROM audit_chain",
                    ):  # fmt: skip
                        with pytest.raises(asyncpg.InsufficientPrivilegeError):
                            await conn.execute(statement)
                    if conn is not admin:
                        pool = (
                            db.worker
                            if "worker" in str(await conn.fetchval("SELECT current_user"))
                            else db.web
                        )
                        await pool.release(conn)  # type: ignore[arg-type]
            finally:
                await admin.close()

    asyncio.run(run())


def test_nobody_writes_in_anothers_name(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with scoped(db.web, Scope.region("42"), Actor(2, "county")) as conn:
                    await conn.execute(
                        "INSERT INTO audit (actor, action, subject_type, subject_id) VALUES (7, 'x', 'x', '')"
                    )

    asyncio.run(run())


def test_the_chain_holds_every_entry_once_under_concurrent_writers_and_sealers(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with Database.open(database, worker_size=10) as db:

            async def write(number: int) -> None:
                async with acting(db.worker) as conn:
                    await service.audit(conn, "test", "thing", number, after={"n": number, "文": "字"})
                    await asyncio.sleep(0.001 * (number % 7))

            async def seal() -> None:
                for _ in range(20):
                    async with acting(db.worker) as conn:
                        await service.seal_audit(conn, 7)

            await asyncio.gather(*(write(n) for n in range(60)), seal(), seal())
            async with acting(db.worker) as conn:
                while await service.seal_audit(conn):
                    pass
                chain = await conn.fetch(
                    "SELECT position, audit_id, prev_hash, hash FROM audit_chain ORDER BY position"
                )
                total = await conn.fetchval("SELECT count(*) FROM audit")
                assert await conn.fetchval("SELECT count(*) FROM audit_pending") == 0
                bad = await conn.fetchval(
                    "SELECT count(*) FROM audit_chain AS c JOIN audit AS a ON a.id = c.audit_id "
                    "WHERE c.hash <> sha256(c.prev_hash || convert_to(jsonb_build_array("
                    "a.id, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor, a.actor_name, a.action, "
                    "a.subject_type, a.subject_id, a.before, a.after, a.reason, a.request)::text, 'UTF8'))"
                )
            assert bad == 0
            assert [row["position"] for row in chain] == list(range(1, total + 1))
            assert len({row["audit_id"] for row in chain}) == total
            previous = b""
            for row in chain:
                assert row["prev_hash"] == previous
                assert len(row["hash"]) == hashlib.sha256().digest_size
                previous = row["hash"]

    asyncio.run(run())


def test_administrators_read_the_audit_page_by_page_and_others_do_not(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("admin") as client:
                seen: list[int] = []
                cursor: str | None = ""
                while cursor is not None:
                    answer = await client.get("/api/v1/audit", params={"limit": 5, "cursor": cursor})
                    assert answer.status_code == 200, answer.text
                    page = answer.json()
                    seen += [row["id"] for row in page["items"]]
                    cursor = page["next"]
                assert seen == sorted(seen, reverse=True)
                assert len(seen) == await server.database.worker.fetchval("SELECT count(*) FROM audit")
                assert (await client.get("/api/v1/audit?cursor=nonsense")).status_code == 400
                assert (await client.get("/api/v1/audit?limit=0")).status_code == 400
            async with server.client("county") as client:
                assert (await client.get("/api/v1/audit")).status_code == 403

    asyncio.run(run())
