"""What is seen of a gateway from afar: outputs that may be switched, times of silence, black boxes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from central.db.errors import DomainError

TAPE: Final = "tape"
TAPES_MOST: Final = 20  # kept of one gateway, the newest
TAPE_BYTES: Final = 16_000_000
ABSENCES_MOST: Final = 100


class NotSwitchable(DomainError):
    """The gateway's own configuration lets nobody, or not this person, switch that output."""

    def __init__(self, output: str, why: str) -> None:
        super().__init__("not-switchable", f"输出 {output} 不能远程操作：{why}", 409)


class TapeNotGiven(DomainError):
    """The gateway gave no black box; says why in its own words."""

    def __init__(self, why: str) -> None:
        super().__init__("tape-not-given", f"网关未给出黑匣子记录：{why}", 409)


class LastOrder(msgspec.Struct, frozen=True):
    """Who had an output switched last, and what the gateway answered."""

    command: Literal["switch-on", "switch-off"]
    by: str
    reason: str
    at: datetime
    result: str
    detail: str


class SwitchRow(msgspec.Struct, frozen=True):
    """One output beside the annunciators'.

    Attributes:
        output: its name at the gateway.
        name: in people's words.
        remote: whether it may be written from afar at all.
        pulse_s: it goes off by itself after so long; 0 for never.
        on_when: what must hold at the plant to switch it on.
        off_when: the same to switch it off.
        who: kinds of people whom the plant allows it.
        mine: whether the reader is one of them and may send commands.
        on: as it was read back last; null where that is not known.
        ok: false where it did not do what it was told.
        heard_at: when the gateway said so.
        last: the last order.
    """

    output: str
    name: str
    remote: bool
    pulse_s: float
    on_when: list[str]
    off_when: list[str]
    who: list[str]
    mine: bool
    on: bool | None
    ok: bool
    heard_at: datetime | None
    last: LastOrder | None


class SwitchList(msgspec.Struct, frozen=True):
    items: list[SwitchRow]


class AbsenceRow(msgspec.Struct, frozen=True):
    """One time that nothing was heard of a gateway.

    Attributes:
        began_at: its last heartbeat before.
        ended_at: its first after; null while it lasts.
        reason: "network": the same run went on, only its road was cut. "restarted": it began again meanwhile.
            "revoked": it is shut out. "unknown": while it lasts, or nothing tells.
        detail: why it began again, in the gateway's words.
        late_events: events of that time that came afterwards.
        waiting_batches: what its first heartbeat said was still to be sent.
    """

    began_at: datetime
    ended_at: datetime | None
    reason: Literal["network", "restarted", "revoked", "unknown"]
    detail: str
    late_events: int
    waiting_batches: int


class AbsencePage(msgspec.Struct, frozen=True):
    items: list[AbsenceRow]
    next: str | None


class TapeRow(msgspec.Struct, frozen=True):
    """A black box that was fetched: compressed, `size` in bytes."""

    id: int
    gateway_id: str
    name: str
    reason: str
    asked_by: str
    fetched_at: datetime
    size: int
    sha256: str


class TapeList(msgspec.Struct, frozen=True):
    items: list[TapeRow]


class DumpAtGateway(msgspec.Struct, frozen=True):
    """A dump that the gateway wrote by itself when something went wrong."""

    name: str
    size: int


class AtGateway(msgspec.Struct, frozen=True):
    """What the gateway has: tapes that run (by bus), and dumps that lie there."""

    buses: list[str]
    dumps: list[DumpAtGateway]


class TapeRequest(msgspec.Struct, frozen=True):
    """What to fetch, by the name of a bus or of a dump, and why."""

    which: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Piece(msgspec.Struct, frozen=True):
    """What a gateway says of a dump with each piece of it: the whole's name, size and SHA-256."""

    name: str
    size: int
    sha256: str
