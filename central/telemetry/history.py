"""Answers with the history of points, from seconds to years, each stretch from the right table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.telemetry import packing, rules, spans, store, store_history
from central.telemetry.models import (
    PointLimits,
    PointTrend,
    RaisedAlarm,
    SharedTrend,
    Trend,
    TrendBucket,
)
from protocol import quality
from protocol.messages import RAISE

if TYPE_CHECKING:
    from central.db.pool import Connection

MOST_BUCKETS: Final = 2000
MOST_POINTS: Final = 8
MOST_ALARMS: Final = 200
LONGEST_TREND: Final = timedelta(days=3660)
MOST_SUMMED: Final = 1e290  # as in the named queries: one absurd number overflows no sum


async def trend(conn: Connection, point_id: int, begin: datetime, end: datetime, buckets: int) -> Trend:
    """One point's history in about `buckets` buckets; peaks never disappear, since each has min and max.

    Buckets of a minute and more begin at round times of Asia/Shanghai: the first may begin before `begin`,
    and there may be one more than asked for.

    Raises:
        NotFoundError: no such point within the scope.
        DomainError: the time span is empty or too long, or the number of buckets absurd.
    """
    width = _width(begin, end, buckets, [])
    row = await store.point_row(conn, point_id)
    if row is None:
        raise NotFoundError
    return Trend(
        point_id=point_id,
        from_=begin,
        to=end,
        bucket_s=width.total_seconds(),
        held_s=_held_s(row),
        buckets=await _buckets(conn, point_id, begin, end, width),
        limits=_limits(row),
    )


async def shared_trend(
    conn: Connection, points: Sequence[int], begin: datetime, end: datetime, buckets: int
) -> SharedTrend:
    """Several points' histories over the same buckets, with the alarms that began there.

    Raises:
        NotFoundError: one of the points is not within the scope.
        DomainError: as with `trend`, or no point or too many.
    """
    wanted = list(dict.fromkeys(points))
    problems = []
    if not 1 <= len(wanted) <= MOST_POINTS:
        problems.append(FieldProblem("point_id", "测点个数超出范围", f"1 到 {MOST_POINTS} 个测点"))
    width = _width(begin, end, buckets, problems)
    items = []
    for point_id in wanted:
        row = await store.point_row(conn, point_id)
        if row is None:
            raise NotFoundError
        items.append(
            PointTrend(
                point_id=point_id,
                key=row["key"],
                name=row["name"],
                unit=row["unit"],
                quantity=row["quantity"],
                enterprise_id=row["enterprise_id"],
                enterprise_name=row["enterprise_name"],
                held_s=_held_s(row),
                limits=_limits(row),
                buckets=await _buckets(conn, point_id, begin, end, width),
            )
        )
    raised = await store_history.raised_at_points(conn, wanted, begin, end, RAISE, MOST_ALARMS + 1)
    return SharedTrend(
        from_=begin,
        to=end,
        bucket_s=width.total_seconds(),
        items=items,
        alarms=[
            RaisedAlarm(r["point_id"], r["at"], r["alarm"], r["limit_name"], r["side"], r["value"])
            for r in raised[:MOST_ALARMS]
        ],
        more_alarms=len(raised) > MOST_ALARMS,
    )


def _width(begin: datetime, end: datetime, buckets: int, problems: list[FieldProblem]) -> timedelta:
    """Length of a bucket.

    Raises:
        DomainError: with every field that is wrong.
    """
    if not timedelta(0) < end - begin <= LONGEST_TREND:
        problems.append(FieldProblem("from", "时间范围为空或过长", "from 应早于 to，且不超过十年"))
    if not 1 <= buckets <= MOST_BUCKETS:
        problems.append(FieldProblem("buckets", "分段数超出范围", f"1 到 {MOST_BUCKETS}"))
    if problems:
        raise DomainError("bad-trend", "趋势查询条件有误。", 400, problems)
    return timedelta(seconds=rules.bucket_seconds((end - begin).total_seconds(), buckets))


async def _buckets(
    conn: Connection, point_id: int, begin: datetime, end: datetime, width: timedelta
) -> list[TrendBucket]:
    """Buckets of one point; a bucket to which several pieces belong is one."""
    level = spans.level_for(width)
    if level == spans.ROWS:
        origin, first, last = begin, begin, end
    else:
        # Whole units at both ends: a bucket that is cut would look like a quiet one.
        origin, first, last = spans.ORIGIN, spans.down(begin, width), spans.up(end, spans.UNITS[spans.MINUTE])
    due = [] if level == spans.ROWS else await store_history.due_of_point(conn, point_id, first, last)
    merged: dict[datetime, _Sum] = {}
    for piece in spans.plan(first, last, level, due):
        for row in await store_history.buckets(conn, point_id, piece, width, origin):
            if row["t"] is None:
                for t, part in _of_packed(row["body"], piece, width, origin):
                    merged.setdefault(t, _Sum()).add(part)
            else:
                part = _Sum(row["min"], row["max"], row["total"], row["count"], row["bad"])
                merged.setdefault(row["t"], _Sum()).add(part)
    return [
        TrendBucket(t, s.low, s.high, s.total / s.count if s.count else None, s.count, s.bad)
        for t, s in sorted(merged.items())
    ]


@dataclass(slots=True)
class _Sum:
    """What of a bucket is known so far."""

    low: float | None = None
    high: float | None = None
    total: float = 0.0
    count: int = 0
    bad: int = 0

    def add(self, other: _Sum) -> None:
        """Take in another part of the same bucket."""
        lows = [v for v in (self.low, other.low) if v is not None]
        highs = [v for v in (self.high, other.high) if v is not None]
        self.low, self.high = min(lows, default=None), max(highs, default=None)
        self.total += other.total
        self.count += other.count
        self.bad += other.bad


def _of_packed(
    body: bytes, piece: spans.Piece, width: timedelta, origin: datetime
) -> list[tuple[datetime, _Sum]]:
    """Buckets of packed rows, as the database makes them of rows."""
    rows = store_history.within(packing.unpack(body), piece.begin, piece.end)
    width_us, origin_us = width // timedelta(microseconds=1), spans.microseconds(origin)
    places = (rows.at_us - origin_us) // width_us
    good = (rows.quality & quality.CLASS_MASK) == quality.GOOD
    found = []
    for place in np.unique(places).tolist():
        here = places == place
        values = rows.value[here & good]
        known = values[~np.isnan(values)]
        part = _Sum(count=len(values), bad=int(here.sum()) - len(values))
        if len(known):
            part.low, part.high = float(known.min()), float(known.max())
            part.total = float(np.clip(known, -MOST_SUMMED, MOST_SUMMED).sum())
        found.append((spans.moment(origin_us + place * width_us), part))
    return found


def _held_s(row: Any) -> float:
    return float(rules.HELD_PERIODS * row["period_ms"] / 1000)


def _limits(row: Any) -> PointLimits:
    return PointLimits(row["limit_ll"], row["limit_l"], row["limit_h"], row["limit_hh"])
