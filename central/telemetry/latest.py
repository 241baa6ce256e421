"""The newest value of every point, in the memory of this process, filled by commits and by live frames.

Keeps law-never-lose 17: a value is replaced only by one further on in (order of the epoch, sequence number).
Columns are indexed by point id, so that a poll of fifty points is a handful of numpy operations. Flushed
every half minute and refilled at a start; an upsert in the receipt's transaction would halve the ingest
(measured).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from central.telemetry import store
from central.telemetry.rules import EPOCH, to_ms

if TYPE_CHECKING:
    import numpy.typing as npt

    from central.db.pool import Connection
    from central.telemetry.columns import Newest

_FIRST_SIZE: Final = 1024
_MARGIN: Final = timedelta(minutes=5)  # flushes happen far more often than this
_OLDEST: Final = timedelta(days=2)


class LatestValue(msgspec.Struct, frozen=True):
    """The newest value of a point; `quality` as stored (OPC byte, plus 256 when the centre dated it)."""

    point_id: int
    value: float | None
    quality: int
    at: datetime
    received_at: datetime
    ordinal: int
    seq: int


class LatestValues:
    """Newest values by point id; one an ingest process, shared with its routes."""

    def __init__(self) -> None:
        self._at = np.zeros(0, np.int64)
        self._value = np.zeros(0, np.float64)
        self._quality = np.zeros(0, np.int16)
        self._ordinal = np.zeros(0, np.int32)
        self._seq = np.zeros(0, np.int64)
        self._received = np.zeros(0, np.int64)
        self._unflushed = np.zeros(0, np.bool_)
        self._unpublished = np.zeros(0, np.bool_)

    def _grow(self, point: int) -> None:
        have = len(self._at)
        if point < have:
            return
        more = max(_FIRST_SIZE, have * 2, point + 1) - have
        for name in (
            "_at",
            "_value",
            "_quality",
            "_ordinal",
            "_seq",
            "_received",
            "_unflushed",
            "_unpublished",
        ):
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.zeros(more, column.dtype)]))

    def take(self, newest: Newest, first: int, ordinal: int, received_us: int) -> bool:
        """Take the youngest polls of a batch.

        Args:
            newest: their values; `record` counts from `first`; each point at most once.
            first: first sequence number of the batch.
            ordinal: place of its epoch among the gateway's, from 1.
            received_us: the centre's receive time, microseconds since 1970.

        Returns:
            Whether any point moved forward.
        """
        points, value, quality, at = newest.points, newest.value, newest.quality, newest.at_us
        if not len(points):
            return False
        seq = newest.record + first
        self._grow(int(points.max()))
        known = self._ordinal[points]
        forward = (known < ordinal) | ((known == ordinal) & (self._seq[points] < seq))
        if not forward.all():
            if not forward.any():
                return False
            points, value, quality = points[forward], value[forward], quality[forward]
            at, seq = at[forward], seq[forward]
        self._value[points] = value
        self._quality[points] = quality
        self._at[points] = at
        self._ordinal[points] = ordinal
        self._seq[points] = seq
        self._received[points] = received_us
        self._unflushed[points] = True
        self._unpublished[points] = True
        return True

    def get(self, point: int) -> LatestValue | None:
        """The newest value of a point, None when this process knows none."""
        if not 0 <= point < len(self._at) or not self._ordinal[point]:
            return None
        value = float(self._value[point])
        return LatestValue(
            point,
            None if np.isnan(value) else value,
            int(self._quality[point]),
            EPOCH + timedelta(microseconds=int(self._at[point])),
            EPOCH + timedelta(microseconds=int(self._received[point])),
            int(self._ordinal[point]),
            int(self._seq[point]),
        )

    def changed(self) -> list[tuple[int, float | None, int, int]]:
        """What moved since the last call: (point, value, stored quality, microseconds since 1970)."""
        which = np.flatnonzero(self._unpublished)
        self._unpublished[which] = False
        values = self._value[which]
        known: list[float | None] = values.tolist()
        for gone in np.flatnonzero(np.isnan(values)).tolist():
            known[gone] = None
        return list(
            zip(which.tolist(), known, self._quality[which].tolist(), self._at[which].tolist(), strict=True)
        )

    def forget_changes(self) -> None:
        """Nobody listens: what moved until now is told to nobody."""
        self._unpublished[:] = False

    async def flush(self, conn: Connection) -> int:
        """Write what moved since the last flush; returns how many points that were."""
        which = np.flatnonzero(self._unflushed)
        if not len(which):
            return 0
        self._unflushed[which] = False
        try:
            await store.keep_latest(conn, *self._columns(which))
        except BaseException:
            self._unflushed[which] = True
            raise
        return len(which)

    def _columns(
        self, which: npt.NDArray[np.intp]
    ) -> tuple[
        list[int], list[datetime], list[float | None], list[int], list[int], list[int], list[datetime]
    ]:
        return (
            which.tolist(),
            [EPOCH + timedelta(microseconds=us) for us in self._at[which].tolist()],
            [None if v != v else v for v in self._value[which].tolist()],  # noqa: PLR0124 - NaN
            self._quality[which].tolist(),
            self._ordinal[which].tolist(),
            self._seq[which].tolist(),
            [EPOCH + timedelta(microseconds=us) for us in self._received[which].tolist()],
        )

    async def refill(self, conn: Connection, now: datetime) -> int:
        """Fill an empty memory from the last flush and from batches that it may have missed.

        Args:
            conn: a worker's connection.
            now: the database's time.
        """
        rows = await store.all_latest(conn)
        last = max((row["received_at"] for row in rows), default=now - _OLDEST)
        rows += await store.newer_than_flushed(conn, last - _MARGIN, now - _OLDEST)
        for row in rows:
            self._put(row["point_id"], row["at"], row["value"], row["quality"], row["ordinal"], row["seq"],
                      row["received_at"])  # fmt: skip
        return len(rows)

    def _put(
        self,
        point: int,
        at: datetime,
        value: float | None,
        quality: int,
        ordinal: int,
        seq: int,
        received: datetime,
    ) -> None:
        self._grow(point)
        if (int(self._ordinal[point]), int(self._seq[point])) >= (ordinal, seq):
            return
        self._at[point] = to_ms(at) * 1000
        self._value[point] = np.nan if value is None else value
        self._quality[point] = quality
        self._ordinal[point] = ordinal
        self._seq[point] = seq
        self._received[point] = (received - EPOCH) // timedelta(microseconds=1)
