"""Emergency plans as documents, with their filing; REG-02, REG-23, EMG-02, GB/T 29639-2020."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import ENDED, NOTE, person
from central.registry.forms.fields import When, choice, day, files, several, text, yes_no
from central.registry.forms.lists import ACCIDENT_KINDS
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Several


class PlanFiled(Struct):
    """One emergency plan of an enterprise."""

    name: Annotated[str | None, text("预案名称", "plan", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("预案类型", "kind", """
            comprehensive 综合应急预案 comprehensive plan
            special 专项应急预案 special plan
            site 现场处置方案 site plan
            """, required=True, note="按 GB/T 29639-2020。"),
    ] = None  # fmt: skip
    number: Annotated[str | None, text("预案编号", "plan number")] = None
    edition: Annotated[str | None, text("版本号", "edition", longest=20)] = None
    accidents: Annotated[Several | None, several("针对的事故类型", "accidents it is for", ACCIDENT_KINDS)] = (
        None
    )
    issued: Annotated[date | None, day("签署发布日期", "issued", required=True)] = None
    issuer: Annotated[str | None, person("签发人", "issued by")] = None
    reviewed: Annotated[date | None, day("评审（论证）日期", "reviewed by experts")] = None
    filed: Annotated[bool | None, yes_no("是否备案", "filed", required=True)] = None
    filing_number: Annotated[
        str | None, text("备案编号", "filing number", required=True, when=When("filed", ("yes",)))
    ] = None
    filing_day: Annotated[
        date | None, day("备案日期", "day of filing", required=True, when=When("filed", ("yes",)))
    ] = None
    filing_agency: Annotated[str | None, text("备案部门", "filed with", when=When("filed", ("yes",)))] = None
    revision: Annotated[
        date | None,
        day("下次修订（评估）日期", "next revision", note="应急预案至少每三年评估一次。"),
    ] = None
    ended: Annotated[date | None, ENDED] = None
    plan: Annotated[list[File] | None, files("预案文本", "text of the plan", required=True)] = None
    filing: Annotated[list[File] | None, files("备案登记表", "proof of filing", longest=5)] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="plans-filed",
        zh="应急预案备案",
        en="Emergency plans filed",
        group="emergency",
        record=PlanFiled,
        title="name",
        columns=("name", "filed", "kind", "issued", "filing_day", "revision"),
        filters=("name", "kind", "filed", "filing_number", "issued", "filing_day", "revision", "accidents"),
        key=("name", "edition"),
        reviewed=True,
        reminders=(Reminder("应急预案即将到修订（评估）日期", 90, "revision", until="ended"),),
        source="REG-02, REG-23, EMG-02",
    ),
)
