"""Notices, and material that an agency asks for and others return; PUB-03, PUB-08.

To whom a notice is addressed is written down; who may read it is decided by the area alone (`shared`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import FILES, mobile, person
from central.registry.forms.fields import When, choice, day, files, group, link, long_text, several, text
from central.registry.forms.lists_fields import PROPOSED, SECTORS
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Several

RECEIVERS = """
    all 辖区全部单位 everybody of the area
    agencies 辖区全部部门 all agencies of the area
    enterprises 辖区全部企业 all enterprises of the area
    sectors 指定行业企业 enterprises of some sectors
    chosen 指定单位 chosen units
"""


class Receiver(Struct):
    """接收单位: one agency or one enterprise."""

    kind: Annotated[
        Chosen | None,
        choice("单位类别", "kind", "agency 部门 agency\nenterprise 企业 enterprise", required=True),
    ] = None
    agency: Annotated[
        Link | None, link("部门", "agency", "agency", required=True, when=When("kind", ("agency",)))
    ] = None
    enterprise: Annotated[
        Link | None,
        link("企业", "enterprise", "enterprise", required=True, when=When("kind", ("enterprise",))),
    ] = None


TO = choice("接收范围", "receivers", RECEIVERS, required=True, uncertain=True, note=PROPOSED)
TO_SECTORS = several(
    "接收行业", "sectors", SECTORS, required=True, when=When("receivers", ("sectors",))
)  # fmt: skip
TO_UNITS = group(
    "接收单位", "chosen units", longest=1000, required=True, when=When("receivers", ("chosen",))
)  # fmt: skip


class Notice(Struct):
    """通知公告."""

    name: Annotated[str | None, text("标题", "title", required=True, longest=200)] = None
    kind: Annotated[
        Chosen | None,
        choice("类型", "kind", """
            notice 通知 notice
            announcement 公告 announcement
            circular 通报 circular
            warning 预警提示 warning
            meeting 会议 meeting
            publicity 公示 publicity
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    urgency: Annotated[
        Chosen | None,
        choice("紧急程度", "urgency", "normal 普通 normal\nurgent 加急 urgent\nmost-urgent 特急 most urgent",
               required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    publisher: Annotated[str | None, text("发布人（单位）", "publisher", required=True)] = None
    published: Annotated[date | None, day("发布时间", "published", required=True)] = None
    until: Annotated[date | None, day("有效期至", "shown until")] = None
    receivers: Annotated[Chosen | None, TO] = None
    sectors: Annotated[Several | None, TO_SECTORS] = None
    units: Annotated[list[Receiver] | None, TO_UNITS] = None
    body: Annotated[str | None, long_text("正文", "text", required=True, longest=20000)] = None
    files: Annotated[list[File] | None, FILES] = None


class MaterialReturn(Struct):
    """材料报送: one task, from the agency that asks."""

    name: Annotated[str | None, text("标题", "title", required=True, longest=200)] = None
    deadline: Annotated[date | None, day("截止时间", "deadline", required=True)] = None
    publisher: Annotated[str | None, text("发布单位", "publishing unit", required=True)] = None
    published: Annotated[date | None, day("发布时间", "published", required=True)] = None
    receivers: Annotated[Chosen | None, TO] = None
    sectors: Annotated[Several | None, TO_SECTORS] = None
    units: Annotated[list[Receiver] | None, TO_UNITS] = None
    words: Annotated[str | None, long_text("报送要求", "what is asked", required=True, longest=5000)] = None
    closed: Annotated[date | None, day("收齐（办结）日期", "closed", note="填写后不再提醒。")] = None
    contact: Annotated[str | None, person("联系人", "contact")] = None
    mobile: Annotated[str | None, mobile("联系电话", "telephone")] = None
    files: Annotated[list[File] | None, files("附件（模板）", "attachments")] = None


class MaterialAnswer(Struct):
    """报送材料: what one unit returned; "viewed" is that the record was opened, and is no field."""

    task: Annotated[Link | None, link("报送任务", "task", "material-returns", required=True)] = None
    name: Annotated[str | None, text("标题", "title", required=True, longest=200)] = None
    words: Annotated[str | None, long_text("材料说明", "note", longest=5000)] = None
    sent: Annotated[date | None, day("报送时间", "sent", required=True)] = None
    sender: Annotated[str | None, person("报送人", "sent by", required=True)] = None
    mobile: Annotated[str | None, mobile("联系电话", "telephone")] = None
    files: Annotated[list[File] | None, files("报送材料", "material", required=True)] = None


REGISTERS = (
    Register(
        name="notices",
        zh="通知公告",
        en="Notices",
        group="knowledge",
        record=Notice,
        title="name",
        columns=("name", "urgency", "kind", "publisher", "published", "receivers"),
        filters=("name", "kind", "urgency", "publisher", "published", "until", "receivers"),
        owner="agency",
        writers=frozenset({"supervisor", "committee"}),
        shared=True,
        tallies=("kind",),
        source="PUB-03",
    ),
    Register(
        name="material-returns",
        zh="材料报送任务",
        en="Material to be returned",
        group="daily",
        record=MaterialReturn,
        title="name",
        columns=("name", "deadline", "publisher", "published", "receivers", "closed"),
        filters=("name", "deadline", "publisher", "published", "receivers", "closed"),
        owner="agency",
        writers=frozenset({"supervisor", "committee"}),
        shared=True,
        reminders=(Reminder("材料报送即将截止，请催收", 3, "deadline", until="closed"),),
        source="PUB-08",
    ),
    Register(
        name="material-answers",
        zh="报送材料",
        en="Material returned",
        group="daily",
        record=MaterialAnswer,
        title="name",
        columns=("name", "task", "sent", "sender"),
        filters=("name", "task", "sent", "sender"),
        key=("task",),
        owner="either",
        writers=frozenset({"enterprise", "supervisor", "committee"}),
        source="PUB-08",
    ),
)
