"""Hazardous chemicals, their registration, and what is under key supervision; REG-15, -17, -22, -23."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from msgspec import Struct

from central.db.errors import FieldProblem
from central.registry.forms.checks import CAS_EXAMPLE, CAS_PATTERN, cas_problem
from central.registry.forms.contacts import ENDED, NOTE, desk_phone, mobile, person
from central.registry.forms.fields import (
    When,
    choice,
    day,
    files,
    link,
    long_text,
    number,
    several,
    span,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists import KEY_PROCESSES
from central.registry.forms.lists_chemicals import (
    HAZARD_CLASSES,
    KEY_SUPERVISED,
    SPECIALLY_CONTROLLED,
    UNITS,
    choices_of,
    officially,
)
from central.registry.forms.lists_fields import DOCUMENT_SILENT, PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Several, Span

KEY_LIST = choices_of(KEY_SUPERVISED, "k")
KEY_NOTE = "重点监管的危险化学品名录：安监总管三〔2011〕95号 60 种、〔2013〕12号 14 种。"
CONTROLLED_NOTE = "特别管控危险化学品目录（第一版），2020 年，20 种。"
USES = """
    produce 生产 produced
    use 使用 used
    store 储存 stored
    trade 经营 traded
    transport 运输 transported
    waste 处置 disposed of
"""


class Chemical(Struct):
    """One hazardous chemical at one place of the enterprise."""

    name: Annotated[str | None, text("化学品名称", "chemical", required=True)] = None
    alias: Annotated[str | None, text("别名", "other names", longest=200)] = None
    cas: Annotated[
        str | None,
        text("CAS 号", "CAS number", longest=12, pattern=CAS_PATTERN, check=cas_problem, example=CAS_EXAMPLE,
             pattern_words="应形如 7782-50-5。"),
    ] = None  # fmt: skip
    un: Annotated[
        str | None,
        text("UN 编号", "UN number", longest=6, pattern="(UN)?[0-9]{4}", example="UN1017",
             pattern_words="应为四位数字，例如 UN1017。"),
    ] = None  # fmt: skip
    catalogue_number: Annotated[
        int | None, whole("危险化学品目录序号", "number in the catalogue of 2015", high=2828)
    ] = None
    form: Annotated[
        Chosen | None,
        choice("状态", "form", "gas 气体 gas\nliquefied 液化气体 liquefied gas\nliquid 液体 liquid\n"
               "solid 固体 solid", uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    uses: Annotated[
        Several | None, several("涉及环节", "involved in", USES, required=True, uncertain=True, note=PROPOSED)
    ] = None
    hazards: Annotated[
        Several | None,
        several("危险性类别", "hazard classes", HAZARD_CLASSES, required=True, note="按 GB 30000 系列标准。"),
    ] = None
    most: Annotated[float | None, number("最大储存量", "largest quantity stored", required=True)] = None
    unit: Annotated[
        Chosen | None, choice("计量单位", "unit", UNITS, required=True, uncertain=True, note=PROPOSED)
    ] = None
    yearly: Annotated[float | None, number("年生产（使用、经营）量", "quantity a year")] = None
    yearly_unit: Annotated[
        Chosen | None,
        choice("年量计量单位", "unit of the yearly quantity", UNITS, uncertain=True, note=PROPOSED),
    ] = None
    store: Annotated[Link | None, link("存储单元", "storage unit", "storage-units")] = None
    place: Annotated[str | None, text("存放（使用）位置", "place", longest=200)] = None
    key_supervised: Annotated[
        bool | None, yes_no("是否重点监管的危险化学品", "under key supervision", required=True)
    ] = None
    key_entry: Annotated[
        Chosen | None,
        choice("重点监管名录名称", "entry of the key list", KEY_LIST, required=True,
               when=When("key_supervised", ("yes",)), note=KEY_NOTE),
    ] = None  # fmt: skip
    controlled: Annotated[
        bool | None, yes_no("是否特别管控危险化学品", "specially controlled", required=True)
    ] = None
    controlled_entry: Annotated[
        Chosen | None,
        choice("特别管控目录名称", "entry of the controlled list", choices_of(SPECIALLY_CONTROLLED, "c"),
               required=True, when=When("controlled", ("yes",)), note=CONTROLLED_NOTE),
    ] = None  # fmt: skip
    precursor: Annotated[
        Several | None,
        several("其他管理属性", "other control", """
            toxic 剧毒化学品 highly toxic
            explosive 易制爆危险化学品 explosive precursor
            drug 易制毒化学品 drug precursor
            monitored 监控化学品 controlled by the weapons convention
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    sheet: Annotated[list[File] | None, files("安全技术说明书（SDS）", "safety data sheet", longest=3)] = None
    label: Annotated[list[File] | None, files("安全标签", "safety label", longest=3)] = None
    remarks: Annotated[str | None, NOTE] = None


