"""What is wrong with the stored values of a point, told from its newest value and its hours: pure.

    check    found when                                                      nobody can say while
    stale    no value of any quality for so many periods, and so long        its gateway is away, far behind;
                                                                             we ourselves were away
    stuck    one value through all hours, the process moves more, it is      hours are missing
             not at rest, and one step of the instrument does not hide it
    range    a good value of the last hour outside the reasonable range      that hour has no good value
    swing    in each of the last hours it moved by more than its share       hours are missing
    rare     fewer values came than were to come                             its gateway or we were away, or
                                                                             data are on their way

"Nobody can say" leaves a finding as it is: an absence of a gateway is its connection's, ours is nobody's
(law-warning: no flood after a restart). Silence counts only while its gateway was heard and we looked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil, isclose
from typing import Final

from msgspec import Struct

STALE: Final = "stale"
STUCK: Final = "stuck"
RANGE: Final = "range"
SWING: Final = "swing"
RARE: Final = "rare"
CONNECTION: Final = "connection"
CHECKS: Final = (STALE, STUCK, RANGE, SWING, RARE)

FOUND: Final = "found"
WELL: Final = "well"
UNKNOWN: Final = "unknown"

_HOUR_S: Final = 3600.0
_LEAST_EXPECTED: Final = 2.0  # of one value to come nobody can say that half is missing


class Rule(Struct, frozen=True, kw_only=True):
    """What is asked of a point's values; see the table `patrol_rule`. None asks nothing."""

    id: int
    region: str = ""
    quantity: str | None = None
    unit: str | None = None
    version: int = 1
    stale_periods: float | None = None
    stale_s: int = 900
    stuck_h: int | None = None
    moves_share: float = 0.0
    rest_share: float = 0.0
    ranged: bool = True
    low: float | None = None
    high: float | None = None
    swing_share: float | None = None
    swing_h: int = 3
    rare_share: float | None = None
    rare_h: int = 3


class Pace(Struct, frozen=True, kw_only=True):
    """How the round goes; see the table `patrol_pace`."""

    every_s: int
    enterprises: int
    cover_share: float
    backlog: int
    away_s: int


class Point(Struct, frozen=True, kw_only=True):
    """A point as it stands: how often it speaks, its range, its newest value, its gateway.

    `newest_at`: its newest value. `silent_since`: that, or when its gateway or we ourselves began to listen
    again after it. `runs`: its enterprise produces; who is stopped stands still.
    """

    id: int
    period_s: float
    low: float | None
    high: float | None
    newest_at: datetime | None
    silent_since: datetime
    present: bool
    backlog: int
    runs: bool


class Hours(Struct, frozen=True, kw_only=True):
    """What the hours of a point's windows hold, each window ending at the last full hour.

    Attributes:
        flat_n: hours with good values among those of the stuck window, with `flat_low` and `flat_high`.
        flat_from: the first of them.
        last_n: of the last hour the number of good values, with `low` and `high`.
        swing_n: hours with good values among those of the swing window; `swings`: those that moved too much.
        swing_most: the widest of them.
        rare_count: values of any quality in the window of those too rare.
    """

    flat_n: int = 0
    flat_from: datetime | None = None
    flat_low: float | None = None
    flat_high: float | None = None
    last_n: int = 0
    low: float | None = None
    high: float | None = None
    swing_n: int = 0
    swings: int = 0
    swing_most: float | None = None
    rare_count: int = 0


class Verdict(Struct, frozen=True, kw_only=True):
    """What a check says of a point: FOUND since when and with which figures, WELL, or UNKNOWN."""

    state: str
    since: datetime | None = None
    value: float | None = None
    limit: float | None = None


_WELL: Final = Verdict(state=WELL)
_UNKNOWN: Final = Verdict(state=UNKNOWN)


def rule_for(rules: list[Rule], place: str, quantity: str, unit: str) -> Rule | None:
    """The rule that counts for a quantity at a place; None where none is in force.

    Args:
        rules: those that are valid now.
        place: of the point.
        quantity: as its gateway names it.
        unit: as its gateway names it.
    """
    fitting = [
        rule
        for rule in rules
        if place.startswith(rule.region) and rule.quantity in {None, quantity} and rule.unit in {None, unit}
    ]
    return max(
        fitting,
        key=lambda r: (r.quantity is not None, r.unit is not None, len(r.region), r.version),
        default=None,
    )


def listening_since(
    looked_at: datetime | None, awake_since: datetime | None, now: datetime, away_s: float
) -> datetime:
    """Since when we listen without a break: who was away longer than `away_s` begins again now."""
    if looked_at is None or awake_since is None or now - looked_at > timedelta(seconds=away_s):
        return now
    return awake_since


def span_of(rule: Rule, point: Point) -> float | None:
    """The width of a point's reasonable range; None where nobody gave one."""
    low, high = range_of(rule, point)
    return high - low if low is not None and high is not None and high > low else None


def range_of(rule: Rule, point: Point) -> tuple[float | None, float | None]:
    """The reasonable range: that of the rule, else that of the instrument, side by side."""
    return (
        rule.low if rule.low is not None else point.low,
        rule.high if rule.high is not None else point.high,
    )


