"""Forms F-4 and FA-1 of the Henan scheme: 重大隐患排查治理统计表 and its treatment, 重大隐患整改治理台账."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import person
from central.registry.forms.fields import choice, day, link, long_text, number, text, whole
from central.registry.forms.lists import NO_UNIT
from central.registry.forms.register import Given, Register, Reminder
from central.registry.forms.values import Chosen, Link

_CLASSES = "来源文件采用省执法平台的分类，但未列出选项。"


class Check(Struct):
    """F-4: a major hidden danger that a check found."""

    found: Annotated[date | None, day("隐患排查时间", "check date", required=True)] = None
    name: Annotated[str | None, text("隐患名称", "name", required=True)] = None
    place: Annotated[str | None, text("隐患地点部位", "place", longest=200, required=True)] = None
    content: Annotated[
        str | None, long_text("隐患内容（主要危害）", "content (main harm)", required=True)
    ] = None
    kind: Annotated[
        Link | None,
        link("隐患类别", "danger class", "dictionary/hidden-danger-class", uncertain=True, note=_CLASSES),
    ] = None
    level: Annotated[
        Chosen | None,
        choice("隐患级别", "level", "major 重大隐患 major", required=True,
               note="省政府令第191号；原表“一般隐患”印为灰色，本表不可选。"),
    ] = None  # fmt: skip
    safeguards: Annotated[str | None, long_text("安全防范措施和应急预案", "safeguards and plan")] = None
    demands: Annotated[str | None, long_text("治理的时限和要求", "time limit and demands")] = None


class Treatment(Struct):
    """FA-1: how that danger is treated. What F-4 says of it is read there, not typed again."""

    danger: Annotated[
        Link | None, link("隐患名称", "hidden danger", "major-danger-checks", required=True)
    ] = None
    kind: Annotated[
        Link | None,
        link("隐患类型", "danger type", "dictionary/hidden-danger-class", uncertain=True, note=_CLASSES),
    ] = None
    substance: Annotated[str | None, text("主要危险物质", "main dangerous substance")] = None
    loss: Annotated[float | None, number("可能造成经济损失", "possible loss", "万元")] = None
    casualties: Annotated[int | None, whole("可能造成的伤亡人数", "possible casualties", "人")] = None
    surroundings: Annotated[str | None, long_text("周边环境情况", "surroundings")] = None
    safeguards: Annotated[str | None, long_text("安全防范措施和应急预案", "safeguards and plan")] = None
    method: Annotated[str | None, long_text("治理的方法和措施", "method and measures")] = None
    demands: Annotated[str | None, long_text("治理的时限和要求", "time limit and demands")] = None
    planned: Annotated[date | None, day("计划整改完成时间", "planned finish", required=True)] = None
    finished: Annotated[date | None, day("实际完成时间", "actual finish")] = None
    present: Annotated[str | None, long_text("目前状况", "present state")] = None
    estimated: Annotated[
        float | None,
        number("预计所需资金", "estimated funds", "万元", uncertain=True, note=NO_UNIT),
    ] = None
    used: Annotated[
        float | None,
        number("实际使用资金", "used funds", "万元", uncertain=True, note=NO_UNIT),
    ] = None
    result: Annotated[str | None, long_text("隐患整改结果评估", "evaluation of the result")] = None
    filler: Annotated[str | None, person("填表人", "filled in by")] = None
    filled: Annotated[date | None, day("填表时间", "filled in on")] = None
    reviewer: Annotated[str | None, person("审核人", "reviewer")] = None


REGISTERS = (
    Register(
        name="major-danger-checks",
        zh="重大隐患排查治理统计表",
        en="Major hidden dangers found",
        group="risk",
        record=Check,
        title="name",
        columns=("name", "found", "place", "kind", "level"),
        filters=("name", "found", "place", "kind", "level"),
        given=(Given("单位名称（盖章）", "owner"), Given("序号", "row")),
        source="F-4 (002:表4, 002:册2.3.5)",
    ),
    Register(
        name="major-danger-treatment",
        zh="重大隐患整改治理台账",
        en="Treatment of major hidden dangers",
        group="risk",
        record=Treatment,
        title="danger",
        columns=("danger", "planned", "finished", "present", "loss", "used"),
        filters=("danger", "kind", "planned", "finished", "loss", "casualties"),
        key=("danger",),
        reminders=(Reminder("重大隐患整改期限将到，请按时完成并填写实际完成时间", 7, "planned", "finished"),),
        totals=("loss", "estimated", "used"),
        given=(
            Given("隐患排查时间", "danger.found"),
            Given("隐患地点部位", "danger.place"),
            Given("隐患级别", "danger.level"),
            Given("隐患内容", "danger.content"),
        ),
        source="FA-1 (002:辅1, 002:册2.3.6)",
    ),
)
