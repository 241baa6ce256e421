"""The rest of the county: some three hundred enterprises of every sector, made up, the same each time."""

from __future__ import annotations

from random import Random
from typing import Final

from msgspec import Struct

from central.demo.county import Account, Agency, Region
from central.demo.plausible import credit_code_of, name_of, phone_of

TOWNSHIPS: Final = (
    Region("429981104", "石桥镇", "township"),
    Region("429981105", "云岭镇", "township"),
    Region("429981201", "荷塘乡", "township"),
)
OFFICES: Final = (
    Agency("shiqiao", "石桥镇应急办", 2, "county", ("429981104",)),
    Agency("yunling", "云岭镇应急办", 2, "county", ("429981105",)),
    Agency("hetang", "荷塘乡应急办", 2, "county", ("429981201",)),
)
ACCOUNTS: Final = (
    Account("shiqiao", "温石桥", "township", agency="shiqiao", phone="19900000016"),
    Account("yunling", "岳青山", "township", agency="yunling", phone="19900000017"),
    Account("hetang", "莲小池", "township", agency="hetang", phone="19900000018"),
)
TOWN_NAMES: Final = {
    "429981101": ("青石镇", "青石"),
    "429981102": ("白沙镇", "白沙"),
    "429981103": ("柳河镇", "柳河"),
    "429981104": ("石桥镇", "石桥"),
    "429981105": ("云岭镇", "云岭"),
    "429981201": ("荷塘乡", "荷塘"),
}
_OFFICE_OF: Final = {
    "429981101": "qingshi",
    "429981102": "baisha",
    "429981103": "liuhe",
    "429981104": "shiqiao",
    "429981105": "yunling",
    "429981201": "hetang",
}
_STYLES: Final = (
    "宏泰",
    "瑞丰",
    "金鼎",
    "恒通",
    "华盛",
    "鑫源",
    "汇丰",
    "德信",
    "长青",
    "顺达",
    "永兴",
    "天益",
    "昌荣",
    "双龙",
    "和顺",
    "百川",
    "江华",
    "楚天",
    "云帆",
    "博远",
    "海纳",
    "嘉禾",
    "星火",
    "龙腾",
)

_STREETS: Final = ("工业园区", "沿江路", "环城路", "新街")


class Trade(Struct, frozen=True):
    """A line of business: how many of them, its sector and industry, and what its enterprises have.

    `form`: how such an enterprise is called; {s} is its style, {t} its town. `hazard`: one of so many has a
    major hazard of this class, (class, one of). `papers`: kinds of licence with their names.
    """

    key: str
    count: int
    sector: str
    industry: str
    form: str
    papers: tuple[tuple[str, str], ...]
    chemicals: tuple[str, ...] = ()
    machines: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    units: int = 1
    hazard: tuple[int, int] | None = None


