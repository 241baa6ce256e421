"""Runs a line of DL/T 645 meters: the shared task of a serial port with the meters' dialect."""

from __future__ import annotations

from collections.abc import Callable

from edge.drivers.asking import AskingBus
from edge.drivers.dialect import Wire
from edge.drivers.dlt645.plan import Meters, Question
from edge.drivers.dlt645.settings import Bus
from edge.drivers.models import BlockReading, Clock, Tape


def driver(
    bus: Bus,
    wire: Wire,
    questions: list[Question],
    sink: Callable[[BlockReading], None],
    clock: Clock,
    tape: Tape | None,
) -> AskingBus:
    """Build the task that owns the port."""
    return AskingBus(bus, wire, Meters(questions), sink, clock, tape)
