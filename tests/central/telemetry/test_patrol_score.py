"""A score is what its losses leave; each has its finding or gateway, together they are never too much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.telemetry import patrol_score as score
from central.telemetry.patrol_score import Away, Held

BEGIN = datetime(2026, 11, 21, 16, tzinfo=UTC)
END = BEGIN + timedelta(days=1)
DAY = (BEGIN, END)
WEIGHTS = {"connection": 1.0, "stale": 1.0, "range": 0.6, "stuck": 0.6, "swing": 0.4, "rare": 0.4}
POINTS = {1: "a", 2: "a", 3: "b", 4: "b"}


def hour(number: float) -> datetime:
    return BEGIN + timedelta(hours=number)


moments = st.integers(-40, 40).map(hour)
helds = st.lists(
    st.builds(
        lambda i, p, c, at, h: Held(i, p, POINTS[p], c, at, None if h > 40 else at + timedelta(hours=h)),
        st.integers(1, 999), st.sampled_from(sorted(POINTS)), st.sampled_from(sorted(WEIGHTS)[1:]), moments,
        st.integers(1, 60),
    ),
    max_size=8,
)  # fmt: skip
aways = st.lists(
    st.builds(
        lambda g, at, h: Away(g, at, None if h > 40 else at + timedelta(hours=h)),
        st.sampled_from("ab"), moments, st.integers(1, 60),
    ),
    max_size=3,
)  # fmt: skip


def test_a_day_by_hand() -> None:
    """Four points of 25 each: one stuck for six hours, one silent all day; b away for twelve."""
    held = [Held(1, 1, "a", "stuck", hour(-3), hour(6)), Held(2, 3, "b", "stale", hour(0), None)]
    away = [Away("b", hour(12), hour(24))]
    found = score.reckon(DAY, POINTS, held, away, WEIGHTS, 900, 1000)
    # b away: 2 points * 25 * 0.5; 3 silent in its other half: 25 * 0.5; 1 stuck: 25 * 0.6 * 6/24.
    assert [(loss.code, loss.finding_id, loss.points) for loss in found.losses] == [
        ("connection", None, 2),
        ("stale", 2, 1),
        ("stuck", 1, 1),
    ]
    assert [loss.lost for loss in found.losses] == pytest.approx([25.0, 12.5, 3.75])
    assert found.score == pytest.approx(58.75)
    assert found.losses[2].since == BEGIN  # of this day it lost since midnight
    assert found.stability == pytest.approx(1 - 6 / 96)
    assert found.reliability == pytest.approx(1 - 24 / 96 - 12 / 96)
    assert found.effectiveness == pytest.approx(0.9)


def test_nothing_found_is_a_hundred_and_nothing_stored_has_no_effectiveness() -> None:
    found = score.reckon(DAY, POINTS, [], [], WEIGHTS, 0, 0)
    assert (found.score, found.stability, found.reliability, found.effectiveness) == (100.0, 1.0, 1.0, None)
    assert score.reckon(DAY, {}, [], [], WEIGHTS, 0, 0).score == 100.0


def test_other_points_and_other_days_cost_nothing() -> None:
    held = [Held(1, 99, "a", "stale", BEGIN, None), Held(2, 1, "a", "stale", hour(-9), hour(0))]
    assert score.reckon(DAY, POINTS, held, [], WEIGHTS, 0, 0).losses == []


@given(helds, aways)
def test_the_losses_are_exactly_what_is_missing(held: list[Held], away: list[Away]) -> None:
    found = score.reckon(DAY, POINTS, held, away, WEIGHTS, 1, 1)
    assert found.score == pytest.approx(100.0 - sum(loss.lost for loss in found.losses))
    assert 0.0 <= found.score <= 100.0
    assert all(loss.lost >= 0 and loss.since >= BEGIN for loss in found.losses)
    assert 0.0 <= found.stability <= 1.0
    assert 0.0 <= found.reliability <= 1.0


@given(helds, aways, st.sampled_from(sorted(POINTS)))
def test_a_longer_silence_never_scores_better(held: list[Held], away: list[Away], point: int) -> None:
    before = score.reckon(DAY, POINTS, held, away, WEIGHTS, 1, 1).score
    more = [*held, Held(1000, point, POINTS[point], "stale", BEGIN, None)]
    assert score.reckon(DAY, POINTS, more, away, WEIGHTS, 1, 1).score <= before + 1e-9


def test_a_grade_is_a_word() -> None:
    assert [score.grade(x, 0.98, 0.9) for x in (1.0, 0.98, 0.95, 0.5, None)] == [
        "good",
        "good",
        "fair",
        "poor",
        "",
    ]
