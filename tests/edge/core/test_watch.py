"""What a block's watch does with readings, silence, people and restarts."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import pytest

from edge.core.alarm import ACKNOWLEDGE, CLEAR, RAISE, RESET, Limit, Transition, faults
from edge.core.board import close
from edge.core.point import FLOAT32, HIGH_FIRST, INT16, UINT16, Block, Point
from edge.core.watch import Watch
from protocol.quality import (
    BAD,
    COMM_FAILURE,
    GOOD,
    NOT_CONNECTED,
    SENSOR_FAILURE,
    SENSOR_INACCURATE,
    UNCERTAIN,
)


def minting() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"00c0ffee-{next(numbers)}"


def gas(*limits: Limit, **fields: Any) -> Watch:
    """One chlorine detector: 0 to 100 in tenths, first point of two."""
    points = [
        Point("GT-101", INT16, HIGH_FIRST, 0, 0.1, 0.0, 0.0, 100.0),
        Point("LT-7", UINT16, HIGH_FIRST, 1),
    ]
    return Watch(Block(points, 2), limits, minting(), **fields)


def high(limit: float = 50.0, side: str = "H", **fields: float) -> Limit:
    return Limit(f"GT-101/{side}", 0, side, limit, **fields)  # type: ignore[arg-type]


def told(transitions: list[Transition]) -> list[tuple[str, int, str]]:
    return [(t.alarm, t.transition, t.state) for t in transitions]


def reading(watch: Watch, now: int, tenths: int, quality: int = GOOD) -> list[tuple[str, int, str]]:
    raws = (tenths, 0)
    return told(watch.take(now, raws, quality, watch.block.exceptions(raws)))


def test_quiet_values_make_nothing_and_ask_for_nothing() -> None:
    watch = gas(high())
    assert reading(watch, 0, 499) == []
    assert watch.next_due() is None
    assert watch.active() == []


def test_a_value_at_the_limit_raises_with_value_quality_and_a_new_occurrence() -> None:
    watch = gas(high(priority=3))
    (raised,) = watch.take(1234, (500, 0), GOOD)
    assert (raised.alarm, raised.transition, raised.state) == ("GT-101/H", RAISE, "B")
    assert (raised.occurrence, raised.value, raised.quality) == ("00c0ffee-1", 50.0, GOOD)
    assert (raised.mono_ms, raised.side, raised.priority) == (1234, "H", 3)


def test_an_alarm_clears_only_past_its_deadband() -> None:
    watch = gas(high(deadband=2.0))
    reading(watch, 0, 500)
    assert reading(watch, 1, 499) == []
    assert reading(watch, 2, 480) == []
    assert reading(watch, 3, 479) == [("GT-101/H", CLEAR, "D")]


def test_an_alarm_raises_by_time_alone_after_its_on_delay() -> None:
    watch = gas(high(on_delay_ms=2500))
    reading(watch, 0, 600)
    reading(watch, 1000, 600)
    reading(watch, 2000, 600)
    assert watch.next_due() == 2500
    assert watch.tick(2499) == []
    assert told(watch.tick(2500)) == [("GT-101/H", RAISE, "B")]


def test_an_alarm_clears_only_after_its_off_delay() -> None:
    watch = gas(high(off_delay_ms=3000))
    reading(watch, 0, 600)
    reading(watch, 1000, 100)
    reading(watch, 2000, 550)
    reading(watch, 3000, 100)
    assert watch.next_due() == 6000
    assert reading(watch, 5999, 100) == []
    assert reading(watch, 6000, 100) == [("GT-101/H", CLEAR, "D")]


def test_a_delay_that_ended_before_the_reading_still_counts_if_nobody_ticked() -> None:
    watch = gas(high(on_delay_ms=500))
    reading(watch, 0, 600)
    assert reading(watch, 501, 100) == [("GT-101/H", RAISE, "B"), ("GT-101/H", CLEAR, "D")]


def test_a_reading_back_inside_at_the_very_end_of_the_delay_wins() -> None:
    watch = gas(high(on_delay_ms=500))
    reading(watch, 0, 600)
    assert reading(watch, 500, 100) == []


def test_of_two_delays_only_the_one_that_ended_before_the_reading_counts() -> None:
    watch = gas(high(on_delay_ms=500), high(80.0, "HH", on_delay_ms=501))
    reading(watch, 0, 900)
    assert reading(watch, 501, 100) == [("GT-101/H", RAISE, "B"), ("GT-101/H", CLEAR, "D")]


def test_h_and_hh_of_one_point_are_separate_alarms() -> None:
    watch = gas(high(), high(80.0, "HH"))
    assert reading(watch, 0, 600) == [("GT-101/H", RAISE, "B")]
    assert told(watch.acknowledge("GT-101/H", 1)) == [("GT-101/H", ACKNOWLEDGE, "C")]
    assert reading(watch, 2, 800) == [("GT-101/HH", RAISE, "B")]
    assert reading(watch, 3, 700) == [("GT-101/HH", CLEAR, "D")]
    assert [(s.alarm, s.state) for s in watch.active()] == [("GT-101/H", "C"), ("GT-101/HH", "D")]


def test_low_alarms_raise_downwards() -> None:
    watch = gas(Limit("GT-101/L", 0, "L", 10.0, 1.0), Limit("GT-101/LL", 0, "LL", 5.0))
    assert reading(watch, 0, 101) == []
    assert reading(watch, 1, 100) == [("GT-101/L", RAISE, "B")]
    assert reading(watch, 2, 50) == [("GT-101/LL", RAISE, "B")]
    assert reading(watch, 3, 51) == [("GT-101/LL", CLEAR, "D")]
    assert reading(watch, 4, 110) == []
    assert reading(watch, 5, 111) == [("GT-101/L", CLEAR, "D")]


def test_an_occurrence_lasts_until_normal_and_a_return_before_that_raises_it_again() -> None:
    watch = gas(high())
    reading(watch, 0, 500)
    reading(watch, 1, 100)
    (again,) = watch.take(2, (500, 0), GOOD)
    assert (again.transition, again.state, again.occurrence) == (RAISE, "B", "00c0ffee-1")
    reading(watch, 3, 100)
    (ended,) = watch.acknowledge("GT-101/H", 4)
    assert (ended.state, ended.occurrence) == ("A", "00c0ffee-1")
    (new,) = watch.take(5, (500, 0), GOOD)
    assert new.occurrence == "00c0ffee-2"


def test_a_latched_alarm_stays_until_somebody_who_heard_it_resets_it() -> None:
    watch = gas(high(latch=True))
    reading(watch, 0, 500)
    assert reading(watch, 1, 100) == [("GT-101/H", CLEAR, "E")]
    assert watch.reset("GT-101/H", 2) == []
    assert told(watch.acknowledge("GT-101/H", 3)) == [("GT-101/H", ACKNOWLEDGE, "F")]
    assert told(watch.reset_all(4)) == [("GT-101/H", RESET, "A")]
    assert watch.active() == []


def test_acknowledging_what_is_normal_or_already_acknowledged_does_nothing() -> None:
    watch = gas(high())
    assert watch.acknowledge_all(0) == []
    reading(watch, 1, 500)
    assert told(watch.acknowledge_all(2)) == [("GT-101/H", ACKNOWLEDGE, "C")]
    assert watch.acknowledge_all(3) == []


def test_an_alarm_of_another_block_is_refused() -> None:
    watch = gas(high())
    assert watch.alarm("XX/H") is None
    with pytest.raises(ValueError, match="no alarm of this block"):
        watch.acknowledge("XX/H", 0)


@pytest.mark.parametrize("quality", [BAD, COMM_FAILURE, SENSOR_FAILURE])
def test_bad_quality_raises_its_own_alarm_and_no_other(quality: int) -> None:
    watch = gas(high(), quality_delay_ms=5000)
    assert reading(watch, 0, 900, quality) == []
    assert told(watch.tick(4999)) == []
    assert told(watch.tick(5000)) == [("GT-101/Q", RAISE, "B"), ("LT-7/Q", RAISE, "B")]


def test_bad_quality_does_not_clear_a_process_alarm() -> None:
    watch = gas(high(), quality_delay_ms=0)
    reading(watch, 0, 900)
    assert told(watch.take(1000, None, COMM_FAILURE)) == [("GT-101/Q", RAISE, "B"), ("LT-7/Q", RAISE, "B")]
    assert [(s.alarm, s.state, s.value) for s in watch.active() if s.side == "H"] == [("GT-101/H", "B", None)]
    assert reading(watch, 9000, 100) == [
        ("GT-101/H", CLEAR, "D"),
        ("GT-101/Q", CLEAR, "D"),
        ("LT-7/Q", CLEAR, "D"),
    ]


def test_one_lost_reply_is_no_quality_alarm() -> None:
    watch = gas(high(), quality_delay_ms=5000)
    watch.take(0, None, COMM_FAILURE)
    assert reading(watch, 1000, 100) == []
    assert watch.tick(5000) == []
    watch.take(6000, None, COMM_FAILURE)
    assert watch.tick(10_999) == []


def test_a_saturated_detector_raises_its_alarm_and_its_quality_alarm() -> None:
    watch = gas(high(), quality_delay_ms=0)
    transitions = watch.take(0, (1050, 0), GOOD, watch.block.exceptions((1050, 0)))
    assert [(t.alarm, t.value, t.quality) for t in transitions] == [
        ("GT-101/H", 105.0, SENSOR_INACCURATE),
        ("GT-101/Q", 105.0, SENSOR_INACCURATE),
    ]


def test_a_number_far_out_of_range_is_a_failed_sensor_and_no_gas() -> None:
    watch = gas(high(), quality_delay_ms=0)
    assert reading(watch, 0, 0x7FFF) == [("GT-101/Q", RAISE, "B")]


def test_nan_alone_leaves_the_short_way_and_raises_no_process_alarm() -> None:
    block = Block([Point("PT-1", FLOAT32, HIGH_FIRST, 0), Point("PT-2", FLOAT32, HIGH_FIRST, 2)], 4)
    watch = Watch(block, [Limit("PT-2/H", 1, "H", 1.0)], minting(), quality_delay_ms=0)
    assert told(watch.take(0, (0.5, math.nan), GOOD)) == [("PT-2/Q", RAISE, "B")]
    assert told(watch.take(1, (0.5, 0.5), GOOD)) == [("PT-2/Q", CLEAR, "D")]


def test_out_of_range_counts_even_where_the_caller_lists_no_exceptions() -> None:
    watch = gas(high(), quality_delay_ms=0)
    assert told(watch.take(0, (0x7FFF, 0), GOOD)) == [("GT-101/Q", RAISE, "B")]


def test_an_uncertain_value_may_raise_and_never_clears() -> None:
    watch = gas(high(), quality_delay_ms=60_000)
    assert reading(watch, 0, 600, UNCERTAIN) == [("GT-101/H", RAISE, "B")]
    assert reading(watch, 1000, 100, UNCERTAIN) == []
    assert reading(watch, 2000, 100) == [("GT-101/H", CLEAR, "D")]


def test_a_flickering_line_cannot_hold_an_alarm_off() -> None:
    watch = gas(high(on_delay_ms=3000), quality_delay_ms=60_000)
    raised = []
    for second in range(8):
        if second % 2:
            raised += told(watch.take(second * 1000, None, COMM_FAILURE))
        else:
            raised += reading(watch, second * 1000, 600)
    assert raised == [("GT-101/H", RAISE, "B")]


def test_a_reading_that_never_comes_turns_bad() -> None:
    watch = gas(high(), quality_delay_ms=2000, stale_ms=3000)
    assert watch.next_due() == 0
    assert watch.tick(0) == []
    assert watch.next_due() == 3000
    assert watch.tick(3000) == []
    assert watch.next_due() == 5000
    (first, _) = watch.tick(5000)
    assert (first.alarm, first.transition, first.value, first.quality) == (
        "GT-101/Q",
        RAISE,
        None,
        COMM_FAILURE,
    )
    assert watch.next_due() is None
    assert reading(watch, 6000, 100) == []
    assert watch.next_due() == 8000
    assert told(watch.tick(8000)) == [("GT-101/Q", CLEAR, "D"), ("LT-7/Q", CLEAR, "D")]


def test_a_quality_alarm_may_have_its_own_delay_latch_and_priority() -> None:
    own = Limit("GT-101/Q", 0, "Q", None, on_delay_ms=100, latch=True, priority=2)
    watch = gas(own, quality_delay_ms=9000)
    watch.take(0, None, COMM_FAILURE)
    (raised,) = watch.tick(100)
    assert (raised.alarm, raised.priority) == ("GT-101/Q", 2)
    assert reading(watch, 200, 0) == [("GT-101/Q", CLEAR, "E")]
    assert [limit.alarm_id for limit in watch.limits] == ["GT-101/Q", "LT-7/Q"]


def test_occurrence_and_acknowledgement_outlive_a_restart() -> None:
    before = gas(high(), high(80.0, "HH"))
    reading(before, 1000, 900)
    before.acknowledge("GT-101/H", 1500)
    saved = before.dump(offset_ms=1_700_000_000_000)
    assert saved == [
        ("GT-101/H", "C", "00c0ffee-1", 1_700_000_001_000),
        ("GT-101/HH", "B", "00c0ffee-2", 1_700_000_001_000),
    ]
    after = gas(high(), high(80.0, "HH"))
    assert after.restore(saved, offset_ms=1_700_000_060_000) == []
    assert [(s.alarm, s.state, s.occurrence, s.since_ms) for s in after.active()] == [
        ("GT-101/H", "C", "00c0ffee-1", -59_000),
        ("GT-101/HH", "B", "00c0ffee-2", -59_000),
    ]
    assert [(s.value, s.quality) for s in after.active()] == [(None, NOT_CONNECTED)] * 2
    assert reading(after, 0, 900) == []
    assert reading(after, 1, 100) == [("GT-101/H", CLEAR, "A"), ("GT-101/HH", CLEAR, "D")]


def test_a_restored_alarm_inside_its_deadband_stays() -> None:
    after = gas(high(deadband=5.0))
    after.restore([("GT-101/H", "B", "1-1", 0)])
    assert reading(after, 0, 460) == []
    assert [s.state for s in after.active()] == ["B"]


def test_a_restored_alarm_under_a_changed_limit_is_judged_by_the_new_one() -> None:
    after = gas(high(90.0, off_delay_ms=1000))
    after.restore([("GT-101/H", "C", "1-1", 0)])
    assert reading(after, 0, 600) == []
    assert reading(after, 1000, 600) == [("GT-101/H", CLEAR, "A")]


def test_an_alarm_stays_latched_when_the_new_configuration_does_not_latch() -> None:
    after = gas(high())
    after.restore([("GT-101/H", "F", "1-1", 0)])
    assert reading(after, 0, 100) == []
    assert told(after.reset("GT-101/H", 1)) == [("GT-101/H", RESET, "A")]


def test_alarms_that_are_configured_no_more_are_ended_by_name() -> None:
    after = gas(high())
    saved = [("OLD-1/HH", "B", "1-1", 0), ("GT-101/H", "B", "1-2", 0), ("GT-101/H", "?", "1-3", 0)]
    foreign = after.restore(saved)
    assert foreign == [saved[0], saved[2]]
    ended = close(foreign, 77)
    assert [(t.alarm, t.occurrence, t.transition, t.state, t.side, t.mono_ms) for t in ended] == [
        ("OLD-1/HH", "1-1", CLEAR, "A", "HH", 77),
        ("GT-101/H", "1-3", CLEAR, "A", "H", 77),
    ]


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ([high(), high()], "is there twice"),
        ([Limit("X/H", 5, "H", 1.0)], "no point 5"),
        ([high(5.0, deadband=5.0)], "could never clear"),
        ([Limit("GT-101/L", 0, "L", 99.0, 1.0)], "could never clear"),
    ],
)
def test_alarms_that_cannot_be_meant_are_refused(limits: list[Limit], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        gas(*limits)


def test_a_reading_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="1 values for 2 points"):
        gas(high()).take(0, (1,), GOOD)


def test_every_fault_of_a_block_is_listed_at_once() -> None:
    listed = faults(gas().block, [high(5.0, deadband=5.0), high(), Limit("X/H", 5, "H", 1.0)])
    assert [line.split(":")[0] for line in listed] == ["GT-101/H", "GT-101/H", "X/H"]
