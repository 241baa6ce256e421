"""What lies around an enterprise (企业周边资源): who helps, and who would be harmed; REG-14, EMG-15."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import ADDRESS, PHOTOS, WHERE, desk_phone, mobile, person
from central.registry.forms.fields import choice, link, long_text, number, text, whole
from central.registry.forms.lists_fields import DOCUMENT_SILENT
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Spot


class Surrounding(Struct):
    """One place near the enterprise."""

    name: Annotated[str | None, text("资源名称", "name", required=True)] = None
    kind: Annotated[
        Link | None,
        link("资源类型", "kind", "dictionary/nearby-resource-type", required=True,
             note="类型由管理员在字典中维护。"),
    ] = None  # fmt: skip
    contact: Annotated[str | None, person("联系人", "contact")] = None
    phone: Annotated[str | None, desk_phone("联系电话（单位）", "telephone of the place")] = None
    mobile: Annotated[str | None, mobile("手机", "mobile")] = None
    address: Annotated[str | None, ADDRESS] = None
    where: Annotated[Spot | None, WHERE] = None
    direction: Annotated[
        Chosen | None,
        choice("方位", "direction", """
            n 北 north
            ne 东北 north-east
            e 东 east
            se 东南 south-east
            s 南 south
            sw 西南 south-west
            w 西 west
            nw 西北 north-west
            """, uncertain=True, note=DOCUMENT_SILENT),
    ] = None  # fmt: skip
    distance: Annotated[
        float | None, number("最近距离", "nearest distance", "m", uncertain=True, note=DOCUMENT_SILENT)
    ] = None
    people: Annotated[
        int | None, whole("常住（在场）人数", "people there", "人", uncertain=True, note=DOCUMENT_SILENT)
    ] = None
    description: Annotated[str | None, long_text("描述", "description")] = None
    pictures: Annotated[list[File] | None, PHOTOS] = None


REGISTERS = (
    Register(
        name="surroundings",
        zh="周边资源",
        en="Surroundings",
        group="base",
        record=Surrounding,
        title="name",
        columns=("name", "kind", "contact", "phone", "distance", "address"),
        filters=("name", "kind", "contact", "distance", "people"),
        key=("name",),
        reminders=(Reminder("周边资源一年没有核对", 365),),
        source="REG-02, REG-14, EMG-15",
    ),
)
