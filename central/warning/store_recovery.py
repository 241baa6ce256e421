"""The SQL of a restored centre: what is held, what is in doubt, and where the database lived."""

from datetime import datetime

from central.db.pool import Connection
from central.db.queries import load
from central.warning.store import Row

Q = load(__file__, "queries_recovery.sql")


async def recovery(conn: Connection) -> Row | None:
    """Give the running recovery of a restored centre."""
    return await conn.fetchrow(Q.recovery)


async def begin_recovery(conn: Connection, now: datetime, by: str) -> None:
    """Note that the centre was restored."""
    await conn.execute(Q.begin_recovery, now, by)


async def end_recovery(conn: Connection, now: datetime, by: str) -> None:
    """Note that the recovery is over."""
    await conn.execute(Q.end_recovery, now, by)


async def hold_calls(conn: Connection, now: datetime) -> int:
    """Hold every call that has not ended; give how many."""
    return _count(await conn.execute(Q.hold_calls, now))


async def release_calls(conn: Connection, now: datetime) -> int:
    """Let held calls go; give how many."""
    return _count(await conn.execute(Q.release_calls, now))


async def discard_calls(conn: Connection, now: datetime) -> int:
    """End held calls without sending them; give how many."""
    return _count(await conn.execute(Q.discard_calls, now))


async def unsettled_cases(conn: Connection) -> list[Row]:
    """Lock the cases that a restore leaves in doubt."""
    return await conn.fetch(Q.unsettled_cases)


async def move_home(conn: Connection, fingerprint: str, now: datetime) -> str | None:
    """Remember where the database lives; give where it lived before, None at its first start."""
    before: str | None = await conn.fetchval(Q.move_home, fingerprint, now)
    return before


def _count(status: str) -> int:
    return int(status.rsplit(" ", 1)[-1])
