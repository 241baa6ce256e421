"""Form FA-6 of the Henan scheme: 金属非金属地下矿山生产安全基本信息登记表, block by block."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from central.registry.forms.fields import (
    When,
    block,
    choice,
    day,
    group,
    link,
    long_text,
    number,
    several,
    span,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists import GRADES_AB, GRADES_ABC
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, Link, Several, Span

BRAKE = "wet 单（多）盘湿式制动 wet multi-disc\nshoe 蹄式制动 shoe\nother 其他 other"


def _mark(zh: str, en: str) -> Meta:
    return yes_no(f"{zh}安标", f"safety mark of the {en}", note="是否取得矿用产品安全标志。")


class People(Struct):
    """从业人数: whoever works there, four numbers."""

    total: Annotated[int | None, whole("总人数", "total", "人", required=True)] = None
    managers: Annotated[int | None, whole("安全管理人员", "safety managers", "人")] = None
    special: Annotated[int | None, whole("特种作业人员", "special operators", "人")] = None
    general: Annotated[int | None, whole("一般人员", "general staff", "人")] = None


class Contractor(Struct):
    """外包工程: one outsourced team."""

    name: Annotated[str | None, text("队伍名称", "team name", required=True)] = None
    people: Annotated[People | None, block("队伍人数", "people of the team")] = None


class Permits(Struct):
    """Evaluation, design, supervision, acceptance."""

    pre_evaluator: Annotated[str | None, text("安全预评价单位", "safety pre-evaluation unit")] = None
    pre_evaluator_grade: Annotated[Chosen | None, choice("预评价单位资质", "its grade", GRADES_AB)] = None
    designer: Annotated[str | None, text("安全设施设计单位", "safety-facility designer")] = None
    designer_grade: Annotated[Chosen | None, choice("设计单位资质", "its grade", GRADES_ABC)] = None
    design_approver: Annotated[str | None, text("设计审查批复单位", "design approval unit")] = None
    design_approved: Annotated[date | None, day("设计审查批复时间", "approval date")] = None
    supervisor: Annotated[str | None, text("工程监理单位", "construction supervision unit")] = None
    supervisor_grade: Annotated[
        Chosen | None,
        choice("监理单位资质", "its grade", f"comprehensive 综合资质 comprehensive\n{GRADES_ABC}"),
    ] = None
    acceptance_evaluator: Annotated[str | None, text("安全验收评价单位", "acceptance evaluation unit")] = None
    acceptance_evaluator_grade: Annotated[
        Chosen | None, choice("验收评价单位资质", "its grade", GRADES_AB)
    ] = None
    accepted: Annotated[date | None, day("安全设施竣工验收时间", "completion acceptance")] = None


class Reserves(Struct):
    """矿产资源储量."""

    ore: Annotated[float | None, number("矿石量", "ore")] = None
    ore_unit: Annotated[
        Chosen | None, choice("矿石量单位", "unit", "wan-t 万t 10,000t\nqian-m3 千m³ 1,000m³")
    ] = None
    metal: Annotated[float | None, number("金属量（矿物量、化合物量）", "metal")] = None
    metal_unit: Annotated[Chosen | None, choice("金属量单位", "unit", "t t t\nkg kg kg")] = None


class Capacity(Struct):
    """设计生产规模."""

    ore: Annotated[float | None, number("矿石量", "ore")] = None
    ore_unit: Annotated[
        Chosen | None, choice("矿石量单位", "unit", "wan-t 万t/a 10,000t/a\nqian-m3 千m³/a 1,000m³/a")
    ] = None
    metal: Annotated[float | None, number("金属量", "metal")] = None
    metal_unit: Annotated[Chosen | None, choice("金属量单位", "unit", "t t/a t/a\nkg kg/a kg/a")] = None


class Mining(Struct):
    """采矿方法 and 开拓方式."""

    methods: Annotated[
        Several | None,
        several("采矿方法", "mining method", """
            open 空场采矿法 open stope
            fill 充填采矿法 fill
            caving 崩落采矿法 caving
            """),
    ] = None  # fmt: skip
    open_stope: Annotated[
        Several | None,
        several("空场采矿法", "open stope", """
            full-face 全面 full-face
            room-pillar 房柱 room and pillar
            shrinkage 留矿 shrinkage
            other 其他 other
            """, when=When("methods", ("open",))),
    ] = None  # fmt: skip
    filling: Annotated[
        Several | None,
        several("充填采矿法", "fill", """
            drift 进路 drift
            cut 分层 cut
            wall 壁式 wall
            thin-vein 削壁 thin vein
            sublevel 分段 sublevel
            post-stope 空场嗣后 post-stope
            other 其他 other
            """, when=When("methods", ("fill",))),
    ] = None  # fmt: skip
    caving: Annotated[
        Several | None,
        several("崩落采矿法", "caving", """
            no-sill-pillar 无底柱分段 no-sill-pillar sublevel
            sill-pillar 有底柱分段 sill-pillar sublevel
            natural 自然 natural
            other 其他 other
            """, when=When("methods", ("caving",))),
    ] = None  # fmt: skip
    development: Annotated[
        Chosen | None,
        choice("开拓方式", "development", """
            adit 平硐 adit
            shaft 竖井 shaft
            incline 斜井 incline
            ramp 斜坡道 ramp
            combined 联合开拓 combined
            """),
    ] = None  # fmt: skip
    combined: Annotated[
        Several | None,
        several("联合开拓", "combined", """
            adit 平硐 adit
            shaft 竖井 shaft
            blind-shaft 盲竖井 blind shaft
            incline 斜井 incline
            blind-incline 盲斜井 blind incline
            ramp 斜坡道 ramp
            """, when=When("development", ("combined",))),
    ] = None  # fmt: skip
    exits: Annotated[int | None, whole("直达地面的安全出口数量", "exits direct to surface", "个")] = None
    most_below: Annotated[
        int | None, whole("井下单班最多作业人数", "most people underground in a shift", "人")
    ] = None


class Shaft(Struct):
    """竖井（含盲竖井）: one kind of shaft."""

    kinds: Annotated[
        Several | None,
        several("类型", "kind", """
            main 主井 main
            auxiliary 副井 auxiliary
            air 风井 air
            blind-man 盲竖井-提人 blind, for people
            blind-material 盲竖井-提物 blind, for material
            other-shaft 其他竖井 other
            """, required=True),
    ] = None  # fmt: skip
    count: Annotated[int | None, whole("数量", "number", "个")] = None
    name: Annotated[str | None, text("名称", "name")] = None
    collar: Annotated[float | None, number("井口标高", "collar level", "m", low=-12000)] = None
    bottom: Annotated[float | None, number("井底标高", "bottom level", "m", low=-12000)] = None
    section: Annotated[float | None, number("断面尺寸", "section", "m")] = None
    hoist: Annotated[str | None, text("提升（主井、副井、盲井）对应的提升机型号", "model of its hoist")] = (
        None
    )


class Incline(Struct):
    """斜井."""

    count: Annotated[int | None, whole("数量", "number", "个")] = None
    name: Annotated[str | None, text("名称", "name")] = None
    length: Annotated[float | None, number("长度", "length", "m")] = None
    slope: Annotated[float | None, number("坡度", "slope", "°", high=90)] = None
    hoist: Annotated[str | None, text("提升对应的提升设备型号", "model of its hoist")] = None


class Ways(Struct):
    """斜坡道, 平硐, 平巷."""

    ramp_length: Annotated[float | None, number("斜坡道长度", "ramp length", "m")] = None
    ramp_slope: Annotated[float | None, number("斜坡道坡度", "ramp slope", "°", high=90)] = None
    adit_length: Annotated[float | None, number("平硐长度", "adit length", "m")] = None
    drift_length: Annotated[float | None, number("平巷长度", "drift length", "m")] = None


class ShaftLifting(Struct):
    """竖井提升: hoist, cage, skip, rope."""

    hoist: Annotated[
        Chosen | None,
        choice("提升机类型", "hoist", """
            single-drum 缠绕式-单绳-单卷筒 winding, single rope, single drum
            split-drum 缠绕式-单绳-可分离式单卷筒 winding, single rope, split drum
            multi-drum 缠绕式-单绳-多卷筒 winding, single rope, multi drum
            blair 缠绕式-布雷尔式 winding, Blair type
            friction-single 摩擦式-单绳 friction, single rope
            friction-tower 摩擦式-多绳-塔式 friction, multi rope, tower
            friction-ground 摩擦式-多绳-落地式 friction, multi rope, ground
            """),
    ] = None  # fmt: skip
    hoist_model: Annotated[str | None, text("提升机型号", "hoist model")] = None
    hoist_mark: Annotated[bool | None, _mark("提升机", "hoist")] = None
    cage: Annotated[
        Chosen | None,
        choice("罐笼类型", "cage", "single 单层 single deck\ndouble 双层 double deck\nmulti 多层 multi deck"),
    ] = None
    cage_people: Annotated[bool | None, yes_no("罐笼是否乘人", "cage carries people")] = None
    cage_most: Annotated[
        int | None, whole("最大乘人数量", "most people", "人", when=When("cage_people", ("yes",)))
    ] = None
    cage_mark: Annotated[bool | None, _mark("罐笼", "cage")] = None
    skip: Annotated[
        Chosen | None,
        choice("箕斗类型", "skip", """
            bottom 底卸式 bottom
            tipping 翻转式 tipping
            side 侧卸式 side
            other-kind 其他 other
            """),
    ] = None  # fmt: skip
    skip_volume: Annotated[float | None, number("斗箱容积", "bucket volume", "m³")] = None
    skip_mark: Annotated[bool | None, _mark("箕斗", "skip")] = None
    rope: Annotated[
        Chosen | None,
        choice("钢丝绳类型", "rope", """
            special 异形股 special strand
            line 线接触 line contact
            non-rotating 阻旋转 non-rotating
            other-kind 其他 other
            """),
    ] = None  # fmt: skip
    rope_factor: Annotated[float | None, number("钢丝绳安全系数", "safety factor", high=100)] = None
    rope_mark: Annotated[bool | None, _mark("钢丝绳", "rope")] = None


class InclineLifting(Struct):
    """斜井提升: equipment, skip, cars, rope."""

    hoist_model: Annotated[str | None, text("提升设备型号", "hoist model")] = None
    hoist_mark: Annotated[bool | None, _mark("提升设备", "hoist")] = None
    skip: Annotated[
        Chosen | None,
        choice("箕斗类型", "skip", """
            rear 后卸式 rear
            tipping 翻转式 tipping
            bottom 底卸式 bottom
            other-kind 其他 other
            """),
    ] = None  # fmt: skip
    skip_model: Annotated[str | None, text("箕斗型号", "skip model")] = None
    skip_mark: Annotated[bool | None, _mark("箕斗", "skip")] = None
    car: Annotated[
        Chosen | None,
        choice("矿车类型", "mine car", """
            front 前翻式 front tip
            rear 后卸式 rear
            bottom 底卸式 bottom
            other-kind 其他 other
            """),
    ] = None  # fmt: skip
    cars: Annotated[int | None, whole("矿车车数", "cars", "辆")] = None
    car_mark: Annotated[bool | None, _mark("矿车", "mine cars")] = None
    platform: Annotated[
        Chosen | None,
        choice("台车类型", "platform car", """
            one-one 单层单车式 one deck, one car
            one-two 单层双车式 one deck, two cars
            two-one 双层单车式 two decks, one car
            """),
    ] = None  # fmt: skip
    platform_mark: Annotated[bool | None, _mark("台车", "platform car")] = None
    man_car_model: Annotated[str | None, text("人车型号", "man car model")] = None
    man_car_sections: Annotated[int | None, whole("人车节数", "sections", "节")] = None
    man_car_people: Annotated[int | None, whole("额定乘车人数", "rated people", "人")] = None
    man_car_mark: Annotated[bool | None, _mark("人车", "man car")] = None
    rope: Annotated[
        Chosen | None,
        choice("钢丝绳类型", "rope", """
            round 圆股 round strand
            line 线接触 line contact
            triangular 三角股 triangular strand
            other-kind 其他 other
            """),
    ] = None  # fmt: skip
    rope_factor: Annotated[float | None, number("钢丝绳安全系数", "safety factor", high=100)] = None
    rope_mark: Annotated[bool | None, _mark("钢丝绳", "rope")] = None


class Locomotive(Struct):
    """电机车, one class of power."""

    power: Annotated[float | None, number("功率", "power", "kW")] = None
    count: Annotated[int | None, whole("数量", "number", "台")] = None
    track: Annotated[
        Chosen | None,
        choice("轨道", "track", """
            standard 标准轨1435mm standard, 1435 mm
            narrow-600 窄轨600mm narrow, 600 mm
            narrow-762 窄轨762mm narrow, 762 mm
            narrow-900 窄轨900mm narrow, 900 mm
            """),
    ] = None  # fmt: skip
    track_length: Annotated[float | None, number("轨道长度", "track length", "m")] = None
    current: Annotated[
        Chosen | None,
        choice("电源性质", "power kind", "dc 直流 DC\nac 交流 AC\nvariable 变频 variable frequency"),
    ] = None
    supply: Annotated[
        Chosen | None, choice("供电方式", "supply", "trolley 架线式 trolley\nbattery 蓄电池 battery")
    ] = None
    hybrid: Annotated[
        Chosen | None,
        choice("复式能源", "hybrid", "battery 架线-蓄电池 trolley-battery\ncable 架线-电缆 trolley-cable",
               note="原表印在制动方式一行。"),
    ] = None  # fmt: skip


class OreTruck(Struct):
    """运矿车, one class of load."""

    load: Annotated[float | None, number("载重", "load", "t")] = None
    count: Annotated[int | None, whole("数量", "number", "辆")] = None
    brake: Annotated[Chosen | None, choice("制动系统", "brake", BRAKE)] = None
    purifier: Annotated[bool | None, yes_no("催化净化装置", "catalytic purifier")] = None
    mark: Annotated[bool | None, _mark("", "machine")] = None


class ManCarrier(Struct):
    """无轨胶轮运人车, one class."""

    people: Annotated[int | None, whole("额定乘载人数", "rated people", "人")] = None
    count: Annotated[int | None, whole("数量", "number", "辆")] = None
    brake: Annotated[Chosen | None, choice("制动系统", "brake", BRAKE)] = None
    purifier: Annotated[bool | None, yes_no("催化净化装置", "catalytic purifier")] = None
    mark: Annotated[bool | None, _mark("", "machine")] = None


class Belt(Struct):
    """带式输送机, one width."""

    width: Annotated[float | None, number("带宽", "belt width", "mm")] = None
    length: Annotated[float | None, number("长度", "length", "m")] = None
    retardant: Annotated[bool | None, yes_no("是否阻燃", "flame-retardant")] = None
    mark: Annotated[bool | None, _mark("", "machine")] = None


class Loader(Struct):
    """铲运机, one bucket volume."""

    volume: Annotated[float | None, number("铲斗容积", "bucket volume", "m³")] = None
    count: Annotated[int | None, whole("数量", "number", "台")] = None
    drive: Annotated[
        Chosen | None, choice("驱动方式", "drive", "diesel 柴油 diesel\nelectric 电动 electric")
    ] = None


class Transport(Struct):
    """运输系统; the number of classes (类数) is the number of rows."""

    locomotives: Annotated[list[Locomotive] | None, group("电机车（按功率）", "electric locomotives")] = None
    car_use: Annotated[
        Chosen | None,
        choice("矿车分类", "mine cars",
                "ore 运送矿石 ore\nspecial 专用车辆 special vehicle\nman 人车 man car"),
    ] = None  # fmt: skip
    car_people: Annotated[
        int | None, whole("人车额定人数", "rated people", "人", when=When("car_use", ("man",)))
    ] = None
    car_mark: Annotated[bool | None, _mark("矿车", "mine cars")] = None
    trucks: Annotated[list[OreTruck] | None, group("运矿车（按载重）", "ore trucks")] = None
    carriers: Annotated[list[ManCarrier] | None, group("无轨胶轮运人车", "man carriers")] = None
    belts: Annotated[list[Belt] | None, group("带式输送机（按带宽）", "belts")] = None
    loaders: Annotated[list[Loader] | None, group("铲运机（按铲斗容积）", "loaders")] = None
    other: Annotated[str | None, long_text("其他运输", "other transport")] = None


class Fan(Struct):
    """One class of fans."""

    power: Annotated[float | None, number("功率", "power", "kW")] = None
    count: Annotated[int | None, whole("数量", "number", "台")] = None
    mark: Annotated[bool | None, _mark("", "machine")] = None


class Ventilation(Struct):
    """通风系统."""

    mode: Annotated[
        Chosen | None,
        choice("通风方式", "mode", """
            central-parallel 中央式-并列式 central, parallel
            central-boundary 中央式-边界式 central, boundary
            diagonal-wings 对角式-两翼式 diagonal, two wings
            diagonal-zones 对角式-分区式 diagonal, zoned
            regional 区域式 regional
            mixed-parallel 混合式-并列与对角 mixed, parallel and diagonal
            mixed-separate 混合式-分列与对角 mixed, separate and diagonal
            """),
    ] = None  # fmt: skip
    method: Annotated[
        Chosen | None,
        choice("主要通风机工作方法", "main fan method", """
            forced 压入式 forced
            exhaust 抽出式 exhaust
            combined 压抽混合式 combined
            stations 多级机站通风 multi-stage stations
            """),
    ] = None  # fmt: skip
    main: Annotated[list[Fan] | None, group("主通风机（按功率）", "main fans")] = None
    auxiliary: Annotated[list[Fan] | None, group("辅助通风机（按功率）", "auxiliary fans")] = None
    local_count: Annotated[int | None, whole("局部通风机数量", "local fans", "台")] = None
    local_mark: Annotated[bool | None, _mark("局部通风机", "local fans")] = None


class Drainage(Struct):
    """排水系统."""

    hydrogeology: Annotated[
        Chosen | None,
        choice(
            "水文地质条件", "hydrogeology", "complex 复杂 complex\nmedium 中等 medium\nsimple 简单 simple"
        ),
    ] = None
    inflow: Annotated[float | None, number("正常涌水量", "normal inflow", "m³/h")] = None
    most_inflow: Annotated[float | None, number("最大涌水量", "maximum inflow", "m³/h")] = None
    pumps: Annotated[int | None, whole("水泵数量", "pumps", "台")] = None
    pump_mark: Annotated[bool | None, _mark("水泵", "pumps")] = None


class Blasting(Struct):
    """爆破作业."""

    drills: Annotated[
        Several | None,
        several("凿岩设备", "drills", """
            air-leg 气腿凿岩机 air-leg
            down-hole 潜孔钻机 down-the-hole
            jumbo 凿岩台车 jumbo
            other-kind 其他 other
            """),
    ] = None  # fmt: skip
    air_legs: Annotated[
        int | None, whole("气腿凿岩机数量", "air-leg drills", "台", when=When("drills", ("air-leg",)))
    ] = None
    down_holes: Annotated[
        int | None, whole("潜孔钻机数量", "down-the-hole drills", "台", when=When("drills", ("down-hole",)))
    ] = None
    jumbos: Annotated[int | None, whole("凿岩台车数量", "jumbos", "台", when=When("drills", ("jumbo",)))] = (
        None
    )
    others: Annotated[int | None, whole("其他数量", "others", "台", when=When("drills", ("other-kind",)))] = (
        None
    )
    holes: Annotated[
        Several | None,
        several("炮孔", "holes", "shallow 浅孔 shallow\nmedium 中深孔 medium-deep\ndeep 深孔 deep"),
    ] = None


class Power(Struct):
    """供电系统."""

    circuits: Annotated[
        Chosen | None,
        choice("电缆敷设", "cable", "two 双回路 two circuits\none 未实现双回路 not two circuits"),
    ] = None
    obsolete: Annotated[
        Chosen | None,
        choice("电气设备", "electrics", "none 未使用淘汰 none obsolete\nused 使用淘汰 obsolete in use"),
    ] = None
    retardant: Annotated[
        Chosen | None, choice("电缆阻燃", "flame-retardant cable", "yes 使用 used\nno 未使用 not used")
    ] = None
    armour: Annotated[
        Chosen | None,
        choice("电缆防护", "cable armour", """
            below-45 平巷或45°以下井巷采用钢带铠装 steel-tape armour in drifts below 45°
            above-45 竖井或45°以上井巷 in shafts or inclines above 45°
            """, uncertain=True, note="来源文件选项文字不完整，按原表印出的两项列出。"),
    ] = None  # fmt: skip


class Goaf(Struct):
    """采空区."""

    treatment: Annotated[
        Several | None,
        several("处理方式", "treatment", """
            fill 充填 fill
            cave 崩落围岩 cave
            pillar 矿柱支撑 pillar
            seal 封闭隔离 seal
            """),
    ] = None  # fmt: skip
    total: Annotated[float | None, number("采空区总量", "total", "m³")] = None
    treated: Annotated[float | None, number("已处理体积", "treated", "m³")] = None
    untreated: Annotated[float | None, number("未处理体积", "untreated", "m³")] = None
    largest: Annotated[float | None, number("单个最大体积", "largest volume", "m³")] = None
    exposed: Annotated[float | None, number("单个最大暴露面积", "largest exposed area", "m²")] = None


class SixSystems(Struct):
    """井下安全避险六大系统."""

    gases: Annotated[
        Several | None,
        several("便携式气体检测报警仪测量气体", "gases of portable detectors",
                "co CO CO\no2 O2 O2\nno2 NO2 NO2\nh2s H2S H2S\nso2 SO2 SO2"),
    ] = None  # fmt: skip
    detector_mark: Annotated[bool | None, _mark("便携式气体检测报警仪", "portable detectors")] = None
    main_sensors: Annotated[int | None, whole("主通风机开停传感器", "main fan on/off sensors", "个")] = None
    auxiliary_sensors: Annotated[int | None, whole("辅助通风机开停传感器", "auxiliary fan sensors", "个")] = (
        None
    )
    local_sensors: Annotated[int | None, whole("局部通风机开停传感器", "local fan sensors", "个")] = None
    cameras: Annotated[int | None, whole("摄像头数量", "cameras", "个")] = None
    pressure: Annotated[
        Several | None,
        several("地压监测", "ground pressure", """
            system 地压监测系统 ground-pressure system
            deformation 变形监测 deformation
            subsidence 地表沉降监测 surface subsidence
            """),
    ] = None  # fmt: skip
    positioning: Annotated[
        Chosen | None,
        choice("人员定位", "positioning", """
            system 人员定位系统 positioning system
            register 人员出入井信息管理制度 entry-exit register
            """),
    ] = None  # fmt: skip
    cards: Annotated[int | None, whole("定位卡数量", "cards", "个")] = None
    positioning_mark: Annotated[bool | None, _mark("人员定位", "positioning")] = None
    refuge: Annotated[
        Several | None,
        several("紧急避险", "refuge", """
            chamber 避灾硐室 refuge chamber
            capsule 救生舱 rescue capsule
            none 不需要建设 not needed
            """),
    ] = None  # fmt: skip
    chamber_people: Annotated[
        int | None,
        whole("避灾硐室额定人数", "people in the chamber", "人", when=When("refuge", ("chamber",))),
    ] = None
    capsule_people: Annotated[
        int | None, whole("救生舱额定人数", "people in the capsule", "人", when=When("refuge", ("capsule",)))
    ] = None
    plan_filed: Annotated[bool | None, yes_no("应急预案是否备案", "emergency plan filed")] = None
    rescuer_minutes: Annotated[int | None, whole("自救器防护时间", "self-rescuer", "min")] = None
    rescuers: Annotated[int | None, whole("自救器数量", "self-rescuers", "台")] = None
    rescuer_mark: Annotated[bool | None, _mark("自救器", "self-rescuers")] = None
    telephones: Annotated[int | None, whole("电话数量", "telephones", "部")] = None
    two_cables: Annotated[
        bool | None,
        yes_no("通信线缆是否有两条及以上从不同井筒进入", "two or more cables through different shafts"),
    ] = None
    air_valves: Annotated[
        int | None, whole("压风自救三通及阀门数量", "compressed air: tees and valves", "套")
    ] = None
    compressor: Annotated[
        Chosen | None,
        choice("空压机安装位置", "compressor place", "surface 地面 surface\nunderground 井下 underground"),
    ] = None
    water_valves: Annotated[int | None, whole("供水施救三通及阀门数量", "water: tees and valves", "套")] = (
        None
    )
    accepted: Annotated[date | None, day("验收日期", "acceptance date")] = None


class Depth(Struct):
    """最大开采深度."""

    designed: Annotated[float | None, number("设计", "designed", "m")] = None
    present: Annotated[float | None, number("当前", "present", "m")] = None


class UndergroundMine(Struct):
    """FA-6, block by block."""

    name: Annotated[str | None, text("系统名称", "system name", required=True)] = None
    region: Annotated[Link | None, link("系统地址（市、县）", "area", "region")] = None
    address: Annotated[str | None, text("系统地址", "system address", required=True, longest=200)] = None
    economy: Annotated[str | None, text("经济类型", "economic type")] = None
    area: Annotated[float | None, number("矿权总面积", "mining-right area", "km²")] = None
    people: Annotated[People | None, block("从业人数", "people")] = None
    contractors: Annotated[list[Contractor] | None, group("外包工程", "outsourced teams")] = None
    permits: Annotated[Permits | None, block("评价、设计与验收", "evaluation and design")] = None
    mining_number: Annotated[str | None, text("采矿许可证编号", "mining licence number")] = None
    mining_issuer: Annotated[str | None, text("采矿许可证发证机关", "issuer of the mining licence")] = None
    mining_valid: Annotated[Span | None, span("采矿许可证有效期限", "validity of the mining licence")] = None
    safety_number: Annotated[str | None, text("安全生产许可证编号", "safety licence number")] = None
    safety_issuer: Annotated[str | None, text("安全生产许可证发证机关", "issuer of the safety licence")] = (
        None
    )
    safety_valid: Annotated[Span | None, span("安全生产许可证有效期", "validity of the safety licence")] = (
        None
    )
    reserves: Annotated[Reserves | None, block("矿产资源储量", "reserves")] = None
    capacity: Annotated[Capacity | None, block("设计生产规模", "designed output")] = None
    mining: Annotated[Mining | None, block("采矿与开拓", "mining and development")] = None
    shafts: Annotated[list[Shaft] | None, group("竖井（含盲竖井）", "shafts")] = None
    inclines: Annotated[list[Incline] | None, group("斜井", "inclines")] = None
    ways: Annotated[Ways | None, block("斜坡道、平硐、平巷", "ramps, adits, drifts")] = None
    shaft_lifting: Annotated[ShaftLifting | None, block("竖井提升", "lifting in shafts")] = None
    incline_lifting: Annotated[InclineLifting | None, block("斜井提升", "lifting in inclines")] = None
    transport: Annotated[Transport | None, block("运输系统", "transport")] = None
    ventilation: Annotated[Ventilation | None, block("通风系统", "ventilation")] = None
    drainage: Annotated[Drainage | None, block("排水系统", "drainage")] = None
    blasting: Annotated[Blasting | None, block("爆破作业", "blasting")] = None
    power: Annotated[Power | None, block("供电系统", "power")] = None
    goaf: Annotated[Goaf | None, block("采空区", "goaf")] = None
    depth: Annotated[Depth | None, block("最大开采深度", "maximum depth")] = None
    six_systems: Annotated[SixSystems | None, block("安全避险六大系统", "six systems")] = None


REGISTERS = (
    Register(
        name="underground-mines",
        zh="金属非金属地下矿山生产安全基本信息登记表",
        en="Underground metal and non-metal mines",
        group="sub-dossier",
        record=UndergroundMine,
        title="name",
        columns=("name", "region", "address", "economy", "area", "safety_valid"),
        filters=("name", "region", "economy", "area", "mining_valid", "safety_valid"),
        key=("name",),
        sectors=("mine",),
        reviewed=True,
        reminders=(
            Reminder("采矿许可证即将到期", 90, "mining_valid"),
            Reminder("安全生产许可证即将到期", 90, "safety_valid"),
        ),
        source="FA-6 (002:辅6, 002:册2.3.2); REG-33, REG-41",
    ),
)
