"""One alarm walks the table at the top of alarm.py, and no other way."""

import pytest

from edge.core.alarm import BETWEEN, BEYOND, CLEAR, NORMAL, RAISE, UNKNOWN, Alarm, Limit


def high(**fields: object) -> Limit:
    return Limit("P/H", 0, "H", 50.0, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "sample", "latch", "after", "transition"),
    [
        ("A", BEYOND, False, "B", RAISE),
        ("D", BEYOND, False, "B", RAISE),
        ("E", BEYOND, True, "B", RAISE),
        ("F", BEYOND, True, "B", RAISE),
        ("B", NORMAL, False, "D", CLEAR),
        ("C", NORMAL, False, "A", CLEAR),
        ("B", NORMAL, True, "E", CLEAR),
        ("C", NORMAL, True, "F", CLEAR),
        ("A", BETWEEN, False, "A", None),
        ("A", UNKNOWN, False, "A", None),
        ("B", BETWEEN, False, "B", None),
        ("B", UNKNOWN, False, "B", None),
        ("C", BEYOND, False, "C", None),
        ("C", UNKNOWN, False, "C", None),
    ],
)
def test_samples_move_an_alarm_without_delays_as_the_table_says(
    state: str, sample: int, latch: bool, after: str, transition: int | None
) -> None:
    alarm = Alarm(high(latch=latch))
    alarm.state = state
    alarm.see(sample, 1000)
    assert (alarm.expire(1000), alarm.state) == (transition, after)


@pytest.mark.parametrize(
    ("side", "value", "sure", "sample"),
    [
        ("H", 50.0, True, BEYOND),
        ("H", 50.0, False, BEYOND),
        ("H", 49.99, True, BETWEEN),
        ("H", 49.0, True, BETWEEN),
        ("H", 48.99, True, NORMAL),
        ("H", 48.99, False, UNKNOWN),
        ("H", 49.99, False, UNKNOWN),
        ("L", 50.0, True, BEYOND),
        ("L", 51.0, True, BETWEEN),
        ("L", 51.01, True, NORMAL),
        ("L", 51.01, False, UNKNOWN),
    ],
)
def test_reaching_the_limit_is_beyond_and_only_past_the_deadband_is_normal(
    side: str, value: float, sure: bool, sample: int
) -> None:
    assert Alarm(Limit(f"P/{side}", 0, side, 50.0, deadband=1.0)).classify(value, sure) == sample


def test_the_on_delay_runs_from_the_first_sample_beyond() -> None:
    alarm = Alarm(high(on_delay_ms=500))
    alarm.see(BEYOND, 1000)
    alarm.see(BEYOND, 1400)
    assert alarm.due() == 1500
    assert alarm.expire(1499) is None
    assert alarm.expire(1500) == RAISE


def test_a_value_back_inside_starts_the_on_delay_anew() -> None:
    alarm = Alarm(high(on_delay_ms=500))
    alarm.see(BEYOND, 1000)
    alarm.see(BETWEEN, 1400)
    assert alarm.due() is None
    alarm.see(BEYOND, 1450)
    assert alarm.due() == 1950


def test_bad_quality_holds_the_on_delay_back_but_does_not_forget_it() -> None:
    alarm = Alarm(high(on_delay_ms=500))
    alarm.see(BEYOND, 1000)
    alarm.see(UNKNOWN, 1100)
    assert alarm.expire(99_000) is None
    alarm.see(BEYOND, 99_000)
    assert alarm.expire(99_000) == RAISE


def test_bad_quality_starts_the_off_delay_anew() -> None:
    alarm = Alarm(high(off_delay_ms=500))
    alarm.state = "C"
    alarm.see(NORMAL, 1000)
    alarm.see(UNKNOWN, 1400)
    assert alarm.expire(9000) is None
    alarm.see(NORMAL, 9000)
    assert alarm.due() == 9500
    assert alarm.expire(9500) == CLEAR


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (("P/X", 0, "X", 1.0), "side must be"),
        (("P/H", 0, "H", None), "needs a limit"),
        (("P/Q", 0, "Q", 1.0), "has none"),
        (("P/H", 0, "H", float("nan")), "finite"),
        (("P/H", 0, "H", 1.0, -1.0), "deadband"),
        (("P/H", 0, "H", 1.0, 0.0, -1), "delays"),
        (("P/H", 0, "H", 1.0, 0.0, 0, -1), "delays"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(fields: tuple[object, ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Limit(*fields)  # type: ignore[arg-type]
