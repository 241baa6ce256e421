"""Answers with the history of points, from seconds to years, each stretch from the right table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.telemetry import rules, spans, store, store_history
from central.telemetry.models import (
    PointLimits,
    PointTrend,
    RaisedAlarm,
    SharedTrend,
    Trend,
    TrendBucket,
)
from protocol.messages import RAISE

if TYPE_CHECKING:
    from central.db.pool import Connection

MOST_BUCKETS: Final = 2000
MOST_POINTS: Final = 8
MOST_ALARMS: Final = 200
LONGEST_TREND: Final = timedelta(days=3660)


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
    merged: dict[datetime, list[Any]] = {}
    for piece in spans.plan(first, last, level, due):
        for row in await store_history.buckets(conn, point_id, piece, width, origin):
            known = merged.get(row["t"])
            if known is None:
                merged[row["t"]] = [row["min"], row["max"], row["total"], row["count"], row["bad"]]
                continue
            for place, choose in ((0, min), (1, max)):
                known[place] = choose(
                    (v for v in (known[place], row[("min", "max")[place]]) if v is not None), default=None
                )
            known[2] += row["total"]
            known[3] += row["count"]
            known[4] += row["bad"]
    return [
        TrendBucket(t, low, high, total / count if count else None, count, bad)
        for t, (low, high, total, count, bad) in sorted(merged.items())
    ]


def _held_s(row: Any) -> float:
    return float(rules.HELD_PERIODS * row["period_ms"] / 1000)


def _limits(row: Any) -> PointLimits:
    return PointLimits(row["limit_ll"], row["limit_l"], row["limit_h"], row["limit_hh"])
