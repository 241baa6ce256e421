"""Makes a leaf's plan from a `gateway.toml`, with the gateway's own planner; runs on CPython only.

    python -m edge.leaf.prepare gateway.toml leaf.plan

The plan is MessagePack (floats to the bit). It holds the encoded Description, every request with its byte
count (rule U), points, alarms and rules, so that the board neither plans nor reads TOML.
"""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from edge import config, judgement
from edge.config_models import Coil, Config, Hold
from edge.core.alarm import Limit
from edge.core.point import INFINITY, Point
from edge.drivers.modbus.cost import silence_ms
from edge.drivers.modbus.models import BlockPlan, BusConfig, BusPlan
from edge.drivers.modbus.plan import plan as plan_bus
from edge.layout import Layout, PointBlock, coils, lay_out

SOFTWARE = "leaf"


class NotForALeaf(ValueError):
    """This configuration holds what a leaf cannot do; the text says what and what would be right."""


def prepare(file: Path) -> bytes:
    """Turn a gateway's configuration into a leaf's plan.

    Raises:
        NotForALeaf: more than one serial Modbus line, or anything else that only a gateway has.
        edge.config.ConfigError: the configuration has faults of its own.
    """
    loaded = config.load(file)
    layout = lay_out(loaded, SOFTWARE)
    if len(layout.buses) != 1 or next(iter(layout.buses.values()))[0].kind != "rtu":
        raise NotForALeaf(f"{file.name}: a leaf has one bus, of kind rtu; give other buses to a gateway")
    if len(layout.annunciators) > 1:
        raise NotForALeaf(f"{file.name}: a leaf has one annunciator; put horn, beacon and button into it")
    if layout.kinships:
        raise NotForALeaf(f"{file.name}: siblings are compared by a gateway only; leave them out")
    for place, why in _of_a_gateway(loaded.config):
        raise NotForALeaf(f"{file.name}: {place}: {why}")
    ((_, laid),) = layout.buses.values()
    line: BusConfig = laid.detail
    made = plan_bus(line)
    annunciator = layout.annunciators[0] if layout.annunciators else None
    plan: dict[str, Any] = {
        "gateway": loaded.config.gateway.id,
        "description": layout.description,
        "line": _line(line, made),
        "blocks": [_block(block, made) for block in layout.blocks],
        "button": _button(layout),
        "annunciator": "" if annunciator is None else annunciator.name,
        "horn_from": 1 if annunciator is None else annunciator.horn_from,
        "flashes": annunciator is None or annunciator.flashes,
        "patterns": annunciator is not None and annunciator.horn_patterns,
        "ringback": annunciator is not None and annunciator.ringback,
        "links": [[one.alarm, one.source, one.how, one.number, one.words] for one in layout.links],
        "longest_shelf_ms": layout.longest_shelf_ms,
        "outputs": {
            name: [
                coil.unit,
                coil.coil,
                coil.inverted,
                annunciator is not None and annunciator.single_coil_writes,
                _what(_readback(coil, made)),
                None if coil.hold is None else _hold(coil.hold),
            ]
            for _, name, coil in coils(loaded.config)
        },
    }
    return msgspec.msgpack.encode(plan)


def _of_a_gateway(config: Config) -> Iterator[tuple[str, str]]:
    """Yield (key, why a leaf cannot have it) of all that only a gateway has."""
    for a, annunciator in enumerate(config.annunciators):
        place = f"$.annunciators[{a}]"
        for part, table in (("horn", annunciator.horn), ("beacon", annunciator.beacon)):
            if table is not None and not isinstance(table, Coil):
                yield f"{place}.{part}", "a leaf has no such output; name its own pins in leaf.json, `pins`"
        if annunciator.announcers:
            yield f"{place}.announcers", "loudspeakers and screens are a gateway's; leave them out"
        if annunciator.test is not None:
            yield f"{place}.test", "a leaf tries its horn when the centre asks, not by the week; leave it out"
    if config.outputs:
        yield "$.outputs", "a leaf switches nothing beside its horn and beacon; give them to a gateway"
    for name, instead in (
        ("spool", "`rings` of leaf.json"),
        ("uplink", "`mqtt` of leaf.json"),
        ("supervision", "`watchdog_ms` of leaf.json"),
        ("page", "the button and the centre"),
    ):
        field = next(field for field in msgspec.structs.fields(Config) if field.name == name)
        if getattr(config, name) != field.default:
            yield f"$.{name}", f"is a gateway's; leave it out, a leaf has {instead}"


