"""Plays a dump of the bus black box to a driver: what a line answered in the field, it answers here again.

A request is looked up among those on the tape, byte by byte (on Modbus TCP without its transaction id, which
each run draws anew); its recorded answers follow in their order, each with the delays that it had then. Bytes
that came while nothing was open are played behind the request before them. So a fault of a plant is seen on a
desk, with the same driver and the same configuration, and without the plant.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from edge.drivers.tape import RECEIVED, SENT, Record
from rig.faults import Sending

LONGEST_REQUEST = 512
IN_STEP_MS = 1.0  # a request that comes so close to its time then is answered at its time then


@dataclass
class Exchange:
    """One request of the tape, its time, and what was received until the next: (ms after it, bytes)."""

    request: bytes
    sent_ms: float
    answers: list[tuple[float, bytes]]


def exchanges(records: list[Record]) -> list[Exchange]:
    """Cut a tape into its requests; what was received before the first is left out."""
    found: list[Exchange] = []
    sent_us = 0
    for record in records:
        if record.kind == SENT:
            found.append(Exchange(record.data, record.us / 1000, []))
            sent_us = record.us
        elif record.kind == RECEIVED and found:
            found[-1].answers.append(((record.us - sent_us) / 1000, record.data))
    return found


class Replay:
    """A line that answers as the tape says; `hear` takes what the driver sends, as every line of the rig."""

    def __init__(self, records: list[Record], *, tcp: bool = False) -> None:
        """Prepare.

        Args:
            records: of a dump.
            tcp: Modbus TCP: the first two bytes are a transaction id.
        """
        self.requests = 0
        self.unknown = 0  # requests that are not on the tape, or no more
        self._skip = 2 if tcp else 0
        self._rest = b""
        self._offset_ms: float | None = None  # of today's clock to that of the tape
        self._tape: dict[bytes, deque[Exchange]] = {}
        for exchange in exchanges(records):
            self._tape.setdefault(exchange.request[self._skip :], deque()).append(exchange)

    @property
    def left(self) -> int:
        """How many exchanges of the tape were not asked for yet."""
        return sum(len(queue) for queue in self._tape.values())

    def hear(self, data: bytes, now: float) -> list[Sending]:
        """Take bytes from the driver and return what the line said then, with its delays in ms."""
        out: list[Sending] = []
        self._rest += data
        while self._rest:
            known = next((key for key in self._tape if self._rest[self._skip :].startswith(key)), None)
            if known is None:
                if len(self._rest) > LONGEST_REQUEST:
                    self._rest = b""
                    self.unknown += 1
                return out
            request = self._rest[: self._skip + len(known)]
            self._rest = self._rest[len(request) :]
            self.requests += 1
            queue = self._tape[known]
            if not queue:
                self.unknown += 1
                continue
            exchange = queue.popleft()
            drift = self._drift(exchange.sent_ms, now)
            stamp = self._stamp(exchange.request, request)
            out += [(delay - drift, stamp(answer)) for delay, answer in exchange.answers]
        return out

    def _drift(self, sent_ms: float, now: float) -> float:
        """Return by how little today's request is off its time then, so that roundings never add up."""
        if self._offset_ms is None:
            self._offset_ms = now - sent_ms
        drift = now - sent_ms - self._offset_ms
        return drift if abs(drift) < IN_STEP_MS else 0.0

    def _stamp(self, then: bytes, today: bytes) -> Callable[[bytes], bytes]:
        """Return what gives an answer the id of today's request, where it had that of the request then."""
        if not self._skip:
            return lambda answer: answer
        old, new = then[: self._skip], today[: self._skip]
        return lambda answer: new + answer[self._skip :] if answer[: self._skip] == old else answer
