"""A relay that is switched because somebody asked for it: written until it is read back, then only looked at.

    asked on   ─▶ write, exact echo, read back ─▶ shown; after its pulse written off, until that is read back
    asked off  ─▶ the same
    otherwise  ─▶ read back every few seconds: what it shows is what people see, never what was wished

Other than a horn it is not written again and again: somebody at the plant may have switched it meanwhile. A
request that nothing confirmed is given up and said so; only the end of a pulse is never given up. What rests
off by itself is written off at the start too, for a gateway may have ended within a pulse.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Final, Protocol

from edge.config_models import Switch
from edge.drivers.modbus.models import DeviceRefused, WriteSuperseded
from edge.drivers.models import Clock
from edge.outputs.models import Report

log = logging.getLogger(__name__)

LOOK_MS: Final = 5000
CONFIRM_MOST_MS: Final = 8000  # the centre waits ten seconds for an answer
CONFIRM_MARGIN_MS: Final = 1000
AGAIN_MS: Final = 1000
AT_THE_PLANT: Final = "switched at the plant"
SUPERSEDED: Final = "another request came meanwhile"


class SwitchWriter(Protocol):
    """What a switched output needs of its bus."""

    async def write_coils(
        self, unit: int, address: int, values: Sequence[bool], *, alarm: bool = False
    ) -> None:
        """Write and read back; returns when equal."""
        ...

    async def read_coil(self, unit: int, coil: int) -> bool:
        """Read back, and write nothing."""
        ...

    def hold_ms(self, unit: int) -> int:
        """Return H: so long a lost reply may keep the unit from being read back, as of now."""
        ...


class _Asked:
    """One request and where its outcome goes."""

    def __init__(self, on: bool) -> None:
        self.on = on
        self.outcome: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def end(self, reason: str) -> None:
        if not self.outcome.done():
            self.outcome.set_result(reason)


class Switched:
    """One relay of `[[outputs]]`. Run `run` as a task."""

    def __init__(self, table: Switch, bus: SwitchWriter, clock: Clock, report: Report) -> None:
        """Begin without knowing what it shows.

        Args:
            table: the relay.
            bus: owns the line.
            clock: of the gateway.
            report: hears what it shows when that changes, and when a pulse cannot be ended.
        """
        self.name = table.name
        self.ok = True
        self.shown: bool | None = None
        self._table = table
        self._bus = bus
        self._clock = clock
        self._report = report
        self._asked: _Asked | None = None
        self._poke = asyncio.Event()
        self._patience: asyncio.Timeout | None = None
        self._look_due = clock.mono_ms()
        self._off_due: int | None = clock.mono_ms() if table.pulse_s else None

    async def switch(self, on: bool) -> str:
        """Switch it; returns "" once it is read back so, or why it is not."""
        if self._asked is not None:
            self._asked.end(SUPERSEDED)
        asked = self._asked = _Asked(on)
        self._poke.set()
        if self._patience is not None and not self._patience.expired():
            self._patience.reschedule(0)  # a look, or the end of an earlier pulse, gives way
        return await asked.outcome

    async def run(self) -> None:
        """Do what is asked, end pulses and look, until cancelled; the relay is left as it is."""
        while True:
            self._poke.clear()
            asked, self._asked = self._asked, None
            if asked is not None:
                await self._do(asked)
                continue
            now = self._clock.mono_ms()
            due = self._look_due if self._off_due is None else min(self._look_due, self._off_due)
            if due > now:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout((due - now) / 1000):
                        await self._poke.wait()
            elif self._off_due is not None and self._off_due <= now:
                await self._rest()
            else:
                await self._look()

    async def _do(self, asked: _Asked) -> None:
        try:
            reason = await self._write(asked.on)
        except BaseException:
            asked.end("the gateway is ending")
            raise
        now = self._clock.mono_ms()
        if asked.on and self._table.pulse_s:
            # One that nothing confirmed may have switched on all the same.
            self._off_due = now if reason else now + int(self._table.pulse_s * 1000)
        elif not reason:
            self._off_due = None
        if reason:
            log.error("output %s was not switched %s: %s", self.name, _word(asked.on), reason)
            self._report(self.name, asked.on, False, reason)
            self._look_due = now
        else:
            self._shows(asked.on)
            self._follows()
        asked.end(reason)

    async def _rest(self) -> None:
        """End a pulse; try again until it is read back."""
        reason = await self._write(False)
        if reason in {"", SUPERSEDED}:
            if not reason:
                self._off_due = None
                self._shows(False)
                self._follows()
            return
        self._off_due = self._clock.mono_ms() + AGAIN_MS
        if self.ok and self.shown is not None:
            log.error("output %s does not end its pulse: %s", self.name, reason)
            self.ok = False
            self._report(self.name, False, False, f"its pulse could not be ended: {reason}")

    async def _look(self) -> None:
        self._look_due = self._clock.mono_ms() + LOOK_MS
        table = self._table
        try:
            async with asyncio.timeout(LOOK_MS / 1000) as self._patience:
                coil = await self._bus.read_coil(table.unit, table.coil)
        except (TimeoutError, DeviceRefused, WriteSuperseded):
            if not self._poke.is_set():
                self.shown = None
            return
        finally:
            self._patience = None
        shown = coil != table.inverted
        if self.shown is not None and shown != self.shown:
            log.warning("output %s is %s now, and nobody here asked for it", self.name, _word(shown))
            self._report(self.name, shown, True, AT_THE_PLANT)
        self.shown = shown

    async def _write(self, on: bool) -> str:
        table = self._table
        confirm_ms = min(self._bus.hold_ms(table.unit) + CONFIRM_MARGIN_MS, CONFIRM_MOST_MS)
        try:
            async with asyncio.timeout(confirm_ms / 1000) as self._patience:
                await self._bus.write_coils(table.unit, table.coil, [on != table.inverted])
        except TimeoutError:
            if self._poke.is_set():
                return SUPERSEDED
            return f"unit {table.unit} did not confirm coil {table.coil} within {confirm_ms / 1000:.0f} s"
        except WriteSuperseded:
            return SUPERSEDED
        except DeviceRefused as exc:
            return str(exc)
        finally:
            self._patience = None
        return ""

    def _shows(self, on: bool) -> None:
        self._look_due = self._clock.mono_ms() + LOOK_MS
        if on != self.shown:
            first, self.shown = self.shown is None, on
            if on or not first:  # what rests off at the start is no news
                self._report(self.name, on, True, "")

    def _follows(self) -> None:
        if not self.ok:
            self.ok = True
            self._report(self.name, bool(self.shown), True, "follows again")


def _word(on: bool) -> str:
    return "on" if on else "off"
