r"""One point's rows of one day as few bytes, and back again exactly: every column, every bit.

    body     zlib of: version 1 | rows: u32 | columns, each: kind: u8 | width: u8 | bytes: u32 | content
    kinds    0 as it is · 1 differences · 2 differences of differences, zigzag · 3 bits against those before
             · 4 numbers of a sorted list of different values, which stands before them

The bytes of a column lie by their place in the number, all lowest ones first: zlib finds most in them so.
A value that is none is a NaN of one form; the rows come back in the order in which they were given.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from central.telemetry.columns import F64, I16, I32, I64

VERSION: Final = 1
MOST_ROWS: Final = 20_000
"""Rows of one body: what a trend of seconds has to unpack for a point of one value a second."""
_U64 = npt.NDArray[np.uint64]
_HEAD: Final = struct.Struct("<BI")
_COLUMN: Final = struct.Struct("<BBI")
_PLAIN, _DELTA, _DELTA2, _XOR, _LISTED = range(5)
_NONE_BITS: Final = int(np.array([np.nan]).view(np.uint64)[0])


class DamagedError(ValueError):
    """The bytes are no rows of ours."""


@dataclass(frozen=True, slots=True)
class PointRows:
    """Rows of one point: microseconds of UTC since 1970, value (NaN for none), stored quality, ledger id of
    the batch, gateway number, the record's place in its batch.
    """

    at_us: I64
    value: F64
    quality: I16
    batch: I64
    gateway: I32
    record: I16

    def __len__(self) -> int:
        return len(self.at_us)

    def take(self, which: slice | npt.NDArray[np.bool_]) -> PointRows:
        """Some of the rows."""
        return PointRows(
            self.at_us[which],
            self.value[which],
            self.quality[which],
            self.batch[which],
            self.gateway[which],
            self.record[which],
        )

    def same(self, other: PointRows) -> bool:
        """Whether both are equal to the bit; one value that is none is as good as another."""
        return (
            np.array_equal(self.at_us, other.at_us)
            and np.array_equal(_bits(self.value), _bits(other.value))
            and np.array_equal(self.quality, other.quality)
            and np.array_equal(self.batch, other.batch)
            and np.array_equal(self.gateway, other.gateway)
            and np.array_equal(self.record, other.record)
        )


def pack(rows: PointRows) -> bytes:
    """Rows of one point as bytes."""
    columns = [
        _best(rows.at_us.astype(np.int64)),
        _values(_bits(rows.value)),
        _best(rows.quality.astype(np.int64)),
        _best(rows.batch.astype(np.int64)),
        _best(rows.gateway.astype(np.int64)),
        _best(rows.record.astype(np.int64)),
    ]
    return zlib.compress(_HEAD.pack(VERSION, len(rows)) + b"".join(columns), 6)


def unpack(body: bytes) -> PointRows:
    """The rows that were packed.

    Raises:
        DamagedError: a byte is not as it was written.
    """
    try:
        whole = zlib.decompress(body)
        version, count = _HEAD.unpack_from(whole)
        if version != VERSION:
            raise DamagedError(f"version {version} of packed rows is not known")
        at = _HEAD.size
        columns: list[npt.NDArray[np.int64]] = []
        for _ in range(6):
            kind, width, size = _COLUMN.unpack_from(whole, at)
            at += _COLUMN.size
            columns.append(_column(kind, width, whole[at : at + size], count))
            at += size
    except (zlib.error, struct.error, IndexError, ValueError) as exc:
        raise DamagedError(f"packed rows cannot be read: {exc}") from exc
    if at != len(whole) or any(len(column) != count for column in columns):
        raise DamagedError("packed rows are not as many as they say")
    return PointRows(
        columns[0],
        columns[1].view(np.float64),
        columns[2].astype(np.int16),
        columns[3],
        columns[4].astype(np.int32),
        columns[5].astype(np.int16),
    )


def _bits(value: F64) -> _U64:
    bits = np.ascontiguousarray(value, np.float64).view(np.uint64).copy()
    bits[np.isnan(value)] = _NONE_BITS
    return bits


def _zigzag(numbers: I64) -> _U64:
    return ((numbers << 1) ^ (numbers >> 63)).view(np.uint64)


def _unzigzag(numbers: _U64) -> I64:
    return (numbers >> np.uint64(1)).view(np.int64) ^ -(numbers & np.uint64(1)).view(np.int64)


def _narrow(numbers: _U64) -> tuple[int, bytes]:
    """Bytes a number, and the numbers with their bytes apart by place."""
    top = int(numbers.max()) if len(numbers) else 0
    width = max(1, (top.bit_length() + 7) // 8)
    planes = np.ascontiguousarray(numbers.astype("<u8")).view(np.uint8).reshape(-1, 8)[:, :width]
    return width, planes.T.tobytes()


def _widen(width: int, content: bytes) -> _U64:
    if not 1 <= width <= 8 or len(content) % width:
        raise DamagedError("a column has no such width")
    planes = np.frombuffer(content, np.uint8).reshape(width, -1)
    whole = np.zeros((planes.shape[1], 8), np.uint8)
    whole[:, :width] = planes.T
    return whole.reshape(-1).view("<u8").astype(np.uint64)


def _differences(numbers: I64) -> I64:
    # Of 64 bits without a carry: what overflows comes back the same way.
    return np.diff(numbers, prepend=np.int64(0))


def _sums(numbers: I64) -> I64:
    return np.cumsum(numbers, dtype=np.int64)


def _column_bytes(kind: int, width: int, content: bytes) -> bytes:
    return _COLUMN.pack(kind, width, len(content)) + content


def _smallest(candidates: list[bytes]) -> bytes:
    return min(candidates, key=lambda one: len(zlib.compress(one, 1)))


def _best(numbers: I64) -> bytes:
    once = _differences(numbers)
    return _smallest(
        [
            _column_bytes(_PLAIN, *_narrow(_zigzag(numbers))),
            _column_bytes(_DELTA, *_narrow(_zigzag(once))),
            _column_bytes(_DELTA2, *_narrow(_zigzag(_differences(once)))),
        ]
    )


def _values(bits: _U64) -> bytes:
    before = np.concatenate((np.zeros(1, np.uint64), bits[:-1])) if len(bits) else bits
    candidates = [_column_bytes(_XOR, *_narrow(bits ^ before))]
    known, which = np.unique(bits, return_inverse=True)
    # An instrument has few different numbers: its converter's steps.
    if 0 < len(known) <= max(1, len(bits) // 2):
        listed = known ^ np.concatenate((np.zeros(1, np.uint64), known[:-1]))
        head = _narrow(listed)
        numbers = _narrow(_zigzag(_differences(which.astype(np.int64))))
        content = struct.pack("<IB", len(known), head[0]) + head[1] + numbers[1]
        candidates.append(_column_bytes(_LISTED, numbers[0], content))
    return _smallest(candidates)


def _column(kind: int, width: int, content: bytes, count: int) -> I64:
    if kind == _LISTED:
        known, known_width = struct.unpack_from("<IB", content)
        cut = 5 + known * known_width
        listed = np.bitwise_xor.accumulate(_widen(known_width, content[5:cut]))
        which = _sums(_unzigzag(_widen(width, content[cut:])))
        if len(which) and not 0 <= int(which.min()) <= int(which.max()) < known:
            raise DamagedError("a value is not in its list")
        return np.asarray(listed[which].view(np.int64))
    numbers = _widen(width, content) if count else np.zeros(0, np.uint64)
    if kind == _XOR:
        return np.asarray(np.bitwise_xor.accumulate(numbers).view(np.int64))
    if kind not in (_PLAIN, _DELTA, _DELTA2):
        raise DamagedError(f"a column of kind {kind} is not known")
    plain = _unzigzag(numbers)
    for _ in range(kind):
        plain = _sums(plain)
    return plain
