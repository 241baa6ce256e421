"""Spare parts, each of one piece of equipment; REG-20."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import person
from central.registry.forms.fields import When, choice, day, group, link, long_text, text, whole
from central.registry.forms.lists_fields import DOCUMENT_SILENT, PROPOSED
from central.registry.forms.register import Register
from central.registry.forms.values import Chosen, Link


class Replacement(Struct):
    """更换（出入库）记录: a part came, went or was fitted."""

    day: Annotated[date | None, day("日期", "day", required=True)] = None
    action: Annotated[
        Chosen | None,
        choice("事项", "what", "in 入库 received\nfitted 更换 fitted\nout 领用 issued\n"
               "scrapped 报废 scrapped", required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    count: Annotated[int | None, whole("数量", "count", "件", required=True)] = None
    by: Annotated[str | None, person("经办人", "by")] = None


class SparePart(Struct):
    """One kind of spare part of one piece of equipment."""

    belongs: Annotated[
        Chosen | None,
        choice("所属设备类别", "belongs to",
               "production 生产设备 production equipment\nspecial 特种设备 special equipment", required=True),
    ] = None  # fmt: skip
    production: Annotated[
        Link | None,
        link("生产设备", "production equipment", "production-equipment",
             required=True, when=When("belongs", ("production",))),
    ] = None  # fmt: skip
    special: Annotated[
        Link | None,
        link("特种设备", "special equipment", "special-equipment",
             required=True, when=When("belongs", ("special",))),
    ] = None  # fmt: skip
    name: Annotated[str | None, text("配件名称", "part", required=True)] = None
    model: Annotated[str | None, text("型号规格", "model")] = None
    maker: Annotated[str | None, text("生产厂家", "maker")] = None
    stock: Annotated[int | None, whole("库存数量", "in stock", "件", required=True)] = None
    least: Annotated[
        int | None, whole("最低库存", "least stock", "件", uncertain=True, note=DOCUMENT_SILENT)
    ] = None
    place: Annotated[str | None, text("存放位置", "kept at")] = None
    uses: Annotated[str | None, long_text("用途说明", "use", longest=300)] = None
    records: Annotated[list[Replacement] | None, group("配件记录", "records of the part")] = None


REGISTERS = (
    Register(
        name="spare-parts",
        zh="设备配件",
        en="Spare parts",
        group="equipment",
        record=SparePart,
        title="name",
        columns=("name", "stock", "belongs", "model", "least", "place"),
        filters=("name", "belongs", "production", "special", "model", "stock"),
        totals=("stock",),
        source="REG-20",
    ),
)
