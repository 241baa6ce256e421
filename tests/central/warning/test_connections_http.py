"""Devices, reports, faults and minimums over HTTP, and the workers that make warnings of them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from central.clock import database_now
from central.db.scope import acting
from central.devices import connections as devices
from central.warning import connections, shortages
from tests.central import county
from tests.central.serving import Served, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from central.db.pool import DatabaseUrls

# E1 has two instruments behind one gateway, E3 (another county) one; both have major hazards.
SCENE = """
UPDATE enterprise SET hazard_class = 1 WHERE code = 'E1';
UPDATE enterprise SET hazard_class = 3 WHERE code IN ('E3', 'E10');
INSERT INTO gateway (id, enterprise_id, name, public_key, created_at)
SELECT 'gw-' || lower(code), id, '网关' || code, sha256(code::bytea), now() FROM enterprise
WHERE code IN ('E1', 'E3');
INSERT INTO gateway_state (gateway_id, presence, heard_at, period_ms, sources)
SELECT id, 'online', now(), 1000,
    '[{"source": "bus/1", "name": "储罐液位计", "state": "good", "good_age_ms": 5},
      {"source": "bus/2", "name": "", "state": "silent", "good_age_ms": 60000}]'::jsonb
FROM gateway;
INSERT INTO point
(gateway_id, enterprise_id, key, name, quantity, unit, source, period_ms, current, created_at)
SELECT id, enterprise_id, 'LT-1', '液位', 'level', 'm', 'bus/1', 1000, true, now() FROM gateway;
"""
SILENCE = """
UPDATE gateway_state SET presence = 'offline', heard_at = now() - interval '1 hour' WHERE gateway_id = $1
"""
SUPPLIES = """
INSERT INTO reg_emergency_supplies (agency_id, place, state, payload, counted, title, created_at, changed_at)
SELECT a.id, '', 'valid', p.v, p.v, p.v ->> 'name', now(), now() FROM agency AS a, jsonb_array_elements('[
    {"name": "防毒面具", "category": {"choice": "gear"}, "state": {"choice": "ready"}, "quantity": 12},
    {"name": "防毒面具", "category": {"choice": "gear"}, "state": {"choice": "scrapped"}, "quantity": 9},
    {"name": "安全绳", "category": {"choice": "gear"}, "state": {"choice": "ready"}, "quantity": 99}
]'::jsonb) AS p (v) WHERE a.name = '临江县应急管理局'
"""
HOUR = timedelta(hours=1)


async def got(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


async def said(client: httpx.AsyncClient, path: str, tag: str = "", **body: Any) -> tuple[int, Any]:
    headers = {"If-Match": tag} if tag else {}
    answer = await client.post(f"/api/v1/{path}", json=body, headers=headers)
    return answer.status_code, answer.json()


async def follow(server: Served, *gateways: str) -> None:
    async with acting(server.database.worker) as conn:
        await devices.follow(conn, gateways, await database_now(conn))


async def later(server: Served, passed: timedelta = timedelta(0)) -> datetime:
    async with acting(server.database.worker) as conn:
        return await database_now(conn) + passed


async def judged(server: Served, passed: timedelta = timedelta(0)) -> list[Any]:
    at = await later(server, passed)

    async def clock(_: object) -> datetime:
        return at

    while await connections.step(server.database, clock):
        pass
    rows = await server.database.worker.fetch(
        "SELECT w.title, e.code, w.active FROM warning AS w JOIN enterprise AS e ON e.id = w.enterprise_id "
        "WHERE w.kind = 'connection' ORDER BY w.raised_at, e.code"
    )
    return [tuple(row) for row in rows]


@asynccontextmanager
async def scene(database: DatabaseUrls) -> AsyncIterator[Served]:
    async with serving(database) as server:
        await county.found(server.database)
        async with acting(server.database.worker) as conn:
            await conn.execute(SCENE)
        await follow(server, "gw-e1", "gw-e3")
        await connections.reckon(server.database)
        yield server


def test_what_is_connected_is_counted_listed_and_taken_away(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with (
            scene(database) as server,
            server.client("city") as city,
            server.client("enterprise") as own,
        ):
            view = await got(city, "connections/overview")
            kinds = {row.pop("kind"): row for row in view["kinds"]}
            assert kinds["gateway"] == {"online": 2, "abnormal": 0, "offline": 0, "never": 0}
            assert kinds["instrument"] == {"online": 2, "abnormal": 0, "offline": 2, "never": 0}
            # Its newest value is bad, or there is none: the point is abnormal, its instrument is not.
            assert kinds["point"]["abnormal"] == 2
            classes = {row.pop("hazard_class"): row for row in view["classes"]}
            assert (classes[1]["partly"], classes[3]["partly"], classes[3]["none"]) == (1, 1, 1)
            assert (await got(own, "connections/overview"))["kinds"][1]["online"] == 1

            rows = (await got(city, "devices"))["items"]
            assert [row["state"] for row in rows[:3]] == ["offline", "offline", "online"]
            assert rows[0]["cause"] == "silent"
            page = await got(city, "devices?limit=1&state=offline&kind=instrument")
            after = await got(city, f"devices?limit=1&state=offline&kind=instrument&cursor={page['next']}")
            assert {page["items"][0]["gateway_id"], after["items"][0]["gateway_id"]} == {"gw-e1", "gw-e3"}
            assert after["next"] is None
            points = (await got(city, "devices?kind=point"))["items"]
            assert [row["key"] for row in points] == ["LT-1", "LT-1"]

            # People say what it watches; who was slower is told so.
            device = next(row for row in rows if row["name"] == "储罐液位计" and row["gateway_id"] == "gw-e1")
            words = {"scene": "罐区", "position": "一号罐顶"}
            for tag, status in ((device["etag"], 204), (device["etag"], 412)):
                answer = await own.put(
                    f"/api/v1/devices/{device['id']}", json=words, headers={"If-Match": tag}
                )
                assert answer.status_code == status, answer.text
            assert (await got(own, "devices?q=一号罐顶"))["items"][0]["scene"] == "罐区"
            lines = (await own.get("/api/v1/devices/export.csv")).text
            assert "一号罐顶" in lines
            assert "网关E3" not in lines

            periods = (await got(city, "device-periods?open=true"))["items"]
            assert {row["cause"] for row in periods} == {"silent"}
            assert periods[0]["ended_at"] is None
            assert "设备无应答" in (await city.get("/api/v1/device-periods/export.csv")).text
            enterprises = (await got(city, "connections?state=partly,none"))["items"]
            assert [row["state"] for row in enterprises] == ["partly", "partly", "none"]
            assert (await city.get("/api/v1/connections/export.csv")).text.count("部分离线") == 2
            for by in ("day", "enterprise", "township", "county"):
                rates = (await got(city, f"connections/rates?by={by}"))["items"]
                assert all(0 <= row["rate"] <= 1 for row in rates if row["rate"] is not None), rates
            assert (
                await city.get("/api/v1/connections/rates?since=2026-05-02&until=2026-05-01")
            ).status_code == 400

    asyncio.run(run())


def test_a_wholly_offline_enterprise_is_warned_of_once_and_not_while_it_reported_so(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with (
            scene(database) as server,
            server.client("enterprise") as plant,
            server.client("township") as office,
            server.client("city") as city,
        ):
            assert await judged(server) == []
            await server.database.worker.execute(SILENCE, "gw-e1")
            await follow(server, "gw-e1")
            # Half an hour is what the rule says; a restart in between tells nothing twice.
            first = await judged(server, HOUR)
            assert [row[1:] for row in first] == [("E1", True)]
            assert await judged(server, HOUR) == first
            row = (await got(city, "connections?state=offline"))["items"][0]
            assert row["warning_id"]

            now = await later(server)
            wrong = {
                "cause": "repair",
                "words": " ",
                "measures": "",
                "from_at": str(now),
                "until_at": str(now - HOUR),
            }
            status, body = await said(plant, "offline-reports", **wrong)
            assert status == 400
            assert {field["place"] for field in body["fields"]} == {"words", "measures", "until_at"}
            asked = {
                "cause": "repair", "words": "控制柜改造", "measures": "两小时巡检一次",
                "from_at": (now - HOUR).isoformat(), "until_at": (now + 3 * HOUR).isoformat(),
            }  # fmt: skip
            status, report = await said(plant, "offline-reports", **asked)
            assert status == 201, report
            assert (report["state"], report["may_decide"]) == ("waiting", False)
            status, _ = await said(plant, f"offline-reports/{report['id']}/decision", approve=True)
            assert status == 403
            assert (await got(office, "messages"))["items"][0]["title"] == "企业E1报备离线，待审核"
            status, _ = await said(office, f"offline-reports/{report['id']}/decision", approve=False)
            assert status == 400
            status, report = await said(office, f"offline-reports/{report['id']}/decision", approve=True)
            assert (status, report["running"]) == (200, True)
            held = "SELECT subject_type, ended_at IS NULL FROM suppression_window"
            assert [tuple(row) for row in await server.database.worker.fetch(held)] == [("enterprise", True)]
            status, _ = await said(office, f"offline-reports/{report['id']}/decision", approve=True)
            assert status == 409

            # What was agreed to is no warning, and is shown as offline all the same, until it has run out.
            assert [row[2] for row in await judged(server, HOUR)] == [False]
            row = (await got(city, "connections?state=offline"))["items"][0]
            assert row["reported_until"]
            assert row["warning_id"] is None
            assert (await got(plant, "devices?state=offline"))["items"][0]["reported_until"]
            assert [row[2] for row in await judged(server, 4 * HOUR)].count(True) == 1
            # Heard again: it is over, whatever was reported.
            status, report = await said(plant, f"offline-reports/{report['id']}/end")
            assert (status, report["state"]) == (200, "ended")
            assert [tuple(row) for row in await server.database.worker.fetch(held)] == [("enterprise", False)]
            await server.database.worker.execute(
                "UPDATE gateway_state SET presence = 'online', heard_at = now()"
            )
            await follow(server, "gw-e1")
            assert not any(row[2] for row in await judged(server, 5 * HOUR))

    asyncio.run(run())


def test_a_fault_is_found_repaired_and_counted(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with (
            scene(database) as server,
            server.client("enterprise") as plant,
            server.client("county") as office,
        ):
            device = (await got(plant, "devices?state=offline"))["items"][0]
            status, body = await said(plant, "device-faults", device_id=device["id"], words="")
            assert (status, body["fields"][0]["place"]) == (400, "words")
            status, fault = await said(plant, "device-faults", device_id=device["id"], words="无读数")
            assert (status, fault["state"]) == (201, "open"), fault
            status, _ = await said(plant, "device-faults", device_id=device["id"], words="又坏了")
            assert status == 409
            path = f"device-faults/{fault['id']}"
            status, fault = await said(
                plant, f"{path}/repair", fault["etag"], repairer="仪表班", cause_code="wiring"
            )
            assert (status, fault["state"], fault["cause_name"]) == (200, "repairing", "接线松动")
            status, body = await said(plant, f"{path}/done", fault["etag"], result="", cause_code="")
            assert {field["place"] for field in body["fields"]} == {"result", "cause_code"}
            status, fault = await said(
                plant, f"{path}/done", fault["etag"], result="重新压接", cause_code="wiring"
            )
            assert (status, fault["state"]) == (200, "done")
            counts = (await got(office, "device-faults/analysis"))["items"]
            assert [(row["cause_code"], row["done"]) for row in counts] == [("wiring", 1)]
            assert "重新压接" in (await office.get("/api/v1/device-faults/export.csv")).text

    asyncio.run(run())


def test_an_area_that_has_too_little_is_warned_of_until_it_has_enough(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with (
            scene(database) as server,
            server.client("county") as office,
            server.client("township") as town,
        ):
            form: dict[str, Any] = {
                "region": "429981", "name": "防毒面具", "register": "emergency-supplies", "field": "category",
                "choice": "gear", "words": "面具", "measure": "quantity", "minimum": 20, "unit": "套",
            }  # fmt: skip
            wrong = form | {"region": "429982", "choice": "x", "measure": "y"}
            status, body = await said(office, "resource-minimums", **wrong)
            assert {field["place"] for field in body["fields"]} == {"region", "choice", "measure"}
            assert (await said(town, "resource-minimums", **form))[0] == 403
            async with acting(server.database.worker) as conn:
                await conn.execute(SUPPLIES)
            status, row = await said(office, "resource-minimums", **form)
            assert (status, row["counted"]) == (201, 12), row
            assert row["short_since"]
            warning = await got(office, f"warnings/{row['warning_id']}")
            assert (warning["kind"], warning["title"]) == ("shortage", "临江县防毒面具不足")
            assert await shortages.step(server.database) == 0
            areas = (await got(office, "resource-minimums/areas"))["items"]
            assert [(area["region_name"], area["short"]) for area in areas] == [("临江县", 1)]
            names = [kind["register"] for kind in (await got(office, "resource-minimums/kinds"))["items"]]
            assert "experts" in names
            answer = await office.put(
                f"/api/v1/resource-minimums/{row['id']}", json=form | {"minimum": 10},
                headers={"If-Match": row["etag"]},
            )  # fmt: skip
            assert (answer.status_code, answer.json()["short_since"]) == (200, None)
            assert (await got(office, f"warnings/{row['warning_id']}"))["condition"] != "active"
            gone = await office.delete(
                f"/api/v1/resource-minimums/{row['id']}", headers={"If-Match": answer.json()["etag"]}
            )
            assert gone.status_code == 204
            assert (await got(office, "resource-minimums"))["items"] == []

    asyncio.run(run())
