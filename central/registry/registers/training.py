"""Training: plans, schemes and records, of governments and enterprises; TRN-01 to TRN-06."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import FILES, NOTE, PHOTOS, person, year
from central.registry.forms.fields import (
    When,
    choice,
    day,
    files,
    group,
    link,
    long_text,
    number,
    span,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists_fields import DOCUMENT_SILENT, PROPOSED
from central.registry.forms.register import Register
from central.registry.forms.values import Chosen, File, Link, Span

KINDS = """
    three-level 三级安全教育（新员工） three-level training of newcomers
    principal 主要负责人培训 principals
    manager 安全管理人员培训 safety managers
    special 特种作业人员培训 special operators
    again 日常再培训 refresher
    transfer 转岗复岗培训 change of post or return
    new 四新培训（新工艺新技术新材料新设备） new processes and equipment
    emergency 应急培训 emergency
    health 职业健康培训 occupational health
    law 法律法规宣贯 laws
    other 其他 other
"""


class TrainingPlan(Struct):
    """培训计划: one plan of a government or an enterprise."""

    code: Annotated[str | None, text("计划编码", "plan code", required=True, longest=40)] = None
    name: Annotated[str | None, text("计划名称", "plan", required=True)] = None
    year: Annotated[int | None, year()] = None
    made: Annotated[date | None, day("制定日期", "made on", required=True)] = None
    made_by: Annotated[str | None, person("制定人", "made by", required=True)] = None
    periodic: Annotated[bool | None, yes_no("是否周期计划", "periodic", required=True)] = None
    cycle: Annotated[
        Chosen | None,
        choice("周期", "cycle", "monthly 每月 monthly\nquarterly 每季度 quarterly\n"
               "half-year 每半年 half-yearly\nyearly 每年 yearly",
               required=True, when=When("periodic", ("yes",)), uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    days: Annotated[Span | None, span("计划时间", "from – to", uncertain=True, note=DOCUMENT_SILENT)] = None
    people: Annotated[str | None, text("培训对象", "for whom", longest=200)] = None
    planned: Annotated[int | None, whole("计划人数", "people planned", "人")] = None
    content: Annotated[str | None, long_text("计划内容", "content")] = None
    files: Annotated[list[File] | None, files("计划文件", "files")] = None


class TrainingScheme(Struct):
    """培训方案: one scheme with level, kind and lecturer."""

    name: Annotated[str | None, text("方案名称", "scheme", required=True)] = None
    level: Annotated[
        Chosen | None,
        choice("培训级别", "level", """
            government 政府组织 by a government
            company 公司（厂）级 company
            workshop 车间（部门）级 workshop
            team 班组级 team
            outside 外部机构 outside body
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    kind: Annotated[
        Chosen | None, choice("培训种类", "kind", KINDS, required=True, uncertain=True, note=PROPOSED)
    ] = None
    lecturer: Annotated[str | None, person("培训讲师", "lecturer", required=True)] = None
    plan: Annotated[Link | None, link("培训计划", "plan", "training-plans")] = None
    hours: Annotated[float | None, number("学时", "hours", "学时", high=1000)] = None
    people: Annotated[str | None, text("培训对象", "for whom", longest=200)] = None
    content: Annotated[str | None, long_text("培训内容", "content")] = None
    exam: Annotated[
        Chosen | None,
        choice("考核方式", "examination", "written 笔试 written\nonline 在线考试 online\n"
               "practice 实操 practical\nnone 不考核 none", uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    files: Annotated[list[File] | None, files("方案及课件", "scheme and slides")] = None


class Participant(Struct):
    """参训人员: one who was trained."""

    name: Annotated[str | None, person("姓名", "name", required=True)] = None
    member: Annotated[Link | None, link("人员档案", "staff record", "staff-members")] = None
    unit: Annotated[str | None, text("单位（部门）", "unit", longest=100)] = None
    score: Annotated[float | None, number("成绩", "score", "分", high=1000, decimals=1)] = None
    passed: Annotated[bool | None, yes_no("是否合格", "passed")] = None


class TrainingRecord(Struct):
    """培训记录: one training that was held."""

    name: Annotated[str | None, text("培训名称", "training", required=True)] = None
    scheme: Annotated[Link | None, link("培训方案", "scheme", "training-schemes")] = None
    days: Annotated[Span | None, span("培训时间", "from – to", required=True)] = None
    kind: Annotated[Chosen | None, choice("培训种类", "kind", KINDS, uncertain=True, note=PROPOSED)] = None
    place: Annotated[str | None, text("培训地点", "place")] = None
    lecturer: Annotated[str | None, person("培训讲师", "lecturer")] = None
    hours: Annotated[float | None, number("学时", "hours", "学时", high=1000)] = None
    attended: Annotated[int | None, whole("参加人数", "attended", "人", required=True)] = None
    passed: Annotated[int | None, whole("考核合格人数", "passed", "人")] = None
    participants: Annotated[list[Participant] | None, group("参训人员", "participants", longest=2000)] = None
    summary: Annotated[str | None, long_text("培训小结", "summary")] = None
    pictures: Annotated[list[File] | None, PHOTOS] = None
    files: Annotated[list[File] | None, files("签到表及试卷", "attendance and papers")] = None


class EmergencyTraining(Struct):
    """应急培训: one emergency training that an agency held."""

    name: Annotated[str | None, text("培训名称", "training", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("培训类型", "type", """
            command 应急指挥与管理 command and management
            team 救援队伍技能 skills of rescue teams
            plan 预案宣贯 plans
            first-aid 自救互救与急救 self-rescue and first aid
            public 公众科普 the public
            drill 桌面推演 table-top exercise
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    days: Annotated[Span | None, span("培训时间", "from – to", required=True)] = None
    place: Annotated[str | None, text("培训地点", "place")] = None
    organiser: Annotated[str | None, text("组织单位", "organiser", required=True)] = None
    lecturer: Annotated[str | None, person("培训讲师", "lecturer")] = None
    units: Annotated[str | None, text("参加单位", "units", longest=300)] = None
    attended: Annotated[int | None, whole("参加人数", "attended", "人", required=True)] = None
    content: Annotated[str | None, long_text("培训内容", "content")] = None
    pictures: Annotated[list[File] | None, PHOTOS] = None
    files: Annotated[list[File] | None, FILES] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="training-plans",
        zh="培训计划",
        en="Training plans",
        group="training",
        record=TrainingPlan,
        title="name",
        columns=("name", "code", "made", "made_by", "periodic", "days"),
        filters=("name", "code", "year", "made", "made_by", "periodic", "days"),
        key=("code",),
        owner="either",
        shared=True,
        totals=("planned",),
        source="TRN-01, TRN-02, REG-23",
    ),
    Register(
        name="training-schemes",
        zh="培训方案",
        en="Training schemes",
        group="training",
        record=TrainingScheme,
        title="name",
        columns=("name", "kind", "level", "lecturer", "hours", "plan"),
        filters=("name", "level", "kind", "lecturer", "plan", "hours"),
        owner="either",
        shared=True,
        source="TRN-03",
    ),
    Register(
        name="training-records",
        zh="培训记录",
        en="Training records",
        group="training",
        record=TrainingRecord,
        title="name",
        columns=("name", "days", "kind", "attended", "passed", "scheme"),
        filters=("name", "days", "scheme", "kind", "lecturer", "attended"),
        owner="either",
        totals=("attended", "passed"),
        tallies=("kind",),
        source="TRN-04, REG-23",
    ),
    Register(
        name="emergency-training",
        zh="应急培训",
        en="Emergency training",
        group="training",
        record=EmergencyTraining,
        title="name",
        columns=("name", "days", "kind", "organiser", "attended"),
        filters=("name", "kind", "days", "organiser", "attended"),
        owner="agency",
        writers=frozenset({"supervisor"}),
        shared=True,
        totals=("attended",),
        tallies=("kind",),
        source="TRN-06, EMG-21",
    ),
)
