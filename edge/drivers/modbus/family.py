"""Modbus as a driver family: checks its tables, plans its buses, builds its blocks of points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from edge.config_models import Annunciator, Coil, Switch
from edge.core import point
from edge.drivers.modbus import points
from edge.drivers.modbus.admission import utilisation
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
from edge.drivers.modbus.settings import Bus, Point, Readable, Unit
from edge.drivers.models import BlockDraft, BlockReading, ButtonBlock, Clock, Driver, Laid, Site, Tape
from edge.strict import Problems

TABLE = Bus

COUNTED = ("/dev/ttyUSB", "/dev/ttyACM")  # in the order in which adapters are found

FUNCTIONS: dict[str, ReadFunction] = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
AS_PRINTED = 30_001  # data sheets count input registers from here, holding registers from 40001
# A relay board that nobody described answers for sixteen relays and inputs; the barrier reads need the room.
RELAY_BOARD = (Readable(0, 15, "coil"), Readable(0, 15, "discrete"))
BUTTON = "button:"  # span keys of buttons; a point key cannot hold a colon


def check(bus: Bus, place: str, problems: Problems) -> None:
    """Note every contradiction of a bus that its types cannot say."""
    if bus.kind in {"tcp", "rtu-over-tcp"} and not bus.host:
        problems.add(f"{place}.host", "missing", 'a tcp bus needs it, for example host = "192.168.1.20"')
    if bus.kind == "rtu" and not bus.device:
        problems.add(f"{place}.device", "missing", 'a serial bus needs it: device = "/dev/serial/by-path/…"')
    if bus.kind == "ascii" and not (bus.device or bus.host):
        problems.add(
            f"{place}.device", "missing", "give the device of its line, or the host of its serial server"
        )
    if bus.bytesize == 7 and bus.kind != "ascii":
        problems.add(
            f"{place}.bytesize", f"a {bus.kind} bus has 8 bits", 'leave it out, or use kind = "ascii"'
        )
    if bus.through and bus.kind != "rtu":
        problems.add(f"{place}.through", f"minimalmodbus cannot serve a {bus.kind} bus", "leave it out")
    if not bus.through:
        for key, given in (("rts_to_send", bus.rts_to_send), ("close_after_call", bus.close_after_call)):
            if given:
                problems.add(
                    f"{place}.{key}",
                    "only a port of minimalmodbus does that",
                    'add through = "minimalmodbus"',
                )
    if bus.kind == "rtu" and bus.host:
        problems.add(
            f"{place}.host", "an rtu bus has a device", 'behind a serial server it is kind = "rtu-over-tcp"'
        )
    seen: dict[int, int] = {}
    for u, unit in enumerate(bus.units):
        if unit.unit in seen:
            problems.add(
                f"{place}.units[{u}].unit",
                f"unit {unit.unit} is on this bus twice",
                f"one instrument, one address: put all its points under units[{seen[unit.unit]}]",
            )
        seen.setdefault(unit.unit, u)
        _check_unit(unit, f"{place}.units[{u}]", problems)


def _check_unit(unit: Unit, place: str, problems: Problems) -> None:
    for r, readable in enumerate(unit.readable):
        if readable.first > readable.last:
            problems.add(f"{place}.readable[{r}]", "first is behind last", "exchange the two")
    points.check(unit, place, problems)


def way(bus: Bus) -> tuple[str, str] | None:
    """Return what only one bus may use: its device, or its connection."""
    if bus.device and not bus.host:
        return "device", bus.device
    return ("host", f"{bus.host}:{bus.port}") if bus.host else None


def where(bus: Bus) -> str:
    """Say in words where the bus is connected."""
    line = f"{bus.baudrate} {bus.bytesize}{bus.parity}{bus.stopbits}"
    if bus.kind == "tcp":
        return f"{bus.host}:{bus.port}"
    return f"{bus.host}:{bus.port}, {line}" if bus.host else f"{bus.device} {line}"


def lay_out(bus: Bus, place: str, site: Site, problems: Problems) -> Laid:
    """Plan a bus (rule U) and build its blocks; what can't be planned becomes a problem."""
    made = bus_config(bus, site.annunciators, site.switches)
    try:
        planned = plan(made)
    except PlanError as exc:
        for text in exc.problems:
            unit_place, said, remedy = _placed(bus, place, text)
            problems.add(unit_place, said, remedy)
        return Laid([], detail=made)
    used = utilisation(made, planned)
    for problem, remedy in used.too_much:
        problems.add(place, problem, remedy)
    laid = Laid([], load=used.share, detail=made, notes=[*planned.notes, *_advice(bus)])
    units = {unit.unit: unit for unit in bus.units}
    for block in planned.blocks:
        found = {
            key.removeprefix(BUTTON): _button(site.annunciators, key)
            for key in (span.key for span in block.spans)
            if key.startswith(BUTTON)
        }
        if found:
            laid.buttons.append(ButtonBlock(bus.name, block, found))
        if len(found) < len(block.spans):
            laid.blocks.append(_block(bus.name, block, units[block.unit], problems))
    return laid


