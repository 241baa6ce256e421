"""What every point shows now, as plain data: the value if it is usable, its quality, age and limits."""

from typing import Any

from edge.plant import Plant
from edge.watched import Watched
from protocol import quality as q


def values(plant: Plant, now: int) -> list[dict[str, Any]]:
    """Return every point as people see it.

    Args:
        plant: whose.
        now: monotonic ms.
    """
    ages = {s.source: s.good_age_ms for s in plant.sources()}
    return [point for w in plant.blocks() for point in _points(w, now, ages)]


def _points(watched: Watched, now: int, ages: dict[str, int]) -> list[dict[str, Any]]:
    held = watched.newest
    unit = watched.block.unit
    shown = []
    for i, point in enumerate(watched.block.points):
        quality, value = q.NOT_CONNECTED, None
        if held is not None:
            quality = held.quality
            for index, own in [*held.exceptions, *((at, worse) for at, _, worse in held.faults)]:
                if index == i:
                    quality = min(quality, own)
            if held.raws is not None:
                value = watched.block.core.scaled(i, held.raws[i])
        usable = value is not None and value == value and not q.is_bad(quality)  # noqa: PLR0124  # NaN
        shown.append(
            {
                "key": point.key,
                "name": point.name or point.key,
                "instrument": unit.name or unit.key,
                "value": value if usable else None,
                "unit": point.unit,
                "quality": "good" if q.is_good(quality) else "bad" if q.is_bad(quality) else "uncertain",
                "reason": watched.source.reason,
                "limits": {name: limit.limit for name, limit in point.limits.items()},
                "age_s": None if held is None else max(0, now - held.whole.mono_ms) / 1000,
                "good_age_s": ages.get(unit.key, -1) / 1000,
            }
        )
    return shown
