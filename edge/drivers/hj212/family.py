"""HJ 212 as a driver family: checks its tables, builds the blocks of what is reported together."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from edge.drivers import listening
from edge.drivers.hj212.settings import COMMANDS, Bus, Point, Unit
from edge.drivers.models import BlockReading, Clock, Driver, Laid, Site, Tape, ValueBlock
from edge.strict import Problems

TABLE = Bus


class Reported(msgspec.Struct, frozen=True):
    """A block as the driver sees it: the points of one command that a station reports together."""

    unit: Unit
    command: int
    block: ValueBlock
    points: tuple[Point, ...]


def check(bus: Bus, place: str, problems: Problems) -> None:
    """Note every contradiction of a bus that its types cannot say."""
    listening.check_door(bus, place, problems)
    listening.unique(
        [(f"{place}.units[{u}].mn", unit.mn) for u, unit in enumerate(bus.units)], "station", problems
    )
    for u, unit in enumerate(bus.units):
        at = f"{place}.units[{u}]"
        listening.unique(
            [
                (f"{at}.points[{p}].factor", f"{one.factor}-{one.named} of command {one.command}")
                for p, one in enumerate(unit.points)
            ],
            f"of station {unit.mn}",
            problems,
        )


def way(bus: Bus) -> tuple[str, str] | None:
    """Return what only one bus may use: its port or its device."""
    return listening.way(bus)


def where(bus: Bus) -> str:
    """Say in words where stations come in."""
    return listening.where(bus)


def lay_out(bus: Bus, place: str, site: Site, problems: Problems) -> Laid:  # noqa: ARG001  # the family's shape
    """Build the blocks: all points of a station and command together, or each factor alone."""
    laid = Laid([], notes=listening.notes(bus, "HJ 212"))
    reported: list[Reported] = []
    for u, unit in enumerate(bus.units):
        groups: dict[tuple[int, str], list[Point]] = {}
        for one in unit.points:
            groups.setdefault((one.command, "" if unit.whole_reports else one.factor), []).append(one)
        for (command, factor), points in groups.items():
            period_ms = int(unit.period_s(command) * 1000)
            what = f"{COMMANDS[command]} {factor}".strip()
            block = ValueBlock(len(reported), period_ms, 0, f"station MN {unit.mn}, {what}")
            laid.blocks.append(listening.draft(block, unit, points, f"{place}.units[{u}]", problems))
            reported.append(Reported(unit, command, block, tuple(points)))
    laid.detail = reported
    return laid


def start(
    bus: Bus, laid: Laid, sink: Callable[[BlockReading], None], clock: Clock, tape: Tape | None
) -> Driver:
    """Build the driver of a bus."""
    from edge.drivers.hj212.driver import Stations

    return Stations(bus, laid.detail, sink, clock, tape)
