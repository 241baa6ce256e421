"""What a configuration comes to: bus plans, blocks of points with their alarms, and the Description.

Keeps law-never-lose 2: the Description built here is what every batch names by its hash.
"""

import math
from collections.abc import Iterator

import msgspec

from edge.config import ConfigError, Loaded
from edge.config_models import LIMIT_NAMES, Annunciator, Bus, Coil, Config, Point, Readable, Unit
from edge.core import alarm, point
from edge.drivers.modbus.models import (
    BlockPlan,
    BusConfig,
    Output,
    PlanError,
    Range,
    ReadFunction,
    Span,
    UnitPlan,
)
from edge.drivers.modbus.plan import plan
from edge.strict import Problems
from protocol import codec
from protocol import messages as m

KINDS = {
    "int16": point.INT16,
    "uint16": point.UINT16,
    "int32": point.INT32,
    "uint32": point.UINT32,
    "float32": point.FLOAT32,
}
ORDERS = {"ABCD": point.HIGH_FIRST, "CDAB": point.LOW_FIRST}
FUNCTIONS: dict[str, ReadFunction] = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
# A relay board that nobody described answers for sixteen relays and inputs; the barrier reads need the room.
RELAY_BOARD = [Readable(0, 15, "coil"), Readable(0, 15, "discrete")]
BUTTON = "button:"  # span keys of buttons; a point key cannot hold a colon
SIDES = {"LL": "low", "L": "low", "H": "high", "HH": "high", "Q": "quality"}  # law-warning 1
PRIORITIES = {"L": 2, "H": 2, "LL": 3, "HH": 3}
DESCRIPTION_LIMIT = codec.FRAME_LIMIT * 9 // 10  # a Birth is one frame, with its active alarms
OVERLOADED = 0.7  # of a serial line's time: above it a late reply pushes the next poll out


class PointBlock(msgspec.Struct, frozen=True):
    """One polled block that holds points: `number` is its name in the Description."""

    number: int
    bus: str
    plan: BlockPlan
    unit: Unit
    annunciator: str
    core: point.Block
    points: list[Point]
    limits: list[alarm.Limit]


class ButtonBlock(msgspec.Struct, frozen=True):
    """One polled block of discrete inputs with the buttons in it, by annunciator."""

    bus: str
    plan: BlockPlan
    buttons: dict[str, tuple[int, bool]]


class Layout(msgspec.Struct, frozen=True):
    """Everything that is built from a configuration before anything runs."""

    buses: dict[str, BusConfig]
    annunciators: list[Annunciator]
    blocks: list[PointBlock]
    buttons: list[ButtonBlock]
    load: dict[str, float]
    description: bytes
    birth_hash: bytes


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
    buses: dict[str, BusConfig] = {}
    blocks: list[PointBlock] = []
    buttons: list[ButtonBlock] = []
    load: dict[str, float] = {}
    for b, bus in enumerate(config.buses):
        place = f"$.buses[{b}]"
        buses[bus.name] = made = bus_config(bus, config.annunciators)
        try:
            planned = plan(made)
        except PlanError as exc:
            for text in exc.problems:
                problems.add(place, text, "correct the points, or widen what is readable")
            continue
        load[bus.name] = line_load(made, planned.blocks)
        if load[bus.name] > 1:
            problems.add(
                place,
                f"the polls need {load[bus.name]:.0%} of the line's time",
                "raise poll_interval_ms or the baud rate, or spread the units over two lines",
            )
        units = {unit.unit: unit for unit in bus.units}
        for block in planned.blocks:
            found = {
                key.removeprefix(BUTTON): _button(config.annunciators, key)
                for key in (span.key for span in block.spans)
                if key.startswith(BUTTON)
            }
            if found:
                buttons.append(ButtonBlock(bus.name, block, found))
            elif block.spans:
                blocks.append(_block(len(blocks) + 1, bus.name, block, units[block.unit], config, problems))
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
    return Layout(
        buses, config.annunciators, blocks, buttons, load, description, codec.birth_hash(description)
    )


