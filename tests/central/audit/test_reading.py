"""Who reads which part of the audit, how it is searched, and what is left by reading."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from central.db.scope import Actor, Scope, acting, scoped
from central.identity import service as identity
from central.identity.models import NewAccount
from central.identity.passwords import Passwords
from tests.central import county
from tests.central.audit.keeping import Kept
from tests.central.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from central.db.pool import Database, DatabaseUrls


async def keepers(database: Database) -> None:
    """The two administrators that the county of the tests lacks."""
    async with acting(database.worker) as conn:
        for role in ("security", "auditor"):
            new = NewAccount(login=role, password=county.PASSWORD, display_name=f"{role}甲", role=role)
            await identity.create_account(conn, Passwords(), new)


async def all_of(client: httpx.AsyncClient, **filters: str) -> list[dict[str, Any]]:
    """Every entry that a reader gets, page by page."""
    rows: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await client.get("/api/v1/audit", params={"limit": "20", "cursor": cursor, **filters})
        assert answer.status_code == 200, answer.text
        rows += answer.json()["items"]
        cursor = answer.json()["next"]
    return rows


def test_each_reader_sees_the_own_part_and_nobody_reads_around_it(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            await keepers(server.database)
            worker = server.database.worker
            by_login = {r["login"]: r["id"] for r in await worker.fetch("SELECT id, login FROM account")}
            for login in ("city", "county", "township", "enterprise"):
                scope = Scope.region("42")
                async with scoped(server.database.web, scope, Actor(by_login[login], login, login)) as conn:
                    await identity.audit(conn, "test-act", "thing", login)
            seen: dict[str, set[object]] = {}
            kinds: dict[str, set[object]] = {}
            for login in ("admin", "security", "auditor", "city", "county", "enterprise"):
                async with server.client(login) as client:
                    rows = await all_of(client)
                    seen[login] = {row["subject_id"] for row in rows if row["action"] == "test-act"}
                    kinds[login] = {row["kind"] for row in rows}
                    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
                    # One entry is no way around the list.
                    hidden = await worker.fetchval(
                        "SELECT min(id) FROM audit WHERE action = 'test-act' AND subject_id = 'city'"
                    )
                    answer = await client.get(f"/api/v1/audit/{hidden}")
                    assert answer.status_code == (200 if "city" in seen[login] else 404), login
            assert kinds["admin"] == {"system"}
            assert kinds["security"] == {"security"}
            assert kinds["auditor"] == {"system", "security", "business"}
            assert seen["auditor"] == {"city", "county", "township", "enterprise"}
            assert seen["admin"] == seen["security"] == set()
            # The own operations and those of the accounts below, never those of the agency above.
            assert seen["city"] == {"city", "county", "township", "enterprise"}
            assert seen["county"] == {"county", "township", "enterprise"}
            assert seen["enterprise"] == {"enterprise"}
            for login in ("inspector", "installer", "township"):
                async with server.client(login) as client:
                    assert (await client.get("/api/v1/audit")).status_code == 403
                    assert (await client.get("/api/v1/audit/days")).status_code == 403
            reads = await worker.fetch("SELECT actor_name, kind FROM audit WHERE action = 'read-audit'")
            assert {row["actor_name"] for row in reads} == {
                f"{login}甲" for login in ("admin", "security", "auditor", "city", "county", "enterprise")
            }
            assert {row["kind"] for row in reads} == {"security"}

    asyncio.run(run())


def test_the_audit_is_searched_by_who_what_when_where_and_text_with_personal_data_masked(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            await keepers(server.database)
            county_id = await server.database.worker.fetchval("SELECT id FROM account WHERE login = 'county'")
            actor = Actor(county_id, "county", "王县", "req-1", address="10.1.2.3", device="pc")
            async with scoped(server.database.web, Scope.region("429981"), actor) as conn:
                await conn.execute(
                    "UPDATE enterprise SET contact_name = '张三丰', contact_phone = '13812345678' "
                    "WHERE code = 'E1'"
                )
            kept = Kept(server.database, tmp_path)
            await kept.write(2, days_ago=1)
            await kept.seal()
            await kept.close()
            async with server.client("auditor") as client:
                for filters in (
                    {"who": "王"}, {"actor": str(county_id), "action": "update"}, {"address": "10.1.2"},
                    {"subject_type": "enterprise", "action": "update"}, {"q": "张三丰"},
                    {"kind": "business", "q": "张"},
                ):  # fmt: skip
                    rows = await all_of(client, **filters)
                    assert len(rows) == 1, filters
                    assert rows[0]["address"] == "10.1.2.3"
                    after = rows[0]["after"]
                    assert isinstance(after, dict)
                    assert (after["contact_name"], after["contact_phone"]) == ("张**", "138****5678")
                assert await all_of(client, q="100%") == []
                assert await all_of(client, until="2001-01-01T00:00:00Z") == []
                days = (await client.get("/api/v1/audit/days")).json()["items"]
                assert [day["sound"] for day in days] == [True]
                for wrong in ("cursor=nonsense", "limit=0", "kind=x", "since=gestern", "actor=0"):
                    assert (await client.get(f"/api/v1/audit?{wrong}")).status_code == 400, wrong
            # Who made the entry reads it as it was made.
            async with server.client("county") as client:
                rows = await all_of(client, action="update", subject_type="enterprise")
                assert "13812345678" in str(rows)

    asyncio.run(run())
