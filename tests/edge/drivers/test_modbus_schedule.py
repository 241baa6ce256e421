"""Earliest deadline first, staggered, skipped when late: polls come when they should, also on a busy line."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections import defaultdict

import pytest

from edge.core.transaction import ACCEPT, ECHO_NO, Port
from edge.core.unit import BARRIER, Unit, signature
from edge.drivers.modbus.admission import utilisation
from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BlockPlan, BusConfig, BusStats, Range, Span, UnitPlan
from edge.drivers.modbus.plan import plan
from edge.drivers.modbus.schedule import Poll, Schedule
from edge.drivers.modbus.turns import Confirm
from rig.faults import Faults, Instruments, Sending
from rig.virtual import VirtualLoop, memory_wire, run_virtual

BAUD = 19_200
CHARACTER_MS = 10_000 / BAUD
TURNAROUND_MS = 20.0
ADAPTER_MS = 10
T_MS = 300


class TimedLine(Instruments):
    """Answers when a line of this speed would have carried request and reply."""

    def hear(self, data: bytes, now: float) -> list[Sending]:
        took = len(data) * CHARACTER_MS + TURNAROUND_MS + ADAPTER_MS
        return [(took + len(frame) * CHARACTER_MS, frame) for _, frame in super().hear(data, now)]


def config_of(*units: UnitPlan) -> BusConfig:
    return BusConfig("line", "rtu", units, device="/dev/virtual", baudrate=BAUD, adapter_ms=ADAPTER_MS)


def unit(number: int, registers: int, period_ms: int) -> UnitPlan:
    spans = (Span(f"U{number}", 3, 0, registers),)
    return UnitPlan(number, spans, period_ms, readable=(Range(3, 0, registers + 30),))


def poll(config: BusConfig, seconds: float) -> tuple[dict[tuple[int, int], list[float]], BusStats]:
    """Return by (unit, address) when its reads were sent, in ms, once all is in step; and the statistics."""
    sent: dict[tuple[int, int], list[float]] = defaultdict(list)

    async def main(loop: VirtualLoop) -> BusStats:
        line = TimedLine([u.unit for u in config.units], Faults(), 300, 1)
        lengths = {(b.unit, b.count): b.address for b in plan(config).blocks}

        def hear(data: bytes, now: float) -> list[Sending]:
            count = struct.unpack_from(">H", data, 4)[0]
            if (data[0], count) in lengths and now > 10_000 + 1000 * 1000:
                sent[data[0], lengths[data[0], count]].append(now)
            return line.hear(data, now)

        with memory_wire(hear):
            bus = Bus(config, lambda _: None, loop)
            task = loop.create_task(bus.run())
            await asyncio.sleep(seconds)
            stats = bus.stats()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        return stats

    stats = run_virtual(main)
    return sent, stats


LINES = {
    "one rhythm": config_of(*(unit(n, 10, 1000) for n in range(1, 12))),
    "three rhythms": config_of(
        *(unit(n, 6, 500) for n in range(1, 4)),
        *(unit(n, 12, 1000) for n in range(4, 8)),
        *(unit(n, 20, 2000) for n in range(8, 12)),
    ),
}
ODD = config_of(*(unit(n, 6, 700) for n in range(1, 6)), *(unit(n, 10, 1100) for n in range(6, 11)))


def lateness(config: BusConfig, sent: dict[tuple[int, int], list[float]]) -> list[float]:
    """Return how late each read was, as a share of its period, in ascending order."""
    periods = {u.unit: u.poll_interval_ms for u in config.units}
    late = []
    for (number, _), times in sent.items():
        period = periods[number]
        phases = [at % period for at in times]
        # Where it is always sent on an idle line: the earliest, also over the seam of its period.
        first = min(phases, key=lambda phase: sum((other - phase) % period for other in phases))
        late += [((phase - first) % period) / period for phase in phases]
    return sorted(late)


@pytest.mark.parametrize("name", LINES)
def test_at_the_admitted_load_polls_are_late_by_a_tenth_of_their_period_at_most(name: str) -> None:
    config = LINES[name]
    assert 0.65 < utilisation(config, plan(config)).share <= 0.7
    sent, stats = poll(config, 330)
    late = lateness(config, sent)
    assert stats.skipped == 0
    assert late[int(0.99 * len(late))] <= 0.1


def test_rhythms_that_are_no_multiples_wait_for_two_others_at_most() -> None:
    sent, stats = poll(ODD, 330)
    late = lateness(ODD, sent)
    assert stats.skipped == 0
    assert late[int(0.99 * len(late))] <= 0.15


def in_step(periods_ms: tuple[int, ...]) -> tuple[Schedule, Port]:
    """Return the schedule of one block a period, each of a unit of its own, all in step and due at 0."""
    units = [Unit(n + 1, T_MS, [signature(3, 4)], -10 * T_MS) for n in range(len(periods_ms))]
    port = Port(units, 75, ECHO_NO)
    for unit_ in units:
        number, _, _ = port.barrier(0)
        request = Confirm(block(0, number, 4, 1000)).request
        request.purpose = BARRIER
        port.sent(request, 0)
        assert port.frame(number, 3, bytes(4), True, 0) == ACCEPT
        unit_.spacing_ms = 0
    blocks = [block(n, n + 1, 20, period) for n, period in enumerate(periods_ms)]
    return Schedule(blocks, port, -11 * T_MS, [0] * len(blocks)), port


def block(number: int, unit_: int, size: int, period_ms: int) -> BlockPlan:
    return BlockPlan(number, unit_, 3, 0, size // 2, size, period_ms, T_MS, (Span(f"B{number}", 3, 0),))


def asked(schedule: Schedule, now: int) -> Poll:
    poll_, ask, _ = schedule.next(now)
    assert poll_ is not None
    assert ask
    return poll_


def test_the_poll_whose_time_ends_first_goes_first() -> None:
    schedule, _ = in_step((2000, 500, 1000))
    assert [asked(schedule, 0).block.period_ms for _ in range(3)] == [500, 1000, 2000]
    assert schedule.next(0)[0] is None
    # At 1000 two are due: the slow one ends at 2000 as well, but the quick one at 1500.
    assert [asked(schedule, 1000).block.period_ms for _ in range(2)] == [500, 1000]


def test_a_poll_that_is_late_by_whole_periods_is_skipped_and_counted_never_queued() -> None:
    schedule, _ = in_step((100,))
    asked(schedule, 0)
    late = asked(schedule, 1250)
    assert late.skipped == 11
    assert late.late == 0
    assert schedule.next(1260) == (None, False, 1300)


def test_a_poll_is_counted_late_from_a_tenth_of_its_period_on() -> None:
    schedule, _ = in_step((1000,))
    assert asked(schedule, 300).late == 0
    assert asked(schedule, 1400).late == 0
    assert asked(schedule, 2501).late == 1