_BUSINESS: Final = ("business", "营业执照")
TRADES: Final = (
    Trade(
        "chemical-plant",
        22,
        "chemical",
        "化学原料和化学制品制造",
        "湖北{s}化工有限公司",
        (_BUSINESS, ("safety", "安全生产许可证"), ("emission", "排污许可证")),
        ("甲醇", "盐酸", "氢氧化钠", "苯", "环氧乙烷"),
        ("反应釜", "精馏塔", "离心泵", "换热器"),
        ("压力容器", "压力管道"),
        3,
        (3, 3),
    ),
    Trade(
        "petrol",
        34,
        "chemical",
        "机动车燃油零售",
        "临江{t}{s}加油站",
        (_BUSINESS, ("chemical-trade", "危险化学品经营许可证")),
        ("汽油", "柴油"),
        ("加油机", "潜油泵"),
        (),
        1,
    ),
    Trade(
        "gas",
        16,
        "gas",
        "燃气生产和供应",
        "临江{s}燃气有限公司{t}供应站",
        (_BUSINESS, ("gas", "燃气经营许可证")),
        ("液化石油气",),
        ("烃泵", "灌装秤"),
        ("储罐", "气瓶"),
        1,
        (4, 3),
    ),
    Trade(
        "cold",
        12,
        "trade",
        "农副食品加工",
        "{t}{s}冷链食品有限公司",
        (_BUSINESS, ("fire", "消防验收文件")),
        ("液氨",),
        ("螺杆制冷机", "蒸发式冷凝器"),
        ("贮氨器",),
        1,
        (4, 4),
    ),
    Trade(
        "machine",
        48,
        "trade",
        "通用设备制造",
        "临江{s}机械制造有限公司",
        (_BUSINESS, ("fire", "消防验收文件")),
        ("油漆", "稀释剂"),
        ("数控车床", "喷涂线", "除尘器"),
        ("桥式起重机", "叉车"),
        2,
    ),
    Trade(
        "building-materials",
        36,
        "trade",
        "非金属矿物制品",
        "{t}{s}新型建材有限公司",
        (_BUSINESS, ("emission", "排污许可证")),
        (),
        ("球磨机", "皮带输送机", "回转窑"),
        ("起重机",),
        2,
    ),
    Trade(
        "textile",
        30,
        "trade",
        "纺织服装",
        "临江{s}纺织有限公司",
        (_BUSINESS,),
        (),
        ("梳棉机", "细纱机"),
        ("锅炉",),
        2,
    ),
    Trade(
        "wood",
        20,
        "trade",
        "木材加工和家具制造",
        "{t}{s}木业有限公司",
        (_BUSINESS,),
        ("胶粘剂",),
        ("砂光机", "除尘器"),
        (),
        1,
    ),
    Trade(
        "underground",
        6,
        "mine",
        "有色金属矿采选",
        "临江{s}矿业有限公司",
        (_BUSINESS, ("mining", "采矿许可证"), ("safety", "安全生产许可证")),
        ("乳化炸药",),
        ("提升机", "主扇风机", "水泵"),
        (),
        1,
    ),
    Trade(
        "quarry",
        8,
        "mine",
        "土砂石开采",
        "{t}{s}采石场",
        (_BUSINESS, ("mining", "采矿许可证"), ("safety", "安全生产许可证")),
        (),
        ("破碎机", "潜孔钻机"),
        (),
        1,
    ),
    Trade(
        "firework",
        12,
        "firework",
        "烟花爆竹批发零售",
        "{t}{s}烟花爆竹专营店",
        (_BUSINESS, ("fireworks", "烟花爆竹经营许可证")),
        ("烟花爆竹",),
    ),
    Trade(
        "builder",
        22,
        "construction",
        "房屋建筑",
        "临江{s}建设工程有限公司",
        (_BUSINESS, ("construction", "建筑业企业资质证书"), ("safety", "安全生产许可证")),
        (),
        ("塔式起重机", "施工升降机"),
        ("塔式起重机",),
        2,
    ),
    Trade(
        "carrier",
        20,
        "transport",
        "道路货物运输",
        "临江{s}物流有限公司",
        (_BUSINESS, ("road", "道路运输经营许可证")),
        (),
        ("牵引车", "罐式挂车"),
    ),
    Trade(
        "other",
        14,
        "other",
        "仓储",
        "{t}{s}仓储服务有限公司",
        (_BUSINESS, ("fire", "消防验收文件")),
        (),
        ("叉车",),
    ),
)


class Made(Struct, frozen=True, kw_only=True):
    """One enterprise of the county."""

    code: str
    name: str
    credit_code: str
    region_code: str
    office: str
    trade: Trade
    hazard_class: int | None
    address: str
    contact_name: str
    contact_phone: str
    status: str


def enterprises() -> list[Made]:
    """All of them, in the order in which they are registered."""
    rng = Random("临江县")
    towns = list(TOWN_NAMES)
    found: list[Made] = []
    names: set[str] = set()
    serial = 0
    for trade in TRADES:
        for place in range(trade.count):
            serial += 1
            region = towns[(place + len(trade.key)) % len(towns)]
            name = ""
            while not name or name in names:
                name = trade.form.format(s="".join(rng.sample(_STYLES, 1)), t=TOWN_NAMES[region][1])
                if name in names:
                    name = trade.form.format(
                        s=rng.choice(_STYLES) + rng.choice("新源达兴茂"), t=TOWN_NAMES[region][1]
                    )
            names.add(name)
            hazard = trade.hazard[0] if trade.hazard and place % trade.hazard[1] == 0 else None
            # Most work; a few rest, are being built or have closed.
            status = {7: "stopped", 13: "building", 19: "closed"}.get(serial % 61, "working")
            found.append(
                Made(
                    code=f"E{1000 + serial}",
                    name=name,
                    credit_code=credit_code_of(serial),
                    region_code=region,
                    office=_OFFICE_OF[region],
                    trade=trade,
                    hazard_class=hazard,
                    address=f"{TOWN_NAMES[region][0]}{rng.choice(_STREETS)} {rng.randint(1, 199)} 号",
                    contact_name=name_of(rng),
                    contact_phone=phone_of(rng),
                    status=status,
                )
            )
    return found
