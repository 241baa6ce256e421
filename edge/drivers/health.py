"""How each bus is, in the few numbers that the centre shows; they come from its driver's own counts."""

from collections.abc import Mapping

from edge.drivers.models import Driver
from protocol import messages as m

LONGEST = 200  # characters of a trouble


def health(drivers: Mapping[str, Driver]) -> list[m.BusState]:
    """Say how every bus is now.

    Args:
        drivers: by name of their bus; counts are since the gateway's start.
    """
    return [_one(name, driver) for name, driver in drivers.items()]


def _one(name: str, driver: Driver) -> m.BusState:
    stats = driver.stats()
    busy = getattr(stats, "utilisation", None)
    units = getattr(stats, "units", ())
    return m.BusState(
        name,
        bool(getattr(stats, "connected", False)),
        -1 if busy is None else round(min(max(busy, 0.0), 1.0) * 1000),
        int(getattr(stats, "good", 0)),
        int(getattr(stats, "failed", 0)),
        sum(bool(getattr(unit, "silent", False)) or getattr(unit, "breaker", "") == "open" for unit in units),
        str(getattr(stats, "trouble", ""))[:LONGEST],
    )
