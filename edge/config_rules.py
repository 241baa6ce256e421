"""What must hold between the keys of a configuration, beyond what the type of each can say."""

import itertools
import math
from collections.abc import Iterator

from edge import config_alarms, judgement
from edge.config_models import (
    LIMIT_NAMES,
    AnnouncerTable,
    Annunciator,
    Button,
    Coil,
    Config,
    Gpio,
    Limit,
    OutputTable,
    PointTable,
    SounderTest,
    UnitTable,
)
from edge.drivers.families import FAMILIES, family
from edge.outputs import switch_rules
from edge.outputs.hold_rules import held_coil, held_pin
from edge.strict import Problems

WITH_RELAYS = [kind for kind, name in FAMILIES.items() if name == "modbus"]


def check(config: Config, problems: Problems) -> None:
    """Note every contradiction in a configuration whose single keys are in order."""
    if not config.buses:
        problems.add("$.buses", "empty", "describe at least one bus with [[buses]]")
    _unique(((f"$.buses[{b}].name", bus.name) for b, bus in enumerate(config.buses)), "bus name", problems)
    _unique(_unit_keys(config), "unit key", problems)
    _unique(_point_keys(config), "point key", problems)
    _unique(_ways(config), "connection", problems)
    names = [annunciator.name for annunciator in config.annunciators]
    _unique(((f"$.annunciators[{i}].name", name) for i, name in enumerate(names)), "annunciator", problems)
    relays = {
        (part.bus, part.unit)
        for a in config.annunciators
        for _, part in _parts(a)
        if isinstance(part, Coil | Button)
    }
    relays |= {(switch.bus, switch.unit) for switch in config.outputs}
    for b, bus in enumerate(config.buses):
        family(bus.kind).check(bus, f"$.buses[{b}]", problems)
        for u, unit in enumerate(bus.units):
            place = f"$.buses[{b}].units[{u}]"
            if not unit.points and (bus.name, getattr(unit, "unit", None)) not in relays:
                problems.add(f"{place}.points", "empty", "name a template, or write [[buses.units.points]]")
            for p, point in enumerate(unit.points):
                _point(point, f"{place}.points[{p}]", problems)
            _annunciator_of(unit, names, place, problems)
    judgement.check(config, problems)
    config_alarms.check(config, problems)
    _outputs(config, problems)
    switch_rules.check(config, WITH_RELAYS, problems)
    _page(config, problems)


def _unique(named: Iterator[tuple[str, str]], what: str, problems: Problems) -> None:
    first: dict[str, str] = {}
    for place, name in named:
        if name in first:
            problems.add(
                place, f"{what} {name!r} is used twice", f"give it another one; {first[name]} has it too"
            )
        first.setdefault(name, place)


def _unit_keys(config: Config) -> Iterator[tuple[str, str]]:
    for b, bus in enumerate(config.buses):
        for u, unit in enumerate(bus.units):
            yield f"$.buses[{b}].units[{u}].key", unit.key


def _point_keys(config: Config) -> Iterator[tuple[str, str]]:
    for b, bus in enumerate(config.buses):
        for u, unit in enumerate(bus.units):
            for p, point in enumerate(unit.points):
                yield f"$.buses[{b}].units[{u}].points[{p}].key", point.key


def _ways(config: Config) -> Iterator[tuple[str, str]]:
    """Two tasks on one line would talk into each other; two connections to one host are two conversations."""
    for b, bus in enumerate(config.buses):
        way = family(bus.kind).way(bus)
        if way is not None:
            yield f"$.buses[{b}].{way[0]}", way[1]
    for a, annunciator in enumerate(config.annunciators):
        for i, announcer in enumerate(annunciator.announcers):
            device = getattr(announcer, "device", None)
            if device is not None:
                yield f"$.annunciators[{a}].announcers[{i}].device", device


def _point(point: PointTable, place: str, problems: Problems) -> None:
    if not math.isfinite(point.scale) or point.scale == 0:
        problems.add(f"{place}.scale", f"{point.scale} gives no value", "use a finite number other than 0")
    if not math.isfinite(point.offset):
        problems.add(f"{place}.offset", f"{point.offset} gives no value", "use a finite number")
    _polynomial(point, f"{place}.polynomial", problems)
    low, high = point.range if point.range is not None else (-math.inf, math.inf)
    if point.range is not None and not (math.isfinite(low) and math.isfinite(high) and low < high):
        problems.add(f"{place}.range", f"[{low}, {high}] is empty", "write [lowest, highest]")
        return
    _limits(point, low, high, place, problems)


def _polynomial(point: PointTable, place: str, problems: Problems) -> None:
    if not point.polynomial:
        return
    if point.scale != 1 or point.offset != 0:
        problems.add(place, "stands beside scale or offset", "put both into it: [offset, scale, c2, ...]")
    if not all(math.isfinite(coefficient) for coefficient in point.polynomial):
        problems.add(place, "has a coefficient that is no number", "use finite numbers")
    elif not any(point.polynomial[1:]):
        problems.add(
            place,
            "gives the same value for every raw number",
            "write [c0, c1, c2, ...]: value = c0 + c1 * raw + c2 * raw * raw ...",
        )


