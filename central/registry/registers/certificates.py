"""Certificates of people (人员持证), proved against their trades; REG-07, REG-08."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.fields import choice, day, pictures, span, text
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Span


class Certificate(Struct):
    """One certificate of one person."""

    holder: Annotated[str | None, text("姓名", "name", required=True, longest=50)] = None
    identity: Annotated[
        str | None,
        text("身份证号", "identity number", longest=18, personal="identity", pattern="[0-9]{17}[0-9X]",
             pattern_words="应为 18 位，末位可为大写 X。", example="11010519491231002X"),
    ] = None  # fmt: skip
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
            required=True, note="来源文件未列出选项，此处为建议分类。", uncertain=True,
        ),
    ] = None  # fmt: skip
    number: Annotated[str | None, text("证书编号", "certificate number", required=True)] = None
    issuer: Annotated[str | None, text("发证机关", "issuer")] = None
    issued: Annotated[date | None, day("发证日期", "issued")] = None
    valid: Annotated[Span | None, span("有效期", "validity", required=True)] = None
    pictures: Annotated[list[File] | None, pictures("证书图片", "pictures", longest=4)] = None


REGISTERS = (
    Register(
        name="certificates",
        zh="人员证书",
        en="Certificates of people",
        group="people",
        record=Certificate,
        title="holder",
        columns=("holder", "kind", "trade", "number", "valid"),
        filters=("holder", "trade", "kind", "number", "valid"),
        key=("number",),
        reminders=(Reminder("证书即将到期，请按时复审", 60, "valid"),),
        source="REG-07, REG-08",
    ),
)
