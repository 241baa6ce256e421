"""The driver against asyncua's own server: values, status, time, lost and returned servers."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import logging
import signal
import struct
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from asyncua import ua
from asyncua.ua.object_ids import ObjectIds

from protocol import quality as q
from tests.edge.drivers.opcua_peer import URI, Dcs, Seen, bus_of, dcs, free_port, running

# The library's server forgets a callback when a subscription is taken away while it reports.
pytestmark = pytest.mark.filterwarnings("ignore:(?s).*MonitoredItemService.datachange_callback")

T = ua.VariantType
ROOT = Path(__file__).parents[3]


Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


@pytest.fixture(scope="module")
def plant(runner: asyncio.Runner) -> Iterator[Dcs]:
    """One server for all tests that leave it as it was: it takes seconds to build its address space."""
    serving = dcs()
    yield runner.run(serving.__aenter__())
    runner.run(serving.__aexit__(None, None, None))


@pytest.fixture
def run(runner: asyncio.Runner) -> Run:
    return runner.run


TYPES = {
    "Boolean": (True, 1.0),
    "SByte": (-128, -128.0),
    "Byte": (255, 255.0),
    "Int16": (-32768, -32768.0),
    "UInt16": (65535, 65535.0),
    "Int32": (-(2**31), -(2.0**31)),
    "UInt32": (2**32 - 1, 2.0**32 - 1),
    "Int64": (-(2**53), -(2.0**53)),
    "UInt64": (2**63, 2.0**63),
    "Float": (21.3, struct.unpack("f", struct.pack("f", 21.3))[0]),
    "Double": (-0.1, -0.1),
}


def test_values_of_every_type_arrive_as_the_server_holds_them(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        for name, (value, _) in TYPES.items():
            await plant.add(name, value, getattr(T, name))
        await plant.add("Array", [1.5, 2.5, 3.5])
        points: dict[str, Any] = {name: f"ns=2;s={name}" for name in TYPES}
        points["Array"] = {"node": "ns=2;s=Array", "index": 1}
        async with running(bus_of(plant.endpoint, points)) as (seen, _):
            await seen.until_all()
            assert {name: seen.value(name) for name in TYPES} == {n: v for n, (_, v) in TYPES.items()}
            assert seen.value("Array") == 2.5

    run(story())


def test_what_is_no_number_is_named_and_the_others_go_on(
    plant: Dcs, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        await plant.add("Text", "21.5", T.String)
        await plant.add("When", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), T.DateTime)
        await plant.add("Nan", float("nan"))
        await plant.add("Level", 4.25)
        names = ("Text", "When", "Nan", "Level", "Gone")
        points = {name: f"ns=2;s={name}" for name in names} | {"Folder": "i=85"}
        async with running(bus_of(plant.endpoint, points)) as (seen, _):
            await seen.until_all()
            assert seen.value("Level") == 4.25
            assert {name: seen.last[name].quality for name in points} == {
                "Text": q.CONFIG_ERROR,
                "When": q.CONFIG_ERROR,
                "Nan": q.SENSOR_FAILURE,
                "Level": q.GOOD,
                "Gone": q.CONFIG_ERROR,
                "Folder": q.CONFIG_ERROR,
            }
            assert "BadNodeIdUnknown" in seen.last["Gone"].reason
            await asyncio.sleep(1)

    with caplog.at_level(logging.INFO):
        run(story())
    told = [r.getMessage() for r in caplog.records if "Gone (ns=2;s=Gone)" in r.getMessage()]
    assert len(told) == 1
    assert not [r for r in caplog.records if r.name.startswith("asyncua.client")]


CODES = {
    0x40900000: (q.LAST_USABLE, 7.5),
    0x00960000: (q.UNCERTAIN, 7.5),
    0x808C0000: (q.SENSOR_FAILURE, None),
    0x80310000: (q.COMM_FAILURE, None),
    0x808D0000: (q.OUT_OF_SERVICE, None),
    0x8FFF0000: (q.BAD, None),
    0x00000000: (q.GOOD, 7.5),
}


def test_status_codes_become_qualities_with_a_reason(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Level", 0.0)
        async with running(bus_of(plant.endpoint, {"Level": "ns=2;s=Level"})) as (seen, _):
            await seen.until_all()
            for code, (quality, value) in CODES.items():
                await plant.set("Level", 7.5, status=code)
                await seen.until(lambda quality=quality: seen.last["Level"].quality == quality)  # type: ignore[misc]
                assert seen.last["Level"].data == (None if value is None else (value,))

    run(story())


def test_a_change_is_reported_without_waiting_for_the_poll(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Level", 0.0)
        points = {"Level": {"node": "ns=2;s=Level", "sampling_ms": 100}}
        async with running(bus_of(plant.endpoint, points, period_ms=30_000)) as (seen, client):
            await seen.until_all()
            await seen.until(lambda: client.stats().watched == 1)
            await plant.set("Level", 1.0)
            await seen.until(lambda: seen.value("Level") == 1.0, 2.0)
            assert seen.last["Level"].took_ms < 1000

    run(story())


def test_a_quiet_value_is_read_anew_each_period_and_never_repeated(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Level", 3.0)
        async with running(bus_of(plant.endpoint, {"Level": "ns=2;s=Level"})) as (seen, client):
            await seen.until(lambda: len(seen.of("Level")) > 8)
            reads = client.stats()
            assert reads.good == reads.reads + reads.notified == len(seen.of("Level"))
            times = [one.mono_ms for one in seen.of("Level")[2:]]
            gaps = [b - a for a, b in itertools.pairwise(times)]
            assert all(100 <= gap <= 2000 for gap in gaps), gaps

    run(story())


def test_an_old_stamp_is_uncertain_only_where_age_is_judged(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Slow", 0.0)
        await plant.add("Quiet", 0.0)
        await plant.add("Ahead", 0.0)
        now = dt.datetime.now(dt.UTC)
        for name, seconds in (("Slow", -100), ("Quiet", -100), ("Ahead", 100)):
            stamp = now + dt.timedelta(seconds=seconds)
            await plant.put(name, ua.DataValue(ua.Variant(1.0, T.Double), ua.StatusCode(), stamp, now))  # type: ignore[arg-type]
        points = {
            "Slow": {"node": "ns=2;s=Slow", "max_age_s": 30},
            "Quiet": "ns=2;s=Quiet",
            "Ahead": "ns=2;s=Ahead",
        }
        async with running(bus_of(plant.endpoint, points)) as (seen, _):
            await seen.until(lambda: all(len(seen.of(key)) > 3 for key in points))
            assert seen.last["Slow"].quality == q.LAST_USABLE
            assert seen.last["Slow"].took_ms >= 100_000
            assert seen.last["Quiet"].quality == q.GOOD
            assert seen.last["Quiet"].took_ms < 2000
            assert seen.last["Ahead"].quality == q.UNCERTAIN
            assert "ahead of the server's clock" in seen.last["Ahead"].reason

    run(story())


def test_a_node_that_is_removed_and_returns_is_told_once_each(
    plant: Dcs, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        await plant.add("Level", 3.0)
        await plant.add("Other", 4.0)
        points = {"Level": "ns=2;s=Level", "Other": "ns=2;s=Other"}
        async with running(bus_of(plant.endpoint, points)) as (seen, _):
            await seen.until_all()
            await plant.server.delete_nodes([plant.server.get_node(plant.node("Level"))])
            await seen.until(lambda: seen.last["Level"].quality == q.CONFIG_ERROR)
            before = len(seen.of("Other"))
            await seen.until(lambda: len(seen.of("Other")) > before + 5)
            assert seen.value("Other") == 4.0
            await plant.add("Level", 5.0)
            await seen.until(lambda: seen.last["Level"].quality == q.GOOD)
            assert seen.value("Level") == 5.0

    with caplog.at_level(logging.INFO):
        run(story())
    words = [r.getMessage() for r in caplog.records if r.name.startswith("edge.")]
    assert len([w for w in words if "Level (ns=2;s=Level): BadNodeIdUnknown" in w]) == 1
    assert len([w for w in words if "Level can be read again" in w]) == 1


def test_a_value_that_nobody_can_read_spoils_no_other(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        names = [f"V{i}" for i in range(9)]
        for i, name in enumerate(names):
            await plant.add(name, float(i))
        nested = ua.Variant(1.0, T.Double)
        for _ in range(12):
            nested = ua.Variant([nested], T.Variant)
        await plant.add("V4", nested)
        async with running(bus_of(plant.endpoint, {n: f"ns=2;s={n}" for n in names})) as (seen, client):
            await seen.until_all()
            await seen.until(lambda: len(seen.of("V8")) > 8)
            assert seen.last["V4"].quality == q.COMM_FAILURE
            assert "nested too deep" in seen.last["V4"].reason
            others = [i for i in range(9) if i != 4]
            assert [seen.value(f"V{i}") for i in others] == [float(i) for i in others]
            assert client.stats().sessions == 1

    run(story())


def test_a_namespace_is_found_by_its_name_wherever_the_server_counts_it(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Level", 3.0)
        points = {"Level": f"nsu={URI};s=Level", "Lost": "nsu=urn:nowhere;s=Level"}
        async with running(bus_of(plant.endpoint, points)) as (seen, _):
            await seen.until_all()
            assert seen.value("Level") == 3.0
            assert seen.last["Lost"].quality == q.CONFIG_ERROR
            assert "no namespace 'urn:nowhere'" in seen.last["Lost"].reason

    run(story())


def test_a_server_that_counts_its_namespaces_anew_is_not_believed(run: Run) -> None:
    async def story() -> None:
        port = free_port()
        async with dcs(port) as plant:
            await plant.add("Level", 3.0)
            bus = bus_of(plant.endpoint, {"Level": "ns=2;s=Level", "Named": f"nsu={URI};s=Level"})
            async with running(bus) as (seen, _):
                await seen.until_all()
                await plant.server.stop()
                await seen.until(lambda: seen.last["Level"].quality == q.NOT_CONNECTED)
                async with dcs(port, namespaces=("urn:another.plant", URI)) as changed:
                    await changed.add("Level", 99.0)
                    await seen.until(lambda: seen.last["Named"].quality == q.GOOD)
                    await seen.until(lambda: seen.last["Level"].quality == q.CONFIG_ERROR)
                    assert seen.value("Named") == 99.0
                    assert "namespace 2 was 'urn:plant.example:ua'" in seen.last["Level"].reason
                assert 99.0 not in [one.data[0] for one in seen.of("Level") if one.data]

    run(story())


def test_a_server_in_test_mode_makes_its_values_uncertain(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Level", 3.0)
        async with running(bus_of(plant.endpoint, {"Level": "ns=2;s=Level"})) as (seen, _):
            await seen.until_all()
            for state, quality, value in (
                (ua.ServerState.Test, q.UNCERTAIN, (3.0,)),
                (ua.ServerState.Suspended, q.OUT_OF_SERVICE, None),
                (ua.ServerState.Running, q.GOOD, (3.0,)),
            ):
                await plant.server.write_attribute_value(
                    ua.NodeId(ObjectIds.Server_ServerStatus_State),  # type: ignore[arg-type]
                    ua.DataValue(ua.Variant(state, T.Int32)),
                )
                await seen.until(lambda quality=quality: seen.last["Level"].quality == quality)  # type: ignore[misc]
                assert seen.last["Level"].data == value

    run(story())


async def child(port: int) -> asyncio.subprocess.Process:
    made = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.edge.drivers.opcua_peer",
        str(port),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert made.stdout is not None
    assert await made.stdout.readline() == b"ready\n"
    return made


def check_gaps(seen: Seen, key: str, since_ms: int, longest_ms: int) -> None:
    times = [one.mono_ms for one in seen.of(key) if one.mono_ms >= since_ms]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert max(gaps) <= longest_ms, gaps


def test_a_server_killed_and_started_again_is_missed_at_once_and_found_again(
    run: Run,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story() -> None:
        port = free_port()
        server = await child(port)
        endpoint = f"opc.tcp://127.0.0.1:{port}"
        try:
            async with running(bus_of(endpoint, {"Life": "ns=2;s=Life", "Pid": "ns=2;s=Pid"})) as (
                seen,
                client,
            ):
                await seen.until(lambda: len(seen.of("Life")) > 10)
                first = seen.value("Pid")
                server.kill()
                await server.wait()
                await seen.until(lambda: not client.stats().connected)
                before = seen.all[-1].mono_ms
                await asyncio.sleep(1)
                dead = [one for one in seen.all if one.mono_ms > before]
                assert len(dead) >= 8
                assert {one.quality for one in dead} == {q.NOT_CONNECTED}
                server = await child(port)
                await seen.until(lambda: seen.last["Pid"].quality == q.GOOD, 30)
                assert seen.value("Pid") != first
                check_gaps(seen, "Life", before, 2500)
        finally:
            server.kill()
            await server.wait()

    with caplog.at_level(logging.INFO):
        run(story())
    words = [r.getMessage() for r in caplog.records if r.name.startswith("edge.")]
    assert len([w for w in words if "connected to opc.tcp" in w]) == 1
    assert len([w for w in words if "onnect" in w and "connected to" not in w]) == 1, words


def test_a_server_that_hangs_gives_bad_readings_and_then_a_new_session(run: Run) -> None:
    async def story() -> None:
        port = free_port()
        server = await child(port)
        bus = bus_of(f"opc.tcp://127.0.0.1:{port}", {"Life": "ns=2;s=Life"}, timeout_ms=500)
        try:
            async with running(bus) as (seen, client):
                await seen.until(lambda: len(seen.of("Life")) > 5)
                server.send_signal(signal.SIGSTOP)
                stopped = seen.all[-1].mono_ms
                await asyncio.sleep(2.5)
                late = [one for one in seen.all if one.mono_ms > stopped + 700]
                assert late
                assert all(one.data is None for one in late)
                check_gaps(seen, "Life", stopped, 2500)
                server.send_signal(signal.SIGCONT)
                await seen.until(lambda: seen.last["Life"].quality == q.GOOD, 20)
                assert client.stats().sessions == 2
        finally:
            server.kill()
            await server.wait()

    run(story())


def test_a_driver_ended_in_any_state_leaves_nothing_behind(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Level", 3.0)
        for wait_s in (0.0, 0.005, 0.02, 0.05, 0.1, 0.3):
            async with running(bus_of(plant.endpoint, {"Level": "ns=2;s=Level"})):
                await asyncio.sleep(wait_s)
        await asyncio.sleep(0.2)
        async with running(bus_of(f"opc.tcp://127.0.0.1:{free_port()}", {"Level": "ns=2;s=Level"})):
            await asyncio.sleep(0.3)

    run(story())


def test_a_node_that_comes_later_is_watched_then(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Early", 1.0)
        bus = bus_of(plant.endpoint, {"Early": "ns=2;s=Early", "Tardy": "ns=2;s=Tardy"}, period_ms=1000)
        async with running(bus) as (seen, client):
            await seen.until(lambda: client.stats().watched == 1)
            await plant.add("Tardy", 2.0)
            await seen.until(lambda: client.stats().watched == 2)
            assert client.stats().subscriptions == 1
            assert seen.value("Tardy") == 2.0

    run(story())


def test_a_subscription_lost_at_the_server_is_made_anew_while_reads_go_on(
    plant: Dcs,
    run: Run,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story() -> None:
        await plant.add("Level", 3.0)
        async with running(bus_of(plant.endpoint, {"Level": "ns=2;s=Level"}, period_ms=1000)) as (
            seen,
            client,
        ):
            await seen.until(lambda: client.stats().watched == 1)
            before = client.stats().failed
            service = plant.server.iserver.subscription_service
            await service.delete_subscriptions(list(service.subscriptions))
            start = seen.all[-1].mono_ms
            await seen.until(lambda: client.stats().subscriptions == 2, 15)
            await plant.set("Level", 4.0)
            await seen.until(lambda: seen.value("Level") == 4.0)
            check_gaps(seen, "Level", start, 2500)
            assert client.stats().sessions == 1
            assert client.stats().failed == before

    with caplog.at_level(logging.INFO):
        run(story())
    words = [r.getMessage() for r in caplog.records if "subscription" in r.getMessage().lower()]
    assert len([w for w in words if "read all the same" in w]) == 1, words
