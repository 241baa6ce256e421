"""What passes between the rooms of ingest: a frame that was believed, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec import Struct

from central.devices.models import Gateway
from protocol.messages import Batch, Birth

Reply = Callable[[bytes], None]
"""Sends the answer to whoever asked; called once, from the loop's thread."""

StreamKey = tuple[str, int, int]
"""(gateway, stream, epoch)."""

LATE_AFTER_S: Final = 60
"""An event older than this at its receipt waited on its way (law-warning 15); our proposal."""
UNJUDGED_AFTER_S: Final = 60
"""So long may judging an event fail until a warning is opened at its default level (law-never-lose 10)."""


class Refused(Exception):
    """A frame that is not believed, or cannot be taken as it is.

    Args:
        reason: a stable word for counters.
        detail: a sentence for the log and the gateway's receipt.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class TryAgain(Exception):
    """A frame that cannot be judged at the moment: the gateway backs off and sends it again."""


@dataclass(frozen=True, slots=True)
class Work:
    """A believed batch or birth that waits for its commit; `arrived_s` on this process's monotonic clock."""

    gateway: Gateway
    message: Batch | Birth
    arrived_s: float
    size: int
    reply: Reply


class GapRow(Struct, frozen=True, kw_only=True):
    """A declared gap; `last` None when nobody can know it."""

    gateway_id: str
    declared_epoch: int
    declared_seq: int
    stream: int
    epoch: int
    first: int
    last: int | None
    kept: int
    reason: str
    from_ms: int
    to_ms: int


class EventRow(Struct, kw_only=True):
    """A row of `event` before it has an id."""

    gateway_id: str
    epoch: int
    seq: int
    batch_id: int
    kind: str
    at: datetime
    received_at: datetime
    dated_by_centre: bool
    boot: int
    mono_ms: int
    time_ms: int
    history: bool
    point_id: int | None
    alarm: str | None
    occurrence: str | None
    transition: int | None
    state: str | None
    value: float | None
    quality: int | None
    raw: bytes


class QuarantineRow(Struct, frozen=True, kw_only=True):
    """A row that PostgreSQL refused twice, alone."""

    gateway_id: str
    stream: int
    epoch: int
    seq: int
    batch_id: int
    row: bytes
    sqlstate: str
    reason: str
