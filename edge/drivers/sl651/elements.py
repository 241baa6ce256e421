"""Elements of SL 651-2014 that stations commonly report: id, quantity, unit, and where each is known from."""

from typing import Final, NamedTuple


class Element(NamedTuple):
    """An element; `source`: "frames" (worked frames), "station" (a public station's code), "memory"."""

    title: str
    unit: str
    source: str


ELEMENTS: Final = {
    "02": Element("air temperature", "℃", "memory"),
    "03": Element("water temperature", "℃", "station"),
    "0E": Element("depth to groundwater", "m", "station"),
    "10": Element("soil moisture at 10 cm", "%", "station"),
    "18": Element("humidity", "%", "memory"),
    "1A": Element("rain of one hour", "mm", "frames"),
    "1F": Element("rain of the day", "mm", "memory"),
    "20": Element("current rain", "mm", "frames"),
    "22": Element("rain of five minutes", "mm", "memory"),
    "26": Element("total rain", "mm", "frames"),
    "27": Element("flow", "m³/s", "memory"),
    "37": Element("current velocity", "m/s", "station"),
    "38": Element("supply voltage", "V", "frames"),
    "39": Element("water level", "m", "frames"),
    "3B": Element("reservoir level", "m", "memory"),
    "3C": Element("level 1 of intake or outlet", "m", "station"),
}