def step_of(scale: float, offset: float, values: list[float]) -> float:
    """One step of an instrument as far as its values show it: 0 where they lie between the steps.

    A whole raw number times `scale` plus `offset` is what a gateway stores; an instrument that sends floating
    numbers has the same scale, but its values do not lie on steps.
    """
    if not scale or not values:
        return 0.0
    size = abs(scale)
    on_steps = all(isclose(raw := (v - offset) / size, round(raw), abs_tol=1e-6) for v in values)
    return size if on_steps else 0.0


def judge(
    rule: Rule,
    point: Point,
    hours: Hours,
    now: datetime,
    until: datetime,
    cover_share: float,
    most_backlog: int,
    *,
    away: bool,
    unreckoned: bool,
    step: float = 0.0,
) -> dict[str, Verdict]:
    """Every check of a point.

    Args:
        rule: what is asked.
        point: as it stands.
        hours: what its hours hold.
        now: the database's time.
        until: the end of the last full hour.
        cover_share: so much of a window's hours must hold values.
        most_backlog: so many batches may its gateway still have to send.
        away: its gateway was not heard for a part of the window.
        unreckoned: some of its hours are still to be reckoned.
        step: one step of its instrument, in its unit; 0 when that is fine or unknown.
    """
    stale = _stale(rule, point, now, most_backlog)
    return {
        STALE: stale,
        STUCK: _stuck(rule, point, hours, cover_share, step),
        RANGE: _range(rule, point, hours, until),
        SWING: _swing(rule, point, hours, until, cover_share),
        RARE: _rare(rule, point, hours, until, stale, most_backlog, away=away or unreckoned),
    }


def _stale(rule: Rule, point: Point, now: datetime, most_backlog: int) -> Verdict:
    if rule.stale_periods is None:
        return _WELL
    limit_s = max(float(rule.stale_s), rule.stale_periods * point.period_s)
    if point.newest_at is not None and (now - point.newest_at).total_seconds() <= limit_s:
        return _WELL
    silent_s = (now - point.silent_since).total_seconds()
    if silent_s <= limit_s or not point.present or point.backlog > most_backlog:
        return _UNKNOWN
    return Verdict(state=FOUND, since=point.silent_since, value=silent_s, limit=limit_s)


def flat(rule: Rule, hours: Hours, cover_share: float) -> bool:
    """Whether a point kept one value through its whole window: the only ones whose step matters."""
    return (
        rule.stuck_h is not None
        and hours.flat_n >= ceil(rule.stuck_h * cover_share)
        and hours.flat_low is not None
        and hours.flat_low == hours.flat_high
    )


def _stuck(rule: Rule, point: Point, hours: Hours, cover_share: float, step: float) -> Verdict:
    if rule.stuck_h is None or not point.runs:
        return _WELL
    if hours.flat_low != hours.flat_high:
        return _WELL
    if not flat(rule, hours, cover_share) or hours.flat_low is None:
        return _UNKNOWN
    low, _ = range_of(rule, point)
    span = span_of(rule, point)
    if span is not None:
        rests = low is not None and hours.flat_low - low <= rule.rest_share * span
        if rests or step > rule.moves_share * span:
            return _WELL
    elif step > 0 or not hours.flat_low:
        return (
            _WELL  # without a range nobody knows how much it should move, nor where it rests: 0 is its rest
        )
    return Verdict(state=FOUND, since=hours.flat_from, value=hours.flat_low, limit=float(rule.stuck_h))


def _range(rule: Rule, point: Point, hours: Hours, until: datetime) -> Verdict:
    if not rule.ranged:
        return _WELL
    if not hours.last_n or hours.low is None or hours.high is None:
        return _UNKNOWN
    low, high = range_of(rule, point)
    since = until - timedelta(hours=1)
    if high is not None and hours.high > high:
        return Verdict(state=FOUND, since=since, value=hours.high, limit=high)
    if low is not None and hours.low < low:
        return Verdict(state=FOUND, since=since, value=hours.low, limit=low)
    return _WELL


def _swing(rule: Rule, point: Point, hours: Hours, until: datetime, cover_share: float) -> Verdict:
    span = span_of(rule, point)
    if rule.swing_share is None or span is None:
        return _WELL
    if hours.swings < hours.swing_n:
        return _WELL  # one calm hour is enough
    if hours.swing_n < ceil(rule.swing_h * cover_share):
        return _UNKNOWN
    return Verdict(
        state=FOUND,
        since=until - timedelta(hours=rule.swing_h),
        value=hours.swing_most,
        limit=rule.swing_share * span,
    )


def _rare(
    rule: Rule, point: Point, hours: Hours, until: datetime, stale: Verdict, most_backlog: int, *, away: bool
) -> Verdict:
    if rule.rare_share is None:
        return _WELL
    expected = rule.rare_h * _HOUR_S / point.period_s if point.period_s > 0 else 0.0
    if hours.rare_count >= rule.rare_share * expected:
        return _WELL
    if stale.state == FOUND:
        return _WELL  # what is silent is called that, and only that
    since = until - timedelta(hours=rule.rare_h)
    heard_only_since = point.silent_since > until and hours.rare_count == 0
    if away or not point.present or point.backlog > most_backlog or heard_only_since:
        return _UNKNOWN
    if expected < _LEAST_EXPECTED or hours.rare_count == 0:
        return _UNKNOWN
    return Verdict(state=FOUND, since=since, value=float(hours.rare_count), limit=rule.rare_share * expected)
