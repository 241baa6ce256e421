"""Runs a line of text instruments: the shared task of a serial port with the dialect of their lines."""

from __future__ import annotations

from collections.abc import Callable

from edge.drivers.asking import AskingBus
from edge.drivers.dialect import Wire
from edge.drivers.models import BlockReading, Clock, Tape
from edge.drivers.serial_line.frame import Framing
from edge.drivers.serial_line.plan import Instrument, Lines
from edge.drivers.serial_line.settings import Bus


def driver(
    bus: Bus,
    wire: Wire,
    instruments: list[Instrument],
    framing: Framing,
    sink: Callable[[BlockReading], None],
    clock: Clock,
    tape: Tape | None,
) -> AskingBus:
    """Build the task that owns the port."""
    return AskingBus(bus, wire, Lines(instruments, framing, named=wire.named), sink, clock, tape)
