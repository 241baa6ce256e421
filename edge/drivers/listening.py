"""The tables of a bus at which stations report by themselves, and what must hold between their keys.

Shared by HJ 212 and SL 651. Neither protocol has encryption or real authentication (a password in clear
text): so there is no default address to listen at, and `fengsui edge check` says so.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec

from edge.config_models import BusTable, PointTable, UnitTable
from edge.drivers.models import BlockDraft, ValueBlock
from edge.drivers.scaling import values_of
from edge.strict import Problems

LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
IN_THE_OPEN: Final = (
    "has neither encryption nor real authentication: whoever reaches {where} and knows number and password of"
    " a station can report in its name; keep it inside the plant's own network, name the stations in `from`"
)


class ListeningBus(BusTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A TCP port (`listen`) or a serial device (`device`) at which stations report.

    `sources` is written `from` in the file. `utc_offset_h` is that of the stations' clocks (China: 8).
    """

    listen: str = ""
    sources: Annotated[tuple[str, ...], msgspec.Meta(max_length=256)] = msgspec.field(name="from", default=())
    max_connections: Annotated[int, msgspec.Meta(ge=1, le=512)] = 32
    device: str = ""
    baudrate: Annotated[int, msgspec.Meta(ge=300, le=4_000_000)] = 9600
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    bytesize: Literal[7, 8] = 8
    utc_offset_h: Annotated[float, msgspec.Meta(ge=-12, le=14)] = 8.0


class ReportingUnit(UnitTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A station. `report_interval_s`: it reports at least so often; `fresh_s`: what is older is the past."""

    report_interval_s: Annotated[float, msgspec.Meta(ge=1, le=90_000)] = 60.0
    fresh_s: Annotated[float, msgspec.Meta(ge=5, le=86_400)] = 300.0


def address(listen: str) -> tuple[str, int] | None:
    """Take `host:port` apart, "[::]:9001" too; None: it is none. The host must be an address or localhost."""
    host, colon, port = listen.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not colon or not port.isdecimal() or not 0 < int(port) <= 65_535:
        return None
    if bare != "localhost":
        try:
            ipaddress.ip_address(bare)
        except ValueError:
            return None
    return bare, int(port)


def check_door(bus: ListeningBus, place: str, problems: Problems) -> None:
    """Note what is wrong with the way by which stations come in."""
    example = 'listen = "192.168.1.10:9001" (the address of the gateway in the stations\' network)'
    if bool(bus.listen) == bool(bus.device):
        what = "both given" if bus.listen else "missing"
        problems.add(f"{place}.listen", what, f"give either {example}, or device")
    if bus.listen and address(bus.listen) is None:
        problems.add(f"{place}.listen", f"{bus.listen!r} is no address with a port", f"write {example}")
    for s, source in enumerate(bus.sources):
        try:
            ipaddress.ip_network(source, strict=False)
        except ValueError:
            problems.add(f"{place}.from[{s}]", f"{source!r} is no network", 'write it as "192.168.1.0/24"')
    if bus.listen and bus.max_connections < len(bus.units):
        problems.add(
            f"{place}.max_connections",
            f"{len(bus.units)} stations need more",
            "leave room for each, and some more",
        )
    if not bus.units:
        problems.add(f"{place}.units", "empty", "describe each station with [[buses.units]]")


def way(bus: ListeningBus) -> tuple[str, str] | None:
    """Return what only one bus may use."""
    if bus.device:
        return "device", bus.device
    found = address(bus.listen)
    return None if found is None else ("listen", f"port {found[1]}")


def where(bus: ListeningBus) -> str:
    """Say in words where stations come in."""
    if bus.device:
        return f"{bus.device} {bus.baudrate} {bus.bytesize}{bus.parity}{bus.stopbits}"
    allowed = ", ".join(bus.sources)
    return f"listens at {bus.listen}" + (f", from {allowed}" if allowed else "")


def notes(bus: ListeningBus, protocol: str) -> list[str]:
    """Say what an installer must know of a door that others reach."""
    found = address(bus.listen)
    if found is None or found[0] in LOOPBACK:
        return []
    said = [f"{protocol} {IN_THE_OPEN.format(where=bus.listen)}"]
    if not bus.sources:
        said.append(f"{bus.listen} answers every address; `from` is empty")
    return said


def unique(keys: Sequence[tuple[str, str]], what: str, problems: Problems) -> None:
    """Note every key (place, text) that stands twice."""
    first: dict[str, str] = {}
    for place, text in keys:
        if text in first:
            problems.add(place, f"{what} {text} is on this bus twice", f"{first[text]} has it too")
        first.setdefault(text, place)


def draft(
    block: ValueBlock,
    unit: ReportingUnit,
    points: Sequence[PointTable],
    place: str,
    problems: Problems,
) -> BlockDraft:
    """Build a block of values that are reported together; the unit's rhythm is that of its reports."""
    told = msgspec.structs.replace(unit, poll_interval_ms=int(unit.report_interval_s * 1000))
    try:
        core = values_of(points)
    except ValueError as exc:
        problems.add(place, str(exc), "correct the point")
        return BlockDraft(block, told, [], values_of([]))
    return BlockDraft(block, told, points, core)
