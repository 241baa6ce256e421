"""What is found wrong with readings that look good: blank forms, impossible changes, stuck numbers."""

import pytest

from edge.core.judge import ONES, SETTLE_MS, ZEROS, Judge, Rules
from edge.core.point import (
    BIT,
    FLOAT32,
    FLOAT64,
    HIGH_FIRST,
    INT16,
    UINT16,
    BitBlock,
    Block,
    Point,
    Points,
    Values,
)
from protocol.quality import COMM_FAILURE, GOOD, LAST_USABLE, NOT_CONNECTED, SENSOR_INACCURATE, UNCERTAIN


def tenths(*rules: Rules, blank: int = 0) -> Judge:
    """One detector, 0 to 100 in tenths."""
    return Judge(Block([Point("GT-1", UINT16, HIGH_FIRST, 0, 0.1, 0.0, 0.0, 100.0)], 1), rules, blank)


def found(judge: Judge, now: int, *raws: float, took: int = 0) -> list[tuple[int, str, int]]:
    return judge.take(now, raws, GOOD, (), took)


def words(*registers: int) -> bytes:
    return b"".join(r.to_bytes(2, "big") for r in registers)


# --- blank -------------------------------------------------------------------------------------------------


def unsigned(count: int) -> Block:
    return Block([Point(f"P{i}", UINT16, HIGH_FIRST, i) for i in range(count)], count)


def test_a_block_of_ones_is_a_form_that_nobody_filled_in() -> None:
    judge = Judge(unsigned(2), [], ONES)
    assert judge.blank(words(0xFFFF, 0xFFFF)) == [(0, "BLANK", NOT_CONNECTED), (1, "BLANK", NOT_CONNECTED)]
    assert judge.blank(words(0xFFFF, 0xFFFE)) == ()
    assert judge.blank(words(0, 0)) == ()


def test_zeros_are_blank_only_where_that_is_said() -> None:
    assert Judge(unsigned(2), [], ZEROS).blank(words(0, 0))
    assert not Judge(unsigned(2), [], ZEROS).blank(words(0xFFFF, 0xFFFF))
    both = Judge(unsigned(2), [], ONES | ZEROS)
    assert both.blank(words(0, 0))
    assert both.blank(words(0xFFFF, 0xFFFF))
    assert Judge(unsigned(2), [], 0).idle


def cold(count: int, low: float) -> Block:
    points = [Point(f"T{i}", INT16, HIGH_FIRST, i, 0.1, 0.0, low, 80.0) for i in range(count)]
    return Block(points, count)


def test_minus_a_tenth_of_a_degree_in_one_or_two_registers_is_a_frosty_morning() -> None:
    assert not Judge(cold(1, -40.0), [], ONES).knows_blank
    assert not Judge(cold(2, -40.0), [], ONES).knows_blank
    assert Judge(cold(3, -40.0), [], ONES).blank(words(0xFFFF, 0xFFFF, 0xFFFF))
    assert Judge(cold(1, 0.0), [], ONES).blank(words(0xFFFF))


def test_coils_and_plain_values_are_never_blank() -> None:
    bits = BitBlock([Point("S", BIT, HIGH_FIRST, 0)], 8)
    assert Judge(bits, [], ONES | ZEROS).idle
    assert Judge(Values([Point("V", FLOAT64, HIGH_FIRST, 0)]), [], ONES | ZEROS).idle


# --- rate --------------------------------------------------------------------------------------------------


def test_a_spike_is_doubted_and_the_return_from_it_is_believed() -> None:
    judge = tenths(Rules(0, max_rate=1.0))
    assert found(judge, 0, 200) == []
    assert found(judge, 1000, 800) == [(0, "RATE", UNCERTAIN)]
    assert found(judge, 2000, 201) == []


def test_what_can_be_reached_since_the_last_believed_value_is_believed() -> None:
    judge = tenths(Rules(0, max_rate=1.0))
    found(judge, 0, 200)
    assert found(judge, 1000, 210) == []
    assert found(judge, 2000, 221) == [(0, "RATE", UNCERTAIN)]
    assert found(judge, 3000, 230) == []


def test_a_new_level_is_believed_after_a_while_and_not_before() -> None:
    judge = tenths(Rules(0, max_rate=0.01))
    found(judge, 0, 200)
    seen = [(now, found(judge, now, 800)) for now in range(1000, 13_000, 1000)]
    assert [now for now, fault in seen if not fault] == [1000 + SETTLE_MS, 2000 + SETTLE_MS]


def test_slow_polls_need_three_readings_of_a_new_level() -> None:
    judge = tenths(Rules(0, max_rate=0.001))
    found(judge, 0, 200)
    assert [bool(found(judge, now * 60_000, 800)) for now in range(1, 5)] == [True, True, False, False]


def test_values_that_keep_jumping_stay_doubted() -> None:
    judge = tenths(Rules(0, max_rate=0.1))
    found(judge, 0, 500)
    assert all(found(judge, now * 1000, 100 if now % 2 else 900) for now in range(1, 300))


