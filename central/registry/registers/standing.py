"""How an enterprise stands: standardisation, safety credit, elements of safety; REG-12, REG-23, REG-37."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import ENDED, FILES, NOTE, person, year
from central.registry.forms.fields import (
    When,
    choice,
    day,
    files,
    long_text,
    number,
    several,
    span,
    text,
    yes_no,
)
from central.registry.forms.lists_fields import DOCUMENT_SILENT, ELEMENTS, PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Several, Span


class Standardisation(Struct):
    """安全生产标准化: one certificate of standardisation."""

    grade: Annotated[
        Chosen | None,
        choice("标准化等级", "grade", """
            1 一级 grade 1
            2 二级 grade 2
            3 三级 grade 3
            small 小微企业达标 small enterprise
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    trade: Annotated[str | None, text("评定行业", "trade")] = None
    number: Annotated[str | None, text("证书编号", "certificate number", required=True)] = None
    score: Annotated[float | None, number("评审得分", "score", "分", high=1000)] = None
    organiser: Annotated[str | None, text("评审组织单位", "organising unit")] = None
    reviewer: Annotated[str | None, text("评审单位", "reviewing unit")] = None
    issuer: Annotated[str | None, text("发证（公告）机关", "issuer")] = None
    announced: Annotated[date | None, day("公告日期", "announced")] = None
    valid: Annotated[Span | None, span("有效期", "validity", required=True)] = None
    self_review: Annotated[date | None, day("最近自评日期", "last self-evaluation")] = None
    state: Annotated[
        Chosen | None,
        choice("状态", "state", "held 有效 held\nrenewing 复评中 being renewed\nrevoked 撤销 revoked",
               uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    ended: Annotated[date | None, ENDED] = None
    certificate: Annotated[list[File] | None, files("证书及评审报告", "certificate and report")] = None


class SafetyCredit(Struct):
    """企业安全诚信信息: credit of one year, with what darkens it."""

    year: Annotated[int | None, year(required=True)] = None
    grade: Annotated[
        Chosen | None,
        choice("诚信等级", "credit grade", "a A级（诚信） A\nb B级（较好） B\nc C级（一般） C\n"
               "d D级（失信） D", required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    score: Annotated[float | None, number("诚信评分", "score", "分", high=1000)] = None
    assessor: Annotated[str | None, text("评定单位", "assessed by")] = None
    assessed: Annotated[date | None, day("评定日期", "assessed")] = None
    committed: Annotated[bool | None, yes_no("是否签订安全诚信承诺书", "credit promise signed")] = None
    listed: Annotated[bool | None, yes_no("是否列入失信名单", "on a list", required=True)] = None
    lists: Annotated[
        Several | None,
        several("列入名单", "which lists", """
            blacklist 安全生产黑名单 blacklist
            joint 联合惩戒对象 joint discipline
            abnormal 异常经营名录 abnormal operation
            """, required=True, when=When("listed", ("yes",))),
    ] = None  # fmt: skip
    listed_days: Annotated[
        Span | None, span("列入期限", "listed from – to", when=When("listed", ("yes",)))
    ] = None
    cause: Annotated[
        str | None, long_text("列入事由", "cause", longest=500, when=When("listed", ("yes",)))
    ] = None
    honours: Annotated[str | None, long_text("表彰奖励", "honours", longest=500)] = None
    files: Annotated[list[File] | None, FILES] = None


class Element(Struct):
    """安全生产要素: how one element is kept in one year."""

    year: Annotated[int | None, year(required=True)] = None
    element: Annotated[
        Chosen | None,
        choice("要素", "element", ELEMENTS, required=True, uncertain=True,
               note="来源文件提到 28 个要素而未列出，此处按 GB/T 33000-2016 建议。"),
    ] = None  # fmt: skip
    present: Annotated[str | None, long_text("落实情况", "how it is kept", required=True)] = None
    met: Annotated[
        Chosen | None,
        choice("符合情况", "met", "yes 符合 met\npartly 基本符合 partly met\nno 不符合 not met\n"
               "not-involved 不涉及 not involved", required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    score: Annotated[
        float | None, number("自评得分", "score", "分", high=1000, uncertain=True, note=DOCUMENT_SILENT)
    ] = None
    responsible: Annotated[str | None, person("责任人", "responsible person")] = None
    improved: Annotated[str | None, long_text("改进措施", "improvement", longest=1000)] = None
    files: Annotated[list[File] | None, files("佐证材料", "evidence")] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="standardisation",
        zh="安全生产标准化",
        en="Standardisation",
        group="base",
        record=Standardisation,
        title="number",
        columns=("number", "grade", "valid", "score", "issuer", "state"),
        filters=("number", "grade", "state", "score", "valid", "announced"),
        key=("number",),
        reviewed=True,
        reminders=(Reminder("标准化证书即将到期，请申请复评", 90, "valid", until="ended"),),
        tallies=("grade",),
        source="REG-12, REG-23",
    ),
    Register(
        name="safety-credit",
        zh="企业安全诚信",
        en="Safety credit",
        group="base",
        record=SafetyCredit,
        title="year",
        columns=("year", "grade", "listed", "score", "assessor", "assessed"),
        filters=("year", "grade", "listed", "lists", "score", "assessed"),
        key=("year",),
        reviewed=True,
        tallies=("grade",),
        source="REG-12, REG-37",
    ),
    Register(
        name="safety-elements",
        zh="安全生产要素",
        en="Elements of safety",
        group="base",
        record=Element,
        title="element",
        columns=("element", "met", "year", "score", "responsible"),
        filters=("element", "year", "met", "score", "responsible"),
        key=("year", "element"),
        totals=("score",),
        tallies=("met",),
        source="REG-23",
    ),
)
