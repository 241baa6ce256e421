"""Bytes become raw numbers: every kind and order, what is no number, coils, texts; who may stand where."""

import math
import struct
from typing import Any

import minimalmodbus  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymodbus.client.mixin import ModbusClientMixin

from edge.core.decode import FIELDS, KINDS, ORDERS, decimal, text
from edge.core.point import (
    BCD16,
    BCD32,
    BIT,
    BITS,
    FLOAT32,
    FLOAT64,
    HIGH_FIRST,
    HIGH_FIRST_SWAP,
    INT16,
    INT32,
    INT64,
    LOW_FIRST,
    LOW_FIRST_SWAP,
    UINT16,
    UINT32,
    UINT64,
    BitBlock,
    Block,
    Point,
    Values,
)
from protocol.quality import COMM_FAILURE, SENSOR_FAILURE, UNCERTAIN
from tests.edge.core.recording import ordered, packed

LEAST_AND_GREATEST = {
    INT16: (-(2**15), 2**15 - 1),
    UINT16: (0, 2**16 - 1),
    INT32: (-(2**31), 2**31 - 1),
    UINT32: (0, 2**32 - 1),
    INT64: (-(2**63), 2**63 - 1),
    UINT64: (0, 2**64 - 1),
    BCD16: (0, 9999),
    BCD32: (0, 99999999),
}


def as_float32(number: float) -> float:
    raw: float = struct.unpack(">f", struct.pack(">f", number))[0]
    return raw


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
        (FLOAT32, HIGH_FIRST_SWAP, "f64266e6", as_float32(123.45)),
        (FLOAT32, LOW_FIRST_SWAP, "66e6f642", as_float32(123.45)),
        (UINT16, HIGH_FIRST_SWAP, "3412", 0x1234),
        (UINT16, LOW_FIRST_SWAP, "3412", 0x1234),
        (UINT64, HIGH_FIRST, "0123456789abcdef", 0x0123456789ABCDEF),
        (UINT64, LOW_FIRST, "cdef89ab45670123", 0x0123456789ABCDEF),
        (UINT64, HIGH_FIRST_SWAP, "23016745ab89efcd", 0x0123456789ABCDEF),
        (UINT64, LOW_FIRST_SWAP, "efcdab8967452301", 0x0123456789ABCDEF),
        (INT64, HIGH_FIRST, "fffffffffffffffe", -2),
        (FLOAT64, HIGH_FIRST, "405edccccccccccd", 123.45),
        (FLOAT64, LOW_FIRST, "cccdccccdccc405e", 123.45),
        (BCD16, HIGH_FIRST, "0907", 907),
        (BCD32, HIGH_FIRST, "00123456", 123456),
        (BCD32, LOW_FIRST, "34560012", 123456),
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


@st.composite
def written(draw: st.DrawFn, index: int = 0) -> tuple[Point, float, bytes]:
    """A point, a raw number that its kind can hold, and the registers in which an instrument shows it."""
    kind, order = draw(st.sampled_from(sorted(KINDS))), draw(st.sampled_from(ORDERS))
    bits = (0, 0)
    if kind in FIELDS:
        lowest = draw(st.integers(0, 15))
        bits = (lowest, lowest if kind == BIT else draw(st.integers(lowest, 15)))
    raw: float
    if kind in {FLOAT32, FLOAT64}:
        raw = draw(st.floats(width=32 if kind == FLOAT32 else 64))
    else:
        raw = draw(st.integers(*LEAST_AND_GREATEST.get(kind, (0, 2 ** (bits[1] - bits[0] + 1) - 1))))
    own = packed(kind, order, raw, bits[0])
    if kind in FIELDS:  # its neighbours in the register are whatever they are
        others = draw(st.integers(0, 0xFFFF)) & ~(2 ** (bits[1] + 1) - 2 ** bits[0])
        word = int.from_bytes(ordered(own, order), "big") | others
        own = ordered(word.to_bytes(2, "big"), order)
    return Point("P", kind, order, index, bits=bits), raw, own


