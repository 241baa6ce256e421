"""Counts of a jurisdiction, and enterprises with what is wrong in them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from central.devices.models import GatewayRow
from central.statistics.portrait import Colour

Level = Literal["blue", "yellow", "orange", "red"]

LEVELS: dict[int, Level] = {1: "blue", 2: "yellow", 3: "orange", 4: "red"}

Presence = Literal["online", "late", "offline", "none"]


class ByLevel(Struct, frozen=True):
    red: int
    orange: int
    yellow: int
    blue: int


class NeedsAnswer(Struct, frozen=True):
    """Open warnings that nobody has acknowledged."""

    count: int
    oldest_raised_at: datetime | None
    by_level: ByLevel


class DueToday(Struct, frozen=True):
    """`review`: ended by themselves since yesterday; `verify`: handled, waiting for verification."""

    review: int
    verify: int


class EnterpriseCounts(Struct, frozen=True):
    total: int
    with_open: int
    offline: int


class GatewayCounts(Struct, frozen=True):
    online: int
    late: int
    offline: int


class PointCounts(Struct, frozen=True):
    """`good` has a good newest value; everything else that should have one is `bad`."""

    total: int
    good: int
    bad: int


class CoveredCounts(Struct, frozen=True):
    """Alarms that keep silent by somebody's will or by design; `quality`: instruments with bad data.

    `soon`: shelvings that end within an hour. `windows` of the centre in force; `false_alarms` held back.
    """

    shelved: int
    out_of_service: int
    suppressed: int
    quality: int
    soon: int
    windows: int
    false_alarms: int


class Overview(Struct, frozen=True):
    needs_answer: NeedsAnswer
    open_by_level: ByLevel
    due_today: DueToday
    enterprises: EnterpriseCounts
    gateways: GatewayCounts
    points: PointCounts
    covered: CoveredCounts
    at: datetime


class EnterpriseRow(Struct, frozen=True, kw_only=True):
    """An enterprise in a list. `presence`: of its worst gateway; `risk`: its colour with the worst reason."""

    id: int
    code: str
    name: str
    credit_code: str
    region_code: str
    region_name: str
    agency_name: str | None
    industry: str
    hazard_class: int | None
    longitude: float | None
    latitude: float | None
    sector: str
    status: str
    status_name: str
    risk: Colour | None = None
    risk_reason: str = ""
    address: str
    contact_name: str
    contact_phone: str
    worst_level: Level | None
    open_warnings: int
    presence: Presence
    points: int
    bad_points: int
    newest_at: datetime | None


class Supervisor(Struct, frozen=True):
    rank: int
    name: str


class EnterpriseDetail(EnterpriseRow, frozen=True, kw_only=True):
    """An enterprise with everything of it."""

    supervision: list[Supervisor]
    gateways: list[GatewayRow]


class EnterprisePage(Struct, frozen=True):
    items: list[EnterpriseRow]
    next: str | None
