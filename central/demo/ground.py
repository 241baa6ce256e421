"""The ground of the county that is nowhere: borders of its towns, a river, roads, and where things stand.

Drawn as the nearest town to each place inside an outline, with edges made rough; the same each time.
"""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random
from typing import Any, Final

SOURCE: Final = "演示用虚构边界"
COUNTY: Final = "429981"
_Point = tuple[float, float]

CENTRES: Final[dict[str, _Point]] = {
    "429981101": (112.712, 30.322), "429981102": (112.792, 30.286), "429981103": (112.652, 30.268),
    "429981104": (112.690, 30.386), "429981105": (112.785, 30.368), "429981201": (112.622, 30.338),
}  # fmt: skip
_OUTLINE: Final[tuple[_Point, ...]] = (
    (112.575, 30.318), (112.590, 30.262), (112.632, 30.232), (112.705, 30.228), (112.790, 30.236),
    (112.836, 30.268), (112.842, 30.330), (112.820, 30.398), (112.752, 30.428), (112.672, 30.430),
    (112.610, 30.396),
)  # fmt: skip
_PLANTS: Final = {"E0001": (112.7205, 30.3140), "E0002": (112.8010, 30.2790), "E0003": (112.6440, 30.2610)}
_ROUGH: Final = 0.16
_STEPS: Final = 4
_SPREAD: Final = 0.018
_NEAR: Final = 0.0022
_DIGITS: Final = 5
_RIVER_WIDTH: Final = 0.0052


def shapes(names: dict[str, str]) -> dict[str, Any]:
    """GeoJSON of the county, its towns, its river and its roads, as a customer would load it.

    Args:
        names: of the towns, by code.
    """
    cells = {code: _cell(code) for code in CENTRES}
    features = [_feature("region", rough(ring), code, names[code]) for code, ring in cells.items()]
    features.append(_feature("region", rough(_around(list(cells.values()))), COUNTY, "临江县"))
    features.append(_feature("water", _river(), name="清江"))
    features.append(_feature("water", _lake(), name="荷塘湖"))
    for one, other in (("101", "102"), ("101", "103"), ("101", "104"), ("104", "105"), ("101", "105"),
                       ("103", "201")):  # fmt: skip
        ends = (CENTRES[COUNTY + one], CENTRES[COUNTY + other])
        features.append(_feature("road", _edge(*ends), line=True))
    return {"type": "FeatureCollection", "features": features}


def plant(code: str) -> dict[str, float] | None:
    """Where one of the three plants stands; None for another enterprise."""
    found = _PLANTS.get(code)
    return _spot(found) if found else None


def spot_in(rng: Random, region: str) -> dict[str, float]:
    """Some place of a town, more likely near its middle; of the county, anywhere in it."""
    code = region if region in CENTRES else rng.choice(list(CENTRES))
    middle = CENTRES[code]
    ring = _cell(code)
    for _ in range(50):
        here = (rng.gauss(middle[0], _SPREAD), rng.gauss(middle[1], _SPREAD * 0.86))
        if _inside(here, ring):
            return _spot(here)
    return _spot(middle)


def spot_near(rng: Random, site: dict[str, float]) -> dict[str, float]:
    """Some place of a plant's own ground."""
    return _spot(
        (site["longitude"] + rng.uniform(-_NEAR, _NEAR), site["latitude"] + rng.uniform(-_NEAR, _NEAR))
    )


def _spot(point: _Point) -> dict[str, float]:
    return {"longitude": round(point[0], _DIGITS), "latitude": round(point[1], _DIGITS)}


def _cell(code: str) -> list[_Point]:
    """What of the outline is nearer to a town than to any other."""
    ring = list(_OUTLINE)
    mine = CENTRES[code]
    for other in CENTRES.values():
        if other != mine:
            ring = _cut(ring, mine, other)
    return [(round(x, _DIGITS), round(y, _DIGITS)) for x, y in ring]


def _cut(ring: list[_Point], mine: _Point, other: _Point) -> list[_Point]:
    """The part of a convex ring that is nearer to one point than to another."""

    def side(point: _Point) -> float:
        return math.dist(point, other) ** 2 - math.dist(point, mine) ** 2

    kept: list[_Point] = []
    for here, there in zip(ring, [*ring[1:], ring[0]], strict=True):
        a, b = side(here), side(there)
        if a >= 0:
            kept.append(here)
        if (a >= 0) != (b >= 0):
            share = a / (a - b)
            kept.append((here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share))
    return kept


def _around(cells: list[list[_Point]]) -> list[_Point]:
    """The ring of the edges that only one town has."""
    edges = {(a, b) for ring in cells for a, b in zip(ring, [*ring[1:], ring[0]], strict=True) if a != b}
    outer = {a: b for a, b in edges if (b, a) not in edges}
    ring = [next(iter(sorted(outer)))]
    while outer.get(ring[-1], ring[0]) != ring[0]:
        ring.append(outer[ring[-1]])
    return ring


def rough(ring: list[_Point]) -> list[_Point]:
    """A ring with rough edges; an edge of two neighbours is the same in both."""
    points: list[_Point] = []
    for here, there in zip(ring, [*ring[1:], ring[0]], strict=True):
        points += _edge(here, there)[:-1]
    return [*points, points[0]]


def _edge(here: _Point, there: _Point) -> list[_Point]:
    first, last = sorted((here, there))
    rng = Random(repr((first, last)))
    line = [first, last]
    for _ in range(_STEPS):
        finer = [line[0]]
        for a, b in pairwise(line):
            shift = rng.uniform(-_ROUGH, _ROUGH)
            middle = ((a[0] + b[0]) / 2 - (b[1] - a[1]) * shift, (a[1] + b[1]) / 2 + (b[0] - a[0]) * shift)
            finer += [(round(middle[0], _DIGITS), round(middle[1], _DIGITS)), b]
        line = finer
    return line if here == first else line[::-1]


def _river() -> list[_Point]:
    middle = _edge((112.540, 30.252), (112.705, 30.238))[:-1] + _edge((112.705, 30.238), (112.880, 30.256))
    upper = [(x, round(y + _RIVER_WIDTH * (1 + 0.3 * math.sin(x * 90)), _DIGITS)) for x, y in middle]
    return [*middle, *reversed(upper), middle[0]]


def _lake() -> list[_Point]:
    east, north = 112.640, 30.352
    ring = [
        (east + 0.013 * math.cos(a) * (1 + 0.2 * math.sin(3 * a)), north + 0.007 * math.sin(a))
        for a in (step / 24 * 2 * math.pi for step in range(24))
    ]
    return [*ring, ring[0]]


def _feature(
    kind: str, points: list[_Point], code: str = "", name: str = "", *, line: bool = False
) -> dict[str, Any]:
    coordinates: Any = [list(point) for point in points]
    return {
        "type": "Feature",
        "properties": {"kind": kind, "code": code, "name": name},
        "geometry": {
            "type": "LineString" if line else "Polygon",
            "coordinates": coordinates if line else [coordinates],
        },
    }


def _inside(point: _Point, ring: list[_Point]) -> bool:
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside
