"""Ways in which an instrument on a serial line misbehaves, and the instrument that does, over any witness."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from rig.faults import Faults, Instruments, Sending
from rig.slave import Slave

TWIN_MS = 15.0


@dataclass(frozen=True)
class Misbehaviour:
    """How replies go wrong. `twin`: a second instrument of the same number answers too."""

    faults: Faults = field(default_factory=Faults)
    echo: bool = False
    twin: bool = False
    behind: bool = False


class Wire(Instruments):
    """The units of a slave on one line, misbehaving as told; the order of its registers is theirs."""

    def __init__(self, slave: Slave, victim: int, timeout_ms: float, seed: int = 1) -> None:
        """Begin well-behaved.

        Args:
            slave: who answers.
            victim: the unit that misbehaves; the others never do.
            timeout_ms: of the master: what "late" is measured in.
            seed: of the random draw.
        """
        super().__init__(sorted(slave.units), Faults(), timeout_ms, seed, reply_ms=1.0)
        self._slave = slave
        self._victim = victim
        self._twin = False
        self._dice = random.Random(seed)
        self._asked = victim

    def misbehave(self, how: Misbehaviour | None) -> None:
        """From the next request on."""
        how = how or Misbehaviour()
        self.faults = how.faults
        self.echo = how.echo
        self._twin = how.twin
        self.behind = {self._victim: b""} if how.behind else {}

    def reply(self, unit: int, pdu: bytes, now: float) -> bytes:
        """What the slave says."""
        return self._slave.answer(unit, pdu) or b""

    def _draw(self) -> str:
        return super()._draw() if self._asked == self._victim else "good"

    def _answer(self, unit: int, pdu: bytes, now: float) -> list[Sending]:
        self._asked = unit
        if self._slave.units[unit].silent:
            return []
        sent = super()._answer(unit, pdu, now)
        if self._twin and unit == self._victim and sent and pdu[0] in (3, 4):
            return self._with_twin(unit, sent)
        return sent

    def _with_twin(self, unit: int, sent: list[Sending]) -> list[Sending]:
        """Both answer: mostly over each other, which spoils both; at times one after the other."""
        delay, frame = sent[0]
        if self._dice.random() < 0.7:
            spoiled = bytes(byte & self._dice.randrange(256) for byte in frame)
            return [(delay, spoiled)]
        other = bytes((frame[1], frame[2])) + bytes(frame[2])
        return [(delay, frame), (delay + TWIN_MS, self._pack(unit, other))]
