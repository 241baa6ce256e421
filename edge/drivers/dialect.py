"""What a family must know of its bytes so that `asking` can own the port: requests out, whole frames in.

Pure: no room here reads a clock or a port.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import msgspec

from edge.drivers.models import ValueBlock
from protocol import quality


class Outcome(NamedTuple):
    """What a reply means: one number a point, or None with a bad quality and the reason."""

    data: tuple[float, ...] | None
    quality: int = quality.GOOD
    reason: str = ""
    exceptions: tuple[tuple[int, int], ...] = ()


class Heard(NamedTuple):
    """One whole frame: whom it names (-1 nobody), which block it answers (-1 none) and what it means.

    `why` says in words what came where nothing fits; `age_ms` is how long ago the frame began to arrive.
    """

    unit: int
    block: int
    outcome: Outcome | None
    why: str = ""
    age_ms: int = 0


class Dialect(Protocol):
    """What instruments of a family say; pure."""

    def request(self, block: int) -> bytes:
        """Return the bytes that ask a block."""
        ...

    def take(self, data: bytes, now: int, asked: int) -> list[Heard]:
        """Take received bytes; `asked` is the open block or -1."""
        ...

    def settle(self, now: int, asked: int) -> list[Heard]:
        """Return frames that lie behind noise which looked like the beginning of one; forget all else."""
        ...

    def due(self) -> int:
        """Return when `settle` is to be called because a frame ends by silence; -1 = never."""
        ...

    @property
    def malformed(self) -> int:
        """Bytes that were no part of a good frame, since the start."""
        ...


class Wire(msgspec.Struct, frozen=True):
    """What is asked on a port: its blocks with their units, and how replies are told apart.

    `units` are the keys for people, `timeouts_ms` T of each; `asked` says which blocks are polled (the others
    speak by themselves).
    """

    units: list[str]
    timeouts_ms: list[int]
    blocks: list[ValueBlock]
    unit_of: list[int]
    asked: list[bool]
    named: bool
