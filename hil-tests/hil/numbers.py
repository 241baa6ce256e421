"""Percentiles and bins of a handful of measured times."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed (nearest rank).

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def round_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten: where an axis may end."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def bins(values: Sequence[float], end: float, count: int) -> list[int]:
    """How many values fall into each of `count` equal bins from 0 to `end`; beyond counts as the last."""
    found = [0] * count
    for value in values:
        found[min(count - 1, max(0, int(value / end * count)))] += 1
    return found
