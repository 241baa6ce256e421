"""Walks over OPC UA binary: numbers, texts, ids, and DataValues with their Variants (OPC 10000-6, 5.2).

    value = mask | [variant] [status u32] [source time i64] [.. ps u16] [server time i64] [.. ps u16]
    variant = type and flags | scalar, or n i32 and n scalars | [dimensions i32[]]

Little-endian throughout. Every length is checked against what is there before anything is built, so that no
bytes can keep the decoder busy or fill the memory; whatever doesn't come out even is a BadReply.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final

import msgspec

TYPES: Final = (
    "null", "Boolean", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Float",
    "Double", "String", "DateTime", "Guid", "ByteString", "XmlElement", "NodeId", "ExpandedNodeId",
    "StatusCode", "QualifiedName", "LocalizedText", "ExtensionObject", "DataValue", "Variant",
    "DiagnosticInfo",
)  # fmt: skip
NULL: Final = 0
NUMBERS: Final = range(1, 12)
STRING: Final = 12
_CODES: Final = {1: "?", 2: "b", 3: "B", 4: "h", 5: "H", 6: "i", 7: "I", 8: "q", 9: "Q", 10: "f", 11: "d"}
_SCALARS: Final = {kind: struct.Struct("<" + code) for kind, code in _CODES.items()}
_FIXED: Final = {13: 8, 14: 16, 19: 4}  # bytes of a DateTime, Guid, StatusCode
U16, I32, U32, I64, F64 = (struct.Struct(code) for code in ("<H", "<i", "<I", "<q", "<d"))
DEEPEST: Final = 8  # variants in variants; the standard demands 100 of decoders, no measured value needs two
_MOST: Final = 1_000_000  # elements of one array

_EPOCH_MS: Final = 11_644_473_600_000  # from 1601 to 1970 (OPC 10000-6, 5.2.2.5)


class BadReply(Exception):
    """The bytes are no such response; says where they stop making sense."""


class Sample(msgspec.Struct, gc=False):
    """One DataValue: `value` is a number, a text, a tuple of them, or None where the type is neither.

    Times are UTC in milliseconds, None where the server gave none.
    """

    kind: int
    value: Any
    status: int
    source_ms: int | None
    server_ms: int | None
    is_array: bool = False
    dimensions: int = 1

    @property
    def type_name(self) -> str:
        """Name of the OPC UA type."""
        return TYPES[self.kind] if self.kind < len(TYPES) else f"type {self.kind}"


class Reader:
    """Walks over the bytes of one response."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at
        self.end = len(data)

    def take(self, form: struct.Struct) -> Any:
        """Read one number."""
        at = self.at
        self.at = at + form.size
        if self.at > self.end:
            raise BadReply(f"ends inside the number at byte {at}")
        return form.unpack_from(self.data, at)[0]

    def byte(self) -> int:
        at = self.at
        if at >= self.end:
            raise BadReply(f"ends at byte {at}")
        self.at = at + 1
        return self.data[at]

    def skip(self, count: int) -> None:
        if count < 0 or self.at + count > self.end:
            raise BadReply(f"{count} bytes do not fit at byte {self.at}")
        self.at += count

    def text(self) -> bytes | None:
        """Read the bytes of a String or ByteString; None for null."""
        length = self.take(I32)
        if length < 0:
            if length != -1:
                raise BadReply(f"length {length} at byte {self.at - 4}")
            return None
        at = self.at
        self.skip(length)
        return self.data[at : self.at]

    def count(self, least: int) -> int:
        """Read the length of an array whose elements take at least `least` bytes each; null is 0."""
        length: int = self.take(I32)
        if length == -1:
            return 0
        if length < 0 or length > _MOST or length * least > self.end - self.at:
            raise BadReply(f"array of {length} elements does not fit at byte {self.at - 4}")
        return length

    def time(self) -> int | None:
        """Read a DateTime as UTC milliseconds; None where it says "no time"."""
        ticks: int = self.take(I64)
        return None if ticks <= 0 else ticks // 10_000 - _EPOCH_MS


def sample(reader: Reader) -> Sample:
    """Read one DataValue."""
    mask = reader.byte()
    if mask & 0xC0:
        raise BadReply(f"unknown bits in the value's mask 0x{mask:02X} at byte {reader.at - 1}")
    kind, value, is_array, dimensions = NULL, None, False, 1
    if mask & 1:
        kind, value, is_array, dimensions = _variant(reader, 0)
    status: int = reader.take(U32) if mask & 2 else 0
    source = reader.time() if mask & 4 else None
    if mask & 0x10:
        reader.skip(2)
    server = reader.time() if mask & 8 else None
    if mask & 0x20:
        reader.skip(2)
    return Sample(kind, value, status, source, server, is_array, dimensions)