class KeyChemical(Struct):
    """One key-supervised chemical that the enterprise has to do with (重点监管危化品)."""

    entry: Annotated[
        Chosen | None,
        choice("重点监管危险化学品", "chemical of the key list", KEY_LIST, required=True, note=KEY_NOTE),
    ] = None  # fmt: skip
    uses: Annotated[
        Several | None, several("涉及环节", "involved in", USES, required=True, uncertain=True, note=PROPOSED)
    ] = None
    most: Annotated[float | None, number("最大储存（在线）量", "largest quantity held", required=True)] = None
    unit: Annotated[
        Chosen | None, choice("计量单位", "unit", UNITS, required=True, uncertain=True, note=PROPOSED)
    ] = None
    place: Annotated[str | None, text("所在装置或设施", "plant or facility", longest=200)] = None
    filling: Annotated[bool | None, yes_no("是否涉及充装", "filled into vessels", required=True)] = None
    filling_equipment: Annotated[
        str | None,
        text("充装设备", "filling equipment", longest=200, when=When("filling", ("yes",))),
    ] = None
    filling_automation: Annotated[
        Chosen | None,
        choice("充装设备自动化情况", "automation of the filling equipment", """
            automatic 自动化 automatic
            partly 部分自动化 partly automatic
            manual 人工 by hand
            """, required=True, when=When("filling", ("yes",)), uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    measures: Annotated[str | None, long_text("安全措施", "safety measures")] = None
    measures_done: Annotated[bool | None, yes_no("安全措施是否落实", "measures in force")] = None
    response: Annotated[str | None, long_text("应急处置原则", "response")] = None
    responsible: Annotated[str | None, person("责任人", "responsible person")] = None
    mobile: Annotated[str | None, mobile("联系电话", "telephone")] = None


class KeyProcess(Struct):
    """One plant unit with a key-supervised process (重点监管危险化工工艺)."""

    process: Annotated[
        Chosen | None,
        choice("重点监管危险化工工艺", "process of the key list", KEY_PROCESSES, required=True,
               note="首批 15 种（安监总管三〔2009〕116号）、第二批 3 种（〔2013〕3号）。"),
    ] = None  # fmt: skip
    name: Annotated[str | None, text("工艺装置名称", "process unit", required=True)] = None
    unit: Annotated[Link | None, link("生产单元", "production unit", "production-units")] = None
    units: Annotated[int | None, whole("装置套数", "number of units", "套")] = None
    materials: Annotated[str | None, text("涉及的主要危险物料", "main dangerous materials", longest=300)] = (
        None
    )
    systems: Annotated[
        Several | None,
        several("自动化控制系统", "automation control systems", """
            dcs 集散控制系统（DCS） distributed control system
            plc 可编程控制器（PLC） programmable controller
            sis 安全仪表系统（SIS） safety instrumented system
            esd 紧急停车系统（ESD） emergency shutdown
            interlock 联锁保护 interlocks
            gds 可燃有毒气体检测报警系统（GDS） gas detection system
            none 无自动化控制 none
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    measures: Annotated[str | None, long_text("控制措施", "control measures")] = None
    measures_done: Annotated[bool | None, yes_no("控制措施是否落实", "measures in force", required=True)] = (
        None
    )
    assessed: Annotated[
        bool | None,
        yes_no("是否完成反应安全风险评估", "reaction risk assessed", uncertain=True, note=DOCUMENT_SILENT),
    ] = None
    operators: Annotated[int | None, whole("持证操作人员数", "certified operators", "人")] = None
    responsible: Annotated[str | None, person("责任人", "responsible person")] = None
    mobile: Annotated[str | None, mobile("联系电话", "telephone")] = None


class Registration(Struct):
    """One registration of hazardous chemicals (危险化学品登记证)."""

    number: Annotated[str | None, text("登记证编号", "registration number", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("登记类型", "kind", "producer 生产企业 producer\nimporter 进口企业 importer\n"
               "both 生产和进口 both", required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    office: Annotated[str | None, text("登记机构", "registration office")] = None
    issued: Annotated[date | None, day("发证日期", "issued")] = None
    valid: Annotated[Span | None, span("有效期", "validity", required=True)] = None
    varieties: Annotated[int | None, whole("登记品种数", "varieties", "种")] = None
    content: Annotated[str | None, long_text("登记品种", "what is registered")] = None
    service_phone: Annotated[str | None, desk_phone("应急咨询服务电话", "emergency service")] = None
    ended: Annotated[date | None, ENDED] = None
    certificate: Annotated[list[File] | None, files("登记证", "certificate", longest=5)] = None


def _flagged(values: dict[str, Any]) -> list[FieldProblem]:
    """A chemical of the State's list of 74 is said to be one; methanol is not missed for a wrong tick."""
    listed = officially(KEY_SUPERVISED, values.get("cas", ""))
    if listed is None or values.get("key_supervised"):
        return []
    told = f"CAS 号 {listed.cas} 是重点监管的危险化学品“{listed.zh}”（名录第 {listed.number} 号）。"
    return [FieldProblem("key_supervised", told, "请选“是”，或核对 CAS 号。")]


REGISTERS = (
    Register(
        name="chemicals",
        zh="危险化学品",
        en="Hazardous chemicals",
        group="chemical",
        record=Chemical,
        title="name",
        columns=("name", "most", "unit", "key_supervised", "hazards", "cas", "place"),
        filters=("name", "cas", "key_supervised", "key_entry", "controlled", "hazards", "uses", "most",
                 "store"),
        key=("name", "place"),
        check=_flagged,
        source="REG-15, REG-22",
    ),
    Register(
        name="key-chemicals",
        zh="重点监管危险化学品",
        en="Key-supervised chemicals",
        group="chemical",
        record=KeyChemical,
        title="entry",
        columns=("entry", "most", "unit", "filling", "filling_automation", "measures_done"),
        filters=("entry", "uses", "filling", "filling_automation", "measures_done", "most"),
        key=("entry", "place"),
        reviewed=True,
        reminders=(Reminder("重点监管危险化学品信息半年没有更新", 183),),
        source="REG-17",
    ),
    Register(
        name="key-processes",
        zh="重点监管危险化工工艺",
        en="Key-supervised processes",
        group="chemical",
        record=KeyProcess,
        title="name",
        columns=("name", "process", "systems", "units", "measures_done", "assessed"),
        filters=("name", "process", "systems", "measures_done", "assessed", "units"),
        key=("process", "name"),
        reviewed=True,
        reminders=(Reminder("重点监管危险化工工艺信息半年没有更新", 183),),
        totals=("units",),
        source="REG-17",
    ),
    Register(
        name="chemical-registrations",
        zh="危险化学品登记",
        en="Registrations of hazardous chemicals",
        group="chemical",
        record=Registration,
        title="number",
        columns=("number", "valid", "kind", "varieties", "office"),
        filters=("number", "kind", "valid", "issued", "varieties"),
        key=("number",),
        reviewed=True,
        reminders=(Reminder("危险化学品登记证即将到期，请办理复核换证", 90, "valid", until="ended"),),
        source="REG-23",
    ),
)  # fmt: skip
