"""Registers become raw numbers, values and qualities; the quiet band is exact to the last bit."""

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.core.point import EMPTY, FLOAT32, HIGH_FIRST, INT16, INT32, LOW_FIRST, UINT16, UINT32, Block, Point
from protocol.quality import GOOD, SENSOR_FAILURE, SENSOR_INACCURATE

CODES = {INT16: "h", UINT16: "H", INT32: "i", UINT32: "I", FLOAT32: "f"}
RANKS = {
    INT16: (-(2**15), 2**15 - 1),
    UINT16: (0, 2**16 - 1),
    INT32: (-(2**31), 2**31 - 1),
    UINT32: (0, 2**32 - 1),
}


def as_float32(number: float) -> float:
    raw: float = struct.unpack(">f", struct.pack(">f", number))[0]
    return raw


def next_float32(number: float, steps: int) -> float:
    """Walk over the float32 numbers by their bit patterns, -0.0 left out; stays finite."""
    bits = struct.unpack(">i", struct.pack(">f", number))[0]
    rank = bits if bits >= 0 else -(bits & 0x7FFFFFFF)
    rank = max(-0x7F7FFFFF, min(0x7F7FFFFF, rank + steps))
    pattern = rank if rank >= 0 else 0x80000000 | -rank
    raw: float = struct.unpack(">f", struct.pack(">I", pattern))[0]
    return raw


def swap_words(data: bytes) -> bytes:
    return data[2:4] + data[0:2]


@pytest.mark.parametrize(
    ("kind", "order", "registers", "raw"),
    [
        (INT16, HIGH_FIRST, "fffe", -2),
        (UINT16, HIGH_FIRST, "fffe", 65534),
        (UINT16, LOW_FIRST, "fffe", 65534),
        (INT32, HIGH_FIRST, "fffffffe", -2),
        (INT32, LOW_FIRST, "fffeffff", -2),
        (UINT32, HIGH_FIRST, "00010002", 65538),
        (UINT32, LOW_FIRST, "00020001", 65538),
        (FLOAT32, HIGH_FIRST, "42f6e666", as_float32(123.45)),
        (FLOAT32, LOW_FIRST, "e66642f6", as_float32(123.45)),
    ],
)
def test_each_kind_and_word_order_reads_its_registers(
    kind: int, order: int, registers: str, raw: float
) -> None:
    block = Block([Point("P", kind, order, 0)], len(registers) // 4)
    assert block.decode(bytes.fromhex(registers)) == (raw,)


def test_gaps_before_between_and_after_points_are_skipped() -> None:
    block = Block([Point("A", UINT16, HIGH_FIRST, 1), Point("B", INT32, HIGH_FIRST, 4)], 8)
    data = struct.pack(">8H", 9, 7, 9, 9, 0xFFFF, 0xFFFD, 9, 9)
    assert block.decode(data) == (7, -3)


@given(st.data())
def test_a_mixed_block_decodes_as_each_point_does_alone(data: st.DataObject) -> None:
    points: list[Point] = []
    at = 0
    for i in range(data.draw(st.integers(1, 12))):
        at += data.draw(st.integers(0, 2))
        point = Point(
            f"P{i}",
            data.draw(st.sampled_from(sorted(CODES))),
            data.draw(st.sampled_from([HIGH_FIRST, LOW_FIRST])),
            at,
        )
        points.append(point)
        at += point.width
    count = at + data.draw(st.integers(0, 2))
    registers = data.draw(st.binary(min_size=2 * count, max_size=2 * count))
    alone = []
    for point in points:
        own = registers[2 * point.index : 2 * (point.index + point.width)]
        if point.width == 2 and point.order == LOW_FIRST:
            own = swap_words(own)
        alone.append(struct.unpack(">" + CODES[point.kind], own)[0])
    decoded = Block(points, count).decode(registers)
    assert struct.pack(f">{len(alone)}d", *decoded) == struct.pack(f">{len(alone)}d", *alone)
    assert [type(raw) for raw in decoded] == [type(raw) for raw in alone]


@pytest.mark.parametrize("length", [0, 3, 5, 6])
def test_bytes_of_another_length_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="2 registers got"):
        Block([Point("P", UINT16, HIGH_FIRST, 0)], 2).decode(bytes(length))


@pytest.mark.parametrize(
    ("points", "count", "says"),
    [
        ([Point("A", INT32, HIGH_FIRST, 0), Point("B", UINT16, HIGH_FIRST, 1)], 4, "B: overlaps"),
        ([Point("A", UINT16, HIGH_FIRST, 1), Point("B", UINT16, HIGH_FIRST, 0)], 4, "B: overlaps"),
        ([Point("A", FLOAT32, HIGH_FIRST, 3)], 4, "A: reaches past"),
    ],
)
def test_a_block_refuses_points_that_do_not_fit(points: list[Point], count: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Block(points, count)


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
    ],
)
def test_a_point_that_cannot_be_meant_is_refused(field: str, bad: float) -> None:
    fields = {
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


@st.composite
def points(draw: st.DrawFn) -> Point:
    kind = draw(st.sampled_from(sorted(CODES)))
    ends = draw(st.lists(sensible, max_size=2, unique=True))
    low = min(ends) if len(ends) == 2 or (ends and draw(st.booleans())) else None
    high = max(ends) if len(ends) == 2 or (ends and low is None) else None
    offset = draw(st.one_of(st.just(0.0), sensible, finite))
    return Point("P", kind, HIGH_FIRST, 0, draw(SCALES), offset, low, high)


@settings(max_examples=1500)
@given(points(), st.one_of(st.none(), finite), st.one_of(st.none(), finite), st.data())
def test_the_band_holds_a_raw_number_exactly_if_plain_judgement_lets_it_pass(
    point: Point, above: float | None, below: float | None, data: st.DataObject
) -> None:
    """Near the band's ends, at the kind's ends, anywhere, and for what is no number."""
    lo, hi = point.band(above, below)
    if point.kind == FLOAT32:
        anywhere = data.draw(st.floats(width=32))
        start = data.draw(st.sampled_from([lo, hi, 0.0, 3.4028234663852886e38, -3.4028234663852886e38]))
        near = next_float32(start, data.draw(st.integers(-2, 2)))
        tried = [anywhere, near, -0.0, math.nan, math.inf, -math.inf]
    else:
        least, greatest = RANKS[point.kind]
        start = data.draw(st.sampled_from([lo, hi, least, greatest]))
        near = max(least, min(greatest, int(start) + data.draw(st.integers(-2, 2))))
        tried = [data.draw(st.integers(least, greatest)), near]
    for raw in tried:
        value = point.scaled(raw)
        plain = (
            point.quality(raw) == GOOD
            and not (above is not None and value <= above)
            and not (below is not None and value >= below)
        )
        assert (lo <= raw <= hi) == plain


def test_every_raw_number_of_a_falling_16_bit_point_is_in_its_band_or_judged() -> None:
    point = Point("P", INT16, HIGH_FIRST, 0, -0.1, 100.0, 0.0, 200.0)
    lo, hi = point.band(20.0, 150.3)
    for raw in range(-(2**15), 2**15):
        assert (lo <= raw <= hi) == (20.0 < raw * -0.1 + 100.0 < 150.3)


def test_a_band_without_a_raw_number_is_empty() -> None:
    assert Point("P", UINT16, HIGH_FIRST, 0, 10.0).band(above=1.0, below=9.0) == EMPTY
    assert Point("P", UINT16, HIGH_FIRST, 0, low=-9.0, high=-1.0).band() == EMPTY
