"""One task that owns one Modbus bus: polls, output writes and their read-back all go through it, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from edge.drivers.modbus.models import BlockReading, BusConfig
from edge.drivers.modbus.plan import plan


class Clock(Protocol):
    """The two times of the gateway, in milliseconds."""

    def utc_ms(self) -> int:
        """Return the time of day, UTC."""
        ...

    def mono_ms(self) -> int:
        """Return the clock that never jumps."""
        ...


class Bus:
    """One TCP connection or serial line. `sink` is called for every poll, good or bad, from the bus's task."""

    def __init__(self, config: BusConfig, sink: Callable[[BlockReading], None], clock: Clock) -> None:
        self.config = config
        self.plan = plan(config)
        self._sink = sink
        self._clock = clock

    async def run(self) -> None:
        """Connect, poll and reconnect until cancelled."""
        raise NotImplementedError

    async def write_coils(self, unit: int, address: int, values: Sequence[bool]) -> None:
        """Write coils ahead of all polls, repeat until the exact echo came, read back, and return when equal.

        It never gives up by itself: bound it with `asyncio.timeout`, or write again (the older call then ends
        with WriteSuperseded).

        Raises:
            ValueError: the coils are no declared output of the unit.
            DeviceRefused: the instrument answered with an exception code.
            WriteSuperseded: a newer write to the same output took its place.
        """
        raise NotImplementedError(unit, address, values)