NAMES = {
    INT16: "INT16",
    UINT16: "UINT16",
    INT32: "INT32",
    UINT32: "UINT32",
    INT64: "INT64",
    UINT64: "UINT64",
    FLOAT32: "FLOAT32",
    FLOAT64: "FLOAT64",
}


@given(st.sampled_from(sorted(NAMES)), st.sampled_from([HIGH_FIRST, LOW_FIRST]), st.data())
def test_pymodbus_writes_what_is_read(kind: int, order: int, data: st.DataObject) -> None:
    floats = st.floats(width=32, allow_nan=False) if kind == FLOAT32 else st.floats(allow_nan=False)
    whole = LEAST_AND_GREATEST.get(kind)
    raw = data.draw(floats if whole is None else st.integers(*whole))
    mixin: Any = ModbusClientMixin
    word_order = "big" if order == HIGH_FIRST else "little"
    words = mixin.convert_to_registers(raw, mixin.DATATYPE[NAMES[kind]], word_order=word_order)
    block = Block([Point("P", kind, order, 0)], len(words))
    assert block.decode(struct.pack(f">{len(words)}H", *words)) == (raw,)


@given(st.sampled_from([INT32, UINT32, INT64, UINT64]), st.sampled_from(ORDERS), st.data())
def test_minimalmodbus_writes_what_is_read_in_all_four_orders(
    kind: int, order: int, data: st.DataObject
) -> None:
    byte_order = {
        HIGH_FIRST: minimalmodbus.BYTEORDER_BIG,
        LOW_FIRST: minimalmodbus.BYTEORDER_LITTLE_SWAP,
        HIGH_FIRST_SWAP: minimalmodbus.BYTEORDER_BIG_SWAP,
        LOW_FIRST_SWAP: minimalmodbus.BYTEORDER_LITTLE,
    }[order]
    raw = data.draw(st.integers(*LEAST_AND_GREATEST[kind]))
    count = KINDS[kind][1]
    written = minimalmodbus._long_to_bytes(raw, kind in {INT32, INT64}, count, byte_order)
    assert Block([Point("P", kind, order, 0)], count).decode(bytes(written)) == (raw,)


