"""Feeds the watchdogs while every part meets its deadline; ends a gateway that has outgrown its memory.

Fed once a second: a task that hangs is found when its own deadline has passed, an event loop that hangs by
the watchdog's time-out itself, because nobody feeds it any more.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from edge.supervision import guards
from edge.supervision.deadlines import Deadlines
from edge.supervision.watchdog import Watchdog

log = logging.getLogger(__name__)

FEED_S: Final = 1.0


class Supervisor:
    """Looks once a second; `probes` are asked for signs of life that come by looking, not by telling."""

    def __init__(
        self,
        deadlines: Deadlines,
        probes: Mapping[str, Callable[[], bool]],
        watchdogs: Sequence[Watchdog],
        mono_ms: Callable[[], int],
        folder: Path,
        memory_limit: int,
        end: Callable[[str], None],
    ) -> None:
        """Prepare.

        Args:
            deadlines: of every part; the parts themselves or the probes meet them.
            probes: by part: whether it shows a sign of life at this moment.
            watchdogs: fed while nothing is overdue.
            mono_ms: monotonic time.
            folder: whose disk is looked at.
            memory_limit: bytes; 0: none.
            end: called with the reason when the gateway should end in good order and begin again.
        """
        self._deadlines = deadlines
        self._probes = probes
        self._watchdogs = watchdogs
        self._mono_ms = mono_ms
        self._folder = folder
        self._memory_limit = memory_limit
        self._end = end
        self._told: list[str] = []
        self._short = False

    @property
    def overdue(self) -> list[str]:
        """The parts that hang, as of the last look."""
        return self._told

    async def run(self) -> None:
        """Look and feed until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(FEED_S)

    def look(self) -> None:
        """Ask the probes, feed or withhold, and guard memory and disk."""
        now = self._mono_ms()
        for name, probe in self._probes.items():
            if probe():
                self._deadlines.met(name, now)
        overdue = self._deadlines.overdue(now)
        if overdue != self._told:
            for name in overdue:
                if name not in self._told:
                    log.error(
                        "%s has shown no sign of life for %d ms", name, self._deadlines.silence(name, now)
                    )
            for name in self._told:
                if name not in overdue:
                    log.warning("%s is alive again", name)
            self._told = overdue
        if not overdue:
            for watchdog in self._watchdogs:
                watchdog.feed()
        self._guard()

    def _guard(self) -> None:
        room = guards.look(self._folder)
        if guards.memory_spent(room, self._memory_limit):
            self._end(
                f"{room.memory >> 20} MiB of memory are more than the {self._memory_limit >> 20} allowed"
            )
        short = guards.disk_short(room)
        if short != self._short:
            self._short = short
            if short:
                log.warning("the disk of %s has only %d MiB left", self._folder, room.disk_free >> 20)
            else:
                log.info("the disk of %s has room again", self._folder)
