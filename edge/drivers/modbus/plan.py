"""Plans the reads of a bus: gap filling, and a byte count of its own for every block of a unit (rule U)."""

from __future__ import annotations

from edge.drivers.modbus.models import BusConfig, BusPlan


def plan(config: BusConfig) -> BusPlan:
    """Return all requests of a bus.

    Raises:
        PlanError: a block can't get a length of its own; every problem names the block and a remedy.
    """
    raise NotImplementedError(config)
