"""The declaration that production stops or resumes (企业停产申报), reviewed by the county; REG-10.

What an approved declaration does to the status of the enterprise is no matter of this form.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import desk_phone, mobile, person
from central.registry.forms.fields import When, choice, day, files, long_text, span, text, whole, yes_no
from central.registry.forms.lists_fields import DOCUMENT_SILENT, PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Span


class ProductionStop(Struct):
    """One declaration; the documents name title, declarant, state, time and result of the review."""

    name: Annotated[str | None, text("申报名称", "title", required=True)] = None
    extent: Annotated[
        Chosen | None,
        choice("停产范围", "extent", "whole 全部停产 whole enterprise\npart 部分停产 part of it",
               required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    part: Annotated[
        str | None,
        text("停产的装置或车间", "which part", longest=300, required=True, when=When("extent", ("part",))),
    ] = None
    cause: Annotated[
        Chosen | None,
        choice("停产原因", "cause", """
            market 市场或经营原因 market or business
            repair 检修技改 repair or rebuilding
            season 季节性停产 season
            ordered 执法责令停产 ordered by the authority
            danger 隐患治理 treatment of hidden dangers
            accident 事故 accident
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    days: Annotated[
        Span | None,
        span("停产时间", "from – to", required=True, note="复产日期未定时，结束日期留空。"),
    ] = None
    left: Annotated[
        str | None,
        long_text("停产期间危险物料情况", "dangerous materials left", longest=1000, uncertain=True,
                  note="储罐、管道内是否清空，残留何物。"),
    ] = None  # fmt: skip
    measures: Annotated[
        str | None,
        long_text("停产期间安全措施", "safety measures", longest=1000, required=True, uncertain=True,
                  note=DOCUMENT_SILENT),
    ] = None  # fmt: skip
    monitoring: Annotated[
        bool | None,
        yes_no(
            "停产期间监测监控是否保持运行",
            "monitoring kept running",
            required=True,
            uncertain=True,
            note=DOCUMENT_SILENT,
        ),
    ] = None
    guards: Annotated[
        int | None, whole("留守值班人数", "people on guard", "人", uncertain=True, note=DOCUMENT_SILENT)
    ] = None
    declarant: Annotated[str | None, person("申报人", "declarant", required=True)] = None
    declarant_mobile: Annotated[str | None, mobile("申报人手机", "mobile of the declarant")] = None
    duty_phone: Annotated[str | None, desk_phone()] = None
    declared: Annotated[date | None, day("申报时间", "declared", required=True)] = None
    resumed: Annotated[date | None, day("实际复产日期", "resumed", uncertain=True, note=DOCUMENT_SILENT)] = (
        None
    )
    files: Annotated[list[File] | None, files("附件", "attachments")] = None


REGISTERS = (
    Register(
        name="production-stops",
        zh="企业停产申报",
        en="Production stops",
        group="daily",
        record=ProductionStop,
        title="name",
        columns=("name", "days", "extent", "cause", "declarant", "declared", "resumed"),
        filters=("name", "extent", "cause", "days", "declarant", "declared", "resumed"),
        reviewed=True,
        reminders=(Reminder("停产申报的结束日期即将到来，请办理复产或续报", 7, "days", until="resumed"),),
        source="REG-10",
    ),
)
