"""Where the readings of all buses come in: a defect in judging one block stops neither its bus nor others.

What could not be judged counts as no sign of life of its bus and as no reading of its block: the block's own
stale alarm rings, and a bus of which nothing can be judged any more is found by the supervision.
"""

import logging
from collections.abc import Callable

from edge.drivers.models import BlockReading

log = logging.getLogger(__name__)


class Intake:
    """Hands readings on; told once for each block that fails, and again when it is judged."""

    def __init__(self, take: Callable[[str, BlockReading], None], met: Callable[[str, int], None]) -> None:
        """Prepare.

        Args:
            take: judges a reading of a bus.
            met: hears that a bus gave one at a monotonic time.
        """
        self._take = take
        self._met = met
        self._failing: set[tuple[str, int]] = set()

    def take(self, bus: str, reading: BlockReading) -> None:
        """Take the outcome of one poll or report."""
        block = (bus, reading.block.number)
        try:
            self._take(bus, reading)
        except Exception:
            if block not in self._failing:
                self._failing.add(block)
                log.exception("bus %s, %s: its readings cannot be judged", bus, reading.block)
            return
        if self._failing and block in self._failing:
            self._failing.discard(block)
            log.warning("bus %s, %s: its readings are judged again", bus, reading.block)
        self._met(bus, reading.mono_ms)
