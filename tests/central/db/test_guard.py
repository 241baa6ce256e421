from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from central.db.errors import ConfigurationError
from central.db.guard import open_tables, refuse_unsafe
from central.db.pool import DatabaseUrls, connect

if TYPE_CHECKING:
    from collections.abc import Callable


def after(database: DatabaseUrls, statement: str) -> list[str]:
    async def body() -> list[str]:
        admin = await connect(database.admin)
        try:
            await admin.execute(statement)
            return await open_tables(admin)
        finally:
            await admin.close()

    return asyncio.run(body())


def test_the_migrated_schema_has_no_open_table(database: DatabaseUrls) -> None:
    assert after(database, "SELECT 1") == []


MUTE = """
CREATE TABLE mute (id int);
ALTER TABLE mute ENABLE ROW LEVEL SECURITY;
ALTER TABLE mute FORCE ROW LEVEL SECURITY
"""


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("CREATE TABLE door (id int)", "door: row level security is not forced"),
        ("ALTER TABLE enterprise NO FORCE ROW LEVEL SECURITY", "enterprise: row level security is not"),
        (MUTE, "mute: no policy"),
        ("CREATE VIEW peephole AS SELECT * FROM enterprise", "peephole: a view that reads with its owner"),
        ("CREATE MATERIALIZED VIEW frozen AS SELECT 1 AS a", "frozen: a materialised view"),
    ],
)
def test_an_open_table_or_view_is_found(database: DatabaseUrls, statement: str, fault: str) -> None:
    found = after(database, statement)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_a_view_that_reads_with_the_askers_eyes_is_fine(database: DatabaseUrls) -> None:
    assert after(database, "CREATE VIEW ok WITH (security_invoker = true) AS SELECT * FROM enterprise") == []


@pytest.mark.parametrize(
    ("urls", "fault"),
    [
        (lambda u: DatabaseUrls(u.admin, u.admin, u.worker), "is a superuser"),
        (lambda u: DatabaseUrls(u.admin, u.web, u.admin), "is a superuser"),
    ],
)
def test_a_start_with_too_strong_a_role_is_refused(
    database: DatabaseUrls, urls: Callable[[DatabaseUrls], DatabaseUrls], fault: str
) -> None:
    with pytest.raises(ConfigurationError, match=fault):
        asyncio.run(refuse_unsafe(urls(database)))


def test_our_own_roles_pass(database: DatabaseUrls) -> None:
    asyncio.run(refuse_unsafe(database))


def test_every_function_that_borrows_the_owners_eyes_is_pinned_and_not_public(database: DatabaseUrls) -> None:
    async def body() -> list[str]:
        conn = await connect(database.admin)
        try:
            rows = await conn.fetch(
                "SELECT p.proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace "
                "WHERE n.nspname = 'public' AND p.prosecdef AND (p.proowner <> 'fengsui_owner'::regrole "
                "OR NOT coalesce(array_to_string(p.proconfig, ',') LIKE '%search_path=%', false) "
                "OR has_function_privilege('public', p.oid, 'EXECUTE'))"
            )
            return [row["proname"] for row in rows]
        finally:
            await conn.close()

    assert asyncio.run(body()) == []
