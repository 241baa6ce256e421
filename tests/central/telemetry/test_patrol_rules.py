"""What the patrol calls silent, stuck, out of range, fluctuating, too rare, and what it leaves alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from central.telemetry import patrol_rules as rules
from central.telemetry.patrol_rules import (
    FOUND,
    RANGE,
    RARE,
    STALE,
    STUCK,
    SWING,
    UNKNOWN,
    WELL,
    Hours,
    Point,
    Rule,
    Verdict,
)

NOW = datetime(2026, 11, 22, 6, 20, tzinfo=UTC)
UNTIL = datetime(2026, 11, 22, 6, tzinfo=UTC)
RULE = Rule(
    id=1, stale_periods=3, stale_s=900, stuck_h=24, moves_share=0.0005, rest_share=0.0, swing_share=0.5,
    rare_share=0.5,
)  # fmt: skip
POINT = Point(
    id=7, period_s=60, low=0.0, high=100.0, newest_at=NOW - timedelta(seconds=30),
    silent_since=NOW - timedelta(seconds=30), present=True, backlog=0, runs=True,
)  # fmt: skip
WELL_HOURS = Hours(
    flat_n=24, flat_from=UNTIL - timedelta(hours=24), flat_low=40.0, flat_high=44.0, last_n=60, low=40.0,
    high=42.0, swing_n=3, swings=0, swing_most=2.0, rare_count=180,
)  # fmt: skip
times = st.integers(0, 40 * 86_400).map(lambda s: NOW - timedelta(seconds=s))


def judged(
    rule: Rule = RULE,
    point: Point = POINT,
    hours: Hours = WELL_HOURS,
    *,
    away: bool = False,
    unreckoned: bool = False,
    step: float = 0.0,
) -> dict[str, Verdict]:
    return rules.judge(rule, point, hours, NOW, UNTIL, 0.8, 10, away=away, unreckoned=unreckoned, step=step)


def states(verdicts: dict[str, Verdict]) -> dict[str, str]:
    return {code: verdict.state for code, verdict in verdicts.items()}


def silent(since: datetime, **other: object) -> Point:
    return msgspec.structs.replace(POINT, newest_at=since, silent_since=since, **other)


def flat(value: float, n: int = 24) -> Hours:
    return msgspec.structs.replace(WELL_HOURS, flat_n=n, flat_low=value, flat_high=value)


def test_a_point_that_speaks_moves_and_keeps_its_range_passes_everything() -> None:
    assert states(judged()) == dict.fromkeys(rules.CHECKS, WELL)


def test_a_silent_point_is_stale_since_its_last_value_and_not_too_rare_besides() -> None:
    since = NOW - timedelta(hours=2)
    found = judged(point=silent(since), hours=msgspec.structs.replace(WELL_HOURS, rare_count=3))
    assert found[STALE] == Verdict(state=FOUND, since=since, value=7200.0, limit=900.0)
    assert found[RARE].state == WELL


@given(times, times, st.booleans(), st.integers(0, 50))
def test_nobody_is_silent_while_its_gateway_is_away_or_behind_or_nobody_listened(
    newest: datetime, listening: datetime, present: bool, backlog: int
) -> None:
    point = msgspec.structs.replace(
        POINT, newest_at=newest, silent_since=max(newest, listening), present=present, backlog=backlog
    )
    found = judged(point=point)[STALE]
    long = NOW - point.silent_since > timedelta(seconds=900)
    assert (found.state == FOUND) == (present and backlog <= 10 and long)
    # Only a value that came says that it speaks again.
    assert (found.state == WELL) == (NOW - newest <= timedelta(seconds=900))


def test_one_value_for_a_whole_day_is_stuck() -> None:
    found = judged(hours=flat(41.37))[STUCK]
    assert found == Verdict(state=FOUND, since=WELL_HOURS.flat_from, value=41.37, limit=24.0)


def test_a_value_at_rest_and_a_plant_that_is_stopped_are_not_stuck() -> None:
    gas = msgspec.structs.replace(RULE, rest_share=0.1)
    stopped = msgspec.structs.replace(POINT, runs=False)
    assert judged(gas, hours=flat(0.0))[STUCK].state == WELL
    assert judged(gas, hours=flat(9.9))[STUCK].state == WELL
    assert judged(gas, hours=flat(10.1))[STUCK].state == FOUND
    assert judged(point=stopped, hours=flat(41.37))[STUCK].state == WELL


def test_hours_that_are_missing_leave_open_whether_a_value_moved() -> None:
    assert judged(hours=flat(41.37, n=19))[STUCK].state == UNKNOWN
    assert judged(hours=flat(41.37, n=20))[STUCK].state == FOUND
    # One movement is enough, however little was seen.
    moved = msgspec.structs.replace(WELL_HOURS, flat_n=1)
    assert judged(hours=moved)[STUCK].state == WELL


@given(
    st.floats(1.0, 99.0),
    st.sampled_from([0.001, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 2.0]),
    st.floats(0.0, 0.02),
)
def test_a_constant_that_the_resolution_explains_is_not_stuck(
    truth: float, step: float, moves_share: float
) -> None:
    """What moves by less than a step shows one value for ever: only a finer instrument is doubted."""
    shown = round(truth / step) * step
    rule = msgspec.structs.replace(RULE, moves_share=moves_share)
    known = rules.step_of(step, 0.0, [shown])
    assert known == step
    found = judged(rule, hours=flat(shown), step=known)[STUCK].state
    rests = shown <= 0.0
    assert (found == FOUND) == (step <= moves_share * 100.0 and not rests)


@given(st.floats(0.001, 0.2), st.integers(1, 400), st.integers(0, 3))
def test_a_process_that_moves_more_than_a_step_is_never_stuck(step: float, raw: int, moved: int) -> None:
    hours = msgspec.structs.replace(WELL_HOURS, flat_low=raw * step, flat_high=(raw + 1 + moved) * step)
    assert judged(hours=hours, step=step)[STUCK].state == WELL


def test_a_floating_number_shows_that_its_instrument_has_no_steps() -> None:
    assert rules.step_of(1.0, 0.0, [412.3731]) == 0.0
    assert rules.step_of(0.1, -40.0, [18.3]) == 0.1
    assert rules.step_of(0.1, 0.0, [18.3, 18.35]) == 0.0
    assert rules.step_of(0.1, 0.0, []) == 0.0


def test_without_a_range_only_what_is_finer_than_any_step_is_stuck() -> None:
    point = msgspec.structs.replace(POINT, low=None, high=None)
    assert judged(point=point, hours=flat(41.37))[STUCK].state == FOUND
    assert judged(point=point, hours=flat(41.0), step=1.0)[STUCK].state == WELL
    assert judged(point=point, hours=flat(0.0))[STUCK].state == WELL


def test_a_value_outside_of_the_reasonable_range_is_found_by_the_side_it_left() -> None:
    high = msgspec.structs.replace(WELL_HOURS, high=120.0)
    assert judged(hours=high)[RANGE] == Verdict(
        state=FOUND, since=UNTIL - timedelta(hours=1), value=120.0, limit=100.0
    )
    narrow = msgspec.structs.replace(RULE, low=41.0)
    assert judged(narrow)[RANGE].limit == 41.0
    assert judged(msgspec.structs.replace(narrow, ranged=False))[RANGE].state == WELL
    assert judged(hours=msgspec.structs.replace(WELL_HOURS, last_n=0))[RANGE].state == UNKNOWN


def test_every_hour_must_swing_and_one_calm_one_ends_it() -> None:
    wild = msgspec.structs.replace(WELL_HOURS, swings=3, swing_most=80.0)
    assert judged(hours=wild)[SWING] == Verdict(
        state=FOUND, since=UNTIL - timedelta(hours=3), value=80.0, limit=50.0
    )
    assert judged(hours=msgspec.structs.replace(wild, swings=2))[SWING].state == WELL
    assert judged(hours=msgspec.structs.replace(wild, swings=2, swing_n=2))[SWING].state == UNKNOWN


def test_half_of_the_values_missing_is_too_rare_unless_they_may_still_come() -> None:
    few = msgspec.structs.replace(WELL_HOURS, rare_count=80)
    assert judged(hours=few)[RARE] == Verdict(
        state=FOUND, since=UNTIL - timedelta(hours=3), value=80.0, limit=90.0
    )
    assert judged(hours=few, away=True)[RARE].state == UNKNOWN
    assert judged(hours=few, unreckoned=True)[RARE].state == UNKNOWN
    behind = msgspec.structs.replace(POINT, backlog=11)
    assert judged(point=behind, hours=few)[RARE].state == UNKNOWN
    slow = msgspec.structs.replace(POINT, period_s=7200)
    assert judged(point=slow, hours=msgspec.structs.replace(few, rare_count=0))[RARE].state == UNKNOWN


def test_the_closest_rule_counts_quantity_before_unit_before_region_before_version() -> None:
    table = [
        Rule(id=1),
        Rule(id=2, unit="ppm"),
        Rule(id=3, region="4299", unit="ppm"),
        Rule(id=4, region="429981", quantity="氨气"),
        Rule(id=5, region="4299", unit="ppm", version=2),
    ]
    assert [
        rules.rule_for(table, place, quantity, unit).id  # type: ignore[union-attr]
        for place, quantity, unit in (
            ("429981/E1", "压力", "MPa"),
            ("43/E1", "氯气", "ppm"),
            ("429981/E1", "氯气", "ppm"),
            ("429981/E1", "氨气", "ppm"),
        )
    ] == [1, 2, 5, 4]
    assert rules.rule_for([Rule(id=9, unit="t")], "42", "x", "kg") is None


def test_who_was_away_listens_again_from_now_on() -> None:
    before = NOW - timedelta(hours=5)
    assert rules.listening_since(None, None, NOW, 300) == NOW
    assert rules.listening_since(NOW - timedelta(seconds=299), before, NOW, 300) == before
    assert rules.listening_since(NOW - timedelta(seconds=301), before, NOW, 300) == NOW
