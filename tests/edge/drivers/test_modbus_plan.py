"""Every block and barrier of a unit has a byte count of its own; gaps are filled; errors say the remedy."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.drivers.modbus.models import BlockPlan, BusConfig, BusPlan, Output, PlanError, Range, Span, UnitPlan
from edge.drivers.modbus.plan import plan


def bus(*units: UnitPlan, kind: str = "tcp") -> BusConfig:
    return BusConfig("test", "rtu" if kind == "rtu" else "tcp", units, host="h", device="/dev/x")


def spans(*places: tuple[int, int], function: int = 3) -> tuple[Span, ...]:
    return tuple(Span(f"P-{a}", 3 if function == 3 else 4, a, n) for a, n in places)


def every_block(made: BusPlan) -> list[BlockPlan]:
    return [*made.blocks, *made.readbacks, *made.confirms]


def judge(config: BusConfig, made: BusPlan) -> None:
    """Hold a plan against the rule, independently of how it was made."""
    seen: set[tuple[int, int, int]] = set()
    for block in every_block(made):
        size = 2 * block.count if block.function in (3, 4) else (block.count + 7) // 8
        assert block.size == size
        assert (block.unit, block.function, size) not in seen, f"{block} shares its signature"
        seen.add((block.unit, block.function, size))
        for span in block.spans:
            assert block.address <= span.address
            assert span.address + span.count <= block.address + block.count
        assert size != 3 or block.function > 2
    confirming = {(b.unit, b.function, b.address, b.count) for b in made.confirms}
    for unit, barriers in made.barriers.items():
        assert barriers
        for barrier in barriers:
            assert (
                barrier.refused
                or barrier.function == 8
                or (unit, barrier.function, barrier.size) not in seen
                or (unit, barrier.function, barrier.address, barrier.count) in confirming
            )
    for unit_plan in config.units:
        own = [b for b in every_block(made) if b.unit == unit_plan.unit]
        planned = [b for b in own if b.purpose != "confirm"]
        for span in unit_plan.points:
            assert sum(span in block.spans for block in planned) == 1
        for block in own:
            ranges = [r for r in unit_plan.readable if r.function == block.function]
            last = block.address + block.count - 1
            assert not ranges or any(r.first <= block.address and last <= r.last for r in ranges)
            judge_confirmation(block, made)


def judge_confirmation(block: BlockPlan, made: BusPlan) -> None:
    """Either a second, different span holds the alarm spans, or the plan says what is missing."""
    alarms = [span for span in block.spans if span.alarm and block.purpose == "poll"]
    numbers = [b.number for b in (*made.blocks, *made.confirms)]
    assert numbers == list(range(len(numbers)))
    if block.confirm < 0:
        named = f"unit {block.unit}, "
        assert not alarms or any(named in note and "extend `readable`" in note for note in made.notes)
        return
    second = made.confirms[block.confirm - len(made.blocks)]
    assert second.purpose == "confirm"
    assert (second.unit, second.function) == (block.unit, block.function)
    assert second.size != block.size
    assert set(alarms) <= set(second.spans)


def test_one_block_holds_all_points_and_the_gaps_between() -> None:
    made = plan(bus(UnitPlan(1, spans((0, 2), (10, 2), (40, 1)))))
    assert [(b.address, b.count) for b in made.blocks] == [(0, 41)]


def test_a_slow_line_does_not_read_wide_gaps() -> None:
    unit = UnitPlan(1, spans((0, 2), (100, 2)), readable=(Range(3, 0, 120),))
    made = plan(bus(unit, kind="rtu"))
    assert len(made.blocks) == 2
    judge(bus(unit, kind="rtu"), made)


def test_like_blocks_grow_apart() -> None:
    unit = UnitPlan(1, spans((0, 100), (200, 100), (400, 100)), readable=(Range(3, 0, 600),))
    made = plan(bus(unit))
    assert sorted(b.count for b in made.blocks) == [100, 101, 102]


def test_a_block_that_cannot_grow_is_split() -> None:
    points = spans(*((i, 1) for i in range(10)), *((500 + i, 1) for i in range(10)))
    unit = UnitPlan(1, points, readable=(Range(3, 0, 9), Range(3, 500, 509)))
    made = plan(bus(unit))
    judge(bus(unit), made)
    assert len(made.blocks) == 3


def test_lengths_are_distinct_over_a_line_that_has_time_to_spare() -> None:
    points = spans((0, 10))
    units = [UnitPlan(n, points, 10_000, readable=(Range(3, 0, 60),)) for n in range(1, 9)]
    made = plan(bus(*units, kind="rtu"))
    assert len({b.size for b in made.blocks}) == 8
    busy = [UnitPlan(n, points, 300, readable=(Range(3, 0, 60),)) for n in range(1, 9)]
    assert {b.count for b in plan(bus(*busy, kind="rtu")).blocks} == {10}


def test_read_back_of_outputs_and_polled_coils_do_not_share_a_length() -> None:
    unit = UnitPlan(1, (Span("S", 1, 0, 8),), readable=(Range(1, 0, 63),), outputs=(Output(0, 8), Output(8)))
    made = plan(bus(unit))
    judge(bus(unit), made)
    assert len(made.readbacks) == 2


def test_an_alarm_point_is_held_by_a_second_block_with_a_length_of_its_own() -> None:
    unit = UnitPlan(1, (Span("A", 3, 0, 2, alarm=True), Span("B", 3, 8, 2)), readable=(Range(3, 0, 15),))
    made = plan(bus(unit))
    (block,), (second,) = made.blocks, made.confirms
    assert (block.count, block.confirm, second.number) == (10, 1, 1)
    assert (second.address, second.count, second.spans) == (0, 2, (block.spans[0],))
    judge(bus(unit), made)


def test_where_no_length_is_left_to_confirm_with_the_plan_says_so_and_what_would_help() -> None:
    unit = UnitPlan(7, (Span("A", 3, 0, 2, alarm=True), Span("B", 3, 2, 2, alarm=True)))
    made = plan(bus(unit))
    assert made.blocks[0].confirm == -1
    (note,) = made.notes
    assert "unit 7, holding registers 0..3 (A, B): no byte count is left for a second read" in note
    assert "extend `readable` by a few registers around 0..3" in note


def test_the_last_length_serves_to_confirm_and_as_a_barrier() -> None:
    unit = UnitPlan(7, (Span("A", 3, 0, alarm=True),), readable=(Range(3, 0, 1),))
    made = plan(bus(unit))
    assert (made.confirms[0].address, made.confirms[0].count) == (0, 1)
    assert [(b.address, b.count) for b in made.barriers[7]] == [(0, 1)]


def test_blocks_of_a_tcp_connection_grow_by_a_few_registers_at_most_to_be_distinct_over_it() -> None:
    units = [UnitPlan(n, spans((0, 10)), readable=(Range(3, 0, 60),)) for n in range(1, 13)]
    counts = sorted(b.count for b in plan(bus(*units)).blocks)
    assert counts == [10, 10, 10, 10, *range(11, 19)]


def test_t_counts_characters_and_adapter_on_a_line_and_neither_on_tcp() -> None:
    unit = UnitPlan(1, spans((0, 10)))
    assert plan(bus(unit)).blocks[0].timeout_ms == 300
    # 8 + 5 + 20 characters of 10 bits at 9600 baud are 34.4 ms.
    assert plan(bus(unit, kind="rtu")).blocks[0].timeout_ms == 300 + 35 + 20


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (UnitPlan(5, spans((0, 1))), "unit 5: no length is left for a barrier"),
        (
            UnitPlan(5, spans((0, 2)), readable=(Range(3, 5, 9),)),
            r"P-0: holding registers 0\.\.1 are outside .*5\.\.9",
        ),
        (
            UnitPlan(5, spans((0, 2), (500, 2)), readable=(Range(3, 0, 1), Range(3, 500, 501))),
            r"holding registers 500\.\.501 \(P-500\).*extend `readable`",
        ),
        (UnitPlan(5, spans((0, 40)), max_registers=32), "P-0: 40 holding registers are more than one read"),
        (UnitPlan(5), "has neither points nor outputs"),
        (UnitPlan(5, spans((0, 2)), refused_function=3), "refused_function = 3 is read by its points"),
    ],
)
def test_an_error_names_the_block_and_the_remedy(unit: UnitPlan, words: str) -> None:
    with pytest.raises(PlanError, match=words) as caught:
        plan(bus(unit))
    assert all("bus test" in problem for problem in caught.value.problems)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        plan(bus(UnitPlan(5), UnitPlan(6), UnitPlan(5, spans((0, 2)))))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    "unit", [UnitPlan(5, spans((0, 1)), refused_function=4), UnitPlan(5, spans((0, 1)), loopback=True)]
)
def test_an_instrument_of_one_register_has_other_barriers(unit: UnitPlan) -> None:
    made = plan(bus(unit))
    assert len(made.barriers[5]) == 1


@st.composite
def units(draw: st.DrawFn) -> UnitPlan:
    functions = draw(st.lists(st.sampled_from([1, 2, 3, 4]), min_size=1, max_size=3, unique=True))
    points: list[Span] = []
    readable: list[Range] = []
    for function in functions:
        first = draw(st.integers(0, 50))
        last = first + draw(st.integers(20, 400))
        readable.append(Range(function, first, last))  # type: ignore[arg-type]
        for k in range(draw(st.integers(1, 8))):
            width = draw(st.integers(1, 4))
            address = draw(st.integers(first, last - width + 1))
            period = draw(st.sampled_from([None, 100, 500]))
            alarm = draw(st.booleans())
            points.append(Span(f"p{function}-{k}", function, address, width, period, alarm))  # type: ignore[arg-type]
    return UnitPlan(draw(st.integers(1, 247)), tuple(points), readable=tuple(readable))


@settings(deadline=None)
@given(
    st.lists(units(), min_size=1, max_size=4, unique_by=lambda unit: unit.unit),
    st.sampled_from(["tcp", "rtu"]),
)
def test_any_plan_keeps_rule_u_or_is_refused(made_units: list[UnitPlan], kind: str) -> None:
    config = bus(*made_units, kind=kind)
    try:
        made = plan(config)
    except PlanError:
        return
    judge(config, made)


def test_a_span_with_the_units_own_rhythm_written_out_lies_inside_its_block() -> None:
    points = Span("LS-1", 2, 10, alarm=True), Span("LS-2", 2, 12)
    button = Span("button:main", 2, 0, 1, 1000)
    config = bus(UnitPlan(1, (*points, button), 1000, readable=(Range(2, 0, 63),)))
    judge(config, plan(config))
