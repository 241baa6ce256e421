"""What an official opens first: how much there is in the registers, and what waits for whom."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from central.registry.forms.register import catalogue
from tests.central.registry.made import made
from tests.central.registry.test_cycle import office

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls

NAME = "safety-promises"
BASE = f"/api/v1/registers/{NAME}"


def test_what_waits_is_told_to_whoever_has_to_do_it(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            county, plant = clients["county"], clients["enterprise"]

            async def counts(client: Any) -> dict[str, int]:
                items = (await client("GET", "/api/v1/register-counts", 200))["items"]
                return dict(next(item for item in items if item["name"] == NAME), name=0)

            async def waiting(client: Any, state: str = "") -> list[tuple[str, str]]:
                page = await client("GET", f"/api/v1/records-waiting?state={state}&limit=500", 200)
                return [(row["register"], row["state"]) for row in page["items"]]

            nothing = {"name": 0, "records": 0, "to_review": 0, "returned": 0, "drafts": 0}
            assert await counts(county) == nothing
            today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
            values = {**made(catalogue()[NAME]), "day": today.isoformat()}
            record = await plant("POST", BASE, 201, {"values": values})
            # A draft is its owner's to finish; the county only sees that it is there.
            assert await counts(plant) == {**nothing, "records": 1, "drafts": 1}
            assert await waiting(plant) == [(NAME, "draft")]
            assert await waiting(county) == []
            record = await plant("POST", f"{BASE}/{record['id']}/submit", 200, tag=record["version"])
            assert await counts(county) == {**nothing, "records": 1, "to_review": 1}
            assert await waiting(county) == [(NAME, "submitted")]
            assert await waiting(county, "returned") == []
            assert await counts(plant) == {**nothing, "records": 1}
            opinion = {"approve": False, "opinion": "套数与现场不符"}
            await county("POST", f"{BASE}/{record['id']}/review", 200, opinion, tag=record["version"])
            assert await counts(plant) == {**nothing, "records": 1, "returned": 1}
            assert await waiting(plant, "returned") == [(NAME, "returned")]
            assert await waiting(county) == []
            # Whoever has to do with other townships sees nothing of it.
            assert await counts(clients["inspector"]) == nothing

    asyncio.run(run())


def test_the_sums_of_a_list_follow_its_filters(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, numbers):
            register = next(one for one in catalogue().values() if one.totals and one.owner != "agency")
            field, county = register.totals[0], clients["county"]
            base = f"/api/v1/registers/{register.name}"
            for enterprise, number in (("E1", 1), ("E2", 2)):
                values = {**made(register, number), field: 3 * number}
                body = {"enterprise_id": numbers[enterprise], "values": values}
                await county("POST", base, 201, body)
            both = await county("GET", f"{base}/totals", 200)
            assert (both["total"], both["totals"][field]) == (2, 9)
            one = await county("GET", f"{base}/totals?enterprise_id={numbers['E2']}", 200)
            assert (one["total"], one["totals"][field]) == (1, 6)

    asyncio.run(run())
