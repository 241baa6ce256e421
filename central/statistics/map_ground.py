"""The ground of the map: the customer's tile source, and shapes that are loaded once from GeoJSON.

No boundary comes with the program: whoever publishes a map of China needs its approval number (测绘法,
地图管理条例), so shapes are the customer's, with their source beside them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from central.db.errors import ConfigurationError, DomainError, FieldProblem
from central.db.queries import load
from central.statistics import map_rules as rules
from central.statistics.map_models import Datum, Ground, Shape

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection
    from central.db.scope import Scope
    from central.settings import Settings

Q = load(__file__, "queries_map.sql")

DATUMS: tuple[Datum, ...] = ("wgs84", "cgcs2000", "gcj02")
KINDS = ("region", "water", "road", "railway", "park")
_MOST_SHAPES = 2_000
_MOST_BYTES = 64 << 20
_MOST_NAMED = 20
_DECIMALS = 5  # about a metre
_LINES = {"LineString": 1, "MultiLineString": 2}
_AREAS = {"Polygon": 2, "MultiPolygon": 3}


async def ground(conn: Connection, scope: Scope, settings: Settings) -> Ground:
    """What the reader's map is drawn upon.

    Args:
        conn: a scoped transaction.
        scope: the reader's: its regions with one step around and below.
        settings: name the tile source.
    """
    row = await conn.fetchrow(Q.extent)
    around = (
        None if row is None or row["west"] is None else [row[n] for n in ("west", "south", "east", "north")]
    )
    regions = rules.roots(scope) or sorted({low.split("/")[0] for low, _ in scope.ranges})
    window = _wider(around) if around else [0.0, 0.0, 0.0, 0.0]
    shapes = await conn.fetch(Q.shapes, regions, *window, _MOST_SHAPES)
    return Ground(
        tiles=settings.map_tiles.split(),
        datum=settings.map_datum,  # type: ignore[arg-type]
        max_zoom=settings.map_max_zoom,
        attribution=settings.map_attribution,
        extent=around,
        shapes=[
            Shape(kind=s["kind"], region=s["region"], name=s["name"], geometry=s["geometry"]) for s in shapes
        ],
    )


def _wider(extent: list[float]) -> list[float]:
    west, south, east, north = extent
    wide, high = max(east - west, 0.1) / 2, max(north - south, 0.1) / 2
    return [west - wide, south - high, east + wide, north + high]


def check_settings(settings: Settings) -> None:
    """Refuses a tile source that cannot work.

    Raises:
        ConfigurationError: names the variable, what is wrong and what would be right.
    """
    if settings.map_datum not in DATUMS:
        raise ConfigurationError(
            f"FENGSUI_MAP_DATUM={settings.map_datum}: must be one of {', '.join(DATUMS)}"
        )
    for address in settings.map_tiles.split():
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https", ""} or not all(f"{{{n}}}" in address for n in "zxy"):
            raise ConfigurationError(
                f"FENGSUI_MAP_TILES={address}: must be an http(s) address or a path of this server, "
                "with {z}, {x} and {y}"
            )


def tile_hosts(settings: Settings) -> str:
    """Where tiles come from, as the content security policy names it; {s} stands for any of their hosts."""
    hosts = []
    for address in settings.map_tiles.split():
        parts = urlsplit(re.sub(r"[^./]*\{s\}[^./]*", "*", address))
        if parts.netloc:
            hosts.append(f"{parts.scheme}://{parts.netloc}")
    return " ".join(dict.fromkeys(hosts))


class NewShape(Struct):
    """A shape that was read and found in order."""

    kind: str
    region: str
    name: str
    geometry: dict[str, Any]
    extent: tuple[float, float, float, float]


def read_shapes(file: Path) -> list[NewShape]:
    """Reads a GeoJSON FeatureCollection in WGS-84 (or CGCS2000, which differs by centimetres).

    Each feature has `code` (region code; also `adcode`) for a region, or `kind` (water, road, railway, park);
    `name` for its words.

    Raises:
        DomainError: names every bad feature, what is wrong and what would be right.
    """
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise _refused([FieldProblem(file.name, "文件超过 64 MB。", "请先化简边界。")])
        document = json.loads(file.read_bytes())
        features = document["features"]
    except OSError as exc:
        raise _refused([FieldProblem(str(file), f"无法读取：{exc.strerror}。", "请检查路径。")]) from exc
    except (ValueError, KeyError, TypeError) as exc:
        what = FieldProblem(file.name, "不是 GeoJSON。", "应为 FeatureCollection。")
        raise _refused([what]) from exc
    return shapes_of(features)


def shapes_of(features: Any) -> list[NewShape]:
    """Reads the features of a collection, as `read_shapes` does those of a file.

    Raises:
        DomainError: names every bad feature, what is wrong and what would be right.
    """
    problems: list[FieldProblem] = []
    found = []
    for place, feature in enumerate(features if isinstance(features, list) else [None]):
        try:
            found.append(_shape(feature))
        except ValueError as exc:
            problem, _, remedy = str(exc).partition("|")
            problems.append(FieldProblem(f"features[{place}]", problem, remedy))
    if problems or not found:
        raise _refused(problems or [FieldProblem("features", "没有图形。", "至少应有一个。")])
    return found


def _refused(problems: list[FieldProblem]) -> DomainError:
    return DomainError("invalid", "边界文件未通过检查。", 400, fields=problems[:_MOST_NAMED])


def _shape(feature: Any) -> NewShape:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise ValueError("没有 geometry。|应为多边形或折线。")  # noqa: TRY004 - one family for all
    said: Any = feature.get("properties")
    if not isinstance(said, dict):
        said = {}
    code = _code(said.get("code", said.get("adcode", "")))
    kind = str(said.get("kind") or "region")
    if kind not in KINDS:
        raise ValueError(f"没有类型“{kind[:20]}”。|应为 {'、'.join(KINDS)} 之一。")
    if kind == "region" and not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}", code):
        raise ValueError("没有行政区划代码。|应在 properties.code 中，例如 429981101。")
    given = feature["geometry"]
    form = given.get("type")
    depth = (_AREAS if kind in {"region", "water", "park"} else _LINES | _AREAS).get(form)
    if depth is None:
        raise ValueError(f"图形类型“{str(form)[:20]}”不能用。|区域应为 Polygon 或 MultiPolygon。")
    points: list[tuple[float, float]] = []
    rounded = _rounded(given.get("coordinates"), depth, points)
    extent = (
        min(p[0] for p in points), min(p[1] for p in points),
        max(p[0] for p in points), max(p[1] for p in points),
    )  # fmt: skip
    name = str(said.get("name") or "")[:60]
    return NewShape(
        kind, code if kind == "region" else "", name, {"type": form, "coordinates": rounded}, extent
    )


def _code(given: object) -> str:
    """A region code without the zeros that six-digit tables fill it up with."""
    code = str(given)
    if re.fullmatch(r"[0-9]{6}", code):
        code = re.sub(r"(00)+$", "", code) if code.endswith("00") else code
    return code


def _rounded(given: Any, depth: int, points: list[tuple[float, float]]) -> list[Any]:
    if depth:
        if not isinstance(given, list) or not given:
            raise ValueError("坐标不完整。|应为 [[经度, 纬度], …]。")
        return [_rounded(part, depth - 1, points) for part in given]
    if (
        not isinstance(given, list)
        or len(given) < 2
        or not all(isinstance(n, int | float) for n in given[:2])
    ):
        raise ValueError("坐标不是 [经度, 纬度]。|例如 [112.45, 30.21]。")
    east, north = round(float(given[0]), _DECIMALS), round(float(given[1]), _DECIMALS)
    if not (-180 <= east <= 180 and -90 <= north <= 90):
        raise ValueError("坐标超出经纬度范围。|应为 WGS-84 经纬度（度），不是投影坐标。")
    points.append((east, north))
    return [east, north]


async def put_shapes(conn: Connection, shapes: list[NewShape], source: str, now: datetime) -> int:
    """Puts shapes in the place of those that the same source brought before.

    Args:
        conn: a worker's transaction.
        shapes: as `read_shapes` gives them.
        source: whose they are, with the approval number.
        now: the database's time.

    Raises:
        DomainError: 400, regions that there are not, all of them.
    """
    codes = [shape.region for shape in shapes if shape.kind == "region"]
    names = {row["code"]: row["name"] for row in await conn.fetch(Q.known_regions, codes)}
    unknown = sorted(set(codes) - names.keys())
    if unknown:
        raise _refused(
            [FieldProblem(code, "没有这个行政区划。", "请先载入区划，或从文件中去掉。") for code in unknown]
        )
    await conn.execute(Q.drop_shapes, source, codes)
    for shape in shapes:
        await conn.execute(
            Q.add_shape, shape.kind, shape.region, shape.name or names.get(shape.region, ""), shape.geometry,
            *shape.extent, source, now,
        )  # fmt: skip
    return len(shapes)
