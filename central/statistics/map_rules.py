"""The pure part of the map: windows and cells of the grid, clusters that touch become one, how far apart.

Positions inside are Web Mercator as whole numbers, 2³⁰ around the world, y from the north (migration 0031).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from central.db.errors import DomainError, FieldProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from central.db.scope import Scope

WORLD = 1 << 30
# An answer stays below 100 kB: so many clusters and single things of all families together.
MOST_ITEMS = 300
EARTH_M = 6_371_008.8  # mean radius (IUGG)
_LIMIT = 85.0
_TOUCHING = 0.55  # of a cell: closer than this two signs would lie on each other


class Window(Struct, frozen=True):
    """A window of the map in degrees; west is below east (a jurisdiction never crosses the date line)."""

    west: float
    south: float
    east: float
    north: float

    @property
    def low(self) -> tuple[int, int]:
        """Smallest x and y inside."""
        return mercator(self.west, self.north)

    @property
    def high(self) -> tuple[int, int]:
        """Largest x and y inside."""
        return mercator(self.east, self.south)


def window(text: str) -> Window:
    """Reads `west,south,east,north` in degrees.

    Raises:
        DomainError: 400; says what is wrong and what would be right.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise _bad(text) from None
    fits = -180 <= west < east <= 180 and -90 <= south < north <= 90
    if not fits:
        raise _bad(text)
    return Window(west, south, east, north)


def _bad(text: str) -> DomainError:
    problem = f"“{text[:60]}”不是地图范围。"
    right = "应为 西经度,南纬度,东经度,北纬度，例如 112.4,30.1,112.9,30.5。"
    return DomainError("invalid", "地图范围不正确。", 400, fields=[FieldProblem("bbox", problem, right)])


def mercator(longitude: float, latitude: float) -> tuple[int, int]:
    """The place of a position on the grid, as the database reckons it.

    Args:
        longitude: degrees.
        latitude: degrees; beyond ±85 it is 85.
    """
    north = math.radians(min(max(latitude, -_LIMIT), _LIMIT))
    y = 0.5 - math.log(math.tan(math.pi / 4 + north / 2)) / (2 * math.pi)
    return math.floor((longitude + 180) / 360 * (WORLD - 1)), math.floor(y * (WORLD - 1))


def cell_size(shown: Window, zoom: float, families: int = 1) -> int:
    """The edge of a cell: 64 to 128 pixels of the screen, larger where there would be too many.

    A power of two, so that cells of one zoom lie inside those of the zoom before and stay where they are
    while the map is moved.

    Args:
        shown: the window.
        zoom: of the map (512 pixels around the world at 0).
        families: how many families are clustered apart.
    """
    cell = WORLD >> (min(max(math.floor(zoom), 0), 22) + 3)
    (left, top), (right, bottom) = shown.low, shown.high
    while ((right - left) // cell + 2) * ((bottom - top) // cell + 2) * families > MOST_ITEMS:
        cell *= 2
    return cell


class Heap(Struct):
    """Things of one family in a cell: how many, where their middle is, and the row of the database."""

    count: int
    x: float
    y: float
    rows: list[Any]


def joined(heaps: Sequence[Heap], cell: int) -> list[Heap]:
    """Joins heaps whose middles nearly touch: a grid cuts through towns.

    Args:
        heaps: of one family.
        cell: the edge of a cell.

    Returns:
        Heaps with all the rows of the given ones; no row is lost or doubled.
    """
    kept: list[Heap] = []
    at: dict[tuple[int, int], list[int]] = {}
    reach = cell * _TOUCHING
    for heap in sorted(heaps, key=lambda one: (-one.count, one.x, one.y)):
        column, row = int(heap.x // reach), int(heap.y // reach)
        near = [
            place
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for place in at.get((column + dx, row + dy), ())
            if math.hypot(kept[place].x - heap.x, kept[place].y - heap.y) < reach
        ]
        if near:
            other = kept[min(near, key=lambda place: _apart(kept[place], heap))]
            whole = other.count + heap.count
            other.x += (heap.x - other.x) * heap.count / whole
            other.y += (heap.y - other.y) * heap.count / whole
            other.count = whole
            other.rows.extend(heap.rows)
        else:
            at.setdefault((column, row), []).append(len(kept))
            kept.append(Heap(heap.count, heap.x, heap.y, list(heap.rows)))
    return kept


def _apart(one: Heap, other: Heap) -> float:
    return math.hypot(one.x - other.x, one.y - other.y)


def distance_m(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Metres between two positions along a great circle (haversine)."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    across = math.radians(other_longitude - longitude)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(across / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def around(longitude: float, latitude: float, radius_m: float) -> Window:
    """A window that holds the whole circle."""
    high = math.degrees(radius_m / EARTH_M) * 1.001 + 1e-6
    wide = high / max(math.cos(math.radians(min(abs(latitude) + high, 89.0))), 0.01)
    return Window(longitude - wide, latitude - high, longitude + wide, latitude + high)


def roots(scope: Scope) -> list[str]:
    """The regions that a scope is made of; none for one of single enterprises alone."""
    return [low for low, high in scope.ranges if "/" not in low and high == f"{low}:"]


def largest(numbers: Sequence[Any], key: Callable[[Any], int | None]) -> int:
    """The largest of some numbers of rows; 0 where there is none."""
    return max((key(row) or 0 for row in numbers), default=0)
