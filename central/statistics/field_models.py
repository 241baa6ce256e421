"""What waits for an installer, as Structs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal["offline", "bus", "configuration", "certificate", "enrol", "commission"]


class FieldTask(msgspec.Struct, frozen=True):
    """One thing to do.

    Attributes:
        kind: "offline": nothing is heard of the gateway `since`. "bus": `what` is not connected (`detail`
            says why), or `many` of its instruments are silent. "configuration": version `what` was taken back
            or refused. "certificate": it ends at `until`. "enrol": a code waits to be used until `until`.
            "commission": `many` points were never tried; `detail` names the first.
        name: of the gateway.
        address: of the enterprise.
    """

    kind: Kind
    gateway_id: str
    name: str
    what: str
    enterprise_id: int
    enterprise_name: str
    address: str
    since: datetime | None
    until: datetime | None
    detail: str
    many: int


class FieldTaskPage(msgspec.Struct, frozen=True):
    items: list[FieldTask]
    next: str | None
