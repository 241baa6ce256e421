"""Registers that an instrument refuses are found out and read around: other points never suffer for long."""

from __future__ import annotations

import asyncio
import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusStats, PlanError, Range, Span, UnitPlan
from edge.drivers.models import BlockReading
from protocol import quality
from rig.faults import Faults, Instruments, Sending, mixed, name_of
from rig.scenario import line_config, soaking
from rig.virtual import VirtualLoop, memory_wire, run_virtual

T_MS = 300
H_MS = 10 * T_MS
GOOD = Faults()


class WithHoles(Instruments):
    """Answers exception 2 to each read that touches one of `holes`: registers that nobody implemented."""

    holes: frozenset[int] = frozenset()
    temporary: int = 0

    def reply(self, unit: int, pdu: bytes, now: float) -> bytes:
        address, count = struct.unpack(">HH", pdu[1:5])
        if pdu[0] in (3, 4) and self.holes.intersection(range(address, address + count)):
            self.temporary -= 1
            if self.temporary != 0:
                return bytes((pdu[0] | 0x80, 2))
            self.holes = frozenset()
        return super().reply(unit, pdu, now)


def poll(
    unit: UnitPlan, holes: set[int], seconds: float, *, faults: Faults = GOOD, temporary: int = 0
) -> tuple[list[BlockReading], list[tuple[float, bytes]], BusStats]:
    """Return the readings, the requests as (ms, bytes), and the statistics."""
    readings: list[BlockReading] = []
    requests: list[tuple[float, bytes]] = []

    async def main(loop: VirtualLoop) -> BusStats:
        line = WithHoles([1, 2], faults, T_MS, 1)  # the other one speaks now and then, too
        line.holes = frozenset(holes)
        line.temporary = temporary

        def hear(data: bytes, now: float) -> list[Sending]:
            requests.append((now, data))
            return line.hear(data, now)

        with memory_wire(hear):
            bus = Bus(structs.replace(line_config(), units=(unit,)), readings.append, loop)
            task = loop.create_task(bus.run())
            await asyncio.sleep(seconds)
            stats = bus.stats()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        return stats

    return readings, requests, run_virtual(main)


def judge_values(reading: BlockReading) -> set[str]:
    """Check each register that names itself; return the keys of the points that were read."""
    block = reading.block
    bad = {block.spans[index].key for index, _ in reading.exceptions}
    good = set()
    for span in block.spans:
        if reading.data is not None and span.key not in bad:
            good.add(span.key)
            words = struct.unpack(f">{span.count}H", block.words(reading.data, span.address, span.count))
            for address, word in zip(range(span.address, span.address + span.count), words, strict=True):
                assert address % 2 or word == name_of(1, block.function, address), f"{span.key} {address}"
    return good


def judge_trace(requests: list[tuple[float, bytes]]) -> None:
    """A byte count stands for other registers only when H has passed since it was asked last."""
    asked: dict[tuple[int, int], tuple[float, int]] = {}
    for at, data in requests:
        function, address, count = data[1], *struct.unpack(">HH", data[2:6])
        before = asked.get((function, count))
        assert before is None or before[1] == address or at - before[0] >= H_MS
        asked[function, count] = at, address


def points(*places: tuple[int, int]) -> tuple[Span, ...]:
    return tuple(Span(f"P{a}", 3, a, n) for a, n in places)


def test_a_hole_in_a_gap_is_found_and_the_points_around_it_are_read() -> None:
    unit = UnitPlan(1, points((0, 2), (4, 2), (10, 2), (16, 2)), 500, readable=(Range(3, 0, 40),))
    readings, requests, stats = poll(unit, {8}, 60)
    assert len({r.block.number for r in readings}) == 1
    assert [judge_values(r) for r in readings][-50:] == [{"P0", "P4", "P10", "P16"}] * 50
    assert readings[-1].quality == quality.GOOD
    judge_trace(requests)
    (text,) = stats.learned
    assert "unit 1 holding registers 0..17 is refused as a whole (illegal data address)" in text
    assert 'readable = [{ table = "holding", first = 0, last = 5 }' in text


def test_what_is_read_in_parts_is_dated_by_the_oldest_part() -> None:
    unit = UnitPlan(1, points((0, 2), (10, 2)), 500, readable=(Range(3, 0, 40),))
    readings, requests, _ = poll(unit, {5}, 30)
    last = readings[-1]
    asked = [at for at, _ in requests if at < last.mono_ms][-2:]
    assert last.data is not None
    assert abs(last.mono_ms - last.took_ms - asked[0]) <= 1


