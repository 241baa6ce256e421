"""The live events in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central.db.queries import load
from central.live.models import LiveRow

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection

Q = load(__file__)


async def publish(conn: Connection, kind: str, place: str, payload: dict[str, Any]) -> None:
    await conn.execute(Q.publish, kind, place, payload)


async def window(conn: Connection, floor: int) -> tuple[int, list[LiveRow]]:
    """The snapshot's oldest running transaction, and the visible events at or above a floor, by id."""
    found = await conn.fetch(Q.window, floor)
    rows = [
        LiveRow(r["id"], r["xid"], r["kind"], r["place"], r["sector"], r["payload"])
        for r in found
        if r["id"] is not None
    ]
    return found[0]["xmin"], rows


async def snapshot(conn: Connection) -> int:
    xmin: int = await conn.fetchval(Q.snapshot)
    return xmin


async def oldest(conn: Connection) -> int | None:
    xid: int | None = await conn.fetchval(Q.oldest)
    return xid


async def trim(conn: Connection, before: datetime) -> None:
    await conn.execute(Q.trim, before)
