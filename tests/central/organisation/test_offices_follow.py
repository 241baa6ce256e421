"""Where an office sits, so do its people: after a reorganisation, and after an enterprise moved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from central.db.pool import Database
from central.db.scope import Scope, acting, scoped
from central.organisation import moves_store
from tests.central import county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

OFFICES = """
INSERT INTO department (agency_id, name) VALUES (2, '县科室'), (3, '镇科室');
INSERT INTO department (enterprise_id, name) SELECT id, '安全部' FROM enterprise WHERE code = 'E1';
INSERT INTO region (code, name, parent_code) VALUES ('429991', '新临江区', '4299');
INSERT INTO relocation (kind, place, title, reason, plan, effective_at, made_at, made_by_name)
VALUES ('reorganisation', '4299', '撤县设区', '批复', '{}', now(), now(), '甲');
INSERT INTO region_successor (code, successor, since, renumbered, relocation_id)
SELECT '429981', '429991', '2026-01-01', true, max(id) FROM relocation;
"""
PLACES = """
SELECT coalesce(g.name, e.name) AS owner, d.place = coalesce(g.place, e.place) AS beside, d.place
FROM department AS d
LEFT JOIN agency AS g ON g.id = d.agency_id
LEFT JOIN enterprise AS e ON e.id = d.enterprise_id
ORDER BY d.id
"""


def test_everything_of_an_office_goes_where_the_office_goes(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database, web_size=2, worker_size=2) as db:
            await county.found(db)
            async with acting(db.worker) as conn:
                await conn.execute(OFFICES)
                await moves_store.offices_follow(conn, await conn.fetchval("SELECT max(id) FROM relocation"))
                await conn.execute("UPDATE enterprise SET region_code = '429981102' WHERE code = 'E1'")
                rows = await conn.fetch(PLACES)
                assert [row["place"] for row in rows] == ["429991/@2", "429981101/@3", "429981102/E1"]
                assert all(row["beside"] for row in rows)
                accounts = await conn.fetch("SELECT login, place FROM account ORDER BY login")
                where = {row["login"]: row["place"] for row in accounts}
                assert (where["county"], where["enterprise"]) == ("429991/@2", "429981102/E1")
                # Without an office: the region around one's areas, or the root.
                assert (where["inspector"], where["admin"]) == ("4299", "42")
                await conn.execute("DELETE FROM account_area WHERE place_prefix = '429982101'")
                assert (
                    await conn.fetchval("SELECT place FROM account WHERE login = 'inspector'") == "429981102"
                )
            async with scoped(db.web, Scope.region("429991")) as conn:
                assert [r["name"] for r in await conn.fetch("SELECT name FROM department")] == ["县科室"]

    asyncio.run(run())
