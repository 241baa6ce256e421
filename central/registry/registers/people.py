"""The people of an enterprise: staff, and the "three-five" people of a mine; REG-07, REG-08, REG-09."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import EDUCATION, NOTE, SEX, identity_number, mobile, person
from central.registry.forms.fields import choice, day, link, pictures, text, whole, yes_no
from central.registry.forms.lists_fields import DOCUMENT_SILENT, PROPOSED
from central.registry.forms.register import Register
from central.registry.forms.values import Chosen, File, Link


class StaffMember(Struct):
    """Somebody who works in the enterprise."""

    name: Annotated[str | None, person("姓名", "name", required=True)] = None
    sex: Annotated[Chosen | None, choice("性别", "sex", SEX)] = None
    identity_number: Annotated[str | None, identity_number()] = None
    mobile: Annotated[str | None, mobile()] = None
    department: Annotated[Link | None, link("所在部门", "department", "safety-organisation")] = None
    post: Annotated[str | None, text("岗位", "post", longest=50)] = None
    trade: Annotated[str | None, text("工种", "trade", longest=50)] = None
    kind: Annotated[
        Chosen | None,
        choice(
            "人员类别", "kind of person",
            """
            principal 主要负责人 principal
            safety-manager 专职安全管理人员 full-time safety manager
            part-time 兼职安全管理人员 part-time safety manager
            special-operation 特种作业人员 special operator
            special-equipment 特种设备作业人员 special-equipment operator
            general 一般人员 general staff
            contractor 外包（承包商）人员 contractor's people
            """,
            required=True, uncertain=True, note=PROPOSED,
        ),
    ] = None  # fmt: skip
    certified: Annotated[
        bool | None,
        yes_no("是否持证", "certified", required=True, note="证书本身在“人员证书”中登记。"),
    ] = None
    education: Annotated[
        Chosen | None, choice("学历", "education", EDUCATION, uncertain=True, note=PROPOSED)
    ] = None
    rank: Annotated[str | None, text("职称", "professional title", longest=50)] = None
    employed: Annotated[date | None, day("入职日期", "employed since")] = None
    trained: Annotated[
        date | None,
        day("三级安全教育完成日期", "three-level training done", uncertain=True, note=DOCUMENT_SILENT),
    ] = None
    state: Annotated[
        Chosen | None,
        choice(
            "在岗状态",
            "state",
            "working 在岗 at work\naway 离岗 away\nleft 离职 left",
            uncertain=True,
            note=PROPOSED,
        ),
    ] = None
    picture: Annotated[list[File] | None, pictures("照片", "photograph", longest=1)] = None
    remarks: Annotated[str | None, NOTE] = None


class ThreeFive(Struct):
    """One of the five mine chiefs, five section chiefs or five team leaders (五长五科五队)."""

    group: Annotated[
        Chosen | None,
        choice(
            "人员类别", "group",
            "chief 五长 mine chiefs\nsection 五科 section chiefs\nteam 五队 team leaders",
            required=True,
        ),
    ] = None  # fmt: skip
    post: Annotated[
        Chosen | None,
        choice(
            "职务", "post",
            """
            mine-chief 矿长 mine chief
            chief-engineer 总工程师 chief engineer
            safety-chief 安全副矿长 deputy chief for safety
            production-chief 生产副矿长 deputy chief for production
            electrical-chief 机电副矿长 deputy chief for machines and power
            production-section 生产技术科长 section of production technology
            ventilation-section 通风科长 section of ventilation
            electrical-section 机电科长 section of machines and power
            safety-section 安全科长 section of safety
            geology-section 地测防治水科长 section of survey and water control
            mining-team 采煤队长 mining team
            driving-team 掘进队长 driving team
            ventilation-team 通风队长 ventilation team
            electrical-team 机电队长 team of machines and power
            transport-team 运输队长 transport team
            other 其他 other
            """,
            required=True, uncertain=True, note="来源文件只写“五长五科五队”，职务名称为建议。",
        ),
    ] = None  # fmt: skip
    name: Annotated[str | None, person("姓名", "name", required=True)] = None
    member: Annotated[Link | None, link("人员档案", "staff record", "staff-members")] = None
    sex: Annotated[Chosen | None, choice("性别", "sex", SEX)] = None
    identity_number: Annotated[str | None, identity_number()] = None
    mobile: Annotated[str | None, mobile()] = None
    education: Annotated[
        Chosen | None, choice("学历", "education", EDUCATION, uncertain=True, note=PROPOSED)
    ] = None
    major: Annotated[str | None, text("所学专业", "field of study", longest=50)] = None
    rank: Annotated[str | None, text("职称", "professional title", longest=50)] = None
    years: Annotated[int | None, whole("从事煤矿（矿山）工作年限", "years in mining", "年", high=80)] = None
    appointed: Annotated[date | None, day("任职日期", "appointed")] = None
    certificate: Annotated[Link | None, link("安全资格证书", "certificate", "certificates")] = None
    picture: Annotated[list[File] | None, pictures("照片", "photograph", longest=1)] = None


REGISTERS = (
    Register(
        name="staff-members",
        zh="从业人员",
        en="People of the enterprise",
        group="people",
        record=StaffMember,
        title="name",
        columns=("name", "kind", "post", "trade", "certified", "mobile", "state"),
        filters=("name", "kind", "trade", "post", "department", "certified", "state"),
        key=("identity_number",),
        tallies=("kind", "state"),
        source="REG-07, REG-08",
    ),
    Register(
        name="three-five-people",
        zh="三五人员（五长五科五队）",
        en="Three-five people of a mine",
        group="people",
        record=ThreeFive,
        title="name",
        columns=("name", "post", "group", "education", "years", "appointed", "mobile"),
        filters=("name", "group", "post", "education", "appointed"),
        key=("post", "name"),
        tallies=("group",),
        sectors=("mine",),
        source="REG-09",
    ),
)
