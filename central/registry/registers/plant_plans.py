"""Plans of the plant (企业厂区图): a picture with points, and the boundary on the map; REG-02, -12, -28."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.contacts import NOTE
from central.registry.forms.fields import (
    When,
    choice,
    day,
    files,
    group,
    link,
    mark,
    pictures,
    spot,
    text,
)
from central.registry.forms.lists_fields import PROPOSED
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen, File, Link, Mark, Spot


class PlanPoint(Struct):
    """图上点位: one thing that is marked on the picture, and where its record is."""

    name: Annotated[str | None, text("点位名称", "point", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("图层", "layer", """
            risk 风险点 risk point
            danger 隐患点 hidden danger
            hazard 重大危险源 major hazard
            monitor 监测点 monitoring point
            camera 摄像头 camera
            production 生产设备 production equipment
            special 特种设备 special equipment
            store 存储单元 storage unit
            supply 应急物资 emergency supplies
            exit 疏散出口 emergency exit
            assembly 紧急集合点 assembly point
            other 其他 other
            """, required=True, uncertain=True, note="来源文件列出前五种图层，其余为建议分类。"),
    ] = None  # fmt: skip
    where: Annotated[Mark | None, mark("图上位置", "place on the picture", required=True)] = None
    risk: Annotated[Link | None, link("风险", "risk", "risk-list", when=When("kind", ("risk",)))] = None
    danger: Annotated[
        Link | None, link("隐患", "hidden danger", "major-danger-checks", when=When("kind", ("danger",)))
    ] = None
    hazard: Annotated[
        Link | None, link("危险源", "hazard", "chemical-major-hazards", when=When("kind", ("hazard",)))
    ] = None
    monitor: Annotated[
        Link | None, link("监测点位", "monitoring point", "point", when=When("kind", ("monitor",)))
    ] = None
    camera: Annotated[
        str | None,
        text("摄像头名称或编号", "name or number of the camera", when=When("kind", ("camera",))),
    ] = None
    production: Annotated[
        Link | None,
        link("对应生产设备", "its production equipment", "production-equipment",
             when=When("kind", ("production",))),
    ] = None  # fmt: skip
    special: Annotated[
        Link | None,
        link("对应特种设备", "its special equipment", "special-equipment", when=When("kind", ("special",))),
    ] = None
    store: Annotated[
        Link | None, link("对应存储单元", "its storage unit", "storage-units", when=When("kind", ("store",)))
    ] = None
    supply: Annotated[
        Link | None,
        link("对应物资", "its supplies", "emergency-supplies", when=When("kind", ("supply",))),
    ] = None
    remarks: Annotated[str | None, text("说明", "remarks", longest=200)] = None


class Corner(Struct):
    """厂区范围拐点: one corner of the boundary, in order around the plant."""

    where: Annotated[Spot | None, spot("拐点位置", "corner", required=True)] = None


class PlantPlan(Struct):
    """One plan of the plant; an enterprise may have several."""

    name: Annotated[str | None, text("图件名称", "plan", required=True)] = None
    kind: Annotated[
        Chosen | None,
        choice("图件类型", "kind", """
            layout 厂区平面图 layout
            risk 四色风险分布图 risk distribution in four colours
            evacuation 应急疏散图 evacuation
            process 工艺流程图 process flow
            fire 消防设施布置图 fire protection
            pipes 管网图 pipes and drains
            underground 井下（采掘工程）平面图 underground workings
            3d 三维厂区图 3D plant
            other 其他 other
            """, required=True, uncertain=True, note=PROPOSED),
    ] = None  # fmt: skip
    picture: Annotated[
        list[File] | None,
        pictures("图片", "picture", longest=1, required=True, note="点位标在这张图片上。"),
    ] = None
    points: Annotated[list[PlanPoint] | None, group("图上点位", "points", longest=500)] = None
    boundary: Annotated[
        list[Corner] | None, group("厂区范围（拐点，依次）", "boundary, corner by corner", longest=200)
    ] = None
    model: Annotated[
        list[File] | None,
        files("三维模型或全景文件", "3D model or panorama", longest=5, when=When("kind", ("3d",))),
    ] = None
    drawn: Annotated[date | None, day("绘制日期", "drawn")] = None
    drawn_by: Annotated[str | None, text("绘制单位", "drawn by")] = None
    files: Annotated[list[File] | None, files("原图文件（CAD、PDF）", "original files")] = None
    remarks: Annotated[str | None, NOTE] = None


REGISTERS = (
    Register(
        name="plant-plans",
        zh="企业厂区图",
        en="Plans of the plant",
        group="base",
        record=PlantPlan,
        title="name",
        columns=("name", "kind", "picture", "drawn", "drawn_by"),
        filters=("name", "kind", "drawn"),
        key=("name",),
        reminders=(Reminder("厂区图一年没有核对", 365),),
        source="REG-02, REG-12, REG-28",
    ),
)
