"""A relay that is held energised while all is well, on a board that lets go by itself; its drop sounds.

    quiet, and the alarm engine lives    a pulse or the coil is written every third of the board's time-out
    alarm                                the coil is written off at once, and again every few seconds
    the engine or a bus hangs            the coil is written off; nothing is renewed
    this process is gone                 nobody renews: the board lets go

Each renewal is an output write like any other (exact echo, repeated, never held back by a quarantine); it is
read back once in a while, because a read-back for each would double what the line carries.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Final, Protocol

from edge.config_models import Coil
from edge.drivers.modbus.models import DeviceRefused, WriteSuperseded
from edge.drivers.models import Clock
from edge.outputs.follower import Held
from edge.outputs.hold import Heart
from edge.outputs.models import Report

log = logging.getLogger(__name__)

LOOK_MS: Final = 2000  # between two read-backs of a held relay
AGAIN_MS: Final = 1000  # a dropped relay is written off again
MARGIN_MS: Final = 1000
FIRST_S: Final = 0.05


class PulseWriter(Protocol):
    """What a held relay needs of its bus."""

    async def write_coils(
        self, unit: int, address: int, values: Sequence[bool], *, alarm: bool = False, look: bool = True
    ) -> None:
        """Write; with `look` read back; returns when equal."""
        ...

    async def write_pulse(
        self, unit: int, coil: int, request: tuple[int, int, int], *, look: bool = True
    ) -> None:
        """Write (function 5 or 6, address, value), which energises `coil` for a while."""
        ...

    def hold_ms(self, unit: int) -> int:
        """Return H: so long a lost reply may keep the unit from being read back, as of now."""
        ...


class HeldCoil(Held):
    """One held relay; `wanted` is the alarm: the relay is energised while it is not wanted."""

    def __init__(
        self, name: str, bus: PulseWriter, table: Coil, heart: Heart, clock: Clock, report: Report
    ) -> None:
        """Begin dropped.

        Args:
            name: for events, "main.horn".
            bus: owns the line.
            table: the relay, with its `hold`.
            heart: says whether it may be held.
            clock: of the gateway.
            report: hears what became of it.

        Raises:
            ValueError: the table holds nothing.
        """
        if table.hold is None:
            raise ValueError(f"{name} is not held")
        super().__init__(name, report)
        self._bus = bus
        self._table = table
        self._pulse: tuple[int, int, int] | None = None
        if table.hold.style == "pulse":
            held = table.hold
            self._pulse = (held.function, held.address or 0, held.timeout_ms // held.step_ms)
        self._renew_ms = table.hold.renew_ms
        self._heart = heart
        self._clock = clock
        self._wanted: bool | None = None
        self._changed = asyncio.Event()
        self._patience: asyncio.Timeout | None = None
        self._looked_ms: int | None = None
        self._doubt_ms: int | None = None  # since when nothing has confirmed it

    @property
    def wanted(self) -> bool:
        """Whether it should sound."""
        return bool(self._wanted)

    def set(self, on: bool) -> None:
        """Want it to sound or not; a write that still waits is given up at once."""
        if on != self._wanted:
            self._wanted = on
            self._looked_ms = None
            self._changed.set()
            if self._patience is not None and not self._patience.expired():
                self._patience.reschedule(0)

    async def run(self) -> None:
        """Hold it, or let it go, until cancelled; it then drops by itself."""
        while True:
            if self._wanted is None:
                await self._changed.wait()
            if not self._heart.count:  # a start is no fault: the first round of the engine is near
                await asyncio.sleep(FIRST_S)
                continue
            self._changed.clear()
            began = self._clock.mono_ms()
            stopped = self._heart.stopped(began)
            sounds = self.wanted or bool(stopped)
            reason, looked = await self._write(sounds, began)
            if not self._changed.is_set():
                self._told(stopped, reason, looked)
            rest = began + (AGAIN_MS if sounds and not stopped else self._renew_ms) - self._clock.mono_ms()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, rest / 1000)):
                    await self._changed.wait()

    async def _write(self, sounds: bool, began: int) -> tuple[str, bool]:
        """Write once, no longer than until the next; returns (why it does not follow, was it read back)."""
        look = sounds or self._looked_ms is None or began - self._looked_ms >= LOOK_MS
        unit, coil = self._table.unit, self._table.coil
        if self._doubt_ms is None and look:
            self._doubt_ms = began
        try:
            async with asyncio.timeout((AGAIN_MS if sounds else self._renew_ms) / 1000) as self._patience:
                if sounds:
                    await self._bus.write_coils(unit, coil, [False], alarm=True)
                elif self._pulse is not None:
                    await self._bus.write_pulse(unit, coil, self._pulse, look=look)
                else:
                    await self._bus.write_coils(unit, coil, [True], look=look)
        except (TimeoutError, WriteSuperseded):
            return self._unconfirmed(), False
        except DeviceRefused as exc:
            return str(exc), False
        finally:
            self._patience = None
        if look:
            self._looked_ms = self._clock.mono_ms()
            self._doubt_ms = None
        return "", look

    def _unconfirmed(self) -> str:
        most = self._bus.hold_ms(self._table.unit) + MARGIN_MS
        if self._doubt_ms is None:
            self._doubt_ms = self._clock.mono_ms()
        if self._clock.mono_ms() - self._doubt_ms < most:
            return ""
        return f"unit {self._table.unit} did not confirm coil {self._table.coil} within {most / 1000:.0f} s"

    def _told(self, stopped: str, reason: str, looked: bool) -> None:
        self.let_go(stopped, self.wanted)
        if reason and self.ok:
            log.error("output %s does not follow: %s", self.name, reason)
            self.ok = False
            self._report(self.name, self.wanted, False, reason)
        elif looked and not reason:
            recovered = "" if self.ok else "follows again"
            self.ok = True
            if (self.wanted != self.confirmed or recovered) and not stopped:
                self.confirmed = self.wanted
                self._report(self.name, self.wanted, True, recovered)
