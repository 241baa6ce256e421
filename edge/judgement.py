"""What a configuration says about judging points: alarms, bad-data rules, siblings, and which rows to keep.

Which alarms a point has: LL, L, H, HH where limits are given; Q always; RANGE where `range` is given; BLANK
in blocks of registers unless the unit says `blank = "none"`; STALE, STUCK, RATE and SIBLINGS where their keys
are given. Q, RANGE and BLANK wait `bad_after_s` before they are raised, the others have waited already: STALE
for its age, STUCK and SIBLINGS for their time, and an impossible change is over before any delay would be.
All of them clear after `bad_after_s` and have `bad_priority`.
"""

import math
from collections.abc import Sequence

from edge.config_models import LIMIT_NAMES, PointTable, UnitTable
from edge.core import alarm, point
from edge.core.judge import ONES, ZEROS, Judge, Rules
from edge.core.siblings import Kinship
from edge.core.store import Thrift

PRIORITIES = {"L": 2, "H": 2, "LL": 3, "HH": 3}
BLANKS = {"none": 0, "ones": ONES, "zeros": ZEROS, "both": ONES | ZEROS}


def milliseconds(seconds: float) -> int:
    """Give whole milliseconds, never fewer."""
    return math.ceil(seconds * 1000)


def limits(unit: UnitTable, points: Sequence[PointTable], core: point.Points) -> list[alarm.Limit]:
    """Give every alarm of the points of one block, in their order."""
    blank = judge_of(unit, points, core).knows_blank
    return [limit for i, p in enumerate(points) for limit in _limits(i, p, blank=blank)]


def _limits(index: int, p: PointTable, *, blank: bool) -> list[alarm.Limit]:
    found = []
    for name in LIMIT_NAMES:
        limit = p.limits.get(name)
        if limit is not None:
            found.append(
                alarm.Limit(
                    f"{p.key}/{name}",
                    index,
                    name,
                    limit.limit,
                    limit.deadband,
                    milliseconds(limit.on_delay_s),
                    milliseconds(limit.off_delay_s),
                    limit.latch,
                    PRIORITIES[name] if limit.priority is None else limit.priority,
                )
            )
    bad = milliseconds(p.bad_after_s)
    delays = {alarm.QUALITY: bad}
    if p.stale_after_s:
        delays[alarm.STALE] = milliseconds(p.stale_after_s)
    if blank:
        delays[alarm.BLANK] = bad
    if p.range is not None:
        delays[alarm.RANGE] = bad
    if p.max_rate is not None:
        delays[alarm.RATE] = 0
    if p.stuck_after_s:
        delays[alarm.STUCK] = 0
    if p.siblings:
        delays[alarm.SIBLINGS] = 0
    for side, delay in delays.items():
        found.append(
            alarm.Limit(f"{p.key}/{side}", index, side, None, 0.0, delay, bad, False, p.bad_priority)
        )
    return found


def judge_of(unit: UnitTable, points: Sequence[PointTable], core: point.Points) -> Judge:
    """Build what judges the readings of one block."""
    rules = [
        Rules(i, milliseconds(p.stale_after_s), milliseconds(p.stuck_after_s), p.max_rate)
        for i, p in enumerate(points)
    ]
    return Judge(core, rules, BLANKS[unit.blank])


def store_every_ms(unit: UnitTable, points: Sequence[PointTable]) -> int:
    """Give the interval of a block's rows: a row is a poll of all of it, the most demanding point decides."""
    return min((milliseconds(p.store_every_s or unit.store_every_s) for p in points), default=0)


def thrift_of(unit: UnitTable, points: Sequence[PointTable], core: point.Points) -> Thrift:
    """Build what decides about the rows of one block."""
    return Thrift(core, store_every_ms(unit, points), [p.store_deadband for p in points])


def kinships(units: Sequence[UnitTable]) -> list[Kinship]:
    """Give every point that is held against siblings, wherever these are read."""
    period = {p.key: unit.poll_interval_ms for unit in units for p in unit.points}
    return [
        Kinship(
            p.key,
            p.siblings,
            p.siblings_within,
            milliseconds(p.siblings_after_s),
            max(period[key] for key in (p.key, *p.siblings)),
        )
        for unit in units
        for p in unit.points
        if p.siblings and p.siblings_within is not None
    ]
