"""Registers become raw numbers, values and qualities; the quiet band is exact to the last bit."""

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.core.decode import FIELDS, KINDS
from edge.core.loop import current_loop
from edge.core.point import (
    BCD32,
    BIT,
    EMPTY,
    FLOAT32,
    FLOAT64,
    HIGH_FIRST,
    INT16,
    INT32,
    UINT16,
    Block,
    Point,
)
from protocol.quality import GOOD, SENSOR_FAILURE, SENSOR_INACCURATE

FLOATS = {FLOAT32: ("f", "i", 0x7F7FFFFF), FLOAT64: ("d", "q", 0x7FEFFFFFFFFFFFFF)}


def next_float(kind: int, number: float, steps: int) -> float:
    """Walk over the floats of a kind by their bit patterns, -0.0 left out; stays finite."""
    code, whole, greatest = FLOATS[kind]
    bits = struct.unpack(">" + whole, struct.pack(">" + code, number))[0]
    rank = bits if bits >= 0 else -(bits & (2 * greatest | 1))
    rank = max(-greatest, min(greatest, rank + steps))
    raw: float = struct.unpack(">" + code, struct.pack(">" + whole, abs(rank)))[0]
    return raw if rank >= 0 else -raw


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("kind", 99),
        ("order", 0),
        ("index", -1),
        ("scale", 0),
        ("scale", math.nan),
        ("scale", math.inf),
        ("offset", math.nan),
        ("low", math.inf),
        ("high", math.nan),
        ("high", -1.0),
        ("order", 5),
        ("usable_low", 1.0),
        ("usable_high", 8.0),
        ("usable_high", math.nan),
        ("bits", (0, 16)),
        ("bits", (3, 2)),
        ("curve", (1.0, math.inf)),
        ("curve", (1.0, 0.0)),
        ("curve", (1.0,)),
    ],
)
def test_a_point_that_cannot_be_meant_is_refused(field: str, bad: object) -> None:
    fields: dict[str, object] = {
        "kind": UINT16,
        "order": HIGH_FIRST,
        "index": 0,
        "scale": 1.0,
        "offset": 0.0,
        "low": 0.0,
        "high": 9.0,
    }
    fields[field] = bad
    with pytest.raises(ValueError, match=r"^P: "):
        Point("P", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "quality"),
    [
        (0, GOOD),
        (1000, GOOD),
        (1001, SENSOR_INACCURATE),
        (1100, SENSOR_INACCURATE),
        (1101, SENSOR_FAILURE),
        (-100, SENSOR_INACCURATE),
        (-101, SENSOR_FAILURE),
        (0x7FFF, SENSOR_FAILURE),
    ],
)
def test_saturated_is_uncertain_and_far_out_is_a_sensor_failure(raw: int, quality: int) -> None:
    point = Point("P", INT16, HIGH_FIRST, 0, 0.1, 0.0, 0.0, 100.0)
    assert point.quality(raw) == quality


def test_out_of_a_range_with_one_known_end_is_uncertain_however_far() -> None:
    point = Point("P", INT16, HIGH_FIRST, 0, low=0.0)
    assert point.quality(-30000) == SENSOR_INACCURATE


@pytest.mark.parametrize("raw", [math.nan, math.inf, -math.inf])
def test_no_number_is_a_sensor_failure_with_and_without_a_range(raw: float) -> None:
    for low, high in ((None, None), (0.0, 1.0)):
        assert Point("P", FLOAT32, HIGH_FIRST, 0, 1.0, 0.0, low, high).quality(raw) == SENSOR_FAILURE


def test_exceptions_name_only_the_points_that_are_not_good_and_nothing_is_clamped() -> None:
    points = [Point(f"P{i}", FLOAT32, HIGH_FIRST, 2 * i, low=0.0, high=10.0) for i in range(4)]
    block = Block(points, 8)
    raws = block.decode(struct.pack(">4f", 5.0, math.nan, 10.5, 99.0))
    assert block.exceptions(raws) == [(1, SENSOR_FAILURE), (2, SENSOR_INACCURATE), (3, SENSOR_FAILURE)]
    assert block.scaled(3, raws[3]) == 99.0
    assert block.exceptions((5.0, math.nan, 5.0, 5.0)) == [(1, SENSOR_FAILURE)]
    assert block.exceptions((5.0, 5.0, 5.0, 5.0)) == []


