"""The bus in made-up time: staggered polls, spacing, skipped polls, refusals in words, statistics."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable

import pytest
from msgspec import structs

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig, BusStats, Range, Span, UnitPlan
from edge.drivers.models import BlockReading
from protocol import quality
from rig.faults import Faults, Instruments, Sending
from rig.scenario import line_config
from rig.virtual import VirtualLoop, memory_wire, run_virtual


def poll(
    config: BusConfig, seconds: float, prepare: Callable[[Instruments], None] = lambda _: None
) -> tuple[list[BlockReading], list[tuple[float, bytes]], BusStats]:
    """Return the readings, the requests as (ms, bytes), and the statistics."""
    readings: list[BlockReading] = []
    requests: list[tuple[float, bytes]] = []

    async def main(loop: VirtualLoop) -> BusStats:
        line = Instruments([u.unit for u in config.units], Faults(), 300, 1)
        prepare(line)

        def hear(data: bytes, now: float) -> list[Sending]:
            requests.append((now, data))
            return line.hear(data, now)

        with memory_wire(hear):
            bus = Bus(config, readings.append, loop)
            task = loop.create_task(bus.run())
            await asyncio.sleep(seconds)
            stats = bus.stats()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        return stats

    return readings, requests, run_virtual(main)


def test_blocks_are_spread_over_their_period() -> None:
    readings, _, _ = poll(line_config(units=4, blocks=1, period_ms=1000), 10)
    phases = sorted({reading.mono_ms % 1000 // 50 for reading in readings})
    assert len(phases) >= 4
    assert all(reading.took_ms <= 6 for reading in readings)


def test_a_block_is_asked_once_a_t_at_most_and_skipped_polls_are_counted() -> None:
    config = line_config(units=1, blocks=2, period_ms=50)
    readings, requests, stats = poll(config, 20)
    assert all(reading.data for reading in readings)
    for body in {data for _, data in requests}:
        times = [at for at, data in requests if data == body]
        assert all(b - a >= 299 for a, b in itertools.pairwise(times))
    assert stats.skipped > 100


def test_a_reading_tells_when_its_request_was_sent() -> None:
    readings, requests, _ = poll(line_config(units=1, blocks=1, period_ms=1000), 10)
    sent = {round(at) for at, _ in requests}
    for reading in readings:
        assert any(abs(reading.mono_ms - reading.took_ms - at) <= 1 for at in sent)
        assert reading.time_ms - reading.mono_ms == 1_767_225_600_000
        assert reading.quality == quality.GOOD


def test_an_exception_names_the_block_and_what_it_means() -> None:
    units = (
        UnitPlan(1, (Span("A", 3, 0, 4),), 500, readable=(Range(3, 0, 20),)),
        UnitPlan(
            2, (Span("B", 3, 0, 4), Span("C", 4, 0, 4)), 500, readable=(Range(3, 0, 20), Range(4, 0, 3))
        ),
    )
    config = structs.replace(line_config(), units=units)

    def refuse(line: Instruments) -> None:
        line.refusing.add(4)

    readings, _, stats = poll(config, 30, refuse)
    refused = [r for r in readings if r.block.function == 4]
    # At first the barrier may be refused too; then another function's is used.
    assert {r.quality for r in refused[10:]} == {quality.CONFIG_ERROR}
    assert "unit 2 input registers 0..3: refused with exception 1: illegal function" in refused[-1].reason
    assert all(r.data for r in readings[40:] if r.block.function == 3)
    assert stats.units[1].state == "in step"
    assert stats.units[1].refused >= 40


def test_an_instrument_that_refuses_its_barriers_is_told_once_with_what_it_means(
    caplog: pytest.LogCaptureFixture,
) -> None:
    unit = UnitPlan(1, (Span("A", 4, 0, 4),), 500, readable=(Range(4, 0, 3), Range(3, 0, 20)))
    config = structs.replace(line_config(), units=(unit,))

    def refuse(line: Instruments) -> None:
        line.refusing |= {3, 4}

    readings, _, _ = poll(config, 60, refuse)
    assert not any(r.data for r in readings)
    assert "unit 1 refused with exception 1 the read of" in readings[-1].reason
    assert readings[-1].reason.endswith("illegal function")
    assert [record.message.count("unit 1 refused") for record in caplog.records].count(1) == 1


def test_an_instrument_of_one_register_is_put_in_step_by_a_refused_function() -> None:
    unit = UnitPlan(1, (Span("A", 3, 0),), 500, refused_function=4)

    def refuse(line: Instruments) -> None:
        line.refusing.add(4)

    readings, _, _ = poll(structs.replace(line_config(), units=(unit,)), 20, refuse)
    assert len([r for r in readings if r.data]) > 25


def test_utilisation_is_the_share_of_time_that_a_request_is_open() -> None:
    _, _, stats = poll(line_config(units=4, blocks=1, period_ms=50, timeout_ms=40), 100)
    assert 0.35 < stats.utilisation < 0.5
    assert stats.good > 7_500
    assert stats.connections == 1
