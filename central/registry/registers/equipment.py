"""Production equipment and special equipment with their six ledgers; REG-18, REG-19, REG-21.

The six ledgers (六本台账): the equipment itself, what is inspected, safety accessories, inspections,
maintenance, changes. The first is the record, the others are its repeated groups.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE, mobile, person
from central.registry.forms.fields import (
    choice,
    day,
    files,
    group,
    link,
    number,
    pictures,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link

RESULT = "pass 合格 passed\nconditional 限期整改 passed with conditions\nfail 不合格 failed"
CYCLE = """
    shift 每班 every shift
    daily 每日 daily
    weekly 每周 weekly
    monthly 每月 monthly
    quarterly 每季度 quarterly
    half-year 每半年 half-yearly
    yearly 每年 yearly
    other 其他 other
"""


class InspectionItem(Struct):
    """检测内容: one thing that is looked at."""

    item: Annotated[str | None, text("检测项目", "item", required=True)] = None
    demand: Annotated[str | None, text("检测要求", "demand", longest=300)] = None
    cycle: Annotated[Chosen | None, choice("检测周期", "how often", CYCLE, uncertain=True, note=PROPOSED)] = (
        None
    )


class Accessory(Struct):
    """安全附件: one kind of safety accessory."""

    name: Annotated[str | None, text("附件名称", "accessory", required=True)] = None
    model: Annotated[str | None, text("型号规格", "model")] = None
    number: Annotated[str | None, text("编号", "number")] = None
    count: Annotated[int | None, whole("数量", "count", "个")] = None
    checked: Annotated[date | None, day("校验日期", "calibrated")] = None
    next_check: Annotated[date | None, day("下次校验日期", "next calibration")] = None
    result: Annotated[Chosen | None, choice("校验结果", "result", RESULT, uncertain=True, note=PROPOSED)] = (
        None
    )


class Inspection(Struct):
    """检测记录: one inspection."""

    day: Annotated[date | None, day("检测日期", "day", required=True)] = None
    content: Annotated[str | None, text("检测内容", "content", longest=300)] = None
    inspector: Annotated[str | None, text("检测单位（人员）", "inspected by")] = None
    result: Annotated[
        Chosen | None, choice("检测结论", "result", RESULT, required=True, uncertain=True, note=PROPOSED)
    ] = None
    number: Annotated[str | None, text("报告编号", "report number")] = None
    report: Annotated[list[File] | None, files("检测报告", "report", longest=3)] = None


class Maintenance(Struct):
    """维保记录: one maintenance or repair."""

    day: Annotated[date | None, day("维保日期", "day", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice(
            "维保类型", "kind",
            "routine 日常保养 routine\nminor 小修 minor\nmedium 中修 medium\nmajor 大修 major\n"
            "breakdown 故障抢修 breakdown",
            uncertain=True, note=PROPOSED,
        ),
    ] = None  # fmt: skip
    content: Annotated[str | None, text("维保内容", "content", required=True, longest=300)] = None
    by: Annotated[str | None, text("维保单位（人员）", "done by")] = None
    cost: Annotated[float | None, number("费用", "cost", "元", decimals=2)] = None


class Change(Struct):
    """变更记录: one change of the equipment."""

    day: Annotated[date | None, day("变更日期", "day", required=True)] = None
    before: Annotated[str | None, text("变更前", "before", longest=300)] = None
    after: Annotated[str | None, text("变更后", "after", required=True, longest=300)] = None
    reason: Annotated[str | None, text("变更原因", "reason", longest=300)] = None
    approved_by: Annotated[str | None, person("批准人", "approved by")] = None


ITEMS = group("检测内容", "inspection content")
ACCESSORIES = group("安全附件", "safety accessories")
INSPECTIONS = group("检测记录", "inspection records")
MAINTENANCE = group("维保记录", "maintenance records")
CHANGES = group("变更记录", "change records")
PICTURES = pictures("设备照片", "pictures")
DOCUMENTS = files("随机资料", "documents")
NAME = text("设备名称", "equipment", required=True)
NUMBER = text("设备编号（位号）", "equipment number", required=True)
MODEL = text("型号规格", "model")
MAKER = text("制造单位", "maker")
SERIAL = text("出厂编号", "serial number")
MADE = day("出厂日期", "made")
USED = day("投用日期", "in use since")
LIFE = whole("设计使用年限", "design life", "年", high=200)
PLACE = text("安装位置", "place", longest=200)
UNIT = link("所属生产单元", "production unit", "production-units")
STATE = choice(
    "设备状态", "state",
    """
    used 在用 in use
    spare 备用 stand-by
    stopped 停用 out of use
    repair 检修 under repair
    scrapped 报废 scrapped
    """,
    required=True, uncertain=True, note=PROPOSED,
)  # fmt: skip
OUT = day("停用（报废）日期", "out of use since", note="填写后不再提醒检测。")
RESPONSIBLE = person("责任人", "responsible person")
PHONE = mobile("责任人手机", "mobile of the responsible person")


class ProductionEquipment(Struct):
    """One piece of production equipment, with the five ledgers beside the equipment information itself."""

    name: Annotated[str | None, NAME] = None
    number: Annotated[str | None, NUMBER] = None
    kind: Annotated[
        Chosen | None,
        choice(
            "设备类别", "kind",
            """
            static 静设备（塔、釜、罐、换热器） static equipment
            rotating 动设备（泵、压缩机、风机） rotating equipment
            electrical 电气设备 electrical
            instrument 仪表及自控 instruments and control
            conveying 运输提升 conveying and lifting
            ventilation 通风除尘 ventilation and dust removal
            fire 消防设施 fire protection
            safety 安全设施 safety facilities
            other 其他 other
            """,
            required=True, uncertain=True, note=PROPOSED,
        ),
    ] = None  # fmt: skip
    key: Annotated[bool | None, yes_no("是否关键设备", "key equipment")] = None
    model: Annotated[str | None, MODEL] = None
    maker: Annotated[str | None, MAKER] = None
    serial: Annotated[str | None, SERIAL] = None
    made: Annotated[date | None, MADE] = None
    used_since: Annotated[date | None, USED] = None
    life: Annotated[int | None, LIFE] = None
    place: Annotated[str | None, PLACE] = None
    unit: Annotated[Link | None, UNIT] = None
    state: Annotated[Chosen | None, STATE] = None
    ended: Annotated[date | None, OUT] = None
    responsible: Annotated[str | None, RESPONSIBLE] = None
    responsible_mobile: Annotated[str | None, PHONE] = None
    medium: Annotated[str | None, text("工作介质", "medium")] = None
    pressure: Annotated[float | None, number("设计压力", "design pressure", "MPa", low=-0.2)] = None
    temperature: Annotated[float | None, number("设计温度", "design temperature", "℃", low=-273.15)] = None
    checked: Annotated[date | None, day("最近检测日期", "last inspected")] = None
    next_check: Annotated[date | None, day("下次检测日期", "next inspection")] = None
    inspection_items: Annotated[list[InspectionItem] | None, ITEMS] = None
    accessories: Annotated[list[Accessory] | None, ACCESSORIES] = None
    inspections: Annotated[list[Inspection] | None, INSPECTIONS] = None
    maintenance: Annotated[list[Maintenance] | None, MAINTENANCE] = None
    changes: Annotated[list[Change] | None, CHANGES] = None
    pictures: Annotated[list[File] | None, PICTURES] = None
    documents: Annotated[list[File] | None, DOCUMENTS] = None
    remarks: Annotated[str | None, NOTE] = None


class SpecialEquipment(Struct):
    """One piece of special equipment, with the same ledgers; kinds of 特种设备目录 (2014), from memory."""

    name: Annotated[str | None, NAME] = None
    number: Annotated[str | None, NUMBER] = None
    kind: Annotated[
        Chosen | None,
        choice(
            "设备种类", "kind",
            """
            boiler 锅炉 boiler
            vessel 压力容器（含气瓶） pressure vessel, cylinders
            pipe 压力管道 pressure pipe
            lift 电梯 lift
            crane 起重机械 crane
            ropeway 客运索道 passenger ropeway
            amusement 大型游乐设施 amusement ride
            vehicle 场（厂）内专用机动车辆 works vehicle
            """,
            required=True,
        ),
    ] = None  # fmt: skip
    variety: Annotated[str | None, text("设备类别（品种）", "variety")] = None
    certificate: Annotated[str | None, text("使用登记证编号", "registration certificate", required=True)] = (
        None
    )
    code: Annotated[str | None, text("设备代码", "equipment code")] = None
    registered_by: Annotated[str | None, text("登记机关", "registered by")] = None
    registered: Annotated[date | None, day("登记日期", "registered")] = None
    model: Annotated[str | None, MODEL] = None
    maker: Annotated[str | None, MAKER] = None
    serial: Annotated[str | None, SERIAL] = None
    made: Annotated[date | None, MADE] = None
    used_since: Annotated[date | None, USED] = None
    life: Annotated[int | None, LIFE] = None
    place: Annotated[str | None, PLACE] = None
    unit: Annotated[Link | None, UNIT] = None
    state: Annotated[Chosen | None, STATE] = None
    ended: Annotated[date | None, OUT] = None
    responsible: Annotated[str | None, RESPONSIBLE] = None
    responsible_mobile: Annotated[str | None, PHONE] = None
    medium: Annotated[str | None, text("工作介质", "medium")] = None
    parameters: Annotated[str | None, text("主要参数", "main parameters", longest=300)] = None
    inspector: Annotated[str | None, text("检验单位", "inspection body")] = None
    checked: Annotated[date | None, day("最近检验日期", "last inspected")] = None
    next_check: Annotated[date | None, day("下次检验日期", "next inspection", required=True)] = None
    verdict: Annotated[
        Chosen | None, choice("检验结论", "verdict", RESULT, uncertain=True, note=PROPOSED)
    ] = None
    operators: Annotated[str | None, text("持证作业人员", "certified operators", longest=300)] = None
    inspection_items: Annotated[list[InspectionItem] | None, ITEMS] = None
    accessories: Annotated[list[Accessory] | None, ACCESSORIES] = None
    inspections: Annotated[list[Inspection] | None, INSPECTIONS] = None
    maintenance: Annotated[list[Maintenance] | None, MAINTENANCE] = None
    changes: Annotated[list[Change] | None, CHANGES] = None
    pictures: Annotated[list[File] | None, PICTURES] = None
    documents: Annotated[list[File] | None, DOCUMENTS] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="production-equipment",
        zh="生产设备",
        en="Production equipment",
        group="equipment",
        record=ProductionEquipment,
        title="name",
        columns=("name", "number", "state", "kind", "place", "next_check"),
        filters=("name", "number", "kind", "state", "unit", "key", "used_since", "next_check"),
        key=("number",),
        tallies=("kind", "state"),
        reminders=(Reminder("生产设备即将到检测日期", 30, "next_check", until="ended"),),
        source="REG-18, REG-21",
    ),
    Register(
        name="special-equipment",
        zh="特种设备",
        en="Special equipment",
        group="equipment",
        record=SpecialEquipment,
        title="name",
        columns=("name", "next_check", "kind", "certificate", "state", "verdict"),
        filters=("name", "number", "kind", "certificate", "state", "unit", "verdict", "next_check"),
        key=("certificate",),
        tallies=("kind", "state"),
        reminders=(Reminder("特种设备即将到检验日期，逾期不得使用", 60, "next_check", until="ended"),),
        source="REG-19, REG-21",
    ),
)
