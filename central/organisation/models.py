"""Agencies as they are entered and kept, and the kinds of fields that all forms of organisations share."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Short = Annotated[str, Meta(max_length=100)]
Line = Annotated[str, Meta(max_length=200)]
Words = Annotated[str, Meta(max_length=2000)]
Code = Annotated[str, Meta(pattern="^[A-Za-z0-9-]{0,32}$")]
Phone = Annotated[str, Meta(pattern="^[0-9+() -]{0,32}$")]
# A number that the centre showed without its middle may come back as it was shown, and means: unchanged.
OpenPhone = Annotated[str, Meta(pattern="^[0-9+() *-]{0,32}$")]
Sequence = Annotated[int, Meta(ge=0, le=9999)]

AgencyKind = Literal[
    "emergency",
    "committee-office",
    "housing",
    "transport",
    "industry",
    "resources",
    "fire",
    "park",
    "township-office",
    "village",
    "office",
    "other",
]
# Offices beside an agency stand at its own level; every other agency stands below the one above it.
SAME_LEVEL: Final = frozenset({"committee-office", "park", "office"})
RANKS: Final = {1: "村级", 2: "乡镇级", 3: "县级", 4: "市级", 5: "省级"}


class AgencyForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes an agency.

    `rank`: 1 village, 2 township, 3 county, 4 city, 5 province. `areas`: region codes, or places of
    enterprises ("429981101/E0001"); None takes the region where the agency sits. Position in degrees, WGS-84.
    """

    name: Name
    rank: Annotated[int, Meta(ge=1, le=5)]
    region_code: Annotated[str, Meta(pattern="^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
    kind: AgencyKind = "emergency"
    parent_id: Id | None = None
    code: Code = ""
    areas: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=200)] | None = None
    contact_name: Short = ""
    phone: Phone = ""
    fax: Phone = ""
    address: Line = ""
    description: Words = ""
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    administrator_id: Id | None = None


class Agency(Struct, frozen=True, kw_only=True):
    """An agency of the jurisdiction; `below` counts the agencies right below it."""

    id: int
    name: str
    code: str
    kind: str
    rank: int
    parent_id: int | None
    parent_name: str | None
    region_code: str
    region_name: str | None
    areas: list[str]
    area_names: list[str]
    contact_name: str
    phone: str
    fax: str
    address: str
    description: str
    longitude: float | None
    latitude: float | None
    administrator_id: int | None
    administrator: str | None
    administrator_active: bool | None
    below: int
    place: str
    version: int


class AgencyPage(Struct, frozen=True):
    items: list[Agency]
    next: str | None


class AgencyUse(Struct, frozen=True):
    """What hangs on an agency."""

    agencies: int
    accounts: int
    enterprises: int
    departments: int
    staff: int
    units: int
    intermediaries: int
    numbers: int
