"""Gateways, what they described, how they are, and what is asked of them, as other rooms see it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from central.db.errors import DomainError
from protocol.messages import AlarmInfo, PointInfo

ONLINE: Final = "online"
LATE: Final = "late"
OFFLINE: Final = "offline"
SOURCE_WORDS: Final = {1: "good", 2: "bad", 3: "silent"}
COMMANDS: Final = (
    "silence",
    "acknowledge",
    "reset",
    "shelve",
    "unshelve",
    "out-of-service",
    "in-service",
    "test",
    "switch-on",
    "switch-off",
)
SWITCHING: Final = frozenset({"switch-on", "switch-off"})
OF_ONE_ALARM: Final = COMMANDS[3:7]  # and with a reason
COVERING: Final = frozenset({"shelve", "out-of-service"})  # keep a horn silent that somebody might need
LONGEST_SHELF_S: Final = 7 * 86_400  # a gateway's own limit is 8 h where nobody set another
SILENT: Final = "silent"
COMMAND_LIFE_MS: Final = 15_000


class GatewaySilent(DomainError):
    """The gateway was not heard lately, so nothing can be asked of it."""

    def __init__(self) -> None:
        super().__init__("gateway-silent", "网关当前不在线，命令无法送达。", 409)


class GatewayExists(DomainError):
    """The id is taken."""

    def __init__(self, gateway: str) -> None:
        super().__init__("gateway-exists", f"网关编号 {gateway} 已经存在。", 409)


class Gateway(msgspec.Struct, frozen=True, kw_only=True):
    """Who a gateway is: what ingest and warning need of it and of its enterprise.

    `revoked`: no frame of it counts; it is still shown, and told to be offline.
    """

    id: str
    number: int
    name: str
    enterprise_id: int
    enterprise_name: str
    hazard_class: int | None
    place: str
    public_key: bytes
    revoked: bool = False


class BoundPoint(msgspec.Struct, frozen=True):
    """A described point with its id in our tables."""

    id: int
    info: PointInfo


class BoundAlarm(msgspec.Struct, frozen=True):
    """A described alarm with its point."""

    info: AlarmInfo
    point: BoundPoint


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One heartbeat on its way to `gateway_state`; times are ours."""

    gateway_id: str
    heard_at: datetime
    boot: int
    counter: int
    mono_ms: int
    clock: int
    period_ms: int
    waiting_events: int
    waiting_measurements: int
    active_alarms: int
    sources: list[dict[str, object]]
    outputs: list[dict[str, object]]
    software: str
    annunciators: list[dict[str, object]] = []
    road: str = ""
    buses: list[dict[str, object]] = []


class PresenceChange(msgspec.Struct, frozen=True):
    """A gateway's presence as judged by our clock changed."""

    gateway_id: str
    presence: str
    at: datetime


class SourceRow(msgspec.Struct, frozen=True):
    """One instrument as its gateway sees it; the age counts from the gateway's last word."""

    source: str
    name: str
    state: Literal["good", "bad", "silent"]
    good_age_s: float | None


class OutputRow(msgspec.Struct, frozen=True):
    """One output: commanded `on`, read back so (`ok`; where not, `reason`), and how its last test went.

    `test_due_at`: by then it must have been tried again; None where it is tried on request only. `overdue`:
    that time is over.
    """

    output: str
    on: bool
    ok: bool
    reason: str = ""
    tested_at: datetime | None = None
    test_ok: bool | None = None
    test_reason: str = ""
    test_due_at: datetime | None = None
    overdue: bool = False


class Chatter(msgspec.Struct, frozen=True):
    """An alarm that chatters: so many annunciations in the last minute."""

    alarm: str
    times: int


class AnnunciatorRow(msgspec.Struct, frozen=True):
    """How busy one annunciator is: annunciations of the last ten minutes (ISA-18.2, EEMUA 191).

    `most_24h` and `flood_hours_24h`: the busiest ten minutes of the last day, and how many of its hours saw a
    flood (more than `flood_above` in ten minutes).
    """

    name: str
    annunciations: int
    flood: bool
    chatter: list[Chatter]
    most_24h: int
    flood_hours_24h: int
    flood_above: int
    weekly_test: bool


class Queue(msgspec.Struct, frozen=True):
    """Batches that wait on the gateway for a receipt."""

    event: int
    measurement: int


class BusRow(msgspec.Struct, frozen=True):
    """How one bus was at the last heartbeat; `busy` is a share of its time, null where that means nothing.

    Counts are since the gateway's start; `silent` instruments did not answer.
    """

    bus: str
    connected: bool
    busy: float | None
    good: int
    failed: int
    silent: int
    trouble: str


class GatewayRow(msgspec.Struct, frozen=True):
    """One gateway as the console shows it; `road` is that of its last heartbeat, "" before the first."""

    id: str
    name: str
    enterprise_id: int
    enterprise_name: str
    presence: Literal["online", "late", "offline"]
    last_heartbeat_at: datetime | None
    age_s: float | None
    boot: str | None
    clock_synchronised: bool
    queue: Queue
    active_alarms: int
    software: str
    sources: list[SourceRow]
    outputs: list[OutputRow]
    annunciators: list[AnnunciatorRow]
    road: Literal["", "zenoh", "mqtt"]
    buses: list[BusRow]


class CommandRequest(msgspec.Struct, frozen=True):
    """What a person asks of a gateway; `alarm` null for all alarms.

    To shelve (for `for_s`), unshelve, take out of service or put back names one alarm and gives a reason. To
    test names an annunciator ("main"), one output ("main.horn"), or with null all of them. To switch on or
    off names one output that the gateway's own configuration lets people switch, and gives a reason.
    """

    command: Literal[
        "silence",
        "acknowledge",
        "reset",
        "shelve",
        "unshelve",
        "out-of-service",
        "in-service",
        "test",
        "switch-on",
        "switch-off",
    ]
    alarm: str | None = None
    reason: str = ""
    for_s: int | None = None
    output: str | None = None


class CommandRow(msgspec.Struct, frozen=True):
    """A command and what became of it."""

    id: UUID
    gateway_id: str
    result: str
    detail: str
    at: datetime
