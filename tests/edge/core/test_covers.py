"""Shelved, suppressed and out of service; the newer kinds of alarm; first-up, floods, links and the shelf."""

import itertools
import random

import pytest

from edge.core import alarm, shelf
from edge.core.alarm import HALF, Limit
from edge.core.firstup import FirstUp
from edge.core.flood import Flood
from edge.core.links import IN_ALARM, SETPOINT, Link, Links
from edge.core.point import FLOAT64, HIGH_FIRST, Point, Values
from edge.core.slope import Slope
from edge.core.watch import Watch
from protocol.quality import COMM_FAILURE, GOOD, UNCERTAIN

HIGH = Limit("T/H", 0, "H", 50.0, priority=2)


def watch(*limits: Limit, groups: FirstUp | None = None) -> Watch:
    numbers = itertools.count(1)
    points = [Point(key, FLOAT64, HIGH_FIRST, i) for i, key in enumerate("TU")]
    return Watch(Values(points), list(limits), lambda: f"1-{next(numbers)}", first_up=groups)


def told(made: list[alarm.Transition]) -> list[tuple[str, int, str, str]]:
    return [(t.alarm, t.transition, t.state, t.under) for t in made]


def test_a_shelved_alarm_is_judged_under_its_cover_and_comes_back_sounding() -> None:
    one = watch(HIGH)
    assert told(one.shelve("T/H", 10_000, "Li", "calibration", 0)) == [("T/H", alarm.SHELVE, "G", "A")]
    assert told(one.take(1000, (60.0, 0.0), GOOD)) == [("T/H", alarm.RAISE, "G", "B")]
    assert one.acknowledge_all(1500) == []
    assert told(one.acknowledge("T/H", 2000)) == [("T/H", alarm.ACKNOWLEDGE, "G", "C")]
    assert one.next_due() == 10_000
    made = one.tick(10_000)
    assert told(made) == [("T/H", alarm.UNSHELVE, "B", "")]
    assert (made[0].by, made[0].reason, made[0].occurrence) == ("", "its time is over", "1-1")
    assert one.next_due() is None


def test_what_came_and_went_under_a_cover_is_left_to_be_looked_at() -> None:
    one = watch(HIGH)
    one.shelve("T/H", 10_000, "Li", "", 0)
    one.take(1000, (60.0, 0.0), GOOD)
    one.take(2000, (20.0, 0.0), GOOD)
    assert told(one.unshelve("T/H", "Li", "done", 3000)) == [("T/H", alarm.UNSHELVE, "D", "")]
    assert one.unshelve("T/H", "Li", "", 3001) == []


def test_three_covers_show_one_letter_and_the_last_lifted_lays_it_open() -> None:
    one = watch(HIGH)
    one.take(0, (60.0, 0.0), GOOD)
    one.acknowledge("T/H", 1)
    letters = [
        one.suppress("T/H", True, "P = 0", 10),
        one.shelve("T/H", 9000, "Li", "", 20),
        one.take_out("T/H", "Wang", "exchanged", 30),
        one.unshelve("T/H", "Li", "", 40),
        one.suppress("T/H", False, "", 50),
        one.put_back("T/H", "Wang", "", 60),
    ]
    assert [(t.state, t.under) for made in letters for t in made] == [
        ("H", "C"),
        ("G", "C"),
        ("I", "C"),
        ("I", "C"),
        ("I", "C"),
        ("B", ""),
    ]


def test_covers_outlive_a_restart_and_an_unbelievable_end_is_over() -> None:
    one = watch(HIGH)
    one.take(0, (60.0, 0.0), GOOD)
    one.shelve("T/H", 5000, "Li", "why", 10)
    saved = one.dump(1_000_000)
    again = watch(HIGH)
    assert again.restore(saved, 1_002_000, 0) == []
    (held,) = again.active()
    assert (held.state, held.under, held.by, held.reason, held.until_ms) == ("G", "B", "Li", "why", 3000)
    assert again.tick(2999) == []
    assert told(again.tick(3000)) == [("T/H", alarm.UNSHELVE, "B", "")]
    in_1970 = watch(HIGH)
    in_1970.restore([(*saved[0][:4], (shelf.LONGEST_MS + 5_000, 0, 0, "Li", "why", 0))], 0, 0)
    assert told(in_1970.tick(0)) == [("T/H", alarm.UNSHELVE, "B", "")]


