"""Each moment of a trend is answered once, by the coarsest table that may be believed there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from central.telemetry import spans
from central.telemetry.spans import DAY, HOUR, MINUTE, ROWS, Due, Piece

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
MOMENTS = st.integers(0, 5 * 86_400).map(lambda s: NOON + timedelta(seconds=s))


def due_at(level: int, moment: datetime) -> Due:
    begin = spans.down(moment, spans.UNITS[level])
    return Due(level, begin, begin + spans.UNITS[level])


DUES = st.lists(st.builds(due_at, st.sampled_from([MINUTE, HOUR, DAY]), MOMENTS), max_size=12)


@given(MOMENTS, MOMENTS, st.sampled_from([ROWS, MINUTE, HOUR, DAY]), DUES)
def test_pieces_lie_one_behind_the_other_and_none_is_stale(
    one: datetime, other: datetime, level: int, due: list[Due]
) -> None:
    begin, end = min(one, other), max(one, other)
    pieces = spans.plan(begin, end, level, due)
    at = begin
    for piece in pieces:
        assert piece.begin == at < piece.end
        assert piece.level <= level
        at = piece.end
        if piece.level != ROWS:
            unit = spans.UNITS[piece.level]
            assert piece.begin == spans.down(piece.begin, unit)
            assert piece.end == spans.down(piece.end, unit)
            assert not any(
                d.level <= piece.level and d.begin < piece.end and piece.begin < d.end for d in due
            )
    assert at == end


def test_a_late_minute_costs_its_day_one_hour_of_minutes_and_itself() -> None:
    midnight = datetime(2026, 11, 19, 16, tzinfo=UTC)
    late = Due(MINUTE, midnight + timedelta(hours=5, minutes=7), midnight + timedelta(hours=5, minutes=8))
    five = midnight + timedelta(hours=5)
    assert spans.plan(midnight, midnight + timedelta(days=2), DAY, [late]) == [
        Piece(HOUR, midnight, five),
        Piece(MINUTE, five, five + timedelta(minutes=7)),
        Piece(ROWS, five + timedelta(minutes=7), five + timedelta(minutes=8)),
        Piece(MINUTE, five + timedelta(minutes=8), five + timedelta(hours=1)),
        Piece(HOUR, five + timedelta(hours=1), midnight + timedelta(days=1)),
        Piece(DAY, midnight + timedelta(days=1), midnight + timedelta(days=2)),
    ]


@given(
    st.lists(
        st.tuples(st.integers(1_577_836_800, 1_577_836_800 + 90_000), st.integers(1, 3)),
        min_size=1,
        max_size=60,
    )
)
def test_every_row_lies_in_a_stretch_of_its_gateway_and_none_crosses_a_slice(
    rows: list[tuple[int, int]],
) -> None:
    at_us = np.array([at * 1_000_000 for at, _ in rows], np.int64)
    stretches = spans.minutes_of(at_us, np.array([number for _, number in rows], np.int32))
    for at, number in rows:
        moment = datetime.fromtimestamp(at, UTC)
        assert any(g == number and lo <= moment < hi for g, lo, hi in stretches)
    for _, lo, hi in stretches:
        last = hi - timedelta(microseconds=1)
        assert spans.down(lo, spans.SLICES[MINUTE]) == spans.down(last, spans.SLICES[MINUTE])
    for number in {g for g, _, _ in stretches}:
        mine = [(lo, hi) for g, lo, hi in stretches if g == number]
        assert all(a[1] <= b[0] for a, b in pairwise(mine))


def test_a_bucket_is_answered_by_the_coarsest_table_that_fits_into_it() -> None:
    widths = {
        1: ROWS,
        30: ROWS,
        60: MINUTE,
        1800: MINUTE,
        3600: HOUR,
        43_200: HOUR,
        86_400: DAY,
        259_200: DAY,
    }
    assert {s: spans.level_for(timedelta(seconds=s)) for s in widths} == widths
