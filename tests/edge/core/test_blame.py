"""One cause rings once, by its own name; what a reading cannot tell begins nothing and ends nothing."""

import itertools
import math
from collections.abc import Sequence

import pytest

from edge.core.alarm import CLEAR, QUALITY_SIDES, RAISE, Limit, Transition
from edge.core.annunciator import Annunciator
from edge.core.blame import NOBODY, NOTHING, NUMBER, REPLY, VALUE, blame, sample
from edge.core.point import FLOAT32, HIGH_FIRST, Block, Point
from edge.core.watch import Watch
from protocol.quality import (
    COMM_FAILURE,
    DEVICE_FAILURE,
    GOOD,
    LAST_USABLE,
    NOT_CONNECTED,
    OUT_OF_SERVICE,
    SENSOR_FAILURE,
    SENSOR_INACCURATE,
    SUB_NORMAL,
    UNCERTAIN,
)

NAN = math.nan
STUCK = (0, "STUCK", LAST_USABLE)
RATE = (0, "RATE", UNCERTAIN)
SIBLINGS = (0, "SIBLINGS", SUB_NORMAL)
BLANK = (0, "BLANK", NOT_CONNECTED)
OLD = (0, "STALE", LAST_USABLE)


def detector(*sides: str, stale_ms: int = 20_000, delay_ms: int = 0) -> Watch:
    """One detector, 0 to 100, H at 50, with these quality alarms besides Q."""
    numbers = itertools.count(1)
    block = Block([Point("P", FLOAT32, HIGH_FIRST, 0, 1.0, 0.0, 0.0, 100.0)], 2)
    limits = [Limit("P/H", 0, "H", 50.0)]
    delays = dict.fromkeys(("Q", *sides), delay_ms)
    delays |= {side: stale_ms for side in sides if side == "STALE"}
    limits += [Limit(f"P/{side}", 0, side, None, 0.0, delay, delay_ms) for side, delay in delays.items()]
    return Watch(block, limits, lambda: f"1-{next(numbers)}")


ALL = [side for side in QUALITY_SIDES if side != "Q"]


def told(transitions: Sequence[Transition]) -> list[tuple[str, int]]:
    return [(t.alarm.removeprefix("P/"), t.transition) for t in transitions]


@pytest.mark.parametrize(
    ("raw", "quality", "faults", "speaks", "value", "seen"),
    [
        (10.0, GOOD, [], [], None, None),
        (None, DEVICE_FAILURE, [], ["Q"], None, DEVICE_FAILURE),
        (10.0, OUT_OF_SERVICE, [], ["Q"], None, OUT_OF_SERVICE),
        (10.0, UNCERTAIN, [], ["Q"], 10.0, UNCERTAIN),
        (NAN, GOOD, [], ["Q"], None, SENSOR_FAILURE),
        (105.0, GOOD, [], ["H", "RANGE"], 105.0, SENSOR_INACCURATE),
        (999.0, GOOD, [], ["RANGE"], None, SENSOR_FAILURE),
        (10.0, GOOD, [BLANK], ["BLANK"], None, NOT_CONNECTED),
        (999.0, GOOD, [BLANK], ["BLANK"], None, NOT_CONNECTED),
        (10.0, GOOD, [RATE], ["RATE"], 10.0, UNCERTAIN),
        (10.0, GOOD, [STUCK], ["STUCK"], 10.0, LAST_USABLE),
        (10.0, GOOD, [SIBLINGS], ["SIBLINGS"], 10.0, SUB_NORMAL),
        (10.0, GOOD, [STUCK, SIBLINGS], ["STUCK"], 10.0, LAST_USABLE),
        (10.0, GOOD, [RATE, STUCK, SIBLINGS], ["RATE"], 10.0, UNCERTAIN),
        (105.0, GOOD, [STUCK], ["H", "RANGE"], 105.0, LAST_USABLE),
        (10.0, GOOD, [OLD], ["STALE"], 10.0, LAST_USABLE),
    ],
)
def test_one_cause_rings_once_by_its_own_name(
    raw: float | None,
    quality: int,
    faults: list[tuple[int, str, int]],
    speaks: list[str],
    value: float | None,
    seen: int | None,
) -> None:
    watch = detector(*ALL)
    raised = watch.take(0, None if raw is None else (raw,), quality, (), faults)
    assert told(raised) == [(side, RAISE) for side in speaks]
    assert {(t.value, t.quality) for t in raised} <= {(value, seen)}


