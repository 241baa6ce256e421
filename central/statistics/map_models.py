"""What the map shows: single things and clusters, layers, areas with their standing, the ground below."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from central.statistics.models import ByLevel, Level, Presence

Family = Literal["enterprise", "gateway", "record"]
Datum = Literal["wgs84", "cgcs2000", "gcj02"]
State = Literal["", "warning", "offline", "normal"]


class MapItem(Struct, frozen=True, kw_only=True):
    """One thing on the map, or several that stand too close to be told apart. Degrees are WGS-84.

    Attributes:
        family: enterprises, gateways and records are clustered apart.
        layer: of a single thing; of a cluster the layer of one of them.
        id: of a single thing, as its own page has it; "" for a cluster.
        count: how many things.
        level: the worst level of their running warnings.
        troubled: enterprises with a running warning.
        open: running warnings.
        unanswered: those that nobody answered yet.
        offline: how many are not heard.
        presence: of a single enterprise (its worst gateway) or gateway.
        hazard_class: the gravest class of a major hazard (1 worst).
        points: of a single enterprise, its points in use; `bad_points` of them have no good newest value.
            None where too much is shown to ask.
        extent: of a cluster: west, south, east, north.
    """

    family: Family
    layer: str
    id: str = ""
    name: str = ""
    longitude: float
    latitude: float
    count: int = 1
    level: Level | None = None
    troubled: int = 0
    open: int = 0
    unanswered: int = 0
    offline: int = 0
    presence: Presence | None = None
    hazard_class: int | None = None
    enterprise_id: int | None = None
    points: int | None = None
    bad_points: int | None = None
    extent: list[float] | None = None


class MapObjects(Struct, frozen=True):
    """What stands in a window of the map; `total`: things, not clusters."""

    items: list[MapItem]
    total: int
    at: datetime


class Near(Struct, frozen=True, kw_only=True):
    """Something near a place; `distance_m` as the crow flies."""

    layer: str
    id: str
    name: str
    longitude: float
    latitude: float
    distance_m: int
    hazard_class: int | None
    level: Level | None
    open: int


class NearLayer(Struct, frozen=True):
    """How many things of a layer lie in the circle, also of those that the list left out."""

    layer: str
    title: str
    title_en: str
    count: int


class Nearby(Struct, frozen=True):
    """What lies around a place, the nearest first."""

    items: list[Near]
    layers: list[NearLayer]
    radius_m: int


class Found(Struct, frozen=True, kw_only=True):
    """Something on the map that was searched for by its name."""

    layer: str
    title: str
    title_en: str
    id: str
    name: str
    longitude: float
    latitude: float


class FoundOnMap(Struct, frozen=True):
    """What a search found, enterprises first."""

    items: list[Found]


class MapLayer(Struct, frozen=True, kw_only=True):
    """One layer that may be shown, with how much it holds in the reader's jurisdiction."""

    layer: str
    title: str
    title_en: str
    group: str
    group_title: str
    count: int


class MapLayers(Struct, frozen=True):
    """The layers, and how many enterprises have no position yet."""

    layers: list[MapLayer]
    unplaced: int


class AreaStanding(Struct, frozen=True, kw_only=True):
    """How an area stands: a region, or a park. Longitude and latitude are the middle of its enterprises.

    Attributes:
        code: region code, or "agency-<id>" of a park.
        enterprises: how many.
        hazards: enterprises with a major hazard; `grave`: of class 1 or 2.
        with_open: enterprises with a running warning.
        open_by_level: running warnings.
        unanswered: running warnings that nobody answered.
        raised_today: warnings that were raised since midnight (China Standard Time); of these
            `raised_answered` have an answer or an end.
        handled_today: warnings that were handled since midnight.
        offline: enterprises with a gateway that is not heard.
        deeper: whether there are areas below it.
    """

    code: str
    name: str
    kind: Literal["region", "park"]
    enterprises: int
    hazards: int
    grave: int
    with_open: int
    open_by_level: ByLevel
    unanswered: int
    raised_today: int
    raised_answered: int
    handled_today: int
    offline: int
    longitude: float | None
    latitude: float | None
    deeper: bool


class Areas(Struct, frozen=True):
    """The areas below one, and the way down to it: code and name, the widest first."""

    way: list[tuple[str, str]]
    areas: list[AreaStanding]
    at: datetime


class StandingReason(Struct, frozen=True):
    """A running warning as the reason why an enterprise stands badly."""

    id: str
    level: Level
    title: str
    state: str
    raised_at: datetime


class EnterpriseStanding(Struct, frozen=True, kw_only=True):
    """An enterprise of an area that somebody should look at, with the worst reasons first."""

    id: int
    name: str
    region_name: str
    hazard_class: int | None
    level: Level | None
    open: int
    unanswered: int
    offline: bool
    longitude: float | None
    latitude: float | None
    reasons: list[StandingReason]


class Standing(Struct, frozen=True):
    """The enterprises of an area that stand worst."""

    items: list[EnterpriseStanding]


class HeatSpot(Struct, frozen=True):
    """An enterprise as a source of heat; `weight` counts its warnings by their level (1, 2, 4, 8)."""

    longitude: float
    latitude: float
    weight: int


class Heat(Struct, frozen=True):
    """Where warnings were, in a period, the heaviest first."""

    items: list[HeatSpot]
    days: int


class Shape(Struct, frozen=True, kw_only=True):
    """A shape of the ground: a region by its code, water, a road, a railway, a park. GeoJSON geometry."""

    kind: str
    region: str
    name: str
    geometry: dict[str, Any]


class Ground(Struct, frozen=True, kw_only=True):
    """What a map is drawn upon.

    Attributes:
        tiles: addresses of tile layers, lowest first, with {z} {x} {y} (and {s}); none: shapes alone.
        datum: the system of the tile source; shapes and objects are always WGS-84.
        max_zoom: deepest zoom of the tiles.
        attribution: whose map it is, with its approval number (审图号).
        extent: of the reader's jurisdiction: west, south, east, north; None: nothing has a position yet.
    """

    tiles: list[str]
    datum: Datum
    max_zoom: int
    attribution: str
    extent: list[float] | None
    shapes: list[Shape]
