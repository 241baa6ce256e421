"""The daily safety promise (安全承诺公告), 应急〔2018〕74号; REG-43."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from msgspec import Struct

from central.db.errors import FieldProblem
from central.registry.forms.contacts import person
from central.registry.forms.fields import When, block, choice, day, long_text, whole, yes_no
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen


class SpecialWork(Struct):
    """特殊作业: how much of each kind is done today; the eight kinds of GB 30871-2022, and repairs."""

    fire_special: Annotated[int | None, whole("特级动火", "hot work, special grade", "处")] = None
    fire_1: Annotated[int | None, whole("一级动火", "hot work, grade 1", "处")] = None
    fire_2: Annotated[int | None, whole("二级动火", "hot work, grade 2", "处")] = None
    space: Annotated[int | None, whole("受限空间", "confined spaces", "处")] = None
    blind: Annotated[int | None, whole("盲板抽堵", "blind plates", "处")] = None
    height: Annotated[int | None, whole("高处作业", "work at height", "处")] = None
    lifting: Annotated[int | None, whole("吊装作业", "lifting", "处")] = None
    electricity: Annotated[int | None, whole("临时用电", "temporary power", "处")] = None
    soil: Annotated[int | None, whole("动土作业", "earth work", "处")] = None
    road: Annotated[int | None, whole("断路作业", "closed roads", "处")] = None
    repair: Annotated[int | None, whole("检维修作业", "repair work", "处")] = None


class Promise(Struct):
    """What the responsible person promises for one day."""

    day: Annotated[date | None, day("承诺日期", "day", required=True)] = None
    units: Annotated[int | None, whole("生产装置套数", "units", "套", required=True)] = None
    running: Annotated[int | None, whole("运行套数", "running", "套", required=True)] = None
    stopped: Annotated[int | None, whole("停产套数", "stopped", "套", required=True)] = None
    repair: Annotated[int | None, whole("检修套数", "under repair", "套", required=True)] = None
    special_work: Annotated[
        bool | None, yes_no("当日是否有动火、受限空间等特殊作业", "special work today", required=True)
    ] = None
    special_words: Annotated[
        str | None,
        long_text("特殊作业说明", "which", longest=500, required=True, when=When("special_work", ("yes",))),
    ] = None
    work: Annotated[
        SpecialWork | None,
        block("特殊作业数量", "number of special works", when=When("special_work", ("yes",))),
    ] = None
    contractors: Annotated[bool | None, yes_no("是否有承包商作业", "contractors at work")] = None
    trial: Annotated[bool | None, yes_no("是否处于试生产", "trial production")] = None
    starting: Annotated[bool | None, yes_no("是否处于开停车状态", "starting up or shutting down")] = None
    pilot: Annotated[bool | None, yes_no("是否开展中（扩）试", "pilot tests")] = None
    major_danger: Annotated[bool | None, yes_no("是否有重大隐患", "major hidden dangers")] = None
    risk: Annotated[
        Chosen | None,
        choice("当日风险等级", "risk level of the day",
               "high 高风险 high\nlarger 较大风险 larger\ngeneral 一般风险 general\nlow 低风险 low"),
    ] = None  # fmt: skip
    words: Annotated[
        str | None,
        long_text(
            "承诺内容", "promise", required=True,
            note="今天我公司已进行安全风险研判，各项安全风险防控措施已落实到位的情况。",
        ),
    ] = None  # fmt: skip
    responsible: Annotated[str | None, person("负责人", "responsible person", required=True)] = None


def _adds_up(values: dict[str, Any]) -> list[FieldProblem]:
    parts = sum(values.get(name, 0) for name in ("running", "stopped", "repair"))
    if values.get("units", 0) == parts:
        return []
    told = f"运行、停产、检修套数之和为 {parts} 套，与生产装置套数 {values.get('units', 0)} 套不一致。"
    return [FieldProblem("units", told, "请核对各项套数。")]


REGISTERS = (
    Register(
        name="safety-promises",
        zh="安全生产承诺",
        en="Daily safety promises",
        group="daily",
        record=Promise,
        title="day",
        columns=("day", "responsible", "units", "running", "stopped", "repair"),
        filters=("day", "responsible", "special_work", "major_danger", "risk"),
        key=("day",),
        reviewed=True,
        reminders=(Reminder("今日安全承诺尚未填报", 1),),
        check=_adds_up,
        open_days=1,
        source="REG-43; 应急〔2018〕74号",
    ),
)
