"""Writes and reads MessagePack, byte for byte as `protocol.codec` does: what a frame of the leaf is made of.

Source: the MessagePack specification (github.com/msgpack/msgpack, spec.md). A structure with names is written
from a `Fields`, since MicroPython's dicts keep no order; it is read as a dict. Extension types are none of
ours and are refused. Runs on MicroPython as it is.
"""

import struct

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_DEEPEST = 16


class Fields:
    """A map in a stated order."""

    __slots__ = ("pairs",)

    def __init__(self, *pairs: "tuple[Any, Any]") -> None:
        """Take (name, value), in the order in which they are written."""
        self.pairs = pairs


class Raw:
    """Bytes that are MessagePack already."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        """Take them as they are."""
        self.data = data


def _head(small: int, most: int, codes: "Sequence[int]", size: int) -> bytes:
    """Write a length: in the first byte up to `most`, else behind the code for 1, 2 or 4 bytes."""
    if size <= most:
        return bytes((small | size,))
    for code, width in zip(codes, (1, 2, 4)):
        if code and size < 1 << 8 * width:
            return bytes((code,)) + size.to_bytes(width, "big")
    raise ValueError("%d is too long for MessagePack" % size)


def _integer(value: int) -> bytes:
    if 0 <= value < 128:
        return bytes((value,))
    if -32 <= value < 0:
        return bytes((256 + value,))
    for i, width in enumerate((1, 2, 4, 8)):
        if value >= 0:
            if value < 1 << 8 * width:
                return bytes((0xCC + i,)) + value.to_bytes(width, "big")
        elif value >= -1 << 8 * width - 1:
            return bytes((0xD0 + i,)) + (value + (1 << 8 * width)).to_bytes(width, "big")
    raise ValueError("%d has more than 64 bits" % value)


def _write(value: "Any", out: bytearray) -> None:
    if value is None:
        out.append(0xC0)
    elif value is False or value is True:
        out.append(0xC3 if value else 0xC2)
    elif isinstance(value, int):
        out.extend(_integer(value))
    elif isinstance(value, float):
        out.append(0xCB)
        out.extend(struct.pack(">d", value))
    elif isinstance(value, str):
        text = value.encode()
        out.extend(_head(0xA0, 31, (0xD9, 0xDA, 0xDB), len(text)))
        out.extend(text)
    elif isinstance(value, (bytes, bytearray)):
        out.extend(_head(0, -1, (0xC4, 0xC5, 0xC6), len(value)))
        out.extend(value)
    elif isinstance(value, (list, tuple)):
        out.extend(_head(0x90, 15, (0, 0xDC, 0xDD), len(value)))
        for one in value:
            _write(one, out)
    elif isinstance(value, Fields):
        out.extend(_head(0x80, 15, (0, 0xDE, 0xDF), len(value.pairs)))
        for name, one in value.pairs:
            _write(name, out)
            _write(one, out)
    else:
        out.extend(value.data)  # Raw


def pack(value: "Any") -> bytes:
    """Write None, bool, int, float, str, bytes, lists and tuples of these, Fields and Raw.

    Raises:
        ValueError: an integer of more than 64 bits.
    """
    out = bytearray()
    _write(value, out)
    return bytes(out)


_SIZED = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4, 0xDC: 2, 0xDD: 4, 0xDE: 2, 0xDF: 4}


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def take(self, size: int) -> bytes:
        start = self.place
        self.place = start + size
        if self.place > len(self.data):
            raise ValueError("the MessagePack ends too early")
        return self.data[start : self.place]

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), "big")

    def value(self, depth: int) -> "Any":
        if depth > _DEEPEST:
            raise ValueError("the MessagePack is nested too deep")
        code = self.number(1)
        if code < 0x80:
            return code
        if code >= 0xE0:
            return code - 256
        if 0xCC <= code <= 0xCF:
            return self.number(1 << code - 0xCC)
        if 0xD0 <= code <= 0xD3:
            width = 1 << code - 0xD0
            value = self.number(width)
            return value - (1 << 8 * width) if value >> 8 * width - 1 else value
        if code in (0xC0, 0xC2, 0xC3):
            return None if code == 0xC0 else code == 0xC3
        if code in (0xCA, 0xCB):
            return struct.unpack(">f" if code == 0xCA else ">d", self.take(4 if code == 0xCA else 8))[0]
        size = self.number(_SIZED[code]) if code in _SIZED else code & (31 if code >= 0xA0 else 15)
        if 0xC4 <= code <= 0xC6:
            return self.take(size)
        if 0xA0 <= code < 0xC0 or 0xD9 <= code <= 0xDB:
            return self.take(size).decode()
        if 0x90 <= code < 0xA0 or code in (0xDC, 0xDD):
            return [self.value(depth + 1) for _ in range(size)]
        if code < 0x90 or code in (0xDE, 0xDF):
            found = {}
            for _ in range(size):
                name = self.value(depth + 1)  # MicroPython's comprehensions take the value first
                found[name] = self.value(depth + 1)
            return found
        raise ValueError("MessagePack code %d: none of ours" % code)


def unpack(data: bytes) -> "Any":
    """Read one value: lists, dicts, bytes, texts, numbers, True, False, None.

    Raises:
        ValueError: it is no MessagePack, ends too early or goes on behind its end.
    """
    reader = _Reader(data)
    try:
        value = reader.value(0)
    except (TypeError, UnicodeError) as fault:  # a key that is a list; a text that is none
        raise ValueError("no MessagePack: %s" % fault)
    if reader.place != len(data):
        raise ValueError("%d bytes too many behind the MessagePack" % (len(data) - reader.place))
    return value
