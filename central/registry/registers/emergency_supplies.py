"""Emergency equipment and materials, and relief supplies; EMG-09, EMG-10, EMG-16."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE, PHOTOS, REGION, WHERE, desk_phone, mobile, person
from central.registry.forms.fields import choice, day, link, number, text, whole
from central.registry.forms.lists_fields import DOCUMENT_SILENT, PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Spot


class Supply(Struct):
    """应急物资装备: one kind of thing at one store."""

    name: Annotated[str | None, text("名称", "name", required=True)] = None
    supply_class: Annotated[
        Link | None,
        link("装备分类", "class", "dictionary/supply-type", required=True,
             note="分类由管理员在字典中维护。"),
    ] = None  # fmt: skip
    category: Annotated[
        Chosen | None,
        choice("类别", "category", """
            equipment 装备 equipment
            material 物资 materials
            vehicle 车辆 vehicles
            gear 个人防护用品 protective gear
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    model: Annotated[str | None, text("型号规格", "model")] = None
    quantity: Annotated[float | None, number("数量", "quantity", required=True)] = None
    unit: Annotated[
        str | None, text("计量单位", "unit", required=True, longest=20, note="例如：套、台、件、吨。")
    ] = None
    purpose: Annotated[str | None, text("用途", "use", required=True, longest=200)] = None
    source: Annotated[
        Chosen | None,
        choice("物资装备来源", "source", """
            government 政府储备 held by the government
            enterprise 企业自储 held by the enterprise
            agreement 协议储备 by agreement
            donated 社会捐赠 donated
            allotted 上级调拨 allotted
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    team: Annotated[Link | None, link("所属队伍", "belongs to team", "rescue-teams")] = None
    state: Annotated[
        Chosen | None,
        choice("状态", "state", """
            ready 完好 ready
            lent 已调用 in use
            repair 维修 under repair
            expired 过期待更换 expired
            scrapped 报废 scrapped
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    store: Annotated[str | None, text("存放地点（储备库）", "store", required=True, longest=200)] = None
    region: Annotated[Link | None, REGION] = None
    where: Annotated[Spot | None, WHERE] = None
    keeper: Annotated[str | None, person("保管人", "keeper", required=True)] = None
    keeper_mobile: Annotated[str | None, mobile("保管人手机", "mobile of the keeper")] = None
    duty_phone: Annotated[str | None, desk_phone()] = None
    expires: Annotated[date | None, day("有效期至", "good until")] = None
    checked: Annotated[
        date | None, day("最近维护（盘点）日期", "last maintained", uncertain=True, note=DOCUMENT_SILENT)
    ] = None
    next_check: Annotated[
        date | None, day("下次维护（盘点）日期", "next maintenance", uncertain=True, note=DOCUMENT_SILENT)
    ] = None
    pictures: Annotated[list[File] | None, PHOTOS] = None
    remarks: Annotated[str | None, NOTE] = None


class Relief(Struct):
    """救灾物资: what the province keeps for relief; taken over from there, shown here."""

    name: Annotated[str | None, text("物资名称", "supply", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("物资类别", "kind", """
            tent 帐篷 tents
            bedding 被褥床具 bedding
            clothes 衣物 clothes
            food 食品饮水 food and water
            light 照明取暖 light and heating
            sanitation 卫生防疫 sanitation
            other 其他 other
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    quantity: Annotated[int | None, whole("数量", "quantity", required=True)] = None
    unit: Annotated[str | None, text("计量单位", "unit", required=True, longest=20)] = None
    store: Annotated[str | None, text("储备库", "store", required=True)] = None
    region: Annotated[Link | None, REGION] = None
    where: Annotated[Spot | None, WHERE] = None
    duty_phone: Annotated[str | None, desk_phone()] = None
    updated: Annotated[date | None, day("省级平台更新日期", "as of")] = None
    number: Annotated[str | None, text("省级平台编号", "number at the province")] = None


REGISTERS = (
    Register(
        name="emergency-supplies",
        zh="应急物资装备",
        en="Emergency equipment and materials",
        group="emergency",
        record=Supply,
        title="name",
        columns=("name", "quantity", "unit", "state", "supply_class", "store", "keeper"),
        filters=("name", "supply_class", "category", "source", "state", "team", "region", "store",
                 "quantity", "expires"),
        key=("name", "model", "store"),
        owner="either",
        writers=frozenset({"enterprise", "supervisor", "inspector"}),
        shared=True,
        coded=True,
        public=("name", "category", "purpose", "store", "duty_phone"),
        reminders=(
            Reminder("应急物资即将过期，请更换", 60, "expires"),
            Reminder("应急物资即将到维护（盘点）日期", 15, "next_check"),
        ),
        tallies=("category", "state"),
        source="EMG-09, EMG-16, REG-24, REG-29",
    ),
    Register(
        name="relief-supplies",
        zh="救灾物资",
        en="Relief supplies",
        group="emergency",
        record=Relief,
        title="name",
        columns=("name", "quantity", "unit", "kind", "store", "updated"),
        filters=("name", "kind", "region", "store", "quantity", "updated"),
        key=("number",),
        owner="agency",
        writers=frozenset({"supervisor"}),
        shared=True,
        tallies=("kind",),
        source="EMG-10",
    ),
)  # fmt: skip
