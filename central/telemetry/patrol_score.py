"""The score of an enterprise and day, and what each lost point was lost for: pure.

A day's score is 100 less what its points lost: each point is worth 100/n, and loses the weight of a check
for the share of the day in which the check was not passed. While its gateway was not heard a point loses for
that alone; what several checks take together is never more than the point is worth. So the losses add up to
what is missing to 100, and each names its finding or its gateway.

The run state of the monitoring system (EDGE-21) in three declared figures, each a share of the day so far:

    stability      time of all points without a stuck, out of range or fluctuating value
    reliability    time of all points in which their gateway was heard and they were not silent or too rare
    effectiveness  good values among all that came
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from central.telemetry.patrol_rules import CONNECTION, RANGE, RARE, STALE, STUCK, SWING

_OF_VALUES: Final = frozenset({STUCK, RANGE, SWING})
_OF_ARRIVAL: Final = frozenset({STALE, RARE})

Span = tuple[datetime, datetime]


class Held(Struct, frozen=True):
    """A check that a point did not pass in a stretch; `end` None: it still does not."""

    finding_id: int
    point_id: int
    gateway_id: str
    code: str
    since: datetime
    end: datetime | None


class Away(Struct, frozen=True):
    """A gateway was not heard in a stretch."""

    gateway_id: str
    since: datetime
    end: datetime | None


class Loss(Struct, frozen=True):
    """What was lost, for how long and for which finding; without one for the gateway's `points`."""

    code: str
    gateway_id: str
    finding_id: int | None
    since: datetime
    held_s: float
    points: int
    lost: float


class DayScore(Struct, frozen=True):
    """A day's figures, and the losses, the greatest first."""

    score: float
    stability: float
    reliability: float
    effectiveness: float | None
    losses: list[Loss]


def reckon(
    day: Span,
    points: dict[int, str],
    held: list[Held],
    away: list[Away],
    weights: dict[str, float],
    values_good: int,
    values_all: int,
) -> DayScore:
    """A day of one enterprise.

    Args:
        day: its begin and end; of today the end is now.
        points: gateway of each point that counts.
        held: findings; those of other points count nothing.
        away: absences of gateways.
        weights: share of a point that a check takes.
        values_good: good values of the day.
        values_all: all values of it.
    """
    begin, end = day
    length = (end - begin).total_seconds()
    if not points or length <= 0:
        return DayScore(100.0, 1.0, 1.0, None, [])
    worth = 100.0 / len(points)
    losses: list[Loss] = []
    absent: dict[str, list[Span]] = {}
    away_share: dict[str, float] = {}
    unheard = 0.0
    for gateway in sorted(set(points.values())):
        spans = _merged([cut for a in away if a.gateway_id == gateway and (cut := _cut(a.since, a.end, day))])
        absent[gateway] = spans
        share = away_share[gateway] = _length(spans) / length
        if share:
            many = sum(1 for of in points.values() if of == gateway)
            unheard += share * many
            lost = worth * many * share * weights.get(CONNECTION, 0.0)
            losses.append(Loss(CONNECTION, gateway, None, spans[0][0], _length(spans), many, lost))
    by_point: dict[int, list[tuple[Held, float]]] = {}
    unsteady = late = 0.0
    for point, of_point in _by_point(held, points).items():
        gaps = absent[points[point]]
        kept: list[tuple[Held, float, list[Span]]] = []
        for one in of_point:
            cut = _cut(one.since, one.end, day)
            spans = _without([cut], gaps) if cut else []
            if spans:
                kept.append((one, _length(spans), spans))
        by_point[point] = [(one, seconds) for one, seconds, _ in kept]
        unsteady += _length(_merged([s for one, _, spans in kept if one.code in _OF_VALUES for s in spans]))
        late += _length(_merged([s for one, _, spans in kept if one.code in _OF_ARRIVAL for s in spans]))
    for point, findings in by_point.items():
        taken = [weights.get(one.code, 0.0) * seconds / length for one, seconds in findings]
        most = 1.0 - away_share[points[point]] * weights.get(CONNECTION, 0.0)
        fit = min(1.0, most / sum(taken)) if sum(taken) > 0 else 0.0
        for (one, seconds), share in zip(findings, taken, strict=True):
            since = max(one.since, begin)
            losses.append(
                Loss(one.code, one.gateway_id, one.finding_id, since, seconds, 1, worth * share * fit)
            )
    losses.sort(key=lambda loss: -loss.lost)
    whole = length * len(points)
    return DayScore(
        score=min(100.0, max(0.0, 100.0 - sum(loss.lost for loss in losses))),
        stability=max(0.0, 1.0 - unsteady / whole),
        reliability=max(0.0, 1.0 - unheard / len(points) - late / whole),
        effectiveness=values_good / values_all if values_all else None,
        losses=losses,
    )


def grade(share: float | None, good_from: float, fair_from: float) -> str:
    """A figure in a word: good, fair, poor; empty where there is none."""
    if share is None:
        return ""
    if share >= good_from:
        return "good"
    return "fair" if share >= fair_from else "poor"


def _by_point(held: list[Held], points: dict[int, str]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = {}
    for one in held:
        if one.point_id in points:
            found.setdefault(one.point_id, []).append(one)
    return found


def _cut(since: datetime, end: datetime | None, day: Span) -> Span | None:
    lo, hi = max(since, day[0]), min(end or day[1], day[1])
    return (lo, hi) if lo < hi else None


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for lo, hi in sorted(spans):
        if merged and lo <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], hi))
        else:
            merged.append((lo, hi))
    return merged


def _without(spans: list[Span], gaps: list[Span]) -> list[Span]:
    """What of some spans lies outside of some merged gaps."""
    left = spans
    for gap_lo, gap_hi in gaps:
        next_left: list[Span] = []
        for lo, hi in left:
            if gap_hi <= lo or gap_lo >= hi:
                next_left.append((lo, hi))
                continue
            if lo < gap_lo:
                next_left.append((lo, gap_lo))
            if gap_hi < hi:
                next_left.append((gap_hi, hi))
        left = next_left
    return left


def _length(spans: list[Span]) -> float:
    return sum((hi - lo).total_seconds() for lo, hi in spans)
