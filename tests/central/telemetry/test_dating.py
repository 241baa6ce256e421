from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.devices.rules import BlockLayout
from central.telemetry import columns, rules
from central.telemetry.models import DATED_BY_CENTRE, Anchor
from protocol import codec
from protocol import messages as m

RECEIVED = 1_795_000_000_000
LAYOUT = {0: BlockLayout(np.array([7], np.int32), np.ones(1), np.zeros(1))}
times = st.one_of(
    st.integers(RECEIVED - 10_000_000, RECEIVED + 200_000),
    st.integers(-(2**62), 2**62),
    st.just(0),
    st.just(2**64 - 1),
)


def body_of(time_ms: int, mono_ms: int, clock: int) -> m.MeasurementBody:
    return m.MeasurementBody(
        time_ms, mono_ms, [m.BlockRows(0, [0], [0], [0], [0], [clock], [192], [[1]], [])]
    )


@given(times, st.integers(-(2**50), 2**50), st.sampled_from([0, 1, 2, -1]), st.integers(0, 2**45))
def test_columns_and_single_records_are_dated_alike(
    time_ms: int, mono_ms: int, clock: int, anchor_mono: int
) -> None:
    anchor = Anchor(RECEIVED, anchor_mono)
    at_ms, by_centre = rules.dated_ms(time_ms, mono_ms, clock, RECEIVED, anchor)
    rows, _ = columns.decode(body_of(time_ms, mono_ms, clock), LAYOUT, RECEIVED, anchor)
    assert rows.at_us.tolist() == [at_ms * 1000]
    assert bool(rows.quality[0] & DATED_BY_CENTRE) == by_centre


@given(times, st.integers(-(2**62), 2**62), st.sampled_from([0, 1]))
def test_no_time_is_refused_and_every_date_can_be_stored(time_ms: int, mono_ms: int, clock: int) -> None:
    at_ms, _ = rules.dated_ms(time_ms, mono_ms, clock, RECEIVED, Anchor(RECEIVED, 5000))
    assert rules.OLDEST_BELIEVED_MS <= at_ms <= RECEIVED + rules.MOST_AHEAD_MS
    rules.from_ms(at_ms)


def test_a_board_without_a_clock_is_dated_by_the_age_of_its_record() -> None:
    # It booted 20 s ago in 1970; the record is 8 s old.
    anchor = rules.anchor_of(5, 5, 20_000, RECEIVED, 0, None)
    assert rules.dated_ms(12_000, 12_000, m.UNSYNCHRONISED, RECEIVED, anchor) == (RECEIVED - 8000, True)


def test_a_clock_that_claims_to_be_right_in_1970_or_in_the_future_is_not_believed() -> None:
    anchor = Anchor(RECEIVED, 20_000)
    for claimed in (0, RECEIVED + 3_600_000):
        assert rules.dated_ms(claimed, 12_000, m.SYNCHRONISED, RECEIVED, anchor) == (RECEIVED - 8000, True)


def test_records_of_an_earlier_boot_are_dated_by_what_was_heard_of_it() -> None:
    heard = Anchor(RECEIVED - 600_000, 50_000)
    anchor = rules.anchor_of(4, 5, 20_000, RECEIVED, 49_000, heard)
    assert rules.dated_ms(0, 49_000, m.UNSYNCHRONISED, RECEIVED, anchor) == (RECEIVED - 601_000, True)


def test_records_of_an_earlier_boot_that_nobody_heard_end_where_the_present_boot_began() -> None:
    anchor = rules.anchor_of(4, 5, 20_000, RECEIVED, 49_000, None)
    assert rules.dated_ms(0, 49_000, m.UNSYNCHRONISED, RECEIVED, anchor) == (RECEIVED - 20_000, True)
    assert rules.dated_ms(0, 45_000, m.UNSYNCHRONISED, RECEIVED, anchor) == (RECEIVED - 24_000, True)