finite = st.floats(allow_nan=False, allow_infinity=False)
sensible = st.floats(-1e6, 1e6)
SCALES = st.one_of(
    st.sampled_from([1.0, -1.0, 0.1, -0.1, 0.01, 1 / 3, 1e-40, 1e300, -1e300, 5e-324]),
    finite.filter(bool),
)


# Coefficients of one sign are monotone where raw numbers are not negative; the rest is judged one by one.
CURVES = st.one_of(
    st.just(()),
    st.tuples(sensible, sensible.filter(bool)),
    st.tuples(sensible, st.floats(0, 10), st.floats(1e-12, 1e-3)),
    st.tuples(sensible, st.floats(-10, 0), st.floats(-1e-3, 0), st.floats(-1e-9, -1e-15)),
    st.tuples(sensible, sensible, sensible.filter(bool)),
    st.lists(finite, min_size=2, max_size=6).map(tuple).filter(lambda curve: any(curve[1:])),
)


@st.composite
def points(draw: st.DrawFn) -> Point:
    kind = draw(st.sampled_from(sorted(KINDS)))
    ends = draw(st.lists(sensible, max_size=2, unique=True))
    low = min(ends) if len(ends) == 2 or (ends and draw(st.booleans())) else None
    high = max(ends) if len(ends) == 2 or (ends and low is None) else None
    beyond = st.one_of(st.none(), st.floats(0, 1e6))
    curve = draw(CURVES)
    bits = (draw(st.integers(0, 15)),) * 2 if kind == BIT else (0, draw(st.integers(0, 15)))
    further_low, further_high = draw(beyond), draw(beyond)
    return Point(
        "P",
        kind,
        HIGH_FIRST,
        0,
        1.0 if curve else draw(SCALES),
        0.0 if curve else draw(st.one_of(st.just(0.0), sensible, finite)),
        low,
        high,
        curve=curve,
        usable_low=None if low is None or further_low is None else low - further_low,
        usable_high=None if high is None or further_high is None else high + further_high,
        bits=bits if kind in FIELDS else (0, 0),
    )


def to_try(point: Point, lo: float, hi: float, data: st.DataObject) -> list[float]:
    """Raw numbers near the band's ends, at the kind's ends, anywhere, and what is no number."""
    if point.kind in FLOATS:
        anywhere = data.draw(st.floats(width=32) if point.kind == FLOAT32 else st.floats())
        greatest = next_float(point.kind, 1.0, 2**63)
        start = data.draw(st.sampled_from([lo, hi, 0.0, greatest, -greatest]))
        near = next_float(point.kind, start, data.draw(st.integers(-2, 2)))
        return [anywhere, near, -0.0, math.nan, math.inf, -math.inf]
    least, greatest_whole = point.ranks()
    start = data.draw(st.sampled_from([lo, hi, least, greatest_whole]))
    near_whole = max(least, min(greatest_whole, int(start) + data.draw(st.integers(-2, 2))))
    return [data.draw(st.integers(least, greatest_whole)), near_whole, math.nan]


@settings(max_examples=1500)
@given(points(), st.one_of(st.none(), finite), st.one_of(st.none(), finite), st.data())
def test_the_band_holds_a_raw_number_exactly_if_plain_judgement_lets_it_pass(
    point: Point, above: float | None, below: float | None, data: st.DataObject
) -> None:
    lo, hi = point.band(above, below)
    surely = lo <= hi or not point.curve
    for raw in to_try(point, lo, hi, data):
        value = point.scaled(raw)
        plain = (
            point.quality(raw) == GOOD
            and not (above is not None and value <= above)
            and not (below is not None and value >= below)
        )
        assert not lo <= raw <= hi or plain
        assert lo <= raw <= hi or not plain or not surely


