"""Who comes to help: agencies, teams, experts, police, fire, social forces; EMG-06 to -08, -13, -14."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import (
    ADDRESS,
    NOTE,
    PHOTOS,
    REGION,
    SEX,
    WHERE,
    credit_code,
    desk_phone,
    mobile,
    person,
)
from central.registry.forms.fields import (
    choice,
    day,
    group,
    long_text,
    number,
    several,
    span,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists_fields import DOCUMENT_SILENT, EXPERT_GROUPS, GOOD_AT, PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Several, Span, Spot

SURVEYED = frozenset({"supervisor", "inspector"})  # whoever walks the villages may take things down
EITHER = frozenset({"enterprise", "supervisor", "inspector"})


class RescueAgency(Struct):
    """救援机构: base and introduction."""

    name: Annotated[str | None, text("机构名称", "agency", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("机构类型", "kind", """
            command 应急指挥机构 command
            centre 应急救援中心 rescue centre
            base 救援基地 rescue base
            technical 技术支撑机构 technical body
            medical 医疗救护机构 medical body
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    region: Annotated[Link | None, REGION] = None
    unit: Annotated[str | None, text("主管单位", "belongs to")] = None
    contact: Annotated[str | None, person("联系人", "contact", required=True)] = None
    mobile: Annotated[str | None, mobile("联系人手机", "mobile of the contact")] = None
    duty_phone: Annotated[str | None, desk_phone(required=True)] = None
    address: Annotated[str | None, ADDRESS] = None
    where: Annotated[Spot | None, WHERE] = None
    people: Annotated[int | None, whole("人数", "people", "人")] = None
    introduction: Annotated[str | None, long_text("机构介绍", "introduction", longest=5000)] = None
    pictures: Annotated[list[File] | None, PHOTOS] = None


class TeamEquipment(Struct):
    """主要装备: one kind of equipment of a team."""

    name: Annotated[str | None, text("装备名称", "equipment", required=True)] = None
    model: Annotated[str | None, text("型号规格", "model")] = None
    count: Annotated[int | None, whole("数量", "count", "台（套）", required=True)] = None