def test_after_an_outage_much_is_possible_again() -> None:
    judge = tenths(Rules(0, max_rate=1.0))
    found(judge, 0, 200)
    assert judge.take(30_000, (500,), COMM_FAILURE, ()) == []
    assert found(judge, 60_000, 790) == []


def test_one_step_of_a_whole_number_is_always_possible_and_of_a_float_not() -> None:
    coarse = Block([Point("LT", UINT16, HIGH_FIRST, 0, 5.0)], 1)
    judge = Judge(coarse, [Rules(0, max_rate=0.1)])
    seen = [bool(judge.take(i * 1000, (raw,), GOOD, ())) for i, raw in enumerate((10, 11, 12, 14))]
    assert seen == [False, False, False, True]
    fine = Judge(Block([Point("PT", FLOAT32, HIGH_FIRST, 0)], 2), [Rules(0, max_rate=0.1)])
    fine.take(0, (10.0,), GOOD, ())
    assert fine.take(1000, (11.0,), GOOD, ())


def test_noise_between_two_fast_polls_is_no_movement() -> None:
    judge = tenths(Rules(0, max_rate=1.0))
    assert not any(found(judge, now * 100, 200 + 9 * (now % 2)) for now in range(100))


def test_a_slow_reply_may_have_been_sampled_early() -> None:
    judge = tenths(Rules(0, max_rate=1.0))
    found(judge, 0, 200, took=500)
    assert found(judge, 1000, 215) == []


def test_what_is_not_good_is_no_base_for_a_rate() -> None:
    judge = tenths(Rules(0, max_rate=1.0))
    found(judge, 0, 200)
    assert judge.take(1000, (1040,), GOOD, [(0, SENSOR_INACCURATE)]) == []
    assert found(judge, 2000, 210) == []


# --- stuck and stale ---------------------------------------------------------------------------------------


def test_a_number_that_keeps_every_bit_for_long_is_stuck_until_one_moves() -> None:
    judge = tenths(Rules(0, stuck_ms=3000))
    assert [bool(found(judge, now, 200)) for now in (0, 1000, 2999, 3000, 9000)] == [
        False,
        False,
        False,
        True,
        True,
    ]
    assert found(judge, 10_000, 200) == [(0, "STUCK", LAST_USABLE)]
    assert found(judge, 11_000, 201) == []
    assert found(judge, 13_999, 201) == []


def test_what_nobody_saw_may_have_moved() -> None:
    judge = tenths(Rules(0, stuck_ms=3000))
    found(judge, 0, 200)
    found(judge, 2000, 200)
    judge.missed()
    assert found(judge, 90_000, 200) == []
    assert found(judge, 90_999, 200) == []
    assert found(judge, 91_000, 200) == [(0, "STUCK", LAST_USABLE)]


def test_numbers_that_are_none_are_not_stuck() -> None:
    judge = Judge(Block([Point("PT", FLOAT32, HIGH_FIRST, 0)], 2), [Rules(0, stuck_ms=1000)])
    assert not any(judge.take(now, (float("nan"),), GOOD, ()) for now in range(0, 9000, 1000))


def test_a_value_with_an_old_stamp_is_stale() -> None:
    judge = tenths(Rules(0, stale_ms=60_000))
    assert found(judge, 0, 200, took=59_999) == []
    assert found(judge, 1000, 200, took=60_000) == [(0, "STALE", LAST_USABLE)]


def test_a_point_without_rules_is_never_judged() -> None:
    judge = tenths()
    assert judge.idle
    assert not any(found(judge, now * 86_400_000, 0) for now in range(100))


@pytest.mark.parametrize(
    "rules",
    [[Rules(0, 1), Rules(0, 0, 1)], [Rules(7, 1)], [Rules(-1, 1)]],
    ids=["twice", "no such point", "before the first"],
)
def test_rules_that_cannot_be_meant_are_refused(rules: list[Rules]) -> None:
    with pytest.raises(ValueError, match="each at most once"):
        tenths(*rules)


@pytest.mark.parametrize("numbers", [(0, -1, 0, None), (0, 0, -1, None), (0, 0, 0, 0.0), (0, 0, 0, -1.0)])
def test_numbers_that_cannot_be_meant_are_refused(numbers: tuple[int, int, int, float | None]) -> None:
    with pytest.raises(ValueError, match="a greatest rate is above 0"):
        Rules(*numbers)


def test_faults_of_several_points_come_in_their_order() -> None:
    points: Points = unsigned(3)
    judge = Judge(points, [Rules(2, stuck_ms=1000), Rules(0, stuck_ms=1000, max_rate=1.0)])
    judge.take(0, (5, 5, 5), GOOD, ())
    assert judge.take(1000, (5, 9, 5), GOOD, ()) == [(0, "STUCK", LAST_USABLE), (2, "STUCK", LAST_USABLE)]
    assert judge.take(2000, (50, 9, 5), GOOD, ()) == [(0, "RATE", UNCERTAIN), (2, "STUCK", LAST_USABLE)]
