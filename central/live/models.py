"""What travels to a console: an event with its kind, its place and the id from which a client resumes."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

RESET = "reset"
HEARTBEAT = "heartbeat"
MEASUREMENT = "measurement"
WARNING = "warning"


class LiveRow(Struct, frozen=True):
    """A row of live_event: `xid` is the transaction that wrote it."""

    id: int
    xid: int
    kind: str
    place: str
    sector: str
    payload: dict[str, Any]


class LiveMessage(Struct, frozen=True):
    """One Server-Sent Event; an empty id leaves the client's own in place."""

    event: str
    data: Any
    id: str = ""
