"""What registers hold, by type and byte order: one number at a time."""

import math
from collections.abc import Sequence
from typing import Final

from edge.core import decode

KINDS: Final = {
    "int16": decode.INT16,
    "uint16": decode.UINT16,
    "int32": decode.INT32,
    "uint32": decode.UINT32,
    "float32": decode.FLOAT32,
    "int64": decode.INT64,
    "uint64": decode.UINT64,
    "float64": decode.FLOAT64,
    "bcd16": decode.BCD16,
    "bcd32": decode.BCD32,
}
ORDERS: Final = {
    "ABCD": decode.HIGH_FIRST,
    "CDAB": decode.LOW_FIRST,
    "BADC": decode.HIGH_FIRST_SWAP,
    "DCBA": decode.LOW_FIRST_SWAP,
}


def width(kind: str) -> int:
    """Return how many registers a number of this type takes; of bits and fields one."""
    return decode.KINDS[KINDS[kind]][1] if kind in KINDS else 1


def data_of(words: Sequence[int]) -> bytes:
    """Return registers as they stand on the wire."""
    return b"".join(word.to_bytes(2, "big") for word in words)


def number(kind: str, order: str, words: Sequence[int]) -> float:
    """Return the number that `words` hold; NaN where they hold none."""
    place = decode.Place(KINDS[kind], ORDERS[order], 0)
    return decode.Registers([place], place.width).read(data_of(words[: place.width]))[0]


def text(order: str, words: Sequence[int]) -> str:
    """Return the characters that `words` hold."""
    return decode.text(data_of(words), ORDERS[order])


def is_number(value: float) -> bool:
    """Say whether it is neither NaN nor infinite."""
    return math.isfinite(value)
