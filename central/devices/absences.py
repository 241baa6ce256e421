"""When gateways were not heard: from the last heartbeat to the next one, and why, where that is known."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from central.db.errors import NotFoundError
from central.db.queries import load
from central.devices import store
from central.devices.field_models import AbsenceRow
from central.devices.models import OFFLINE
from protocol.messages import StartEvent

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection

Q = load(__file__, "queries_field.sql")
Reason = Literal["network", "restarted", "revoked", "unknown"]


async def note(conn: Connection, gateway: str, presence: str, now: datetime) -> None:
    """Keep that a gateway's presence changed, in the transaction that changed it.

    Args:
        conn: a worker's transaction.
        gateway: whose.
        presence: what it is now.
        now: the database's time.
    """
    await conn.execute(Q.begin_absence if presence == OFFLINE else Q.end_absence, gateway, now)


async def listing(
    conn: Connection, gateway: str, now: datetime, before: datetime, limit: int
) -> list[AbsenceRow]:
    """Absences of a gateway within the scope that began before a moment, newest first.

    Raises:
        NotFoundError: no such gateway.
    """
    if await store.last_word(conn, gateway) is None:
        raise NotFoundError
    revoked_at = await conn.fetchval(Q.revocation_of, gateway)
    return [_row(row, revoked_at) for row in await conn.fetch(Q.absences, gateway, now, before, limit)]


def _row(row: Any, revoked_at: datetime | None) -> AbsenceRow:
    reason, detail = _why(row, revoked_at)
    return AbsenceRow(
        began_at=row["began_at"],
        ended_at=row["ended_at"],
        reason=reason,
        detail=detail,
        late_events=row["late_events"],
        waiting_batches=row["waiting_events"] + row["waiting_measurements"],
    )


def _why(row: Any, revoked_at: datetime | None) -> tuple[Reason, str]:
    if row["ended_at"] is None:
        return ("revoked", "") if revoked_at is not None else ("unknown", "")
    if row["boot_before"] is None or row["boot_after"] is None:
        return "unknown", ""
    if row["boot_before"] == row["boot_after"]:
        return "network", ""
    if row["start"] is None:
        return "restarted", ""
    with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
        return "restarted", msgspec.msgpack.decode(row["start"], type=StartEvent).cause
    return "restarted", ""
