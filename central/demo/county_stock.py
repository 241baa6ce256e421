"""What the agencies of the demo's county keep: teams, experts, shelters, hospitals, standards, notices."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from central.demo.plausible import name_of
from central.demo.stock import Line
from central.demo.townspeople import TOWN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central.demo.plausible import Filler

_STANDARDS: Final = (
    ("GB 18218-2018", "危险化学品重大危险源辨识"), ("GB 30871-2022", "危险化学品企业特殊作业安全规范"),
    ("GB 16423-2020", "金属非金属矿山安全规程"), ("GB 39496-2020", "尾矿库安全规程"),
    ("GB/T 33000-2025", "大中型企业安全生产标准化管理体系要求"), ("GB 15577-2018", "粉尘防爆安全规程"),
    ("AQ 3062-2025", "精细化工企业安全管理规范"), ("GB/T 29639-2020",
    "生产经营单位生产安全事故应急预案编制导则"),
)  # fmt: skip
_NOTICES: Final = (
    ("关于做好今冬明春安全防范工作的通知", "normal",
    "各企业要结合冬季特点，重点检查防冻防凝、防火防爆、防中毒窒息措施。"),
    ("关于开展有限空间作业专项检查的通知", "urgent",
    "各乡镇组织对辖区涉及有限空间作业的企业逐户检查，月底前报送结果。"),
    ("每日安全承诺公告情况通报", "normal", "上月全县应承诺企业承诺率有提高，仍有少数企业漏报，请及时补齐。"),
    ("寒潮蓝色预警提示", "urgent", "未来三天气温下降明显，涉氨制冷和户外储罐企业注意防冻保温。"),
)  # fmt: skip
_CASES: Final = (
    ("某冷库液氨泄漏中毒事故", "19", "larger", 3), ("某采石场边坡垮塌事故", "10", "general", 1),
    ("某家具厂除尘系统粉尘爆炸事故", "18", "larger", 4),
)  # fmt: skip
_TEAMS: Final = (
    ("临江县综合应急救援大队", "comprehensive", 48, ["fire", "flood"]),
    ("临江县危险化学品应急救援队", "professional", 26, ["chemical", "poisoning"]),
    ("云岭矿山救护队", "professional", 22, ["mine", "tailings"]),
    ("临江蓝水义务救援队", "social", 35, ["water", "flood"]),
)  # fmt: skip
_SUPPLIES: Final = (
    ("气体检测仪", "equipment", 12, "台"), ("正压式空气呼吸器", "gear", 40, "套"), ("堵漏工具",
    "equipment", 6, "套"),
    ("抗洪沙袋", "material", 5000, "只"), ("冲锋舟", "vehicle", 4, "艘"), ("应急照明车", "vehicle", 2, "辆"),
)  # fmt: skip


def of_county(filler: Filler) -> Iterator[Line]:
    """The records of the county's emergency bureau."""
    day = filler.today
    for name, kind, people, good_at in _TEAMS:
        own = {"name": name, "kind": _one(kind), "people": people, "good_at": {"choices": good_at},
        "unit": name,
               "where": filler.spot(), "equipment": []}  # fmt: skip
        yield Line("rescue-teams", own, 0.6)
    for category in (
        "chemicals",
        "mine",
        "building",
        "water",
        "geological",
        "rescue",
        "transport",
        "environment",
    ):
        for _ in range(2):
            own = {"name": name_of(filler.rng), "category": _one(category),
                   "term": {"from": f"{day.year - 1}-01-01", "to": f"{day.year + 2}-12-31"}}  # fmt: skip
            yield Line("experts", own, 0.6)
    for region, (town, short) in TOWN_NAMES.items():
        here: dict[str, Any] = {"region": {"id": region, "label": town}}
        for name, kind in ((f"{town}中心学校", "school"), (f"{short}文化广场", "square")):
            own = {"name": name, "kind": _one(kind), "address": f"{town}中心街",
            "capacity": 300 + filler.rng.randrange(900),
                   "state": _one("ready")}  # fmt: skip
            yield Line("shelters", own | here | {"where": filler.spot(region)}, 0.6)
        yield Line(
            "hospitals",
            {"name": f"{town}卫生院", "grade": _one("township")} | here | {"where": filler.spot(region)},
            0.5,
        )
        yield Line("police-forces", {"name": f"{town}派出所"} | here | {"where": filler.spot(region)}, 0.5)
        own = {"name": f"{short}后山滑坡点", "number": f"LJ-HP-{region[-3:]}", "kind": _one("landslide"),
               "address": f"{town}后山村", "level": _one("larger"), "state": _one("listed")}  # fmt: skip
        yield Line("natural-disaster-points", own | here | {"where": filler.spot(region)}, 0.6)
        yield Line(
            "fragile-targets",
            {"name": f"{town}敬老院", "kind": _one("care"), "address": f"{town}福利路"}
            | here
            | {"where": filler.spot(region)},
            0.5,
        )
    yield Line(
        "hospitals", {"name": "临江县人民医院", "grade": _one("2a"), "beds": 620, "ambulances": 8}, 0.7
    )
    yield Line("fire-forces", {"name": "临江县消防救援站", "kind": _one("state"), "vehicles": 9}, 0.7)
    yield Line("support-bases", {"name": "临江县应急物资运输保障基地"}, 0.6)
    yield Line("key-targets", {"name": "临江县自来水厂取水口", "kind": _one("water")}, 0.6)
    yield Line("social-rescue-forces", {"name": "临江蓝水义务救援队"}, 0.5)
    yield Line("rescue-agencies", {"name": "临江县应急救援指挥中心", "kind": _one("command")}, 0.6)
    for name, kind, many, unit in _SUPPLIES:
        own = {"name": name, "category": _one(kind), "quantity": float(many), "unit": unit,
        "store": "临江县应急物资库",
               "source": _one("government"), "supply_class": {"id": "detection", "label": "侦检器材"},
                "state": _one("ready"), "where": filler.spot()}  # fmt: skip
        yield Line("emergency-supplies", own, 0.4)
    for number, name in _STANDARDS:
        kind = "gbt" if "/T" in number else "gb" if number.startswith("GB") else "industry"
        own = {"number": number, "name": name, "kind": _one(kind), "validity": _one("in-force")}
        yield Line("standards", own, 0.0)
    for place_in, (title, urgency, body) in enumerate(_NOTICES):
        own = {"title": title, "kind": _one("notice"), "urgency": _one(urgency),
        "publisher": "临江县应急管理局",
               "published": (day - dt.timedelta(days=3 + place_in * 9)).isoformat(), "body": body,
               "receivers": _one("all")}  # fmt: skip
        yield Line("notices", own, 0.0)
    for name, category, level, dead in _CASES:
        own = {"name": name, "category": _one(category), "level": _one(level), "dead": dead,
        "place": "外省某县",
               "day": (day - dt.timedelta(days=400 + dead * 50)).isoformat(),
               "course": "作业人员未按规程操作，防护设施失效，发生事故，现场人员盲目施救致伤亡扩大。",
               "lessons": "作业前先通风、再检测、后作业；防护设施定期检验；严禁盲目施救。"}  # fmt: skip
        yield Line("accident-cases", own, 0.0)
    yield Line("emergency-training", {"name": "县乡应急指挥人员培训班", "attended": 64}, 0.6)


def _one(code: str) -> dict[str, str]:
    return {"choice": code}
