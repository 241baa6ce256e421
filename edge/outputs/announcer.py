"""One loudspeaker or screen: takes what stands, tells it by its program, says when its device does not."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Final

from edge.drivers.models import Clock
from edge.outputs.models import Announcement, Device, NotTold, Report
from edge.outputs.program import Program

log = logging.getLogger(__name__)

RETRY_MS: Final = (1000, 2000, 5000, 10_000, 30_000)
PATIENCE_S: Final = 10.0  # one text; a device that takes longer is as good as gone


class Announcing:
    """Runs one device. Nothing here ever waits for it but its own task."""

    def __init__(
        self,
        name: str,
        device: Device,
        program: Program,
        volume: Callable[[int, int], int],
        clock: Clock,
        report: Report,
    ) -> None:
        """Begin with nothing to tell.

        Args:
            name: for events, "main.gate".
            device: what speaks or shows.
            program: what to tell next.
            volume: by UTC milliseconds and priority, in percent.
            clock: of the gateway.
            report: hears when the device stops or begins to follow.
        """
        self.name = name
        self.ok = True
        self._device = device
        self._program = program
        self._volume = volume
        self._clock = clock
        self._report = report
        self._changed = asyncio.Event()
        self._failures = 0
        self._told_once = False

    def tell(self, standing: Sequence[Announcement]) -> None:
        """Take what stands now."""
        self._program.take(standing)
        self._changed.set()

    async def run(self) -> None:
        """Tell until cancelled."""
        try:
            while True:
                self._changed.clear()
                now = self._clock.mono_ms()
                item = self._program.next(now)
                wait: int | None
                if item is None:
                    due = self._program.due(now)
                    wait = None if due is None else max(0, due - now)
                else:
                    reason = await self._send(item.text, item.priority)
                    if not reason:
                        self._program.told(item, self._clock.mono_ms())
                    self._judge(bool(item.alarms), reason)
                    wait = RETRY_MS[min(self._failures, len(RETRY_MS)) - 1] if reason else 0
                if wait is None:
                    await self._changed.wait()
                elif wait:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(wait / 1000):
                            # A failed device is not hurried by news: it gets all of it when it is back.
                            await (asyncio.sleep(wait / 1000) if self._failures else self._changed.wait())
        finally:
            await self._device.close()

    async def _send(self, text: str, priority: int) -> str:
        volume = self._volume(self._clock.utc_ms(), priority)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._device.send(text, volume, priority)
        except TimeoutError:
            return f"{self._device.where} did not take it within {PATIENCE_S:.0f} s"
        except NotTold as exc:
            return f"{self._device.where}: {exc}"
        return ""

    def _judge(self, on: bool, reason: str) -> None:
        ok = not reason
        self._failures = 0 if ok else self._failures + 1
        if ok == self.ok and (self._told_once or not ok):
            return
        if not ok:
            log.error("announcer %s: %s", self.name, reason)
        elif not self.ok:
            log.info("announcer %s follows again", self.name)
        if ok != self.ok:
            self._report(self.name, on, ok, reason or "follows again")
        self._told_once = self._told_once or ok
        self.ok = ok