def test_a_value_is_as_old_as_its_request() -> None:
    rows = m.BlockRows(0, [0], [0], [0], [700], [1], [192], [[1]], [])
    body = m.MeasurementBody(RECEIVED - 1000, 0, [rows])
    decoded, _ = columns.decode(body, LAYOUT, RECEIVED, Anchor(RECEIVED, 0))
    assert decoded.at_us.tolist() == [(RECEIVED - 1700) * 1000]


def test_scaling_is_the_same_double_arithmetic_as_on_the_gateway() -> None:
    layout = {0: BlockLayout(np.array([1, 2], np.int32), np.array([0.1, 0.003]), np.array([-40.0, 1e-9]))}
    raws = [[n, n * 7 + 1] for n in range(200)]
    n = len(raws)
    rows = m.BlockRows(0, list(range(n)), [0] * n, [0] * n, [0] * n, [1] * n, [192] * n, raws, [])  # type: ignore[arg-type]
    decoded, _ = columns.decode(m.MeasurementBody(RECEIVED, 0, [rows]), layout, RECEIVED, Anchor(RECEIVED, 0))
    expected = [v for a, b in raws for v in (a * 0.1 + -40.0, b * 0.003 + 1e-9)]
    assert decoded.value.tolist() == expected


def test_bad_rows_and_exceptions_keep_their_quality_and_no_number_is_invented() -> None:
    layout = {0: BlockLayout(np.array([1, 2, 3], np.int32), np.ones(3), np.zeros(3))}
    rows = m.BlockRows(
        0, [0, 1, 2], [0] * 3, [0] * 3, [0] * 3, [1, 1, 0], [192, 24, 999],
        [[1, 2, 3], None, [4, float("nan"), float("inf")]], [(0, 1, 80), (0, 2, -5)],
    )  # fmt: skip
    decoded, newest = columns.decode(
        m.MeasurementBody(RECEIVED - 100, 0, [rows]), layout, RECEIVED, Anchor(RECEIVED, 0)
    )
    values = [None if np.isnan(v) else v for v in decoded.value.tolist()]
    table = list(zip(decoded.record.tolist(), values, decoded.quality.tolist(), strict=True))
    assert table == [
        (0, 1.0, 192), (0, 2.0, 80), (0, 3.0, 0),
        (1, None, 24), (1, None, 24), (1, None, 24),
        (2, 4.0, 256), (2, None, 256), (2, None, 256),
    ]  # fmt: skip
    assert newest.record.tolist() == [2, 2, 2]
    assert newest.quality.tolist() == [256, 256, 256]


def test_a_number_that_is_none_is_never_called_good() -> None:
    layout = {0: BlockLayout(np.array([1], np.int32), np.ones(1), np.zeros(1))}
    rows = m.BlockRows(0, [0], [0], [0], [0], [1], [192], [[float("nan")]], [])
    decoded, _ = columns.decode(m.MeasurementBody(RECEIVED, 0, [rows]), layout, RECEIVED, Anchor(RECEIVED, 0))
    assert decoded.quality.tolist() == [16]
    assert np.isnan(decoded.value).all()


def test_the_encoded_body_survives_the_wire() -> None:
    body = body_of(RECEIVED, 0, 1)
    assert codec.decode_measurements(codec.encode_measurements(body), 1, 1) == body


def test_a_small_batch_that_would_unfold_without_measure_is_refused_before_it_does() -> None:
    polls, width = 300, 4096
    layout = {0: BlockLayout(np.ones(width, np.int32), np.ones(width), np.zeros(width))}
    zeros = [0] * polls
    rows = m.BlockRows(0, list(range(polls)), zeros, zeros, zeros, zeros, zeros, [None] * polls, [])
    with pytest.raises(columns.LayoutError, match="1228800"):
        columns.decode(m.MeasurementBody(0, 0, [rows]), layout, RECEIVED, Anchor(RECEIVED, 0))
