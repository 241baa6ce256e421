"""A meter that is not ours: the PyPI package `dlt645` serves one on a pseudo-terminal, and we read it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from dlt645.service.serversvc.server_service import MeterServerService  # type: ignore[import-untyped]

from edge.drivers.models import BlockReading
from protocol import quality
from rig.scenario import LoopClock
from rig.wire import PtyWire
from rig.wired import bus_of, start, stopped

POINTS = {
    "energy": ("00010000", 1206.42),
    "voltage": ("02010100", 220.4),
    "current": ("02020100", -1.25),
    "power": ("02030000", -12.3456),
    "factor": ("02060000", 0.987),
    "frequency": ("02800002", 49.99),
}
CONFIG = """
[[buses]]
name = "meters"
kind = "dlt645"
device = "{device}"
baudrate = 115200
timeout_ms = 500

[[buses.units]]
key = "EM-1"
address = "112233445566"
poll_interval_ms = 1500
"""


def config(device: Path) -> str:
    points = [f'[[buses.units.points]]\nkey = "{key}"\ndi = "{di}"' for key, (di, _) in POINTS.items()]
    return "\n".join([CONFIG.format(device=device), *points, REFUSED])


REFUSED = """
[[buses.units.points]]
key = "nothing"
di = "0000EE00"
digits = 8
decimals = 2
"""


@contextlib.contextmanager
def joined(one: PtyWire, other: PtyWire) -> Iterator[None]:
    """Let two pseudo-terminals be one wire: what is written to one is read from the other."""
    loop = asyncio.get_running_loop()

    def carry(here: int, there: int) -> None:
        with contextlib.suppress(OSError):
            os.write(there, os.read(here, 4096))

    loop.add_reader(one.fd, carry, one.fd, other.fd)
    loop.add_reader(other.fd, carry, other.fd, one.fd)
    try:
        yield
    finally:
        loop.remove_reader(one.fd)
        loop.remove_reader(other.fd)


def test_a_meter_that_is_not_ours_is_read_right(tmp_path: Path) -> None:
    bus, laid = bus_of(config(tmp_path / "tty"), tmp_path)
    readings: list[BlockReading] = []

    async def run() -> None:
        loop = asyncio.get_running_loop()
        with PtyWire(bus.device) as ours, PtyWire(str(tmp_path / "meter")) as theirs, joined(ours, theirs):
            meter = MeterServerService.new_rtu_server(theirs.device, 8, 1, 115200, "E", 1.0)
            meter.set_address(bytes.fromhex("112233445566")[::-1])
            for di, value in POINTS.values():
                (meter.set_00 if di.startswith("00") else meter.set_02)(int(di, 16), value)
            assert await asyncio.to_thread(meter.start)
            task = loop.create_task(start(bus, laid, readings.append, LoopClock()).run())
            async with asyncio.timeout(20):
                while len({reading.block.number for reading in readings}) < len(POINTS) + 1:
                    await asyncio.sleep(0.05)
            await stopped(task)
            await asyncio.to_thread(meter.stop)

    asyncio.run(run())
    last = {reading.block.number: reading for reading in readings}
    for number, (_, value) in enumerate(POINTS.values()):
        assert (last[number].data, last[number].quality) == ((value,), quality.GOOD), last[number]
    refused = last[len(POINTS)]
    assert refused.data is None
    assert "the meter refuses: the meter has no such data" in refused.reason
    assert refused.quality == quality.CONFIG_ERROR
