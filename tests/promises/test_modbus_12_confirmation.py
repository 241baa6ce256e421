"""An alarm point is confirmed by a second span, at once: another length, other bytes, never the same read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from msgspec import structs

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig, Output, Range, Span, UnitPlan
from edge.drivers.models import BlockReading
from protocol import quality
from rig.faults import Faults, Instruments, Sending, judge, mixed
from rig.scenario import line_config
from rig.virtual import VirtualLoop, memory_wire, run_virtual

ALARMED = UnitPlan(1, (Span("A", 3, 0, 4, alarm=True), Span("B", 3, 6, 4)), 1000, readable=(Range(3, 0, 29),))
QUIET = UnitPlan(2, (Span("C", 3, 0, 4),), 1000, readable=(Range(3, 0, 29),))
RELAYS = UnitPlan(9, readable=(Range(1, 0, 31),), outputs=(Output(0, 2),))


def with_units(*units: UnitPlan) -> BusConfig:
    return structs.replace(line_config(), units=units)


def confirm_each(
    faults: Faults, seconds: float, prepare: Callable[[Instruments], None] = lambda _: None
) -> tuple[list[BlockReading], list[tuple[float, bytes]]]:
    """Ask for a confirmation after each reading of unit 1; return all readings and requests."""
    readings: list[BlockReading] = []
    requests: list[tuple[float, bytes]] = []

    async def main(loop: VirtualLoop) -> None:
        line = Instruments([1, 2], faults, 300, 1)
        prepare(line)

        def hear(data: bytes, now: float) -> list[Sending]:
            requests.append((now, data))
            return line.hear(data, now)

        def sink(reading: BlockReading) -> None:
            readings.append(reading)
            if reading.block.purpose == "poll" and reading.block.unit == 1 and reading.data is not None:
                assert bus.confirm(reading.block.number)

        with memory_wire(hear):
            bus = Bus(with_units(ALARMED, QUIET), sink, loop)
            task = loop.create_task(bus.run())
            await asyncio.sleep(seconds)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    run_virtual(main)
    return readings, requests


def test_a_confirmation_is_the_next_thing_on_the_wire_and_holds_the_alarm_registers() -> None:
    readings, requests = confirm_each(Faults(), 30)
    seconds = [r for r in readings if r.block.purpose == "confirm"]
    polls = [r for r in readings if r.block.unit == 1 and r.block.purpose == "poll"]
    assert len(seconds) == len(polls) > 20
    for poll, second in zip(polls, seconds, strict=True):
        assert second.block.number == poll.block.confirm
        assert second.block.size != poll.block.size
        assert second.mono_ms - poll.mono_ms < 20
        # Names at the even registers; the odd ones tell the time and differ.
        assert second.block.words(second.data, 0) == poll.block.words(poll.data, 0)
    bodies = [data for _, data in requests]
    asked = {bytes(data[2:6]) for data in bodies if data[0] == 1}
    assert len(asked) >= 2


def test_no_wrong_register_passes_and_every_confirmation_asked_for_has_one_outcome() -> None:
    readings, _ = confirm_each(mixed(0.1), 4_000)
    seconds = [r for r in readings if r.block.purpose == "confirm"]
    polls = [r for r in readings if r.block.unit == 1 and r.block.purpose == "poll" and r.data is not None]
    assert len(polls) - 1 <= len(seconds) <= len(polls)
    assert sum(r.data is not None for r in seconds) > 0.7 * len(seconds)
    for reading in readings:
        if reading.data is not None:
            block = reading.block
            sent = reading.mono_ms - reading.took_ms
            assert judge(block.unit, block.function, block.address, reading.data, sent).wrong == 0


def test_an_instrument_that_falls_silent_fails_its_confirmation_within_three_timeouts() -> None:
    answered = 0

    def die_after_a_while(line: Instruments) -> None:
        hear = line.reply

        def count(unit: int, pdu: bytes, now: float) -> bytes:
            nonlocal answered
            answered += 1
            if answered > 20:
                line.dead.add(1)
            return hear(unit, pdu, now)

        line.reply = count  # type: ignore[method-assign]

    readings, _ = confirm_each(Faults(), 60, die_after_a_while)
    place = next(i for i, r in enumerate(readings) if r.block.purpose == "confirm" and r.data is None)
    asked = max(r.mono_ms for r in readings[:place] if r.block.unit == 1 and r.data is not None)
    assert readings[place].quality == quality.COMM_FAILURE
    assert readings[place].mono_ms - asked <= 3 * 300 + 100


def test_a_point_without_a_second_span_says_that_nothing_will_come() -> None:
    async def main(loop: VirtualLoop) -> None:
        bus = Bus(with_units(ALARMED, QUIET), lambda _: None, loop)
        assert bus.confirm(0)
        assert not bus.confirm(1)
        assert not bus.confirm(99)

    run_virtual(main)


def test_without_a_connection_a_confirmation_fails_at_once() -> None:
    readings: list[BlockReading] = []

    async def main(loop: VirtualLoop) -> None:
        config = structs.replace(with_units(ALARMED), device="/dev/there-is-none")
        bus = Bus(config, readings.append, loop)
        task = loop.create_task(bus.run())
        await asyncio.sleep(0.1)
        bus.confirm(0)
        await asyncio.sleep(2)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    run_virtual(main)
    seconds = [r for r in readings if r.block.purpose == "confirm"]
    assert [r.quality for r in seconds] == [quality.NOT_CONNECTED]
    assert seconds[0].reason


def test_the_horn_goes_before_a_confirmation_and_a_confirmation_before_other_writes_and_polls() -> None:
    requests: list[bytes] = []

    async def main(loop: VirtualLoop) -> None:
        config = with_units(structs.replace(ALARMED, poll_interval_ms=20), QUIET, RELAYS)
        line = Instruments([1, 2, 9], Faults(), 300, 1)

        def hear(data: bytes, now: float) -> list[Sending]:
            requests.append(data)
            return line.hear(data, now)

        with memory_wire(hear):
            bus = Bus(config, lambda _: None, loop)
            task = loop.create_task(bus.run())
            await asyncio.sleep(10)
            place = len(requests)
            while len(requests) == place:
                await asyncio.sleep(0.001)
            # A poll is on the wire: what is wanted now waits for its reply.
            beacon = asyncio.ensure_future(bus.write_coils(9, 1, [True]))
            horn = asyncio.ensure_future(bus.write_coils(9, 0, [True], alarm=True))
            bus.confirm(0)
            await asyncio.gather(beacon, horn)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            after = requests[place + 1 :]
            assert [(r[0], r[1]) for r in after[:4]] == [(9, 15), (9, 1), (1, 3), (9, 15)]
            assert after[0][2:4] == b"\0\0"  # the horn's coil

    run_virtual(main)
