"""What is asked on a line of meters, and what a meter's frames mean: a question is an address and a di.

A reply names both, so a late one is never taken for another's; the length must be the form's, and a digit
must be one. A refusal names only the meter: it counts for the open question of that meter alone.
"""

from __future__ import annotations

from typing import NamedTuple

from edge.drivers.dialect import Heard, Outcome
from edge.drivers.dlt645 import frame
from edge.drivers.dlt645.decode import NoNumber, number
from edge.drivers.dlt645.identifiers import Form
from protocol import quality


class Question(NamedTuple):
    """One number of one meter; `unit` counts the meters of the line from 0."""

    unit: int
    address: bytes
    identifier: bytes
    form: Form


class Meters:
    """The dialect of a line of meters."""

    def __init__(self, questions: list[Question]) -> None:
        """Prepare the requests.

        Args:
            questions: by block number.
        """
        self._questions = questions
        self._requests = [frame.read(q.address, q.identifier) for q in questions]
        self._sent = [request.removeprefix(frame.PREAMBLE) for request in self._requests]
        self._units = {q.address: q.unit for q in questions}
        self._blocks = {(q.address, q.identifier): i for i, q in enumerate(questions)}
        self._stream = frame.Stream()

    @property
    def malformed(self) -> int:
        """Bytes that were part of no frame."""
        return self._stream.malformed

    def request(self, block: int) -> bytes:
        """Return the frame that asks a block."""
        return self._requests[block]

    def take(self, data: bytes, now: int, asked: int) -> list[Heard]:  # noqa: ARG002  # frames end by themselves
        """Take received bytes."""
        return [heard for found in self._stream.take(data) if (heard := self._mean(found, asked))]

    def settle(self, now: int, asked: int) -> list[Heard]:  # noqa: ARG002
        """Return what lies behind noise that looks like a frame's beginning."""
        return [heard for found in self._stream.settle() if (heard := self._mean(found, asked))]

    def due(self) -> int:
        """No frame ends by silence."""
        return -1

    def _mean(self, found: frame.Frame, asked: int) -> Heard | None:
        """Say what a frame means; None: it is a request (an echo of ours, or another master's)."""
        if not found.control & 0x80:
            return None
        unit = self._units.get(found.address, -1)
        if found.control == frame.REFUSED:
            question = self._questions[asked] if asked >= 0 else None
            block = asked if question is not None and question.address == found.address else -1
            how = quality.CONFIG_ERROR if found.data[:1] == b"\x02" else quality.DEVICE_FAILURE
            return Heard(unit, block, Outcome(None, how, f"the meter refuses: {frame.refusal(found.data)}"))
        block = self._blocks.get((found.address, found.data[:4]), -1)
        if found.control == frame.REPLY_GOES_ON and block >= 0:
            reason = "the meter answers in several frames; read a single number, not a block of them"
            return Heard(unit, block, Outcome(None, quality.CONFIG_ERROR, reason))
        if found.control != frame.REPLY or block < 0:
            return Heard(unit, -1, None)
        try:
            value = number(found.data[4:], self._questions[block].form)
        except NoNumber as exc:
            return Heard(unit, block, Outcome(None, quality.DEVICE_FAILURE, str(exc)))
        return Heard(unit, block, Outcome((value,)))
