"""Makes a leaf's plan from a `gateway.toml`, with the gateway's own planner; runs on CPython only.

    python -m edge.leaf.prepare gateway.toml leaf.plan

The plan is MessagePack (floats to the bit). It holds the encoded Description, every request with its byte
count (rule U), points, alarms and rules, so that the board neither plans nor reads TOML.
"""

import sys
from pathlib import Path
from typing import Any

import msgspec

from edge import config, judgement
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
        NotForALeaf: more than one serial Modbus line, more than one annunciator, siblings.
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
        "horn_from": 1 if annunciator is None else annunciator.horn_from,
        "flashes": annunciator is None or annunciator.flashes,
        "outputs": {
            name: [
                coil.unit,
                coil.coil,
                coil.inverted,
                annunciator is not None and annunciator.single_coil_writes,
                _what(next(back for back in made.readbacks if back.unit == coil.unit)),
            ]
            for _, name, coil in coils(loaded.config)
        },
    }
    return msgspec.msgpack.encode(plan)


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


def _limit(limit: Limit) -> dict[str, Any]:
    return {name: getattr(limit, name) for name in Limit.__slots__ if not name.startswith("_")}


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
