"""Points, trends and gateways as a person sees them, each within his jurisdiction."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from protocol import messages as m
from tests.central import county
from tests.central.ingest.plant import Centre, Sim, register
from tests.central.serving import Served, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from central.db.pool import DatabaseUrls

API = "/api/v1"


def served(urls: DatabaseUrls, body: Callable[[Served, Centre, Sim, Sim], Awaitable[None]]) -> None:
    """Two gateways with births: gw-a in 青石镇 (E1), gw-b in 白沙镇 (E2)."""

    async def run() -> None:
        async with serving(urls) as server:
            await county.found(server.database)
            one, two = Sim("gw-a"), Sim("gw-b")
            await register(server.database, one, two)
            centre = Centre(server.database)
            for sim in (one, two):
                await centre.one(sim, sim.birth())
                await centre.one(sim, sim.measurements(1, 3))
            async with server.database.worker.acquire() as conn:
                await centre.latest.flush(conn)
            await body(server, centre, one, two)

    asyncio.run(run())


def test_points_come_with_value_quality_limits_and_alarms(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        await centre.one(one, one.events(1, [one.alarm(1)]))
        async with server.client("township") as client:
            page = (await client.get(f"{API}/points")).json()
            assert [p["key"] for p in page["items"]] == ["GT-101", "TT-101", "PT-201"]
            assert page["next"] is None
            gas = page["items"][0]
            assert gas["value"] == 7 * 0.1
            assert (gas["quality"], gas["quality_text"], gas["clock_synchronised"]) == (192, "good", True)
            assert gas["limits"] == {"ll": None, "l": None, "h": 1.0, "hh": 3.0}
            assert gas["range"] == {"low": 0.0, "high": 100.0}
            assert gas["age_s"] > 0
            assert [(a["id"], a["state"], a["limit"]) for a in gas["alarms"]] == [("GT-101/H", "B", "H")]
            never = page["items"][2]
            assert (never["value"], never["at"], never["quality_text"]) == (None, None, "bad")
            assert never["quality_reason"] == "尚无数据"
            same = (await client.get(f"{API}/points/{gas['id']}")).json()
            assert same["value"] == gas["value"]

    served(database, body)


def test_values_of_a_gateway_that_is_not_heard_are_its_last_ones_wherever_they_are_counted(
    database: DatabaseUrls,
) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        async with server.client("township") as client:
            before = (await client.get(f"{API}/overview")).json()["points"]
            async with server.database.worker.acquire() as conn:
                await conn.execute(
                    "UPDATE gateway_state SET presence = 'offline', presence_since = now() "
                    "WHERE gateway_id = 'gw-a'"
                )
            page = (await client.get(f"{API}/points")).json()["items"]
            gas, never = page[0], page[2]
            assert (gas["value"], gas["quality"], gas["quality_text"]) == (7 * 0.1, 68, "uncertain")
            assert gas["quality_reason"] == "末次可用值"
            assert never["quality_text"] == "bad"
            assert (await client.get(f"{API}/points/{gas['id']}")).json()["quality"] == 68
            after = (await client.get(f"{API}/overview")).json()["points"]
            assert (before["good"], after["good"]) == (2, 0)
            assert after["total"] == before["total"]

    served(database, body)


def test_points_are_read_page_by_page(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        async with server.client("county") as client:
            seen: list[int] = []
            cursor = ""
            while True:
                answer = await client.get(f"{API}/points", params={"limit": 4, "cursor": cursor})
                page = answer.json()
                seen += [p["id"] for p in page["items"]]
                cursor = page["next"]
                if not cursor:
                    break
            assert len(seen) == 6
            assert seen == sorted(set(seen))
            by_gateway = (await client.get(f"{API}/points", params={"gateway_id": "gw-b"})).json()
            assert {p["gateway_id"] for p in by_gateway["items"]} == {"gw-b"}

    served(database, body)


def test_a_trend_keeps_peaks_and_counts_what_was_bad(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        await centre.one(one, one.measurements(4, 2, raw=900, time_ms=one.now_ms - 3_600_000))
        async with server.client("township") as client:
            point = (await client.get(f"{API}/points")).json()["items"][0]["id"]
            begin = datetime.fromtimestamp(one.now_ms / 1000 - 7200, UTC)
            answer = await client.get(
                f"{API}/points/{point}/trend",
                params={
                    "from": begin.isoformat(),
                    "to": (begin + timedelta(hours=3)).isoformat(),
                    "buckets": 30,
                },
            )
            trend = answer.json()
            assert answer.status_code == 200, trend
            assert trend["bucket_s"] == 600
            assert sum(b["count"] for b in trend["buckets"]) == 5
            assert max(b["max"] for b in trend["buckets"]) == 901 * 0.1
            assert trend["limits"]["h"] == 1.0
            assert trend["from"] == begin.isoformat().replace("+00:00", "Z")
            for bad in ({"buckets": 0}, {"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
                        {"from": "2026-01-01T00:00:00"}):  # fmt: skip
                refused = await client.get(f"{API}/points/{point}/trend", params=bad)
                assert refused.status_code == 400
                assert refused.headers["content-type"].startswith("application/problem+json")

    served(database, body)


def test_a_point_that_is_stored_rarely_looks_neither_old_nor_full_of_gaps(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        quiet = m.PointInfo("LT-9", "液位", 1, 1, "level", "m", 0.01, 0.0, None, None, [], 60.0)
        absurd = m.PointInfo("LT-10", "液位", 1, 2, "level", "m", 0.01, 0.0, None, None, [], 1e300)
        one.extra_points = [quiet, absurd]
        assert (await centre.one(one, one.birth())).status == m.STORED
        async with server.client("township") as client:
            points = {p["key"]: p for p in (await client.get(f"{API}/points")).json()["items"]}
            assert {key: p["period_s"] for key, p in points.items()} == {
                "GT-101": 1.0,
                "TT-101": 1.0,
                "PT-201": 1.0,
                "LT-9": 60.0,
                "LT-10": 1.0,
            }
            for key, held_s in (("GT-101", 1.5), ("LT-9", 90.0)):
                trend = (await client.get(f"{API}/points/{points[key]['id']}/trend")).json()
                assert trend["held_s"] == held_s

    served(database, body)


def test_a_township_sees_nothing_of_another(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        async with server.client("county") as client:
            foreign = (await client.get(f"{API}/points", params={"gateway_id": "gw-b"})).json()["items"][0][
                "id"
            ]
            assert {g["id"] for g in (await client.get(f"{API}/gateways")).json()["items"]} == {
                "gw-a",
                "gw-b",
            }
        async with server.client("township") as client:
            assert (await client.get(f"{API}/points", params={"gateway_id": "gw-b"})).json()["items"] == []
            for path in (f"points/{foreign}", f"points/{foreign}/trend", "gateways/gw-b"):
                assert (await client.get(f"{API}/{path}")).status_code == 404
            assert [g["id"] for g in (await client.get(f"{API}/gateways")).json()["items"]] == ["gw-a"]
            order = await client.post(f"{API}/gateways/gw-b/commands", json={"command": "silence"})
            assert order.status_code in {404, 503}

    served(database, body)


def test_a_gateway_is_shown_with_its_instruments_and_queue(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        from central.ingest.pulse import Pulse

        pulse = Pulse(server.database, centre.directory)
        gateway = centre.directory.known("gw-a")
        assert gateway is not None
        from central import clock

        pulse.take(gateway, one.heartbeat(waiting_events=2, waiting_measurements=7), clock.monotonic_s())
        await pulse.flush()
        async with server.client("enterprise") as client:
            row = (await client.get(f"{API}/gateways/gw-a")).json()
            assert row["presence"] == "online"
            assert row["queue"] == {"event": 2, "measurement": 7}
            assert row["boot"] == "4d"
            states = {s["source"]: (s["state"], s["good_age_s"] is None) for s in row["sources"]}
            assert states == {"analyser": ("good", False), "tank": ("silent", True)}
            assert [(o["output"], o["on"], o["ok"]) for o in row["outputs"]] == [("horn", False, True)]
            listed = (await client.get(f"{API}/gateways", params={"presence": "offline"})).json()
            assert listed["items"] == []

    served(database, body)


def test_a_command_waits_for_a_gateway_that_is_there(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        async with server.client("inspector") as client:
            answer = await client.post(f"{API}/gateways/gw-b/commands", json={"command": "silence"})
            assert answer.status_code == 403
        async with server.client("township") as client:
            answer = await client.post(f"{API}/gateways/gw-a/commands", json={"command": "explode"})
            assert answer.status_code == 400

    served(database, body)


def test_to_cover_an_alarm_names_it_and_says_why_and_for_how_long(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        async with server.client("inspector") as client:
            asked = {"command": "shelve", "alarm": "GT-101/H", "reason": "x", "for_s": 60}
            answer = await client.post(f"{API}/gateways/gw-a/commands", json=asked)
            assert answer.status_code == 403
        async with server.client("township") as client:
            answer = await client.post(f"{API}/gateways/gw-a/commands", json={"command": "shelve"})
            assert answer.status_code == 400
            text = answer.text
            assert all(f'"{field}"' in text for field in ("alarm", "reason", "for_s"))
            asked = {"command": "out-of-service", "alarm": "GT-101/H", "reason": " "}
            answer = await client.post(f"{API}/gateways/gw-a/commands", json=asked)
            assert answer.status_code == 400

    served(database, body)


def test_old_births_leave_points_of_the_past_out_of_the_list(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        one.extra_points = [m.PointInfo("OLD-1", "旧点", 1, 1, "level", "m", 1.0, 0.0)]
        await centre.one(one, one.birth(current=False))
        async with server.client("township") as client:
            keys = [p["key"] for p in (await client.get(f"{API}/points")).json()["items"]]
            assert keys == ["GT-101", "TT-101", "PT-201"]
            await centre.one(one, one.birth())
            keys = [p["key"] for p in (await client.get(f"{API}/points")).json()["items"]]
            assert keys == ["GT-101", "TT-101", "PT-201", "OLD-1"]

    served(database, body)
