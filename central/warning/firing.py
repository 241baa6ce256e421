"""Fires one case whose time has come, in one transaction (law-warning 20).

Whether its calls wait is decided right before: a window that ended, a gateway that died meanwhile, is seen.
"""

from datetime import datetime
from uuid import UUID

from central.db.pool import Connection
from central.warning import ladder, store
from central.warning.notify.models import EVERY_CHANNEL


async def claim(conn: Connection, now: datetime) -> UUID | None:
    """Lock the most urgent case that is due and that nobody else holds: a red alarm first, papers last."""
    return await store.due_case(conn, now)


async def fire(
    conn: Connection, warning_id: UUID, now: datetime, channels: frozenset[str] = EVERY_CHANNEL
) -> None:
    """Let a claimed case do what is due: its state is read again, now that nobody else can change it."""
    await ladder.reconsider(conn, warning_id, now, channels)
    row = await store.lock_case(conn, warning_id)
    assert row is not None
    await ladder.tick(conn, row, now, channels)


async def put_off(conn: Connection, warning_id: UUID, now: datetime) -> None:
    """Let a case that can't be fired wait, a little longer each time, at most a minute."""
    await store.put_off(conn, warning_id, now)


async def next_due(conn: Connection) -> datetime | None:
    """Give the moment of the next timer."""
    return await store.next_due(conn)
