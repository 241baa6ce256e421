"""A horn, beacon or relay behind a Modbus coil: wanted state in, coil and a word about success out.

The coil is written at once when the wanted state changes, and again every few seconds: a relay board that
lost its supply during an alarm sounds again by itself. Writes are idempotent and confirmed by reading back.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Final, Protocol

from edge.drivers.modbus.models import DeviceRefused
from edge.outputs.follower import Follower
from edge.outputs.models import Report

REASSERT_ON_S: Final = 5.0
REASSERT_OFF_S: Final = 30.0
CONFIRM_MARGIN_S: Final = 1.0
RETRY_S: Final = 1.0
SUPERSEDED: Final = "another state is wanted by now"


class CoilWriter(Protocol):
    """What an output needs of its bus."""

    async def write_coils(
        self, unit: int, address: int, values: Sequence[bool], *, alarm: bool = False
    ) -> None:
        """Write and read back; returns when equal. `alarm` goes before everything else."""
        ...

    def hold_ms(self, unit: int) -> int:
        """Return H: so long a lost reply may keep the unit from being read back, as of now."""
        ...


class CoilOutput(Follower):
    """One coil. Run `run` as a task; `set` may be called at any time and never waits."""

    def __init__(
        self,
        name: str,
        bus: CoilWriter,
        unit: int,
        coil: int,
        inverted: bool,
        report: Report,
    ) -> None:
        """Begin unwritten: nothing is sent before the first `set`.

        Args:
            name: for events, "main.horn".
            bus: owns the line; for as long as it holds a unit back after a lost reply, and a second more, a
                missing confirmation is not told.
            unit: of the relay board.
            coil: counted from 0.
            inverted: the relay sounds when it drops out.
            report: hears what became of it.
        """
        super().__init__(name, report)
        self._bus = bus
        self._unit = unit
        self._coil = coil
        self._inverted = inverted
        self._wanted: bool | None = None
        self._changed = asyncio.Event()
        self._unconfirmed_from: float | None = None
        self._patience: asyncio.Timeout | None = None

    @property
    def wanted(self) -> bool:
        """Whether it should be on."""
        return bool(self._wanted)

    def set(self, on: bool) -> None:
        """Want it on or off; a write of the other state that still waits is given up at once."""
        if on != self._wanted:
            self._wanted = on
            self._changed.set()
            if self._patience is not None and not self._patience.expired():
                self._patience.reschedule(0)

    async def run(self) -> None:
        """Make the coil follow until cancelled; the coil is left as it is."""
        while True:
            if self._wanted is None:
                await self._changed.wait()
            self._changed.clear()
            on = self.wanted
            reason = await self._write(on)
            if reason == SUPERSEDED:
                continue
            self.told(on, reason)
            again = REASSERT_ON_S if on else REASSERT_OFF_S
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S if reason else again):
                    await self._changed.wait()

    async def _write(self, on: bool) -> str:
        """Write once; returns "", why it did not work, or SUPERSEDED.

        A beacon that flashes faster than its board confirms is given up each time: time counts from the
        first write that nothing confirmed.
        """
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._unconfirmed_from is None:
            self._unconfirmed_from = now
        confirm_s = self._bus.hold_ms(self._unit) / 1000 + CONFIRM_MARGIN_S
        due = self._unconfirmed_from + confirm_s
        try:
            async with asyncio.timeout_at(due if due > now else now + confirm_s) as self._patience:
                await self._bus.write_coils(self._unit, self._coil, [on != self._inverted], alarm=on)
        except TimeoutError:
            if loop.time() < due:
                return SUPERSEDED
            return f"unit {self._unit} did not confirm coil {self._coil} within {confirm_s:.0f} s"
        except DeviceRefused as exc:
            return str(exc)
        finally:
            self._patience = None
        self._unconfirmed_from = None
        return ""
