"""Form FA-8 of the Henan scheme: 陆上石油天然气采油（气）单位登记表."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Struct

from central.registry.forms.fields import choice, day, number, text, whole
from central.registry.forms.register import Register, Reminder
from central.registry.forms.values import Chosen


class OilGasUnit(Struct):
    """FA-8, row by row."""

    name: Annotated[str | None, text("系统名称", "system name", required=True)] = None
    address: Annotated[str | None, text("系统地址", "system address", longest=200, required=True)] = None
    economy: Annotated[str | None, text("经济类型", "economic type")] = None
    staff: Annotated[int | None, whole("从业人员数量", "staff", "人")] = None
    college: Annotated[int | None, whole("大专及以上学历从业人员数量", "college and above", "人")] = None
    safety_managers: Annotated[
        int | None, whole("专职安全管理人员数量", "full-time safety managers", "人")
    ] = None
    engineers: Annotated[int | None, whole("注册安全工程师数量", "registered safety engineers", "人")] = None
    special: Annotated[int | None, whole("特种作业人员数量", "special operators", "人")] = None
    fund: Annotated[
        float | None, number("上一年度安全生产费用提取额", "safety fund of last year, set aside", "万元")
    ] = None
    fund_used: Annotated[
        float | None, number("上一年度安全生产费用使用额", "safety fund of last year, used", "万元")
    ] = None
    mining_number: Annotated[str | None, text("采矿许可证编号", "mining licence number")] = None
    mining_issuer: Annotated[str | None, text("采矿许可证发证机关", "issuer of the mining licence")] = None
    mining_until: Annotated[date | None, day("采矿许可证有效期至", "mining licence valid until")] = None
    designer: Annotated[str | None, text("安全设施设计单位", "safety-facility designer")] = None
    accepted: Annotated[date | None, day("竣工验收时间", "accepted on")] = None
    first_licensed: Annotated[date | None, day("首次取得安全生产许可证时间", "first safety licence on")] = (
        None
    )
    area: Annotated[float | None, number("矿区面积", "area", "km²")] = None
    medium: Annotated[
        Chosen | None, choice("主要开采介质", "main medium", "oil 原油 crude oil\ngas 天然气 natural gas")
    ] = None
    safety_number: Annotated[str | None, text("安全生产许可证编号", "safety licence number")] = None
    safety_issuer: Annotated[str | None, text("安全生产许可证发证机关", "issuer of the safety licence")] = (
        None
    )
    safety_until: Annotated[date | None, day("安全生产许可证有效期至", "safety licence valid until")] = None
    oil: Annotated[float | None, number("上一年度原油产量", "oil of last year", "万t")] = None
    gas: Annotated[float | None, number("上一年度天然气产量", "gas of last year", "亿m³")] = None
    oil_wells: Annotated[int | None, whole("油井数量", "oil wells", "口")] = None
    sour_oil_wells: Annotated[int | None, whole("高含硫油井数量", "high-sulphur oil wells", "口")] = None
    gas_wells: Annotated[int | None, whole("气井数量", "gas wells", "口")] = None
    sour_gas_wells: Annotated[int | None, whole("高含硫气井数量", "high-sulphur gas wells", "口")] = None
    lines: Annotated[int | None, whole("集输管道数量", "gathering lines", "条")] = None
    lines_length: Annotated[float | None, number("集输管道长度", "length of the lines", "km")] = None
    stations: Annotated[int | None, whole("联合站数量", "union stations", "座")] = None
    stations_capacity: Annotated[
        float | None, number("联合站设计处理能力", "designed capacity of the stations", "万t/a")
    ] = None
    tanks: Annotated[int | None, whole("储罐数量", "tanks", "个")] = None
    tanks_capacity: Annotated[float | None, number("储罐总容量", "total capacity of the tanks", "万t")] = None
    plants: Annotated[int | None, whole("天然气处理厂数量", "gas processing plants", "座")] = None
    plants_capacity: Annotated[
        float | None, number("天然气处理厂设计处理能力", "designed capacity of the plants", "亿m³/a")
    ] = None


REGISTERS = (
    Register(
        name="oil-gas-units",
        zh="陆上石油天然气采油（气）单位登记表",
        en="Onshore oil and gas production units",
        group="sub-dossier",
        record=OilGasUnit,
        title="name",
        columns=("name", "address", "medium", "staff", "oil", "gas", "safety_until"),
        filters=("name", "medium", "economy", "staff", "mining_until", "safety_until"),
        key=("name",),
        sectors=("mine",),
        reviewed=True,
        reminders=(
            Reminder("采矿许可证即将到期", 90, "mining_until"),
            Reminder("安全生产许可证即将到期", 90, "safety_until"),
        ),
        source="FA-8 (002:辅8, 002:册2.3.2); REG-33, REG-41",
    ),
)
