"""SL 651 as a driver family: checks its tables, builds the blocks of what is reported together."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from edge.drivers import listening
from edge.drivers.models import BlockReading, Clock, Driver, Laid, Site, Tape, ValueBlock
from edge.drivers.sl651.decode import NOT_BCD
from edge.drivers.sl651.settings import Bus, Point, Unit
from edge.strict import Problems

TABLE = Bus
_TAKEN = frozenset({0x04, 0xF0, 0xF1, 0xFF}) | NOT_BCD


class Reported(msgspec.Struct, frozen=True):
    """A block as the driver sees it: one element of a station, or all of them."""

    unit: Unit
    block: ValueBlock
    points: tuple[Point, ...]


def check(bus: Bus, place: str, problems: Problems) -> None:
    """Note every contradiction of a bus that its types cannot say."""
    listening.check_door(bus, place, problems)
    stations = [(f"{place}.units[{u}].station", unit.station.upper()) for u, unit in enumerate(bus.units)]
    listening.unique(stations, "station", problems)
    for u, unit in enumerate(bus.units):
        at = f"{place}.units[{u}]"
        listening.unique(
            [(f"{at}.points[{p}].element", one.element) for p, one in enumerate(unit.points)],
            f"of station {unit.station} element",
            problems,
        )
        for p, one in enumerate(unit.points):
            if len(one.element) == 2 and int(one.element, 16) in _TAKEN:
                problems.add(
                    f"{at}.points[{p}].element",
                    f"{one.element} is no number of the present (a series, a text, a time or a status)",
                    'take an element such as "20" current rain, "26" total rain or "39" water level',
                )


def way(bus: Bus) -> tuple[str, str] | None:
    """Return what only one bus may use: its port or its device."""
    return listening.way(bus)


def where(bus: Bus) -> str:
    """Say in words where stations come in."""
    return listening.where(bus)


def lay_out(bus: Bus, place: str, site: Site, problems: Problems) -> Laid:  # noqa: ARG001  # the family's shape
    """Build the blocks: each element alone, or all elements of a station together."""
    laid = Laid([], notes=listening.notes(bus, "SL 651"))
    reported: list[Reported] = []
    for u, unit in enumerate(bus.units):
        period_ms = int(unit.report_interval_s * 1000)
        groups = [unit.points] if unit.whole_reports and unit.points else [(one,) for one in unit.points]
        for points in groups:
            what = "all elements" if unit.whole_reports else f"element {points[0].element}"
            said = f"station {unit.station}, {what}"
            block = ValueBlock(len(reported), period_ms, 0, said)
            laid.blocks.append(listening.draft(block, unit, points, f"{place}.units[{u}]", problems))
            reported.append(Reported(unit, block, points))
    laid.detail = reported
    return laid


def start(
    bus: Bus, laid: Laid, sink: Callable[[BlockReading], None], clock: Clock, tape: Tape | None
) -> Driver:
    """Build the driver of a bus."""
    from edge.drivers.sl651.driver import Stations

    return Stations(bus, laid.detail, sink, clock, tape)