def test_a_point_that_is_not_there_takes_no_other_with_it() -> None:
    unit = UnitPlan(1, points((0, 2), (2, 2), (4, 2), (6, 2)), 500, readable=(Range(3, 0, 40),))
    readings, requests, stats = poll(unit, {4, 5}, 120)
    assert [judge_values(r) for r in readings][-50:] == [{"P0", "P2", "P6"}] * 50
    assert readings[-1].exceptions == ((2, quality.CONFIG_ERROR),)
    assert "P4 could not be read apart from the rest: correct the address" in stats.learned[0]
    judge_trace(requests)


def test_an_instrument_that_refuses_while_it_starts_keeps_its_block_whole() -> None:
    unit = UnitPlan(1, points((0, 2), (10, 2)), 500, readable=(Range(3, 0, 40),))
    readings, _, stats = poll(unit, {5}, 30, temporary=3)
    assert [r.data is None for r in readings if r.quality != quality.COMM_FAILURE][:3] == [True, True, False]
    assert stats.learned == []


def test_a_part_makes_room_for_points_that_need_its_length() -> None:
    # Both pairs can be read alone only; the one that is placed last has the length of the other.
    unit = UnitPlan(1, points((0, 2), (2, 2), (6, 2)), 500, readable=(Range(3, 0, 70),), loopback=True)
    readings, requests, _ = poll(unit, {2}, 120)
    assert judge_values(readings[-1]) == {"P0", "P6"}
    judge_trace(requests)


def test_a_point_that_appears_later_is_read_again() -> None:
    unit = UnitPlan(1, points((0, 2), (2, 2)), 500, readable=(Range(3, 0, 40),))
    # Three refusals cut the block, three more give the point up; the one ten minutes later is the last.
    readings, _, _ = poll(unit, {2, 3}, 700, temporary=8)
    assert judge_values(readings[-1]) == {"P0", "P2"}


@pytest.mark.parametrize("refusals", [4, 7, 12, 20, 40])
def test_points_that_were_refused_while_an_instrument_started_are_all_read_again(refusals: int) -> None:
    """However far the cutting had gone: a gas detector must not stay unread until somebody restarts us."""
    unit = UnitPlan(
        1, points(*((2 * i, 2) for i in range(5))), 500, readable=(Range(3, 0, 9),), loopback=True
    )
    readings, requests, _ = poll(unit, set(range(10)), 400, temporary=refusals)
    assert judge_values(readings[-1]) == {"P0", "P2", "P4", "P6", "P8"}
    judge_trace(requests)


def test_a_block_of_which_nothing_answers_says_so() -> None:
    unit = UnitPlan(1, points((10, 2), (12, 2)), 500, readable=(Range(3, 10, 40), Range(4, 0, 9)))
    readings, _, stats = poll(unit, {10, 11, 12, 13}, 120)
    assert readings[-1].data is None
    assert readings[-1].quality == quality.CONFIG_ERROR
    assert "P10 at 10, P12 at 12: correct the address" in readings[-1].reason
    assert stats.units[0].state == "in step"


@settings(max_examples=soaking(12, 400), deadline=None)
@given(
    st.sets(st.integers(0, 30), min_size=1, max_size=8),
    st.sets(st.integers(0, 70), min_size=1, max_size=6),
    st.sampled_from([GOOD, mixed(0.02, "wrong_unit", "wrong_unit_late")]),
)
def test_wherever_the_holes_are_every_point_that_answers_is_read(
    places: set[int], holes: set[int], faults: Faults
) -> None:
    unit = UnitPlan(1, points(*((2 * a, 2) for a in places)), 500, readable=(Range(3, 0, 70),), loopback=True)
    try:
        readings, requests, stats = poll(unit, holes, 240, faults=faults)
    except PlanError:
        pytest.skip("no plan")
    there = {span.key for span in unit.points if not holes & {span.address, span.address + 1}}
    read = [judge_values(r) for r in readings]
    judge_trace(requests)
    assert all(keys <= there for keys in read)
    # Bounded: a dozen cuts of three refusals and H each.
    seen = set().union(*read[-200:])
    told = " ".join(text.split("; ")[-1] for text in stats.learned if "apart from the rest" in text)
    assert {key for key in there - seen if f"{key}," not in told and f"{key} could" not in told} == set(), (
        places,
        holes,
        faults == GOOD,
        stats.learned,
    )
    assert len(holes) > 2 or seen == there
    assert all(unit.state == "in step" for unit in stats.units) or faults != GOOD
