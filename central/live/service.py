"""How other domains tell the consoles of a change: `publish`, in the transaction that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central.live import store

if TYPE_CHECKING:
    from central.db.pool import Connection


async def publish(conn: Connection, kind: str, place: str, payload: dict[str, Any]) -> None:
    """Leaves an event for every console whose jurisdiction holds the place; told after the commit.

    Args:
        conn: the transaction that makes the change.
        kind: "alarm", "warning", "presence", or "moved" (an enterprise left this place or came to it).
        place: whose event it is.
        payload: what the console is told; small, ids rather than rows.
    """
    await store.publish(conn, kind, place, payload)
