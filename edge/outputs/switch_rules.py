"""What must be true of an output beside the annunciators': its own coil, and conditions that mean something.

No coil of a horn or a beacon, nor where a held relay takes its pulse, can be named here: what people far away
have switched never overrides what sounds an alarm.
"""

from collections.abc import Sequence

from edge.config_alarms import condition
from edge.config_models import Coil, Config, Switch
from edge.core.links import IN_ALARM, Link
from edge.strict import Problems

NOT = "not "


def parsed(text: str) -> tuple[Link, bool]:
    """Read a condition: the link to what it asks for, and whether that must hold (False: must not).

    Raises:
        ValueError: it is neither an alarm nor a comparison.
    """
    wanted = not text.startswith(NOT)
    return condition("", text if wanted else text[len(NOT) :]), wanted


def check(config: Config, with_relays: Sequence[str], problems: Problems) -> None:
    """Note every contradiction of `[[outputs]]`.

    Args:
        config: whose.
        with_relays: kinds of buses that have relays.
        problems: takes them.
    """
    kinds = {bus.name: bus.kind for bus in config.buses}
    taken = _taken(config)
    names: dict[str, str] = {}
    for i, switch in enumerate(config.outputs):
        place = f"$.outputs[{i}]"
        if switch.name in names:
            problems.add(f"{place}.name", f"{names[switch.name]} has this name too", "give it another one")
        names.setdefault(switch.name, place)
        if switch.bus not in kinds:
            problems.add(f"{place}.bus", f"no bus {switch.bus!r}", f"use one of {', '.join(kinds)}")
        elif kinds[switch.bus] not in with_relays:
            problems.add(f"{place}.bus", f"a {kinds[switch.bus]} bus has no relays", "name a Modbus bus")
        other = taken.setdefault((switch.bus, switch.unit, switch.coil), place)
        if other != place:
            problems.add(
                f"{place}.coil",
                f"coil {switch.coil} belongs to {other}",
                "name a coil of its own: nothing that is switched may override a horn or a beacon",
            )
        if switch.remote and not switch.who:
            problems.add(f"{place}.who", "empty", 'name who may, for example who = ["enterprise"]')
        if not switch.remote and (switch.on_when or switch.off_when):
            problems.add(place, "has conditions and is not remote", "nobody switches it: leave them out")
        _conditions(switch, config, place, problems)


def _taken(config: Config) -> dict[tuple[str, int, int], str]:
    """By coil: which part of which annunciator drives it, or takes its pulses there."""
    taken: dict[tuple[str, int, int], str] = {}
    for annunciator in config.annunciators:
        for name, part in (("horn", annunciator.horn), ("beacon", annunciator.beacon)):
            if not isinstance(part, Coil):
                continue
            owner = f"{annunciator.name}.{name}"
            taken[part.bus, part.unit, part.coil] = owner
            if part.hold is not None and part.hold.address is not None:
                taken.setdefault((part.bus, part.unit, part.hold.address), owner)
    return taken


def _conditions(switch: Switch, config: Config, place: str, problems: Problems) -> None:
    points = {p.key: p for bus in config.buses for unit in bus.units for p in unit.points}
    alarms = {f"{key}/{name}" for key, p in points.items() for name in [*p.limits, "Q"]}
    for key, texts in (("on_when", switch.on_when), ("off_when", switch.off_when)):
        for i, text in enumerate(texts):
            where = f"{place}.{key}[{i}]"
            try:
                link, _ = parsed(text)
            except ValueError as exc:
                problems.add(where, str(exc), 'write "GT-101/H", "not GT-101/H" or "FLOW-1 >= 5"')
                continue
            known = link.source in (alarms if link.how == IN_ALARM else points)
            if not known:
                what = "alarm" if link.how == IN_ALARM else "point"
                problems.add(where, f"no {what} {link.source!r} here", f"name a {what} of this gateway")
