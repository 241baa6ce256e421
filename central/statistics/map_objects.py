"""What stands in a window of the map, gathered into clusters; what lies near a place; layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central.db.errors import DomainError, FieldProblem
from central.db.queries import load
from central.registry.forms.register import GROUPS, catalogue
from central.registry.tables import way_to_spot
from central.statistics import map_rules as rules
from central.statistics.map_models import (
    Family,
    Found,
    FoundOnMap,
    MapItem,
    MapLayer,
    MapLayers,
    MapObjects,
    Near,
    Nearby,
    NearLayer,
)
from central.statistics.models import LEVELS, Presence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.forms.register import Register

Q = load(__file__, "queries_map.sql")

ENTERPRISE, HAZARD, GATEWAY = "enterprise", "hazard", "gateway"
_FAMILIES: tuple[Family, ...] = ("enterprise", "gateway", "record")
_PRESENCE: dict[int, Presence] = {1: "online", 2: "late", 3: "offline"}
_RECORD = _FAMILIES.index("record")
_MOST_NEAR = 200
_MOST_APART = 40
_MOST_COUNTED = 150
_MOST_FOUND = 20


def registers_on_map(person: Person) -> dict[str, Register]:
    """The registers whose records have a place, for somebody who may read registers; {} for others."""
    if "register" not in person.may:
        return {}
    return {name: register for name, register in catalogue().items() if way_to_spot(register)}


async def objects(
    conn: Connection, person: Person, now: datetime, bbox: str, zoom: float, layers: Sequence[str], state: str
) -> MapObjects:
    """What stands in a window, near things gathered, at most `rules.MOST_ITEMS` of them.

    Args:
        conn: a scoped transaction.
        person: who looks.
        now: the database's time.
        bbox: `west,south,east,north` in degrees.
        zoom: of the map.
        layers: which are shown: enterprise, hazard (enterprises with a major hazard), gateway, or registers.
        state: "warning", "offline", "normal" or "" for all; records have none of these.

    Raises:
        DomainError: 400 with every bad field.
    """
    shown = rules.window(bbox)
    chosen = _layers(person, layers)
    hazards_only = HAZARD in chosen and ENTERPRISE not in chosen
    asked = sorted({ENTERPRISE if layer == HAZARD else layer for layer in chosen})
    families = len({_family(layer) for layer in asked})
    cell = rules.cell_size(shown, zoom, max(families, 1))
    (left, top), (right, bottom) = shown.low, shown.high
    rows = await conn.fetch(Q.cells, asked, hazards_only, left, top, right, bottom, cell, state, _MOST_APART)
    heaps: list[tuple[int, rules.Heap]] = []
    for family in range(len(_FAMILIES)):
        own = [rules.Heap(r["count"], r["x"], r["y"], [r]) for r in rows if r["family"] == family]
        heaps += [(family, heap) for heap in rules.joined([h for h in own if not h.rows[0]["apart"]], cell)]
        heaps += [(family, heap) for heap in own if heap.rows[0]["apart"]]
    single = [heap.rows[0] for _, heap in heaps if heap.count == 1]
    heard = await _heard(conn, [row for row in single if row["family"] < _RECORD])
    quality = await _quality(conn, [row["enterprise_id"] for row in single if row["layer"] == ENTERPRISE])
    items = [_item(_FAMILIES[family], heap, heard, quality) for family, heap in heaps]
    return MapObjects(items, sum(item.count for item in items), now)


def _family(layer: str) -> int:
    return {ENTERPRISE: 0, GATEWAY: 1}.get(layer, 2)


def _layers(person: Person, layers: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(layer for layer in layers if layer))
    mine = registers_on_map(person)
    unknown = [
        layer for layer in wanted
        if layer not in {ENTERPRISE, HAZARD, GATEWAY} and layer not in mine
    ]  # fmt: skip
    if unknown:
        raise DomainError(
            "invalid", "没有这样的图层。", 400,
            fields=[FieldProblem("layers", f"没有图层“{layer[:40]}”。", "请从图层清单中选择。")
                    for layer in unknown],
        )  # fmt: skip
    return wanted


async def _heard(conn: Connection, rows: Sequence[Any]) -> dict[int | str, int]:
    """How single enterprises and gateways are heard, by the number of the one and the id of the other."""
    numbers = sorted({row["enterprise_id"] for row in rows if row["enterprise_id"] is not None})
    heard: dict[int | str, int] = {}
    if numbers:
        for row in await conn.fetch(Q.presence, numbers):
            heard[row["gateway_id"]] = row["presence"]
            heard[row["enterprise_id"]] = max(heard.get(row["enterprise_id"], 0), row["presence"])
    return heard


async def _quality(conn: Connection, enterprises: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Points and bad points of single enterprises; of nobody where there are too many to count."""
    if not 0 < len(enterprises) <= _MOST_COUNTED:
        return {}
    counted = {
        row["enterprise_id"]: (row["points"], row["bad"]) for row in await conn.fetch(Q.quality, enterprises)
    }
    return {number: counted.get(number, (0, 0)) for number in enterprises}


