"""Serial lines as a driver family: checks, lays out one block an instrument, starts the port's task."""

from __future__ import annotations

from collections.abc import Callable

from edge.drivers.conversation import HOLD, SETTLE
from edge.drivers.dialect import Wire
from edge.drivers.models import BlockDraft, BlockReading, Clock, Driver, Laid, Site, Tape, ValueBlock
from edge.drivers.scaling import values_of
from edge.drivers.serial_line.forms import ADDRESS, framing_of, instrument_of, is_named
from edge.drivers.serial_line.settings import Bus, Unit
from edge.drivers.serial_settings import check_load, check_port, way_of
from edge.strict import Problems

TABLE = Bus
TURNAROUND_MS = 50  # what such an instrument usually takes before it answers; our estimate


def check(bus: Bus, place: str, problems: Problems) -> None:
    """Note every contradiction of a bus that its types cannot say."""
    check_port(bus, place, problems)
    first = None
    told: dict[tuple[object, ...], str] = {}
    for u, unit in enumerate(bus.units):
        where = f"{place}.units[{u}]"
        framing = framing_of(unit, where, problems)
        instrument = instrument_of(unit, framing, where, problems)
        first = first or framing
        if framing != first:
            problems.add(
                where,
                f"its lines begin or end otherwise than those of {bus.units[0].key}",
                "one port has one framing: give them the same, or put it on a port of its own",
            )
        looks = (instrument.form._replace(fields=()), tuple(f.place for f in instrument.form.fields))
        other = told.setdefault(looks, unit.key)
        if other != unit.key and is_named(unit):
            problems.add(
                f"{where}.address",
                f"{unit.address!r} is {other}'s too",
                "give each instrument an address of its own, or a pattern that only its lines fit",
            )
    _check_names(bus, place, problems)


def _check_names(bus: Bus, place: str, problems: Problems) -> None:
    """Refuse a wire on which one instrument's line could be taken for another's (modbus-rule, "Proof")."""
    if len(bus.units) < 2 or all(is_named(unit) for unit in bus.units):
        return
    unnamed = [u for u, unit in enumerate(bus.units) if not is_named(unit)]
    alone = [u for u in unnamed if not bus.units[u].ask]
    if alone:
        problems.add(
            f"{place}.units[{alone[0]}]",
            "speaks by itself and its lines do not say whose they are, on a line with others",
            "put it on a port of its own, or name it: address, and {address} in the pattern",
        )
    elif not bus.unnamed_replies:
        problems.add(
            f"{place}.units[{unnamed[0]}]",
            "its lines do not say whose they are, and others are asked on the same line: a late answer would"
            " be taken for the next one's",
            "name it: address, and {address} in the pattern; if its lines hold no name, set unnamed_replies ="
            " true on the bus (after a missing answer the whole line waits ten time-outs), or give it a port",
        )


def way(bus: Bus) -> tuple[str, str] | None:
    """Return what only one bus may use."""
    return way_of(bus)


def where(bus: Bus) -> str:
    """Say in words where the bus is connected."""
    return bus.where()


def lay_out(bus: Bus, place: str, site: Site, problems: Problems) -> Laid:  # noqa: ARG001  # no relays here
    """Lay out one block an instrument: a line holds all its numbers."""
    drafts: list[BlockDraft] = []
    blocks: list[ValueBlock] = []
    timeouts: list[int] = []
    costs: list[tuple[float, int]] = []
    named = len(bus.units) > 0 and all(is_named(unit) for unit in bus.units)
    unheard = Problems("")  # `check` has told them
    framings = [framing_of(unit, place, unheard) for unit in bus.units]
    instruments = [instrument_of(u, f, place, unheard) for u, f in zip(bus.units, framings, strict=True)]
    for number, (unit, framing) in enumerate(zip(bus.units, framings, strict=True)):
        ask = len(instruments[number].ask)
        timeouts.append(bus.timeout_ms + bus.characters_ms(ask + framing.longest) + bus.adapter_ms)
        block = ValueBlock(number, unit.poll_interval_ms, timeouts[number], _words(unit))
        blocks.append(block)
        if ask:
            # A line is rarely as long as it may be: half is taken where its length is not known.
            characters = ask + (framing.length or framing.longest // 2)
            took = bus.characters_ms(characters) + TURNAROUND_MS + bus.adapter_ms
            took += 0 if named or len(bus.units) < 2 else SETTLE * timeouts[number]
            costs.append((took, unit.poll_interval_ms))
        try:
            drafts.append(BlockDraft(block, unit, unit.points, values_of(unit.points)))
        except ValueError as exc:
            problems.add(f"{place}.units[{number}]", str(exc), "correct the point")
    load = check_load(costs, place, problems) if costs else None
    wire = Wire(
        [unit.key for unit in bus.units],
        timeouts,
        blocks,
        list(range(len(blocks))),
        [bool(one.ask) for one in instruments],
        named=named,
    )
    notes = []
    if bus.unnamed_replies and not named:
        notes.append(
            "answers do not say whose they are; after one that is missing or doubled nothing is read for"
            f" {HOLD * max(timeouts, default=0) / 1000:.0f} s"
        )
    return Laid(drafts, load=load, detail=(wire, instruments, framings[0] if framings else None), notes=notes)


def start(
    bus: Bus, laid: Laid, sink: Callable[[BlockReading], None], clock: Clock, tape: Tape | None
) -> Driver:
    """Build the driver of a bus."""
    from edge.drivers.serial_line.driver import driver

    wire, instruments, framing = laid.detail
    return driver(bus, wire, instruments, framing, sink, clock, tape)


def _words(unit: Unit) -> str:
    name = f"{unit.key} ({unit.address})" if unit.address else unit.key
    ask = unit.ask.replace(ADDRESS, unit.address)
    return f"{name} asked {ask!r}" if ask else f"{name} as it speaks"