@pytest.mark.parametrize("fault", [RATE, STUCK, SIBLINGS, BLANK, OLD])
def test_a_fault_without_an_alarm_of_its_own_is_bad_quality(fault: tuple[int, str, int]) -> None:
    assert told(detector().take(0, (10.0,), GOOD, (), [fault])) == [("Q", RAISE)]


def test_without_a_range_alarm_a_value_out_of_range_is_bad_quality() -> None:
    assert told(detector().take(0, (999.0,), GOOD)) == [("Q", RAISE)]


@pytest.mark.parametrize("fault", [RATE, STUCK, SIBLINGS])
def test_a_doubted_value_may_raise_and_never_clears(fault: tuple[int, str, int]) -> None:
    watch = detector(fault[1])
    assert told(watch.take(0, (60.0,), GOOD, (), [fault])) == [("H", RAISE), (fault[1], RAISE)]
    assert told(watch.take(1, (10.0,), GOOD, (), [fault])) == []
    assert told(watch.take(2, (10.0,), GOOD)) == [("H", CLEAR), (fault[1], CLEAR)]


@pytest.mark.parametrize("quality", [COMM_FAILURE, NOT_CONNECTED])
def test_silence_is_stale_where_that_is_configured_counted_from_the_last_word(quality: int) -> None:
    watch = detector("STALE", stale_ms=20_000)
    watch.take(0, (10.0,), GOOD)
    for now in range(1000, 20_000, 1000):
        assert watch.take(now, None, quality) == []
    assert watch.next_due() == 20_000
    assert told(watch.tick(20_000)) == [("STALE", RAISE)]
    assert told(watch.take(21_000, (10.0,), GOOD)) == [("STALE", CLEAR)]


def test_a_driver_that_says_nothing_at_all_makes_its_points_stale_too() -> None:
    watch = detector("STALE", stale_ms=20_000)
    watch.take(0, (10.0,), GOOD)
    assert watch.next_due() == 20_000
    assert told(watch.tick(20_000)) == [("STALE", RAISE)]


def test_an_instrument_that_answers_something_bad_is_not_stale() -> None:
    watch = detector("STALE", stale_ms=20_000)
    assert told(watch.take(0, None, DEVICE_FAILURE)) == [("Q", RAISE)]
    assert told(watch.take(90_000, None, DEVICE_FAILURE)) == []


def test_without_a_stale_alarm_silence_is_bad_quality() -> None:
    assert told(detector().take(0, None, COMM_FAILURE)) == [("Q", RAISE)]


def test_one_value_that_is_lacking_in_a_report_is_silence_of_that_point_alone() -> None:
    numbers = itertools.count(1)
    block = Block([Point(key, FLOAT32, HIGH_FIRST, 2 * i) for i, key in enumerate("AB")], 4)
    stale = [Limit(f"{key}/STALE", i, "STALE", None, 0.0, 5000) for i, key in enumerate("AB")]
    watch = Watch(block, stale, lambda: f"1-{next(numbers)}")
    watch.take(0, (1.0, 1.0), GOOD)
    watch.take(1000, (1.0, NAN), GOOD, [(1, COMM_FAILURE)])
    assert [t.alarm for t in watch.take(5000, (1.0, NAN), GOOD, [(1, COMM_FAILURE)])] == ["B/STALE"]


def test_a_lost_reply_ends_no_alarm_and_begins_none_that_it_cannot_know() -> None:
    watch = detector(*ALL)
    watch.take(0, (10.0,), GOOD, (), [STUCK])
    assert told(watch.take(1000, None, DEVICE_FAILURE)) == [("Q", RAISE)]
    assert [s.side for s in watch.active()] == ["Q", "STUCK"]
    assert told(watch.take(2000, (10.0,), GOOD, (), [STUCK])) == [("Q", CLEAR)]
    assert told(watch.take(3000, (11.0,), GOOD)) == [("STUCK", CLEAR)]


