"""What a configuration comes to: planned buses, blocks of points with their alarms, and the Description.

Keeps law-never-lose 2: the Description built here is what every batch names by its hash.
"""

from collections.abc import Iterator, Sequence

import msgspec

from edge import config_alarms, judgement
from edge.config import ConfigError, Loaded
from edge.config_models import Annunciator, BusTable, Coil, Config, OutputTable, PointTable, UnitTable
from edge.core import alarm, point
from edge.core.links import Link
from edge.core.shelf import LONGEST_MS
from edge.core.siblings import Kinship
from edge.drivers.families import FAMILIES, family
from edge.drivers.models import BlockDraft, ButtonBlock, Laid, PolledBlock, Site
from edge.outputs import hold_rules
from edge.strict import Problems
from protocol import codec
from protocol import messages as m

SIDES = {  # law-warning 1; all others are "quality"
    "LL": "low",
    "L": "low",
    "H": "high",
    "HH": "high",
    "ROC": "rate",
    "DEV": "deviation",
    "ON": "discrete",
    "OFF": "discrete",
}
DESCRIPTION_LIMIT = codec.FRAME_LIMIT * 9 // 10  # a Birth is one frame, with its active alarms


class PointBlock(msgspec.Struct, frozen=True):
    """One polled block that holds points: `number` is its name in the Description."""

    number: int
    bus: str
    plan: PolledBlock
    unit: UnitTable
    annunciator: str
    core: point.Block | point.BitBlock | point.Values
    points: Sequence[PointTable]
    limits: list[alarm.Limit]


class Layout(msgspec.Struct, frozen=True):
    """Everything that is built from a configuration before anything runs."""

    buses: dict[str, tuple[BusTable, Laid]]
    annunciators: list[Annunciator]
    blocks: list[PointBlock]
    buttons: list[ButtonBlock]
    kinships: list[Kinship]
    description: bytes
    birth_hash: bytes
    links: list[Link] = []
    longest_shelf_ms: int = LONGEST_MS


def lay_out(loaded: Loaded, software: str) -> Layout:
    """Plan every bus and build every block.

    Args:
        loaded: a configuration that passed its own checks.
        software: version text for the Description.

    Raises:
        ConfigError: a bus cannot be planned (rule U), or is asked for more than its line carries.
    """
    config = loaded.config
    problems = Problems(loaded.file.name)
    site = Site(config.annunciators, loaded.file.parent, config.outputs)
    buses: dict[str, tuple[BusTable, Laid]] = {}
    blocks: list[PointBlock] = []
    buttons: list[ButtonBlock] = []
    for b, bus in enumerate(config.buses):
        laid = family(bus.kind).lay_out(bus, f"$.buses[{b}]", site, problems)
        buses[bus.name] = (bus, laid)
        buttons += laid.buttons
        for draft in laid.blocks:
            blocks.append(_block(len(blocks) + 1, bus.name, draft, config, problems))
    hold_rules.in_time(config, buses, problems)
    if problems.found:
        raise ConfigError(problems.found)
    description = codec.encode_description(_description(loaded, blocks, software))
    if len(description) > DESCRIPTION_LIMIT:
        problems.add(
            "$.buses",
            f"{sum(len(b.points) for b in blocks)} points are more than one gateway can introduce",
            "divide them between two gateways",
        )
        raise ConfigError(problems.found)
    units = [unit for bus in config.buses for unit in bus.units]
    kinships = judgement.kinships(units)
    return Layout(
        buses,
        config.annunciators,
        blocks,
        buttons,
        kinships,
        description,
        codec.birth_hash(description),
        config_alarms.links(units),
        int(config.alarms.longest_shelf_h * 3_600_000),
    )


def outputs(config: Config) -> Iterator[tuple[str, str, OutputTable]]:
    """Yield (annunciator, "horn" or "beacon", its table) of every output."""
    for annunciator in config.annunciators:
        if annunciator.horn is not None:
            yield annunciator.name, "horn", annunciator.horn
        if annunciator.beacon is not None:
            yield annunciator.name, "beacon", annunciator.beacon


def coils(config: Config) -> Iterator[tuple[str, str, Coil]]:
    """Yield those of the outputs that are relays on a bus."""
    for annunciator, part, table in outputs(config):
        if isinstance(table, Coil):
            yield annunciator, part, table


def _block(number: int, bus: str, draft: BlockDraft, config: Config, problems: Problems) -> PointBlock:
    names = [a.name for a in config.annunciators]
    limits = judgement.limits(draft.unit, draft.points, draft.core)
    annunciator = draft.unit.annunciator or (names[0] if len(names) == 1 else "")
    for fault in alarm.faults(draft.core, limits):
        problems.add(f"bus {bus}, {draft.block}", fault, "correct the limit")
    return PointBlock(number, bus, draft.block, draft.unit, annunciator, draft.core, draft.points, limits)


def _low_high(p: PointTable) -> tuple[float | None, float | None]:
    return (None, None) if p.range is None else (p.range[0], p.range[1])


def _description(loaded: Loaded, blocks: list[PointBlock], software: str) -> m.Description:
    gateway = loaded.config.gateway
    drivers = {bus.name: FAMILIES[bus.kind] for bus in loaded.config.buses}
    return m.Description(
        gateway.id,
        loaded.hash,
        gateway.config_version,
        software,
        [
            m.BlockInfo(
                b.number,
                b.unit.key,
                b.bus,
                b.plan.unit,
                b.plan.function,
                b.plan.address,
                b.plan.count,
                b.plan.period_ms,
                drivers[b.bus],
            )
            for b in blocks
        ],
        [
            m.PointInfo(
                p.key,
                p.name or p.key,
                b.number,
                i,
                p.quantity,
                p.unit,
                b.core.points[i].scale,
                b.core.points[i].offset,
                *_low_high(p),
                curve=list(b.core.points[i].curve),
                store_every_s=judgement.store_every_ms(b.unit, b.points) / 1000,
            )
            for b in blocks
            for i, p in enumerate(b.points)
        ],
        [
            m.AlarmInfo(
                limit.alarm_id,
                b.points[limit.point_index].key,
                limit.side,
                SIDES.get(limit.side, "quality"),
                limit.limit,
                limit.deadband,
                limit.on_delay_ms,
                limit.off_delay_ms,
                limit.latch,
                limit.priority,
            )
            for b in blocks
            for limit in b.limits
        ],
        [
            m.OutputInfo(
                s.name,
                s.title or s.name,
                s.remote,
                int(s.pulse_s * 1000),
                s.on_when,
                s.off_when,
                list(s.who) if s.remote else [],
            )
            for s in loaded.config.outputs
        ],
    )
