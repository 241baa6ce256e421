"""Licences and certificates of an enterprise (证书证照); REG-02, REG-12, REG-23."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import ENDED, NOTE
from central.registry.forms.fields import choice, day, files, pictures, span, text
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Span


class Licence(Struct):
    """One licence."""

    kind: Annotated[
        Chosen | None,
        choice("证照类型", "kind", """
            business 营业执照 business licence
            safety 安全生产许可证 safety licence
            chemical-trade 危险化学品经营许可证 licence to trade in hazardous chemicals
            chemical-use 危险化学品安全使用许可证 licence to use hazardous chemicals
            fireworks 烟花爆竹经营（生产）许可证 fireworks licence
            mining 采矿许可证 mining licence
            blasting 爆破作业单位许可证 blasting licence
            precursor 易制毒（易制爆）备案证明 proof of filing for precursors
            gas 燃气经营许可证 gas licence
            construction 建筑业企业资质证书 construction qualification
            road 道路运输经营许可证 road transport licence
            port 港口经营许可证 port licence
            emission 排污许可证 emission permit
            fire 消防验收（备案）文件 fire acceptance
            environment 环评批复 environmental approval
            occupational 职业病危害项目申报回执 declaration of occupational hazards
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    name: Annotated[str | None, text("证照名称", "name", required=True)] = None
    number: Annotated[str | None, text("证照编号", "number", required=True)] = None
    scope: Annotated[str | None, text("许可（经营）范围", "scope", longest=500)] = None
    issuer: Annotated[str | None, text("发证机关", "issuer", required=True)] = None
    issued: Annotated[date | None, day("发证日期", "issued")] = None
    valid: Annotated[
        Span | None, span("有效期", "validity", required=True, note="长期有效的，结束日期留空。")
    ] = None
    state: Annotated[
        Chosen | None,
        choice("证照状态", "state", """
            valid 有效 valid
            renewing 换证办理中 being renewed
            suspended 暂扣 suspended
            revoked 吊销 revoked
            cancelled 注销 cancelled
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    ended: Annotated[date | None, ENDED] = None
    original: Annotated[list[File] | None, pictures("证照图片", "pictures", longest=6)] = None
    files: Annotated[list[File] | None, files("证照扫描件", "scans", longest=6)] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="licences",
        zh="证书证照",
        en="Licences",
        group="base",
        record=Licence,
        title="name",
        columns=("name", "valid", "kind", "number", "issuer", "state"),
        filters=("name", "kind", "number", "state", "issuer", "valid", "issued"),
        key=("kind", "number"),
        reviewed=True,
        reminders=(Reminder("证照即将到期，请办理延期或换证", 90, "valid", until="ended"),),
        tallies=("kind",),
        source="REG-02, REG-12, REG-23",
    ),
)
