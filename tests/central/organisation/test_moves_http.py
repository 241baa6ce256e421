"""Regions, industries, moves and reorganisations over HTTP: looked up, planned, confirmed, followed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from central.db.errors import DomainError
from central.db.pool import Database
from central.db.scope import acting
from central.organisation import industries, relocating
from central.organisation.initials import initials
from central.organisation.reorganisation import Change, expand
from central.registry import service as registry
from central.registry.models import NewEnterprise
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_a_move_is_planned_confirmed_and_followed(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with acting(server.database.worker) as conn:
                await industries.load_shipped(conn)
                await conn.execute("UPDATE enterprise SET industry = 'C26 化学原料' WHERE code = 'E1'")
                await conn.execute("UPDATE enterprise SET industry = '造梦' WHERE code = 'E3'")
                plant = await conn.fetchval("SELECT id FROM enterprise WHERE code = 'E1'")
            async with server.client("admin") as admin, server.client("county") as officer:
                roots = (await officer.get("/api/v1/regions")).json()
                assert [r["code"] for r in roots["items"]] == ["42"]
                below = (await officer.get("/api/v1/regions", params={"parent": "429981", "limit": 1})).json()
                assert below["items"][0]["name"] == "青石镇"
                more = await officer.get(
                    "/api/v1/regions", params={"parent": "429981", "cursor": below["next"]}
                )
                assert [r["name"] for r in more.json()["items"]] == ["白沙镇"]
                found = (await officer.get("/api/v1/regions", params={"q": "白沙"})).json()["items"]
                assert [(r["code"], r["level_name"]) for r in found] == [("429981102", "乡级")]
                assert (await officer.get("/api/v1/regions/4299999")).status_code == 404

                chemistry = (await officer.get("/api/v1/industries", params={"q": "hxyl"})).json()["items"]
                assert [i["code"] for i in chemistry] == ["26", "261", "2614"]
                assert chemistry[0]["source"] == "from memory"
                by_code = (await officer.get("/api/v1/industries", params={"q": "C26"})).json()["items"]
                assert [i["code"] for i in by_code] == ["26", "261", "2614"]
                unknown = (await admin.get("/api/v1/industries/unrecognised")).json()["items"]
                assert unknown == [{"industry": "造梦", "enterprises": 1}]
                # A county sees its own enterprises only, and names of foreign ones are no exception.
                assert (await officer.get("/api/v1/industries/unrecognised")).json()["items"] == []

                asked = {"enterprise_id": plant, "to_region": "429981102", "reason": "搬迁入园"}
                assert (await officer.post("/api/v1/moves/plan", json=asked)).status_code == 403
                assert (await officer.get("/api/v1/moves")).status_code == 403
                plan = (await admin.post("/api/v1/moves/plan", json=asked)).json()
                assert plan["loses"] == ["青石镇应急办"]
                assert plan["problems"] == []
                # Its township would be called and could not look.
                assert "青石镇应急办" in plan["warnings"][0]
                nowhere = await admin.post("/api/v1/moves", json={**asked, "to_region": "429981109"})
                assert nowhere.status_code == 409
                assert nowhere.json()["fields"][0]["place"] == "to_region"
                assert (await admin.post("/api/v1/moves", json={**asked, "reason": ""})).status_code == 400
                job = (await admin.post("/api/v1/moves", json=asked)).json()
                assert (job["state"], job["total"]) == ("planned", 1)
                while await relocating.step(server.database):
                    pass
                done = (await admin.get(f"/api/v1/moves/{job['id']}")).json()
                assert (done["state"], done["done"]) == ("done", 1)
                assert done["enterprises"][0]["to_place"] == "429981102/E1"
                listed = (await admin.get("/api/v1/moves", params={"state": "done"})).json()["items"]
                assert [j["id"] for j in listed] == [job["id"]]
                late = await admin.post(f"/api/v1/moves/{job['id']}/cancel", json={"reason": "太晚了"})
                assert late.status_code == 409

                merge = {
                    "title": "青石镇并入白沙镇", "reason": "批复",
                    "changes": [{"from_code": "429981101", "to_code": "429981102"}],
                }  # fmt: skip
                plan = (await admin.post("/api/v1/reorganisations/plan", json=merge)).json()
                assert (plan["enterprises"], plan["regions_ended"]) == (1, ["429981101"])
                assert plan["loses"] == ["青石镇应急办（429981101）"]
                number = (await admin.post("/api/v1/reorganisations", json=merge)).json()["id"]
                while await relocating.step(server.database):
                    pass
                done = (await admin.get(f"/api/v1/reorganisations/{number}")).json()
                assert (done["state"], done["done"]) == ("done", 1)
                old = (await officer.get("/api/v1/regions/429981101")).json()
                assert [r["name"] for r in old["successors"]] == ["白沙镇"]
            # Who registers an enterprise by the old code means the new one.
            async with acting(server.database.worker) as conn:
                number = await registry.register(
                    conn,
                    NewEnterprise(
                        code="E9", name="企业E9", credit_code=county.credit_code(9), region_code="429981101"
                    ),
                )
                assert (await registry.enterprise(conn, number)).place == "429981102/E9"

    asyncio.run(run())


def test_industries_of_a_customer_are_taken_and_every_bad_line_is_named(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db, acting(db.worker) as conn:
            report = await industries.load_shipped(conn)
            assert (report.by_level["门类"], report.by_level["大类"]) == (20, 97)
            with pytest.raises(DomainError) as told:
                await industries.load(conn, ["263,农药制造", "26x,错", "9912,无上级", "27"], "own.csv")
            assert [f.place for f in told.value.fields] == ["own.csv:2", "own.csv:4"]
            with pytest.raises(DomainError) as told:
                await industries.load(conn, ["263,农药制造", "9912,无上级"], "own.csv")
            assert [f.place for f in told.value.fields] == ["own.csv:2"]
            report = await industries.load(conn, ["263,农药制造", "2631,化学农药制造", "C26,化工"], "own.csv")
            assert (report.added, report.renamed_some) == (2, ["26 化学原料和化学制品制造业 → 化工"])
            rows = await industries.listed(conn, "hxny", None, "", 9)
            assert [(r.code, r.parent_code, r.source) for r in rows] == [("2631", "263", "own.csv")]
            assert await industries.note(conn, "2631 化学农药制造") is None
            assert "炼丹" in str(await industries.note(conn, "炼丹"))

    asyncio.run(run())


def test_initials_are_those_that_somebody_would_type() -> None:
    assert initials("危险化学品仓储") == "wxhxpcc"
    assert initials("LNG 加气站") == "lngjqz"


KNOWN = {
    "4299": "市",
    "429981": "甲县",
    "429981101": "一镇",
    "429981102": "二镇",
    "429982": "乙县",
    "429982101": "三镇",
}


def test_everything_below_a_renumbered_county_keeps_its_last_digits() -> None:
    found = expand([Change(from_code="429981", to_code="429901", name="甲市")], KNOWN)
    assert not found.problems
    assert {s.old: s.new for s in found.steps} == {
        "429981": "429901", "429981101": "429901101", "429981102": "429901102",
    }  # fmt: skip
    assert all(s.renumbered for s in found.steps)
    assert found.ended == ["429981", "429981101", "429981102"]


def test_a_county_merged_into_another_renumbers_its_towns_and_names_what_is_taken() -> None:
    found = expand([Change(from_code="429981", to_code="429982")], KNOWN)
    assert [p.place for p in found.problems] == ["changes.429981101"]
    found = expand(
        [
            Change(from_code="429981", to_code="429982"),
            Change(from_code="429981101", to_code="429982103", name="一镇"),
        ],
        KNOWN,
    )
    assert not found.problems
    assert {(s.old, s.new, s.renumbered) for s in found.steps} == {
        ("429981", "429982", False), ("429981101", "429982103", True), ("429981102", "429982102", True),
    }  # fmt: skip


def test_villages_of_a_town_that_joins_another_are_aliases_of_it_until_they_have_codes() -> None:
    villages = {"429981101001": "东村", "429981102001": "西村"}
    found = expand([Change(from_code="429981101", to_code="429981102")], KNOWN | villages)
    assert not found.problems
    assert found.dissolved == ["429981101001"]
    assert found.made == {}
    assert found.target("429981101001") == "429981102"


def test_what_a_region_gives_away_goes_and_the_rest_stays() -> None:
    found = expand([Change(from_code="429981102", to_code="429982102")], {**KNOWN, "429982102": "二镇"})
    assert not found.problems
    assert found.ended == ["429981102"]
    assert found.target("429981101") == "429981101"
    assert found.target("429981102") == "429982102"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (Change(from_code="429999", to_code="429982"), "没有现行"),
        (Change(from_code="429981", to_code="42998"), "位数字"),
        (Change(from_code="429981", to_code="429981101"), "上下级"),
        (Change(from_code="429981", to_code="429901"), "名称"),
        (Change(from_code="429981", to_code="429901101", name="某镇"), "层级"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_words(change: Change, word: str) -> None:
    assert word in expand([change], KNOWN).problems[0].problem
