"""The audit, its chain, its roots and its archives in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central.audit.models import AuditRow
from central.db.queries import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date, datetime

    import asyncpg

    from central.audit.models import Wanted
    from central.db.pool import Connection

Q = load(__file__)

_WINDOW = 20_000


async def links(
    conn: Connection, after: int, until: int | None = None
) -> AsyncIterator[Sequence[asyncpg.Record]]:
    """The chain after a position, window by window, so that memory stays small however long it is."""
    while True:
        end: int | None = await conn.fetchval(Q.next_positions, after, _WINDOW)
        if end is None or (until is not None and after >= until):
            return
        yield await conn.fetch(Q.links, after, end if until is None else min(end, until))
        after = end


async def head(conn: Connection) -> tuple[int, bytes]:
    row = await conn.fetchrow(Q.chain_head)
    return (row["position"], row["hash"]) if row else (0, b"")


async def hash_at(conn: Connection, position: int) -> bytes | None:
    found: bytes | None = await conn.fetchval(Q.hash_at, position)
    return found


async def unchained(conn: Connection, most: int) -> list[asyncpg.Record]:
    return list(await conn.fetch(Q.unchained, most))


async def pending_without_entry(conn: Connection, most: int) -> list[int]:
    return [row["audit_id"] for row in await conn.fetch(Q.pending_without_entry, most)]


async def numbers(conn: Connection) -> asyncpg.Record:
    row = await conn.fetchrow(Q.numbers)
    assert row is not None
    return row


async def roots(conn: Connection) -> list[asyncpg.Record]:
    return list(await conn.fetch(Q.roots))


async def last_root(conn: Connection) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.last_root)


async def root_page(conn: Connection, before: date | None, limit: int) -> list[asyncpg.Record]:
    return list(await conn.fetch(Q.root_page, before, limit))


async def insert_root(conn: Connection, *values: Any) -> None:
    await conn.execute(Q.insert_root, *values)


async def today(conn: Connection, zone: str, now: datetime) -> tuple[date, date | None]:
    row = await conn.fetchrow(Q.today, zone, now)
    assert row is not None
    return row["today"], row["first_day"]


async def pending_before(conn: Connection, zone: str, day: date) -> bool:
    waits: bool = await conn.fetchval(Q.pending_before, zone, day)
    return waits


async def archives(conn: Connection) -> list[asyncpg.Record]:
    return list(await conn.fetch(Q.archives))


async def archivable(conn: Connection, keep_days: int, most: int, now: datetime) -> int | None:
    position: int | None = await conn.fetchval(Q.archivable, keep_days, most, now)
    return position


async def to_archive(
    conn: Connection, through: int, hash_: bytes, file: str, sha256: bytes, keep_days: int
) -> int:
    gone: int = await conn.fetchval(Q.to_archive, through, hash_, file, sha256, keep_days)
    return gone


async def lock_upkeep(conn: Connection) -> bool:
    held: bool = await conn.fetchval(Q.lock_upkeep)
    return held


async def page(conn: Connection, wanted: Wanted, before_id: int | None, limit: int) -> list[AuditRow]:
    rows = await conn.fetch(
        Q.page,
        before_id,
        wanted.since,
        wanted.until,
        wanted.actor,
        _like(wanted.who),
        wanted.kind,
        wanted.action,
        wanted.subject_type,
        wanted.subject_id,
        _like(wanted.address),
        _like(wanted.text),
        limit,
    )
    return [AuditRow(**dict(row)) for row in rows]


async def entry(conn: Connection, audit_id: int) -> AuditRow | None:
    row = await conn.fetchrow(Q.entry, audit_id)
    return AuditRow(**dict(row)) if row else None


async def sealed_of_subject(conn: Connection, subject_type: str, subject_id: str) -> list[asyncpg.Record]:
    """Where the chain holds the entries of one thing, oldest first; as a worker."""
    return list(await conn.fetch(Q.sealed_of_subject, subject_type, subject_id))


async def request_is_written(conn: Connection, request: str) -> bool:
    written: bool = await conn.fetchval(Q.request_is_written, request)
    return written


def _like(text: str) -> str | None:
    """A pattern for ILIKE in which the person's own wildcards are letters; None without a text."""
    for letter in ("\\", "%", "_"):
        text = text.replace(letter, "\\" + letter)
    return f"%{text}%" if text else None
