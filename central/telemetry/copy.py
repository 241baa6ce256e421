r"""Rows of `measurement` as the bytes of PostgreSQL's binary COPY, built from columns.

    header   PGCOPY \n \377 \r \n \0, flags, length of extension
    row      int16 7 | at: 8, µs since 2000 | value: 8 or -1 for NULL | batch_id: 8 | gateway: 4 | point_id: 4
             | quality: 2 | record: 2          each field after its int32 length, all big-endian
    trailer  int16 -1

Rows with and without a value have different lengths, so they are two arrays, one after the other.
Source: PostgreSQL, COPY, "Binary Format".
"""

from __future__ import annotations

from typing import Final

import numpy as np

from central.telemetry.columns import I32, I64, Rows

COLUMNS: Final = ("at", "value", "batch_id", "gateway", "point_id", "quality", "record")
HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER: Final = b"\xff\xff"
_SINCE_2000_US: Final = 946_684_800_000_000

_TAIL: Final = [
    ("batch_length", ">i4"),
    ("batch", ">i8"),
    ("gateway_length", ">i4"),
    ("gateway", ">i4"),
    ("point_length", ">i4"),
    ("point", ">i4"),
    ("quality_length", ">i4"),
    ("quality", ">i2"),
    ("record_length", ">i4"),
    ("record", ">i2"),
]
_HEAD: Final = [("fields", ">i2"), ("at_length", ">i4"), ("at", ">i8"), ("value_length", ">i4")]
_WITH_VALUE: Final = np.dtype([*_HEAD, ("value", ">f8"), *_TAIL])
_WITHOUT: Final = np.dtype([*_HEAD, *_TAIL])


def _template(dtype: np.dtype[np.void]) -> np.void:
    row = np.zeros(1, dtype)
    row["fields"] = len(COLUMNS)
    row["at_length"] = 8
    row["value_length"] = 8 if "value" in (dtype.names or ()) else -1
    for name, length in (("batch", 8), ("gateway", 4), ("point", 4), ("quality", 2), ("record", 2)):
        row[name + "_length"] = length
    filled: np.void = row[0]
    return filled


_FULL_ROW: Final = _template(_WITH_VALUE)
_NULL_ROW: Final = _template(_WITHOUT)


def _fill(dtype: np.dtype[np.void], template: np.void, rows: Rows, batch: I64, gateway: I32) -> bytes:
    table = np.empty(len(rows), dtype)
    table[:] = template
    table["at"] = rows.at_us - _SINCE_2000_US
    if dtype is _WITH_VALUE:
        table["value"] = rows.value
    table["batch"] = batch
    table["gateway"] = gateway
    table["point"] = rows.point
    table["quality"] = rows.quality
    table["record"] = rows.record
    return table.tobytes()


def body(rows: Rows, batch: I64, gateway: I32) -> bytes:
    """Build the body of one COPY, header and trailer included.

    Args:
        rows: the values; NaN becomes NULL.
        batch: ledger id of each row.
        gateway: gateway number of each row.
    """
    absent = np.isnan(rows.value)
    if not absent.any():
        return HEADER + _fill(_WITH_VALUE, _FULL_ROW, rows, batch, gateway) + TRAILER
    present = ~absent
    return (
        HEADER
        + _fill(_WITH_VALUE, _FULL_ROW, rows.take(present), batch[present], gateway[present])
        + _fill(_WITHOUT, _NULL_ROW, rows.take(absent), batch[absent], gateway[absent])
        + TRAILER
    )
