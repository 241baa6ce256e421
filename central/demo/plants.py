"""The three plants: which instruments hang on which bus, what they measure, and within which limits.

Limits of gas follow GB/T 50493-2019: first alarm at the occupational limit of GBZ 2.1 or 25 % of the lower
explosive limit, second at twice that. The rest are values as a designer would set them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from central.demo.instruments import Channel, Instrument
from central.demo.physics import AmmoniaStore, ChlorineStorage, Plant, TankFarm


@dataclass(frozen=True)
class Site:
    """One plant: its physical model and its field bus ("tcp" or "rtu")."""

    key: str
    gateway: str
    title: str
    model: Callable[[], Plant]
    bus: str
    instruments: tuple[Instrument, ...]

    @property
    def channels(self) -> list[Channel]:
        """All channels of the plant."""
        return [channel for instrument in self.instruments for channel in instrument.channels]


def _toxic(key: str, place: str, gas: str, address: int, limit: float, full: float, scale: float) -> Channel:
    limits = {"H": limit, "HH": 2 * limit}
    name = f"{place}{gas}浓度"
    return Channel(key, name, gas, "mg/m³", address, "uint16", 0.0, full, scale, "ABCD", limits, limit / 5)


def _combustible(number: int, place: str) -> Channel:
    return Channel(
        f"GT-30{number}", f"{place}可燃气体", "可燃气体", "%LEL", number - 1, "uint16", 0.0, 100.0, 0.1,
        limits={"H": 25.0, "HH": 50.0}, deadband=3.0,
    )  # fmt: skip


def _tank(number: int) -> Instrument:
    name = f"{number} 号储罐"
    return Instrument(
        1 + number,
        f"{name}变送器",
        (
            Channel(
                f"LT-30{number}", f"{name}液位", "液位", "%", 0, "float32", 0.0, 100.0, order="CDAB",
                limits={"LL": 5.0, "L": 10.0, "H": 80.0, "HH": 85.0}, deadband=1.0,
            ),
            Channel(
                f"PT-30{number}", f"{name}压力", "压力", "MPa", 2, "float32", 0.0, 2.5, order="CDAB",
                limits={"H": 1.4, "HH": 1.6}, deadband=0.02,
            ),
            Channel(
                f"TT-30{number}", f"{name}温度", "温度", "℃", 4, "int16", -40.0, 80.0, 0.1,
                limits={"H": 45.0, "HH": 50.0}, deadband=1.0,
            ),
        ),
    )  # fmt: skip


SITES = (
    Site(
        "chlorine",
        "gw-chlorine",
        "清源水务氯库",
        ChlorineStorage,
        "tcp",
        (
            Instrument(
                1,
                "气体报警控制器",
                (
                    _toxic("GT-101", "氯瓶间东侧", "氯气", 0, 1.0, 20.0, 0.01),
                    _toxic("GT-102", "氯瓶间西侧", "氯气", 1, 1.0, 20.0, 0.01),
                    _toxic("GT-103", "加氯间", "氯气", 2, 1.0, 20.0, 0.01),
                ),
            ),
            Instrument(
                2,
                "称重仪表",
                (
                    Channel("WT-101", "1 号氯瓶净重", "重量", "kg", 0, "float32", 0.0, 1000.0, order="CDAB",
                            limits={"L": 60.0, "LL": 20.0}, deadband=5.0),
                    Channel("WT-102", "2 号氯瓶净重", "重量", "kg", 2, "float32", 0.0, 1000.0, order="CDAB",
                            limits={"L": 60.0, "LL": 20.0}, deadband=5.0),
                ),
            ),
            Instrument(
                3,
                "氯库变送器",
                (
                    Channel("PT-101", "汇流排压力", "压力", "MPa", 0, "int16", 0.0, 1.6, 0.001,
                            limits={"H": 0.4, "HH": 0.5}, deadband=0.01),
                    Channel("TT-101", "氯瓶间温度", "温度", "℃", 1, "int16", -20.0, 60.0, 0.1,
                            limits={"H": 35.0, "HH": 40.0}, deadband=1.0),
                    Channel("FT-101", "排风量", "风量", "m³/h", 2, "uint16", 0.0, 20000.0,
                            limits={"L": 800.0}, deadband=100.0),
                ),
                function=4,
            ),
        ),
    ),
    Site(
        "ammonia",
        "gw-ammonia",
        "白沙冷链氨制冷机房",
        AmmoniaStore,
        "rtu",
        (
            Instrument(
                1,
                "气体报警控制器",
                (
                    _toxic("GT-201", "机房", "氨气", 0, 20.0, 150.0, 0.1),
                    _toxic("GT-202", "低压循环桶间", "氨气", 1, 20.0, 150.0, 0.1),
                ),
            ),
            Instrument(
                2,
                "机组控制器",
                (
                    Channel("PT-201", "吸气压力", "压力", "MPa", 0, "int16", -0.1, 1.0, 0.001,
                            limits={"L": 0.05, "H": 0.35}, deadband=0.01),
                    Channel("PT-202", "排气压力", "压力", "MPa", 1, "int16", 0.0, 2.5, 0.001,
                            limits={"H": 1.5, "HH": 1.65}, deadband=0.02),
                    Channel("TT-203", "排气温度", "温度", "℃", 2, "int16", -40.0, 180.0, 0.1,
                            limits={"H": 105.0, "HH": 120.0}, deadband=2.0),
                    Channel("LT-201", "贮液器液位", "液位", "%", 3, "uint16", 0.0, 100.0, 0.1,
                            limits={"L": 15.0, "H": 75.0, "HH": 80.0}, deadband=1.0),
                    Channel("IT-201", "压缩机电流", "电流", "A", 4, "uint16", 0.0, 200.0, 0.1,
                            limits={"H": 120.0}, deadband=2.0),
                ),
                function=4,
            ),
            Instrument(
                3,
                "库温巡检仪",
                (
                    Channel("TT-201", "1 号冷库温度", "温度", "℃", 0, "int16", -50.0, 50.0, 0.1,
                            limits={"H": -15.0, "HH": -12.0}, deadband=0.5),
                    Channel("TT-202", "2 号冷库温度", "温度", "℃", 1, "int16", -50.0, 50.0, 0.1,
                            limits={"H": -15.0, "HH": -12.0}, deadband=0.5),
                ),
            ),
        ),
    ),
    Site(
        "lpg",
        "gw-lpg",
        "柳河液化气罐区",
        TankFarm,
        "tcp",
        (
            Instrument(
                1,
                "可燃气体报警控制器",
                (
                    *(
                        _combustible(number, place)
                        for number, place in enumerate(
                            ("1 号罐区", "2 号罐根部阀", "3 号罐区", "4 号罐区", "泵房", "装卸台"), 1
                        )
                    ),
                ),
            ),
            *(_tank(number) for number in range(1, 5)),
            Instrument(
                6,
                "泵出口变送器",
                (
                    Channel("PT-305", "烃泵出口压力", "压力", "MPa", 0, "float32", 0.0, 2.5, order="CDAB",
                            limits={"H": 1.6, "HH": 1.8}, deadband=0.02),
                ),
            ),
        ),
    ),
)  # fmt: skip
