"""Requests through minimalmodbus in a thread: the same rule, and no thread is ever left behind."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from pathlib import Path

import pytest
from msgspec import structs

from edge.core.transaction import ECHO_UNKNOWN, FAIL, Port, Request
from edge.core.unit import BARRIER, Unit, signature
from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.frame import read, rtu
from edge.drivers.modbus.heard_port import HeardPort
from edge.drivers.modbus.models import BusConfig
from edge.drivers.modbus.thread_line import ThreadLine
from edge.drivers.models import BlockReading
from protocol import quality
from rig.faults import Faults, Instruments, mixed
from rig.scenario import LoopClock, line_config, poll_pty, serve_pty, soaking
from rig.wire import PtyWire

READS = soaking(300, 100_000)
LIMIT_S = soaking(60, 12 * 3600)
T_MS = 30

pytestmark = pytest.mark.timeout(LIMIT_S + 60)

LINES = {
    "1 % late": (Faults(late=0.01), False),
    "10 % late to 10 T, queued": (Faults(late=0.08, later=0.02), True),
    "all mixed": (mixed(0.08, "wrong_unit", "wrong_unit_late"), False),
}


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("modbus ")]


def until_no_thread(within_s: float = 20.0) -> None:
    end = time.monotonic() + within_s
    while threads() and time.monotonic() < end:
        time.sleep(0.01)
    assert threads() == []


def config_of(folder: Path, **changes: object) -> BusConfig:
    config = line_config(str(folder / "tty"), units=2, blocks=2, period_ms=T_MS, timeout_ms=T_MS)
    return structs.replace(config, through="minimalmodbus", **changes)


@pytest.mark.parametrize("line", LINES)
def test_no_wrong_register_through_minimalmodbus(line: str, tmp_path: Path) -> None:
    faults, queued = LINES[line]
    outcome = asyncio.run(poll_pty(config_of(tmp_path), faults, READS, queued=queued, limit_s=LIMIT_S))
    assert outcome.instruments is not None
    assert outcome.good > min(READS, outcome.instruments.requests) // 3
    assert outcome.wrong == 0
    until_no_thread()


def test_an_echo_is_learned_from_the_first_read(tmp_path: Path) -> None:
    async def main() -> None:
        readings: list[BlockReading] = []
        config = config_of(tmp_path)
        line = Instruments([1, 2], Faults(), T_MS, 1, reply_ms=0.5, echo=True)
        with PtyWire(config.device) as wire:
            serve_pty(wire, line, asyncio.get_running_loop())
            bus = Bus(config, readings.append, LoopClock())
            task = asyncio.create_task(bus.run())
            async with asyncio.timeout(20):
                while sum(reading.data is not None for reading in readings) < 100:
                    await asyncio.sleep(0.02)
            await stop(task)
            asyncio.get_running_loop().remove_reader(wire.fd)
        assert bus.stats().second_master == 0

    asyncio.run(main())
    until_no_thread()


@pytest.mark.parametrize("close_after_call", [False, True])
def test_a_refusal_does_not_wait_for_the_time_to_be_up(close_after_call: bool, tmp_path: Path) -> None:
    async def main() -> list[BlockReading]:
        readings: list[BlockReading] = []
        config = config_of(tmp_path, timeout_ms=200, close_after_call=close_after_call)
        config = structs.replace(
            config,
            units=tuple(structs.replace(u, poll_interval_ms=250, refused_function=4) for u in config.units),
        )
        line = Instruments([1, 2], Faults(), 200, 1, reply_ms=0.5)
        line.refusing |= {3, 4}
        with PtyWire(config.device) as wire:
            serve_pty(wire, line, asyncio.get_running_loop())
            task = asyncio.create_task(Bus(config, readings.append, LoopClock()).run())
            async with asyncio.timeout(20):
                while sum("exception 1" in reading.reason for reading in readings) < 8:
                    await asyncio.sleep(0.02)
            await stop(task)
            asyncio.get_running_loop().remove_reader(wire.fd)
        return [reading for reading in readings if "exception 1" in reading.reason]

    refused = asyncio.run(main())
    assert all(reading.took_ms < 190 for reading in refused)
    until_no_thread()


def test_unplugged_and_plugged_in_again_it_heals_by_itself(tmp_path: Path) -> None:
    async def main() -> None:
        readings: list[BlockReading] = []
        config = config_of(tmp_path)
        line = Instruments([1, 2], Faults(), T_MS, 1, reply_ms=0.5)
        loop = asyncio.get_running_loop()
        with PtyWire(config.device) as wire:
            serve_pty(wire, line, loop)
            task = asyncio.create_task(Bus(config, readings.append, LoopClock()).run())
            await until_good(readings, 0)
            loop.remove_reader(wire.fd)
            wire.unplug()
            began = len(readings)
            await asyncio.sleep(1.5)
            assert {r.quality for r in readings[began + 20 :]} == {quality.NOT_CONNECTED}
            assert "is not there" in readings[-1].reason
            wire.plug()
            serve_pty(wire, line, loop)
            await until_good(readings, len(readings), within_s=60)
            await stop(task)
            loop.remove_reader(wire.fd)

    asyncio.run(main())
    until_no_thread()


def test_cancelled_in_the_middle_of_a_request_the_thread_ends(tmp_path: Path) -> None:
    async def main() -> None:
        config = config_of(tmp_path, timeout_ms=5_000)
        with PtyWire(config.device):
            task = asyncio.create_task(asked(ThreadLine(config, port_of(config), 20, LoopClock()), config))
            await asyncio.sleep(0.3)
            assert threads() == ["modbus line"]
            await stop(task)

    asyncio.run(main())
    until_no_thread()


class StuckPort(HeardPort):
    """A port whose driver does not give a read back until it is let go."""

    let_go = threading.Event()

    def read(self, size: int = 1, /) -> bytes:
        self.let_go.wait(30)
        return super().read(size)


def test_a_driver_call_that_hangs_blocks_nobody_else_and_starts_no_second_thread(tmp_path: Path) -> None:
    async def main() -> None:
        config = config_of(tmp_path)
        beats = 0

        async def beat() -> None:
            nonlocal beats
            while True:
                await asyncio.sleep(0.01)
                beats += 1

        with PtyWire(config.device):
            line = ThreadLine(config, port_of(config), 20, LoopClock(), open_port=StuckPort)
            pulse = asyncio.create_task(beat())
            began = time.monotonic()
            assert await asked(line, config) == FAIL
            assert time.monotonic() - began < 8
            assert not line.is_open
            assert beats > 200
            assert "does not return a call" in await line.open()
            assert threads() == ["modbus line"]
            StuckPort.let_go.set()
            await asyncio.sleep(0.2)
            assert await line.open() == ""
            line.close()
            await stop(pulse)

    asyncio.run(main())
    until_no_thread()


class DirectedPort(HeardPort):
    """A port that notes its direction instead of switching a line that a pseudo-terminal lacks."""

    steps: list[str]

    def _update_rts_state(self) -> None:
        self.__dict__.setdefault("steps", []).append(f"rts {int(self.rts)}")

    def flush(self) -> None:
        self.steps.append("flushed")
        super().flush()


def test_rts_is_up_until_the_last_character_has_left(tmp_path: Path) -> None:
    config = config_of(tmp_path, rts_to_send=True)
    with PtyWire(config.device):
        port = DirectedPort(config, LoopClock(), threading.Event())
        port.steps = []
        port.write(b"\x01\x03")
        assert port.steps == ["rts 1", "flushed", "rts 0"]
        port.close()


def port_of(config: BusConfig) -> Port:
    units = [Unit(unit.unit, 30, [signature(3, 8)], 0) for unit in config.units]
    return Port(units, 20, ECHO_UNKNOWN)


async def asked(line: ThreadLine, config: BusConfig) -> int:
    assert await line.open() == ""
    wire = rtu(1, read(3, 0, 4))
    try:
        return await line.ask(Request(1, 3, 8, BARRIER, config.timeout_ms, wire), wire)
    finally:
        line.close()


async def until_good(readings: list[BlockReading], after: int, within_s: float = 90) -> None:
    async with asyncio.timeout(within_s):
        while not any(reading.data for reading in readings[after:]):
            await asyncio.sleep(0.02)


async def stop(task: asyncio.Task[int] | asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
