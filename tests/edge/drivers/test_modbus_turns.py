"""What goes over a bus next: alarm before command before poll before probe, and never two at a time."""

from __future__ import annotations

import asyncio
import contextlib
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.core.transaction import ACCEPT, ECHO_NO, Port
from edge.core.unit import BARRIER, IN_STEP, Unit, signature
from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BlockPlan, BusConfig, Output, Range, Span, UnitPlan
from edge.drivers.modbus.schedule import Poll, Schedule
from edge.drivers.modbus.turns import PATIENCE_MS, Barrier, Confirm, Missed, Turns
from edge.drivers.modbus.writes import Write
from edge.drivers.models import BlockReading
from rig.faults import Faults, Instruments, Sending
from rig.scenario import line_config
from rig.virtual import VirtualLoop, memory_wire, run_virtual

T = 300


def block(number: int, unit: int, size: int, period_ms: int = 1000) -> BlockPlan:
    return BlockPlan(number, unit, 3, 0, size // 2, size, period_ms, T, (Span(f"B{number}", 3, 0),))


def in_step(units: int) -> Port:
    """Return a port whose units are all in step at time 0."""
    port = Port(
        [Unit(n, T, [signature(3, 4), signature(3, 6)], -10 * T) for n in range(1, units + 1)], 75, ECHO_NO
    )
    for _ in range(units):
        number, index, _ = port.barrier(0)
        request = Confirm(block(0, number, 4 + 2 * index)).request
        request.purpose = BARRIER
        port.sent(request, 0)
        assert port.frame(number, 3, bytes(4 + 2 * index), True, 0) == ACCEPT
    return port


def kill(unit: Unit, port: Port, until: int) -> None:
    """Let a unit be silent, with a probe due at `until`."""
    unit.silence, unit.until = 3, until
    unit.state = 0
    port.out_of_step.append(unit.number)


async def made(
    port: Port, *, alarm: bool | None, plain: bool, confirm: bool, poll: bool, probe: bool
) -> Turns:
    turns = Turns(port, Schedule([block(0, 1, 20)], port, -10 * T - T, [0 if poll else 500]), serial=True)
    if plain:
        turns.writes[1, 0, 1] = Write(block(0, 1, 1), 0, [False], False)
    if alarm is not None:
        turns.writes[1, 1, 1] = Write(block(0, 1, 1), 1, [True], False, alarm)
    if confirm:
        turns.confirms[1] = Confirm(block(1, 1, 22))
    if probe:
        kill(port.units[2], port, 0)
    return turns


@settings(deadline=None)
@given(st.sampled_from([True, None]), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_the_highest_that_may_go_goes(
    alarm: bool | None, plain: bool, confirm: bool, poll: bool, probe: bool
) -> None:
    turns = asyncio.run(made(in_step(2), alarm=alarm, plain=plain, confirm=confirm, poll=poll, probe=probe))
    order: list[str] = []
    for _ in range(6):
        turn, _ = turns.next(0)
        if isinstance(turn, Write):
            order.append("sound" if turn.alarm else "command")
            del turns.writes[turn.key]
        elif isinstance(turn, Confirm):
            order.append("confirm")
            turns.confirms.clear()
        elif isinstance(turn, Poll):
            order.append("poll")
        elif isinstance(turn, Barrier):
            order.append("probe")
    wanted = {"sound": alarm is True, "confirm": confirm, "command": plain, "poll": poll, "probe": probe}
    assert order[: sum(wanted.values())] == [name for name, there in wanted.items() if there]


def test_a_probe_waits_for_a_gap_that_holds_it_but_not_for_ever() -> None:
    port = in_step(2)
    schedule = Schedule([block(0, 1, 20, 200)], port, -10 * T - T, [100])
    turns = Turns(port, schedule, serial=True)
    kill(port.units[2], port, 0)
    port.units[1].spacing_ms = 0
    asked = []
    for now in range(0, PATIENCE_MS + 500, 10):
        turn, _ = turns.next(now)
        if isinstance(turn, Barrier):
            asked.append(now)
            break
    assert PATIENCE_MS <= asked[0] <= PATIENCE_MS + 20


def test_probes_of_many_silent_units_come_round_to_every_one() -> None:
    port = in_step(20)
    turns = Turns(port, Schedule([block(0, 1, 20, 60_000)], port, -10 * T - T, [59_000]), serial=True)
    for number in range(2, 21):
        kill(port.units[number], port, number)
    probed = set()
    now = 30
    for _ in range(19):
        turn, _ = turns.next(now)
        assert isinstance(turn, Barrier)
        probed.add(turn.unit)
        port.units[turn.unit].until = now + 1
        now += 5
    assert probed == set(range(2, 21))


def test_a_confirmation_whose_unit_stays_out_of_step_is_given_up_at_its_deadline() -> None:
    port = in_step(1)
    turns = asyncio.run(made(port, alarm=None, plain=False, confirm=True, poll=False, probe=False))
    port.units[1].state = 1
    turns.confirms[1].deadline = 600
    assert turns.next(100)[0] is None
    turn, _ = turns.next(600)
    assert isinstance(turn, Missed)
    assert turn.what is turns.confirms[1]
    assert port.units[1].state != IN_STEP


class Trace:
    """Everything on one line, and whether the master ever spoke before it was answered or T was over."""

    def __init__(self, line: Instruments) -> None:
        self.line = line
        self.open_until = 0.0
        self.overlaps = 0
        self.sent: list[tuple[float, bytes]] = []

    def hear(self, data: bytes, now: float) -> list[Sending]:
        self.overlaps += now < self.open_until - 1
        self.sent.append((now, data))
        replies = self.line.hear(data, now)
        # Its reply frees the line; without one in time, T does.
        in_time = [delay for delay, _ in replies if delay <= T]
        self.open_until = now + (min(in_time) if in_time else T)
        return replies


def bus_config() -> BusConfig:
    alarmed = UnitPlan(1, (Span("A", 3, 0, 4, alarm=True),), 50, readable=(Range(3, 0, 29),))
    relays = UnitPlan(9, readable=(Range(1, 0, 31),), outputs=(Output(0, 4),))
    others = line_config(units=4, blocks=1, period_ms=50).units[1:]
    return BusConfig(
        "line", "rtu", (alarmed, *others, relays), device="/dev/virtual", baudrate=4_000_000, adapter_ms=0,
        timeout_ms=T - 1,
    )  # fmt: skip


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([Faults(), Faults(late=0.05)]))
def test_a_command_during_polls_never_overlaps_with_anything(seed: int, faults: Faults) -> None:
    async def main(loop: VirtualLoop) -> Trace:
        trace = Trace(Instruments([1, 2, 3, 4, 9], faults, T, seed))

        def sink(reading: BlockReading) -> None:
            if reading.block.purpose == "poll":
                bus.confirm(reading.block.number)

        with memory_wire(trace.hear):
            bus = Bus(bus_config(), sink, loop)
            task = loop.create_task(bus.run())
            await asyncio.sleep(5)
            for i in range(60):
                await asyncio.sleep(0.0137 * (i % 7))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await bus.write_coils(9, i % 4, [i % 2 == 0], alarm=i % 3 == 0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        return trace

    trace = run_virtual(main)
    assert trace.overlaps == 0
    functions = {struct.unpack_from(">BB", data) for _, data in trace.sent}
    assert {(1, 3), (9, 15), (9, 1)} <= functions
