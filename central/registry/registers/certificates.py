"""Certificates of people (人员证书), proved against their trades; REG-07, REG-08."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import ENDED, identity_number, person
from central.registry.forms.fields import choice, day, link, pictures, span, text
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Span


class Certificate(Struct):
    """One certificate of one person."""

    holder: Annotated[str | None, person("姓名", "name", required=True)] = None
    member: Annotated[Link | None, link("人员档案", "staff record", "staff-members")] = None
    identity_number: Annotated[str | None, identity_number()] = None
    trade: Annotated[str | None, text("工种", "trade", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice(
            "证书类型", "certificate type",
            """
            principal 主要负责人 principal
            safety-manager 安全管理人员 safety manager
            special-operation 特种作业 special operation
            special-equipment 特种设备作业 special equipment operation
            registered-engineer 注册安全工程师 registered safety engineer
            other 其他 other
            """,
            required=True, note=PROPOSED, uncertain=True,
        ),
    ] = None  # fmt: skip
    number: Annotated[str | None, text("证书编号", "certificate number", required=True)] = None
    items: Annotated[str | None, text("作业类别及准操项目", "work permitted", longest=200)] = None
    issuer: Annotated[str | None, text("发证机关", "issuer")] = None
    issued: Annotated[date | None, day("发证日期", "issued")] = None
    valid: Annotated[Span | None, span("有效期", "validity", required=True)] = None
    examined: Annotated[date | None, day("下次复审日期", "next re-examination")] = None
    ended: Annotated[date | None, ENDED] = None
    pictures: Annotated[list[File] | None, pictures("证书图片", "pictures", longest=4)] = None


REGISTERS = (
    Register(
        name="certificates",
        zh="人员证书",
        en="Certificates of people",
        group="people",
        record=Certificate,
        title="holder",
        columns=("holder", "kind", "trade", "number", "valid", "examined"),
        filters=("holder", "trade", "kind", "number", "valid", "examined"),
        key=("number",),
        reminders=(
            Reminder("证书即将到期，请按时换证", 60, "valid", until="ended"),
            Reminder("证书即将到复审日期，请安排复审", 60, "examined", until="ended"),
        ),
        source="REG-07, REG-08",
    ),
)
