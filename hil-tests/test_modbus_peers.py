"""Every way to the wire against pymodbus' own server, which knows nothing of this house."""

from __future__ import annotations

import asyncio
import contextlib
import struct
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec import structs
from pymodbus.framer import FramerType

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig, Output, Range, Span, UnitPlan
from edge.drivers.models import BlockReading
from protocol import quality
from rig.faults import name_of
from rig.foreign import serial_server, tcp_server
from rig.scenario import LoopClock

UNITS = tuple(
    UnitPlan(
        unit,
        (Span("a", 3, 0, 10), Span("b", 3, 100, 20), Span("c", 4, 7, 3), Span("d", 2, 0, 8)),
        100,
        readable=(Range(3, 0, 59), Range(3, 100, 159), Range(4, 0, 59), Range(1, 0, 63), Range(2, 0, 63)),
        outputs=(Output(0, 8),),
    )
    for unit in (1, 2)
)
LINE = BusConfig("peer", "rtu", UNITS, baudrate=115_200, timeout_ms=120, adapter_ms=0)


@contextlib.asynccontextmanager
async def reached(way: str, folder: Path) -> AsyncIterator[BusConfig]:
    """Serve units 1 and 2 and yield how they are reached."""
    kind, _, place = way.partition(" at ")
    through = "minimalmodbus" if place == "a device by minimalmodbus" else ""
    framer = {"tcp": FramerType.SOCKET, "ascii": FramerType.ASCII}.get(kind, FramerType.RTU)
    if place.startswith("a device"):
        async with serial_server(framer, str(folder), 1, 2) as path:
            yield structs.replace(LINE, kind=kind, device=path, through=through)
    else:
        async with tcp_server(framer, 1, 2) as port:
            yield structs.replace(LINE, kind=kind, host="127.0.0.1", port=port)


WAYS = [
    "tcp at a host",
    "rtu at a device",
    "rtu at a device by minimalmodbus",
    "rtu-over-tcp at a host",
    "ascii at a device",
    "ascii at a host",
]


def expected(reading: BlockReading) -> bytes:
    block = reading.block
    if block.function == 2:
        bits = sum(1 << i for i in range(block.count) if (block.address + i) % 3 == 0)
        return bits.to_bytes((block.count + 7) // 8, "little")
    return struct.pack(
        f">{block.count}H",
        *(name_of(block.unit, block.function, block.address + i) for i in range(block.count)),
    )


@pytest.mark.parametrize("way", WAYS)
def test_all_tables_are_read_and_outputs_are_written(way: str, tmp_path: Path) -> None:
    readings: list[BlockReading] = []

    async def main() -> None:
        async with reached(way, tmp_path) as config:
            bus = Bus(config, readings.append, LoopClock())
            task = asyncio.create_task(bus.run())
            async with asyncio.timeout(20):
                await bus.write_coils(1, 0, [True, False, True])
                await bus.write_coils(2, 5, [True])
                while sum(reading.data is not None for reading in readings) < 60:
                    await asyncio.sleep(0.05)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            stats = bus.stats()
        assert stats.connections == 1
        assert stats.writes == 2
        assert stats.second_master == stats.framing_lost == 0

    asyncio.run(main())
    good = [reading for reading in readings if reading.data is not None]
    assert {(r.block.unit, r.block.function) for r in good} == {(u, f) for u in (1, 2) for f in (2, 3, 4)}
    assert all(reading.data == expected(reading) for reading in good)
    assert {reading.quality for reading in good} == {quality.GOOD}
    assert not [thread for thread in threading.enumerate() if thread.name == "modbus peer"]


def answered(*, switch: bool) -> list[BlockReading]:
    """Read a server that answers with transaction id 0."""
    readings: list[BlockReading] = []

    async def main() -> None:
        async with tcp_server(FramerType.SOCKET, 1, 2, id_zero=True) as port:
            units = tuple(structs.replace(unit, transaction_id_zero=switch) for unit in UNITS)
            config = structs.replace(
                LINE, kind="tcp", host="127.0.0.1", port=port, timeout_ms=40, units=units
            )
            task = asyncio.create_task(Bus(config, readings.append, LoopClock()).run())
            await asyncio.sleep(1.5)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    asyncio.run(main())
    return readings


def test_an_instrument_that_answers_id_zero_is_read_with_its_switch() -> None:
    readings = answered(switch=True)
    good = [reading for reading in readings if reading.data is not None]
    assert len(good) > 40
    assert all(reading.data == expected(reading) for reading in good)


def test_an_instrument_that_answers_id_zero_is_not_believed_without_its_switch() -> None:
    readings = answered(switch=False)
    assert readings
    assert not any(reading.data for reading in readings)
