"""Brings a plant to life: its physics moves, its instruments show it, its relays are heard."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from central.demo.instruments import FieldBus, serial_line
from central.demo.plants import Site

_STEP_S = 0.2
_PRESS_S = 0.8
_BEACON_QUIET_S = 3.0


class LivePlant:
    """One plant in motion; `tell(kind, site)` hears leak, calm, press, horn, quiet, beacon and dark."""

    def __init__(self, site: Site, tell: Callable[[str, Site], None]) -> None:
        self.site = site
        self.model = site.model()
        self.port = 0
        self.device = ""
        self.horn = False
        self.beacon = False
        self._tell = tell
        self._bus = FieldBus(site.instruments)

    @asynccontextmanager
    async def wired(self, folder: Path, port: int) -> AsyncIterator[None]:
        """Lay the field bus, on TCP `port` or a device in `folder`: see `port` and `device` afterwards."""
        async with contextlib.AsyncExitStack() as stack:
            if self.site.bus == "rtu":
                link = folder / "rs485"
                self.device = str(link)
                await self._bus.serve_serial(stack.enter_context(serial_line(link)))
            else:
                await self._bus.serve_tcp(port)
                self.port = self._bus.port
            stack.push_async_callback(self._bus.close)
            await self._bus.show(self.model.readings)
            yield

    async def live(self) -> None:
        """Let time pass until cancelled."""
        before = time.monotonic()
        beacon_seen = 0.0
        while True:
            await asyncio.sleep(_STEP_S)
            now = time.monotonic()
            # A laptop that slept must not make the plant jump: at most a second at a time.
            self.model.step(min(now - before, 1.0))
            before = now
            await self._bus.show(self.model.readings)
            horn, beacon = await self._bus.relays()
            if horn != self.horn:
                self.horn = horn
                self._tell("horn" if horn else "quiet", self.site)
            if beacon:
                beacon_seen = now
            # A flashing beacon is on and off all the time; it is dark when it stayed off for a while.
            lit = now - beacon_seen < _BEACON_QUIET_S and beacon_seen > 0
            if lit != self.beacon:
                self.beacon = lit
                self._tell("beacon" if lit else "dark", self.site)

    async def press(self) -> None:
        """Somebody at the plant presses the button, as long as a hand does."""
        self._tell("press", self.site)
        await self._bus.hold_button(_PRESS_S)

    def leak(self) -> None:
        """Something breaks."""
        self.model.leak()
        self._tell("leak", self.site)

    def calm(self) -> None:
        """The leak is stopped."""
        self.model.calm()
        self._tell("calm", self.site)
