"""A horn, beacon or relay on a pin of the board: set at once, read back, taken again after a fault."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from edge.config_models import Gpio
from edge.outputs.follower import Follower
from edge.outputs.models import Report

LOOK_S: Final = 1.0
CONSUMER: Final = "fengsui"


class Pin(Protocol):
    """One requested output line."""

    def write(self, on: bool) -> None:
        """Drive it; raises OSError."""
        ...

    def read(self) -> bool:
        """Read back what the line shows; raises OSError."""
        ...

    def release(self) -> None:
        """Give it back to the kernel."""
        ...


class GpiodPin:
    """A line through libgpiod 2 (the character device; the old sysfs interface is not used)."""

    def __init__(self, table: Gpio, on: bool) -> None:
        """Request the line as an output that shows `on` from the first moment.

        Raises:
            OSError: no such chip or line, or another program holds it.
        """
        import gpiod
        from gpiod.line import Direction, Value

        self._line = table.line
        self._values = {True: Value.ACTIVE, False: Value.INACTIVE}
        settings = gpiod.LineSettings(
            direction=Direction.OUTPUT, active_low=table.inverted, output_value=self._values[on]
        )
        self._request = gpiod.request_lines(table.gpio, {table.line: settings}, consumer=CONSUMER)

    def write(self, on: bool) -> None:
        """Drive the line."""
        self._request.set_value(self._line, self._values[on])

    def read(self) -> bool:
        """Read the line."""
        return bool(self._request.get_value(self._line) == self._values[True])

    def release(self) -> None:
        """Give the line back; what it then shows is the board's doing."""
        self._request.release()


class GpioOutput(Follower):
    """One pin. `set` drives it at once: no bus and no task lies between an alarm and its horn."""

    def __init__(
        self, name: str, table: Gpio, report: Report, request: Callable[[Gpio, bool], Pin] = GpiodPin
    ) -> None:
        """Begin without the line.

        Args:
            name: for events, "main.horn".
            table: which chip and line.
            report: hears what became of it.
            request: takes the line; another board's library may stand here.
        """
        super().__init__(name, report)
        self._table = table
        self._request = request
        self._pin: Pin | None = None
        self._wanted: bool | None = None
        self._changed = asyncio.Event()

    @property
    def wanted(self) -> bool:
        """Whether it should be on."""
        return bool(self._wanted)

    def set(self, on: bool) -> None:
        """Want it on or off."""
        if on == self._wanted:
            return
        self._wanted = on
        if self._pin is not None:
            with contextlib.suppress(OSError):  # the task reads it back and says what is wrong
                self._pin.write(on)
        self._changed.set()

    async def run(self) -> None:
        """Hold the line and look at it once a second, until cancelled; the pin is then given back."""
        try:
            while True:
                self._changed.clear()
                if self._wanted is not None:
                    self.told(self._wanted, self._hold(self._wanted))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):
                        await self._changed.wait()
        finally:
            self._drop()

    def _hold(self, on: bool) -> str:
        try:
            if self._pin is None:
                self._pin = self._request(self._table, on)
            self._pin.write(on)
            if self._pin.read() != on:
                return f"{self._where} does not show what it was told; is something else driving it?"
        except OSError as exc:
            self._drop()
            if not Path(self._table.gpio).exists():
                return f"{self._table.gpio} is not there; name a chip that `gpiodetect` lists"
            return f"{self._where}: {exc.strerror or exc}"
        return ""

    @property
    def _where(self) -> str:
        return f"{self._table.gpio} line {self._table.line}"

    def _drop(self) -> None:
        pin, self._pin = self._pin, None
        if pin is not None:
            with contextlib.suppress(OSError):
                pin.release()
