"""The present told from the past, repetitions, allowance, and who is missing."""

from __future__ import annotations

from edge.drivers.models import BlockReading, ValueBlock
from edge.drivers.reports import (
    BURST,
    PAST,
    PRESENT,
    UNSURE,
    Allowance,
    Expected,
    Repetitions,
    Roll,
    StationClock,
    dated,
)
from protocol import quality

MINUTE = 60_000
HOUR = 60 * MINUTE
NOW = 1_790_000_000_000


def clock() -> StationClock:
    return StationClock(5 * MINUTE, MINUTE)


def test_a_report_of_just_now_is_the_present_with_its_age() -> None:
    verdict = clock().judge(NOW, NOW - 1000, NOW - 31_000, 0)
    assert (verdict.standing, verdict.age_ms) == (PRESENT, 31_000)


def test_a_clock_a_little_ahead_is_no_age() -> None:
    verdict = clock().judge(NOW, NOW + 20_000, NOW + 20_000, 0)
    assert (verdict.standing, verdict.age_ms) == (PRESENT, 0)


def test_a_value_observed_long_before_it_was_sent_is_the_past() -> None:
    verdict = clock().judge(NOW, NOW, NOW - HOUR, 0)
    assert (verdict.standing, verdict.age_ms) == (PAST, HOUR)


def test_a_kept_report_sent_with_its_stamps_of_then_is_the_past() -> None:
    assert clock().judge(NOW, NOW - HOUR, NOW - HOUR, 0).standing == PAST


def test_a_burst_of_kept_reports_is_the_past_to_the_last() -> None:
    station = clock()
    verdicts = [
        station.judge(NOW + i * 200, NOW - HOUR + i * MINUTE, NOW - HOUR + i * MINUTE, i * 200).standing
        for i in range(54)
    ]
    assert set(verdicts) == {PAST}
    assert station.judge(NOW + 12_000, NOW + 11_000, NOW + 11_000, 12_000).standing == PRESENT


def test_a_kept_report_after_the_present_is_the_past() -> None:
    station = clock()
    assert station.judge(NOW, NOW, NOW, 0).standing == PRESENT
    assert station.judge(NOW + 1000, NOW - 2 * MINUTE, NOW - 2 * MINUTE, 1000).standing == PAST
    assert station.judge(NOW + MINUTE, NOW + MINUTE, NOW + MINUTE, MINUTE).standing == PRESENT


def test_a_wrong_clock_is_found_out_by_its_third_report_in_rhythm() -> None:
    for wrong in (2 * HOUR, -2 * HOUR, 56 * 365 * 24 * HOUR):
        station = clock()
        verdicts = [
            station.judge(NOW + i * MINUTE, NOW + i * MINUTE - wrong, NOW + i * MINUTE - wrong, i * MINUTE)
            for i in range(5)
        ]
        assert [v.standing for v in verdicts] == [PAST, PAST, UNSURE, UNSURE, UNSURE]
        assert "clock" in verdicts[-1].reason
        assert verdicts[-1].age_ms == max(0, wrong)


def test_a_wrong_clock_of_an_hourly_station_is_found_out_by_its_second_report() -> None:
    station = StationClock(5 * MINUTE, HOUR)
    verdicts = [
        station.judge(
            NOW + i * HOUR + i * 4000, NOW + (i - 2) * HOUR, NOW + (i - 2) * HOUR, i * HOUR + i * 4000
        )
        for i in range(3)
    ]
    assert [v.standing for v in verdicts] == [PAST, UNSURE, UNSURE]


def test_what_was_kept_and_is_caught_up_slowly_is_the_past() -> None:
    for pace in (0.2, 0.6, 0.8):
        station = StationClock(5 * MINUTE, 5000)
        standings = {
            station.judge(
                NOW + int(i * 5000 * pace), NOW - HOUR + i * 5000, NOW - HOUR + i * 5000, int(i * 5000 * pace)
            ).standing
            for i in range(500)
        }
        assert standings == {PAST}


def test_a_reading_older_than_an_hour_keeps_its_date() -> None:
    assert dated(NOW, 1000) == (NOW, 1000)
    time_ms, took_ms = dated(NOW, 5 * HOUR)
    assert (time_ms - took_ms, took_ms) == (NOW - 5 * HOUR, HOUR)


def test_a_kept_report_under_a_wrong_clock_is_still_the_past() -> None:
    station = clock()
    for i in range(4):
        station.judge(NOW + i * MINUTE, NOW + i * MINUTE - 2 * HOUR, NOW + i * MINUTE - 2 * HOUR, i * MINUTE)
    assert station.judge(NOW + 4 * MINUTE, NOW - 3 * HOUR, NOW - 3 * HOUR, 4 * MINUTE).standing == PAST
    later = NOW + 5 * MINUTE
    assert station.judge(later, later - 2 * HOUR, later - 2 * HOUR, 5 * MINUTE).standing == UNSURE


def test_a_clock_that_was_set_right_is_believed_at_once() -> None:
    station = clock()
    for i in range(4):
        station.judge(NOW + i * MINUTE, NOW + i * MINUTE - 2 * HOUR, NOW + i * MINUTE - 2 * HOUR, i * MINUTE)
    right = NOW + 5 * MINUTE
    assert station.judge(right, right, right, 5 * MINUTE).standing == PRESENT


def test_a_clock_set_back_a_little_is_believed_after_three_reports() -> None:
    station = clock()
    assert station.judge(NOW, NOW + 4 * MINUTE, NOW + 4 * MINUTE, 0).standing == PRESENT
    standings = [
        station.judge(NOW + i * MINUTE, NOW + i * MINUTE, NOW + i * MINUTE, i * MINUTE).standing
        for i in range(1, 4)
    ]
    assert standings == [PAST, PAST, PRESENT]


def test_a_value_stamped_after_its_sending_is_not_believed() -> None:
    assert clock().judge(NOW, NOW, NOW + HOUR, 0).standing == PAST


def test_a_repetition_is_recognised_and_the_memory_is_bounded() -> None:
    memory = Repetitions(3)
    for key in "abcd":
        memory.add(key)
    assert "a" not in memory
    assert all(key in memory for key in "bcd")


def test_an_allowance_is_used_up_and_comes_back() -> None:
    allowance = Allowance(0)
    assert [allowance.take(0) for _ in range(BURST + 1)] == [True] * BURST + [False]
    assert allowance.take(50)
    assert not allowance.take(50)
    assert [allowance.take(10_000_000) for _ in range(BURST + 1)] == [True] * BURST + [False]


def test_who_is_silent_for_two_periods_gives_a_bad_reading_each_period() -> None:
    readings: list[BlockReading] = []
    one = Expected(ValueBlock(0, MINUTE, 2 * MINUTE, "station 7"), 0)
    roll = Roll([one], readings.append, "env")
    for now in range(0, 6 * MINUTE, 250):
        roll.call(now, NOW + now, "", lambda _: "")
    assert [reading.mono_ms for reading in readings] == [2 * MINUTE, 3 * MINUTE, 4 * MINUTE, 5 * MINUTE]
    assert readings[0].quality == quality.NOT_CONNECTED
    assert "station 7: never reported" in readings[0].reason
    one.heard(6 * MINUTE)
    readings.clear()
    for now in range(6 * MINUTE, 9 * MINUTE, 250):
        roll.call(now, NOW + now, "", lambda _: "its password is refused")
    assert [reading.mono_ms for reading in readings] == [8 * MINUTE]
    assert readings[0].quality == quality.COMM_FAILURE
    assert "its password is refused" in readings[0].reason
