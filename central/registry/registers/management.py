"""What an enterprise earns, signs, spends and does for safety (行业专业信息, 规章制度); REG-13, REG-23."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import FILES, NOTE, person, year
from central.registry.forms.fields import choice, day, files, long_text, number, text, whole
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File


class OutputAndTax(Struct):
    """产销税: output, sales and tax of one year."""

    year: Annotated[int | None, year(required=True)] = None
    product: Annotated[str | None, text("主要产品", "main products", longest=200)] = None
    amount: Annotated[str | None, text("产量", "quantity produced", longest=100)] = None
    output: Annotated[float | None, number("总产值", "output", "万元", required=True)] = None
    sales: Annotated[float | None, number("销售收入", "sales", "万元", required=True)] = None
    tax: Annotated[float | None, number("上缴税金", "tax", "万元", required=True)] = None
    profit: Annotated[float | None, number("利润", "profit", "万元", low=-1e12)] = None
    remarks: Annotated[str | None, NOTE] = None


class ResponsibilityLetter(Struct):
    """安全责任书: one signed letter."""

    year: Annotated[int | None, year(required=True)] = None
    name: Annotated[str | None, text("责任书名称", "letter", required=True)] = None
    level: Annotated[
        Chosen | None,
        choice("签订层级", "between", """
            government 政府（部门）与企业 government and enterprise
            department 企业与部门（车间） enterprise and department
            team 部门（车间）与班组 department and team
            staff 班组与员工 team and staff
            contractor 企业与承包（承租）单位 enterprise and contractor
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    giver: Annotated[str | None, text("签订方（上级）", "given by", required=True)] = None
    taker: Annotated[str | None, text("责任方（下级）", "taken by", required=True)] = None
    signer: Annotated[str | None, person("责任人", "signed by", required=True)] = None
    signed: Annotated[date | None, day("签订日期", "signed", required=True)] = None
    goals: Annotated[str | None, long_text("责任目标", "goals")] = None
    result: Annotated[
        Chosen | None,
        choice("考核结果", "assessment", "excellent 优秀 excellent\npass 合格 passed\nfail 不合格 failed\n"
               "open 未考核 not yet", uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    letter: Annotated[list[File] | None, files("责任书", "letter", required=True)] = None


class Investment(Struct):
    """安全投入: one expense on safety; the purposes follow 财资〔2022〕136号, from memory."""

    year: Annotated[int | None, year(required=True)] = None
    item: Annotated[str | None, text("投入项目", "item", required=True, longest=200)] = None
    purpose: Annotated[
        Chosen | None,
        choice("投入类别", "purpose", """
            facility 安全防护设施设备 protective facilities
            emergency 应急救援装备与演练 emergency equipment and drills
            treatment 重大危险源和隐患评估监控整改 hazards and hidden dangers
            evaluation 安全检查评价咨询标准化 checks, evaluation, standardisation
            gear 从业人员安全防护用品 protective gear
            training 安全宣传教育培训 training
            technology 新技术新工艺新装备推广 new technology
            inspection 安全设施及特种设备检测检验 tests and inspections
            information 安全生产信息化 information systems
            insurance 安全生产责任保险 liability insurance
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    planned: Annotated[float | None, number("计划投入", "planned", "万元")] = None
    spent: Annotated[float | None, number("实际投入", "spent", "万元", required=True)] = None
    day: Annotated[date | None, day("投入日期", "day", required=True)] = None
    responsible: Annotated[str | None, person("经办人", "responsible person")] = None
    files: Annotated[list[File] | None, files("凭证", "vouchers")] = None
    remarks: Annotated[str | None, NOTE] = None


class Management(Struct):
    """安全管理: one thing done to manage safety: a meeting, an assessment, a day of action."""

    name: Annotated[str | None, text("事项名称", "matter", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("管理类别", "kind", """
            meeting 安全会议 safety meeting
            check 安全检查 safety check
            activity 安全活动 safety activity
            assessment 责任制考核奖惩 assessment and rewards
            contractor 相关方（承包商）管理 contractors
            permit 作业许可管理 work permits
            change 变更管理 changes
            culture 安全文化建设 safety culture
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    day: Annotated[date | None, day("日期", "day", required=True)] = None
    chair: Annotated[str | None, person("主持（负责）人", "led by", required=True)] = None
    people: Annotated[int | None, whole("参加人数", "people", "人")] = None
    content: Annotated[str | None, long_text("内容", "content", required=True)] = None
    result: Annotated[str | None, long_text("结果及要求", "result", longest=1000)] = None
    files: Annotated[list[File] | None, FILES] = None


class Rule(Struct):
    """规章制度: one rule of the enterprise."""

    name: Annotated[str | None, text("制度名称", "rule", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("制度类别", "kind", """
            responsibility 安全生产责任制 responsibilities
            management 安全管理制度 management rules
            operation 安全操作规程 operating rules
            emergency 应急管理制度 emergency rules
            health 职业卫生制度 occupational health
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    number: Annotated[str | None, text("文件编号", "number")] = None
    edition: Annotated[str | None, text("版本号", "edition", longest=20)] = None
    issued: Annotated[date | None, day("发布日期", "issued", required=True)] = None
    in_force: Annotated[date | None, day("实施日期", "in force")] = None
    revision: Annotated[date | None, day("下次评审日期", "next review")] = None
    issuer: Annotated[str | None, person("批准人", "approved by")] = None
    repealed: Annotated[date | None, day("废止日期", "repealed")] = None
    text: Annotated[list[File] | None, files("制度文本", "text", required=True)] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="output-and-tax",
        zh="产销税",
        en="Output, sales and tax",
        group="base",
        record=OutputAndTax,
        title="year",
        columns=("year", "output", "sales", "tax", "profit", "product"),
        filters=("year", "output", "sales", "tax", "profit"),
        key=("year",),
        totals=("output", "sales", "tax", "profit"),
        source="REG-13",
    ),
    Register(
        name="responsibility-letters",
        zh="安全责任书",
        en="Safety responsibility letters",
        group="base",
        record=ResponsibilityLetter,
        title="name",
        columns=("name", "year", "level", "signer", "signed", "result"),
        filters=("name", "year", "level", "giver", "taker", "signer", "signed", "result"),
        tallies=("level",),
        source="REG-13",
    ),
    Register(
        name="safety-investment",
        zh="安全投入",
        en="Safety investment",
        group="base",
        record=Investment,
        title="item",
        columns=("item", "spent", "year", "purpose", "planned", "day"),
        filters=("item", "year", "purpose", "spent", "planned", "day"),
        totals=("planned", "spent"),
        tallies=("purpose",),
        source="REG-13, REG-23",
    ),
    Register(
        name="safety-management",
        zh="安全管理",
        en="Safety management",
        group="base",
        record=Management,
        title="name",
        columns=("name", "day", "kind", "chair", "people"),
        filters=("name", "kind", "day", "chair", "people"),
        tallies=("kind",),
        source="REG-13",
    ),
    Register(
        name="rules-and-regulations",
        zh="规章制度",
        en="Rules and regulations",
        group="base",
        record=Rule,
        title="name",
        columns=("name", "kind", "number", "issued", "revision", "repealed"),
        filters=("name", "kind", "number", "issued", "revision", "repealed"),
        key=("name", "edition"),
        reminders=(Reminder("规章制度即将到评审日期", 30, "revision", until="repealed"),),
        tallies=("kind",),
        source="REG-23",
    ),
)
