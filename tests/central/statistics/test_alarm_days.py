"""A day of alarms is counted as the gateway counts its ten minutes, and begins where the last one ended."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from central.statistics.alarm_days import DAY_MS, Day, Standing, Told, count
from edge.core import alarm as core
from edge.core.flood import Flood

MIDNIGHT = 1_000 * DAY_MS
SECOND, MINUTE = 1_000, 60_000
KEY = ("gw-a", "LT-1/H")


def told(
    at_ms: int, transition: int = core.RAISE, state: str = "B", alarm: str = "LT-1/H", **other: object
) -> Told:
    values: dict[str, object] = {"under": "", "priority": 2, "point_id": 7, "heard_s": None, **other}
    return Told("gw-a", alarm, MIDNIGHT + at_ms, transition, state, **values)  # type: ignore[arg-type]


def counted(
    *events: Told, carried: dict[tuple[str, str], Standing] | None = None, flooding: bool = False
) -> Day:
    return count(events, carried or {}, flooding, MIDNIGHT, MIDNIGHT + DAY_MS)


def test_what_rings_is_counted_by_hour_and_priority_and_what_is_covered_is_not() -> None:
    day = counted(
        told(0, priority=3),
        told(90 * MINUTE, alarm="b", priority=0),
        told(91 * MINUTE, state="G", under="B", alarm="c"),
        told(92 * MINUTE, core.UNSHELVE, "B", alarm="c"),
    )
    assert (day.annunciated, day.covered) == (3, 1)
    assert day.by_hour[:3] == [1, 2, 0]
    assert day.by_priority == [1, 0, 1, 1]


def test_a_flood_begins_above_ten_and_ends_below_five_in_ten_minutes() -> None:
    rings = [told(n * 10 * SECOND, alarm=f"a{n}") for n in range(12)]
    day = counted(*rings)
    assert (day.floods, day.flood_alarms, day.peak_ten, day.tens_over) == (1, 12, 12, 1)
    # It began with the eleventh; after the eighth has left the window four are left.
    assert day.flood_ms == (70 * SECOND + 10 * MINUTE) - 100 * SECOND
    assert not day.flooding


def test_a_flood_goes_on_over_midnight_without_being_counted_twice() -> None:
    rings = [told(-9 * MINUTE + n * SECOND, alarm=f"a{n}") for n in range(12)]
    day = counted(*rings, told(30 * SECOND), flooding=True)
    assert (day.annunciated, day.floods, day.flood_alarms, day.peak_ten) == (1, 0, 1, 13)
    assert 0 < day.flood_ms < 2 * MINUTE


def test_three_times_in_a_minute_is_chatter_and_one_bout_is_one() -> None:
    rings = [told(n * 10 * SECOND) for n in range(9)]
    later = [told(60 * MINUTE + n * 25 * SECOND) for n in range(3)]
    slow = [told(n * 30 * SECOND, alarm="slow") for n in range(9)]
    day = counted(*sorted([*rings, *later, *slow], key=lambda e: e.at_ms))
    assert day.alarms[KEY].chatters == 2
    assert day.alarms["gw-a", "slow"].chatters == 0
    assert day.chattering == 1


def test_what_stands_for_more_than_a_day_is_stale_and_is_carried_on() -> None:
    day = counted(carried={KEY: Standing(MIDNIGHT - MINUTE, "C", 2, 7)})
    assert (day.stale, day.standing, day.annunciated) == (1, 1, 0)
    assert day.alarms[KEY].stood_ms == DAY_MS
    assert day.alarms[KEY].since_ms == MIDNIGHT - MINUTE
    ended = counted(told(MINUTE, core.CLEAR, "A"), carried={KEY: Standing(MIDNIGHT - MINUTE, "C", 2, 7)})
    assert (ended.stale, ended.standing, ended.alarms[KEY].stood_ms) == (0, 0, MINUTE)


def test_what_is_covered_is_not_stale_and_what_ended_without_an_event_ended() -> None:
    covered = counted(carried={KEY: Standing(MIDNIGHT - DAY_MS, "G", 2, 7)})
    assert (covered.stale, covered.standing) == (0, 1)
    lost = counted(carried={KEY: Standing(MIDNIGHT - MINUTE, "B", 2, 7, ended_ms=MIDNIGHT + MINUTE)})
    assert (lost.standing, lost.alarms[KEY].stood_ms) == (0, MINUTE)


def test_an_acknowledgement_is_timed() -> None:
    day = counted(told(0), told(40 * SECOND, core.ACKNOWLEDGE, "C", heard_s=40.0))
    assert (day.acknowledged, day.heard_s) == (1, [40.0])


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(0, 90), min_size=1, max_size=80))
def test_floods_are_those_of_the_gateways_core(gaps: list[int]) -> None:
    core_flood = Flood()
    at, floods, was, events = 0, 0, False, []
    for gap in gaps:
        at += gap * 2 * SECOND
        # The gateway looks all the time, so a flood that ended between two alarms has ended there.
        for moment in range(max(0, at - gap * 2 * SECOND), at, SECOND):
            was = core_flood.flooding(moment)
        core_flood.take(at, "a")
        now = core_flood.flooding(at)
        floods += now and not was
        was = now
        events.append(told(at))
    day = counted(*events)
    assert day.floods == floods
    assert day.flooding is False
    assert sum(day.by_hour) == sum(day.by_ten) == len(gaps)
