"""The pure part of the map: nothing is lost or doubled by gathering, windows hold their circles."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.db.errors import DomainError
from central.db.scope import Scope
from central.statistics import map_rules as rules

_EAST = st.floats(73, 135)
_NORTH = st.floats(18, 54)
_HEAPS = st.lists(st.tuples(st.integers(1, 500), st.floats(0, 10_000), st.floats(0, 10_000)), max_size=60)


@given(_HEAPS, st.integers(64, 4096))
def test_gathering_loses_and_doubles_nothing_and_leaves_no_two_signs_on_each_other(
    given_heaps: list[tuple[int, float, float]], cell: int
) -> None:
    heaps = [rules.Heap(count, x, y, [number]) for number, (count, x, y) in enumerate(given_heaps)]
    joined = rules.joined(heaps, cell)
    assert sorted(row for heap in joined for row in heap.rows) == list(range(len(heaps)))
    assert sum(heap.count for heap in joined) == sum(heap.count for heap in heaps)
    assert len(joined) <= len(heaps)


@given(_EAST, _NORTH, st.floats(0.001, 30), st.floats(0.001, 20), st.floats(0, 24), st.integers(1, 3))
def test_no_window_has_more_cells_than_an_answer_may_hold(
    west: float, south: float, wide: float, high: float, zoom: float, families: int
) -> None:
    shown = rules.Window(west, south, west + wide, south + high)
    cell = rules.cell_size(shown, zoom, families)
    (left, top), (right, bottom) = shown.low, shown.high
    cells = (right // cell - left // cell + 1) * (bottom // cell - top // cell + 1)
    assert cells * families <= rules.MOST_ITEMS
    # A power of two: cells of one zoom lie inside those of the zoom before.
    assert cell & (cell - 1) == 0


@given(_EAST, _NORTH, st.floats(0, 2 * math.pi), st.sampled_from([500, 1000, 3000, 5000]))
def test_what_lies_within_the_radius_lies_within_the_window(
    east: float, north: float, bearing: float, radius: int
) -> None:
    angle = radius * 0.999 / rules.EARTH_M
    a = math.radians(north)
    b = math.asin(math.sin(a) * math.cos(angle) + math.cos(a) * math.sin(angle) * math.cos(bearing))
    across = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(a), math.cos(angle) - math.sin(a) * math.sin(b)
    )
    there = (east + math.degrees(across), math.degrees(b))
    shown = rules.around(east, north, radius)
    assert shown.west <= there[0] <= shown.east
    assert shown.south <= there[1] <= shown.north
    assert rules.distance_m(east, north, *there) == pytest.approx(radius * 0.999, rel=1e-6)


def test_a_degree_of_the_equator_is_as_long_as_geodesy_says() -> None:
    # 2πR/360 with R = 6,371,008.8 m
    assert rules.distance_m(0, 0, 1, 0) == pytest.approx(111_195.08, abs=0.01)


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "112,30,111,31", "112,31,113,30", "1,2,3,nan", "0,-91,1,1"]
)
def test_what_is_no_window_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(DomainError) as refused:
        rules.window(text)
    assert "112.4,30.1,112.9,30.5" in refused.value.fields[0].remedy


def test_a_scope_of_regions_has_its_regions_as_roots_and_one_of_enterprises_none() -> None:
    assert rules.roots(Scope.region("429981")) == ["429981"]
    assert rules.roots(Scope.union([Scope.region("429981102"), Scope.region("429982101")])) == [
        "429981102",
        "429982101",
    ]
    assert rules.roots(Scope.enterprise("429981101/E1")) == []
