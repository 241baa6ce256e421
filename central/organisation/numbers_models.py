"""Formats of document numbers, as they are entered and kept."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from central.organisation.models import Id, Name


class NumberForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes a format; `for_below`: agencies below without a format of their own use it too.

    `pattern`: text with the fields {agency} {year} {yy} {month} {day} {serial}, for example
    "应急罚〔{year}〕{serial}号".
    """

    kind: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{1,31}$")]
    name: Name
    pattern: Annotated[str, Meta(min_length=1, max_length=100)]
    serial_length: Annotated[int, Meta(ge=1, le=9)] = 4
    resets: Literal["never", "yearly", "monthly"] = "yearly"
    for_below: bool = False
    agency_id: Id | None = None


class NumberFormat(Struct, frozen=True, kw_only=True):
    """A format; `example` is the next number of its own agency as of today, `given` how many it gave out."""

    id: int
    agency_id: int
    agency_name: str
    kind: str
    name: str
    pattern: str
    serial_length: int
    resets: str
    for_below: bool
    example: str
    given: int
    place: str
    version: int


class NumberFormatPage(Struct, frozen=True):
    items: list[NumberFormat]
    next: str | None


class Preview(Struct, frozen=True):
    """The first three numbers of a format that is being written."""

    numbers: list[str]
