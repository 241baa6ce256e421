"""What keeps silent, as a person sees it within his jurisdiction; and who may silence from the centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central import clock
from central.ingest.pulse import Pulse
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim
from tests.central.serving import Served
from tests.central.telemetry.test_points_http import API, served

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def covered(sim: Sim, seq: int, transition: int, state: str, alarm: str, **other: Any) -> m.AlarmEvent:
    return sim.alarm(
        seq, transition, alarm=alarm, occurrence=other.pop("occurrence", ""), state=state, **other
    )


async def cover_some(centre: Centre, sim: Sim) -> None:
    """HH out of service; H shelved for half an hour, raised twice under it; an instrument that is bad."""
    soon = sim.now_ms + 1_800_000
    events = [
        covered(sim, 1, m.OUT_OF_SERVICE, "I", "GT-101/HH", under="A", by="王工", reason="检修"),
        covered(sim, 2, m.SHELVE, "G", "GT-101/H", under="A", by="李工", reason="标定", until_ms=soon),
        covered(sim, 3, m.RAISE, "G", "GT-101/H", under="B", occurrence="o-1"),
        covered(sim, 4, m.CLEAR, "G", "GT-101/H", under="D", occurrence="o-1"),
        covered(sim, 5, m.RAISE, "G", "GT-101/H", under="B", occurrence="o-2"),
        sim.alarm(6, alarm="GT-101/Q", occurrence="q-1"),
    ]
    await centre.one(sim, sim.events(1, events))


def test_what_keeps_silent_is_listed_with_who_why_and_until_when(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        await cover_some(centre, one)
        async with server.client("township") as client:
            items = (await client.get(f"{API}/covered-alarms")).json()["items"]
            assert [(i["cover"], i["alarm"], i["by"], i["why"]) for i in items] == [
                ("shelved", "GT-101/H", "李工", "标定"),
                ("out-of-service", "GT-101/HH", "王工", "检修"),
                ("quality", None, "", ""),
            ]
            assert [(i["raises"], i["holds"], i["until"] is None) for i in items] == [
                (2, True, False),
                (0, False, True),
                (None, None, True),
            ]
            assert (items[2]["instrument"], items[2]["points"]) == ("analyser", 1)
            only = await client.get(f"{API}/covered-alarms", params={"cover": "out-of-service"})
            assert [i["alarm"] for i in only.json()["items"]] == ["GT-101/HH"]
            counted = (await client.get(f"{API}/overview")).json()["covered"]
            assert counted == {
                "shelved": 1, "out_of_service": 1, "suppressed": 0, "quality": 1, "soon": 1, "windows": 0,
                "false_alarms": 0,
            }  # fmt: skip

    served(database, body)


def test_the_list_is_read_page_by_page_and_ends_at_the_jurisdiction(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        await cover_some(centre, one)
        await cover_some(centre, two)
        async with server.client("county") as client:
            seen: list[tuple[str, str]] = []
            cursor = ""
            while True:
                answer = await client.get(f"{API}/covered-alarms", params={"limit": 2, "cursor": cursor})
                page = answer.json()
                seen += [(i["cover"], i["gateway_id"]) for i in page["items"]]
                cursor = page["next"]
                if not cursor:
                    break
            assert seen == [
                (cover, gateway)
                for cover in ("shelved", "out-of-service", "quality")
                for gateway in ("gw-a", "gw-b")
            ]
        async with server.client("township") as client:
            items = (await client.get(f"{API}/covered-alarms")).json()["items"]
            assert {i["gateway_id"] for i in items} == {"gw-a"}

    served(database, body)


def test_a_point_lists_all_its_alarms_those_at_rest_too(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        await cover_some(centre, one)
        async with server.client("county") as client:
            points = (await client.get(f"{API}/points", params={"gateway_id": "gw-b"})).json()["items"]
            foreign = points[0]["id"]
            alarms = (await client.get(f"{API}/points/{foreign}/alarms")).json()["items"]
            assert [(a["id"], a["state"], a["value"]) for a in alarms] == [
                ("GT-101/H", "A", 1.0),
                ("GT-101/HH", "A", 3.0),
                ("GT-101/Q", "A", None),
            ]
        async with server.client("township") as client:
            own = (await client.get(f"{API}/points")).json()["items"][0]["id"]
            alarms = (await client.get(f"{API}/points/{own}/alarms")).json()["items"]
            assert [(a["id"], a["state"], a["under"]) for a in alarms] == [
                ("GT-101/H", "G", "B"),
                ("GT-101/HH", "I", "A"),
                ("GT-101/Q", "B", ""),
            ]
            assert (await client.get(f"{API}/points/{foreign}/alarms")).status_code == 404

    served(database, body)


def test_an_office_lifts_a_cover_but_lays_none(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        commands = f"{API}/gateways/gw-a/commands"
        asked = {"alarm": "GT-101/H", "reason": "标定", "for_s": 60}
        for role, command, status in (
            ("county", "shelve", 403),
            ("township", "out-of-service", 403),
            ("township", "unshelve", 503),  # nobody refuses it; this process has no road to the gateway
            ("enterprise", "shelve", 503),
            ("enterprise", "in-service", 503),
        ):
            async with server.client(role) as client:
                answer = await client.post(commands, json={"command": command, **asked})
                assert (role, command, answer.status_code) == (role, command, status)
        async with server.client("county") as client:
            answer = await client.post(commands, json={"command": "test", "output": "main.horn"})
            assert answer.status_code == 400  # no reason
            answer = await client.post(commands, json={"command": "test", "reason": "交接班检查"})
            assert answer.status_code == 503

    served(database, body)


def test_a_gateway_shows_the_last_test_of_its_outputs_and_how_busy_it_is(database: DatabaseUrls) -> None:
    async def body(server: Served, centre: Centre, one: Sim, two: Sim) -> None:
        pulse = Pulse(server.database, centre.directory)
        gateway = centre.directory.known("gw-a")
        assert gateway is not None
        beat = one.heartbeat(
            outputs=[m.OutputState("main.horn", True, False)],
            annunciators=[m.AnnunciatorState("main", 12, True, [("GT-101/H", 4)], 604_800)],
        )
        pulse.take(gateway, beat, clock.monotonic_s())
        await pulse.flush()
        at = one.now_ms - 1000
        tried = m.OutputEvent(1, at, one.mono_at(at), one.clock, "main.horn", "test", True, "test: read back")
        await centre.one(one, one.events(1, [tried]))
        async with server.client("enterprise") as client:
            row = (await client.get(f"{API}/gateways/gw-a")).json()
            (horn,) = row["outputs"]
            assert (horn["ok"], horn["test_ok"], horn["overdue"]) == (False, True, False)
            assert horn["tested_at"] < horn["test_due_at"]
            (busy,) = row["annunciators"]
            assert busy == {
                "name": "main",
                "annunciations": 12,
                "flood": True,
                "chatter": [{"alarm": "GT-101/H", "times": 4}],
                "most_24h": 12,
                "flood_hours_24h": 1,
                "flood_above": 10,
                "weekly_test": True,
            }

    served(database, body)
