"""The status of an enterprise, its facts as officials keep them, and the lines of its log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

Reason = Annotated[str, Meta(min_length=2, max_length=500, title="原因")]
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Status(Struct, frozen=True):
    """A status (企业状态); `runs`: daily duties are owed. The documents list none: ours are a proposal."""

    code: str
    name: str
    name_en: str
    runs: bool
    ended: bool


class StatusChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A status and why it changes."""

    status: Annotated[str, Meta(min_length=2, max_length=32, title="企业状态")]
    reason: Reason


class FactsForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What officials keep of an enterprise; region, agency and sector change by a move.

    `hazard_class`: 1 (gravest) to 4, level of its major hazard (GB 18218). Position in WGS-84, degrees.
    """

    name: Annotated[str, Meta(min_length=2, max_length=100, title="企业名称")]
    credit_code: Annotated[str, Meta(min_length=1, max_length=40, title="统一社会信用代码")]
    industry: Annotated[str, Meta(max_length=100, title="行业类别")] = ""
    hazard_class: Annotated[int, Meta(ge=1, le=4, title="重大危险源等级")] | None = None
    address: Annotated[str, Meta(max_length=200, title="地址")] = ""
    contact_name: Annotated[str, Meta(max_length=60, title="联系人")] = ""
    contact_phone: Annotated[str, Meta(pattern=r"^(\+?[0-9*-]{5,20})?$", title="联系电话")] = ""
    longitude: Annotated[float, Meta(ge=-180, le=180, title="经度")] | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90, title="纬度")] | None = None


class NewEnterpriseForm(FactsForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An enterprise that an official registers; without an agency the nearest one of the place supervises."""

    region_code: Annotated[str, Meta(pattern="^[0-9]{2,12}$", title="所在区划")]
    sector: Annotated[str, Meta(min_length=1, max_length=32, title="监管领域")] = "other"
    agency_id: Number | None = None


class Facts(Struct, frozen=True, kw_only=True):
    """What is kept of an enterprise, with its status."""

    id: int
    code: str
    name: str
    credit_code: str
    region_code: str
    region_name: str
    agency_id: int | None
    agency_name: str | None
    industry: str
    sector: str
    sector_name: str
    hazard_class: int | None
    address: str
    contact_name: str
    contact_phone: str
    longitude: float | None
    latitude: float | None
    status: str
    status_name: str
    status_since: datetime | None
    status_runs: bool
    place: str
    version: int


class LifeEvent(Struct, frozen=True, kw_only=True):
    """One line of the log; `detail`: field to [before, after], null where the content is personal."""

    id: int
    at: datetime
    kind: str
    title: str
    detail: dict[str, Any]
    reason: str
    by_name: str


class LifePage(Struct, frozen=True):
    items: list[LifeEvent]
    next: str | None


class Pair(Struct, frozen=True, kw_only=True):
    """Two enterprises that may be one; `score` 0 to 1, `reasons` in words."""

    first_id: int
    first_name: str
    first_credit_code: str
    first_address: str
    second_id: int
    second_name: str
    second_credit_code: str
    second_address: str
    region_name: str
    score: float
    reasons: list[str]


class PairPage(Struct, frozen=True):
    """`looked_at`: how many enterprises were compared; `notes`: what was left out of it, in words."""

    items: list[Pair]
    next: str | None
    looked_at: int
    notes: list[str]


class PairMark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two enterprises that are two."""

    first_id: Number
    second_id: Number
    reason: Reason


class Removal(Struct, frozen=True, kw_only=True):
    """A wish to remove an enterprise; `may_decide`: whether the reader stands above whoever asked."""

    id: int
    enterprise_id: int
    enterprise_name: str
    state: str
    reason: str
    asked_at: datetime
    asked_by_name: str
    may_decide: bool
    decided_at: datetime | None
    decided_by_name: str
    opinion: str


class RemovalPage(Struct, frozen=True):
    items: list[Removal]
    next: str | None


class RemovalAsk(Struct, frozen=True, forbid_unknown_fields=True):
    reason: Reason


class Decision(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Yes or no, with an opinion; a refusal owes one."""

    approve: bool
    opinion: Annotated[str, Meta(max_length=500, title="意见")] = ""