def test_what_an_older_version_saved_is_restored() -> None:
    one = watch(HIGH)
    old = ("T/H", "C", "7-1", 5)
    assert one.restore([old, ("T/H", "A", "", 5)]) == [("T/H", "A", "", 5)]
    assert [(s.state, s.under, s.occurrence) for s in one.active()] == [("C", "", "7-1")]


def test_a_rate_of_change_raises_over_its_window_and_waits_for_one() -> None:
    one = watch(Limit("T/ROC", 0, "ROC", 2.0, 0.5, window_ms=3000, direction=1))
    seen = [(0, 0.0), (1000, 9.0), (2000, 9.0), (3000, 5.9), (4000, 15.0), (5000, 9.0), (6000, 10.2)]
    made = [told(one.take(at, (value, 0.0), GOOD)) for at, value in seen]
    assert [t[0][1:] if t else () for t in made] == [
        (),
        (),
        (),
        (),
        (alarm.RAISE, "B", ""),
        (alarm.CLEAR, "D", ""),
        (),
    ]


def test_a_rate_is_unknown_after_an_outage_and_an_uncertain_value_is_not_kept() -> None:
    one = watch(Limit("T/ROC", 0, "ROC", 2.0, window_ms=1000))
    one.take(0, (0.0, 0.0), GOOD)
    one.take(500, None, COMM_FAILURE)
    assert told(one.take(4000, (90.0, 0.0), GOOD)) == []
    assert told(one.take(5000, (95.0, 0.0), UNCERTAIN)) == [("T/ROC", alarm.RAISE, "B", "")]
    assert told(one.take(6000, (90.0, 0.0), GOOD)) == [("T/ROC", alarm.CLEAR, "D", "")]


def test_a_slope_is_that_of_every_value_kept_but_for_a_part_of_its_window() -> None:
    chance = random.Random(7)
    slope, kept, now = Slope(10_000), [(0, 0.0)], 0
    slope.note(0, 0.0)
    for _ in range(3000):
        now += chance.choice([1, 50, 100, 900])
        rate = slope.rate(now, 2.0 * now)
        old = [at for at, _ in kept if now - at >= 10_000]
        assert (rate is None) == (not old)
        assert rate is None or rate == pytest.approx(2000.0)
        slope.note(now, 2.0 * now)
        kept.append((now, 2.0 * now))
        assert len(slope._kept) <= 34


def test_a_deviation_counts_from_both_sides_of_its_setpoint() -> None:
    one = watch(Limit("T/DEV", 0, "DEV", 5.0, 1.0, setpoint=50.0))
    assert told(one.take(0, (54.0, 0.0), GOOD)) == []
    assert told(one.take(1, (45.0, 0.0), GOOD)) == [("T/DEV", alarm.RAISE, "B", "")]
    assert told(one.take(2, (46.0, 0.0), GOOD)) == []
    assert told(one.take(3, (53.9, 0.0), GOOD)) == [("T/DEV", alarm.CLEAR, "D", "")]


def test_a_deviation_from_a_point_that_is_not_good_neither_raises_nor_clears() -> None:
    one = watch(Limit("T/DEV", 0, "DEV", 5.0))
    assert told(one.take(0, (90.0, 0.0), GOOD)) == []
    one.refer("T/DEV", 80.0)
    assert told(one.take(1, (90.0, 0.0), GOOD)) == [("T/DEV", alarm.RAISE, "B", "")]
    one.refer("T/DEV", None)
    assert told(one.take(2, (80.0, 0.0), GOOD)) == []
    one.refer("T/DEV", 79.0)
    assert told(one.take(3, (80.0, 0.0), GOOD)) == [("T/DEV", alarm.CLEAR, "D", "")]


def test_bits_raise_when_they_are_on_or_off() -> None:
    one = watch(Limit("T/ON", 0, "ON", HALF), Limit("U/OFF", 1, "OFF", HALF))
    assert told(one.take(0, (0.0, 1.0), GOOD)) == []
    assert [t[0] for t in told(one.take(1, (1.0, 0.0), GOOD))] == ["T/ON", "U/OFF"]
    assert [t[1] for t in told(one.take(2, (0.0, 1.0), GOOD))] == [alarm.CLEAR, alarm.CLEAR]