def _placed(bus: Bus, place: str, text: str) -> tuple[str, str, str]:
    """Return place, words and remedy of what the plan says of an instrument, which it knows by number."""
    remedy = "correct the points, or widen what is readable"
    for u, unit in enumerate(bus.units):
        for behind in (": ", ", "):
            said = text.removeprefix(f"bus {bus.name}, unit {unit.unit}{behind}")
            if said == text:
                continue
            if any(one.address >= AS_PRINTED for one in unit.points):
                remedy += "; addresses count from 0 as on the wire, register 40001 of a data sheet is 0"
            return f"{place}.units[{u}]", said, remedy
    return place, text, remedy


def _advice(bus: Bus) -> list[str]:
    """Say what works, and could be trusted more."""
    advice = []
    printed = [one.key for unit in bus.units for one in unit.points if one.address >= AS_PRINTED]
    if printed:
        advice.append(
            f"{', '.join(printed)}: addresses count from 0 as on the wire, register 40001 of a data sheet is"
            " 0; correct them if they were copied from one"
        )
    if bus.device.startswith(COUNTED):
        advice.append(
            f"{bus.device} is counted by the kernel and may be another port after a reboot; name it by its"
            " path: /dev/serial/by-path/…"
        )
    if bus.kind == "ascii":
        advice.append(
            "the check of ASCII lets far more noise pass than that of RTU; use rtu if there is a choice"
        )
    return advice


def start(
    bus: Bus,  # noqa: ARG001  # its plan says all
    laid: Laid,
    sink: Callable[[BlockReading], None],
    clock: Clock,
    tape: Tape | None,
) -> Driver:
    """Build the driver of a bus."""
    from edge.drivers.modbus.driver import Bus as ModbusBus

    return ModbusBus(laid.detail, sink, clock, tape)


def bus_config(bus: Bus, annunciators: list[Annunciator], switches: Sequence[Switch] = ()) -> BusConfig:
    """Build what the driver is told of one bus: its instruments, and the relays and buttons on it."""
    relays: dict[int, list[int]] = {}
    renewals: dict[int, int] = {}
    spans: dict[int, list[Span]] = {}
    single: set[int] = set()
    for annunciator in annunciators:
        for coil in (annunciator.horn, annunciator.beacon):
            if isinstance(coil, Coil) and coil.bus == bus.name:
                relays.setdefault(coil.unit, []).append(coil.coil)
                if coil.hold is not None:
                    # Each held relay of a board is written by itself.
                    alone = renewals.get(coil.unit, 0)
                    every = coil.hold.renew_ms
                    renewals[coil.unit] = every if not alone else max(1, every * alone // (every + alone))
                if annunciator.single_coil_writes:
                    single.add(coil.unit)
        button = annunciator.button
        if button is not None and button.bus == bus.name:
            span = Span(BUTTON + annunciator.name, 2, button.input, 1, button.poll_interval_ms)
            spans.setdefault(button.unit, []).append(span)
    for switch in switches:
        if switch.bus == bus.name:
            relays.setdefault(switch.unit, []).append(switch.coil)
            if switch.single_coil_writes:
                single.add(switch.unit)
    units = {unit.unit: unit for unit in bus.units}
    plans = []
    for number in sorted({*units, *relays, *spans}):
        unit = units.get(number) or Unit(key="relay-board", unit=number, readable=RELAY_BOARD)
        own = relays.get(number, [])
        plans.append(
            UnitPlan(
                number,
                (*(_span(p) for p in unit.points), *spans.get(number, [])),
                unit.poll_interval_ms,
                tuple(Range(FUNCTIONS[r.table], r.first, r.last) for r in unit.readable),
                # One read-back over all relays of a board: each is written alone, and no two blocks of one
                # length are needed where a board has but eight relays (rule U).
                (Output(min(own), max(own) - min(own) + 1, renewals.get(number, 1000)),) if own else (),
                max_registers=unit.max_registers,
                timeout_ms=unit.timeout_ms,
                refused_function=unit.refused_function,
                loopback=unit.loopback,
                single_coil_writes=number in single,
                transaction_id_zero=unit.transaction_id_zero,
                gap_ms=unit.gap_ms,
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
        bus.adapter_ms,
        bus.bytesize,
        bus.through,
        bus.rts_to_send,
        bus.close_after_call,
    )


def _span(p: Point) -> Span:
    return Span(p.key, FUNCTIONS[p.table], p.address, p.width, alarm=bool(p.limits))


def _button(annunciators: list[Annunciator], key: str) -> tuple[int, bool]:
    button = next(a.button for a in annunciators if BUTTON + a.name == key)
    assert button is not None
    return button.input, button.inverted


def _block(bus: str, block: BlockPlan, unit: Unit, problems: Problems) -> BlockDraft:
    by_key = {p.key: p for p in unit.points}
    held = points.in_order([by_key[span.key] for span in block.spans if not span.key.startswith(BUTTON)])
    try:
        core = points.core_of(block, held)
    except ValueError as exc:
        problems.add(f"bus {bus}, {block}", str(exc), "correct the point")
        return BlockDraft(block, unit, [], point.Block([], block.count))
    return BlockDraft(block, unit, held, core)
