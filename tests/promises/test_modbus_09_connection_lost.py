"""Without a connection each missed poll gives one bad reading, no value is sent again, and it heals."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

from msgspec import structs

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig
from edge.drivers.models import BlockReading
from protocol import quality
from rig.faults import Faults, Instruments
from rig.scenario import LoopClock, line_config, serve_pty
from rig.slave import Slave
from rig.wire import PtyWire

PERIOD_MS = 100


@contextlib.asynccontextmanager
async def running(config: BusConfig, readings: list[BlockReading]) -> AsyncIterator[Bus]:
    bus = Bus(config, readings.append, LoopClock())
    task = asyncio.create_task(bus.run())
    try:
        yield bus
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until_good(readings: list[BlockReading], after: int) -> None:
    async with asyncio.timeout(90):
        while not any(reading.data for reading in readings[after:]):
            await asyncio.sleep(0.02)


def spread(readings: list[BlockReading]) -> list[int]:
    times = [reading.mono_ms for reading in readings]
    return [b - a for a, b in itertools.pairwise(times)]


def judge_outage(readings: list[BlockReading], began: int) -> None:
    outage = list(itertools.takewhile(lambda reading: reading.data is None, readings[began:]))
    assert len(outage) >= 8
    assert {reading.quality for reading in outage[1:]} == {quality.NOT_CONNECTED}
    assert all(reading.reason for reading in outage)
    # One reading for each missed poll at its own time: the mean distance is the period.
    assert abs(sum(spread(outage)) / (len(outage) - 1) - PERIOD_MS) < 0.35 * PERIOD_MS


def test_tcp_instrument_switched_off_and_on() -> None:
    async def main() -> None:
        slave = Slave(1)
        readings: list[BlockReading] = []
        config = line_config(units=1, blocks=1, period_ms=PERIOD_MS, timeout_ms=30)
        config = structs.replace(config, kind="tcp", host="127.0.0.1")
        async with contextlib.AsyncExitStack() as stack:
            async with slave.tcp() as port:
                config = structs.replace(config, port=port)
                await stack.enter_async_context(running(config, readings))
                await until_good(readings, 0)
            began = len(readings)
            await asyncio.sleep(1.2)
            while_off = readings[began:]
            assert all(reading.data is None for reading in while_off[1:])
            async with slave.tcp(port=port):
                await until_good(readings, began + 5)
                judge_outage(readings, next(i for i in range(began, len(readings)) if not readings[i].data))

    asyncio.run(main())


def test_serial_adapter_unplugged_and_plugged_in_again(tmp_path: Path) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        readings: list[BlockReading] = []
        config = line_config(str(tmp_path / "tty"), units=1, blocks=1, period_ms=PERIOD_MS, timeout_ms=30)
        line = Instruments([1], Faults(), 30, 1)
        with PtyWire(config.device) as wire:
            serve_pty(wire, line, loop)
            async with running(config, readings):
                await until_good(readings, 0)
                loop.remove_reader(wire.fd)
                wire.unplug()
                began = len(readings)
                await asyncio.sleep(1.2)
                wire.plug()
                serve_pty(wire, line, loop)
                await until_good(readings, began + 5)
                judge_outage(readings, next(i for i in range(began, len(readings)) if not readings[i].data))
            loop.remove_reader(wire.fd)

    asyncio.run(main())


def test_a_bus_that_was_never_there_reports_each_poll(tmp_path: Path) -> None:
    async def main() -> None:
        readings: list[BlockReading] = []
        config = line_config(str(tmp_path / "none"), units=1, blocks=1, period_ms=PERIOD_MS, timeout_ms=10)
        async with running(config, readings):
            await asyncio.sleep(1.5)
        assert 10 <= len(readings) <= 15
        assert {reading.quality for reading in readings} == {quality.NOT_CONNECTED}

    asyncio.run(main())


def test_a_line_that_refuses_its_settings_says_so(tmp_path: Path) -> None:
    """A pseudo-terminal has no parity bit; the driver must say that instead of falling over."""

    async def main() -> None:
        readings: list[BlockReading] = []
        config = line_config(str(tmp_path / "tty"), units=1, blocks=1, period_ms=PERIOD_MS, timeout_ms=10)
        with PtyWire(config.device):
            async with running(structs.replace(config, parity="E"), readings):
                await asyncio.sleep(1.5)
        assert readings
        assert all(reading.data is None for reading in readings)
        assert any("parity E" in reading.reason for reading in readings)

    asyncio.run(main())
