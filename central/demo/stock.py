"""What each enterprise of the demo's county has in its registers: pure, the same for the same day.

A few things are wrong on purpose, so that reminders and management warnings have something to say: some
licences and certificates have lapsed or will soon, some promises are missing.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from central.demo.plausible import identity_of, name_of
from central.demo.townspeople import TOWN_NAMES
from central.registry.forms.lists_chemicals import KEY_SUPERVISED, SPECIALLY_CONTROLLED, officially

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central.demo.plausible import Filler
    from central.demo.townspeople import Made


class Line(Struct, frozen=True):
    """A record to be: its register, what makes it what it is, and how much of the rest is filled in."""

    register: str
    own: dict[str, Any]
    share: float = 0.55


LAPSED_EVERY: Final = 31  # one enterprise of so many has a licence that has lapsed
SOON_EVERY: Final = 12
PROMISE_WORDS: Final = (
    "今天我公司已进行安全风险研判，各项安全风险防控措施已落实到位，我承诺所有生产装置处于安全运行状态，罐区、"
    "仓库等重大危险源安全风险得到有效管控。"
)
# CAS number, form, and kinds of hazard of GB 30000 (from memory).
_CHEMICALS: Final = {
    "甲醇": ("67-56-1", "liquid", "flammable-liquid acute-toxicity organ-single"),
    "盐酸": ("7647-01-0", "liquid", "skin eye organ-single"),
    "氢氧化钠": ("1310-73-2", "solid", "skin eye"),
    "苯": ("71-43-2", "liquid", "flammable-liquid carcinogen mutagen organ-repeated"),
    "环氧乙烷": ("75-21-8", "liquefied", "flammable-gas pressurised-gas acute-toxicity carcinogen"),
    "汽油": ("8006-61-9", "liquid", "flammable-liquid carcinogen aspiration aquatic"),
    "柴油": ("", "liquid", "flammable-liquid aspiration"),
    "液化石油气": ("68476-85-7", "liquefied", "flammable-gas pressurised-gas"),
    "液氨": ("7664-41-7", "liquefied", "flammable-gas pressurised-gas acute-toxicity skin aquatic"),
    "油漆": ("", "liquid", "flammable-liquid"),
    "稀释剂": ("", "liquid", "flammable-liquid aspiration"),
    "胶粘剂": ("", "liquid", "flammable-liquid"),
    "乳化炸药": ("", "solid", "explosive"),
    "烟花爆竹": ("", "solid", "explosive"),
}
_TRADES_OF: Final = {
    "chemical": "危险化工工艺", "mine": "井下支柱", "trade": "熔化焊接与热切割", "gas": "压缩气体充装",
    "construction": "建筑起重机械司机", "transport": "危险货物道路运输押运", "firework": "烟花爆竹储存",
}  # fmt: skip
_RISKS: Final = {
    "chemical": (("反应釜超温超压", "17", "major"), ("罐区泄漏中毒", "19", "larger"), ("动火作业火灾",
    "08", "general")),
    "mine": (("采场冒顶片帮", "11", "major"), ("提升系统坠罐", "09", "larger"), ("爆破伤人", "13", "larger")),
    "gas": (("储罐泄漏爆炸", "17", "major"), ("充装作业火灾", "08", "larger")),
    "trade": (("有限空间中毒窒息", "19", "larger"), ("粉尘爆炸", "18", "larger"), ("机械伤害", "03",
    "general")),
    "construction": (("高处坠落", "09", "larger"), ("起重伤害", "04", "larger"), ("坍塌", "10", "general")),
    "transport": (("车辆伤害", "02", "general"),),
    "firework": (("库房火灾爆炸", "08", "larger"),),
    "other": (("叉车伤害", "02", "general"), ("库房火灾", "08", "general")),
}  # fmt: skip


def of_enterprise(made: Made, filler: Filler) -> Iterator[Line]:
    """The records of one enterprise, in the order in which it would enter them."""
    number, today = int(made.code[1:]) % 1000, filler.today
    yield _basics(made, filler)
    yield Line("safety-organisation", {"name": "安全环保部", "kind": _one("safety"), "staff": []}, 0.3)
    yield from _people(made, filler, number)
    yield from _papers(made, filler, number)
    for place, machine in enumerate(made.trade.machines):
        yield Line("production-equipment", _machine(machine, f"{made.code}-SB{place + 1:02d}"), 0.25)
    for place, machine in enumerate(made.trade.special):
        code = f"容15鄂LJ{number:04d}{place}"
        next_check = today + dt.timedelta(days=20 if number % 41 == 9 else 120 + number % 200)
        own = _machine(machine, f"{made.code}-TZ{place + 1:02d}")
        own |= {"certificate": code, "next_check": next_check.isoformat(), "kind": _special(machine)}
        yield Line("special-equipment", own, 0.25)
    for place, chemical in enumerate(made.trade.chemicals):
        cas, form, hazards = _CHEMICALS[chemical]
        key, controlled = officially(KEY_SUPERVISED, cas), officially(SPECIALLY_CONTROLLED, cas)
        own = {"name": chemical, "cas": cas, "form": _one(form), "place": f"{place + 1} 号库",
               "uses": {"choices": ["trade" if "店" in made.name or "站" in made.name else "use"]},
               "hazards": {"choices": hazards.split()}, "most": float(2 + (number * 7 + place) % 60),
               "unit": _one("t"), "key_supervised": key is not None, "controlled": controlled is not None,
               "key_entry": _one(f"k{key.number:02}") if key else None,
               "controlled_entry": _one(f"c{controlled.number:02}") if controlled else None}  # fmt: skip
        yield Line("chemicals", {name: value for name, value in own.items() if value is not None}, 0.1)
    for name, kind, worst in _RISKS[made.trade.sector]:
        # Major risks are the few that the county knows by name.
        level = worst if worst != "major" or made.hazard_class in {1, 2} else "larger"
        own = {"name": name, "kind": _one(kind), "level": _one(level), "department": "安全环保部",
               "responsible": made.contact_name}  # fmt: skip
        yield Line("risk-list", own, 0.4)
        if level != "general":
            yield Line(
                "key-supervision", {"name": name.replace("中毒", "").replace("爆炸", ""), "risk": _one(kind)}
            )
    yield Line(
        "safety-investment",
        {"year": today.year, "item": "安全设施维护", "spent": float(3 + number % 90)},
        0.2,
    )
    yield Line("training-records", {"name": "三季度安全教育培训", "attended": 6 + number % 50}, 0.2)
    if number % 3 == 0:
        yield Line("standardisation", {"grade": _one("3"), "number": f"鄂AQBⅢ{number:05d}"}, 0.5)
    yield from _records_of_wrong(number, filler)
    yield from _sub_forms(made, filler, number)


def promise(made_units: int, day: dt.date, number: int, responsible: str) -> dict[str, Any]:
    """The promise of a day: most run everything, some repair something."""
    repair = 1 if (number + day.toordinal()) % 9 == 0 and made_units > 1 else 0
    stopped = 1 if (number + day.toordinal()) % 17 == 0 and made_units - repair > 1 else 0
    fire = (number * 3 + day.toordinal()) % 6 == 0
    values: dict[str, Any] = {
        "day": day.isoformat(), "units": made_units, "running": made_units - repair - stopped,
        "stopped": stopped,
        "repair": repair, "special_work": fire, "words": PROMISE_WORDS, "responsible": responsible,
        "risk": _one("general" if fire else "low"), "contractors": False, "trial": False, "starting": False,
        "major_danger": False,
    }  # fmt: skip
    if fire:
        values |= {
            "special_words": "管廊二级动火作业一处，已办理作业票，现场有专人监护。",
            "work": {"fire_2": 1},
        }
    return values


def promised(number: int, day: dt.date, today: dt.date) -> bool:
    """Whether an enterprise gave its promise: nearly always, today not yet everybody, two not for days."""
    if number % 37 == 5:
        return (today - day).days > 4
    if day == today:
        return number % 3 != 0
    return (number * 13 + day.toordinal()) % 23 != 0


def _basics(made: Made, filler: Filler) -> Line:
    industry = {"chemical": "chemical", "mine": "other-mine"}.get(made.trade.sector)
    own: dict[str, Any] = {
        "name": made.name, "credit_code": made.credit_code, "address": made.address,
        "legal_representative": made.contact_name, "safety_head": name_of(filler.rng),
        "county": {"id": "429981", "label": "临江县"}, "major_hazard": made.hazard_class is not None,
        "where": filler.site(), "founded": filler.day(9000, -900), "employees": filler.rng.randint(8, 380),
        "own_industry": made.trade.industry, "risks_identified": True,
    }  # fmt: skip
    if industry:
        own["industry"] = _one(industry)
    return Line("enterprise-basics", own, 0.8)


def _people(made: Made, filler: Filler, number: int) -> Iterator[Line]:
    yield Line("contact-list", {"name": made.contact_name, "post": "安全负责人", "role": _one("safety")}, 0.6)
    for place in range(3 + number % 3):
        kind, post = (("principal", "总经理"), ("safety-manager", "安全员"))[place] if place < 2 else (
            "special-operation", "操作工")  # fmt: skip
        name = made.contact_name if place == 0 else name_of(filler.rng)
        yield Line("staff-members", {
            "name": name, "kind": _one(kind), "post": post, "certified": True, "state": _one("working"),
            "identity_number": identity_of(filler.rng, number * 7 + place),
        }, 0.5)  # fmt: skip
        # Short of three years: some end soon, a few have ended.
        left = 15 + number % 40 if number % 9 == 4 and place == 2 else 150 + (number * 31 + place * 97) % 800
        left = -(3 + number % 20) if number % 53 == 7 and place == 1 else left
        yield Line("certificates", {
            "holder": name, "kind": _one(kind), "number": f"T4299{number:05d}{place}",
            "trade": _TRADES_OF.get(made.trade.sector, "低压电工作业") if place >= 2 else "安全生产管理",
            "valid": _span(filler.today, left, 1095), "issuer": "湖北省应急管理厅",
            "examined": (filler.today + dt.timedelta(days=100 + number)).isoformat(),
        }, 0.2)  # fmt: skip


def _papers(made: Made, filler: Filler, number: int) -> Iterator[Line]:
    for place, (kind, name) in enumerate(made.trade.papers):
        last = place == len(made.trade.papers) - 1
        left = 30 + number % 50 if last and number % SOON_EVERY == 3 else 200 + (number * 17) % 800
        left = -(2 + number % 25) if last and number % LAPSED_EVERY == 5 else left
        issuer = "临江县市场监督管理局" if kind == "business" else "云泽市应急管理局"
        yield Line("licences", {
            "kind": _one(kind), "name": name, "issuer": issuer, "state": _one("valid"),
            "scope": made.trade.industry,
            "number": made.credit_code if kind == "business" else f"鄂L{kind[:2].upper()}2023{number:04d}",
            "valid": _span(filler.today, 5000 if kind == "business" else left, 1095),
        }, 0.1)  # fmt: skip


def _records_of_wrong(number: int, filler: Filler) -> Iterator[Line]:
    if number % 9 == 2:
        day = filler.today - dt.timedelta(days=20 + number)
        yield Line("penalties", {
            "year": day.year, "imposed": day.isoformat(), "entry": _one("penalty"), "penalty": _one("2"),
            "reason": "未按规定对从业人员进行安全生产教育和培训", "penalty_closure": _one("done"),
        })  # fmt: skip
    if number % 23 == 4:
        day = filler.today - dt.timedelta(days=60 + number)
        yield Line("accidents", {
            "year": day.year, "month": _one(f"{day:%m}"), "occurred": day.isoformat(),
            "name": "维修时手指挤伤",
            "kind": _one("accident"), "light": 1, "serious": 0, "deaths": 0, "loss": 1.2,
            "accident_class": _one("work-injury"),
        })  # fmt: skip
    if number % 43 == 6:
        day = filler.today - dt.timedelta(days=12 + number % 30)
        yield Line("major-danger-checks", {
            "found": day.isoformat(), "name": "可燃气体报警器失效未更换", "place": "储罐区",
            "level": _one("major"),
            "content": "储罐区三台可燃气体探测器失效，泄漏时不能报警。",
        })  # fmt: skip


def _sub_forms(made: Made, filler: Filler, number: int) -> Iterator[Line]:
    town = TOWN_NAMES[made.region_code][0]
    if made.trade.key == "underground":
        yield Line("underground-mines", {
            "name": f"{made.name.removesuffix('有限公司')}地下开采系统", "address": made.address,
            "mining_valid": _span(filler.today, 600 + number, 3650),
            "safety_valid": _span(filler.today, 400 + number, 1095),
        }, 0.95)  # fmt: skip
        if number % 2:
            yield Line("tailings-ponds", {"name": f"{town}{number} 号尾矿库", "address": made.address,
                                          "licence_valid": _span(filler.today, 500, 1095)}, 0.9)  # fmt: skip
    elif made.trade.key == "quarry":
        yield Line(
            "open-pit-mines", {"name": f"{made.name}采场", "valid": _span(filler.today, 420, 1095)}, 0.9
        )
    elif made.trade.key == "chemical-plant":
        yield Line("chemical-licences", {"number": f"（鄂）WH安许证字〔2024〕{number:04d}号",
        "name": made.name,
                                         "valid": _span(filler.today, 380 + number, 1095)}, 0.9)  # fmt: skip
        yield Line(
            "licensed-chemicals", {"licensed": "甲醇、盐酸", "capacity": f"年产 {number % 9 + 1} 万吨"}, 0.8
        )
        yield Line("chemical-base", {"units": made.trade.units}, 0.8)
        if made.hazard_class:
            yield Line("chemical-major-hazards", {"name": "甲醇罐区", "grade": _one(str(made.hazard_class)),
                                                  "r": round(10.5 + number % 30, 1)}, 0.8)  # fmt: skip
    elif made.trade.key == "cold":
        yield Line(
            "ammonia-refrigeration", {"name": "氨制冷系统", "ammonia": round(3.5 + number % 9, 1)}, 0.7
        )


def _one(code: str) -> dict[str, str]:
    return {"choice": code}


def _span(today: dt.date, left: int, long: int) -> dict[str, str]:
    end = today + dt.timedelta(days=left)
    return {"from": (end - dt.timedelta(days=long)).isoformat(), "to": end.isoformat()}


def _machine(name: str, number: str) -> dict[str, Any]:
    return {"name": name, "number": number, "state": _one("used"), "inspection_items": [], "accessories": [],
            "inspections": [], "maintenance": [], "changes": []}  # fmt: skip


def _special(name: str) -> dict[str, str]:
    for word, kind in (("管道", "pipe"), ("锅炉", "boiler"), ("叉车", "vehicle"), ("起重", "crane")):
        if word in name:
            return _one(kind)
    return _one("vessel")
