"""The jurisdiction that PostgreSQL enforces, asked with real rows through the web role."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.db.pool import Database, connect
from central.db.scope import Actor, Scope, acting, enter, scoped
from tests.central import county

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from central.db.pool import DatabaseUrls

TOWN = Scope.region("429981101")
PLACES = [county.E1, county.E10, county.E2, county.E3]


def within(database: DatabaseUrls, body: Callable[[Database], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Database.open(database, web_size=2, worker_size=2) as db:
            await county.found(db)
            await body(db)

    asyncio.run(run())


async def places(db: Database, scope: Scope) -> list[str]:
    async with scoped(db.web, scope) as conn:
        return [r["place"] for r in await conn.fetch("SELECT place FROM enterprise ORDER BY place")]


def test_a_region_is_a_tree_and_an_enterprise_a_leaf() -> None:
    assert [p for p in PLACES if Scope.region("42").holds(p)] == PLACES
    assert [p for p in PLACES if Scope.region("429981").holds(p)] == [county.E1, county.E10, county.E2]
    assert [p for p in PLACES if Scope.enterprise(county.E1).holds(p)] == [county.E1]
    assert not any(Scope.nothing().holds(p) for p in PLACES)
    assert Scope.region("429981").holds("429981/E7")
    assert not Scope.region("429981").holds("42998")


def test_codes_that_are_no_region_are_refused() -> None:
    for wrong in ("", "4", "429", "42998", "4299811", "42a9", "４２"):
        with pytest.raises(ValueError, match="digits"):
            Scope.region(wrong)
    with pytest.raises(ValueError, match="not the place"):
        Scope.enterprise("429981")


@given(st.lists(st.sampled_from(["42", "4299", "429981", "429981101", "429981102", "429982101"]), max_size=5))
def test_a_union_holds_exactly_what_its_parts_hold(codes: list[str]) -> None:
    parts = [Scope.region(code) for code in codes]
    whole = Scope.union(parts)
    for place in PLACES:
        assert whole.holds(place) == any(part.holds(place) for part in parts)


def test_the_database_shows_exactly_what_the_scope_holds(database: DatabaseUrls) -> None:
    async def body(db: Database) -> None:
        for scope in (
            Scope.nothing(),
            TOWN,
            Scope.region("429981"),
            Scope.region("42"),
            Scope.enterprise(county.E1),
            Scope.union([Scope.region("429981102"), Scope.region("429982101")]),
            Scope.union([Scope.enterprise(county.E1), Scope.enterprise(county.E3)]),
        ):
            expected = sorted(place for place in PLACES if scope.holds(place))
            assert await places(db, scope) == expected, scope

    within(database, body)


def test_a_connection_forgets_the_scope_with_its_transaction(database: DatabaseUrls) -> None:
    async def body(db: Database) -> None:
        async with db.web.acquire() as conn:
            async with conn.transaction():
                await enter(conn, Scope.region("42"))
                assert await conn.fetchval("SELECT count(*) FROM enterprise") == 4
            assert await conn.fetchval("SELECT count(*) FROM enterprise") == 0
            assert await conn.fetchval("SELECT current_setting('app.actor', true)") == ""
        # Many readers over two connections, each sees its own.
        scopes = [TOWN, Scope.region("429982101"), Scope.nothing(), Scope.region("42")] * 10
        seen = await asyncio.gather(*(places(db, scope) for scope in scopes))
        for scope, found in zip(scopes, seen, strict=True):
            assert found == sorted(p for p in PLACES if scope.holds(p))

    within(database, body)


def test_a_failed_request_leaves_no_scope_behind(database: DatabaseUrls) -> None:
    async def body(db: Database) -> None:
        for _ in range(4):
            with pytest.raises(asyncpg.DivisionByZeroError):
                async with scoped(db.web, Scope.region("42")) as conn:
                    await conn.execute("SELECT 1 / 0")
        assert await db.web.fetchval("SELECT count(*) FROM enterprise") == 0

    within(database, body)


def test_nobody_writes_outside_the_scope(database: DatabaseUrls) -> None:
    async def body(db: Database) -> None:
        insert = (
            "INSERT INTO enterprise (code, name, credit_code, region_code) "
            f"VALUES ('E9', '越界', '{county.credit_code(9)}', '429982101')"
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with scoped(db.web, TOWN, Actor(3, "township")) as conn:
                await conn.execute(insert)
        async with scoped(db.web, TOWN, Actor(3, "township")) as conn:
            assert await conn.execute("UPDATE enterprise SET name = '改' WHERE code = 'E3'") == "UPDATE 0"
        # Moving one's own enterprise out of the own jurisdiction is a write outside of it.
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with scoped(db.web, TOWN, Actor(3, "township")) as conn:
                await conn.execute("UPDATE enterprise SET region_code = '429982101' WHERE code = 'E1'")

    within(database, body)


def test_no_setting_of_ones_own_widens_a_scope_beyond_the_list(database: DatabaseUrls) -> None:
    async def body(db: Database) -> None:
        two = Scope.union([Scope.region("429981101"), Scope.region("429982101")])
        assert county.E2 not in await places(db, two), "between the two townships, inside the enclosing range"

    within(database, body)


def test_requests_do_not_read_what_belongs_to_workers(database: DatabaseUrls) -> None:
    async def body(db: Database) -> None:
        async with scoped(db.web, Scope.region("42"), Actor(3, "township")) as conn:
            for table in ("session", "audit_chain", "audit_pending"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with conn.transaction():
                        await conn.fetch(f"SELECT * FROM {table}")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with conn.transaction():
                    await conn.fetch("SELECT password_hash FROM account")
            assert [r["login"] for r in await conn.fetch("SELECT login FROM account")] == ["township"]
            assert await conn.fetch("SELECT * FROM account_area") == []
            assert await conn.fetch("SELECT * FROM audit") == []
        # Whoever keeps accounts sees those of the own scope, and of nobody beside or above.
        async with scoped(db.web, Scope.region("429981"), Actor(2, "county")) as conn:
            seen = {r["login"] for r in await conn.fetch("SELECT login FROM account")}
            assert {"county", "township", "enterprise"} <= seen
            assert not {"city", "inspector", "admin"} & seen

    within(database, body)


def test_the_range_of_a_scope_is_served_by_an_index(database: DatabaseUrls) -> None:
    async def body(db: Database) -> None:
        admin = await connect(database.admin)
        try:
            await admin.execute(
                "INSERT INTO live_event (kind, place, payload) "
                "SELECT 'x', '4299' || (10 + i % 80) || (100 + i % 900) || '/E' || i, '{}' "
                "FROM generate_series(1, 20000) AS i"
            )
            await admin.execute("CREATE INDEX live_event_place ON live_event (place)")
            await admin.execute("ANALYZE live_event")
        finally:
            await admin.close()
        for scope in (TOWN, Scope.union([TOWN, Scope.region("429981103")])):
            async with scoped(db.web, scope) as conn:
                plan = "\n".join(
                    r[0]
                    for r in await conn.fetch("EXPLAIN SELECT id FROM live_event ORDER BY place LIMIT 50")
                )
            assert "Index Cond" in plan, plan
            assert "place >= " in plan, plan

    within(database, body)


def test_no_plan_made_for_one_scope_is_used_for_another(database: DatabaseUrls) -> None:
    async def body(db: Database) -> None:
        async with db.web.acquire() as conn:
            assert await conn.fetchval("SELECT current_setting('plan_cache_mode')") == "force_custom_plan"
            for scope in (Scope.region("42"), TOWN):
                async with conn.transaction():
                    await enter(conn, scope)
                    await conn.fetch("SELECT count(*) FROM enterprise")
            # A statement without parameters would keep its first plan for as long as it stays prepared.
            assert await conn.fetchval("SELECT count(*) FROM pg_prepared_statements") == 0

    within(database, body)


def test_the_worker_sees_all_and_is_named_in_the_audit(database: DatabaseUrls) -> None:
    async def body(db: Database) -> None:
        async with acting(db.worker, Actor(0, "system", "夜班任务")) as conn:
            await conn.execute("UPDATE enterprise SET name = '新名' WHERE code = 'E3'")
            row = await conn.fetchrow(
                "SELECT actor_name, before->>'name' AS old, after->>'name' AS new FROM audit "
                "WHERE subject_type = 'enterprise' ORDER BY id DESC LIMIT 1"
            )
        assert row is not None
        assert (row["actor_name"], row["old"], row["new"]) == ("夜班任务", "企业E3", "新名")

    within(database, body)
