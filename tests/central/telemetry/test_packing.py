"""Packed rows come back to the bit, whatever they are, and a damaged byte is found."""

from __future__ import annotations

import random
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from central.telemetry.packing import DamagedError, PointRows, pack, unpack


def column(kind: type, count: int, low: int, high: int) -> st.SearchStrategy[np.ndarray]:
    return arrays.arrays(kind, count, elements=st.integers(low, high))


@st.composite
def some_rows(draw: st.DrawFn) -> PointRows:
    n = draw(st.integers(0, 60))
    whole = st.floats(allow_nan=True, allow_infinity=True, width=64)
    stepped = st.integers(-50, 50).map(lambda k: k * 0.1 - 40)
    return PointRows(
        draw(column(np.int64, n, -(1 << 63), (1 << 63) - 1)),
        draw(arrays.arrays(np.float64, n, elements=draw(st.sampled_from([whole, stepped])))),
        draw(column(np.int16, n, 0, 511)),
        draw(column(np.int64, n, 0, (1 << 63) - 1)),
        draw(column(np.int32, n, 0, (1 << 31) - 1)),
        draw(column(np.int16, n, -(1 << 15), (1 << 15) - 1)),
    )


@settings(max_examples=200, deadline=None)
@given(some_rows())
def test_what_was_packed_comes_back_to_the_bit(rows: PointRows) -> None:
    assert unpack(pack(rows)).same(rows)


def day(n: int, seed: int = 7) -> PointRows:
    """A value a second with some jitter, as an instrument of a tenth's steps gives it."""
    dice = random.Random(seed)
    level, values, at = 500, [], []
    for second in range(n):
        level += dice.choice((-1, 0, 0, 1))
        values.append(level * 0.1)
        at.append(1_790_000_000_000_000 + second * 1_000_000 + dice.randrange(3_000) * 1000 // 1000 * 1000)
    index = np.arange(n)
    return PointRows(
        np.array(at, np.int64),
        np.array(values),
        np.full(n, 192, np.int16),
        10_000 + index // 5 * 60,
        np.full(n, 3, np.int32),
        (index % 5).astype(np.int16),
    )


def test_a_real_looking_day_takes_less_than_ten_bytes_a_value() -> None:
    rows = day(20_000)
    assert len(pack(rows)) / len(rows) < 6


def test_a_changed_byte_is_found_or_changes_nothing() -> None:
    body = pack(day(300))
    for place in range(len(body)):
        broken = body[:place] + bytes([body[place] ^ 0x41]) + body[place + 1 :]
        with pytest.raises(DamagedError):
            unpack(broken)
    with pytest.raises(DamagedError):
        unpack(zlib.compress(b"\x09\x00\x00\x00\x00"))
