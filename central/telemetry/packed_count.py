"""Counts what is packed, batch by batch, for the audit of sequence: from the bodies themselves.

Keeps law-never-lose 14: a packed day is proven as its rows were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from central.telemetry import packing, store_history

if TYPE_CHECKING:
    from central.db.pool import Connection

_TOGETHER: Final = 50


@dataclass(slots=True)
class PackedBatch:
    """Packed rows of one batch: its gateway, how many rows, how many different ones by record and
    point, and which records, a bit each.
    """

    gateway: int
    stored: int = 0
    different: int = 0
    records: int = 0


async def packed_batches(conn: Connection) -> dict[int, PackedBatch]:
    """Everything that is packed, by the ledger id of its batch; unpacks all of it.

    Args:
        conn: in the transaction in whose snapshot the rest is counted.

    Raises:
        DamagedError: a body cannot be read.
    """
    found: dict[int, PackedBatch] = {}
    of: tuple[object, object] | None = None
    held: list[packing.PointRows] = []
    async for row in store_history.every_packed(conn, _TOGETHER):
        if of is not None and of != (row["point_id"], row["day"]):
            _count(found, held)
            held = []
        of = (row["point_id"], row["day"])
        held.append(packing.unpack(row["body"]))
    if held:
        _count(found, held)
    return found


def _count(found: dict[int, PackedBatch], bodies: list[packing.PointRows]) -> None:
    """Add the bodies of one point and day; a row that is in two of them is one that is stored twice."""
    batch = np.concatenate([rows.batch for rows in bodies])
    gateway = np.concatenate([rows.gateway for rows in bodies])
    record = np.concatenate([rows.record for rows in bodies]).astype(np.int64) & 0xFFFF
    order = np.lexsort((record, batch))
    batch, gateway, record = batch[order], gateway[order], record[order]
    starts = np.flatnonzero(np.diff(batch, prepend=batch[0] - 1))
    for lo, hi in zip(starts.tolist(), [*starts[1:].tolist(), len(batch)], strict=True):
        one = found.setdefault(int(batch[lo]), PackedBatch(int(gateway[lo])))
        records = set(record[lo:hi].tolist())
        one.stored += hi - lo
        one.different += len(records)
        for number in records:
            one.records |= 1 << number
