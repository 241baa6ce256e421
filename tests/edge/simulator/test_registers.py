"""What the simulator puts into registers is what the gateway takes out, for every type and order."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.core import decode, point
from edge.drivers.modbus.settings import Point
from edge.simulator.registers import DECIMALS, FLOATS, INTEGERS, encode, image
from edge.template_file import Fingerprint

KINDS = {
    "int16": decode.INT16,
    "uint16": decode.UINT16,
    "int32": decode.INT32,
    "uint32": decode.UINT32,
    "int64": decode.INT64,
    "uint64": decode.UINT64,
    "float32": decode.FLOAT32,
    "float64": decode.FLOAT64,
    "bcd16": decode.BCD16,
    "bcd32": decode.BCD32,
}
ORDERS = {
    "ABCD": decode.HIGH_FIRST,
    "CDAB": decode.LOW_FIRST,
    "BADC": decode.HIGH_FIRST_SWAP,
    "DCBA": decode.LOW_FIRST_SWAP,
}


def test_all_types_are_covered() -> None:
    assert set(KINDS) == {*INTEGERS, *FLOATS, *DECIMALS}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("kind", KINDS)
@given(share=st.floats(0, 1), single=st.floats(width=32, allow_nan=False, allow_infinity=False))
@settings(max_examples=25, deadline=None)
def test_the_gateway_takes_out_what_was_put_in(kind: str, order: str, share: float, single: float) -> None:
    low, high = INTEGERS.get(kind, ("", 0, 0, 10 ** DECIMALS.get(kind, 4) - 1))[2:]
    raw = single if kind in FLOATS else int(low + (high - low) * share)
    raw = raw if kind in FLOATS else min(high, max(low, raw))
    words = encode(kind, order, raw)
    block = point.Block([point.Point("x", KINDS[kind], ORDERS[order], 0)], len(words))
    assert block.decode(struct.pack(f">{len(words)}H", *words)) == (raw,)


def test_a_number_that_does_not_fit_stops_at_the_end_of_its_type() -> None:
    assert encode("uint16", "ABCD", 70_000) == [0xFFFF]
    assert encode("uint16", "ABCD", -3) == [0]
    assert encode("int16", "ABCD", -40_000) == [0x8000]
    assert encode("bcd16", "ABCD", 12_345) == [0x9999]


def test_bits_of_one_register_share_it_in_every_order() -> None:
    points = {
        "low": Point(key="low", address=4, type="bit", bit=0, order="BADC"),
        "field": Point(key="field", address=4, type="bits", bits=[4, 7], order="BADC"),
        "high": Point(key="high", address=4, type="bit", bit=15, order="BADC"),
    }
    assert image(points, {"low": 1, "field": 9, "high": 1}) == {("holding", 4): 0x9180}


def test_coils_and_inputs_are_single_places() -> None:
    points = {"fan": Point(key="fan", address=3, table="discrete", type="bit")}
    assert image(points, {"fan": 1.0}) == {("discrete", 3): 1}


def test_a_text_fingerprint_is_padded_and_compared_without_its_padding() -> None:
    one = Fingerprint(0, type="text", length=4, equals="XG-2")
    assert one.matches("XG-2\0\0\0\0")
    assert not one.matches("XG-3\0\0\0\0")
