"""Puts raw numbers into Modbus registers: every type and byte order that a template may name.

order   16 bits   32 bits      64 bits                A is the most significant byte
ABCD    A B       A B  C D     A B  C D  E F  G H
CDAB    A B       C D  A B     G H  E F  C D  A B
BADC    B A       B A  D C     B A  D C  F E  H G
DCBA    B A       D C  B A     H G  F E  D C  B A
"""

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from edge.template_file import Fingerprint

# type -> (struct code, registers, least, greatest)
INTEGERS: Final = {
    "int16": ("h", 1, -0x8000, 0x7FFF),
    "uint16": ("H", 1, 0, 0xFFFF),
    "int32": ("i", 2, -0x8000_0000, 0x7FFF_FFFF),
    "uint32": ("I", 2, 0, 0xFFFF_FFFF),
    "int64": ("q", 4, -0x8000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF),
    "uint64": ("Q", 4, 0, 0xFFFF_FFFF_FFFF_FFFF),
}
FLOATS: Final = {"float32": "f", "float64": "d"}
DECIMALS: Final = {"bcd16": 4, "bcd32": 8}

Image = dict[tuple[str, int], int]
"""Words of registers and bits of coils and inputs, by (table, address)."""


class ModbusPoint(Protocol):
    """What a point of the Modbus family is to this room."""

    @property
    def table(self) -> str: ...
    @property
    def address(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def order(self) -> str: ...


def encode(kind: str, order: str, raw: float) -> list[int]:
    """Return the words of a raw number; one that does not fit stops at the end of its type.

    Args:
        kind: int16 to uint64, float32, float64, bcd16, bcd32.
        order: "ABCD", "CDAB", "BADC" or "DCBA".
        raw: the number as the instrument names it; integers are rounded.
    """
    if kind in DECIMALS:
        digits = DECIMALS[kind]
        data = bytes.fromhex(f"{whole(raw, 0, 10**digits - 1):0{digits}d}")
    elif kind in FLOATS:
        try:
            data = struct.pack(f">{FLOATS[kind]}", raw)
        except OverflowError:
            data = struct.pack(f">{FLOATS[kind]}", math.copysign(math.inf, raw))
    else:
        code, _, least, greatest = INTEGERS[kind]
        data = struct.pack(f">{code}", whole(raw, least, greatest))
    return ordered(data, order)


def whole(raw: float, least: int, greatest: int) -> int:
    """Round to what a type can hold; what is no number shows as its greatest."""
    if not least < raw < greatest:
        return least if raw <= least else greatest
    return round(raw)


def ordered(data: bytes, order: str) -> list[int]:
    """Return big-endian `data` as registers in a byte and word order."""
    words = [data[i : i + 2] for i in range(0, len(data), 2)]
    if order in {"CDAB", "DCBA"}:
        words.reverse()
    swap = order in {"BADC", "DCBA"}
    return [int.from_bytes(word, "little" if swap else "big") for word in words]


def ordered_back(words: Sequence[int], order: str) -> list[int]:
    """Return registers as big-endian words; turning an order round twice gives the first again."""
    data = b"".join(word.to_bytes(2, "big") for word in words)
    return ordered(data, order)


def image(points: Mapping[str, ModbusPoint], raws: Mapping[str, float]) -> Image:
    """Return the registers and bits that show `raws` (by point id); fields of one register share it."""
    words: Image = {}
    for name, point in points.items():
        raw = raws[name]
        if point.table in {"coil", "discrete"}:
            words[point.table, point.address] = whole(raw, 0, 1)
        elif point.type in {"bit", "bits"}:
            low, high = _field(point)
            mask = (1 << (high - low + 1)) - 1
            field = whole(raw, 0, mask) << low
            # The bits are counted in the register as it is meant, so its order comes last.
            word = ordered_back([words.get((point.table, point.address), 0)], point.order)[0] | field
            words[point.table, point.address] = ordered_back([word], point.order)[0]
        else:
            for i, word in enumerate(encode(point.type, point.order, raw)):
                words[point.table, point.address + i] = word
    return words


def fingerprint_image(prints: Sequence[Fingerprint]) -> Image:
    """Return the registers that a fingerprint wants to find."""
    words: Image = {}
    for one in prints:
        if isinstance(one.equals, str):
            text = one.equals.encode("ascii").ljust(2 * one.width, b"\0")
            values = ordered(text, "ABCD")
        else:
            wanted = one.equals if one.equals is not None else sum(one.between or (0.0,)) / 2
            if one.table in {"coil", "discrete"}:
                values = [int(wanted != 0)]
            else:
                values = encode(one.type, one.order, wanted)
        for i, word in enumerate(values):
            words[one.table, one.address + i] = word
    return words


def _field(point: ModbusPoint) -> tuple[int, int]:
    bits: Sequence[int] | None = getattr(point, "bits", None)
    if point.type == "bits" and bits:
        return bits[0], bits[1]
    bit = int(getattr(point, "bit", 0) or 0)
    return bit, bit
