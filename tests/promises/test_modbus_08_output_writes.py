"""Output writes go ahead of all polls, are never quarantined, and are repeated until echoed and read back."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator

import pytest
from msgspec import structs

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import (
    BusConfig,
    DeviceRefused,
    Output,
    Range,
    Span,
    UnitPlan,
    WriteSuperseded,
)
from rig.faults import Faults, Instruments, mixed
from rig.scenario import LoopClock, line_config
from rig.slave import Slave
from rig.virtual import VirtualLoop, memory_wire, run_virtual

RELAY = UnitPlan(
    9,
    readable=(Range(1, 0, 31),),
    outputs=(Output(0, 2),),
)


def with_relay(config: BusConfig) -> BusConfig:
    return structs.replace(config, units=(*config.units, RELAY))


@contextlib.asynccontextmanager
async def running(bus: Bus) -> AsyncIterator[None]:
    task = asyncio.create_task(bus.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("echo", [False, True])
@pytest.mark.parametrize("single", [False, True])
def test_a_write_on_a_bad_line_ends_with_the_coil_as_wanted(single: bool, echo: bool) -> None:
    async def main(loop: VirtualLoop) -> None:
        config = with_relay(line_config(period_ms=500))
        if single:
            relay = structs.replace(RELAY, single_coil_writes=True)
            config = structs.replace(config, units=(*config.units[:-1], relay))
        line = Instruments([1, 2, 3, 4, 9], mixed(0.3, "beyond"), 300, 1, echo=echo)
        with memory_wire(line.hear):
            bus = Bus(config, lambda _: None, loop)
            async with running(bus):
                for i in range(60):
                    await bus.write_coils(9, 1, [i % 2 == 0])
                    assert (line.coils.get(9, 0) >> 1) & 1 == (i % 2 == 0)

    run_virtual(main)


def test_a_write_reaches_a_suspect_unit_at_once() -> None:
    async def main(loop: VirtualLoop) -> None:
        line = Instruments([9], Faults(), 300, 1)
        with memory_wire(line.hear):
            bus = Bus(with_relay(line_config(units=0)), lambda _: None, loop)
            async with running(bus):
                began = loop.time()
                write = asyncio.ensure_future(bus.write_coils(9, 0, [True]))
                while not line.coils.get(9, 0):
                    await asyncio.sleep(0.001)
                assert loop.time() - began < 0.02
                assert not write.done()  # nothing is proved before old replies are out of the way
                await write
                assert loop.time() - began > 2.9

    run_virtual(main)


def test_a_write_waits_for_the_running_transaction_at_most() -> None:
    waits: list[float] = []

    async def main(loop: VirtualLoop) -> None:
        config = with_relay(line_config(blocks=1, period_ms=20, timeout_ms=100))
        line = Instruments([1, 2, 3, 4, 9], Faults(silent=0.05), 100, 1)
        with memory_wire(line.hear):
            bus = Bus(config, lambda _: None, loop)
            async with running(bus):
                await bus.write_coils(9, 0, [False])
                line.faults = Faults()
                for i in range(1, 200):
                    await asyncio.sleep(0.0137)
                    began = loop.time()
                    write = asyncio.ensure_future(bus.write_coils(9, 0, [i % 2 == 1]))
                    while line.coils.get(9, 0) != i % 2:
                        await asyncio.sleep(0.0005)
                    waits.append(loop.time() - began)
                    await write

    run_virtual(main)
    assert max(waits) < 0.012  # one transaction of 4.9 ms in front, and the steps of this test


def test_a_newer_write_takes_the_place_of_an_older_one() -> None:
    async def main(loop: VirtualLoop) -> None:
        line = Instruments([9], Faults(), 300, 1)
        line.dead.add(9)
        with memory_wire(line.hear):
            bus = Bus(with_relay(line_config(units=0)), lambda _: None, loop)
            async with running(bus):
                older = asyncio.ensure_future(bus.write_coils(9, 0, [True]))
                await asyncio.sleep(5)
                newer = asyncio.ensure_future(bus.write_coils(9, 0, [False]))
                with pytest.raises(WriteSuperseded):
                    await older
                line.dead.clear()
                await newer
                assert not line.coils.get(9, 0)

    run_virtual(main)


def test_a_dead_relay_leaves_the_line_to_the_others_even_if_its_writer_never_rests() -> None:
    async def main(loop: VirtualLoop) -> None:
        good = 0

        def sink(_: object) -> None:
            nonlocal good
            good += 1

        line = Instruments([1, 2, 3, 4, 9], Faults(), 300, 1)
        line.dead.add(9)
        with memory_wire(line.hear):
            bus = Bus(with_relay(line_config(blocks=1, period_ms=1000)), sink, loop)
            async with running(bus):
                for _ in range(100):
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(2):
                            await bus.write_coils(9, 0, [True])
                stats = bus.stats()
        answered = sum(unit.good for unit in stats.units) * 0.0059 / 200
        assert stats.utilisation - answered < 0.15
        assert good >= 4 * 190

    run_virtual(main)


def test_undeclared_coils_are_refused_before_anything_is_sent() -> None:
    bus = Bus(with_relay(line_config()), lambda _: None, LoopClock())
    with pytest.raises(ValueError, match=r"unit 9: coils 1\.\.2 are no declared output"):
        asyncio.run(bus.write_coils(9, 1, [True, True]))


def test_a_refused_write_is_told() -> None:
    async def main() -> None:
        slave = Slave(1, size=8)
        refused_function = 4
        config = BusConfig(
            "relays",
            "tcp",
            (
                UnitPlan(
                    1,
                    (Span("x", 3, 0, 2),),
                    readable=(Range(3, 0, 7), Range(1, 0, 31)),
                    outputs=(Output(20),),
                ),
            ),
            host="127.0.0.1",
            timeout_ms=50,
        )
        assert refused_function
        async with slave.tcp() as port:
            bus = Bus(structs.replace(config, port=port), lambda _: None, LoopClock())
            async with running(bus):
                with pytest.raises(DeviceRefused, match="exception 2"):
                    await bus.write_coils(1, 20, [True])

    asyncio.run(main())


def test_a_write_over_tcp_is_on_the_wire_within_milliseconds_while_polls_are_due() -> None:
    seen: list[float] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        slave = Slave(1, 2, 3, 9)
        slave.on_write = lambda _unit, _pdu: seen.append(loop.time())
        config = structs.replace(
            with_relay(line_config(units=3, period_ms=20, timeout_ms=100)), kind="tcp", host="127.0.0.1"
        )
        waits = []
        async with slave.tcp() as port:
            bus = Bus(structs.replace(config, port=port), lambda _: None, LoopClock())
            async with running(bus):
                await bus.write_coils(9, 0, [False])
                for i in range(20):
                    began = loop.time()
                    seen.clear()
                    await bus.write_coils(9, 0, [i % 2 == 0])
                    waits.append(seen[0] - began)
        assert sorted(waits)[10] < 0.02

    asyncio.run(main())


def test_what_is_read_back_is_what_the_instrument_holds() -> None:
    """A relay that echoes but does not switch is written again until it does."""

    async def main() -> None:
        slave = Slave(9)
        stuck = True

        def stick(_unit: int, pdu: bytes) -> None:
            if stuck and struct.unpack(">H", pdu[1:3])[0] == 0:
                slave[9].coils[0] = 0

        slave.on_write = stick
        config = structs.replace(
            with_relay(line_config(units=0, timeout_ms=30)), kind="tcp", host="127.0.0.1"
        )
        async with slave.tcp() as port:
            bus = Bus(structs.replace(config, port=port), lambda _: None, LoopClock())
            async with running(bus):
                write = asyncio.ensure_future(bus.write_coils(9, 0, [True]))
                await asyncio.sleep(1)
                assert not write.done()
                stuck = False
                await write
                assert slave[9].coils[0] == 1

    asyncio.run(main())
