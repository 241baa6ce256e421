"""The base record of a chemical enterprise, its units and its evaluators; REG-16, REG-24."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE, WHERE, credit_code, desk_phone, mobile, person
from central.registry.forms.fields import (
    When,
    choice,
    day,
    files,
    group,
    link,
    number,
    several,
    span,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists import GRADES_AB, KEY_PROCESSES
from central.registry.forms.lists_fields import DOCUMENT_SILENT, PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Several, Span, Spot


class ChemicalBase(Struct):
    """What is known of a chemical enterprise at a glance; the documents name the record, not its fields."""

    kind: Annotated[
        Several | None,
        several("企业类型", "kind of enterprise", """
            produce 生产 producer
            trade 经营 trader
            use 使用（许可） licensed user
            store 储存 store
            transport 运输 carrier
            chemical 一般化工 other chemical works
            pharmaceutical 医药化工 pharmaceutical
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    principal: Annotated[str | None, person("主要负责人", "principal", required=True)] = None
    principal_mobile: Annotated[str | None, mobile("主要负责人手机", "mobile of the principal")] = None
    safety_head: Annotated[str | None, person("分管安全负责人", "head of safety")] = None
    safety_head_mobile: Annotated[
        str | None, mobile("分管安全负责人手机", "mobile of the head of safety")
    ] = None
    duty_phone: Annotated[str | None, desk_phone("24 小时值班电话", "duty phone", required=True)] = None
    in_park: Annotated[bool | None, yes_no("是否在化工园区内", "in a chemical park", required=True)] = None
    park: Annotated[
        str | None, text("化工园区名称", "chemical park", required=True, when=When("in_park", ("yes",)))
    ] = None
    since: Annotated[date | None, day("投产日期", "in production since")] = None
    employees: Annotated[int | None, whole("职工总数", "employees", "人")] = None
    safety_staff: Annotated[int | None, whole("专职安全管理人员数", "full-time safety staff", "人")] = None
    engineers: Annotated[int | None, whole("注册安全工程师数", "registered safety engineers", "人")] = None
    special: Annotated[int | None, whole("特种作业人员数", "special operators", "人")] = None
    units: Annotated[int | None, whole("生产装置套数", "production units", "套", required=True)] = None
    tanks: Annotated[int | None, whole("储罐数", "tanks", "个")] = None
    hazards_1: Annotated[int | None, whole("一级重大危险源数", "major hazards, grade 1", "个")] = None
    hazards_2: Annotated[int | None, whole("二级重大危险源数", "major hazards, grade 2", "个")] = None
    hazards_3: Annotated[int | None, whole("三级重大危险源数", "major hazards, grade 3", "个")] = None
    hazards_4: Annotated[int | None, whole("四级重大危险源数", "major hazards, grade 4", "个")] = None
    key_chemicals: Annotated[int | None, whole("重点监管危险化学品种数", "key chemicals", "种")] = None
    key_processes: Annotated[int | None, whole("重点监管危险化工工艺种数", "key processes", "种")] = None
    distance_met: Annotated[
        bool | None,
        yes_no("外部安全防护距离是否符合要求", "distances met", uncertain=True, note=DOCUMENT_SILENT),
    ] = None
    evaluated: Annotated[date | None, day("最近安全评价日期", "last evaluated")] = None
    next_evaluation: Annotated[
        date | None, day("下次安全评价日期", "next evaluation", note="安全评价每三年一次。")
    ] = None
    profile: Annotated[list[File] | None, files("企业简介及图件", "profile and drawings")] = None
    remarks: Annotated[str | None, NOTE] = None


