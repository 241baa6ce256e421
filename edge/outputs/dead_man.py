"""A pin that is toggled while all is well: the retriggerable monostable behind it drops when that ends.

    pin   ¯|_|¯|_|¯|_|¯|________   a level that stays is a level that somebody forgot, high or low
    relay ¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯¯|______  drops `timeout_ms` after the last edge: the horn sounds

An alarm, an alarm engine that hangs and a process that is gone all look the same to it: no more edges.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from edge.config_models import Gpio
from edge.drivers.models import Clock
from edge.outputs.follower import Held
from edge.outputs.gpio import GpiodPin, Pin
from edge.outputs.hold import Heart
from edge.outputs.models import Report

AGAIN_MS: Final = 1000  # a pin that could not be taken is asked for again


class DeadMan(Held):
    """One toggled pin; `wanted` is the alarm: it is toggled while it is not wanted."""

    def __init__(
        self,
        name: str,
        table: Gpio,
        heart: Heart,
        clock: Clock,
        report: Report,
        request: Callable[[Gpio, bool], Pin] = GpiodPin,
    ) -> None:
        """Begin without the line, dropped.

        Args:
            name: for events, "main.horn".
            table: chip and line, with its `hold`.
            heart: says whether it may be held.
            clock: of the gateway.
            report: hears what became of it.
            request: takes the line; another board's library may stand here.

        Raises:
            ValueError: the table holds nothing.
        """
        if table.hold is None:
            raise ValueError(f"{name} is not held")
        super().__init__(name, report)
        self._table = table
        self._toggle_ms = table.hold.renew_ms
        self._heart = heart
        self._clock = clock
        self._request = request
        self._pin: Pin | None = None
        self._level = False
        self._wanted: bool | None = None
        self._changed = asyncio.Event()

    @property
    def wanted(self) -> bool:
        """Whether it should sound."""
        return bool(self._wanted)

    def set(self, on: bool) -> None:
        """Want it to sound or not."""
        if on != self._wanted:
            self._wanted = on
            self._changed.set()

    async def run(self) -> None:
        """Toggle, or leave it, until cancelled; the pin is then given back and the relay drops."""
        try:
            while True:
                self._changed.clear()
                stopped = self._heart.stopped(self._clock.mono_ms())
                reason = ""
                if self._wanted is not None and self._heart.count:
                    reason = self._edge(self.wanted or bool(stopped))
                    self.let_go(stopped, self.wanted)
                    self.told(self.wanted, reason)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout((AGAIN_MS if reason else self._toggle_ms) / 1000):
                        await self._changed.wait()
        finally:
            self._drop()

    def _edge(self, sounds: bool) -> str:
        try:
            if self._pin is None:
                self._pin = self._request(self._table, self._level)
            if sounds:
                return ""
            self._level = not self._level
            self._pin.write(self._level)
            if self._pin.read() != self._level:
                return f"{self._table.gpio} line {self._table.line} does not show what it was told"
        except OSError as exc:
            self._drop()
            return f"{self._table.gpio} line {self._table.line}: {exc.strerror or exc}"
        return ""

    def _drop(self) -> None:
        pin, self._pin = self._pin, None
        if pin is not None:
            with contextlib.suppress(OSError):
                pin.release()
