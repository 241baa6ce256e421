"""Who lives in the fictional county: regions, agencies, enterprises and accounts, all made up, all checkable.

The codes are well-formed but unassigned: county 429981 does not exist in GB/T 2260; credit codes carry a
valid check character by GB 32100-2015, clause 4.5, and phone numbers lie in no real subscriber range.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """One place of the code tree (GB/T 2260; 2, 4, 6 or 9 digits)."""

    code: str
    name: str
    level: str


@dataclass(frozen=True)
class Agency:
    """A supervising office, its rank (1 village … 5 province) and the areas that it serves."""

    key: str
    name: str
    rank: int
    parent: str | None
    areas: tuple[str, ...]


@dataclass(frozen=True)
class Enterprise:
    """A plant with its gateway; `hazard_class` is the major-hazard class of GB 18218 (1 worst … 4)."""

    code: str
    name: str
    credit_code: str
    region_code: str
    agency: str
    industry: str
    hazard_class: int
    address: str
    contact_name: str
    contact_phone: str
    gateway: str
    plant: str
    sector: str = "other"


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in; those with a phone and `on_call` are reached by the ladder."""

    login: str
    name: str
    role: str
    agency: str | None = None
    enterprise: str | None = None
    phone: str | None = None
    on_call: bool = True
    serves: tuple[str, ...] = ()


REGIONS = (
    Region("42", "湖北省", "province"),
    Region("4299", "云泽市", "city"),
    Region("429981", "临江县", "county"),
    Region("429981101", "青石镇", "township"),
    Region("429981102", "白沙镇", "township"),
    Region("429981103", "柳河镇", "township"),
)

AGENCIES = (
    Agency("city", "云泽市应急管理局", 4, None, ("4299",)),
    Agency("county", "临江县应急管理局", 3, "city", ("429981",)),
    Agency("qingshi", "青石镇应急办", 2, "county", ("429981101",)),
    Agency("baisha", "白沙镇应急办", 2, "county", ("429981102",)),
    Agency("liuhe", "柳河镇应急办", 2, "county", ("429981103",)),
)

ENTERPRISES = (
    Enterprise(
        "E0001",
        "临江清源水务有限公司",
        "91429981MA0QY0014M",
        "429981101",
        "qingshi",
        "供水（氯库）",
        3,
        "青石镇水厂路 8 号",
        "周海宁",
        "19900000001",
        "gw-chlorine",
        "chlorine",
        "chemical",
    ),
    Enterprise(
        "E0002",
        "白沙冷链食品有限公司",
        "91429981MA0BX0023A",
        "429981102",
        "baisha",
        "食品冷藏（液氨制冷）",
        4,
        "白沙镇码头街 21 号",
        "何立群",
        "19900000002",
        "gw-ammonia",
        "ammonia",
        "trade",
    ),
    Enterprise(
        "E0003",
        "柳河液化气储配站",
        "91429981MA0LH0033M",
        "429981103",
        "liuhe",
        "液化石油气储配",
        2,
        "柳河镇环城北路 3 号",
        "孟建国",
        "19900000003",
        "gw-lpg",
        "lpg",
        "gas",
    ),
)

ACCOUNTS = (
    Account("city", "沈砚秋", "city", agency="city", phone="19900000011"),
    Account("county", "顾长河", "county", agency="county", phone="19900000012"),
    Account("township", "林巧云", "township", agency="qingshi", phone="19900000013"),
    Account("enterprise", "周海宁", "enterprise", enterprise="E0001", phone="19900000001"),
    Account(
        "inspector", "陆平", "inspector", agency="qingshi", serves=("429981101", "429981102"), on_call=False
    ),
    Account("installer", "安装员 方工", "installer", agency="county", on_call=False),
    Account("admin", "系统管理员", "admin", agency="city", on_call=False),
    # Not printed: so that the two other plants' ladders find somebody.
    Account("baisha", "田小满", "township", agency="baisha", phone="19900000014"),
    Account("liuhe", "石大勇", "township", agency="liuhe", phone="19900000015"),
    Account("e0002", "何立群", "enterprise", enterprise="E0002", phone="19900000002"),
    Account("e0003", "孟建国", "enterprise", enterprise="E0003", phone="19900000003"),
    # Not printed: the two other roles of an enterprise's own people.
    Account("e0001-head", "李铁山", "enterprise-head", enterprise="E0001", on_call=False),
    Account("e0001-staff", "唐小舟", "enterprise-staff", enterprise="E0001", on_call=False),
)

SHOWN_ACCOUNTS = ("county", "township", "enterprise", "city", "inspector", "installer", "admin")
