"""The physics of simulated quantities: reproducible, bounded, and right where there is an exact answer."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.drivers.modbus.settings import Point
from edge.simulator.fault import Fault
from edge.simulator.instrument import STEP_S, Instrument
from edge.simulator.process import Lag, Leak, Moment, Process, State, Tank, Total, Walk, Wave
from edge.simulator.settings import Simulator, read_simulator
from edge.strict import Problems


def instrument(
    processes: dict[str, Process], now: list[int], fault: Fault | None = None, seed: int = 1
) -> Instrument:
    points = {
        name: Point(key=name, address=i, range=[0.0, 100.0], scale=0.1) for i, name in enumerate(processes)
    }
    return Instrument(points, Simulator(processes, seed), lambda: now[0], fault or Fault())


NOISY: dict[str, Process] = {
    "gas": Leak(quiet=1.0, peak=60.0, every_s=30.0, lasts_s=20.0, noise=0.5, floor=0.0),
    "level": Walk(middle=50.0, spread=5.0, back_s=60.0, noise=0.1),
}


@given(st.lists(st.integers(0, 60_000), max_size=40))
@settings(max_examples=40, deadline=None)
def test_how_often_somebody_asks_changes_nothing(moments: list[int]) -> None:
    now = [0]
    asked = instrument(NOISY, now)
    for moment in sorted(moments):
        now[0] = moment
        asked.raws()
    now[0] = 61_000
    later = [0]
    rare = instrument(NOISY, later)
    later[0] = 61_000
    assert asked.truth() == rare.truth()


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    now = [0]
    one, same, other = (instrument(NOISY, now, seed=seed) for seed in (1, 1, 2))
    now[0] = 300_000
    assert one.truth() == same.truth()
    assert one.truth() != other.truth()


def test_a_point_more_changes_no_other() -> None:
    now = [0]
    one, more = instrument(NOISY, now), instrument({**NOISY, "x": Wave(middle=1.0, swing=1.0)}, now)
    now[0] = 120_000
    assert one.truth()["gas"] == more.truth()["gas"]


def test_a_lag_follows_a_step_by_the_exponential_of_its_time() -> None:
    lag, state = Lag(of="x", lag_s=10.0), State(0.0)
    for step in range(1, 41):
        state.value = lag.step(state, Moment(step * STEP_S, STEP_S, Random(1), {"x": 1.0}))
    assert state.value == pytest.approx(1 - math.exp(-1), rel=1e-9)


def test_a_totaliser_counts_a_flow_up_and_begins_again_where_it_wraps() -> None:
    total, state = Total(of="flow", per_s=3600.0, start=9.0, wrap=10.0), State(9.0)
    seen = []
    for step in range(1, 4 * 3600 + 1):
        state.value = total.step(state, Moment(step * STEP_S, STEP_S, Random(1), {"flow": 2.0}))
        seen.append(state.value)
    assert state.value == pytest.approx(1.0)
    assert max(seen) < 10.0


def test_a_tank_stays_between_its_ends_and_turns_at_both() -> None:
    tank, state = Tank(low=1.0, high=2.0, fill_per_h=3600.0, draw_per_h=1800.0), State(1.5)
    seen = []
    for step in range(40):
        state.value = tank.step(state, Moment(step * STEP_S, STEP_S, Random(1), {}))
        seen.append(state.value)
    assert (min(seen), max(seen)) == (1.0, 2.0)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_a_walk_keeps_within_three_spreads(seed: int) -> None:
    walk, state, chance = Walk(middle=10.0, spread=2.0, back_s=5.0), State(10.0), Random(seed)
    for step in range(500):
        state.value = walk.step(state, Moment(step * STEP_S, STEP_S, chance, {}))
        assert 4.0 <= state.value <= 16.0


def test_a_leak_rises_and_is_aired_again() -> None:
    leak, state, chance = (
        Leak(quiet=0.0, peak=50.0, every_s=20.0, lasts_s=30.0, rise_s=5.0, clear_s=5.0),
        State(0.0),
        Random(3),
    )
    seen = []
    for step in range(2000):
        state.value = leak.step(state, Moment(step * STEP_S, STEP_S, chance, {}))
        seen.append(state.value)
    first = next(i for i, value in enumerate(seen) if value > 45)
    assert min(seen[first:]) < 5


def test_a_stuck_instrument_keeps_the_last_numbers_and_the_truth_goes_on() -> None:
    now = [0]
    one = instrument(NOISY, now, Fault("stuck", 10.0))
    now[0] = 9_000
    before = one.raws()
    now[0] = 100_000
    assert one.raws() == before
    assert one.truth()["level"] != pytest.approx(before["level"] * 0.1)


def test_out_of_range_is_farther_away_than_any_instrument_overshoots() -> None:
    now = [0]
    one = instrument(NOISY, now, Fault("out-of-range"))
    assert {name: raw * 0.1 for name, raw in one.raws().items()} == pytest.approx(
        {"gas": 300.0, "level": 300.0}
    )


def test_points_may_be_written_in_any_order_whoever_follows_whom() -> None:
    problems = Problems("x")
    raw = {"points": {"a": {"process": "lag", "of": "b", "lag_s": 1}, "b": {"process": "steady", "value": 2}}}
    found = read_simulator(raw, ["a", "b"], problems)
    assert problems.found == []
    assert found is not None
    assert list(found.points) == ["b", "a"]