@pytest.mark.parametrize(
    ("kind", "curve", "exact"),
    [
        (UINT16, (0.0, 0.1, 1e-6), True),
        (UINT16, (50.0, 0.0, -1e-6), True),
        (BCD32, (-5.0, 1e-3, 0.0, 1e-12), True),
        (INT16, (0.0, 0.1), True),
        (FLOAT64, (0.0, -2.0), True),
        (INT16, (0.0, 0.1, 1e-6), False),
        (UINT16, (0.0, 0.1, -1e-6), False),
        (FLOAT32, (0.0, 0.0, 1.0), False),
    ],
)
def test_the_band_of_a_curve_is_exact_where_its_arithmetic_keeps_order_and_else_empty(
    kind: int, curve: tuple[float, ...], exact: bool
) -> None:
    band = Point("P", kind, HIGH_FIRST, 0, curve=curve, low=-20.0, high=30.0).band(-10.0, 20.0)
    assert (band != EMPTY) == exact


def test_every_raw_number_of_a_curved_16_bit_point_is_in_its_band_or_judged() -> None:
    point = Point("P", UINT16, HIGH_FIRST, 0, curve=(-3.5, 0.001, 1e-8), low=-3.0, high=90.0)
    lo, hi = point.band(1.25, 88.8)
    for raw in range(2**16):
        assert (lo <= raw <= hi) == (1.25 < (1e-8 * raw + 0.001) * raw - 3.5 < 88.8)


def test_a_curve_without_a_turn_is_the_line_that_it_is() -> None:
    line = Point("P", INT32, HIGH_FIRST, 0, 0.1, -40.0)
    curve = Point("P", INT32, HIGH_FIRST, 0, curve=(-40.0, 0.1))
    assert [line.scaled(raw) for raw in range(-999, 999)] == [curve.scaled(raw) for raw in range(-999, 999)]
    assert line.band(-1.0, 9.0) == curve.band(-1.0, 9.0)


@pytest.mark.parametrize(
    ("raw", "quality"),
    [
        (0, SENSOR_FAILURE),
        (3600, SENSOR_FAILURE),
        (3601, SENSOR_INACCURATE),
        (3799, SENSOR_INACCURATE),
        (3800, GOOD),
        (20500, GOOD),
        (20501, SENSOR_INACCURATE),
        (20999, SENSOR_INACCURATE),
        (21000, SENSOR_FAILURE),
        (32767, SENSOR_FAILURE),
    ],
)
def test_a_current_loop_is_judged_by_namur_ne_43(raw: int, quality: int) -> None:
    """Registers in µA; the same lines whatever the range, and for a transmitter that falls."""
    for ends in ((0.0, 100.0), (-40.0, 85.0), (0.0, 1.6), (0.0, 1e9), (20.9, 0.0), (100.0, -1e-3)):
        scale, offset, low, high, usable_low, usable_high = current_loop(4000, 20000, *ends)
        point = Point(
            "P",
            UINT16,
            HIGH_FIRST,
            0,
            scale,
            offset,
            low,
            high,
            usable_low=usable_low,
            usable_high=usable_high,
        )
        assert point.quality(raw) == quality
        assert math.isclose(point.scaled(12000), sum(ends) / 2, abs_tol=1e-9)


@pytest.mark.parametrize(
    "ends", [(4, 4, 0, 1), (4, 20, 1, 1), (4, math.nan, 0, 1), (4, 20, 0, math.inf), (0, 1e300, 0, 1e-300)]
)
def test_a_loop_that_cannot_be_is_refused(ends: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="current loop: "):
        current_loop(*ends)


def test_every_raw_number_of_a_falling_16_bit_point_is_in_its_band_or_judged() -> None:
    point = Point("P", INT16, HIGH_FIRST, 0, -0.1, 100.0, 0.0, 200.0)
    lo, hi = point.band(20.0, 150.3)
    for raw in range(-(2**15), 2**15):
        assert (lo <= raw <= hi) == (20.0 < raw * -0.1 + 100.0 < 150.3)


def test_a_band_without_a_raw_number_is_empty() -> None:
    assert Point("P", UINT16, HIGH_FIRST, 0, 10.0).band(above=1.0, below=9.0) == EMPTY
    assert Point("P", UINT16, HIGH_FIRST, 0, low=-9.0, high=-1.0).band() == EMPTY
