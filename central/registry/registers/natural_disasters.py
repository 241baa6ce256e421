"""Natural-disaster risk points (自然灾害风险点), each a subject with a code and a dossier; REG-29, REG-30."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE, PHOTOS, REGION, WHERE, desk_phone, mobile, person
from central.registry.forms.fields import choice, day, link, long_text, number, several, text, whole
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Several, Spot


class DisasterPoint(Struct):
    """One place that nature endangers."""

    name: Annotated[str | None, text("风险点名称", "point", required=True)] = None
    number: Annotated[str | None, text("风险点编号", "number", required=True, longest=40)] = None
    kind: Annotated[
        Chosen | None,
        choice("灾害类型", "kind", """
            landslide 滑坡 landslide
            collapse 崩塌 rock fall
            debris 泥石流 debris flow
            subsidence 地面塌陷 ground collapse
            fissure 地裂缝 ground fissure
            settlement 地面沉降 ground settlement
            flash-flood 山洪 flash flood
            river 江河洪水 river flood
            waterlogging 城乡内涝 waterlogging
            dam 水库（山塘）险情 reservoir in danger
            forest-fire 森林草原火灾 forest fire
            earthquake 地震 earthquake
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    scale: Annotated[
        Chosen | None,
        choice("规模等级", "scale", "huge 特大型 huge\nlarge 大型 large\nmedium 中型 medium\n"
               "small 小型 small", uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    level: Annotated[
        Chosen | None,
        choice("风险等级", "risk level", """
            major 重大风险 major
            larger 较大风险 larger
            general 一般风险 general
            low 低风险 low
            """, required=True, note="与风险分级管控同为红、橙、黄、蓝四级。"),
    ] = None  # fmt: skip
    region: Annotated[Link | None, REGION] = None
    address: Annotated[str | None, text("详细地址", "address", required=True, longest=200)] = None
    where: Annotated[Spot | None, WHERE] = None
    households: Annotated[int | None, whole("受威胁户数", "households threatened", "户")] = None
    people: Annotated[int | None, whole("受威胁人数", "people threatened", "人", required=True)] = None
    property: Annotated[float | None, number("受威胁财产", "property threatened", "万元")] = None
    causes: Annotated[
        Several | None,
        several("主要诱因", "triggers", "rain 降雨 rain\nriver 河水冲刷 river\nearthquake 地震 earthquake\n"
                "work 人为工程活动 building work\nweathering 风化冻融 weathering\nother 其他 other",
                uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    monitoring: Annotated[
        Chosen | None,
        choice("监测方式", "monitoring", "people 群测群防 by people\nprofessional 专业监测 by instruments\n"
               "both 人防加技防 both", uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    responsible: Annotated[str | None, person("防灾责任人", "responsible person", required=True)] = None
    responsible_mobile: Annotated[str | None, mobile("防灾责任人手机", "mobile of that person")] = None
    watcher: Annotated[str | None, person("监测（巡查）员", "watcher", required=True)] = None
    watcher_mobile: Annotated[str | None, mobile("监测员手机", "mobile of the watcher")] = None
    duty_phone: Annotated[str | None, desk_phone("乡镇（街道）值班电话", "duty phone", required=True)] = None
    signal: Annotated[
        str | None,
        text("预警信号", "warning signal", required=True, longest=200, note="例如：铜锣连续敲击、村喇叭。"),
    ] = None
    route: Annotated[str | None, long_text("撤离路线", "way out", required=True, longest=1000)] = None
    shelter: Annotated[Link | None, link("安置点", "shelter", "shelters")] = None
    measures: Annotated[str | None, long_text("防治措施", "measures", longest=1000)] = None
    state: Annotated[
        Chosen | None,
        choice("状态", "state", "listed 在册 listed\ntreating 治理中 under treatment\n"
               "treated 已治理 treated\nremoved 已核销 taken off the list",
               required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    checked: Annotated[date | None, day("最近核查日期", "last checked")] = None
    next_check: Annotated[date | None, day("下次核查日期", "next check", required=True)] = None
    pictures: Annotated[list[File] | None, PHOTOS] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="natural-disaster-points",
        zh="自然灾害风险点",
        en="Natural-disaster risk points",
        group="risk",
        record=DisasterPoint,
        title="name",
        columns=("name", "level", "kind", "people", "responsible", "region", "state"),
        filters=("name", "number", "kind", "level", "region", "state", "people", "next_check"),
        key=("number",),
        owner="agency",
        writers=frozenset({"supervisor", "inspector"}),
        shared=True,
        coded=True,
        public=("name", "kind", "level", "address", "where", "people", "duty_phone", "signal", "route",
                "shelter"),
        reminders=(Reminder("自然灾害风险点即将到核查日期", 15, "next_check"),),
        totals=("households", "people", "property"),
        tallies=("kind", "level"),
        source="REG-29, REG-30",
    ),
)  # fmt: skip
