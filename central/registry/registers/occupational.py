"""Occupational hazards of workplaces, tests of their factors, and ammonia refrigeration; REG-02, REG-23."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE, WHERE, desk_phone, mobile, person
from central.registry.forms.fields import (
    When,
    choice,
    day,
    files,
    link,
    long_text,
    number,
    several,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Several, Spot

# 职业病危害因素分类目录 (2015), six classes, from memory.
FACTORS = """
    dust 粉尘 dust
    chemical 化学因素 chemical
    physical 物理因素 physical
    radiation 放射性因素 radiation
    biological 生物因素 biological
    other 其他因素 other
"""


class OccupationalHazard(Struct):
    """场所职业病危害: what endangers health at one workplace."""

    workplace: Annotated[str | None, text("工作场所", "workplace", required=True)] = None
    classes: Annotated[
        Several | None,
        several("危害因素类别", "classes of factors", FACTORS, required=True, uncertain=True, note=PROPOSED),
    ] = None
    factors: Annotated[
        str | None, text("危害因素名称", "factors", required=True, longest=300, note="例如：矽尘、苯、噪声。")
    ] = None
    people: Annotated[int | None, whole("接触人数", "people exposed", "人", required=True)] = None
    hours: Annotated[float | None, number("每班接触时间", "exposure a shift", "h", high=24)] = None
    level: Annotated[
        Chosen | None,
        choice("危害程度", "degree", "general 一般 general\nserious 严重 serious", uncertain=True,
               note=PROPOSED),
    ] = None  # fmt: skip
    measures: Annotated[str | None, long_text("防护设施", "protective facilities", longest=1000)] = None
    gear: Annotated[str | None, text("个人防护用品", "protective gear", longest=300)] = None
    signs: Annotated[bool | None, yes_no("是否设置警示标识和告知卡", "warning signs and notices")] = None
    tested: Annotated[date | None, day("最近检测日期", "last tested")] = None
    next_test: Annotated[date | None, day("下次检测日期", "next test")] = None
    declared: Annotated[date | None, day("职业病危害项目申报日期", "declared")] = None
    examined: Annotated[int | None, whole("本年度职业健康检查人数", "examined this year", "人")] = None
    responsible: Annotated[str | None, person("责任人", "responsible person")] = None
    remarks: Annotated[str | None, NOTE] = None


class FactorTest(Struct):
    """危害因素检测: one test of one factor at one place."""

    place: Annotated[str | None, text("检测地点", "place", required=True)] = None
    hazard: Annotated[Link | None, link("职业病危害场所", "workplace record", "occupational-hazards")] = None
    factor: Annotated[str | None, text("危害因素", "factor", required=True)] = None
    tested: Annotated[date | None, day("检测日期", "tested", required=True)] = None
    tester: Annotated[str | None, text("检测机构", "tested by", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("检测类型", "kind of test", """
            periodic 定期检测 periodic test
            evaluation 现状评价 evaluation of the present state
            daily 日常监测 daily monitoring
            control 控制效果评价 evaluation of control
            """, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    value: Annotated[float | None, number("检测值", "value", required=True, low=-1e6)] = None
    measure: Annotated[
        str | None, text("计量单位", "unit", required=True, longest=20, note="例如：mg/m³、dB(A)、℃。")
    ] = None
    limit_kind: Annotated[
        Chosen | None,
        choice("限值类型", "kind of limit", """
            mac MAC（最高容许浓度） ceiling
            twa PC-TWA（时间加权平均容许浓度） time-weighted average
            stel PC-STEL（短时间接触容许浓度） short-term
            physical 物理因素限值 physical factor
            """, uncertain=True, note="按 GBZ 2.1、GBZ 2.2 建议。"),
    ] = None  # fmt: skip
    limit: Annotated[float | None, number("职业接触限值", "limit", low=-1e6)] = None
    result: Annotated[
        Chosen | None,
        choice(
            "检测结果",
            "result",
            "met 合格 met\nexceeded 超标 exceeded",
            required=True,
            uncertain=True,
            note=PROPOSED,
        ),
    ] = None
    treatment: Annotated[
        str | None,
        long_text(
            "超标整改措施", "treatment", longest=1000, required=True, when=When("result", ("exceeded",))
        ),
    ] = None
    number: Annotated[str | None, text("报告编号", "report number")] = None
    report: Annotated[list[File] | None, files("检测报告", "report", longest=5)] = None


class Ammonia(Struct):
    """涉氨制冷: one refrigeration system with ammonia.

    The documents name the record, not its fields. The two questions about people near ammonia are those of
    the national campaign of 2013, from memory.
    """

    name: Annotated[str | None, text("制冷系统名称", "system", required=True)] = None
    ammonia: Annotated[float | None, number("氨充装量", "ammonia", "t", required=True)] = None
    mode: Annotated[
        Chosen | None,
        choice("制冷方式", "mode", "direct 直接制冷 direct\nindirect 间接（载冷剂）制冷 indirect\n"
               "cascade 复叠制冷 cascade", required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    used_for: Annotated[
        Several | None,
        several("使用场所", "used for", "cold-store 冷库 cold store\nfreezing 速冻 quick freezing\n"
                "ice 制冰 ice making\nworkshop 加工间空调 workshop cooling\nother 其他 other",
                uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    volume: Annotated[float | None, number("冷库容积", "cold store volume", "m³")] = None
    vessels: Annotated[int | None, whole("压力容器数", "pressure vessels", "台")] = None
    compressors: Annotated[int | None, whole("压缩机数", "compressors", "台")] = None
    people: Annotated[int | None, whole("单班作业人数", "people in a shift", "人")] = None
    dense_cooling: Annotated[
        bool | None,
        yes_no("人员密集场所空调是否采用氨直接蒸发制冷", "direct ammonia cooling among people", required=True,
               uncertain=True, note="涉氨制冷专项治理关注的情形。"),
    ] = None  # fmt: skip
    freezer_apart: Annotated[
        bool | None,
        yes_no("快速冻结装置是否设在单独作业间且不超过 9 人", "freezer apart, nine people at most",
               required=True, uncertain=True, note="涉氨制冷专项治理关注的情形。"),
    ] = None  # fmt: skip
    detectors: Annotated[int | None, whole("氨气浓度报警探头数", "ammonia detectors", "个")] = None
    ventilation: Annotated[bool | None, yes_no("是否设事故通风", "emergency ventilation")] = None
    spray: Annotated[bool | None, yes_no("是否设水喷淋和洗眼器", "water spray and eye wash")] = None
    hazard: Annotated[bool | None, yes_no("是否构成重大危险源", "a major hazard", required=True)] = None
    operators: Annotated[int | None, whole("持证制冷操作人员数", "certified operators", "人")] = None
    where: Annotated[Spot | None, WHERE] = None
    responsible: Annotated[str | None, person("责任人", "responsible person", required=True)] = None
    mobile: Annotated[str | None, mobile("责任人手机", "mobile of the responsible person")] = None
    duty_phone: Annotated[str | None, desk_phone()] = None
    files: Annotated[list[File] | None, files("设计、诊断及整改材料", "design and treatment")] = None


REGISTERS = (
    Register(
        name="occupational-hazards",
        zh="场所职业病危害",
        en="Occupational hazards of workplaces",
        group="risk",
        record=OccupationalHazard,
        title="workplace",
        columns=("workplace", "factors", "people", "level", "classes", "signs"),
        filters=("workplace", "classes", "level", "people", "signs", "declared", "next_test"),
        key=("workplace",),
        reminders=(Reminder("即将到下次危害因素检测日期", 30, "next_test"),),
        totals=("people",),
        source="REG-02",
    ),
    Register(
        name="hazard-factor-tests",
        zh="危害因素检测",
        en="Tests of hazard factors",
        group="risk",
        record=FactorTest,
        title="place",
        columns=("place", "result", "factor", "value", "measure", "limit", "tested"),
        filters=("place", "factor", "result", "kind", "tester", "tested", "hazard"),
        writers=frozenset({"enterprise", "supervisor", "intermediary"}),
        tallies=("result",),
        source="REG-02",
    ),
    Register(
        name="ammonia-refrigeration",
        zh="涉氨制冷",
        en="Ammonia refrigeration",
        group="chemical",
        record=Ammonia,
        title="name",
        columns=("name", "ammonia", "mode", "hazard", "detectors", "responsible"),
        filters=("name", "mode", "ammonia", "hazard", "dense_cooling", "freezer_apart"),
        key=("name",),
        reviewed=True,
        reminders=(Reminder("涉氨制冷信息半年没有更新", 183),),
        totals=("ammonia",),
        source="REG-23",
    ),
)
