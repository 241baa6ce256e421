"""The map over HTTP: what stands where follows its owner, clusters count, everything is scoped."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from central.clock import database_now
from central.db.errors import DomainError
from central.db.pool import connect
from central.db.scope import Actor, Scope, acting, scoped
from central.settings import Settings
from central.statistics import map_ground
from tests.central import county
from tests.central.serving import serving
from tests.central.statistics.test_enterprises import SCENE

if TYPE_CHECKING:
    from pathlib import Path

    from central.db.pool import DatabaseUrls

WINDOW = "bbox=112,30,113,31&zoom=9"
FAR = "objects?bbox=100,20,130,40&zoom=4"
NONSENSE = (
    "objects?bbox=nan,nan,nan,nan", "objects?bbox=112,30,113,31&zoom=nan", "objects?bbox=1,2&zoom=99",
    "nearby?longitude=nan&latitude=30", "nearby?longitude=112&latitude=inf",
    "nearby?longitude=112&latitude=91",
)  # fmt: skip
# E1 and E10 stand side by side, E2 fifteen kilometres away, E3 in the other county; a shelter of the county
# is shared with everyone there, a tank farm is E1's own.
PLACES = """
UPDATE enterprise SET longitude = 112.60, latitude = 30.30, hazard_class = 2 WHERE code = 'E1';
UPDATE enterprise SET longitude = 112.6004, latitude = 30.3002 WHERE code = 'E10';
UPDATE enterprise SET longitude = 112.75, latitude = 30.35 WHERE code = 'E2';
UPDATE enterprise SET longitude = 112.90, latitude = 30.60 WHERE code = 'E3';
INSERT INTO reg_shelters (agency_id, place, state, payload, counted, title, created_at, changed_at)
SELECT id, '', 'valid', p.v, p.v, '中心学校', now(), now() FROM agency,
     (VALUES ('{"name": "中心学校", "where": {"longitude": 112.61, "latitude": 30.30}}'::jsonb)) AS p (v)
WHERE name = '临江县应急管理局';
INSERT INTO reg_storage_units (enterprise_id, place, state, payload, counted, title, created_at, changed_at)
SELECT id, '', 'valid', p.v, p.v, '一号罐区', now(), now() FROM enterprise,
     (VALUES ('{"name": "一号罐区", "where": {"longitude": 112.6002, "latitude": 30.3001}}'::jsonb)) AS p (v)