class EvaluationCertificate(Struct):
    """The certificate of a unit that evaluated this enterprise, and what it evaluated (评价单位证书)."""

    agency: Annotated[str | None, text("评价单位名称", "evaluation unit", required=True)] = None
    credit_code: Annotated[str | None, credit_code()] = None
    number: Annotated[str | None, text("资质证书编号", "certificate number", required=True)] = None
    grade: Annotated[
        Chosen | None,
        choice("资质等级", "grade", f"{GRADES_AB}\nnone 不分等级 not graded", uncertain=True, note=PROPOSED),
    ] = None
    scope: Annotated[str | None, text("业务范围", "scope", longest=300)] = None
    issuer: Annotated[str | None, text("发证机关", "issuer")] = None
    valid: Annotated[Span | None, span("资质有效期", "validity", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("评价类型", "kind of evaluation", """
            pre 安全预评价 pre-evaluation
            acceptance 安全验收评价 acceptance evaluation
            present 安全现状评价 evaluation of the present state
            special 专项评价 special evaluation
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    concluded: Annotated[date | None, day("评价报告日期", "report date")] = None
    verdict: Annotated[str | None, text("评价结论", "verdict", longest=300)] = None
    files: Annotated[list[File] | None, files("证书及评价报告", "certificate and report")] = None


class Tank(Struct):
    """储罐（库房）: one tank or room of a storage unit."""

    number: Annotated[str | None, text("编号（位号）", "number", required=True)] = None
    medium: Annotated[str | None, text("储存介质", "medium", required=True)] = None
    volume: Annotated[float | None, number("容积", "volume", "m³")] = None
    most: Annotated[float | None, number("设计最大储量", "designed quantity", "t")] = None
    pressure: Annotated[float | None, number("设计压力", "design pressure", "MPa", low=-0.2)] = None
    temperature: Annotated[float | None, number("设计温度", "design temperature", "℃", low=-273.15)] = None


class StorageUnit(Struct):
    """存储单元: a tank farm, a warehouse, a yard."""

    name: Annotated[str | None, text("存储单元名称", "storage unit", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("类型", "kind", """
            tanks 储罐区 tank farm
            warehouse 库房 warehouse
            yard 堆场 yard
            cylinders 气瓶库 cylinder store
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    media: Annotated[str | None, text("储存物质", "what is stored", longest=300)] = None
    area: Annotated[float | None, number("占地面积", "area", "m²")] = None
    volume: Annotated[float | None, number("总容积", "total volume", "m³")] = None
    tanks: Annotated[list[Tank] | None, group("储罐（库房）", "tanks and rooms")] = None
    dike: Annotated[bool | None, yes_no("是否设围堰（防火堤）", "bunded")] = None
    hazard: Annotated[Link | None, link("重大危险源", "major hazard", "chemical-major-hazards")] = None
    where: Annotated[Spot | None, WHERE] = None
    responsible: Annotated[str | None, person("责任人", "responsible person")] = None
    mobile: Annotated[str | None, mobile("联系电话", "telephone")] = None


class ProductionUnit(Struct):
    """生产单元: one plant unit."""

    name: Annotated[str | None, text("生产单元名称", "production unit", required=True)] = None
    product: Annotated[str | None, text("主要产品", "main product", longest=200)] = None
    capacity: Annotated[str | None, text("设计产能", "designed capacity")] = None
    key: Annotated[bool | None, yes_no("是否涉及重点监管工艺", "key process", required=True)] = None
    process: Annotated[
        Several | None,
        several("重点监管危险化工工艺", "processes of the key list", KEY_PROCESSES,
                required=True, when=When("key", ("yes",))),
    ] = None  # fmt: skip
    materials: Annotated[str | None, text("涉及的危险物料", "dangerous materials", longest=300)] = None
    since: Annotated[date | None, day("投产日期", "in production since")] = None
    state: Annotated[
        Chosen | None,
        choice("运行状态", "state", """
            running 运行 running
            stopped 停产 stopped
            repair 检修 under repair
            trial 试生产 trial run
            closed 拆除（关闭） closed
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    shift: Annotated[int | None, whole("单班最多人数", "most people in a shift", "人")] = None
    hazard: Annotated[Link | None, link("重大危险源", "major hazard", "chemical-major-hazards")] = None
    where: Annotated[Spot | None, WHERE] = None
    responsible: Annotated[str | None, person("责任人", "responsible person")] = None
    mobile: Annotated[str | None, mobile("联系电话", "telephone")] = None


REGISTERS = (
    Register(
        name="chemical-base",
        zh="危化行业基础信息",
        en="Base record of a chemical enterprise",
        group="chemical",
        record=ChemicalBase,
        title="principal",
        columns=("principal", "duty_phone", "kind", "units", "key_chemicals", "key_processes"),
        filters=("principal", "kind", "in_park", "park", "units", "key_chemicals", "key_processes"),
        single=True,
        sectors=("chemical",),
        reviewed=True,
        reminders=(
            Reminder("危化行业基础信息半年没有更新", 183),
            Reminder("即将到下次安全评价日期", 90, "next_evaluation"),
        ),
        totals=("units", "tanks", "hazards_1", "hazards_2", "hazards_3", "hazards_4"),
        source="REG-16",
    ),
    Register(
        name="evaluation-certificates",
        zh="评价单位证书",
        en="Certificates of evaluation units",
        group="chemical",
        record=EvaluationCertificate,
        title="agency",
        columns=("agency", "valid", "kind", "grade", "number", "concluded"),
        filters=("agency", "kind", "grade", "number", "valid", "concluded"),
        key=("number", "concluded"),
        writers=frozenset({"enterprise", "supervisor", "intermediary"}),
        source="REG-16",
    ),
    Register(
        name="storage-units",
        zh="存储单元",
        en="Storage units",
        group="chemical",
        record=StorageUnit,
        title="name",
        columns=("name", "kind", "media", "volume", "responsible"),
        filters=("name", "kind", "hazard", "volume", "area"),
        key=("name",),
        totals=("volume",),
        source="REG-24",
    ),
    Register(
        name="production-units",
        zh="生产单元",
        en="Production units",
        group="chemical",
        record=ProductionUnit,
        title="name",
        columns=("name", "state", "product", "key", "shift", "since"),
        filters=("name", "state", "key", "process", "hazard", "since"),
        key=("name",),
        source="REG-24",
    ),
)
