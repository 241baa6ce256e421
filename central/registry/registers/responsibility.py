"""What responsibility lists (责任清单) are made of: modules with their items, and templates; INS-18."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE
from central.registry.forms.fields import choice, group, link, long_text, several, text, whole, yes_no
from central.registry.forms.lists_fields import PROPOSED, SECTORS
from central.registry.forms.register import Register
from central.registry.forms.values import Chosen, Link, Several

ROLES = """
    principal 主要负责人 principal
    safety-head 分管安全负责人 head of safety
    manager 安全管理人员 safety manager
    technical 技术负责人 technical head
    department 部门负责人 head of a department
    team 班组长 team leader
    staff 岗位员工 staff
"""
CYCLES = """
    once 一次性 once
    daily 每日 daily
    weekly 每周 weekly
    monthly 每月 monthly
    quarterly 每季度 quarterly
    half-year 每半年 half-yearly
    yearly 每年 yearly
"""
USED = yes_no("是否启用", "in use", required=True)


class Item(Struct):
    """清单项: one thing that somebody has to do."""

    code: Annotated[str | None, text("编号", "code", required=True, longest=20)] = None
    words: Annotated[str | None, text("责任事项", "duty", required=True, longest=300)] = None
    basis: Annotated[str | None, text("依据", "basis", longest=300)] = None
    cycle: Annotated[
        Chosen | None, choice("履职周期", "cycle", CYCLES, required=True, uncertain=True, note=PROPOSED)
    ] = None
    proof: Annotated[str | None, text("履职证明", "proof", longest=200)] = None
    must: Annotated[bool | None, yes_no("是否必须", "required")] = None


class Module(Struct):
    """清单模块: items that belong together."""

    name: Annotated[str | None, text("模块名称", "module", required=True)] = None
    code: Annotated[str | None, text("模块编号", "code", required=True, longest=20)] = None
    role: Annotated[
        Chosen | None, choice("责任主体", "role", ROLES, required=True, uncertain=True, note=PROPOSED)
    ] = None
    sectors: Annotated[
        Several | None, several("适用行业", "for sectors", SECTORS, note="不选表示各行业通用。")
    ] = None
    used: Annotated[bool | None, USED] = None
    items: Annotated[list[Item] | None, group("清单项", "items", required=True)] = None
    remarks: Annotated[str | None, NOTE] = None


class Part(Struct):
    """模板内的模块, in order."""

    order: Annotated[int | None, whole("顺序", "order", required=True, high=1000)] = None
    module: Annotated[
        Link | None, link("清单模块", "module", "responsibility-list-modules", required=True)
    ] = None
    weight: Annotated[int | None, whole("权重", "weight", "%", high=100)] = None


class Template(Struct):
    """清单模板: modules put together for a kind of enterprise or post."""

    name: Annotated[str | None, text("模板名称", "template", required=True)] = None
    code: Annotated[str | None, text("模板编号", "code", required=True, longest=20)] = None
    role: Annotated[
        Chosen | None, choice("责任主体", "role", ROLES, required=True, uncertain=True, note=PROPOSED)
    ] = None
    sectors: Annotated[
        Several | None, several("适用行业", "for sectors", SECTORS, note="不选表示各行业通用。")
    ] = None
    used: Annotated[bool | None, USED] = None
    parts: Annotated[list[Part] | None, group("清单模块", "modules", required=True)] = None
    words: Annotated[str | None, long_text("说明", "explanation", longest=1000)] = None


REGISTERS = (
    Register(
        name="responsibility-list-modules",
        zh="责任清单模块",
        en="Modules of responsibility lists",
        group="daily",
        record=Module,
        title="name",
        columns=("name", "role", "code", "sectors", "used"),
        filters=("name", "code", "role", "sectors", "used"),
        key=("code",),
        owner="agency",
        writers=frozenset({"supervisor"}),
        shared=True,
        source="INS-18",
    ),
    Register(
        name="responsibility-list-templates",
        zh="责任清单模板",
        en="Templates of responsibility lists",
        group="daily",
        record=Template,
        title="name",
        columns=("name", "role", "code", "sectors", "used"),
        filters=("name", "code", "role", "sectors", "used"),
        key=("code",),
        owner="agency",
        writers=frozenset({"supervisor"}),
        shared=True,
        source="INS-18",
    ),
)