def bus_config(bus: Bus, annunciators: list[Annunciator]) -> BusConfig:
    """Build what the driver is told of one bus: its instruments, and the relays and buttons on it."""
    relays: dict[int, list[int]] = {}
    spans: dict[int, list[Span]] = {}
    single: set[int] = set()
    for annunciator in annunciators:
        for coil in (annunciator.horn, annunciator.beacon):
            if coil is not None and coil.bus == bus.name:
                relays.setdefault(coil.unit, []).append(coil.coil)
                if annunciator.single_coil_writes:
                    single.add(coil.unit)
        button = annunciator.button
        if button is not None and button.bus == bus.name:
            span = Span(BUTTON + annunciator.name, 2, button.input, 1, button.poll_interval_ms)
            spans.setdefault(button.unit, []).append(span)
    units = {unit.unit: unit for unit in bus.units}
    plans = []
    for number in sorted({*units, *relays, *spans}):
        unit = units.get(number) or Unit("relay-board", number, readable=RELAY_BOARD)
        own = relays.get(number, [])
        plans.append(
            UnitPlan(
                number,
                (*(_span(p) for p in unit.points), *spans.get(number, [])),
                unit.poll_interval_ms,
                tuple(Range(FUNCTIONS[r.table], r.first, r.last) for r in unit.readable),
                # One read-back over all relays of a board: each is written alone, and no two blocks of one
                # length are needed where a board has but eight relays (rule U).
                (Output(min(own), max(own) - min(own) + 1),) if own else (),
                max_registers=unit.max_registers,
                refused_function=unit.refused_function,
                loopback=unit.loopback,
                single_coil_writes=number in single,
            )
        )
    return BusConfig(
        bus.name,
        bus.kind,
        tuple(plans),
        bus.host,
        bus.port,
        bus.device,
        bus.baudrate,
        bus.parity,
        bus.stopbits,
        bus.timeout_ms,
    )


def _span(p: Point) -> Span:
    return Span(p.key, FUNCTIONS[p.table], p.address, p.width)


def _button(annunciators: list[Annunciator], key: str) -> tuple[int, bool]:
    button = next(a.button for a in annunciators if BUTTON + a.name == key)
    assert button is not None
    return button.input, button.inverted


def coils(config: Config) -> Iterator[tuple[str, str, Coil]]:
    """Yield (annunciator, "horn" or "beacon", coil) of every output."""
    for annunciator in config.annunciators:
        if annunciator.horn is not None:
            yield annunciator.name, "horn", annunciator.horn
        if annunciator.beacon is not None:
            yield annunciator.name, "beacon", annunciator.beacon


def line_load(bus: BusConfig, blocks: tuple[BlockPlan, ...]) -> float:
    """Estimate the share of its time that a bus is busy (1.0 is all of it).

    A serial read takes 13 + 2n characters of about 11 bits, the instrument's turnaround (20 ms taken) and the
    adapter's latency; on TCP 5 ms are taken.
    """
    busy = 0.0
    for block in blocks:
        serial_ms = (13 + block.size) * 11_000 / bus.baudrate + 20 + bus.adapter_ms
        each_ms = 5.0 if bus.kind == "tcp" else serial_ms
        busy += each_ms / block.period_ms
    return busy


def _block(
    number: int, bus: str, block: BlockPlan, unit: Unit, config: Config, problems: Problems
) -> PointBlock:
    by_key = {p.key: p for p in unit.points}
    points = sorted((by_key[span.key] for span in block.spans), key=lambda p: p.address)
    made = [
        point.Point(
            p.key, KINDS[p.type], ORDERS[p.order], p.address - block.address, p.scale, p.offset, *_low_high(p)
        )
        for p in points
    ]
    names = [a.name for a in config.annunciators]
    limits: list[alarm.Limit] = []
    for i, p in enumerate(points):
        limits += _alarms(i, p)
    annunciator = unit.annunciator or (names[0] if len(names) == 1 else "")
    try:
        core = point.Block(made, block.count)
    except ValueError as exc:
        problems.add(f"bus {bus}, {block}", str(exc), "correct the addresses")
        core, limits = point.Block([], block.count), []
    for fault in alarm.faults(core, limits):
        problems.add(f"bus {bus}, {block}", fault, "correct the limit")
    return PointBlock(number, bus, block, unit, annunciator, core, points, limits)


def _low_high(p: Point) -> tuple[float | None, float | None]:
    return (None, None) if p.range is None else (p.range[0], p.range[1])


def _alarms(index: int, p: Point) -> list[alarm.Limit]:
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
                    _ms(limit.on_delay_s),
                    _ms(limit.off_delay_s),
                    limit.latch,
                    PRIORITIES[name] if limit.priority is None else limit.priority,
                )
            )
    bad = _ms(p.bad_after_s)
    found.append(
        alarm.Limit(
            f"{p.key}/{alarm.QUALITY}", index, alarm.QUALITY, None, 0.0, bad, bad, False, p.bad_priority
        )
    )
    return found


def _ms(seconds: float) -> int:
    return math.ceil(seconds * 1000)


def _description(loaded: Loaded, blocks: list[PointBlock], software: str) -> m.Description:
    gateway = loaded.config.gateway
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
            )
            for b in blocks
        ],
        [
            m.PointInfo(
                p.key, p.name or p.key, b.number, i, p.quantity, p.unit, p.scale, p.offset, *_low_high(p)
            )
            for b in blocks
            for i, p in enumerate(b.points)
        ],
        [
            m.AlarmInfo(
                limit.alarm_id,
                b.points[limit.point_index].key,
                limit.side,
                SIDES[limit.side],
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
    )
