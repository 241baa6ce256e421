"""A serial port for minimalmodbus: it keeps what was read, switches the direction, and stops when told to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import serial

from edge.drivers.modbus.frame import crc
from edge.drivers.modbus.models import BusConfig
from edge.drivers.modbus.opening import heed_parity
from edge.drivers.models import Clock

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

WRITE_S = 1.0
SLICE_S = 0.02  # how soon a reading port notices that it shall stop


class HeardPort(serial.Serial):
    """A serial port that keeps what was read, switches the direction by RTS, and can be told to stop."""

    def __init__(self, config: BusConfig, clock: Clock, stop: threading.Event) -> None:
        """Open the port, for this process alone.

        Raises:
            OSError: it can't be opened.
            termios.error, ValueError: it refuses its settings.
        """
        self.heard = bytearray()
        self.reply_ms = 0
        self._clock = clock
        self._stop = stop
        self._by_rts = config.rts_to_send
        super().__init__(
            config.device,
            baudrate=config.baudrate,
            parity=config.parity,
            stopbits=config.stopbits,
            timeout=SLICE_S,
            write_timeout=WRITE_S,
            exclusive=True,
        )

    def open(self) -> None:
        """Open the port, also again after a call that closed it."""
        super().open()
        if self.parity != serial.PARITY_NONE:
            heed_parity(self.fileno())

    def write(self, b: ReadableBuffer, /) -> int | None:
        """Send bytes; RTS is up from before the first until the last has left the adapter's buffer."""
        if not self._by_rts:
            return super().write(b)
        self.rts = True
        try:
            count = super().write(b)
            self.flush()
        finally:
            self.rts = False
        return count

    def read(self, size: int = 1, /) -> bytes:
        """Read `size` bytes, or a whole exception reply, or what came until the time is up."""
        until = self._clock.mono_ms() + self.reply_ms
        data = b""
        while len(data) < size and not self._stop.is_set():
            data += super().read(min(size - len(data), max(1, self.in_waiting)))
            refused = len(data) == 5 and data[1] & 0x80 and crc(data) == 0
            if refused or self._clock.mono_ms() >= until:
                break
        self.heard += data
        return data
