"""The demo's county is filled with what its registers take, a few things of it lapsed, and only once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from central.db.pool import Database
from central.db.scope import acting
from central.demo import filling, seed
from central.demo.townspeople import enterprises
from central.registry import reminding_worker
from central.registry.rules import credit_code_problem
from central.warning import papers

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

ZONE = ZoneInfo("Asia/Shanghai")


def test_three_hundred_enterprises_are_all_different_and_well_formed() -> None:
    made = enterprises()
    assert len(made) == len({one.name for one in made}) == len({one.credit_code for one in made}) == 300
    assert [one for one in made if credit_code_problem(one.credit_code)] == []


def test_the_county_fills_once_and_has_a_handful_of_management_warnings(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await seed.furnish(db, "demo-password", "narrator-password")
            assert await filling.fill(db, "demo-password") > 5000
            assert await filling.fill(db, "demo-password") == 0
            await reminding_worker.once(db, ZONE)
            while await papers.step(db, ZONE):
                pass
            async with acting(db.worker) as conn:
                kinds = await conn.fetch("SELECT kind, count(*) AS many FROM warning GROUP BY kind")
                counted = await conn.fetchval("SELECT count(*) FROM reg_licences WHERE counted IS NOT NULL")
                days = await conn.fetchval("SELECT count(*) FROM risk_day WHERE scale = 'enterprise'")
                areas = await conn.fetchval("SELECT count(*) FROM risk_index WHERE scale = 'time'")
                asked = await conn.fetchval("SELECT count(*) FROM patrol_rule WHERE region = '429981'")
                drafts = await conn.fetchval(
                    "SELECT count(*) FROM level_draft WHERE jsonb_array_length(rules) > 40"
                )
            assert [row["kind"] for row in kinds] == ["management"]
            assert 5 <= kinds[0]["many"] <= 30
            assert counted > 500
            assert drafts == 1
            assert asked == 1
            assert days == 31 * 303
            assert areas >= 3 * 3

    asyncio.run(run())
