"""Management thresholds as officials read and write them (MON-03), and the enterprises beyond them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

Item = Literal[
    "online-rate",
    "data-score",
    "hidden-report",
    "rectification",
    "plan",
    "training",
    "promise",
    "certificates",
    "updates",
]
Side = Literal["below", "above"]


class ThresholdForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A region's threshold of an item: the number, whom it asks, whose number it is, until when it counts."""

    item: Item
    region: Annotated[str, Meta(pattern="^[0-9]{2,12}$")]
    limit: Annotated[float, Meta(ge=0, le=100_000)]
    asked: bool = True
    sectors: Annotated[list[Annotated[str, Meta(max_length=32)]], Meta(max_length=50)] | None = None
    hazards: bool = False
    source: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
    last_day: dt.date | None = None


class ThresholdRow(Struct, frozen=True, kw_only=True):
    """One row; `own`: the caller may put another in its place; `side`: on which side of it the warning is."""

    id: int
    region: str
    region_name: str
    item: Item
    side: Side
    version: int
    limit: float
    asked: bool
    sectors: list[str] | None
    hazards: bool
    source: str
    valid_from: dt.datetime
    valid_to: dt.datetime | None
    changed_by_name: str
    own: bool


class ItemCount(Struct, frozen=True):
    """So many enterprises of the scope are beyond the threshold of an item."""

    item: Item
    many: int


class NamedSector(Struct, frozen=True):
    """A sector, as rows name it and as people do."""

    code: str
    name: str


class Thresholds(Struct, frozen=True):
    """The rows that concern the caller, how many are beyond them, and the sectors that they may name."""

    items: list[ThresholdRow]
    counts: list[ItemCount]
    sectors: list[NamedSector]


class BeyondRow(Struct, frozen=True, kw_only=True):
    """One enterprise beyond one threshold."""

    id: int
    item: Item
    value: float
    limit: float
    since: dt.datetime
    seen_at: dt.datetime
    enterprise_id: int
    enterprise_name: str
    region_name: str
    warning_id: UUID | None


class BeyondPage(Struct, frozen=True):
    items: list[BeyondRow]
    next: str | None


class ThresholdEnding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a threshold ends."""

    reason: Annotated[str, Meta(min_length=1, max_length=200)]