def _item(
    family: Family,
    heap: rules.Heap,
    heard: dict[int | str, int],
    quality: dict[int, tuple[int, int]],
) -> MapItem:
    rows = heap.rows
    first = rows[0]
    worst = LEVELS.get(rules.largest(rows, lambda row: row["worst"]))
    if heap.count == 1:
        key = first["ref"] if family == "gateway" else first["enterprise_id"]
        presence = None if family == "record" else _PRESENCE.get(heard.get(key, 0), "none")
        points, bad = (
            quality.get(first["enterprise_id"], (None, None)) if family == "enterprise" else (None, None)
        )
        return MapItem(
            family=family, layer=first["layer"], id=first["ref"], name=first["name"],
            longitude=round(first["longitude"], 6), latitude=round(first["latitude"], 6), level=worst,
            troubled=first["troubled"], open=first["open"], unanswered=first["unanswered"],
            offline=first["offline"], presence=presence, hazard_class=first["hazard_class"],
            enterprise_id=first["enterprise_id"], points=points, bad_points=bad,
        )  # fmt: skip
    count = heap.count
    grave = [row["hazard_class"] for row in rows if row["hazard_class"] is not None]
    return MapItem(
        family=family, layer=first["layer"], count=count, level=worst,
        longitude=round(sum(row["longitude"] * row["count"] for row in rows) / count, 5),
        latitude=round(sum(row["latitude"] * row["count"] for row in rows) / count, 5),
        troubled=sum(row["troubled"] for row in rows), open=sum(row["open"] for row in rows),
        unanswered=sum(row["unanswered"] for row in rows), offline=sum(row["offline"] for row in rows),
        hazard_class=min(grave, default=None),
        extent=[round(min(row["west"] for row in rows), 5), round(min(row["south"] for row in rows), 5),
                round(max(row["east"] for row in rows), 5), round(max(row["north"] for row in rows), 5)],
    )  # fmt: skip


async def nearby(
    conn: Connection,
    person: Person,
    longitude: float,
    latitude: float,
    radius_m: int,
    layers: Sequence[str] = (),
) -> Nearby:
    """Enterprises and records around a place, the nearest first; what waits in a warning's neighbourhood.

    Args:
        conn: a scoped transaction.
        person: who looks.
        longitude: degrees, WGS-84.
        latitude: the same.
        radius_m: metres.
        layers: only these; none: all that the person may see.

    Raises:
        DomainError: 400, a layer that there is not.
    """
    chosen = [ENTERPRISE if layer == HAZARD else layer for layer in _layers(person, layers)]
    mine = registers_on_map(person)
    (left, top), (right, bottom) = (
        (around := rules.around(longitude, latitude, radius_m)).low,
        around.high,
    )
    rows = await conn.fetch(
        Q.nearby, longitude, latitude, float(radius_m), left, top, right, bottom,
        chosen or [ENTERPRISE, *mine], _MOST_NEAR,
    )  # fmt: skip
    counts = {row["layer"]: row["of_layer"] for row in rows}
    return Nearby(
        [
            Near(
                layer=row["layer"], id=row["ref"], name=row["name"], longitude=row["longitude"],
                latitude=row["latitude"], distance_m=round(row["metres"]), hazard_class=row["hazard_class"],
                level=LEVELS.get(row["worst"]), open=row["open"],
            )
            for row in rows
        ],
        [NearLayer(layer, *_titles(layer, mine), count) for layer, count in counts.items()],
        radius_m,
    )  # fmt: skip


def _titles(layer: str, mine: dict[str, Register]) -> tuple[str, str]:
    own = {ENTERPRISE: ("企业", "Enterprises"), GATEWAY: ("网关", "Gateways")}
    if layer in own:
        return own[layer]
    return mine[layer].zh, mine[layer].en


async def search(conn: Connection, person: Person, words: str) -> FoundOnMap:
    """Things on the map by a part of their name.

    Args:
        conn: a scoped transaction.
        person: who looks.
        words: the part; nothing finds nothing.
    """
    if not words.strip():
        return FoundOnMap([])
    mine = registers_on_map(person)
    rows = await conn.fetch(Q.search, _contains(words.strip()), [ENTERPRISE, *mine], _MOST_FOUND)
    return FoundOnMap(
        [
            Found(
                layer=row["layer"], title=titles[0], title_en=titles[1], id=row["ref"], name=row["name"],
                longitude=row["longitude"], latitude=row["latitude"],
            )
            for row in rows
            if (titles := _titles(row["layer"], mine))
        ]
    )  # fmt: skip


def _contains(text: str) -> str:
    """A pattern for ILIKE in which the person's own wildcards are letters."""
    for letter in ("\\", "%", "_"):
        text = text.replace(letter, "\\" + letter)
    return f"%{text}%"


async def layers(conn: Connection, person: Person) -> MapLayers:
    """Every layer that holds something, in the order of the registers.

    Args:
        conn: a scoped transaction.
        person: who looks.
    """
    found = {row["layer"]: row for row in await conn.fetch(Q.layers)}
    listed: list[MapLayer] = []

    def add(layer: str, title: tuple[str, str], group: tuple[str, str], count: int) -> None:
        listed.append(
            MapLayer(layer=layer, title=title[0], title_en=title[1], group=group[0], group_title=group[1],
                     count=count)
        )  # fmt: skip

    watched = ("watched", "监测对象")
    if ENTERPRISE in found:
        add(ENTERPRISE, ("企业", "Enterprises"), watched, found[ENTERPRISE]["count"])
        add(HAZARD, ("重大危险源企业", "With a major hazard"), watched, found[ENTERPRISE]["hazards"])
    if GATEWAY in found:
        add(GATEWAY, ("网关", "Gateways"), watched, found[GATEWAY]["count"])
    for name, register in registers_on_map(person).items():
        if name in found:
            group = (register.group, GROUPS[register.group])
            add(name, (register.zh, register.en), group, found[name]["count"])
    return MapLayers(listed, await conn.fetchval(Q.unplaced) or 0)
