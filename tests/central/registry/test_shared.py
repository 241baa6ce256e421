"""What an agency shares while it is being worked on: outside of it nothing but what counts is known."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any

from central.db.pool import connect
from central.registry.forms.register import catalogue
from central.registry.records_source import source
from tests.central.registry.made import changed, made
from tests.central.registry.test_cycle import office
from tests.central.walk import with_parameters

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls

API = "/api/v1"
LAWS, SHELTERS = f"{API}/registers/laws", f"{API}/registers/shelters"


def law(**other: Any) -> dict[str, Any]:
    """The values of one law."""
    return {**made(catalogue()["laws"]), **other}


def test_a_draft_of_what_is_shared_is_neither_filtered_found_sorted_nor_counted_outside(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            county, plant = clients["county"], clients["enterprise"]
            register = catalogue()["laws"]
            edited, other = changed(register, law())
            text = next(
                name for name in register.filters
                if isinstance(law().get(name), str) and name != register.title
            )  # fmt: skip
            first = await county(
                "POST", LAWS, 201, {"values": law(**{register.title: "甲法"}), "submit": True}
            )
            await county(
                "POST", LAWS, 201,
                {"values": made(register, 2) | {register.title: "乙法"}, "submit": True},
            )  # fmt: skip
            one = f"{LAWS}/{first['id']}"
            before = await plant("GET", one, 200)
            draft = {**law(), edited: other[edited], text: "密字一号", register.title: "丙密"}
            await county("PUT", one, 200, {"values": draft, "reason": "内部意见"}, tag=1)

            async def found(client: Any, **asked: str) -> list[str]:
                page = await client("GET", with_parameters(LAWS, asked), 200)
                return [row["title"] for row in page["items"]]

            # The county sees its draft; outside nothing tells of it, and what counts is there all the same.
            assert await found(county, q="丙密") == ["丙密"]
            assert await found(county, **{text: "密字一号"}) == ["丙密"]
            assert await found(county, state="draft") == ["丙密"]
            assert await found(plant, q="丙密") == []
            assert await found(plant, q="bm") == []
            assert await found(plant, **{text: "密字一号"}) == []
            assert await found(plant, state="draft") == []
            assert await found(plant, q="甲") == ["甲法"]
            assert await found(plant, q="jf") == ["甲法"]
            assert await found(plant, state="valid", sort="id") == ["甲法", "乙法"]
            assert await found(plant, **{text: law()[text], "sort": "id"}) != []
            states = await plant("GET", f"{LAWS}/counts", 200)
            assert (states["total"], [item["value"] for item in states["items"]]) == (2, ["valid"])
            by = await plant("GET", with_parameters(f"{LAWS}/counts", {"by": f"values.{text}"}), 200)
            assert "密字一号" not in str(by)
            assert (await plant("GET", f"{LAWS}/totals", 200))["total"] == 2
            # Pages and cursors go by what counts too, and every sort finds each law once.
            for sort in ("title", "-title", "-changed_at", "state", "number", "-issued", "validity"):
                titles: list[str] = []
                query = {"limit": "1", "sort": sort}
                while query.get("cursor", "") is not None:
                    page = await plant("GET", with_parameters(LAWS, query), 200)
                    titles += [row["title"] for row in page["items"]]
                    query = {**query, "cursor": page["next"]}
                assert sorted(titles) == ["乙法", "甲法"], sort
            # Nor who works on it, since when and why.
            after = await plant("GET", one, 200)
            told = ("version", "changed_at", "changed_by", "state", "title", "values", "valid_from")
            assert [after[name] for name in told] == [before[name] for name in told]
            assert (after["opinion"], after["may"]["change"]) == ("", False)
            row = next(r for r in (await plant("GET", LAWS, 200))["items"] if r["id"] == first["id"])
            assert (row["version"], row["changed_at"]) == (before["version"], before["changed_at"])
            steps = (await plant("GET", f"{one}/history", 200))["items"]
            assert [(s["version"], s["at"], s["reason"]) for s in steps] == [(1, before["changed_at"], "")]
            # A second draft changes nothing of that; submitted, it is what counts.
            await county("PUT", one, 200, {"values": {**draft, register.title: "丁密"}}, tag=2)
            assert (await plant("GET", one, 200))["version"] == 1
            await county(
                "PUT", one, 200, {"values": {**draft, register.title: "戊法"}, "submit": True}, tag=3
            )
            assert await found(plant, q="戊法") == ["戊法"]
            assert (await plant("GET", one, 200))["version"] == 4

    asyncio.run(run())


def test_codes_go_by_the_title_that_counts(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            county, plant = clients["county"], clients["enterprise"]
            register = catalogue()["shelters"]
            values = {**made(register), register.title: "一号避难所"}
            made_ = await county("POST", SHELTERS, 201, {"values": values, "submit": True})
            draft = {**values, register.title: "丙密避难所"}
            await county("PUT", f"{SHELTERS}/{made_['id']}", 200, {"values": draft}, tag=1)
            for client in (plant, county):
                listed = await client("GET", f"{API}/codes?register=shelters", 200)
                assert [item["title"] for item in listed["items"]] == ["一号避难所"]
                asked = with_parameters(f"{API}/codes", {"register": "shelters", "q": "丙密"})
                assert (await client("GET", asked, 200))["items"] == []

    asyncio.run(run())


def test_a_day_in_the_past_shows_what_counted_then(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with office(database, tmp_path) as (_, clients, _numbers):
            county, plant = clients["county"], clients["enterprise"]
            register = catalogue()["laws"]
            first = await county(
                "POST", LAWS, 201, {"values": law(**{register.title: "旧名"}), "submit": True}
            )
            one = f"{LAWS}/{first['id']}"
            conn = await connect(database.admin)
            await conn.execute("SET session_replication_role = replica")
            await conn.execute("UPDATE reg_laws SET changed_at = '2026-03-01T00:00+08'")
            await conn.close()
            await county("PUT", one, 200, {"values": law(**{register.title: "新名"}), "submit": True}, tag=1)
            await county("PUT", one, 200, {"values": law(**{register.title: "草稿"})}, tag=2)
            now = dt.datetime.fromisoformat((await plant("GET", one, 200))["changed_at"])
            later = (now.date() + dt.timedelta(days=2)).isoformat()

            async def then(client: Any, day: str) -> tuple[str, str, int]:
                record = await client("GET", f"{one}?as_of={day}", 200)
                page = await client("GET", f"{LAWS}?as_of={day}&sort=title", 200)
                assert [row["title"] for row in page["items"]] == [record["title"]]
                assert not any(record["may"].values())
                return record["title"], record["state"], record["version"]

            assert await then(county, "2026-03-01") == ("旧名", "valid", 1)
            assert await then(county, later) == ("新名", "valid", 2)
            assert await then(plant, later) == ("新名", "valid", 2)
            for client, day in ((county, "2026-02-28"), (plant, "2026-03-01")):
                await client("GET", f"{one}?as_of={day}", 404)
                assert (await client("GET", f"{LAWS}?as_of={day}", 200))["items"] == []
            counted = await county("GET", f"{LAWS}/counts?as_of=2026-03-01", 200)
            assert (counted["total"], counted["items"][0]["value"]) == (1, "valid")
            assert (await county("GET", f"{LAWS}/totals?as_of=2026-02-28", 200))["total"] == 0
            found = with_parameters(LAWS, {"as_of": "2026-03-02", "q": "旧"})
            assert len((await county("GET", found, 200))["items"]) == 1
            missed = with_parameters(LAWS, {"as_of": later, "q": "旧"})
            assert (await county("GET", missed, 200))["items"] == []
            # A file of a day in the past could be imported as what is true today: it is refused.
            await county("GET", f"{LAWS}/export.csv?as_of=2026-03-01", 400)
            await county("GET", f"{LAWS}?as_of=March", 400)

    asyncio.run(run())


def test_what_is_seen_of_every_register_is_good_sql(database: DatabaseUrls) -> None:
    async def run() -> None:
        conn = await connect(database.web)
        for register in catalogue().values():
            day = dt.date(2026, 1, 1)
            past = f"SELECT r.* FROM {source(register, as_of=True)} WHERE r.removed_at IS NULL"
            assert await conn.fetch(past, register.name, "x", day) == []
        for register in [one for one in catalogue().values() if one.shared]:
            assert await conn.fetch(f"SELECT r.* FROM {source(register)}") == []
            searched = f"SELECT r.* FROM {source(register, searching=True)}"
            assert await conn.fetch(searched, register.name, "x") == []
        await conn.close()

    asyncio.run(run())
