"""The keys that every bus on a serial port shares, whether the port is here or behind a serial server."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec

from edge.config_models import BusTable
from edge.strict import Problems

OVERLOADED: Final = 0.7  # of a line's time: above it a late reply pushes the next questions out


class SerialTable(BusTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A port of this machine (`device`), or one that a serial server offers by TCP (`host`, `port`).

    `timeout_ms` is how long an instrument may take before it begins to answer; the time for the characters
    and `adapter_ms` (USB adapters hold bytes back for up to 20 ms) come on top of it.
    """

    device: str = ""
    baudrate: Annotated[int, msgspec.Meta(ge=300, le=4_000_000)] = 9600
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    bytesize: Literal[7, 8] = 8
    host: str = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] | None = None
    timeout_ms: Annotated[int, msgspec.Meta(ge=20, le=10_000)] = 500
    adapter_ms: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 20

    def where(self) -> str:
        """Say in words where the port is."""
        if self.host:
            return f"{self.host}:{self.port}"
        return f"{self.device} {self.baudrate} {self.bytesize}{self.parity}{self.stopbits}"

    def characters_ms(self, count: int) -> int:
        """Return how long so many characters take on the wire, in ms, rounded up."""
        bits = 1 + self.bytesize + (self.parity != "N") + self.stopbits
        return -(-count * bits * 1000 // self.baudrate)


def check_port(bus: SerialTable, place: str, problems: Problems) -> None:
    """Note when a bus names no port, two, or half of one."""
    if bus.device and bus.host:
        problems.add(f"{place}.host", "there is a device too", "keep one of device and host")
    elif bus.host and bus.port is None:
        problems.add(f"{place}.port", "missing", "name the TCP port of the serial server, for example 4001")
    elif not bus.device and not bus.host:
        problems.add(
            f"{place}.device",
            "missing",
            'name the port: device = "/dev/serial/by-path/…", or host and port of a serial server',
        )
    elif bus.device and bus.port is not None:
        problems.add(f"{place}.port", "belongs to a serial server", "remove it, or name the host as well")


def way_of(bus: SerialTable) -> tuple[str, str] | None:
    """Return what only one bus may use."""
    if bus.host:
        return "host", f"{bus.host}:{bus.port}"
    return ("device", bus.device) if bus.device else None


def check_load(questions: Sequence[tuple[float, int]], place: str, problems: Problems) -> float:
    """Add up how busy a line will be, and refuse more than it can bear, with the arithmetic.

    Args:
        questions: (what one takes, how often it is asked), both in ms.
        place: of the bus.
        problems: takes the refusal.

    Returns:
        The share of the line's time; 1.0 is all of it.
    """
    load = sum(took / period for took, period in questions)
    if load > OVERLOADED:
        least = min(took for took, _ in questions)
        most = max(took for took, _ in questions)
        each = f"{most:.0f} ms" if least == most else f"{least:.0f} to {most:.0f} ms"
        problems.add(
            place,
            f"{len(questions)} questions of {each} each, as often as they are asked, need {load:.0%} of the"
            f" line's time; {OVERLOADED:.0%} leaves room for late answers",
            "raise poll_interval_ms or the baud rate, or spread the instruments over two lines",
        )
    return load
