"""What a configuration says about judging points: alarms, bad-data rules, siblings, and which rows to keep.

Which alarms a point has: LL, L, H, HH, ROC, DEV, ON, OFF where limits are given; Q always; RANGE where
`range` is given; BLANK in blocks of registers unless the unit says `blank = "none"`; STALE, STUCK, RATE and
SIBLINGS where their keys are given. Q, RANGE and BLANK wait `bad_after_s` before they are raised, the others
have waited already: STALE for its age, STUCK and SIBLINGS for their time, and an impossible change is over
before any delay would be. All of them clear after `bad_after_s` and have `bad_priority`.
"""

import math
from collections.abc import Sequence

from edge import config_alarms
from edge.config_models import LIMIT_NAMES, OTHER_ALARMS, Config, PointTable, UnitTable
from edge.core import alarm, point
from edge.core.judge import ONES, ZEROS, Judge, Rules
from edge.core.siblings import Kinship
from edge.core.store import Thrift
from edge.strict import Problems

FEWEST_POLLS = 2  # one lost reply is no fault
BLANKS = {"none": 0, "ones": ONES, "zeros": ZEROS, "both": ONES | ZEROS}


def milliseconds(seconds: float) -> int:
    """Give whole milliseconds, never fewer."""
    return math.ceil(seconds * 1000)


def limits(unit: UnitTable, points: Sequence[PointTable], core: point.Points) -> list[alarm.Limit]:
    """Give every alarm of the points of one block, in their order."""
    blank = judge_of(unit, points, core).knows_blank
    return [
        limit for i, p in enumerate(points) for limit in _limits(i, p, p.first_up or unit.first_up, blank)
    ]


def _limits(index: int, p: PointTable, group: str, blank: bool) -> list[alarm.Limit]:
    found = []
    for name in LIMIT_NAMES + OTHER_ALARMS:
        limit = p.limits.get(name)
        if limit is not None:
            found.append(config_alarms.process_alarm(index, p, name, limit, group))
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
    """Build what decides about the rows of one block.

    Polls come a little early or late: a row is due from half a poll before its time on, or every other one of
    a block that is polled as seldom as it is stored would be missed.
    """
    every = store_every_ms(unit, points)
    due = max(1, every - unit.poll_interval_ms // 2) if every else 0
    return Thrift(core, due, [p.store_deadband for p in points])


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


def check(config: Config, problems: Problems) -> None:
    """Note what the keys of judging cannot mean together; every problem with its place and remedy."""
    where = {p.key: p for bus in config.buses for unit in bus.units for p in unit.points}
    for b, bus in enumerate(config.buses):
        for u, unit in enumerate(bus.units):
            for i, p in enumerate(unit.points):
                place = f"$.buses[{b}].units[{u}].points[{i}]"
                _check_times(unit, p, place, problems)
                _check_siblings(p, where, place, problems)
                _check_store(unit, p, place, problems)


def _check_times(unit: UnitTable, p: PointTable, place: str, problems: Problems) -> None:
    least = FEWEST_POLLS * unit.poll_interval_ms / 1000
    for name, seconds in (("stale_after_s", p.stale_after_s), ("stuck_after_s", p.stuck_after_s)):
        if not math.isfinite(seconds) or 0 < seconds <= least:
            problems.add(
                f"{place}.{name}",
                f"{seconds:g} s is no longer than {FEWEST_POLLS} polls",
                f"use more than {least:g}, or 0 to leave this unjudged",
            )
    if p.max_rate is not None and not math.isfinite(p.max_rate):
        problems.add(
            f"{place}.max_rate", f"{p.max_rate} is no rate", "use a finite number, in unit per second"
        )


def _check_siblings(p: PointTable, where: dict[str, PointTable], place: str, problems: Problems) -> None:
    for s, key in enumerate(p.siblings):
        other = where.get(key)
        if key == p.key or key in p.siblings[:s]:
            problems.add(
                f"{place}.siblings[{s}]", f"{key} is the point itself, or twice there", "name other points"
            )
        elif other is None:
            problems.add(f"{place}.siblings[{s}]", f"no point {key!r}", "use the key of a point of this file")
        elif other.unit != p.unit:
            problems.add(
                f"{place}.siblings[{s}]",
                f"{key} is in {other.unit or 'no unit'}, {p.key} in {p.unit or 'no unit'}",
                "scale both to one unit; only like values can be compared",
            )
    if bool(p.siblings) != (p.siblings_within is not None):
        given, lacking = ("siblings", "siblings_within") if p.siblings else ("siblings_within", "siblings")
        problems.add(f"{place}.{lacking}", f"missing beside {given}", "give both, or neither")
    if p.siblings_within is not None and not math.isfinite(p.siblings_within):
        problems.add(f"{place}.siblings_within", "is no number", "use the greatest difference that is none")


def _check_store(unit: UnitTable, p: PointTable, place: str, problems: Problems) -> None:
    if not math.isfinite(p.store_deadband):
        problems.add(f"{place}.store_deadband", "is no number", "use a finite number, in the point's unit")
    elif p.store_deadband and not (p.store_every_s or unit.store_every_s):
        problems.add(
            f"{place}.store_deadband",
            "has no effect: every reading is stored",
            "give store_every_s too, here or at the unit, for example 60",
        )