def _readback(coil: Coil, made: BusPlan) -> BlockPlan:
    """Find the block that reads this coil back."""
    return next(
        back
        for back in made.readbacks
        if back.unit == coil.unit and back.address <= coil.coil < back.address + back.count
    )


def _hold(hold: Hold) -> list[Any]:
    """Give how often a held relay is renewed, and the pulse that does it; None: by writing the coil."""
    pulse = [hold.function, hold.address or 0, hold.timeout_ms // hold.step_ms]
    return [hold.renew_ms, pulse if hold.style == "pulse" else None]


def _line(line: BusConfig, made: BusPlan) -> dict[str, Any]:
    return {
        "baudrate": line.baudrate,
        "parity": line.parity,
        "stopbits": line.stopbits,
        "quiet_ms": made.quiet_ms,
        "silence_ms": round(silence_ms(line)),
        "units": [
            [
                unit.unit,
                made.timeouts_ms[unit.unit],
                unit.gap_ms,
                [[b.function, b.address, b.count, b.size, b.refused] for b in made.barriers[unit.unit]],
            ]
            for unit in line.units
        ],
    }


def _what(block: BlockPlan) -> list[int]:
    return [block.unit, block.function, block.address, block.count, block.size, block.timeout_ms]


def _block(block: PointBlock, made: BusPlan) -> dict[str, Any]:
    plan = block.plan
    assert isinstance(plan, BlockPlan)
    seconds = [one for one in made.confirms if one.number == plan.confirm]
    rules = judgement.judge_of(block.unit, block.points, block.core)
    return {
        "number": block.number,
        "source": block.unit.key,
        "name": block.unit.name,
        "what": _what(plan),
        "period_ms": plan.period_ms,
        "confirm": _what(seconds[0]) if seconds else None,
        "points": [_point(point) for point in block.core.points],
        "limits": [_limit(limit) for limit in block.limits],
        "rules": [
            [
                i,
                judgement.milliseconds(p.stale_after_s),
                judgement.milliseconds(p.stuck_after_s),
                p.max_rate,
            ]
            for i, p in enumerate(block.points)
        ],
        "blank": judgement.BLANKS[block.unit.blank] if rules.knows_blank else 0,
        "every_ms": judgement.store_every_ms(block.unit, block.points),
        "deadbands": [p.store_deadband for p in block.points],
    }


def _point(point: Point) -> list[Any]:
    low, high = point.usable_low, point.usable_high
    return [
        point.key,
        point.kind,
        point.order,
        point.index,
        1.0 if point.curve else point.scale,
        0.0 if point.curve else point.offset,
        point.low,
        point.high,
        list(point.curve),
        None if point.low is None or low == -INFINITY else low,
        None if point.high is None or high == INFINITY else high,
        list(point.bits),
    ]


def _limit(limit: Limit) -> list[Any]:
    """Give an alarm in the order in which `Limit` takes it."""
    return [getattr(limit, name) for name in inspect.signature(Limit).parameters]


def _button(layout: Layout) -> dict[str, Any] | None:
    for button in layout.buttons:
        for address, inverted in button.buttons.values():
            return {
                "what": _what(button.plan),
                "period_ms": button.plan.period_ms,
                "bit": address - button.plan.address,
                "inverted": inverted,
            }
    return None


def main(arguments: list[str]) -> int:
    """Write the plan; returns the exit code."""
    if len(arguments) != 2:
        print("usage: python -m edge.leaf.prepare gateway.toml leaf.plan", file=sys.stderr)
        return 2
    try:
        plan = prepare(Path(arguments[0]))
    except (NotForALeaf, config.ConfigError) as fault:
        print(fault, file=sys.stderr)
        return 1
    Path(arguments[1]).write_bytes(plan)
    print(f"{arguments[1]}: {len(plan)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
