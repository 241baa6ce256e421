"""Form FA-5 of the Henan scheme: 尾矿库安全生产基本情况登记表."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.fields import (
    When,
    block,
    choice,
    day,
    link,
    long_text,
    number,
    several,
    span,
    spot,
    text,
    whole,
    yes_no,
)
from central.registry.forms.lists import GRADES_AB, GRADES_ABC
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, Link, Several, Span, Spot


class Watch(Struct):
    """Who designed it, who works on it, whether it is watched."""

    special: Annotated[int | None, whole("特种作业人员数量", "special operators", "人")] = None
    designer: Annotated[str | None, text("安全设施设计单位", "safety-facility designer")] = None
    online: Annotated[bool | None, yes_no("是否安装在线监测系统", "online monitoring")] = None
    online_normal: Annotated[
        bool | None,
        yes_no("在线监测各项目是否均运行正常", "all items run normally", when=When("online", ("yes",))),
    ] = None


class Design(Struct):
    """What the pond was designed to be."""

    form: Annotated[
        Chosen | None,
        choice("尾矿库型式", "type", """
            valley 山谷型 valley
            hillside 傍山型 hillside
            flat 平地型 flat
            river-cut 截河型 river-cut
            other 其他 other
            """),
    ] = None  # fmt: skip
    volume: Annotated[float | None, number("设计总库容", "design volume", "万m³")] = None
    height: Annotated[float | None, number("设计总坝高", "design dam height", "m")] = None
    starter: Annotated[
        Chosen | None,
        choice("初期坝类型", "starter dam", "pervious 透水坝 pervious\nimpervious 不透水坝 impervious"),
    ] = None
    starter_form: Annotated[
        Chosen | None,
        choice("初期坝坝型", "starter dam material", """
            earth 均质土坝 homogeneous earth
            rockfill 堆石坝 rockfill
            earth-rock 土石坝 earth and rock
            other 其他 other
            """),
    ] = None  # fmt: skip
    backfill: Annotated[bool | None, yes_no("是否采用尾矿充填技术", "backfill used")] = None
    yearly: Annotated[float | None, number("设计年排尾量", "annual tailings by design", "万t")] = None
    stacked_height: Annotated[float | None, number("设计堆积坝高", "stacked dam height", "m")] = None
    sub_dam_height: Annotated[float | None, number("设计子坝高度", "sub-dam height", "m")] = None
    sub_dam_crest: Annotated[float | None, number("设计子坝坝顶宽度", "sub-dam crest width", "m")] = None


class Storage(Struct):
    """How tailings are stored, wet, dry or as paste."""

    way: Annotated[
        Chosen | None,
        choice("尾矿堆存方式", "storage", """
            wet 湿式堆存 wet
            dry 干式堆存 dry
            paste 膏体堆存 paste
            other 其他 other
            """),
    ] = None  # fmt: skip
    wet_dam: Annotated[
        Chosen | None,
        choice("湿式尾矿筑坝方式", "dam building of wet tailings", """
            upstream 上游式 upstream
            centre-line 中线式 centre-line
            downstream 下游式 downstream
            one-time 一次建坝（当地材料） one-time, of local material
            other 其他 other
            """, when=When("way", ("wet", "other"))),
    ] = None  # fmt: skip
    discharge: Annotated[
        Chosen | None,
        choice("湿式放矿位置", "place of wet discharge", """
            dam 坝前放矿 at the dam
            tail 库尾放矿 at the tail
            around 周边放矿 all around
            other 其他 other
            """, when=When("way", ("wet", "other"))),
    ] = None  # fmt: skip
    upstream: Annotated[
        Chosen | None,
        choice("上游式尾矿堆筑方法", "upstream method", """
            alluvial 冲积法 alluvial
            channel 渠槽法 channel
            pond 池填法 pond filling
            cyclone 旋流器法 cyclone
            bag 模袋法 bags
            other 其他 other
            """, when=When("wet_dam", ("upstream",))),
    ] = None  # fmt: skip
    dry: Annotated[
        Chosen | None,
        choice("干式堆存方式", "dry stacking", """
            front 库前 at the front
            tail 库尾 at the tail
            middle 库中 in the middle
            around 周边 all around
            """, when=When("way", ("dry", "other")), uncertain=True,
            note="来源文件第四项文字残缺，读作“周边”。"),
    ] = None  # fmt: skip
    moisture: Annotated[
        float | None,
        number("干式堆存入库尾矿含水率", "moisture of dry tailings", "%", high=100.0,
               when=When("way", ("dry", "other"))),
    ] = None  # fmt: skip


class Flood(Struct):
    """How floods are led away."""

    inside: Annotated[
        Several | None,
        several("排洪设施型式", "flood discharge", """
            well-pipe 井管 well and pipe
            well-tunnel 井洞 well and tunnel
            chute-pipe 槽管 chute and pipe
            chute-tunnel 槽洞 chute and tunnel
            spillway 溢洪道 spillway
            dam 截洪坝 intercepting dam
            other 其他 other
            """, note="含备用、应急排洪设施。"),
    ] = None  # fmt: skip
    outside: Annotated[
        Chosen | None,
        choice("库外排洪型式", "flood discharge outside the pond", """
            dam-tunnel 拦洪坝、洞 dam and tunnel
            dam-well-tunnel 拦洪坝、井、洞 dam, well and tunnel
            dam-well-pipe 拦洪坝、井、管 dam, well and pipe
            dam-spillway 拦洪坝、溢洪道 dam and spillway
            other 其他 other
            """),
    ] = None  # fmt: skip


class Present(Struct):
    """What it is today: last evaluation, dam, beach, water."""

    evaluator: Annotated[str | None, text("上一次安全现状评价单位", "last safety evaluation by")] = None
    evaluator_grade: Annotated[
        Chosen | None, choice("安全评价单位资质等级", "grade of the evaluator", GRADES_AB)
    ] = None
    evaluated: Annotated[date | None, day("评价日期", "evaluated on")] = None
    last_input: Annotated[float | None, number("上一年尾矿入库量", "input of last year", "万t")] = None
    last_rise: Annotated[
        float | None, number("上一年坝体实际上升速度", "rise of the dam last year", "m/a")
    ] = None
    sub_dams: Annotated[int | None, whole("已堆积子坝数", "sub-dams built", "级")] = None
    height: Annotated[float | None, number("目前堆积坝高度", "height of the stacked dam", "m")] = None
    length: Annotated[float | None, number("目前主坝长", "length of the main dam", "m")] = None
    volume: Annotated[float | None, number("现状全库容", "present volume", "m³")] = None
    slope: Annotated[
        float | None,
        number("现状尾矿堆积坝外坡比（1:N）", "outer slope of the dam (1:N)", high=1000.0,
               note="填写 1:N 中的 N，例如 1:3.5 填 3.5。"),
    ] = None  # fmt: skip
    beach: Annotated[float | None, number("现状最小干滩长度", "shortest dry beach", "m")] = None
    freeboard: Annotated[
        float | None, number("现状滩顶标高与库内水位差", "beach crest above the water", "m", low=-1000.0)
    ] = None
    beach_slope: Annotated[
        float | None,
        number("沉积干滩平均坡度", "mean slope of the beach", "%", high=100.0, uncertain=True,
               note="来源文件未注明单位，此处按百分比填写。"),
    ] = None  # fmt: skip
    designed_concentration: Annotated[
        float | None, number("设计排矿浓度", "designed concentration", "%", high=100.0)
    ] = None
    concentration: Annotated[
        float | None, number("实际排矿浓度", "actual concentration", "%", high=100.0)
    ] = None
    control_depth: Annotated[
        float | None, number("控制浸润线埋深", "controlled depth of the phreatic line", "m")
    ] = None
    depth: Annotated[
        float | None, number("实际浸润线最小埋深", "least actual depth of the phreatic line", "m")
    ] = None


class Downstream(Struct):
    """Whom it would reach."""

    overhead: Annotated[bool | None, yes_no("是否为“头顶库”", "overhead pond")] = None
    residents: Annotated[int | None, whole("下游1公里内居民人数", "residents within 1 km", "人")] = None
    buildings: Annotated[int | None, whole("下游1公里内建筑物数量", "buildings within 1 km", "座")] = None
    facilities: Annotated[
        str | None,
        long_text("下游1公里内重要设施情况", "important facilities within 1 km",
                  note="学校、工厂、公路、铁路、桥梁等。"),
    ] = None  # fmt: skip
    plan_filed: Annotated[bool | None, yes_no("应急预案是否备案", "emergency plan filed")] = None


class Closure(Struct):
    """How it is closed and used again."""

    designer: Annotated[
        str | None, text("闭库工程安全设施设计单位", "safety-facility designer of the closure")
    ] = None
    designer_grade: Annotated[
        Chosen | None, choice("闭库工程设计单位资质", "grade of the designer", GRADES_ABC)
    ] = None
    accepted: Annotated[date | None, day("闭库工程验收时间", "closure accepted on")] = None
    reclaimed: Annotated[bool | None, yes_no("是否已经复垦", "reclaimed")] = None
    reuse: Annotated[
        Several | None,
        several("闭库尾矿库尾砂再利用的用途", "reuse of the sand", """
            dressing 尾砂再选 dressed again
            fill 矿山充填 mine fill
            building 建筑材料 building material
            other 其他 other
            """),
    ] = None  # fmt: skip


class TailingsPond(Struct):
    """FA-5, block by block."""

    name: Annotated[str | None, text("尾矿库名称", "name", required=True)] = None
    ownerless: Annotated[bool | None, yes_no("是否为无主库", "ownerless")] = None
    region: Annotated[Link | None, link("地址（省、市、县）", "area", "region")] = None
    address: Annotated[str | None, text("地址", "address", longest=200)] = None
    where: Annotated[
        Spot | None,
        spot("地理坐标（北纬、东经）", "coordinates", note="库区任一点；可按度分秒填写，例如 34°37′11″。"),
    ] = None
    state: Annotated[
        Chosen | None,
        choice("运行状况", "state", """
            building 在建 under construction
            used 在用 in use
            stopped-licensed 有证停用 stopped, with a licence
            stopped 无证停用 stopped, without a licence
            closed 已闭库 closed
            reused 闭库后再利用 used again after closure
            """, required=True),
    ] = None  # fmt: skip
    industry: Annotated[
        Chosen | None,
        choice("所属行业", "industry", """
            gold 黄金 gold
            iron 铁 iron
            tungsten 钨 tungsten
            phosphorus 磷 phosphorus
            aluminium 铝 aluminium
            """),
    ] = None  # fmt: skip
    of_mine: Annotated[bool | None, yes_no("是否从属于矿山工程", "part of a mine")] = None
    mine: Annotated[str | None, text("矿山工程名称", "name of the mine", when=When("of_mine", ("yes",)))] = (
        None
    )
    grade: Annotated[
        Chosen | None,
        choice("尾矿库等别", "grade",
               "1 一等 1\n2 二等 2\n3 三等 3\n4 四等 4\n5 五等 5\nunknown 不明 unknown"),
    ] = None  # fmt: skip
    licence_number: Annotated[str | None, text("安全生产许可证编号", "safety licence number")] = None
    licence_valid: Annotated[Span | None, span("安全生产许可证有效期", "validity of the licence")] = None
    watch: Annotated[Watch | None, block("人员、设计与监测", "people, designer and monitoring")] = None
    design: Annotated[Design | None, block("设计", "design")] = None
    storage: Annotated[Storage | None, block("尾矿堆存", "storage of tailings")] = None
    flood: Annotated[Flood | None, block("排洪", "flood discharge")] = None
    present: Annotated[Present | None, block("现状", "present state")] = None
    downstream: Annotated[Downstream | None, block("下游与应急", "downstream and emergency")] = None
    closure: Annotated[Closure | None, block("闭库与再利用", "closure and reuse")] = None


REGISTERS = (
    Register(
        name="tailings-ponds",
        zh="尾矿库安全生产基本情况登记表",
        en="Tailings ponds",
        group="sub-dossier",
        record=TailingsPond,
        title="name",
        columns=("name", "state", "grade", "region", "industry", "ownerless"),
        filters=("name", "state", "grade", "region", "industry", "ownerless", "of_mine", "licence_valid"),
        key=("name",),
        sectors=("mine",),
        reviewed=True,
        reminders=(Reminder("尾矿库安全生产许可证即将到期", 90, "licence_valid"),),
        source="FA-5 (002:辅5); REG-33, REG-41",
    ),
)
