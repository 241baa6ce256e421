"""Factors of HJ 212-2017 annex B that stations at plants commonly report: code, quantity, unit.

`code_2005` is the code of HJ/T 212-2005. All rows were verified in one public implementation's table, but for
those whose source is "memory". The unit is what the standard names for the *value*; a station may be set up
otherwise, so the unit in the configuration is what counts.
"""

from typing import Final, NamedTuple


class Factor(NamedTuple):
    """A factor; `source`: "table" (a public implementation's table) or "memory"."""

    title: str
    chinese: str
    unit: str
    code_2005: str = ""
    source: str = "table"


FACTORS: Final = {
    "a00000": Factor("waste gas flow", "废气", "m³/s", "B02"),
    "a01001": Factor("temperature", "温度", "℃"),
    "a01002": Factor("humidity", "湿度", "%"),
    "a01006": Factor("air pressure", "气压", "kPa"),
    "a01007": Factor("wind speed", "风速", "m/s"),
    "a01008": Factor("wind direction", "风向", "°"),
    "a01011": Factor("flue gas velocity", "烟气流速", "m/s", "S02"),
    "a01012": Factor("flue gas temperature", "烟气温度", "℃", "S03"),
    "a01013": Factor("flue gas pressure", "烟气压力", "kPa", "S08"),
    "a01014": Factor("flue gas humidity", "烟气湿度", "%", "S05"),
    "a05024": Factor("ozone", "臭氧", "µg/m³", source="memory"),
    "a19001": Factor("oxygen", "氧气含量", "%", "S01"),
    "a21001": Factor(
        "ammonia", "氨", "mg/m³", "10", "memory"
    ),  # the table's unit ng/m³ is that of ambient air
    "a21002": Factor("nitrogen oxides", "氮氧化物", "mg/m³", "03"),
    "a21003": Factor("nitrogen monoxide", "一氧化氮", "mg/m³"),
    "a21004": Factor("nitrogen dioxide", "二氧化氮", "mg/m³"),
    "a21005": Factor("carbon monoxide", "一氧化碳", "mg/m³", "04"),
    "a21026": Factor("sulphur dioxide", "二氧化硫", "mg/m³", "02"),
    "a21028": Factor("hydrogen sulphide", "硫化氢", "mg/m³", "05"),
    "a24088": Factor("non-methane hydrocarbons", "非甲烷总烃", "mg/m³"),
    "a25002": Factor("benzene", "苯", "mg/m³"),
    "a34001": Factor("total suspended particles", "总悬浮颗粒物", "µg/m³", source="memory"),
    "a34002": Factor("PM10", "可吸入颗粒物", "µg/m³", source="memory"),
    "a34004": Factor("PM2.5", "细微颗粒物", "µg/m³", source="memory"),
    "a34013": Factor("smoke and dust", "烟尘", "mg/m³", "01"),
    "LA": Factor("A-weighted sound level", "A权声级", "dB", "B03"),
    "w00000": Factor("sewage flow", "污水", "L/s", "B01"),
    "w01001": Factor("pH", "pH值", "", "001"),
    "w01009": Factor("dissolved oxygen", "溶解氧", "mg/L"),
    "w01010": Factor("water temperature", "水温", "℃"),
    "w01018": Factor("chemical oxygen demand", "化学需氧量", "mg/L", "011"),
    "w21001": Factor("total nitrogen", "总氮", "mg/L", "065"),
    "w21003": Factor("ammonia nitrogen", "氨氮", "mg/L", "060"),
    "w21011": Factor("total phosphorus", "总磷", "mg/L", "101"),
}
