"""What other rooms ask of telemetry: write history, move alarms, read points and trends within a scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from central.db.errors import NotFoundError
from central.telemetry import history, rules, store, store_history
from central.telemetry.columns import split_by_day
from central.telemetry.models import PointAlarm, PointLimits, PointRange, PointRow
from central.telemetry.store import AlarmMove

if TYPE_CHECKING:
    from central.db.pool import Connection, Database
    from central.telemetry.columns import I32, I64, Rows
    from central.telemetry.latest import LatestValues

alarm_states = store.alarm_states
alarms_of_gateway = store.alarms_of_gateway
move_alarms = store.move_alarms
places_of_points = store.places_of_points
shared_trend = history.shared_trend
trend = history.trend

__all__ = [
    "AlarmMove",
    "History",
    "alarm_states",
    "alarms_of_gateway",
    "move_alarms",
    "places_of_points",
    "point",
    "points",
    "shared_trend",
    "summarise_days",
    "trend",
]


class History:
    """Writes rows into the partition of their day, which is made when it is wanted.

    Args:
        database: partitions are made in a transaction of their own, so that no commit waits for one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._days: set[str] = set()

    async def prepare(self, days: Iterable[int], today: int) -> None:
        """Make the partitions of some days since 1970.

        Args:
            days: that will be written.
            today: days far from it stay in the default partition: no gateway may create silly ones.
        """
        names = {day: store.day_name(day) for day in days if today - rules.PARTITION_DAYS <= day <= today + 2}
        missing = [day for day, name in names.items() if name not in self._days]
        if not missing:
            return
        async with self._database.worker.acquire() as conn:
            for day in missing:
                await store.ensure_day(conn, day)
            self._days = await store.known_days(conn)

    def forget(self) -> None:
        """Look again which partitions there are: one was dropped."""
        self._days = set()

    async def write(self, conn: Connection, rows: Rows, batch: I64, gateway: I32) -> None:
        """COPY rows into their partitions, and tell in which minutes they lie.

        Days must have been prepared, others go to the default partition.

        Args:
            conn: in the transaction of the receipt.
            rows: of any number of batches.
            batch: ledger id of each row.
            gateway: gateway number of each row.
        """
        if not len(rows):
            return
        elsewhere: list[Any] = []
        for day, mask in split_by_day(rows.at_us):
            name = store.day_name(day) if -700_000 < day < 2_900_000 else ""
            if name not in self._days:
                elsewhere.append(np.ones(len(rows), np.bool_) if mask is None else mask)
            elif mask is None:
                await store.copy_rows(conn, name, rows, batch, gateway)
            else:
                await store.copy_rows(conn, name, rows.take(mask), batch[mask], gateway[mask])
        if elsewhere:
            mask = np.logical_or.reduce(elsewhere)
            await store.copy_rows(conn, store.DEFAULT, rows.take(mask), batch[mask], gateway[mask])
        await store_history.mark(conn, rows.at_us, gateway)


async def summarise_days(conn: Connection, days: Iterable[int]) -> None:
    """Tell the block range indexes of some days since 1970 about their new rows."""
    for day in days:
        await store.summarise(conn, day)


async def points(
    conn: Connection,
    latest: LatestValues | None,
    now: datetime,
    *,
    enterprise_id: int | None = None,
    gateway_id: str | None = None,
    after: int = 0,
    limit: int = 50,
) -> tuple[list[PointRow], int | None]:
    """Current points within the reader's scope.

    Args:
        conn: a scoped transaction.
        latest: newest values of this process; without it those of the last flush.
        now: the database's time, for ages.
        enterprise_id: only its points.
        gateway_id: only its points.
        after: the page begins behind this point id.
        limit: of one page.

    Returns:
        (rows, the `after` of the next page or None).
    """
    found = await store.point_rows(conn, after, enterprise_id, gateway_id, limit + 1)
    page = found[:limit]
    alarms = await _alarms(conn, [row["id"] for row in page])
    rows = [_point_row(row, alarms.get(row["id"], []), latest, now) for row in page]
    return rows, page[-1]["id"] if len(found) > limit else None


async def point(conn: Connection, latest: LatestValues | None, now: datetime, point_id: int) -> PointRow:
    """One point within the reader's scope.

    Raises:
        NotFoundError: there is none.
    """
    row = await store.point_row(conn, point_id)
    if row is None:
        raise NotFoundError
    alarms = await _alarms(conn, [point_id])
    return _point_row(row, alarms.get(point_id, []), latest, now)


async def _alarms(conn: Connection, points_: Sequence[int]) -> dict[int, list[PointAlarm]]:
    alarms: dict[int, list[PointAlarm]] = {}
    for row in await store.alarms_of_points(conn, points_):
        alarm = PointAlarm(
            row["alarm"],
            row["side"],
            row["limit_name"],
            row["state"],
            row["since"],
            row["under"],
            row["first_up"],
            row["covered_by"],
            row["covered_why"],
            row["covered_until"],
        )
        alarms.setdefault(row["point_id"], []).append(alarm)
    return alarms


def _limits(row: Any) -> PointLimits:
    return PointLimits(row["limit_ll"], row["limit_l"], row["limit_h"], row["limit_hh"])


def _point_row(row: Any, alarms: list[PointAlarm], latest: LatestValues | None, now: datetime) -> PointRow:
    value, quality, at = row["value"], row["quality"], row["at"]
    newer = latest.get(row["id"]) if latest is not None else None
    if newer is not None and (at is None or (newer.ordinal, newer.seq) >= (row["ordinal"], row["seq"])):
        value, quality, at = newer.value, newer.quality, newer.at
    known = quality is not None
    stored = rules.shown_quality(quality, silent=row["silent"]) if known else 0
    return PointRow(
        id=row["id"],
        key=row["key"],
        name=row["name"],
        quantity=row["quantity"],
        unit=row["unit"],
        enterprise_id=row["enterprise_id"],
        enterprise_name=row["enterprise_name"],
        gateway_id=row["gateway_id"],
        source=row["source"],
        period_s=row["period_ms"] / 1000,
        range=PointRange(row["low"], row["high"]),
        limits=_limits(row),
        value=value,
        quality=stored & 255,
        quality_text=rules.quality_class(stored),
        quality_reason=rules.quality_reason(stored) if known else "尚无数据",
        at=at,
        age_s=None if at is None else max(0.0, (now - at).total_seconds()),
        clock_synchronised=rules.synchronised(stored) if known else True,
        alarms=alarms,
    )
