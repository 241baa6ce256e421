"""Places that count in an emergency: shelters, hospitals, bases, targets and more; EMG-11, -12, -14."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import (
    ADDRESS,
    NOTE,
    PHOTOS,
    REGION,
    WHERE,
    desk_phone,
    mobile,
    person,
)
from central.registry.forms.fields import choice, day, number, several, text, whole
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Several, Spot


class Shelter(Struct):
    """避难场所（应急避灾安置点）."""

    name: Annotated[str | None, text("场所名称", "shelter", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("场所类型", "kind", """
            school 学校 school
            village 村（社区）活动场所 village or community house
            stadium 体育场馆 stadium
            park 公园绿地 park
            square 广场 square
            hotel 宾馆 hotel
            civil-defence 人防工程 civil defence
            special 专用避灾安置点 shelter of its own
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    indoor: Annotated[
        Chosen | None,
        choice("室内外", "indoors", "indoor 室内 indoors\noutdoor 室外 outdoors\nboth 室内外兼有 both",
               uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    region: Annotated[Link | None, REGION] = None
    address: Annotated[str | None, text("详细地址", "address", required=True, longest=200)] = None
    where: Annotated[Spot | None, WHERE] = None
    area: Annotated[float | None, number("面积", "area", "m²")] = None
    capacity: Annotated[int | None, whole("可容纳人数", "capacity", "人", required=True)] = None
    facilities: Annotated[
        Several | None,
        several("配套设施", "facilities", """
            water 供水 water
            power 供电 power
            food 食品储备 food
            medical 医疗救护 medical aid
            toilet 厕所 toilets
            bedding 被褥 bedding
            telecom 通信广播 telecom
            ramp 无障碍设施 barrier-free
            other 其他 other
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    state: Annotated[
        Chosen | None,
        choice("状态", "state", "ready 可用 ready\nopen 已启用 open\nclosed 暂停使用 closed",
               required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    contact: Annotated[str | None, person("联系人", "contact", required=True)] = None
    mobile: Annotated[str | None, mobile("联系人手机", "mobile of the contact")] = None
    duty_phone: Annotated[str | None, desk_phone("联系（值班）电话", "duty phone", required=True)] = None
    checked: Annotated[date | None, day("最近核查日期", "last checked")] = None
    next_check: Annotated[date | None, day("下次核查日期", "next check")] = None
    pictures: Annotated[list[File] | None, PHOTOS] = None
    remarks: Annotated[str | None, NOTE] = None


class Hospital(Struct):
    """医疗机构."""

    name: Annotated[str | None, text("机构名称", "hospital", required=True)] = None
    grade: Annotated[
        Chosen | None,
        choice("单位级别", "grade", """
            3a 三级甲等 grade 3 A
            3b 三级乙等 grade 3 B
            2a 二级甲等 grade 2 A
            2b 二级乙等 grade 2 B
            1 一级 grade 1
            township 乡镇卫生院（社区卫生服务中心） township or community
            none 未定级 not graded
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    region: Annotated[Link | None, REGION] = None
    ambulances: Annotated[int | None, whole("急救车辆数", "ambulances", "辆", required=True)] = None
    beds: Annotated[int | None, whole("病床数", "beds", "张", required=True)] = None
    doctors: Annotated[int | None, whole("医生数", "doctors", "人", required=True)] = None
    nurses: Annotated[int | None, whole("护士数", "nurses", "人", required=True)] = None
    contact: Annotated[str | None, person("联系人姓名", "contact", required=True)] = None
    mobile: Annotated[str | None, mobile("联系人手机", "mobile of the contact")] = None
    duty_phone: Annotated[str | None, desk_phone("联系（急诊）电话", "emergency desk", required=True)] = None
    address: Annotated[str | None, ADDRESS] = None
    where: Annotated[Spot | None, WHERE] = None
    strong: Annotated[
        Several | None,
        several("救治专长", "good at", """
            burn 烧伤 burns
            poison 中毒 poisoning
            trauma 创伤 trauma
            hyperbaric 高压氧 hyperbaric oxygen
            infection 传染病 infections
            other 其他 other
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    remarks: Annotated[str | None, NOTE] = None


WALKERS = frozenset({"supervisor", "inspector"})

REGISTERS = (
    Register(
        name="shelters",
        zh="避难场所",
        en="Shelters",
        group="emergency",
        record=Shelter,
        title="name",
        columns=("name", "capacity", "kind", "state", "region", "contact", "duty_phone"),
        filters=("name", "kind", "region", "state", "capacity", "area", "facilities",
                 "next_check"),
        key=("name",),
        owner="agency",
        writers=WALKERS,
        shared=True,
        coded=True,
        public=("name", "kind", "indoor", "address", "where", "area", "capacity", "facilities", "state",
                "duty_phone"),
        reminders=(Reminder("避难场所即将到核查日期", 15, "next_check"),),
        totals=("area", "capacity"),
        tallies=("kind",),
        source="EMG-11, REG-29",
    ),
    Register(
        name="hospitals",
        zh="医疗机构",
        en="Hospitals",
        group="emergency",
        record=Hospital,
        title="name",
        columns=("name", "duty_phone", "grade", "ambulances", "beds", "doctors", "nurses"),
        filters=("name", "grade", "region", "ambulances", "beds", "doctors", "nurses", "strong"),
        key=("name",),
        owner="agency",
        writers=frozenset({"supervisor", "committee"}),
        shared=True,
        totals=("ambulances", "beds", "doctors", "nurses"),
        tallies=("grade",),
        source="EMG-12, EMG-14",
    ),
)  # fmt: skip
