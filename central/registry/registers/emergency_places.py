"""Places that count in an emergency: shelters, hospitals, bases, targets and more; EMG-11, -12, -14."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import (
    ADDRESS,
    NOTE,
    PHOTOS,
    REGION,
    WHERE,
    desk_phone,
    mobile,
    person,
)
from central.registry.forms.fields import choice, day, long_text, number, several, text, whole
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Several, Spot


class Shelter(Struct):
    """避难场所（应急避灾安置点）."""

    name: Annotated[str | None, text("场所名称", "shelter", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("场所类型", "kind", """
            school 学校 school
            village 村（社区）活动场所 village or community house
            stadium 体育场馆 stadium
            park 公园绿地 park
            square 广场 square
            hotel 宾馆 hotel
            civil-defence 人防工程 civil defence
            special 专用避灾安置点 shelter of its own
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    indoor: Annotated[
        Chosen | None,
        choice("室内外", "indoors", "indoor 室内 indoors\noutdoor 室外 outdoors\nboth 室内外兼有 both",
               uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    region: Annotated[Link | None, REGION] = None
    address: Annotated[str | None, text("详细地址", "address", required=True, longest=200)] = None
    where: Annotated[Spot | None, WHERE] = None
    area: Annotated[float | None, number("面积", "area", "m²")] = None
    capacity: Annotated[int | None, whole("可容纳人数", "capacity", "人", required=True)] = None
    facilities: Annotated[
        Several | None,
        several("配套设施", "facilities", """
            water 供水 water
            power 供电 power
            food 食品储备 food
            medical 医疗救护 medical aid
            toilet 厕所 toilets
            bedding 被褥 bedding
            telecom 通信广播 telecom
            ramp 无障碍设施 barrier-free
            other 其他 other
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    state: Annotated[
        Chosen | None,
        choice("状态", "state", "ready 可用 ready\nopen 已启用 open\nclosed 暂停使用 closed",
               required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    contact: Annotated[str | None, person("联系人", "contact", required=True)] = None
    mobile: Annotated[str | None, mobile("联系人手机", "mobile of the contact")] = None
    duty_phone: Annotated[str | None, desk_phone("联系（值班）电话", "duty phone", required=True)] = None
    checked: Annotated[date | None, day("最近核查日期", "last checked")] = None
    next_check: Annotated[date | None, day("下次核查日期", "next check")] = None
    pictures: Annotated[list[File] | None, PHOTOS] = None
    remarks: Annotated[str | None, NOTE] = None


class Hospital(Struct):
    """医疗机构."""

    name: Annotated[str | None, text("机构名称", "hospital", required=True)] = None
    grade: Annotated[
        Chosen | None,
        choice("单位级别", "grade", """
            3a 三级甲等 grade 3 A
            3b 三级乙等 grade 3 B
            2a 二级甲等 grade 2 A
            2b 二级乙等 grade 2 B
            1 一级 grade 1
            township 乡镇卫生院（社区卫生服务中心） township or community
            none 未定级 not graded
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    region: Annotated[Link | None, REGION] = None
    ambulances: Annotated[int | None, whole("急救车辆数", "ambulances", "辆", required=True)] = None
    beds: Annotated[int | None, whole("病床数", "beds", "张", required=True)] = None
    doctors: Annotated[int | None, whole("医生数", "doctors", "人", required=True)] = None
    nurses: Annotated[int | None, whole("护士数", "nurses", "人", required=True)] = None
    contact: Annotated[str | None, person("联系人姓名", "contact", required=True)] = None
    mobile: Annotated[str | None, mobile("联系人手机", "mobile of the contact")] = None
    duty_phone: Annotated[str | None, desk_phone("联系（急诊）电话", "emergency desk", required=True)] = None
    address: Annotated[str | None, ADDRESS] = None
    where: Annotated[Spot | None, WHERE] = None
    strong: Annotated[
        Several | None,
        several("救治专长", "good at", """
            burn 烧伤 burns
            poison 中毒 poisoning
            trauma 创伤 trauma
            hyperbaric 高压氧 hyperbaric oxygen
            infection 传染病 infections
            other 其他 other
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    remarks: Annotated[str | None, NOTE] = None


class Place(Struct):
    """What all other places have: where, and whom to call."""

    name: Annotated[str | None, text("名称", "name", required=True)] = None
    region: Annotated[Link | None, REGION] = None
    unit: Annotated[str | None, text("主管（运营）单位", "run by")] = None
    address: Annotated[str | None, text("详细地址", "address", required=True, longest=200)] = None
    where: Annotated[Spot | None, WHERE] = None
    contact: Annotated[str | None, person("联系人", "contact")] = None
    mobile: Annotated[str | None, mobile("联系人手机", "mobile of the contact")] = None
    duty_phone: Annotated[str | None, desk_phone("联系（值班）电话", "duty phone", required=True)] = None


class SupportBase(Place):
    """保障基地: transport, power, telecom, repair …, for an emergency."""

    kind: Annotated[
        Chosen | None,
        choice("保障类型", "what it provides", """
            transport 交通运输 transport
            power 电力 power
            telecom 通信 telecom
            medical 医疗 medical
            supplies 生活物资 supplies
            fuel 油料 fuel
            engineering 工程机械 engineering
            other 其他 other
            """, required=True, uncertain=True, note="按“交通、电力、通信、医疗”扩充，为建议分类。"),
    ] = None  # fmt: skip
    ability: Annotated[str | None, long_text("保障能力", "what it can do")] = None
    people: Annotated[int | None, whole("人数", "people", "人")] = None
    vehicles: Annotated[int | None, whole("车辆（机械）数", "vehicles", "台")] = None
    remarks: Annotated[str | None, NOTE] = None


class FragileTarget(Place):
    """脆弱目标: where many people are."""

    kind: Annotated[
        Chosen | None,
        choice("目标类型", "kind", """
            airport 机场 airport
            railway 火车站 railway station
            bus 汽车站 bus station
            petrol 加油站 petrol station
            school 学校 school
            hospital 医院 hospital
            care 养老机构 care home
            mall 商场超市 shopping centre
            venue 体育文化场馆 stadium or theatre
            housing 居民区 housing
            other 其他 other
            """, required=True, uncertain=True, note="来源文件列出前四类，其余为建议分类。"),
    ] = None  # fmt: skip
    people: Annotated[int | None, whole("平均人数", "people there", "人")] = None
    most: Annotated[int | None, whole("高峰人数", "people at peak", "人")] = None
    measures: Annotated[str | None, long_text("防护措施", "protection", longest=1000)] = None


class KeyTarget(Place):
    """重要目标: what must go on working."""

    kind: Annotated[
        Chosen | None,
        choice("目标类型", "kind", """
            broadcast 广播 broadcasting
            television 电视 television
            office 党政军机关 party, government or military office
            power 电力设施 power
            water 供水设施 water
            gas 供气设施 gas
            telecom 通信枢纽 telecom
            bridge 桥梁隧道 bridge or tunnel
            reservoir 水库大坝 reservoir
            other 其他 other
            """, required=True, uncertain=True, note="来源文件列出前三类，其余为建议分类。"),
    ] = None  # fmt: skip
    level: Annotated[
        Chosen | None,
        choice("防护等级", "grade", "1 一级 grade 1\n2 二级 grade 2\n3 三级 grade 3", uncertain=True,
               note=PROPOSED),
    ] = None  # fmt: skip
    measures: Annotated[str | None, long_text("防护措施", "protection", longest=1000)] = None


class UnloadingPoint(Place):
    """危险品卸载点: where a vehicle in trouble may be unloaded."""

    goods: Annotated[
        Several | None,
        several("可卸载危险品类别", "goods that may be unloaded", """
            1 爆炸品 explosives
            2 气体 gases
            3 易燃液体 flammable liquids
            4 易燃固体 flammable solids
            5 氧化性物质 oxidisers
            6 毒性物质 toxic substances
            8 腐蚀性物质 corrosives
            9 杂项 miscellaneous
            """, required=True, uncertain=True, note="按 GB 6944 类别建议。"),
    ] = None  # fmt: skip
    capacity: Annotated[float | None, number("卸载能力", "capacity", "t")] = None
    equipment: Annotated[str | None, long_text("卸载设备", "equipment", longest=1000)] = None
    roads: Annotated[str | None, text("邻近道路（高速出口）", "roads", longest=200)] = None
    remarks: Annotated[str | None, NOTE] = None


PLACE_COLUMNS = ("name", "duty_phone", "kind", "region", "address", "contact")
WALKERS = frozenset({"supervisor", "inspector"})


def _place(name: str, zh: str, en: str, record: type[Struct], *filters: str) -> Register:
    """One register of places that agencies keep and everybody of the area may look up."""
    columns = PLACE_COLUMNS if "kind" in filters else ("name", "duty_phone", *filters, "region", "contact")
    return Register(
        name=name, zh=zh, en=en, group="emergency", record=record, title="name", columns=columns,
        filters=("name", "region", "contact", *filters), key=("name",), owner="agency", writers=WALKERS,
        shared=True, tallies=("kind",) if "kind" in filters else (), source="EMG-14",
    )  # fmt: skip


REGISTERS = (
    Register(
        name="shelters",
        zh="避难场所",
        en="Shelters",
        group="emergency",
        record=Shelter,
        title="name",
        columns=("name", "capacity", "kind", "state", "region", "contact", "duty_phone"),
        filters=("name", "kind", "region", "state", "capacity", "area", "facilities",
                 "next_check"),
        key=("name",),
        owner="agency",
        writers=WALKERS,
        shared=True,
        coded=True,
        public=("name", "kind", "indoor", "address", "where", "area", "capacity", "facilities", "state",
                "duty_phone"),
        reminders=(Reminder("避难场所即将到核查日期", 15, "next_check"),),
        totals=("area", "capacity"),
        tallies=("kind",),
        source="EMG-11, REG-29",
    ),
    Register(
        name="hospitals",
        zh="医疗机构",
        en="Hospitals",
        group="emergency",
        record=Hospital,
        title="name",
        columns=("name", "duty_phone", "grade", "ambulances", "beds", "doctors", "nurses"),
        filters=("name", "grade", "region", "ambulances", "beds", "doctors", "nurses", "strong"),
        key=("name",),
        owner="agency",
        writers=frozenset({"supervisor", "committee"}),
        shared=True,
        totals=("ambulances", "beds", "doctors", "nurses"),
        tallies=("grade",),
        source="EMG-12, EMG-14",
    ),
    _place("support-bases", "保障基地", "Support bases", SupportBase, "kind"),
    _place("fragile-targets", "脆弱目标", "Fragile targets", FragileTarget, "kind", "people"),
    _place("key-targets", "重要目标", "Key targets", KeyTarget, "kind", "level"),
    _place("unloading-points", "危险品卸载点", "Unloading points", UnloadingPoint, "goods", "capacity"),
)  # fmt: skip