class RescueTeam(Struct):
    """应急救援队伍: base, main equipment, specialty."""

    name: Annotated[str | None, text("队伍名称", "team", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("队伍类型", "kind", """
            comprehensive 综合性救援队伍 comprehensive
            professional 专业救援队伍 professional
            social 社会救援队伍 social
            """, required=True),
    ] = None  # fmt: skip
    good_at: Annotated[
        Several | None,
        several("擅长处置事故类型", "good at", GOOD_AT, required=True, uncertain=True, note=PROPOSED),
    ] = None
    unit: Annotated[str | None, text("所属单位", "belongs to", required=True)] = None
    region: Annotated[Link | None, REGION] = None
    people: Annotated[int | None, whole("队伍人数", "people", "人", required=True)] = None
    leader: Annotated[str | None, person("负责人", "leader", required=True)] = None
    leader_mobile: Annotated[str | None, mobile("负责人手机", "mobile of the leader")] = None
    duty_phone: Annotated[str | None, desk_phone(required=True)] = None
    address: Annotated[str | None, ADDRESS] = None
    where: Annotated[Spot | None, WHERE] = None
    founded: Annotated[date | None, day("成立日期", "founded")] = None
    ready: Annotated[
        Chosen | None,
        choice("备勤状态", "readiness", "duty 24小时备勤 round the clock\nday 日间备勤 by day\n"
               "call 召集出动 on call", uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    equipment: Annotated[list[TeamEquipment] | None, group("主要装备", "main equipment")] = None
    equipment_words: Annotated[str | None, long_text("主要装备描述", "on its equipment")] = None
    specialty: Annotated[str | None, long_text("专业描述", "specialty")] = None
    checked: Annotated[date | None, day("最近核查日期", "last checked")] = None
    next_check: Annotated[date | None, day("下次核查日期", "next check")] = None
    pictures: Annotated[list[File] | None, PHOTOS] = None


class Expert(Struct):
    """应急专家: base, specialty, career, experience of accidents."""

    name: Annotated[str | None, person("姓名", "name", required=True)] = None
    sex: Annotated[Chosen | None, choice("性别", "sex", SEX)] = None
    born: Annotated[
        str | None,
        text("出生年月", "birth month", longest=7, pattern="(19|20)[0-9]{2}-(0[1-9]|1[0-2])",
             pattern_words="应为年月，例如 1975-06。", example="1975-06"),
    ] = None  # fmt: skip
    employer: Annotated[str | None, text("工作单位", "employer", required=True)] = None
    rank: Annotated[str | None, text("职务职称", "post and title", longest=100)] = None
    category: Annotated[Chosen | None, choice("专家类别", "group", EXPERT_GROUPS, required=True)] = None
    also: Annotated[Several | None, several("兼任类别", "also in groups", EXPERT_GROUPS)] = None
    mobile: Annotated[str | None, mobile("手机", "mobile", required=True)] = None
    desk_phone: Annotated[str | None, desk_phone("办公电话", "desk phone")] = None
    region: Annotated[Link | None, REGION] = None
    term: Annotated[Span | None, span("聘期", "term")] = None
    specialty: Annotated[str | None, long_text("专业特长", "specialty")] = None
    career: Annotated[str | None, long_text("工作简历", "career", longest=5000)] = None
    experience: Annotated[str | None, long_text("事故处置经历", "experience of accidents", longest=5000)] = (
        None
    )
    picture: Annotated[list[File] | None, PHOTOS] = None


class Force(Struct):
    """公安力量: name, contact, telephone, responders, vehicles."""

    name: Annotated[str | None, text("名称", "name", required=True)] = None
    region: Annotated[Link | None, REGION] = None
    contact: Annotated[str | None, person("联系人", "contact", required=True)] = None
    mobile: Annotated[str | None, mobile("联系人手机", "mobile of the contact")] = None
    duty_phone: Annotated[str | None, desk_phone("联系（值班）电话", "duty phone", required=True)] = None
    responders: Annotated[int | None, whole("应急人员数", "responders", "人", required=True)] = None
    vehicles: Annotated[int | None, whole("救援车辆数", "vehicles", "辆", required=True)] = None
    address: Annotated[str | None, ADDRESS] = None
    where: Annotated[Spot | None, WHERE] = None
    remarks: Annotated[str | None, NOTE] = None


class FireForce(Struct):
    """消防力量: the same, with the kind of station and its water."""

    name: Annotated[str | None, text("名称", "name", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("队站类型", "kind of station", """
            state 国家综合性消防救援队（站） state fire and rescue
            government 政府专职消防队 full-time, of the government
            enterprise 企业专职消防队 full-time, of an enterprise
            micro 微型消防站 micro station
            volunteer 志愿消防队 volunteers
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    region: Annotated[Link | None, REGION] = None
    contact: Annotated[str | None, person("联系人", "contact", required=True)] = None
    mobile: Annotated[str | None, mobile("联系人手机", "mobile of the contact")] = None
    duty_phone: Annotated[str | None, desk_phone("联系（值班）电话", "duty phone", required=True)] = None
    responders: Annotated[int | None, whole("应急人员数", "responders", "人", required=True)] = None
    vehicles: Annotated[int | None, whole("救援车辆数", "vehicles", "辆", required=True)] = None
    water: Annotated[
        float | None, number("载水量", "water carried", "t", uncertain=True, note=DOCUMENT_SILENT)
    ] = None
    foam: Annotated[
        float | None, number("泡沫量", "foam carried", "t", uncertain=True, note=DOCUMENT_SILENT)
    ] = None
    address: Annotated[str | None, ADDRESS] = None
    where: Annotated[Spot | None, WHERE] = None
    remarks: Annotated[str | None, NOTE] = None


class SocialForce(Struct):
    """社会应急救援力量: one organisation of volunteers."""

    name: Annotated[str | None, text("组织名称", "organisation", required=True)] = None
    credit_code: Annotated[str | None, credit_code()] = None
    registered: Annotated[bool | None, yes_no("是否在民政部门登记", "registered", required=True)] = None
    region: Annotated[Link | None, REGION] = None
    leader: Annotated[str | None, person("负责人", "leader", required=True)] = None
    leader_mobile: Annotated[str | None, mobile("负责人手机", "mobile of the leader")] = None
    duty_phone: Annotated[str | None, desk_phone()] = None
    people: Annotated[int | None, whole("人数", "people", "人", required=True)] = None
    vehicles: Annotated[int | None, whole("救援车辆数", "vehicles", "辆")] = None
    good_at: Annotated[
        Several | None, several("擅长处置事故类型", "good at", GOOD_AT, uncertain=True, note=PROPOSED)
    ] = None
    equipment: Annotated[str | None, long_text("主要装备", "main equipment")] = None
    address: Annotated[str | None, ADDRESS] = None
    where: Annotated[Spot | None, WHERE] = None


FORCE_COLUMNS = ("name", "duty_phone", "contact", "responders", "vehicles", "region")
FORCE_FILTERS = ("name", "region", "contact", "responders", "vehicles")

REGISTERS = (
    Register(
        name="rescue-agencies",
        zh="救援机构",
        en="Rescue agencies",
        group="emergency",
        record=RescueAgency,
        title="name",
        columns=("name", "duty_phone", "kind", "contact", "people", "region"),
        filters=("name", "kind", "region", "contact", "people"),
        key=("name",),
        owner="agency",
        writers=frozenset({"supervisor"}),
        shared=True,
        totals=("people",),
        source="EMG-06",
    ),
    Register(
        name="rescue-teams",
        zh="应急救援队伍",
        en="Rescue teams",
        group="emergency",
        record=RescueTeam,
        title="name",
        columns=("name", "duty_phone", "kind", "good_at", "people", "unit", "region"),
        filters=("name", "kind", "good_at", "region", "unit", "people", "ready", "next_check"),
        key=("name",),
        owner="either",
        writers=EITHER,
        shared=True,
        coded=True,
        public=("name", "kind", "good_at", "unit", "duty_phone", "address"),
        reminders=(Reminder("救援队伍即将到核查日期", 15, "next_check"),),
        totals=("people",),
        tallies=("kind",),
        source="EMG-07, REG-24, REG-29",
    ),
    Register(
        name="experts",
        zh="应急专家",
        en="Experts",
        group="emergency",
        record=Expert,
        title="name",
        columns=("name", "category", "mobile", "employer", "rank", "region"),
        filters=("name", "category", "also", "sex", "employer", "region", "term"),
        owner="either",
        shared=True,
        reminders=(Reminder("专家聘期即将届满", 60, "term"),),
        tallies=("category",),
        source="EMG-08, REG-24",
    ),
    Register(
        name="police-forces",
        zh="公安力量",
        en="Police forces",
        group="emergency",
        record=Force,
        title="name",
        columns=FORCE_COLUMNS,
        filters=FORCE_FILTERS,
        key=("name",),
        owner="agency",
        writers=frozenset({"supervisor", "committee"}),
        shared=True,
        totals=("responders", "vehicles"),
        source="EMG-13",
    ),
    Register(
        name="fire-forces",
        zh="消防力量",
        en="Fire forces",
        group="emergency",
        record=FireForce,
        title="name",
        columns=(*FORCE_COLUMNS, "kind"),
        filters=(*FORCE_FILTERS, "kind"),
        key=("name",),
        owner="agency",
        writers=frozenset({"supervisor", "committee"}),
        shared=True,
        totals=("responders", "vehicles", "water", "foam"),
        source="EMG-13",
    ),
    Register(
        name="social-rescue-forces",
        zh="社会应急救援力量",
        en="Social rescue forces",
        group="emergency",
        record=SocialForce,
        title="name",
        columns=("name", "duty_phone", "leader", "people", "good_at", "region"),
        filters=("name", "region", "good_at", "registered", "people", "vehicles"),
        key=("name",),
        owner="agency",
        writers=SURVEYED,
        shared=True,
        totals=("people", "vehicles"),
        source="EMG-14",
    ),
)
