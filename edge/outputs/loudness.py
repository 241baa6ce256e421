"""How loud an announcement is: quieter at night, but never one that is about life; pure."""

from collections.abc import Callable
from datetime import UTC, datetime, time, tzinfo
from functools import partial

from edge.config_models import AnnouncerTable

NEVER_QUIET = 3  # the highest priority is as loud by night as by day


def loudness(table: AnnouncerTable, zone: tzinfo | None) -> Callable[[int, int], int]:
    """Return what gives the volume in percent by UTC milliseconds and priority.

    Args:
        table: the announcer's.
        zone: of the plant; None: that of the system.
    """
    begins, ends = (time.fromisoformat(text) for text in table.night)
    quiet = table.volume if table.night_volume is None else table.night_volume
    return partial(_volume, table.volume, quiet, begins, ends, zone)


def _volume(
    loud: int, quiet: int, begins: time, ends: time, zone: tzinfo | None, utc_ms: int, priority: int
) -> int:
    if priority >= NEVER_QUIET:
        return loud
    here = datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(zone).time()
    night = begins <= here < ends if begins <= ends else here >= begins or here < ends
    return quiet if night else loud