@settings(max_examples=300)
@given(st.data())
def test_what_an_instrument_wrote_is_what_is_read_among_all_kinds_and_orders(data: st.DataObject) -> None:
    points: list[Point] = []
    raws: list[float] = []
    registers = b""
    for _ in range(data.draw(st.integers(1, 8))):
        registers += data.draw(st.binary(max_size=2)) * 2
        point, raw, own = data.draw(written(len(registers) // 2))
        points.append(point)
        raws.append(raw)
        registers += own
    registers += data.draw(st.binary(max_size=2)) * 2
    decoded = Block(points, len(registers) // 2).decode(registers)
    assert list(map(repr, decoded)) == list(map(repr, raws))  # every bit, -0.0 and NaN, int and float


def test_a_block_of_one_order_is_read_like_one_of_many() -> None:
    registers = bytes(range(40))
    for order in ORDERS:
        alone = [Point(f"P{i}", UINT32, order, 2 * i) for i in range(10)]
        among = [*alone[:9], Point("P9", UINT32, ORDERS[order % 4], 18)]
        assert Block(alone, 20).decode(registers)[:9] == Block(among, 20).decode(registers)[:9]


@pytest.mark.parametrize(("kind", "registers"), [(BCD16, "12a4"), (BCD16, "ffff"), (BCD32, "0000000f")])
def test_a_digit_that_is_none_is_no_number_and_a_sensor_failure_in_its_place(
    kind: int, registers: str
) -> None:
    points = [Point("A", UINT16, HIGH_FIRST, 0), Point("B", kind, HIGH_FIRST, 1)]
    block = Block(points, 1 + points[1].width)
    raws = block.decode(bytes.fromhex("0007" + registers))
    assert raws[0] == 7
    assert math.isnan(raws[1])
    assert block.exceptions(raws) == [(1, SENSOR_FAILURE)]


def test_every_16_bit_word_is_a_bcd_number_or_none() -> None:
    numbers = [decimal(word) for word in range(0x10000)]
    assert [number for number in numbers if not math.isnan(number)] == list(range(10000))
    assert numbers[0x1995] == 1995


def test_bit_fields_share_a_register_and_nothing_else_does() -> None:
    low, high = (
        Point("L", BIT, HIGH_FIRST, 3, bits=(0, 0)),
        Point("H", BITS, HIGH_FIRST_SWAP, 3, bits=(12, 15)),
    )
    after = Point("A", FLOAT32, LOW_FIRST, 4)
    block = Block([low, high, after], 6)
    assert block.decode(bytes.fromhex("000000000000" + "a1b1" + "00003fc0")) == (1, 0xB, 1.5)
    with pytest.raises(ValueError, match="U: overlaps"):
        Block([low, Point("U", UINT16, HIGH_FIRST, 3)], 4)
    with pytest.raises(ValueError, match="L: overlaps"):
        Block([Point("U", UINT32, HIGH_FIRST, 2), low], 4)


@given(st.integers(1, 80), st.data())
def test_coils_are_packed_lowest_bit_first(count: int, data: st.DataObject) -> None:
    coils = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    places = sorted(data.draw(st.sets(st.integers(0, count - 1))))
    packed_coils = sum(1 << i for i, on in enumerate(coils) if on).to_bytes((count + 7) // 8, "little")
    block = BitBlock([Point(f"C{i}", BIT, HIGH_FIRST, i) for i in places], count)
    assert block.decode(packed_coils) == tuple(int(coils[i]) for i in places)
    with pytest.raises(ValueError, match=f"{count} coils got"):
        block.decode(packed_coils + b"\x00")


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ([Point("A", UINT16, HIGH_FIRST, 0)], "A: a coil"),
        ([Point("A", BIT, HIGH_FIRST, 1), Point("B", BIT, HIGH_FIRST, 1)], "B: is the point before it"),
        ([Point("A", BIT, HIGH_FIRST, 9)], "A: reaches past the 9 coils"),
    ],
)
def test_a_block_of_coils_refuses_points_that_do_not_fit(points: list[Point], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        BitBlock(points, 9)


def test_values_are_taken_over_and_what_was_not_reported_keeps_its_reason() -> None:
    values = Values([Point(f"V{i}", FLOAT64, HIGH_FIRST, i, low=0.0, high=10.0) for i in range(5)])
    raws = values.decode((5.0, math.nan, math.nan, 10.5, 5.0))
    told = [(1, COMM_FAILURE), (3, UNCERTAIN), (4, UNCERTAIN)]
    assert values.exceptions(raws, told) == [
        (1, COMM_FAILURE),
        (2, SENSOR_FAILURE),
        (3, UNCERTAIN),
        (4, UNCERTAIN),
    ]
    with pytest.raises(ValueError, match="4 values for 5 points"):
        values.decode(raws[:4])


@pytest.mark.parametrize("point", [Point("A", UINT16, HIGH_FIRST, 0), Point("A", FLOAT64, HIGH_FIRST, 1)])
def test_values_are_doubles_in_their_places(point: Point) -> None:
    with pytest.raises(ValueError, match="A: values are FLOAT64"):
        Values([point])


@pytest.mark.parametrize(
    ("registers", "order", "shown"),
    [
        ("4142433132", HIGH_FIRST, "ABC12"),
        ("414243003132", HIGH_FIRST, "ABC"),
        ("4241204331320020", HIGH_FIRST_SWAP, "ABC 21"),
        ("2020414220ffffff", LOW_FIRST, "AB"),
        ("41b04209", HIGH_FIRST, "A?B?"),
        ("", HIGH_FIRST, ""),
    ],
)
def test_registers_of_characters_are_text(registers: str, order: int, shown: str) -> None:
    assert text(bytes.fromhex(registers), order) == shown


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
