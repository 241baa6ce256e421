"""Reads a message of the Common Alerting Protocol 1.2 (OASIS, July 2010): bytes in, what it says out.

XML from outside: no document type, no entities, no depth, so that nothing expands and nothing is fetched.
"""

from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Final
from xml.parsers import expat

import msgspec

from central.db.errors import DomainError, FieldProblem

_NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
_MOST_DEPTH: Final = 8
_MOST_NODES: Final = 20_000
_MOST_AREAS: Final = 100
ALERT: Final = "Alert"
UPDATE: Final = "Update"
CANCEL: Final = "Cancel"


class Area(msgspec.Struct, frozen=True):
    """Where: codes of regions, rings of (longitude, latitude), circles of (longitude, latitude, km)."""

    codes: tuple[str, ...]
    polygons: tuple[tuple[tuple[float, float], ...], ...]
    circles: tuple[tuple[float, float, float], ...]


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One message; `message` is Alert, Update or Cancel, `earlier` the identifiers that it refers to."""

    sender: str
    identifier: str
    sent: datetime
    is_test: bool
    message: str
    earlier: tuple[str, ...]
    source_name: str
    is_weather: bool
    event: str
    severity: str
    urgency: str
    certainty: str
    expires: datetime | None
    headline: str
    text: str
    area: Area


class _Node:
    __slots__ = ("children", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self.children: list[_Node] = []

    def all(self, name: str) -> "list[_Node]":
        return [child for child in self.children if child.name == name]

    def say(self, name: str) -> str:
        found = self.all(name)
        return found[0].text.strip() if found else ""


def parse(data: bytes) -> Alert:
    """Read one message.

    Args:
        data: XML as it came.

    Raises:
        DomainError: 400 with every place that is wrong and what would be right.
    """
    root = _tree(data)
    wrong: list[FieldProblem] = []
    if root.name != "alert":
        raise _bad([FieldProblem("alert", f"根元素应为 CAP 1.2 的 alert（{_NAMESPACE}）。")])
    said = {name: root.say(name) for name in ("identifier", "sender", "sent", "status", "msgType")}
    wrong += [FieldProblem(f"alert.{name}", "必须填写。") for name, word in said.items() if not word]
    if said["status"] and said["status"] not in {"Actual", "Exercise", "Test"}:
        wrong.append(FieldProblem("alert.status", "应为 Actual、Exercise 或 Test。"))
    if said["msgType"] and said["msgType"] not in {ALERT, UPDATE, CANCEL}:
        wrong.append(FieldProblem("alert.msgType", "应为 Alert、Update 或 Cancel。"))
    sent = _time(said["sent"], "alert.sent", wrong)
    earlier = tuple(part.split(",")[1] for part in root.say("references").split() if part.count(",") >= 2)
    if said["msgType"] in {UPDATE, CANCEL} and not earlier:
        wrong.append(
            FieldProblem("alert.references", "Update 和 Cancel 须引用此前的消息：发送方,编号,时间。")
        )
    infos = root.all("info")
    if not infos and said["msgType"] != CANCEL:
        wrong.append(FieldProblem("alert.info", "至少一个 info。"))
    chinese = [info for info in infos if info.say("language").lower().startswith("zh")]
    info = (chinese or infos or [_Node("info")])[0]
    expires = _time(info.say("expires"), "alert.info.expires", wrong) if info.say("expires") else None
    title = info.say("headline") or info.say("event")
    if infos and not title:
        wrong.append(FieldProblem("alert.info.event", "必须填写。"))
    area = _area(info, wrong)
    if wrong or sent is None:
        raise _bad(wrong)
    return Alert(
        sender=said["sender"][:200],
        identifier=said["identifier"][:200],
        sent=sent,
        is_test=said["status"] != "Actual",
        message=said["msgType"],
        earlier=earlier,
        source_name=(info.say("senderName") or said["sender"])[:200],
        is_weather="Met" in {node.text.strip() for node in info.all("category")},
        event=info.say("event")[:200],
        severity=info.say("severity")[:32],
        urgency=info.say("urgency")[:32],
        certainty=info.say("certainty")[:32],
        expires=expires,
        headline=title[:200],
        text="\n".join(part for part in (info.say("description"), info.say("instruction")) if part)[:4000],
        area=area,
    )


def _area(info: _Node, wrong: list[FieldProblem]) -> Area:
    codes: list[str] = []
    polygons: list[tuple[tuple[float, float], ...]] = []
    circles: list[tuple[float, float, float]] = []
    areas = info.all("area")
    if len(areas) > _MOST_AREAS:
        wrong.append(FieldProblem("alert.info.area", f"最多 {_MOST_AREAS} 个区域。"))
    for area in areas[:_MOST_AREAS]:
        codes += [code.say("value") for code in area.all("geocode") if code.say("value").isdigit()]
        for node in area.all("polygon"):
            try:
                ring = tuple(_spot(pair) for pair in node.text.split())
            except ValueError:
                ring = ()
            if len(ring) < 4:
                wrong.append(FieldProblem("alert.info.area.polygon", "应为至少四个“纬度,经度”，首尾相同。"))
            else:
                polygons.append(ring)
        for node in area.all("circle"):
            try:
                centre, radius = node.text.split()
                circles.append((*_spot(centre), float(radius)))
            except ValueError:
                wrong.append(FieldProblem("alert.info.area.circle", "应为“纬度,经度 半径（千米）”。"))
    return Area(tuple(dict.fromkeys(codes)), tuple(polygons), tuple(circles))


def _spot(pair: str) -> tuple[float, float]:
    latitude, longitude = (float(part) for part in pair.split(","))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(pair)
    return longitude, latitude


def _time(word: str, place: str, wrong: list[FieldProblem]) -> datetime | None:
    if not word:
        return None
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        wrong.append(FieldProblem(place, "应为带时区的时间，例如 2026-11-22T14:00:00+08:00。"))
        return None
    return at


def _tree(data: bytes) -> _Node:
    top = _Node("")
    stack = [top]
    count = 0

    def begin(name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(stack) > _MOST_DEPTH or count > _MOST_NODES:
            raise _bad([FieldProblem("alert", "内容过大或嵌套过深。")])
        space, _, local = name.rpartition(" ")
        node = _Node(local if space == _NAMESPACE else "")
        stack[-1].children.append(node)
        stack.append(node)

    def end(_name: str) -> None:
        stack.pop()

    def say(words: str) -> None:
        stack[-1].text += words

    def refuse(*_told: object) -> None:
        raise _bad([FieldProblem("alert", "不得含有 DOCTYPE 或实体定义。")])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = say
    parser.StartDoctypeDeclHandler = refuse  # no entity can be declared without one
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as exc:
        raise _bad([FieldProblem("alert", f"不是完整的 XML：{exc}")]) from exc
    return top.children[0]


def _bad(wrong: list[FieldProblem]) -> DomainError:
    return DomainError("cap-invalid", "CAP 消息有误，请按提示修改后重发。", 400, wrong)


def holds(area: Area, longitude: float, latitude: float) -> bool:
    """Say whether a spot lies in a polygon or circle of an area."""
    return any(_in_ring(ring, longitude, latitude) for ring in area.polygons) or any(
        _near(circle, longitude, latitude) for circle in area.circles
    )


def _in_ring(ring: tuple[tuple[float, float], ...], x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _near(circle: tuple[float, float, float], longitude: float, latitude: float) -> bool:
    x, y, radius_km = circle
    a = (
        sin(radians(latitude - y) / 2) ** 2
        + cos(radians(y)) * cos(radians(latitude)) * sin(radians(longitude - x) / 2) ** 2
    )
    return 2 * 6371.0088 * asin(min(1.0, sqrt(a))) <= radius_km
