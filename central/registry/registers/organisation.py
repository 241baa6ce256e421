"""How an enterprise organises its safety, and whom one calls there; REG-16, REG-23, REG-24, REG-27."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE, desk_phone, mobile, person
from central.registry.forms.fields import (
    choice,
    day,
    files,
    group,
    link,
    long_text,
    pictures,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link


class DepartmentMember(Struct):
    """普通员工: one ordinary member of a department."""

    name: Annotated[str | None, person("姓名", "name", required=True)] = None
    post: Annotated[str | None, text("岗位", "post", longest=50)] = None
    full_time: Annotated[bool | None, yes_no("专职安全管理人员", "full-time safety staff")] = None
    mobile: Annotated[str | None, mobile()] = None


class Department(Struct):
    """One department of the safety organisation, with its head and its staff."""

    name: Annotated[str | None, text("部门名称", "department", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice(
            "部门性质", "kind",
            """
            committee 安全生产委员会 safety committee
            safety 安全生产管理机构 safety department
            department 职能部门 other department
            workshop 车间 workshop
            team 班组 team
            """,
            required=True, uncertain=True, note=PROPOSED,
        ),
    ] = None  # fmt: skip
    parent: Annotated[Link | None, link("上级部门", "belongs to", "safety-organisation")] = None
    head: Annotated[str | None, person("部门负责人", "head", required=True)] = None
    head_mobile: Annotated[str | None, mobile("负责人手机", "mobile of the head")] = None
    duty_phone: Annotated[str | None, desk_phone()] = None
    staff: Annotated[list[DepartmentMember] | None, group("部门普通员工", "staff")] = None
    full_time: Annotated[int | None, whole("专职安全管理人员数", "full-time safety staff", "人")] = None
    part_time: Annotated[int | None, whole("兼职安全管理人员数", "part-time safety staff", "人")] = None
    duties: Annotated[str | None, long_text("安全职责", "duties")] = None
    founded: Annotated[date | None, day("成立日期", "founded")] = None
    chart: Annotated[list[File] | None, pictures("组织架构图", "organisation chart", longest=2)] = None
    order: Annotated[list[File] | None, files("成立文件", "founding order", longest=5)] = None


class Contact(Struct):
    """One line of the enterprise's contact list (企业通讯录)."""

    name: Annotated[str | None, person("姓名", "name", required=True)] = None
    department: Annotated[str | None, text("部门", "department", longest=50)] = None
    post: Annotated[str | None, text("职务", "post", longest=50)] = None
    mobile: Annotated[str | None, mobile(required=True)] = None
    duty_phone: Annotated[str | None, desk_phone("办公（值班）电话", "desk phone")] = None
    role: Annotated[
        Chosen | None,
        choice(
            "联系事项", "called for",
            """
            principal 主要负责人 principal
            safety 安全管理 safety
            duty 值班 duty
            emergency 应急联络 emergency
            technical 工艺技术 process technology
            equipment 设备仪表 equipment and instruments
            other 其他 other
            """,
            uncertain=True, note=PROPOSED,
        ),
    ] = None  # fmt: skip
    round_the_clock: Annotated[bool | None, yes_no("是否 24 小时可联系", "reachable round the clock")] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="safety-organisation",
        zh="安全生产机构",
        en="Safety organisation",
        group="people",
        record=Department,
        title="name",
        columns=("name", "head", "kind", "full_time", "part_time", "duty_phone"),
        filters=("name", "kind", "head", "parent", "full_time", "part_time"),
        key=("name",),
        totals=("full_time", "part_time"),
        source="REG-23, REG-27",
    ),
    Register(
        name="contact-list",
        zh="企业通讯录",
        en="Contact list",
        group="people",
        record=Contact,
        title="name",
        columns=("name", "mobile", "role", "department", "post", "duty_phone"),
        filters=("name", "role", "department", "post", "round_the_clock"),
        reminders=(Reminder("企业通讯录半年没有核对", 183),),
        source="REG-16, REG-24",
    ),
)