def _variant(reader: Reader, depth: int) -> tuple[int, Any, bool, int]:
    flags = reader.byte()
    kind = flags & 0x3F
    dimensions = 1
    if kind > 31:
        raise BadReply(f"unknown type {kind} at byte {reader.at - 1}")
    if not flags & 0x80:
        if flags & 0x40:
            raise BadReply(f"dimensions without an array at byte {reader.at - 1}")
        form = _SCALARS.get(kind)
        if form is not None:
            return kind, reader.take(form), False, 1
        return kind, _other(reader, kind, depth), False, 1
    value, length = _array(reader, kind, depth)
    if flags & 0x40:
        sizes = [reader.take(I32) for _ in range(reader.count(4))]
        dimensions = len(sizes)
        product = 1
        for size in sizes:
            product *= size
        if product != length and sizes:
            raise BadReply(f"dimensions {sizes} do not fit {length} elements")
    return kind, value, True, dimensions


def _array(reader: Reader, kind: int, depth: int) -> tuple[Any, int]:
    form = _SCALARS.get(kind)
    if form is None:
        length = reader.count(0 if kind == NULL else 1)
        if kind == NULL and length:
            raise BadReply("an array of nulls")
        return tuple(_other(reader, kind, depth) for _ in range(length)), length
    length = reader.count(form.size)
    at = reader.at
    reader.skip(length * form.size)
    return struct.unpack_from(f"<{length}{_CODES[kind]}", reader.data, at), length


def _other(reader: Reader, kind: int, depth: int) -> str | None:
    """Read a value that is no number: the text of a String, None for all else."""
    if depth > DEEPEST:
        raise BadReply("nested too deep")
    if kind in _FIXED:
        reader.skip(_FIXED[kind])
        return None
    if kind == STRING:
        text = reader.text()
        return None if text is None else text.decode("utf-8", "replace")
    if kind in {15, 16} or kind > 25:  # ByteString, XmlElement; unused types are read as ByteString
        reader.text()
    elif kind == 24:
        _variant(reader, depth + 1)
    elif kind == 23:
        _nested_value(reader, depth + 1)
    elif kind in _PARTS:
        _PARTS[kind](reader, depth + 1)
    return None


def _nested_value(reader: Reader, depth: int) -> None:
    mask = reader.byte()
    if mask & 1:
        _variant(reader, depth)
    for bit, size in ((2, 4), (4, 8), (0x10, 2), (8, 8), (0x20, 2)):
        if mask & bit:
            reader.skip(size)


def node_number(reader: Reader, _: int = 0) -> int:
    """Read a NodeId; return its number in namespace 0, or -1."""
    flags = reader.byte()
    kind = flags & 0x3F
    number = -1
    if kind == 0:
        number = reader.byte()
    elif kind == 1:
        namespace = reader.byte()
        number = reader.take(U16)
        number = -1 if namespace else number
    elif kind == 2:
        namespace = reader.take(U16)
        number = reader.take(U32)
        number = -1 if namespace else number
    elif kind in {3, 5}:
        reader.skip(2)
        reader.text()
    elif kind == 4:
        reader.skip(18)
    else:
        raise BadReply(f"unknown form {kind} of a node id at byte {reader.at - 1}")
    if flags & 0x80:
        reader.text()
    if flags & 0x40:
        reader.skip(4)
    return number


def _qualified_name(reader: Reader, _: int) -> None:
    reader.skip(2)
    reader.text()


def _localized_text(reader: Reader, _: int) -> None:
    flags = reader.byte()
    for bit in (1, 2):
        if flags & bit:
            reader.text()


def extension(reader: Reader, _: int = 0) -> tuple[int, bytes]:
    kind = node_number(reader)
    form = reader.byte()
    if form == 0:
        return kind, b""
    if form > 2:
        raise BadReply(f"unknown form {form} of a structure at byte {reader.at - 1}")
    return kind, reader.text() or b""


def diagnostic(reader: Reader, depth: int) -> None:
    if depth > DEEPEST:
        raise BadReply("nested too deep")
    flags = reader.byte()
    if flags & 0x80:
        raise BadReply(f"unknown bits in diagnostics at byte {reader.at - 1}")
    for bit in (1, 2, 8, 4):  # symbolic id, namespace, locale, text: indices
        if flags & bit:
            reader.skip(4)
    if flags & 0x10:
        reader.text()
    if flags & 0x20:
        reader.skip(4)
    if flags & 0x40:
        diagnostic(reader, depth + 1)


_PARTS: Final[dict[int, Callable[[Reader, int], Any]]] = {
    17: node_number,
    18: node_number,
    20: _qualified_name,
    21: _localized_text,
    22: extension,
    25: diagnostic,
}


def diagnostics(reader: Reader) -> None:
    for _ in range(reader.count(1)):
        diagnostic(reader, 0)


def end(reader: Reader) -> None:
    if reader.at != reader.end:
        raise BadReply(f"{reader.end - reader.at} bytes too many")
