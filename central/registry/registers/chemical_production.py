"""Forms FC-1 to FC-4 of the Henan scheme: the four sub-tables of hazardous-chemical production.

They come from a damaged screenshot: what could not be read for certain is marked so, and FC-4, of which no
column could be read, asks what is kept of a major hazard elsewhere (MHS-01).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import mobile, person
from central.registry.forms.fields import choice, day, link, long_text, number, span, text, whole, yes_no
from central.registry.forms.lists import HAZARD_GRADES, KEY_PROCESSES
from central.registry.forms.register import Given, Register, Reminder
from central.registry.forms.values import Chosen, Link, Span

_UNREAD = "来源文件截图残缺，本栏名称不能确认。"
_UNLISTED = "来源文件截图残缺，选项不可辨认，暂按文字填写。"
_PROPOSED = "来源文件截图残缺，本表栏目不可辨认，按重大危险源档案拟定。"


class Registration(Struct):
    """FC-1: what the licence to produce says, and who answers for it."""

    number: Annotated[str | None, text("许可证编号", "licence number", required=True)] = None
    principal: Annotated[str | None, person("主要负责人", "principal")] = None
    principal_phone: Annotated[str | None, mobile("联系方式", "contact")] = None
    address: Annotated[str | None, text("地址", "address", longest=200)] = None
    kind: Annotated[str | None, text("证书类别", "certificate class", uncertain=True, note=_UNLISTED)] = None
    valid: Annotated[Span | None, span("有效起止日期", "validity", required=True)] = None
    since: Annotated[date | None, day("投产时间", "in production since")] = None
    park: Annotated[str | None, text("化工园区名称", "chemical park")] = None
    name: Annotated[str | None, text("名称", "name", uncertain=True, note=_UNREAD)] = None
    county: Annotated[Link | None, link("所属县（市、区）", "county", "region")] = None
    registered_address: Annotated[str | None, text("注册地址", "registered address", longest=200)] = None
    production_address: Annotated[str | None, text("生产地址", "production address", longest=200)] = None
    postcode: Annotated[
        str | None,
        text("邮编", "postcode", longest=6, pattern="[0-9]{6}", pattern_words="应为 6 位数字。",
             example="450000"),
    ] = None  # fmt: skip
    safety_staff: Annotated[int | None, whole("单位安全管理人员数", "safety staff", "人")] = None
    special: Annotated[int | None, whole("特种作业人员数", "special operators", "人")] = None
    level: Annotated[
        str | None, text("安全许可级别", "licence level", uncertain=True, note=f"{_UNREAD}{_UNLISTED}")
    ] = None
    quantity: Annotated[
        str | None,
        text("企业生产和储存危险化学品数量", "quantity of chemicals produced and stored", uncertain=True,
             note=f"{_UNREAD}截图中可见“较大”一词。"),
    ] = None  # fmt: skip


class LicensedChemical(Struct):
    """FC-2: one chemical that may be produced."""

    licensed: Annotated[
        str | None,
        text("许可品种/许可证号", "licensed chemical or licence number", required=True, uncertain=True,
             note=_UNREAD),
    ] = None  # fmt: skip
    key_supervised: Annotated[
        str | None,
        text("涉及的重点监管危险化学品", "key-supervised chemicals involved", longest=500),
    ] = None
    others: Annotated[str | None, text("涉及的其他化学品", "other chemicals involved", longest=500)] = None
    capacity: Annotated[
        str | None, text("生产能力", "production capacity", note="数字与单位，例如 10 万t/a。")
    ] = None
    material: Annotated[str | None, text("生产原料", "raw material", longest=500)] = None


class Process(Struct):
    """FC-3: one key-supervised process that the enterprise runs."""

    process: Annotated[
        Chosen | None,
        choice("工艺名称", "process", f"{KEY_PROCESSES.strip()}\nother 其他 other", required=True),
    ] = None
    measures: Annotated[str | None, long_text("危险化工工艺控制措施", "control measures")] = None
    implemented: Annotated[bool | None, yes_no("是否落实控制措施", "measures implemented")] = None
    responsible: Annotated[str | None, person("责任人姓名", "responsible person")] = None


class ChemicalMajorHazard(Struct):
    """FC-4: one major hazard installation of the enterprise; every column is a proposal."""

    name: Annotated[
        str | None, text("重大危险源名称", "name", required=True, uncertain=True, note=_PROPOSED)
    ] = None
    grade: Annotated[
        Chosen | None, choice("级别", "grade", HAZARD_GRADES, uncertain=True, note=_PROPOSED)
    ] = None
    r: Annotated[float | None, number("R 值", "R value", uncertain=True, note=_PROPOSED)] = None
    chemicals: Annotated[
        str | None, long_text("涉及的危险化学品", "chemicals", uncertain=True, note=_PROPOSED)
    ] = None
    filing: Annotated[str | None, text("备案编号", "filing number", uncertain=True, note=_PROPOSED)] = None


REGISTERS = (
    Register(
        name="chemical-licences",
        zh="危险化学品生产登记信息",
        en="Licences to produce hazardous chemicals",
        group="sub-dossier",
        record=Registration,
        title="number",
        columns=("number", "principal", "valid", "county", "park", "safety_staff"),
        filters=("number", "kind", "valid", "park", "county", "level"),
        key=("number",),
        sectors=("chemical",),
        reviewed=True,
        reminders=(Reminder("危险化学品安全生产许可证即将到期", 90, "valid"),),
        given=(Given("企业名称", "owner"),),
        source="FC-1 (002:册2.3.2); REG-33, REG-41",
    ),
    Register(
        name="licensed-chemicals",
        zh="许可的危险化学品",
        en="Licensed chemicals",
        group="sub-dossier",
        record=LicensedChemical,
        title="licensed",
        columns=("licensed", "key_supervised", "capacity", "material"),
        filters=("licensed", "key_supervised"),
        sectors=("chemical",),
        reviewed=True,
        given=(Given("序号", "row"),),
        source="FC-2 (002:册2.3.2); REG-33, REG-41",
    ),
    Register(
        name="hazardous-processes",
        zh="涉及的重点监管的危险化工工艺",
        en="Key-supervised processes of the enterprise",
        group="sub-dossier",
        record=Process,
        title="process",
        columns=("process", "implemented", "responsible"),
        filters=("process", "implemented"),
        sectors=("chemical",),
        reviewed=True,
        tallies=("process",),
        given=(Given("序号", "row"),),
        source="FC-3 (002:册2.3.2); REG-33, REG-41",
    ),
    Register(
        name="chemical-major-hazards",
        zh="涉及的重大危险源",
        en="Major hazards of the enterprise",
        group="sub-dossier",
        record=ChemicalMajorHazard,
        title="name",
        columns=("name", "grade", "r", "chemicals", "filing"),
        filters=("name", "grade", "r", "filing"),
        sectors=("chemical",),
        reviewed=True,
        tallies=("grade",),
        source="FC-4 (002:册2.3.2); MHS-01, REG-41",
    ),
)