WHERE code = 'E1';
INSERT INTO reg_storage_units (enterprise_id, place, state, payload, title, created_at, changed_at)
SELECT id, '', 'draft', '{"where": {"longitude": 112.5, "latitude": 30.3}}', '草稿', now(), now()
FROM enterprise WHERE code = 'E1';
"""


def seen(database: DatabaseUrls, logins: dict[str, list[str]], more: str = "") -> dict[str, list[Any]]:
    """What some people are answered, by login."""

    async def run() -> dict[str, list[Any]]:
        async with serving(database) as server:
            await county.found(server.database)
            admin = await connect(database.admin)
            await admin.execute(SCENE)
            await admin.execute(PLACES)
            if more:
                await admin.execute(more)
            await admin.close()
            answers: dict[str, list[Any]] = {}
            for login, paths in logins.items():
                async with server.client(login) as client:
                    for path in paths:
                        answer = await client.get(f"/api/v1/map/{path}")
                        answers.setdefault(login, []).append(
                            answer.json() if answer.status_code == 200 else answer.status_code
                        )
            return answers

    return asyncio.run(run())


def names(answer: dict[str, Any]) -> set[str]:
    return {item["name"] for item in answer["items"]}


def test_each_sees_on_the_map_what_the_jurisdiction_holds_and_near_things_are_one_sign(
    database: DatabaseUrls,
) -> None:
    near = "bbox=112.598,30.298,112.603,30.302&zoom=17"
    answers = seen(
        database,
        {
            "city": [f"objects?{WINDOW}", f"objects?{near}", f"objects?{WINDOW}&layers=hazard,gateway", FAR],
            "township": [f"objects?{WINDOW}", f"objects?{WINDOW}&layers=enterprise,shelters,storage-units"],
            "inspector": [f"objects?{WINDOW}&state=offline", f"objects?{WINDOW}&layers=storage-units"],
            "enterprise": [f"objects?{WINDOW}&state=warning", f"objects?{WINDOW}&layers=nothing", *NONSENSE],
        },
    )
    wide, close, hazards, far = answers["city"]
    assert wide["total"] == 4
    # What warns gravely stands for itself; the rest, seen from far, is one sign with what it holds.
    (grave,) = [item for item in far["items"] if item["count"] == 1]
    assert (grave["name"], grave["level"], far["total"]) == ("企业E1", "red", 4)
    (rest,) = [item for item in far["items"] if item["count"] == 3]
    assert (rest["id"], rest["name"], rest["level"], rest["troubled"], rest["offline"]) == (
        "",
        "",
        "blue",
        1,
        1,
    )
    assert rest["extent"] == [112.6004, 30.3002, 112.9, 30.6]
    (single,) = [item for item in wide["items"] if item["name"] == "企业E3"]
    assert (single["level"], single["presence"], single["offline"], single["id"]) == (
        "blue",
        "offline",
        1,
        "3",
    )
    # Nearer by, each is itself; E1 has a gateway that is late.
    assert names(close) == {"企业E1", "企业E10"}
    (first,) = [item for item in close["items"] if item["name"] == "企业E1"]
    assert (first["open"], first["unanswered"], first["presence"]) == (2, 1, "late")
    assert (first["points"], first["bad_points"]) == (2, 1)
    assert (hazards["total"], names(hazards) >= {"企业E1"}) == (3, True)
    assert [item["family"] for item in hazards["items"]] == ["enterprise", "gateway", "gateway"]
    # A township sees its own and what the county put in force for everyone; a draft stands nowhere.
    town, with_records = answers["township"]
    assert town["total"] == 2
    assert with_records["total"] == 4
    offline, foreign = answers["inspector"]
    assert names(offline) == {"企业E3"}
    assert foreign["total"] == 0
    own, wrong, *nonsense = answers["enterprise"]
    assert set(nonsense) == {400}
    assert (own["total"], names(own), wrong) == (1, {"企业E1"}, 400)


def test_what_moves_is_renamed_or_removed_does_so_on_the_map(database: DatabaseUrls) -> None:
    more = """
    UPDATE enterprise SET name = '改名E1', longitude = 112.62 WHERE code = 'E1';
    UPDATE enterprise SET removed_at = now() WHERE code = 'E10';
    UPDATE enterprise SET longitude = NULL, latitude = NULL WHERE code = 'E2';
    UPDATE reg_shelters SET removed_at = now();
    UPDATE gateway_state SET presence = 'offline' WHERE gateway_id = 'gw-e1';
    UPDATE reg_storage_units
    SET counted = '{"where": {"longitude": 112.7, "latitude": 30.3}}', title = '二号罐区'
    WHERE state = 'valid';
    """
    paths = [f"objects?{WINDOW}&layers=enterprise,gateway,shelters,storage-units", "layers"]
    paths.append(f"objects?{WINDOW}&layers=enterprise,gateway&state=offline")
    shown, layers, silent = seen(database, {"county": paths}, more)["county"]
    assert {(item["family"], item["name"], item["longitude"]) for item in shown["items"]} >= {
        ("enterprise", "改名E1", 112.62),
        ("record", "二号罐区", 112.7),
    }
    assert shown["total"] == 3
    counts = {layer["layer"]: layer["count"] for layer in layers["layers"]}
    assert counts == {"enterprise": 1, "hazard": 1, "gateway": 1, "storage-units": 1}
    assert layers["unplaced"] == 1
    assert [(item["family"], item["offline"], item["presence"]) for item in silent["items"]] == [
        ("enterprise", 1, "offline"), ("gateway", 1, "offline"),
    ]  # fmt: skip


def test_the_neighbourhood_of_a_place_comes_the_nearest_first(database: DatabaseUrls) -> None:
    here = "nearby?longitude=112.60&latitude=30.30&radius_m="
    answers = seen(
        database,
        {
            "county": [f"{here}500", f"{here}1000", f"{here}1000&layers=shelters"],
            "inspector": [f"{here}50000"],
        },
    )
    near, far, shelters = answers["county"]
    assert [item["name"] for item in near["items"]] == ["企业E1", "一号罐区", "企业E10"]
    assert near["items"][0]["level"] == "red"
    assert [item["name"] for item in far["items"]][-1] == "中心学校"
    # cos 30.3° of a hundredth of a degree
    assert far["items"][-1]["distance_m"] == pytest.approx(960, abs=1)
    assert {(layer["layer"], layer["count"]) for layer in far["layers"]} == {
        ("enterprise", 2), ("storage-units", 1), ("shelters", 1),
    }  # fmt: skip
    assert [item["name"] for item in shelters["items"]] == ["中心学校"]
    # The county's shelter is there for its townships too; tank farms of others are not.
    assert {item["name"] for item in answers["inspector"][0]["items"]} == {"企业E2", "企业E3", "中心学校"}


def test_things_on_the_map_are_found_by_a_part_of_their_name(database: DatabaseUrls) -> None:
    paths = ["search?q=E1", "search?q=%E7%BD%90", "search?q=%25", "search?q=", "search?q=E3"]
    answers = seen(database, {"county": paths, "inspector": ["search?q=E", "search?q=%E7%BD%90"]})
    found = [[item["name"] for item in answer["items"]] for answer in answers["county"]]
    assert found == [["企业E1", "企业E10"], ["一号罐区"], [], [], []]
    assert answers["county"][1]["items"][0]["title"] == "存储单元"
    assert [[item["name"] for item in answer["items"]] for answer in answers["inspector"]] == [
        ["企业E2", "企业E3"],
        [],
    ]


def test_areas_lead_down_to_the_enterprises_that_warn_and_say_why(database: DatabaseUrls) -> None:
    park = """
    INSERT INTO agency (name, rank, kind, parent_id)
    SELECT '临江化工园区', 3, 'park', id FROM agency WHERE rank = 3;
    INSERT INTO agency_area (agency_id, place_prefix)
    SELECT id, '429981101/E1' FROM agency WHERE kind = 'park';
    """
    of_town, of_city = "standing?within=429981101", ["standing", "heat", "heat?days=7"]
    answers = seen(
        database,
        {
            "city": ["areas", "areas?within=429981", of_town, *of_city],
            "county": ["areas"],
            "inspector": ["areas", "areas?within=x"],
            "enterprise": ["areas", "standing?within=429982"],
        },
        park,
    )
    counties, towns, standing, worst, heat, week = answers["city"]
    assert counties["way"] == [["4299", "云泽市"]]
    assert {(area["name"], area["enterprises"], area["deeper"]) for area in counties["areas"]} == {
        ("临江化工园区", 1, False), ("临江县", 3, True), ("临湖县", 1, True),
    }  # fmt: skip
    named = {area["name"]: area for area in towns["areas"]}
    assert set(named) == {"青石镇", "白沙镇", "临江化工园区"}
    assert (named["临江化工园区"]["kind"], named["临江化工园区"]["enterprises"]) == ("park", 1)
    town = named["青石镇"]
    assert (town["enterprises"], town["with_open"], town["unanswered"]) == (2, 1, 1)
    assert town["open_by_level"] == {"red": 1, "orange": 0, "yellow": 1, "blue": 0}
    assert (town["grave"], town["deeper"]) == (1, False)
    (first,) = standing["items"]
    assert (first["name"], first["level"], len(first["reasons"])) == ("企业E1", "red", 2)
    assert [why["level"] for why in first["reasons"]] == ["red", "yellow"]
    assert [item["name"] for item in worst["items"]] == ["企业E1", "企业E3"]
    assert [spot["weight"] for spot in heat["items"]] == [10, 1]
    assert week["items"][0]["weight"] >= 10
    # A county begins with its towns.
    assert {area["name"] for area in answers["county"][0]["areas"]} == set(named)
    regions, wrong = answers["inspector"]
    assert ({area["name"] for area in regions["areas"]}, wrong) == ({"白沙镇", "芦苇镇"}, 400)
    assert answers["enterprise"] == [
        {"way": [], "areas": [], "at": answers["enterprise"][0]["at"]},
        {"items": []},
    ]


def feature(said: dict[str, Any], kind: str = "Polygon", *, east: float = 112.5) -> dict[str, Any]:
    ring = [[east, 30.2], [east + 0.3, 30.2], [east + 0.3, 30.4], [east, 30.2]]
    coordinates: Any = {"Polygon": [ring], "LineString": ring}.get(kind, ring[0])
    return {"type": "Feature", "properties": said, "geometry": {"type": kind, "coordinates": coordinates}}


def test_shapes_are_loaded_once_a_source_and_every_bad_one_is_named(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.geojson", tmp_path / "bad.geojson"
    regions = [feature({"adcode": 429981}), feature({"code": "429981101", "name": "青石"})]
    good.write_text(
        json.dumps({"features": [*regions, feature({"kind": "road", "name": "沿江大道"}, "LineString")]})
    )
    bad.write_text(
        json.dumps({"features": [feature({"adcode": 429981}), feature({}), feature({"kind": "sea"}),
                                 feature({"code": "42"}, "Point"), feature({"code": "42"}, east=500000)]})
    )  # fmt: skip
    with pytest.raises(DomainError) as refused:
        map_ground.read_shapes(bad)
    assert [field.place for field in refused.value.fields] == [f"features[{n}]" for n in (1, 2, 3, 4)]
    settings = Settings(map_tiles="/tiles/{z}/{x}/{y}.png", map_datum="gcj02", state=tmp_path / "state")

    async def run() -> None:
        async with serving(database, settings) as server:
            await county.found(server.database)
            admin = await connect(database.admin)
            await admin.execute(PLACES)
            await admin.close()
            async with acting(server.database.worker) as conn:
                now = await database_now(conn)
                shapes = map_ground.read_shapes(good)
                assert await map_ground.put_shapes(conn, shapes, "GS(2026)1号", now) == 3
                assert await map_ground.put_shapes(conn, shapes, "GS(2026)1号", now) == 3
            async with server.client("township") as client:
                ground = (await client.get("/api/v1/map/ground")).json()
            assert [(s["kind"], s["name"]) for s in ground["shapes"]] == [
                ("road", "沿江大道"), ("region", "临江县"), ("region", "青石"),
            ]  # fmt: skip
            assert ground["extent"] == [112.6, 30.3, 112.6004, 30.3002]
            assert (ground["tiles"], ground["datum"]) == (["/tiles/{z}/{x}/{y}.png"], "gcj02")

    asyncio.run(run())


def test_a_tile_source_is_the_one_stranger_that_a_page_may_ask() -> None:
    source = "https://t{s}.tianditu.example/vec/wmts?x={x}&y={y}&z={z} /own/{z}/{x}/{y}.png"
    settings = Settings(map_tiles=source, map_datum="cgcs2000")
    map_ground.check_settings(settings)
    assert map_ground.tile_hosts(settings) == "https://*.tianditu.example"
    for wrong in (Settings(map_datum="bd09"), Settings(map_tiles="https://maps.example/{z}/{x}.png")):
        with pytest.raises(Exception, match="FENGSUI_MAP_"):
            map_ground.check_settings(wrong)


def test_whoever_may_write_a_thing_moves_it_on_the_map_and_nothing_else_of_it(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            officer = Actor(3, "county", "王县")
            async with scoped(server.database.web, Scope.region("429981"), officer) as conn:
                await conn.execute(
                    "UPDATE enterprise SET longitude = 112.6, latitude = 30.3 WHERE code IN ('E1', 'E3')"
                )
                await conn.execute(
                    "INSERT INTO reg_shelters (agency_id, place, state, payload, counted, title, created_at, "
                    "changed_at) SELECT id, '', 'valid', p.v, p.v, '广场', now(), now() FROM agency, (VALUES "
                    '(\'{"where": {"longitude": 112.6, "latitude": 30.3}}\'::jsonb)) AS p (v) WHERE rank = 3'
                )
            async with server.database.worker.acquire() as conn:
                rows = await conn.fetch("SELECT layer, place FROM map_object ORDER BY layer")
            assert [tuple(row) for row in rows] == [("enterprise", "429981101/E1"), ("shelters", "429981/@2")]
            # The map itself is written by triggers alone.
            async with scoped(server.database.web, Scope.region("429981"), officer) as conn:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await conn.execute("UPDATE map_object SET longitude = 0")

    asyncio.run(run())
