"""A serial device at which stations report: one peer, never closed, its begun frames dropped."""

from __future__ import annotations

import logging
from typing import Final

from edge.drivers.listener import REOPEN_FIRST_MS, REOPEN_LAST_MS, DoorStats, Patience, Talk
from edge.drivers.listening import ListeningBus
from edge.drivers.models import Clock, Tape
from edge.drivers.serial_port import SerialPort
from edge.drivers.serial_settings import SerialTable

log = logging.getLogger(__name__)

PAUSE_MS: Final = 2000  # a frame that pauses for so long will not go on (radio modems tarry up to a second)


class SerialDoor:
    """The device of a bus; opened again when it was unplugged."""

    def __init__(
        self, bus: ListeningBus, talk: Talk, clock: Clock, tape: Tape | None, pause_ms: int = PAUSE_MS
    ) -> None:
        """Prepare; `keep` opens."""
        settings = SerialTable(
            name=bus.name,
            kind=bus.kind,
            device=bus.device,
            baudrate=bus.baudrate,
            parity=bus.parity,
            stopbits=bus.stopbits,
            bytesize=bus.bytesize,
        )
        self.stats = DoorStats()
        self.name = bus.device
        self._bus = bus.name
        self._talk = talk
        self._clock = clock
        self._pause_ms = pause_ms
        self._port = SerialPort(settings, self._take, self._lost, tape)
        self._patience = Patience(talk, self, clock.mono_ms())
        self._wait_ms = 0
        self._again_ms = 0
        self._reason = f"{self.name} is not open yet"

    @property
    def is_open(self) -> bool:
        """Whether the device is open."""
        return self._port.is_open

    @property
    def reason(self) -> str:
        """Why the device is not open."""
        return "" if self.is_open else self._reason

    async def keep(self) -> None:
        """Open the device if it is not, and drop a frame that pauses."""
        now = self._clock.mono_ms()
        if self.is_open:
            if self._patience.begun_ms >= 0 and now - self._patience.heard_ms > self._pause_ms:
                self.stats.closed_slow += 1
                self._patience.conversation.settle()
                self._patience.begun_ms = -1
            return
        if now < self._again_ms:
            return
        why = await self._port.open()
        if why:
            self._reason = why
            if self._wait_ms == 0:
                log.warning("bus %s: %s", self._bus, why)
            self._wait_ms = min(max(2 * self._wait_ms, REOPEN_FIRST_MS), REOPEN_LAST_MS)
            self._again_ms = now + self._wait_ms
            return
        self._wait_ms = 0
        self._patience = Patience(self._talk, self, now)
        self.stats.opened += 1
        self.stats.connections = 1
        log.info("bus %s: reads %s", self._bus, self._port.where)

    def close(self) -> None:
        """Close the device."""
        self._port.close()
        self.stats.connections = 0

    def send(self, data: bytes) -> None:
        """Send an answer."""
        self.stats.bytes_out += len(data)
        self._port.write(data)

    def _take(self, data: bytes) -> None:
        self.stats.bytes_in += len(data)
        self._patience.take(data, self._clock.mono_ms())

    def _lost(self) -> None:
        self._reason = f"{self.name} was lost"
        self.stats.connections = 0
        self._again_ms = self._clock.mono_ms() + REOPEN_FIRST_MS
        log.warning("bus %s: %s", self._bus, self._reason)