def test_the_first_of_a_group_is_marked_until_all_are_normal() -> None:
    groups = FirstUp()
    one = watch(Limit("T/H", 0, "H", 50.0, group="g"), Limit("U/H", 1, "H", 50.0, group="g"), groups=groups)
    assert [t.first for t in one.take(0, (0.0, 60.0), GOOD)] == [True]
    assert [t.first for t in one.take(1, (60.0, 60.0), GOOD)] == [False]
    assert [(s.alarm, s.first) for s in one.active()] == [("T/H", False), ("U/H", True)]
    again = watch(*one.limits[:2], groups=FirstUp())
    again.restore(one.dump())
    assert [(s.alarm, s.first) for s in again.active()] == [("T/H", False), ("U/H", True)]
    one.acknowledge_all(2)
    one.take(3, (0.0, 0.0), GOOD)
    assert [t.first for t in one.take(4, (60.0, 0.0), GOOD)] == [True]


def test_a_flood_begins_above_ten_in_ten_minutes_and_ends_below_five() -> None:
    flood = Flood()
    for i in range(10):
        flood.take(i * 1000, f"A-{i}/H")
    assert not flood.flooding(10_000)
    flood.take(10_000, "A-1/H")
    assert flood.flooding(10_000)
    assert flood.flooding(605_000)
    assert (flood.flooding(607_000), flood.count(607_000)) == (False, 3)


def test_three_times_in_a_minute_is_chatter() -> None:
    flood = Flood()
    for at in (0, 20_000, 59_999):
        flood.take(at, "A/H")
    flood.take(1, "B/H")
    assert flood.chattering(59_999) == [("A/H", 3)]
    assert flood.chattering(60_000) == []


@pytest.mark.parametrize(
    ("how", "value", "holds"),
    [
        ("<", 4.9, True),
        ("<=", 5.0, True),
        (">", 5.0, False),
        (">=", 5.0, True),
        ("=", 5.0, True),
        ("!=", 5.0, False),
        ("<", None, False),
    ],
)
def test_a_condition_holds_only_while_its_value_is_good(how: str, value: float | None, holds: bool) -> None:
    links = Links([Link("T/L", "F-1", how, 5.0)])
    assert [now for _, now in links.take("F-1", value)] == [holds]
    assert links.take("F-1", value) == []


def test_links_tell_setpoints_and_alarms_once_a_change() -> None:
    links = Links([Link("T/DEV", "SP", SETPOINT), Link("T/L", "V/ON", IN_ALARM)])
    assert links.sources(["X", "SP"]) == [(1, "SP")]
    assert [now for _, now in links.take("SP", 5.0) + links.take("SP", 5.0)] == [5.0]
    assert [now for _, now in links.take("SP", None)] == [None]
    assert [now for _, now in links.take("V/ON", 1.0) + links.take("V/ON", 0.0)] == [True, False]


def test_an_alarm_of_high_priority_is_shelved_only_with_a_reason() -> None:
    assert shelf.may_shelve(2, 60_000, "Li", "") == ""
    assert "reason" in shelf.may_shelve(3, 60_000, "Li", " ")
    assert "too long" in shelf.may_shelve(1, shelf.LONGEST_MS + 1, "Li", "x")
    assert "name" in shelf.may_shelve(1, 60_000, "", "x")
    assert "time" in shelf.may_shelve(1, 0, "Li", "x")
    assert "why" in shelf.may_take_out("Li", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"side": "ROC", "limit": 2.0},
        {"side": "H", "limit": 2.0, "window_ms": 5},
        {"side": "DEV", "limit": 0.0},
        {"side": "DEV", "limit": 1.0, "deadband": 1.0},
        {"side": "H", "limit": 1.0, "setpoint": 3.0},
    ],
)
def test_an_alarm_that_cannot_be_meant_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="T/X"):
        Limit("T/X", 0, **wrong)  # type: ignore[arg-type]


def test_what_is_not_there_cannot_be_shelved_nor_until_yesterday() -> None:
    with pytest.raises(ValueError, match="X/H"):
        watch(HIGH).shelve("X/H", 10, "Li", "", 0)
    with pytest.raises(ValueError, match="passed"):
        watch(HIGH).shelve("T/H", 10, "Li", "", 10)
    with pytest.raises(ValueError, match="compares nothing"):
        Link("T/H", "F", "~")
