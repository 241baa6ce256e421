"""Doors on real sockets and a pty: what a peer may cost, who may come in, cut and reopened connections."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import tty
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from edge.drivers.listener import Limits
from edge.drivers.tape import Tape
from protocol import quality
from rig import sl651_station as water
from rig.hj212_station import Station, frame, report
from tests.edge.drivers.stations_at_hand import HjBench, LoopClock, SlBench, running, with_limits

MN = "010000A8900016F000169DC0"
POINTS = [{"key": "SO2", "factor": "a21026"}]
UNIT = {"key": "CEMS", "mn": MN, "password": "123456", "points": POINTS}
OTHER = {"key": "B", "mn": "OTHER", "password": "1", "points": [{"key": "T", "factor": "a01001"}]}
WATER = {
    "key": "ST",
    "station": water.ADDRESS,
    "password": "1234",
    "points": [{"key": "LT", "element": "39"}],
}


def now() -> int:
    return LoopClock().utc_ms()


def said(value: str, **how: Any) -> bytes:
    return frame(report({"a21026": value}, now(), **how))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.01)


def test_two_stations_report_at_one_port() -> None:
    async def main() -> None:
        bench = HjBench(UNIT, OTHER)
        driver = with_limits(bench, Limits())
        async with running(driver):
            one, two = (
                await Station.dial(driver.reception.door.port),
                await Station.dial(driver.reception.door.port),
            )
            await one.send(said("1"))
            await two.send(frame(report({"a01001": "21"}, now(), mn="OTHER", pw="1")))
            assert (await one.answer())["MN"] == MN
            assert (await two.answer())["MN"] == "OTHER"
            assert sorted(reading.data for reading in bench.readings) == [(1.0,), (21.0,)]
            await one.close()
            await two.close()
            await until(lambda: driver.stats().door.connections == 0)

    asyncio.run(main())


def test_a_connection_cut_in_mid_frame_leaves_nothing_behind() -> None:
    async def main() -> None:
        bench = HjBench(UNIT)
        driver = with_limits(bench, Limits())
        async with running(driver):
            for i in range(20):
                station = await Station.dial(driver.reception.door.port)
                await station.send(said("666")[: 20 + i])
                await station.close()
            station = await Station.dial(driver.reception.door.port)
            await station.send(said("1"))
            await station.answer()
            await until(lambda: driver.stats().door.connections == 1)
            assert [reading.data for reading in bench.readings] == [(1.0,)]
            await station.close()

    asyncio.run(main())


def test_a_killed_gateway_is_found_again_and_a_repetition_is_answered() -> None:
    async def main() -> None:
        bench = HjBench(UNIT)
        driver = with_limits(bench, Limits())
        data = said("1")
        async with running(driver):
            station = await Station.dial(driver.reception.door.port)
            await station.send(data)
            await station.answer()
        assert await station.gone()
        await station.close()
        async with running(driver):
            station = await Station.dial(driver.reception.door.port)
            await station.send(data)
            await station.answer()
            assert len(bench.readings) == 1
            await station.close()

    asyncio.run(main())


def test_an_address_outside_from_is_turned_away() -> None:
    async def main() -> None:
        driver = with_limits(HjBench(UNIT, **{"from": ["192.168.7.0/24"]}), Limits())
        async with running(driver):
            station = await Station.dial(driver.reception.door.port)
            assert await station.gone()
            await station.close()
            assert driver.stats().door.refused_address == 1

    asyncio.run(main())


def test_an_address_inside_from_is_let_in() -> None:
    async def main() -> None:
        driver = with_limits(HjBench(UNIT, **{"from": ["127.0.0.0/8"]}), Limits())
        async with running(driver):
            station = await Station.dial(driver.reception.door.port)
            await station.send(said("1"))
            await station.answer()
            await station.close()

    asyncio.run(main())


def test_who_says_nothing_gives_way_to_who_comes_and_who_reports_does_not() -> None:
    async def main() -> None:
        bench = HjBench(UNIT)
        driver = with_limits(bench, Limits(connections=2))
        async with running(driver):
            silent = await Station.dial(driver.reception.door.port)
            first = await Station.dial(driver.reception.door.port)
            await first.send(said("1"))
            await first.answer()
            second = await Station.dial(driver.reception.door.port)
            await second.send(said("2"))
            await second.answer()
            assert await silent.gone()
            third = await Station.dial(driver.reception.door.port)
            assert await third.gone()
            await first.send(said("3"))
            await first.answer()
            assert driver.stats().door.connections == 2
            assert driver.stats().door.refused_full == 2
            for station in (silent, first, second, third):
                await station.close()

    asyncio.run(main())


def test_connections_that_a_station_left_behind_make_room() -> None:
    async def main() -> None:
        driver = with_limits(HjBench(UNIT), Limits(connections=2, dead_ms=200))
        async with running(driver):
            left = []
            for call in range(6):
                station = await Station.dial(driver.reception.door.port)
                await station.send(said(str(call)))
                await station.answer()
                left.append(station)
                await asyncio.sleep(0.15)
            assert driver.stats().door.connections == 2
            assert driver.stats().door.opened == 6
            for station in left:
                await station.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("limits", "sent", "counter"),
    [
        (Limits(hello_ms=300), b"", "closed_silent"),
        (Limits(idle_ms=300), said("1"), "closed_silent"),
        (Limits(frame_ms=300), said("1")[:40], "closed_slow"),
        (Limits(noise=1000), b"GET / HTTP/1.1\r\n" * 100, "closed_noise"),
        (Limits(noise=1000), b"##0100QN=" * 2000, "closed_noise"),
        (Limits(noise=1000), said("1", mn="STRANGER") * 20, "closed_noise"),
    ],
    ids=[
        "never spoke",
        "fell silent",
        "half a frame",
        "another protocol",
        "heads only",
        "a stranger",
    ],
)
def test_who_costs_too_much_is_disconnected(limits: Limits, sent: bytes, counter: str) -> None:
    async def main() -> None:
        driver = with_limits(HjBench(UNIT), limits)
        async with running(driver):
            station = await Station.dial(driver.reception.door.port)
            with contextlib.suppress(ConnectionError):
                await station.send(sent)
            assert await station.gone()
            await station.close()
            assert getattr(driver.stats().door, counter) == 1

    asyncio.run(main())


def test_a_flood_of_good_frames_is_disconnected() -> None:
    async def main() -> None:
        bench = HjBench(UNIT)
        driver = with_limits(bench, Limits())
        async with running(driver):
            station = await Station.dial(driver.reception.door.port)
            with contextlib.suppress(ConnectionError):
                for burst in range(100):
                    await station.send(b"".join(said(f"{burst}.{i}") for i in range(100)))
                    await asyncio.sleep(0.001)
            assert await station.gone()
            await station.close()
            assert driver.stats().door.closed_noise == 1
            assert len(bench.readings) < 200

    asyncio.run(main())


def test_a_frame_that_comes_drop_by_drop_is_not_waited_for_for_ever() -> None:
    async def main() -> None:
        driver = with_limits(HjBench(UNIT), Limits(frame_ms=400))
        async with running(driver):
            station = await Station.dial(driver.reception.door.port)
            with contextlib.suppress(ConnectionError):
                for byte in said("1"):
                    await station.send(bytes((byte,)))
                    await asyncio.sleep(0.02)
            assert await station.gone()
            await station.close()
            assert driver.stats().door.closed_slow == 1

    asyncio.run(main())


def test_who_never_reads_the_answers_is_disconnected() -> None:
    async def main() -> None:
        bench = HjBench(UNIT)
        driver = with_limits(bench, Limits(unread=1000))
        driver.reception.stations[MN].allowance.take = lambda _: True
        async with running(driver):
            reader, writer = await asyncio.open_connection("127.0.0.1", driver.reception.door.port)
            reader._transport.pause_reading()  # type: ignore[attr-defined]
            data = said("1")
            async with asyncio.timeout(8):
                while not driver.stats().door.closed_unread:
                    writer.write(data * 500)
                    await asyncio.sleep(0.005)
            writer.transport.abort()
            assert len(bench.readings) == 1

    asyncio.run(main())


def test_a_port_that_is_taken_makes_the_points_bad_and_is_taken_over_when_free() -> None:
    async def main() -> None:
        bench = HjBench({**UNIT, "report_interval_s": 1})
        driver = with_limits(bench, Limits())
        blocker = await asyncio.start_server(lambda _, __: None, "127.0.0.1", driver.reception.door.port)
        task = asyncio.create_task(driver.run())
        await until(lambda: len(bench.readings) > 0)
        assert bench.readings[0].quality == quality.NOT_CONNECTED
        assert "cannot listen" in bench.readings[0].reason
        blocker.close()
        await until(lambda: bool(driver.reception.door.is_open))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_every_byte_goes_on_the_tape() -> None:
    async def main() -> None:
        driver = with_limits(HjBench(UNIT), Limits())
        tape = Tape("env", lambda: LoopClock().mono_ms() * 1000)
        driver.reception.door._tape = tape
        data = said("1")
        async with running(driver):
            station = await Station.dial(driver.reception.door.port)
            await station.send(data)
            await station.answer()
            await station.close()
        records = list(tape.freeze().records())
        assert b"".join(r.data for r in records if r.kind == "<") == data
        assert b"CN=9014" in b"".join(r.data for r in records if r.kind == ">")

    asyncio.run(main())


def on_a_pty(bench: HjBench | SlBench, path: str) -> Any:
    kind: Any = type(bench.driver)
    bus = msgspec.structs.replace(bench.bus, listen="", device=path)
    return kind(bus, bench.laid.detail, bench.readings.append, LoopClock(), None)


def test_stations_report_on_a_serial_line_and_a_cut_frame_is_dropped() -> None:
    async def main() -> None:
        master, slave = pty.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        bench = SlBench(WATER)
        driver = on_a_pty(bench, os.ttyname(slave))
        driver.reception.door._pause_ms = 300
        level = water.up(0x32, water.text("392300010490", now()))
        try:
            async with running(driver):
                os.write(master, level[:30])
                await until(lambda: driver.stats().door.closed_slow == 1)
                os.write(master, level)
                await until(lambda: len(bench.readings) == 1)
                assert bench.readings[0].data == (10.49,)
                answer = b""
                async with asyncio.timeout(60):
                    while len(answer) < 25:
                        await asyncio.sleep(0.01)
                        answer += readable(master)
                assert answer[-3] == 0x04
        finally:
            os.close(master)
            os.close(slave)

    asyncio.run(main())


def test_a_serial_line_that_is_pulled_out_is_bad_and_comes_back() -> None:
    async def main() -> None:
        master, slave = pty.openpty()
        tty.setraw(slave)
        bench = SlBench({**WATER, "report_interval_s": 1})
        driver = on_a_pty(bench, os.ttyname(slave))
        async with running(driver):
            os.close(slave)
            os.close(master)
            await until(lambda: len(bench.readings) > 0)
            assert bench.readings[-1].quality == quality.NOT_CONNECTED
            master, slave = pty.openpty()
            tty.setraw(slave)
            driver.reception.door._port._settings = driver.reception.door._port._settings.__class__(
                name="water", kind="sl651", device=os.ttyname(slave)
            )
            await until(lambda: bool(driver.reception.door.is_open))
            os.write(master, water.up(0x32, water.text("392300010490", now())))
            await until(lambda: bench.readings[-1].data == (10.49,))
        os.close(master)
        os.close(slave)

    asyncio.run(main())


def readable(fd: int) -> bytes:
    try:
        return os.read(fd, 4096)
    except BlockingIOError:
        return b""
