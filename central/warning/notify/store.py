"""The SQL of the outbox: one function a query; nothing is decided here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from central.db.pool import Connection
from central.db.queries import load
from central.warning.notify.models import Delivery, Receiver, Rung

Q = load(__file__)
Row = asyncpg.Record


def delivery_of(row: Row) -> Delivery:
    """Give the fate of a stored call."""
    return Delivery(**{field: row[field] for field in Delivery.__struct_fields__})


async def add_call(
    conn: Connection,
    key: UUID,
    rung: Rung,
    person: Receiver,
    address: str,
    text: str,
    call: Delivery,
    asked_in: str = "",
) -> bool:
    """Write a call; false when this very call was written before."""
    added = await conn.fetchval(
        Q.add_call,
        key,
        rung.warning_id,
        rung.level,
        rung.round,
        rung.step,
        person.key,
        call.channel,
        person.account_id,
        person.name,
        person.agency_name,
        address,
        text,
        call.state,
        call.due_at,
        call.reason,
        call.created_at,
        call.sent_at,
        call.ended_at,
        asked_in,
    )
    return added is not None


async def save_call(conn: Connection, key: UUID, call: Delivery) -> None:
    """Store the fate of a locked call."""
    await conn.execute(
        Q.save_call,
        key,
        call.state,
        call.attempts,
        call.due_at,
        call.possibly_twice,
        call.provider_id,
        call.reason,
        call.claimed_at,
        call.sent_at,
        call.delivered_at,
        call.read_at,
        call.ended_at,
    )


async def supersede(conn: Connection, warning_id: UUID, now: datetime) -> None:
    """End the calls of a case that were not handed over."""
    await conn.execute(Q.supersede, warning_id, now)


async def due_calls(conn: Connection, now: datetime, limit: int, urgencies: Sequence[int]) -> list[Row]:
    """Lock calls whose time has come, in this order; `wanted` says whether their case still calls."""
    return await conn.fetch(Q.due_calls, now, limit, urgencies)


async def put_off(conn: Connection, key: UUID, now: datetime, until: datetime) -> None:
    """Let a call that is due wait."""
    await conn.execute(Q.put_off, key, now, until)


async def next_due(conn: Connection, urgencies: Sequence[int]) -> datetime | None:
    """Give the moment at which the next call of these has to be looked at."""
    due: datetime | None = await conn.fetchval(Q.next_due, urgencies)
    return due


async def call(conn: Connection, key: UUID) -> Row | None:
    """Give one call."""
    return await conn.fetchrow(Q.call, key)


async def lock_call(conn: Connection, key: UUID) -> Row | None:
    """Lock one call of a case that is locked."""
    return await conn.fetchrow(Q.lock_call, key)


async def rung(conn: Connection, rung: Rung) -> list[Delivery]:
    """Give all calls of a rung."""
    rows = await conn.fetch(Q.rung, rung.warning_id, rung.level, rung.round, rung.step)
    return [delivery_of(row) for row in rows]


async def calls_of_case(conn: Connection, warning_id: UUID) -> Sequence[Any]:
    """Give who was called for a case and how it ended."""
    return await conn.fetch(Q.calls_of_case, warning_id)


async def lock_unseen(conn: Connection, account_id: int, shown: Sequence[UUID], *, opened: bool) -> list[Row]:
    """Lock a person's own in-app calls of the cases shown that a look changes."""
    found = await conn.fetch(Q.unseen, account_id, shown, opened)
    if not found:
        return []
    return await conn.fetch(Q.lock_unseen, [row["id"] for row in found])
