"""Forms F-2 and F-3 of the Henan scheme: 重点监管信息表 and 风险辨识分级管控登记表."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE, mobile, person
from central.registry.forms.fields import choice, long_text, text, yes_no
from central.registry.forms.lists import ACCIDENT_KINDS, RISK_LEVELS
from central.registry.forms.register import Given, Register
from central.registry.forms.values import Chosen


class KeySupervision(Struct):
    """F-2: one facility, device or activity that is supervised before others."""

    name: Annotated[
        str | None, text("设施设备名称或作业活动名称", "facility, equipment or activity", required=True)
    ] = None
    area: Annotated[str | None, text("所在区域", "area")] = None
    risk: Annotated[
        Chosen | None,
        choice("风险类型", "risk type", ACCIDENT_KINDS, required=True,
               note="GB 6441-86；来源文件第 14 项印作“炸药爆炸”，标准为“火药爆炸”。"),
    ] = None  # fmt: skip
    process: Annotated[str | None, text("危险工序", "dangerous process")] = None
    position: Annotated[str | None, text("具体部位", "exact position", longest=200)] = None
    regulator: Annotated[str | None, text("行业管理部门", "industry regulator")] = None
    controlled: Annotated[bool | None, yes_no("是否受控状态", "under control")] = None
    major_hazard: Annotated[bool | None, yes_no("是否构成重大危险源", "is a major hazard")] = None
    plan: Annotated[bool | None, yes_no("是否制定应急预案", "has an emergency plan")] = None
    monitoring: Annotated[str | None, long_text("关键监测监控措施", "key monitoring measures")] = None
    department: Annotated[str | None, text("责任部门", "responsible department")] = None
    responsible: Annotated[str | None, person("责任人姓名", "responsible person")] = None
    responsible_phone: Annotated[str | None, mobile("联系方式", "contact")] = None
    reviewer: Annotated[str | None, person("审核（签字）", "reviewed by (signature)")] = None
    remarks: Annotated[str | None, NOTE] = None


class Risk(Struct):
    """F-3: one risk that was identified, and who keeps it under control."""

    name: Annotated[str | None, text("风险名称", "risk", required=True)] = None
    place: Annotated[str | None, text("区域、部位或作业活动", "area, position or activity", longest=200)] = (
        None
    )
    harm: Annotated[str | None, long_text("危险危害表现形式描述", "description of the harm")] = None
    kind: Annotated[
        Chosen | None,
        choice("类别", "class", ACCIDENT_KINDS, uncertain=True,
               note="来源文件未列出选项，此处采用 GB 6441-86 的事故类别。"),
    ] = None  # fmt: skip
    process: Annotated[str | None, text("高危工序名称", "high-danger process")] = None
    tense: Annotated[
        Chosen | None, choice("时态", "tense", "past 过去 past\npresent 现在 present\nfuture 将来 future")
    ] = None
    condition: Annotated[
        Chosen | None,
        choice("状态", "state", "normal 正常 normal\nabnormal 异常 abnormal\nemergency 紧急 emergency"),
    ] = None
    level: Annotated[
        Chosen | None,
        choice("风险等级", "risk level", RISK_LEVELS, required=True, note="省政府令第191号第九条。"),
    ] = None
    measures: Annotated[str | None, long_text("管控措施", "measures")] = None
    department: Annotated[str | None, text("控制部门", "department")] = None
    responsible: Annotated[str | None, person("责任人", "responsible person")] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="key-supervision",
        zh="重点监管信息表",
        en="Key supervision information",
        group="risk",
        record=KeySupervision,
        title="name",
        columns=("name", "risk", "area", "controlled", "major_hazard", "department", "responsible"),
        filters=("name", "risk", "area", "process", "controlled", "major_hazard", "plan", "department"),
        reviewed=True,
        tallies=("risk",),
        given=(Given("序号", "row"),),
        source="F-2 (002:表2, 002:册2.3.3); REG-45, REG-33",
    ),
    Register(
        name="risk-list",
        zh="风险辨识分级管控登记表",
        en="Risks identified and their graded control",
        group="risk",
        record=Risk,
        title="name",
        columns=("name", "level", "place", "kind", "department", "responsible"),
        filters=("name", "level", "kind", "tense", "condition", "place", "department"),
        reviewed=True,
        tallies=("level",),
        given=(Given("填表单位（盖章）", "owner"), Given("序号", "row")),
        source="F-3 (002:表3, 002:册2.3.4); REG-33",
    ),
)
