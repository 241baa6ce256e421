"""The only place of the centre that reads a clock. Keeps law-never-lose 8 (time is the database's)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from central.db.pool import Connection


def wall_now() -> datetime:
    """This process's own wall clock, aware UTC; for logs and the comparison with the database."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Seconds of a clock that never jumps, for time-outs and ages inside this process."""
    return time.monotonic()


def monotonic_ms() -> int:
    """Milliseconds of a clock that never jumps."""
    return time.monotonic_ns() // 1_000_000


async def database_now(conn: Connection) -> datetime:
    """The time of the database right now, aware UTC; the `now` that services and SQL are given."""
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    return now
