"""An instrument that remembers what it showed, so that a checker can compare it with what was stored.

Every full read of its block shows a new number, so each poll can be told from every other:

    register 0-1   count        uint32, one more with each read answered
    register 2-3   check        uint32, count XOR 0xA5A5A5A5: a value mixed of two reads contradicts itself
    register 4     level        uint16, what `level` is set to; alarms hang on it
"""

from __future__ import annotations

import struct
import threading
import time
from dataclasses import dataclass

from rig.slave import Slave, Unit

CHECK = 0xA5A5A5A5
WIDTH = 5


@dataclass(frozen=True)
class Shown:
    """One answered full read, with the instrument's own wall clock."""

    count: int
    level: int
    at_ms: int


@dataclass(frozen=True)
class LevelChange:
    """The level was set, seen from the instrument."""

    level: int
    at_ms: int


class WitnessUnit(Unit):
    """See the module's sentence; safe to use from several threads."""

    def __init__(self) -> None:
        super().__init__(64)
        self._lock = threading.Lock()
        self._count = 0
        self._level = 0
        self.shown: list[Shown] = []
        self.changes: list[LevelChange] = []

    @property
    def level(self) -> int:
        """What the alarm point shows."""
        return self._level

    @level.setter
    def level(self, value: int) -> None:
        with self._lock:
            self._level = value
            self.changes.append(LevelChange(value, time.time_ns() // 1_000_000))

    def answer(self, pdu: bytes) -> bytes:
        """Number the reads of the whole block; answer everything else as any instrument does."""
        if pdu[0] != 3 or struct.unpack(">HH", pdu[1:5]) != (0, WIDTH):
            return super().answer(pdu)
        with self._lock:
            self._count += 1
            self.holding[0:WIDTH] = struct.unpack(
                ">HHHHH", struct.pack(">IIH", self._count, self._count ^ CHECK, self._level)
            )
            self.shown.append(Shown(self._count, self._level, time.time_ns() // 1_000_000))
        return super().answer(pdu)


def witness(*units: int) -> Slave:
    """Return a slave whose units all remember what they showed."""
    slave = Slave(*units)
    for unit in slave.units:
        slave.units[unit] = WitnessUnit()
    return slave
