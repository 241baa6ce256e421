"""The SQL of storms in the outbox: one function a query; nothing is decided here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from central.db.pool import Connection
from central.db.queries import load
from central.warning.notify.budget import Sort, StormRule, sort_of
from central.warning.notify.models import Delivery
from central.warning.notify.store import Row

Q = load(__file__, "queries_digests.sql")


class Telephone(msgspec.Struct, frozen=True):
    """A telephone whose calls wait; TEST calls to it are counted apart."""

    address: str
    is_test: bool


async def rule(conn: Connection, place: str, now: datetime) -> StormRule:
    """Give the numbers that hold at a place.

    Raises:
        LookupError: the general row was deleted.
    """
    row = await conn.fetchrow(Q.storm_rule, place, now)
    if row is None:
        raise LookupError(f"storm_rule has no row for {place!r}, not even the general one")
    return StormRule(**row)


async def waiting_telephones(
    conn: Connection, now: datetime, limit: int, urgencies: Sequence[int]
) -> dict[Telephone, str]:
    """Give the telephones whose calls are due and never left, each with the place whose numbers hold."""
    rows = await conn.fetch(Q.waiting_telephones, now, limit, urgencies)
    found: dict[Telephone, str] = {}
    for row in rows:
        found.setdefault(Telephone(row["address"], row["is_test"]), row["place"])
    return found


async def waiting_unserved(
    conn: Connection, now: datetime, limit: int, urgencies: Sequence[int], channels: frozenset[str]
) -> list[UUID]:
    """Give due calls by ways that this centre has not."""
    return [
        row["id"] for row in await conn.fetch(Q.waiting_unserved, now, limit, urgencies, sorted(channels))
    ]


async def hold_telephone(conn: Connection, address: str) -> bool:
    """Take the right to count what a telephone is given, for this transaction; false: another has it."""
    held: bool = await conn.fetchval(Q.hold_telephone, address)
    return held


async def handed(conn: Connection, phone: Telephone, since: datetime) -> list[datetime]:
    """Give when a telephone was given each message since a moment."""
    return [row["at"] for row in await conn.fetch(Q.handed, phone.address, phone.is_test, since)]


async def gathering(
    conn: Connection, phone: Telephone, now: datetime, urgencies: Sequence[int]
) -> dict[Sort, datetime]:
    """Give until when calls of a telephone wait that are not due yet, by sort."""
    found: dict[Sort, datetime] = {}
    for row in await conn.fetch(Q.gathering, phone.address, phone.is_test, now, urgencies):
        sort = sort_of(row["urgency"])
        found[sort] = min(row["until"], found.get(sort, row["until"]))
    return found


async def waiting_calls(
    conn: Connection, phone: Telephone, now: datetime, urgencies: Sequence[int], due_by: datetime | None
) -> list[Row]:
    """Lock the calls of a telephone that wait; `wanted` says whether their case still calls."""
    return await conn.fetch(Q.waiting_calls, phone.address, phone.is_test, now, urgencies, due_by)


async def put_off_waiting(conn: Connection, keys: Sequence[UUID], until: datetime) -> None:
    """Let locked calls wait."""
    await conn.execute(Q.put_off_waiting, keys, until)


async def add_digest(
    conn: Connection,
    key: UUID,
    of_call: UUID,
    levels: Mapping[str, int],
    call: Delivery,
) -> Row:
    """Write a digest to whom a call goes, with the fate given."""
    row = await conn.fetchrow(
        Q.add_digest, key, of_call, dict(levels), call.state, call.attempts, call.due_at, call.created_at
    )
    assert row is not None
    return row


async def set_text(conn: Connection, key: UUID, text: str, levels: Mapping[str, int]) -> None:
    """Store what a digest says."""
    await conn.execute(Q.set_digest_text, key, text, dict(levels))


async def bundle(conn: Connection, keys: Sequence[UUID], digest: int, due_at: datetime) -> None:
    """Give locked calls to a digest."""
    await conn.execute(Q.bundle_calls, keys, digest, due_at)


async def tell_bundled(
    conn: Connection, keys: Sequence[UUID], now: datetime, title: str, detail: str
) -> None:
    """Write into the story of each call's case with which digest it goes."""
    await conn.execute(Q.tell_bundled, keys, now, title, detail)


async def due_digests(conn: Connection, now: datetime, limit: int, urgencies: Sequence[int]) -> list[Row]:
    """Lock digests whose time has come."""
    return await conn.fetch(Q.due_digests, now, limit, urgencies)


async def carried(conn: Connection, digest: int, now: datetime) -> list[Row]:
    """Lock the calls of a digest that have not ended; `wanted` says whether their case still calls."""
    return await conn.fetch(Q.carried_calls, digest, now)


async def take_out(conn: Connection, keys: Sequence[UUID], now: datetime, *, possibly_twice: bool) -> None:
    """End calls of a digest whose case was answered."""
    await conn.execute(Q.take_out, keys, now, possibly_twice)


async def open_calls(conn: Connection, digest: int) -> int:
    """Count the calls of a digest that have not ended."""
    count: int = await conn.fetchval(Q.open_calls, digest)
    return count


async def lock_digest(conn: Connection, key: UUID) -> Row | None:
    """Lock one digest."""
    return await conn.fetchrow(Q.lock_digest, key)


async def digest(conn: Connection, number: int) -> Row | None:
    """Give one digest."""
    return await conn.fetchrow(Q.digest, number)


async def save(
    conn: Connection, key: UUID, call: Delivery, due_at: datetime | None, settled_at: datetime | None
) -> None:
    """Store the fate of a locked digest."""
    await conn.execute(
        Q.save_digest,
        key,
        call.state,
        call.attempts,
        due_at,
        call.possibly_twice,
        call.provider_id,
        call.reason,
        call.claimed_at,
        call.sent_at,
        call.delivered_at,
        call.read_at,
        call.ended_at,
        settled_at,
    )


async def carry(
    conn: Connection, number: int, call: Delivery, now: datetime, title: str, detail: str
) -> None:
    """Let the calls of a digest be as it is."""
    await conn.execute(
        Q.carry,
        number,
        call.state,
        call.sent_at,
        call.delivered_at,
        call.read_at,
        call.ended_at,
        now,
        call.possibly_twice,
        title,
        detail,
    )


async def unfollowed(conn: Connection, now: datetime, limit: int, urgencies: Sequence[int]) -> list[UUID]:
    """Give calls whose digest failed and which have not ended."""
    return [row["id"] for row in await conn.fetch(Q.unfollowed, now, limit, urgencies)]


async def settle(conn: Connection, now: datetime, urgencies: Sequence[int]) -> None:
    """Be done with digests all of whose calls have ended."""
    await conn.execute(Q.settle_digests, now, urgencies)
