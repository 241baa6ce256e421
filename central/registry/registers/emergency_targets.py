"""Places that an emergency endangers or needs: bases, targets, unloading points (应急资源库); EMG-14."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE, REGION, WHERE, desk_phone, mobile, person
from central.registry.forms.fields import choice, long_text, number, several, text, whole
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register
from central.registry.forms.values import Chosen, Link, Several, Spot

NAME = text("名称", "name", required=True)
UNIT = text("主管（运营）单位", "run by")
PLACE = text("详细地址", "address", required=True, longest=200)
CONTACT = person("联系人", "contact")
MOBILE = mobile("联系人手机", "mobile of the contact")
DUTY = desk_phone("联系（值班）电话", "duty phone", required=True)


class SupportBase(Struct):
    """保障基地: transport, power, telecom, repair …, for an emergency."""

    name: Annotated[str | None, NAME] = None
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
    region: Annotated[Link | None, REGION] = None
    unit: Annotated[str | None, UNIT] = None
    address: Annotated[str | None, PLACE] = None
    where: Annotated[Spot | None, WHERE] = None
    contact: Annotated[str | None, CONTACT] = None
    mobile: Annotated[str | None, MOBILE] = None
    duty_phone: Annotated[str | None, DUTY] = None
    remarks: Annotated[str | None, NOTE] = None


class FragileTarget(Struct):
    """脆弱目标: where many people are."""

    name: Annotated[str | None, NAME] = None
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
    region: Annotated[Link | None, REGION] = None
    unit: Annotated[str | None, UNIT] = None
    address: Annotated[str | None, PLACE] = None
    where: Annotated[Spot | None, WHERE] = None
    contact: Annotated[str | None, CONTACT] = None
    mobile: Annotated[str | None, MOBILE] = None
    duty_phone: Annotated[str | None, DUTY] = None


class KeyTarget(Struct):
    """重要目标: what must go on working."""

    name: Annotated[str | None, NAME] = None
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
    region: Annotated[Link | None, REGION] = None
    unit: Annotated[str | None, UNIT] = None
    address: Annotated[str | None, PLACE] = None
    where: Annotated[Spot | None, WHERE] = None
    contact: Annotated[str | None, CONTACT] = None
    mobile: Annotated[str | None, MOBILE] = None
    duty_phone: Annotated[str | None, DUTY] = None


class UnloadingPoint(Struct):
    """危险品卸载点: where a vehicle in trouble may be unloaded."""

    name: Annotated[str | None, NAME] = None
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
    region: Annotated[Link | None, REGION] = None
    unit: Annotated[str | None, UNIT] = None
    address: Annotated[str | None, PLACE] = None
    where: Annotated[Spot | None, WHERE] = None
    contact: Annotated[str | None, CONTACT] = None
    mobile: Annotated[str | None, MOBILE] = None
    duty_phone: Annotated[str | None, DUTY] = None
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
    _place("support-bases", "保障基地", "Support bases", SupportBase, "kind"),
    _place("fragile-targets", "脆弱目标", "Fragile targets", FragileTarget, "kind", "people"),
    _place("key-targets", "重要目标", "Key targets", KeyTarget, "kind", "level"),
    _place("unloading-points", "危险品卸载点", "Unloading points", UnloadingPoint, "goods", "capacity"),
)
