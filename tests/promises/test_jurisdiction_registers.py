"""Jurisdiction over the tables of all registers, asked in SQL: a declaration cannot forget its policy."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from central.db.pool import Database, connect
from central.db.scope import Actor, scoped
from central.registry.forms.register import catalogue
from central.registry.tables import table_of
from tests.central import scene

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

TABLES = [table_of(register) for register in catalogue().values()]


def test_every_table_of_a_register_shows_the_own_and_takes_nothing_foreign(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database, web_size=2, worker_size=2) as db:
            admin = await connect(database.admin)
            await scene.build(db, admin)
            people = await scene.everybody(db, admin)
            rows = await admin.fetch(
                " UNION ALL ".join(f"SELECT '{t}' AS name, id, place, sector FROM {t}" for t in TABLES)
            )
            for walker in people:
                own = {(r["name"], r["id"]) for r in rows if walker.scope.holds(r["place"], r["sector"])}
                role = await admin.fetchval("SELECT role FROM account WHERE id = $1", walker.account_id)
                actor = Actor(walker.account_id, role)
                async with scoped(db.web, walker.scope, actor) as conn:
                    seen = await conn.fetch(
                        " UNION ALL ".join(f"SELECT '{t}' AS name, id FROM {t}" for t in TABLES)
                    )
                    assert {(r["name"], r["id"]) for r in seen} == own, walker.name
                    found = await conn.fetch(
                        "SELECT r.name AS name, search_register(r.name, 'mark') AS id "
                        "FROM unnest($1::text[]) AS r (name)",
                        list(catalogue()),
                    )
                    of = {name: table_of(register) for name, register in catalogue().items()}
                    assert {(of[r["name"]], r["id"]) for r in found} == own, walker.name
                    done = [
                        await conn.execute(f"UPDATE {name} SET title = title WHERE id = {number}")
                        for name, number in [
                            (r["name"], r["id"]) for r in rows if (r["name"], r["id"]) not in own
                        ][:20]
                    ]
                    assert set(done) <= {"UPDATE 0"}
            foreign = await admin.fetchval("SELECT id FROM enterprise WHERE code = 'E3'")
            township = next(walker for walker in people if walker.name == "township")
            for table in [table_of(r) for r in catalogue().values() if r.owner != "agency"]:
                with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.NotNullViolationError)):
                    async with scoped(db.web, township.scope, Actor(township.account_id, "township")) as conn:
                        await conn.execute(
                            f"INSERT INTO {table} (enterprise_id, state, payload, created_at, changed_at) "
                            "VALUES ($1, 'draft', '{}', now(), now())", foreign,
                        )  # fmt: skip
            await admin.close()

    asyncio.run(run())
