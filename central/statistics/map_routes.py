"""HTTP of the map."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from central import clock
from central.db.pool import Database
from central.db.scope import scoped
from central.identity.models import Person
from central.settings import Settings
from central.statistics import map_areas, map_ground, map_objects
from central.statistics.map_models import (
    Areas,
    FoundOnMap,
    Ground,
    Heat,
    MapLayers,
    MapObjects,
    Nearby,
    Standing,
)

_Area = Annotated[str, QueryParameter(max_length=20)]


@get("/map/objects", operation_id="mapObjects", tags=["map"])
async def objects(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    bbox: Annotated[str, QueryParameter(max_length=120)],
    zoom: Annotated[float, QueryParameter(ge=0, le=24)] = 10,
    layers: Annotated[str, QueryParameter(max_length=1000)] = "enterprise",
    wanted: Annotated[Literal["", "warning", "offline", "normal"], QueryParameter(name="state")] = "",
) -> MapObjects:
    """What stands in a window of the map, near things gathered into clusters; layers with commas between."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        now = await clock.database_now(conn)
        return await map_objects.objects(conn, person, now, bbox, zoom, layers.split(","), wanted)


@get("/map/nearby", operation_id="mapNearby", tags=["map"])
async def nearby(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    longitude: Annotated[float, QueryParameter(ge=-180, le=180)],
    latitude: Annotated[float, QueryParameter(ge=-90, le=90)],
    radius_m: Annotated[int, QueryParameter(ge=1, le=50_000)] = 1_000,
    layers: Annotated[str, QueryParameter(max_length=1000)] = "",
) -> Nearby:
    """Enterprises and records around a place (WGS-84), the nearest first; layers with commas between."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await map_objects.nearby(conn, person, longitude, latitude, radius_m, layers.split(","))


@get("/map/search", operation_id="mapSearch", tags=["map"])
async def search(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    q: Annotated[str, QueryParameter(max_length=100)] = "",
) -> FoundOnMap:
    """Enterprises and records on the map by a part of their name."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await map_objects.search(conn, person, q)


@get("/map/layers", operation_id="mapLayers", tags=["map"])
async def layers(person: NamedDependency[Person], database: NamedDependency[Database]) -> MapLayers:
    """The layers of the map with how much each holds."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await map_objects.layers(conn, person)


@get("/map/areas", operation_id="mapAreas", tags=["map"])
async def areas(
    person: NamedDependency[Person], database: NamedDependency[Database], within: _Area = ""
) -> Areas:
    """How the areas below a region stand, parks among them; without one, those of the reader."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await map_areas.areas(conn, person.scope, within, await clock.database_now(conn))


@get("/map/standing", operation_id="mapStanding", tags=["map"])
async def standing(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    within: _Area = "",
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
) -> Standing:
    """The enterprises of an area that stand worst, and why."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await map_areas.standing(conn, person.scope, within, limit)


@get("/map/heat", operation_id="mapHeat", tags=["map"])
async def heat(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    days: FromQuery[Literal[0, 7, 30]] = 0,
) -> Heat:
    """Where warnings run, or where those of some days were."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await map_areas.heat(conn, days, await clock.database_now(conn))


@get("/map/ground", operation_id="mapGround", tags=["map"])
async def ground(
    person: NamedDependency[Person], database: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Ground:
    """The tile source, the shapes of the ground, and where the reader's jurisdiction lies."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await map_ground.ground(conn, person.scope, settings)


routes: list[Any] = [objects, nearby, search, layers, areas, standing, heat, ground]
