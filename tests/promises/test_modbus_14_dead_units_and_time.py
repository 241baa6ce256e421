"""What silent, slow and lost instruments may cost the others, and how the waiting adapts to each."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable

import pytest
from msgspec import structs

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig, BusStats
from edge.drivers.models import BlockReading
from rig.faults import Faults, Instruments, Sending
from rig.scenario import Outcome, line_config, poll_virtually
from rig.virtual import VirtualLoop, memory_wire, run_virtual

T_MS = 300
REPLY_S = 0.0049


def killing(*numbers: int, after_s: float = 0.0) -> Callable[[Instruments], None]:
    """Return what lets these units fall silent after a while."""

    def prepare(line: Instruments) -> None:
        hear = line.hear
        began: list[float] = []

        def later(data: bytes, now: float) -> list[Sending]:
            began.append(now)
            if now - began[0] >= after_s * 1000:
                line.dead.update(numbers)
            return hear(data, now)

        line.hear = later  # type: ignore[method-assign]

    return prepare


def dead_share(outcome: Outcome) -> float:
    """Return the share of the line's time that went into requests which nobody answered."""
    assert outcome.stats is not None
    answered_s = sum(unit.good for unit in outcome.stats.units) * (REPLY_S + 0.001)
    return outcome.stats.utilisation - answered_s / outcome.elapsed_s


def test_one_silent_unit_of_twenty_costs_the_others_less_than_a_twentieth_of_their_rate() -> None:
    config = line_config(units=20, blocks=1, period_ms=1000)
    outcome = poll_virtually(config, Faults(), 10**9, limit_s=300, prepare=killing(7, after_s=60))
    assert outcome.good_of[7] < 100
    assert all(outcome.good_of[unit] >= 0.95 * 296 for unit in range(1, 21) if unit != 7)


@pytest.mark.parametrize("after_s", [0, 120])
def test_nineteen_silent_units_of_twenty_take_a_tenth_of_the_line_at_most(after_s: float) -> None:
    config = line_config(units=20, blocks=1, period_ms=1000)
    dying = killing(*range(2, 21), after_s=after_s)
    outcome = poll_virtually(config, Faults(), 10**9, limit_s=1800, prepare=dying)
    assert dead_share(outcome) <= 0.1
    assert outcome.good_of[1] >= 0.95 * 1790


def test_every_one_of_nineteen_silent_units_is_found_again_when_it_is_back() -> None:
    lines: list[Instruments] = []

    def kill(line: Instruments) -> None:
        line.dead |= set(range(2, 21))
        lines.append(line)

    def revive(_: object, loop: VirtualLoop) -> None:
        loop.call_later(600, lines[0].dead.clear)

    config = line_config(units=20, blocks=1, period_ms=1000)
    outcome = poll_virtually(config, Faults(), 10**9, limit_s=720, prepare=kill, meddle=revive)
    assert all(outcome.good_of.get(unit, 0) >= 20 for unit in range(2, 21))


class Slow(Instruments):
    """Units that answer after so many ms, each with its own."""

    takes_ms: dict[int, float]

    def hear(self, data: bytes, now: float) -> list[Sending]:
        unit = data[0]
        return [(self.takes_ms.get(unit, delay), frame) for delay, frame in super().hear(data, now)]


def poll(
    config: BusConfig, takes_ms: dict[int, float], seconds: float
) -> tuple[list[BlockReading], list[tuple[float, bytes]], BusStats]:
    """Poll units that take their time."""
    readings: list[BlockReading] = []
    requests: list[tuple[float, bytes]] = []

    async def main(loop: VirtualLoop) -> BusStats:
        line = Slow([unit.unit for unit in config.units], Faults(), T_MS, 1)
        line.takes_ms = takes_ms

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


def test_an_instrument_that_always_answers_too_late_is_waited_for_and_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    config = line_config(units=3, blocks=2, period_ms=2000)
    readings, _, stats = poll(config, {2: 420.0}, 300)
    unit = stats.units[1]
    assert unit.timeout_ms == 420 + 105
    assert unit.hold_ms == 10 * unit.timeout_ms
    good = [r for r in readings if r.block.unit == 2 and r.data is not None]
    assert len(good) > 200
    assert all(r.took_ms >= 420 for r in good)
    assert "answers after its time-out of 300 ms and is now waited for 525 ms" in caplog.text
    assert [stats.units[i].timeout_ms for i in (0, 2)] == [300, 300]


def test_an_instrument_that_is_quick_again_has_its_own_time_out_back() -> None:
    takes = {2: 420.0}
    config = line_config(units=2, blocks=2, period_ms=1000)
    readings: list[BlockReading] = []

    async def main(loop: VirtualLoop) -> tuple[BusStats, BusStats]:
        line = Slow([1, 2], Faults(), T_MS, 1)
        line.takes_ms = takes
        with memory_wire(line.hear):
            bus = Bus(config, readings.append, loop)
            task = loop.create_task(bus.run())
            await asyncio.sleep(120)
            before = bus.stats()
            takes[2] = 30.0
            await asyncio.sleep(600)
            after = bus.stats()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        return before, after

    before, after = run_virtual(main)
    assert before.units[1].timeout_ms == 525
    assert after.units[1].timeout_ms == 300
    assert after.units[1].hold_ms == 5250  # H never shrinks
    assert 25 <= after.units[1].reply_ms <= 35


def test_a_line_that_is_late_now_and_then_keeps_its_time_out() -> None:
    outcome = poll_virtually(line_config(), Faults(late=0.2), 20_000)
    assert outcome.stats is not None
    assert {unit.timeout_ms for unit in outcome.stats.units} == {300}


def test_a_silent_unit_that_was_quick_is_probed_with_a_short_wait() -> None:
    waits: list[float] = []

    def watch(line: Instruments) -> None:
        hear = line.hear

        def later(data: bytes, now: float) -> list[Sending]:
            if now > 1_030_000:
                line.dead.add(1)
            replies = hear(data, now)
            if data[0] == 1 and 1 in line.dead:
                waits.append(now)
            return replies

        line.hear = later  # type: ignore[method-assign]

    config = line_config(units=2, blocks=1, period_ms=1000)
    outcome = poll_virtually(config, Faults(), 10**9, limit_s=400, prepare=watch)
    assert outcome.stats is not None
    unit = outcome.stats.units[0]
    assert unit.breaker != "closed"
    assert outcome.stats.units[1].breaker == "closed"
    assert unit.reply_p99_ms <= 7
    # Two failures of 300 ms opened the breaker; each probe after that took 50 ms, not 300.
    assert len(waits) > 6
    answered_s = sum(u.good for u in outcome.stats.units) * (REPLY_S + 0.001)
    spent_s = outcome.stats.utilisation * outcome.elapsed_s - answered_s
    assert spent_s <= 2 * 0.301 + (len(waits) - 2) * 0.056 + 0.2


def test_the_pause_that_an_instrument_needs_is_kept_while_others_are_asked() -> None:
    config = line_config(units=2, blocks=3, period_ms=600)
    first = structs.replace(config.units[0], gap_ms=150)
    config = structs.replace(config, units=(first, config.units[1]))
    readings, requests, _ = poll(config, {}, 60)
    mine = [at for at, data in requests if data[0] == 1]
    others = [at for at, data in requests if data[0] == 2]
    assert min(after - before - 4.9 for before, after in itertools.pairwise(mine)) >= 149
    assert sum(any(0 < at - before < 150 for before in mine) for at in others) > 80
    assert sum(r.data is not None for r in readings if r.block.unit == 1) > 250
