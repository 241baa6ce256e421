"""What a configuration says of alarms that hang on other points, and of the kinds besides LL, L, H and HH.

limits.ROC = { limit = 2.0, window_s = 30, direction = "up" }      faster than 2 units a second
limits.DEV = { limit = 5.0, setpoint = "SP-101" }                  5 units from a setpoint; or a number
limits.ON  = { priority = 3 }                                      while the bit is 1; OFF while it is 0
suppressed_by = "PUMP-1/OFF"                                       while that alarm is in alarm
suppressed_by = "FLOW-1 < 5"                                       while that value is so
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Final

from edge.config_models import OTHER_ALARMS, Config, Limit, PointTable, UnitTable
from edge.core import alarm
from edge.core.links import COMPARISONS, IN_ALARM, SETPOINT, Link
from edge.strict import Problems

PRIORITIES: Final = {"L": 2, "H": 2, "LL": 3, "HH": 3, "ROC": 2, "DEV": 2, "ON": 2, "OFF": 2}
DIRECTIONS: Final = {"both": 0, "up": 1, "down": -1}
_COMPARISON: Final = re.compile(
    r"\s*([A-Za-z0-9][A-Za-z0-9_.-]*)\s*(<=|>=|!=|<|>|=)\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*"
)


def process_alarm(index: int, p: PointTable, name: str, limit: Limit, group: str) -> alarm.Limit:
    """Give one process alarm of a point whose configuration passed its checks."""
    setpoint = limit.setpoint if isinstance(limit.setpoint, float | int) else None
    return alarm.Limit(
        f"{p.key}/{name}",
        index,
        name,
        alarm.HALF if name in {"ON", "OFF"} else limit.limit,
        limit.deadband,
        math.ceil(limit.on_delay_s * 1000),
        math.ceil(limit.off_delay_s * 1000),
        limit.latch,
        PRIORITIES[name] if limit.priority is None else limit.priority,
        setpoint if name == "DEV" else None,
        math.ceil(limit.window_s * 1000) if name == "ROC" else 0,
        DIRECTIONS[limit.direction],
        group,
    )


def condition(which: str, text: str) -> Link:
    """Read a `suppressed_by`.

    Args:
        which: alarm id that it suppresses.
        text: "KEY/SIDE", an alarm; or "KEY < NUMBER", a comparison.

    Raises:
        ValueError: it is neither.
    """
    found = _COMPARISON.fullmatch(text)
    if found:
        return Link(which, found[1], found[2], float(found[3]))
    if "/" in text:
        return Link(which, text.strip(), IN_ALARM)
    raise ValueError(f"{text!r} is neither an alarm nor a comparison")


def links(units: Sequence[UnitTable]) -> list[Link]:
    """Give everything that hangs on another point, of a configuration that passed its checks."""
    found = []
    for unit in units:
        for p in unit.points:
            for name, limit in p.limits.items():
                which = f"{p.key}/{name}"
                if limit.suppressed_by or p.suppressed_by:
                    found.append(condition(which, limit.suppressed_by or p.suppressed_by))
                if name == "DEV" and isinstance(limit.setpoint, str):
                    found.append(Link(which, limit.setpoint, SETPOINT))
    return found


def check(config: Config, problems: Problems) -> None:
    """Note every contradiction; each with its place and remedy."""
    points = {p.key: p for bus in config.buses for unit in bus.units for p in unit.points}
    alarms = {f"{key}/{name}" for key, p in points.items() for name in p.limits}
    alarms |= {f"{key}/Q" for key in points}
    hangs: dict[str, str] = {}
    for place, unit, p in _points(config):
        for name, limit in p.limits.items():
            where = f"{place}.limits.{name}"
            _check_kind(unit, p, name, limit, where, points, problems)
            text = limit.suppressed_by or p.suppressed_by
            if text:
                at = f"{where if limit.suppressed_by else place}.suppressed_by"
                _check_condition(f"{p.key}/{name}", text, at, points, alarms, hangs, problems)


def _points(config: Config) -> Iterator[tuple[str, UnitTable, PointTable]]:
    for b, bus in enumerate(config.buses):
        for u, unit in enumerate(bus.units):
            for i, p in enumerate(unit.points):
                yield f"$.buses[{b}].units[{u}].points[{i}]", unit, p


def _check_kind(
    unit: UnitTable,
    p: PointTable,
    name: str,
    limit: Limit,
    where: str,
    points: dict[str, PointTable],
    problems: Problems,
) -> None:
    if limit.setpoint is not None and name != "DEV":
        problems.add(f"{where}.setpoint", f"{name} has none", "only limits.DEV compares with a setpoint")
    if name not in OTHER_ALARMS:
        return
    if name in {"ON", "OFF"}:
        if limit.limit is not None or limit.deadband:
            problems.add(f"{where}.limit", f"{name} has no limit", f"write limits.{name} = {{}}")
        return
    if limit.limit is None or not math.isfinite(limit.limit) or not limit.limit > limit.deadband:
        problems.add(
            f"{where}.limit", "it must be above 0 and above its deadband", f"write limits.{name}.limit = ..."
        )
    if name == "ROC" and limit.window_s * 1000 < 2 * unit.poll_interval_ms:
        problems.add(
            f"{where}.window_s",
            f"{limit.window_s:g} s hold fewer than 2 polls",
            f"use {2 * unit.poll_interval_ms / 1000:g} or more",
        )
    if name == "DEV":
        if limit.setpoint is None:
            problems.add(
                f"{where}.setpoint", "missing", "give a number, or the key of the point that tells it"
            )
        elif isinstance(limit.setpoint, str):
            other = points.get(limit.setpoint)
            if other is None or other is p:
                problems.add(
                    f"{where}.setpoint", f"no other point {limit.setpoint!r}", "use a point of this file"
                )
            elif other.unit != p.unit:
                problems.add(
                    f"{where}.setpoint",
                    f"{other.key} is in {other.unit or 'no unit'}, {p.key} in {p.unit or 'no unit'}",
                    "scale both to one unit",
                )
        elif not math.isfinite(limit.setpoint):
            problems.add(f"{where}.setpoint", "is no number", "use a finite number, in the point's unit")


def _check_condition(
    which: str,
    text: str,
    place: str,
    points: dict[str, PointTable],
    alarms: set[str],
    hangs: dict[str, str],
    problems: Problems,
) -> None:
    remedy = f'write "KEY/SIDE" or "KEY < 5" ({" ".join(COMPARISONS)})'
    try:
        link = condition(which, text)
    except ValueError as exc:
        problems.add(place, str(exc), remedy)
        return
    if link.how == IN_ALARM:
        if link.source == which:
            problems.add(place, "the alarm would suppress itself", "name another one")
        elif link.source not in alarms:
            problems.add(
                place, f"no alarm {link.source!r}", "name a point of this file and one of its limits"
            )
        hangs[which] = link.source
        seen = which
        for _ in hangs:
            seen = hangs.get(seen, "")
            if seen == which and link.source != which:
                problems.add(place, "alarms suppress each other in a ring", "let one of them stand by itself")
                break
    elif link.source not in points:
        problems.add(place, f"no point {link.source!r}", remedy)
