"""Form FA-7 of the Henan scheme: 金属非金属露天矿山基本信息登记表."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from central.registry.forms.fields import (
    choice,
    group,
    link,
    number,
    several,
    span,
    text,
    whole,
    yes_no,
)
from central.registry.forms.register import Given, Register, Reminder
from central.registry.forms.values import Chosen, Link, Several, Span

CREATED = "yes 已创建 yes\nno 未创建 no"


class Dump(Struct):
    """排土场: one dump; their number is the number of rows."""

    name: Annotated[str | None, text("排土场名称", "name", required=True)] = None
    state: Annotated[
        Chosen | None,
        choice("排土场状态", "state", """
            used 在用 in use
            stopped 停用 stopped
            closed 已闭库 closed
            reused 闭库后再利用 used again after closure
            """),
    ] = None  # fmt: skip
    designed_volume: Annotated[float | None, number("设计排土容量", "designed volume", "万m³")] = None
    volume: Annotated[float | None, number("现状排土容量", "present volume", "万m³")] = None
    designed_height: Annotated[float | None, number("设计排土高度", "designed height", "m")] = None
    height: Annotated[float | None, number("现状排土高度", "present height", "m")] = None


class OpenPitMine(Struct):
    """FA-7, row by row."""

    name: Annotated[str | None, text("矿山生产系统名称", "mine system", required=True)] = None
    ownership: Annotated[
        Chosen | None,
        choice("企业类型", "kind of enterprise", """
            central 中央驻豫 central, in Henan
            provincial 省属企业 provincial
            other-owner 其它企业 other
            """),
    ] = None  # fmt: skip
    region: Annotated[Link | None, link("地址（省、市、县、乡）", "area", "region")] = None
    address: Annotated[str | None, text("地址", "address", longest=200)] = None
    area: Annotated[float | None, number("矿区面积", "area", "km²")] = None
    state: Annotated[
        Chosen | None,
        choice("矿山类型", "mine type", """
            running 持证生产 licensed, running
            stopped 持证停产 licensed, stopped
            building 基建在建 under construction
            building-stopped 基建停建 construction stopped
            other-state 其它 other
            """, required=True),
    ] = None  # fmt: skip
    contractor: Annotated[str | None, text("施工单位", "contractor")] = None
    mineral: Annotated[
        Chosen | None,
        choice("主采矿种", "mineral", """
            building-limestone 建筑石料用灰岩 limestone for building stone
            cement-limestone 水泥用灰岩 limestone for cement
            bauxite 铝土矿 bauxite
            dimension-stone 型材矿山 dimension stone
            other-metal 其它金属矿 other metal
            other-non-metal 其它非金属矿 other non-metal
            """),
    ] = None  # fmt: skip
    scale: Annotated[float | None, number("设计开采规模", "designed scale", "万t/a")] = None
    designed_height: Annotated[float | None, number("设计开采高度", "designed height", "m")] = None
    height: Annotated[float | None, number("现状开采高度", "present height", "m")] = None
    method: Annotated[
        Chosen | None, choice("开采方式", "method", "blasting 爆破 blasting\nno-blasting 非爆破 no blasting")
    ] = None
    sunken: Annotated[
        Chosen | None, choice("是否凹陷开采", "sunken pit", "no 非凹陷 not sunken\nyes 凹陷 sunken")
    ] = None
    slope_system: Annotated[
        bool | None, yes_no("是否建立边坡稳定性监测系统", "slope stability monitoring system")
    ] = None
    most: Annotated[int | None, whole("单班最多作业人数", "most people in a shift", "人")] = None
    dual: Annotated[
        Chosen | None, choice("是否创建并运行双重预防体系", "dual prevention created and run", CREATED)
    ] = None
    dual_digital: Annotated[
        Chosen | None, choice("双重预防体系信息化", "dual prevention informatised", CREATED)
    ] = None
    designer: Annotated[str | None, text("安全设施设计编制单位", "safety-facility designer")] = None
    evaluator: Annotated[str | None, text("上一次安全现状评价单位", "last safety evaluation by")] = None
    issuer: Annotated[str | None, text("安全生产许可证发证机关", "issuer of the safety licence")] = None
    valid: Annotated[Span | None, span("安全生产许可证有效期", "validity of the safety licence")] = None
    dumps: Annotated[list[Dump] | None, group("排土场", "dumps", note="排土场数量即所填行数。")] = None
    residents: Annotated[int | None, whole("下游500m内居民人数", "residents within 500 m", "人")] = None
    buildings: Annotated[int | None, whole("下游500m内建筑物数量", "buildings within 500 m", "座")] = None
    slope_watch: Annotated[
        Several | None,
        several("边坡安全监测", "slope monitoring", "manual 人工观测 manual\nonline 在线监测 online"),
    ] = None


REGISTERS = (
    Register(
        name="open-pit-mines",
        zh="金属非金属露天矿山基本信息登记表",
        en="Open-pit metal and non-metal mines",
        group="sub-dossier",
        record=OpenPitMine,
        title="name",
        columns=("name", "state", "mineral", "region", "scale", "valid"),
        filters=(
            "name",
            "state",
            "mineral",
            "ownership",
            "region",
            "method",
            "sunken",
            "dual",
            "scale",
            "valid",
        ),
        key=("name",),
        sectors=("mine",),
        reviewed=True,
        reminders=(Reminder("露天矿山安全生产许可证即将到期", 90, "valid"),),
        given=(Given("企业名称", "owner"),),
        source="FA-7 (002:辅7, 002:册2.3.2); REG-33, REG-41",
    ),
)
