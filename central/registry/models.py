"""An enterprise, as it is entered and as it is kept."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class NewEnterprise(Struct, frozen=True, kw_only=True):
    """What makes an enterprise.

    `sector`: code of the sector in which it is supervised (chemical, mine, trade …).
    `hazard_class`: 1 (gravest) to 4, level of its major hazard (GB 18218); None without one.
    """

    code: Annotated[str, Meta(pattern="^[A-Za-z0-9-]{1,32}$", title="企业编号")]
    name: Annotated[str, Meta(min_length=2, max_length=100, title="企业名称")]
    credit_code: Annotated[str, Meta(min_length=18, max_length=18, title="统一社会信用代码")]
    region_code: Annotated[str, Meta(pattern="^[0-9]{2,12}$", title="区划代码")]
    agency_id: int | None = None
    industry: str = ""
    sector: str = "other"
    hazard_class: Annotated[int, Meta(ge=1, le=4, title="重大危险源等级")] | None = None
    address: str = ""
    contact_name: str = ""
    contact_phone: str = ""


class Enterprise(Struct, frozen=True, kw_only=True):
    """An enterprise of the registry."""

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
    hazard_class: int | None
    address: str
    contact_name: str
    contact_phone: str
    place: str
    version: int
