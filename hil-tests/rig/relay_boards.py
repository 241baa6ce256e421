"""Relay boards that time out by themselves, and one that does not: what is left when their master dies.

    PlainBoard      a coil keeps its state for ever
    TimedBoard      function 5 to 0x0200 + coil, value in tenths of a second: "flash on", then off by itself
    WatchdogBoard   all coils drop when no request came for `timeout_s`

The pulse is that of the common Chinese eight-channel boards (Waveshare Modbus RTU Relay: from memory). Each
board writes down when its relays changed, by the machine's monotonic clock.
"""

from __future__ import annotations

import struct
import threading
import time

from rig.slave import Slave, Unit

FLASH_ON = 0x0200


class PlainBoard(Unit):
    """Sixteen relays that know no time."""

    def energised(self, coil: int) -> bool:
        """Say whether a relay is pulled in at this moment."""
        return bool(self.coils[coil])


class TimedBoard(PlainBoard):
    """Relays with a timed pulse; writing the coil ends it."""

    def __init__(self, size: int = 16) -> None:
        super().__init__(size)
        self.until: dict[int, float] = {}
        self.pulses = 0
        self._lock = threading.RLock()  # who looks at a relay and who answers for it are two threads

    def energised(self, coil: int) -> bool:
        """Say whether a relay is pulled in at this moment."""
        with self._lock:
            self._let_go()
            return bool(self.coils[coil])

    def _let_go(self) -> None:
        now = time.monotonic()
        for coil, until in list(self.until.items()):
            if now >= until:
                del self.until[coil]
                self.coils[coil] = 0

    def answer(self, pdu: bytes) -> bytes:
        """Take a pulse, or answer as any other board."""
        with self._lock:
            self._let_go()
            return self._take(pdu)

    def _take(self, pdu: bytes) -> bytes:
        if pdu[0] == 5 and len(pdu) == 5:
            address, value = struct.unpack(">HH", pdu[1:5])
            if FLASH_ON <= address < FLASH_ON + self.size:
                self.requests += 1
                self.pulses += 1
                self.coils[address - FLASH_ON] = 1
                self.until[address - FLASH_ON] = time.monotonic() + value / 10
                return pdu[:5]
        if pdu[0] in (5, 15):
            first, count = struct.unpack(">HH", pdu[1:5])
            for coil in range(first, first + (1 if pdu[0] == 5 else count)):
                self.until.pop(coil, None)
        return super().answer(pdu)


class WatchdogBoard(PlainBoard):
    """Relays that all drop when the line falls silent."""

    def __init__(self, size: int = 16, timeout_s: float = 0.9) -> None:
        super().__init__(size)
        self.timeout_s = timeout_s
        self.heard = time.monotonic()
        self.trips = 0
        self._lock = threading.RLock()

    def _look(self) -> None:
        if time.monotonic() - self.heard >= self.timeout_s and any(self.coils):
            self.coils[:] = bytes(self.size)
            self.trips += 1

    def energised(self, coil: int) -> bool:
        """Say whether a relay is pulled in at this moment."""
        with self._lock:
            self._look()
            return bool(self.coils[coil])

    def answer(self, pdu: bytes) -> bytes:
        """Hear a request: that alone keeps the relays in."""
        with self._lock:
            self._look()
            self.heard = time.monotonic()
            return super().answer(pdu)


def with_board(board: PlainBoard, number: int = 10) -> Slave:
    """Return an instrument (unit 1) and a relay board (unit `number`) behind one port."""
    slave = Slave(1, number)
    slave.units[number] = board
    return slave
