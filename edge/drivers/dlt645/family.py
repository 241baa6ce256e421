"""DL/T 645 as a driver family: checks its tables, lays out one block a number, starts the port's task."""

from __future__ import annotations

from collections.abc import Callable

from edge.drivers.dialect import Wire
from edge.drivers.dlt645 import frame
from edge.drivers.dlt645.identifiers import Form, form_of
from edge.drivers.dlt645.plan import Question
from edge.drivers.dlt645.settings import Bus, Point
from edge.drivers.models import BlockDraft, BlockReading, Clock, Driver, Laid, Site, Tape, ValueBlock
from edge.drivers.scaling import values_of
from edge.drivers.serial_settings import check_load, check_port, way_of
from edge.strict import Problems

TABLE = Bus
TURNAROUND_MS = 60  # what a meter usually takes; the standard allows 20 to 500 ms


def check(bus: Bus, place: str, problems: Problems) -> None:
    """Note every contradiction of a bus that its types cannot say."""
    check_port(bus, place, problems)
    meters: dict[bytes, int] = {}
    for u, unit in enumerate(bus.units):
        address = frame.address_bytes(unit.address)
        if address in meters:
            problems.add(
                f"{place}.units[{u}].address",
                f"meter {unit.address} is on this bus twice",
                f"one meter, one unit: put all its points under units[{meters[address]}]",
            )
        meters.setdefault(address, u)
        read: dict[str, str] = {}
        for p, point in enumerate(unit.points):
            where = f"{place}.units[{u}].points[{p}]"
            _check_point(point, where, problems)
            other = read.setdefault(point.di.upper(), point.key)
            if other != point.key:
                problems.add(f"{where}.di", f"{point.di} is read as {other} already", "read it once")


def _check_point(point: Point, place: str, problems: Problems) -> None:
    if "FF" in (point.di[i : i + 2].upper() for i in (2, 4, 6)):
        problems.add(
            f"{place}.di", f"{point.di} stands for a block of numbers", "name one, for example 02010100"
        )
        return
    known = form_of(point.di)
    if known is None and (point.digits is None or point.decimals is None):
        problems.add(
            f"{place}.di",
            f"{point.di} is not in the table of known identifiers",
            "add digits and decimals from the meter's manual (XXX.XXX: digits = 6, decimals = 3)",
        )


def form(point: Point) -> Form:
    """Return how a point's number is written: by the table, unless the configuration says otherwise."""
    known = form_of(point.di) or Form(point.digits or 8, point.decimals or 0)
    return known._replace(
        digits=known.digits if point.digits is None else point.digits,
        decimals=known.decimals if point.decimals is None else point.decimals,
        signed=known.signed if point.signed is None else point.signed,
    )


def way(bus: Bus) -> tuple[str, str] | None:
    """Return what only one bus may use."""
    return way_of(bus)


def where(bus: Bus) -> str:
    """Say in words where the bus is connected."""
    return bus.where()


def lay_out(bus: Bus, place: str, site: Site, problems: Problems) -> Laid:  # noqa: ARG001  # no relays here
    """Lay out one block a number: a meter answers one identifier at a time."""
    questions: list[Question] = []
    blocks: list[ValueBlock] = []
    drafts: list[BlockDraft] = []
    timeouts: list[int] = []
    costs: list[float] = []
    for u, unit in enumerate(bus.units):
        address = frame.address_bytes(unit.address)
        longest = 0
        for point in unit.points:
            question = Question(u, address, frame.identifier_bytes(point.di), form(point))
            questions.append(question)
            reply = frame.HEAD + 4 + question.form.digits // 2 + question.form.behind + frame.TAIL
            characters = len(frame.read(address, question.identifier)) + len(frame.PREAMBLE) + reply
            longest = max(longest, characters)
            costs.append(bus.characters_ms(characters) + TURNAROUND_MS + bus.adapter_ms)
        timeouts.append(bus.timeout_ms + bus.characters_ms(longest) + bus.adapter_ms)
        for point in unit.points:
            block = ValueBlock(
                len(blocks), unit.poll_interval_ms, timeouts[u], f"meter {unit.address} {point.di.upper()}"
            )
            blocks.append(block)
            try:
                drafts.append(BlockDraft(block, unit, [point], values_of([point])))
            except ValueError as exc:
                problems.add(f"{place}.units[{u}]", str(exc), "correct the point")
    load = check_load(
        [(ms, block.period_ms) for ms, block in zip(costs, blocks, strict=True)], place, problems
    )
    wire = Wire(
        [unit.key for unit in bus.units],
        timeouts,
        blocks,
        [q.unit for q in questions],
        [True] * len(blocks),
        named=True,
    )
    return Laid(drafts, load=load, detail=(wire, questions))


def start(
    bus: Bus, laid: Laid, sink: Callable[[BlockReading], None], clock: Clock, tape: Tape | None
) -> Driver:
    """Build the driver of a bus."""
    from edge.drivers.dlt645.driver import driver

    wire, questions = laid.detail
    return driver(bus, wire, questions, sink, clock, tape)