def test_what_a_reading_proves_clears_and_what_it_hides_stays() -> None:
    watch = detector(*ALL)
    watch.take(0, (10.0,), GOOD, (), [STUCK])
    watch.take(1000, (10.0,), GOOD, (), [BLANK])
    assert told(watch.take(2000, (999.0,), GOOD)) == [("BLANK", CLEAR), ("RANGE", RAISE)]
    assert told(watch.take(3000, (10.0,), GOOD, (), [SIBLINGS])) == [
        ("RANGE", CLEAR),
        ("STUCK", CLEAR),
        ("SIBLINGS", RAISE),
    ]
    assert told(watch.take(4000, (10.0,), GOOD, (), [RATE, SIBLINGS])) == [("RATE", RAISE)]
    assert told(watch.take(5000, (10.0,), GOOD)) == [("RATE", CLEAR), ("SIBLINGS", CLEAR)]


def test_the_delays_of_a_quality_alarm_are_those_of_any_alarm() -> None:
    watch = detector("RANGE", delay_ms=5000)
    assert watch.take(0, (999.0,), GOOD) == []
    assert watch.take(1000, (10.0,), GOOD) == []
    assert watch.take(2000, (999.0,), GOOD) == []
    assert told(watch.tick(7000)) == [("RANGE", RAISE)]
    assert watch.take(8000, (10.0,), GOOD) == []
    assert told(watch.tick(13_000)) == [("RANGE", CLEAR)]


def test_a_quality_alarm_is_acknowledged_saved_and_restored_like_any_other() -> None:
    watch = detector("STUCK")
    watch.take(0, (10.0,), GOOD, (), [STUCK])
    assert [t.state for t in watch.acknowledge("P/STUCK", 1)] == ["C"]
    again = detector("STUCK")
    assert again.restore(watch.dump()) == []
    assert [(s.alarm, s.state, s.occurrence) for s in again.active()] == [("P/STUCK", "C", "1-1")]
    assert told(again.take(0, None, DEVICE_FAILURE)) == [("Q", RAISE)]
    assert told(again.take(1, (11.0,), GOOD)) == [("Q", CLEAR), ("STUCK", CLEAR)]


@pytest.mark.parametrize("sides", [["Q"], list(QUALITY_SIDES)])
@pytest.mark.parametrize("told_", [GOOD, UNCERTAIN, COMM_FAILURE, DEVICE_FAILURE])
@pytest.mark.parametrize("found", [[], ["STUCK"], ["RATE", "SIBLINGS"], ["BLANK"]])
def test_at_most_one_alarm_speaks_and_one_always_does_when_something_is_wrong(
    sides: list[str], told_: int, found: list[str]
) -> None:
    for shown, by_number, finite in itertools.product([True, False], [GOOD, SENSOR_FAILURE], [True, False]):
        speaks, shows = blame(sides, shown, told_, by_number, finite, found)
        kinds = [sample(side, speaks, shows, told_ < by_number, found) for side in sides]
        wrong = not shown or told_ != GOOD or by_number != GOOD or bool(found)
        assert kinds.count(1) == (1 if wrong else 0)
        assert (speaks == NOBODY) != wrong
        assert shows in {NOTHING, REPLY, NUMBER, VALUE}


@pytest.mark.parametrize("side", QUALITY_SIDES)
def test_the_beacon_tells_every_quality_alarm_from_a_process_alarm(side: str) -> None:
    patterns = []
    for told_by in (side, "Q", "H"):
        annunciator = Annunciator()
        annunciator.take(Transition(f"P/{told_by}", "1-1", RAISE, "B", None, 0, 0, told_by, 0), 0)
        patterns.append(annunciator.pattern)
        assert annunciator.outputs(0)[0] is False
    assert patterns[0] == patterns[1] != patterns[2]
