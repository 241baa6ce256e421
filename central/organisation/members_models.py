"""Members of the safety committee and intermediaries, as they are entered and kept."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, Struct

from central.organisation.models import Code, Id, Line, Name, Phone, Short, Words


class UnitForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes a member unit (成员单位) of an agency's safety committee; by default of the own one."""

    name: Name
    agency_id: Id | None = None
    code: Code = ""
    contact_name: Short = ""
    phone: Phone = ""
    address: Line = ""
    duties: Words = ""


class Unit(Struct, frozen=True, kw_only=True):
    """A member unit; `administrators` names the accounts that keep it."""

    id: int
    agency_id: int
    agency_name: str
    name: str
    code: str
    contact_name: str
    phone: str
    address: str
    duties: str
    administrators: list[str]
    place: str
    version: int


class UnitPage(Struct, frozen=True):
    items: list[Unit]
    next: str | None


IntermediaryKind = Literal["evaluation", "testing", "training", "consulting", "engineering", "other"]


class IntermediaryForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes an intermediary (中介机构): who it is, and until when its qualification is good."""

    name: Name
    credit_code: Annotated[str, Meta(min_length=18, max_length=40)]
    kind: IntermediaryKind
    qualification_no: Annotated[str, Meta(min_length=1, max_length=64)]
    valid_from: dt.date
    valid_until: dt.date
    agency_id: Id | None = None
    qualification: Short = ""
    services: Words = ""
    contact_name: Short = ""
    phone: Phone = ""
    address: Line = ""


class Intermediary(Struct, frozen=True, kw_only=True):
    """An intermediary; `state`: valid, expiring (within 90 days) or expired, by today's date."""

    id: int
    agency_id: int
    agency_name: str
    name: str
    credit_code: str
    kind: str
    qualification: str
    qualification_no: str
    valid_from: dt.date
    valid_until: dt.date
    state: str
    services: str
    contact_name: str
    phone: str
    address: str
    place: str
    version: int


class IntermediaryPage(Struct, frozen=True):
    items: list[Intermediary]
    next: str | None