def _limits(point: PointTable, low: float, high: float, place: str, problems: Problems) -> None:
    present: list[tuple[str, Limit, float]] = []
    for name in LIMIT_NAMES:
        own = point.limits.get(name)
        if own is not None and own.limit is None:
            problems.add(
                f"{place}.limits.{name}.limit", "missing", f"write limits.{name} = {{ limit = ... }}"
            )
        elif own is not None and own.limit is not None:
            present.append((name, own, own.limit))
    for name, limit, value in present:
        where = f"{place}.limits.{name}"
        if not math.isfinite(value) or not math.isfinite(limit.deadband):
            problems.add(where, "limit and deadband must be finite", "write plain numbers")
            return
        if not low <= value <= high:
            problems.add(
                f"{where}.limit",
                f"{value:g} {point.unit} is outside the range {low:g} to {high:g}".replace("  ", " "),
                "the instrument could never show it; correct the limit or the range",
            )
        cleared_at = value - limit.deadband if name in {"H", "HH"} else value + limit.deadband
        if (name in {"H", "HH"} and cleared_at <= low) or (name in {"L", "LL"} and cleared_at >= high):
            problems.add(
                f"{where}.deadband",
                f"the alarm clears only beyond {cleared_at:g}, outside the range",
                "make the deadband smaller",
            )
    for (lower_name, _, lower), (upper_name, _, upper) in itertools.pairwise(present):
        crossing = lower_name in {"L", "LL"} and upper_name in {"H", "HH"}
        if lower > upper or (crossing and lower == upper):
            problems.add(
                f"{place}.limits.{upper_name}.limit",
                f"{upper:g} is not above {lower_name} = {lower:g}",
                "keep LL ≤ L < H ≤ HH",
            )


def _annunciator_of(unit: UnitTable, names: list[str], place: str, problems: Problems) -> None:
    if unit.annunciator and unit.annunciator not in names:
        problems.add(
            f"{place}.annunciator",
            f"no annunciator {unit.annunciator!r}",
            f"use one of {', '.join(names)}" if names else "describe it with [[annunciators]]",
        )
    elif not unit.annunciator and unit.points and len(names) > 1:
        problems.add(f"{place}.annunciator", "missing", f"there are several: choose {' or '.join(names)}")


def _parts(annunciator: Annunciator) -> Iterator[tuple[str, OutputTable | Button]]:
    for name, part in (
        ("horn", annunciator.horn),
        ("beacon", annunciator.beacon),
        ("button", annunciator.button),
    ):
        if part is not None:
            yield name, part


def _outputs(config: Config, problems: Problems) -> None:
    buses = {bus.name: bus for bus in config.buses}
    taken: dict[tuple[object, ...], str] = {}
    for a, annunciator in enumerate(config.annunciators):
        if annunciator.horn is None and annunciator.beacon is None:
            problems.add(f"$.annunciators[{a}]", "neither horn nor beacon", "give it at least one")
        for name, part in _parts(annunciator):
            place = f"$.annunciators[{a}].{name}"
            if isinstance(part, Coil | Button):
                if part.bus not in buses:
                    problems.add(f"{place}.bus", f"no bus {part.bus!r}", f"use one of {', '.join(buses)}")
                elif buses[part.bus].kind not in WITH_RELAYS:
                    kind = buses[part.bus].kind
                    problems.add(f"{place}.bus", f"a {kind} bus has no relays", "name a Modbus bus")
            if isinstance(part, Coil):
                other = taken.setdefault((part.bus, part.unit, part.coil), place)
                if other != place:
                    problems.add(f"{place}.coil", f"coil {part.coil} is driven by {other} too", "use another")
                held_coil(part, annunciator, config, place, problems)
            elif isinstance(part, Gpio):
                other = taken.setdefault((part.gpio, part.line), place)
                if other != place:
                    problems.add(f"{place}.line", f"line {part.line} is driven by {other} too", "use another")
                held_pin(part, annunciator, place, problems)
        _sounder_test(annunciator.test, f"$.annunciators[{a}].test", config, problems)
        names = [announcer.name for announcer in annunciator.announcers]
        for i, announcer in enumerate(annunciator.announcers):
            place = f"$.annunciators[{a}].announcers[{i}]"
            if names.index(announcer.name) != i or announcer.name in {"horn", "beacon", "button"}:
                problems.add(f"{place}.name", f"{announcer.name!r} is taken", "give it a name of its own")
            _fields(announcer, place, problems)


def _sounder_test(test: SounderTest | None, place: str, config: Config, problems: Problems) -> None:
    if test is None:
        return
    if (test.heard_by is None) != (test.rise is None):
        problems.add(place, "heard_by and rise belong together", 'write heard_by = "MIC-1", rise = 10')
    if test.heard_by is not None and test.heard_by not in {key for _, key in _point_keys(config)}:
        problems.add(f"{place}.heard_by", f"no point {test.heard_by!r}", "name a point of this gateway")


def _fields(announcer: AnnouncerTable, place: str, problems: Problems) -> None:
    """A device that is never sent the text would be silent for ever."""
    fields: dict[str, str] | None = getattr(announcer, "fields", None)
    if fields is not None and not any("{text}" in value for value in fields.values()):
        problems.add(f"{place}.fields", "no field holds {text}", 'write for example fields.text = "{text}"')
    frame: str | None = getattr(announcer, "frame", None)
    if frame is not None and frame.count("{text}") != 1:
        problems.add(f"{place}.frame", "it must hold {text} once", r'write for example frame = "{text}\r\n"')


def _page(config: Config, problems: Problems) -> None:
    page = config.page
    if page.listen and not page.code_file and not any(a.button for a in config.annunciators):
        problems.add(
            "$.page.code_file",
            "missing, and no annunciator has a button",
            "give the page a code, or the plant a button: nobody could sign in",
        )
    if bool(page.certificate) != bool(page.key):
        problems.add("$.page", "certificate and key belong together", "give both, or none")
