"""The memory of backups: one typed function a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from central.backup.models import BackupRow
from central.db.queries import load

if TYPE_CHECKING:
    from datetime import datetime

    from central.backup.models import Manifest
    from central.db.pool import Connection

Q = load(__file__)


async def listing(conn: Connection, before: int | None, state: str | None, limit: int) -> list[BackupRow]:
    return [
        msgspec.convert(dict(row), BackupRow) for row in await conn.fetch(Q.listing, before, state, limit)
    ]


async def want(conn: Connection, target: str, by: str, now: datetime) -> int | None:
    number: int | None = await conn.fetchval(Q.want, target, by, now)
    return number


async def wanted(conn: Connection) -> int | None:
    number: int | None = await conn.fetchval(Q.wanted)
    return number


async def claim(conn: Connection, now: datetime) -> int | None:
    number: int | None = await conn.fetchval(Q.claim, now)
    return number


async def begin(conn: Connection, target: str, by: str, now: datetime, *, encrypted: bool) -> int:
    number: int = await conn.fetchval(Q.begin, target, by, now, encrypted)
    return number


async def run(conn: Connection, job: int, target: str, now: datetime, *, encrypted: bool) -> None:
    await conn.execute(Q.run, job, target, now, encrypted)


async def made(conn: Connection, job: int, manifest: Manifest, now: datetime) -> None:
    await conn.execute(
        Q.made, job, manifest.name, manifest.kind, manifest.bytes, manifest.raw_bytes, manifest.schema, now
    )


async def failed(conn: Connection, job: int, error: str, now: datetime) -> bool:
    return await conn.fetchval(Q.failed, job, error, now) is not None


async def orphans(conn: Connection, error: str, now: datetime) -> int:
    return len(await conn.fetch(Q.orphans, error, now))


async def forget_unended(conn: Connection) -> None:
    await conn.execute(Q.forget_unended)


async def checked(conn: Connection, name: str, now: datetime, words: str, *, good: bool) -> None:
    await conn.execute(Q.checked, name, now, good, words)


async def found(conn: Connection, manifest: Manifest, target: str, by: str) -> None:
    await conn.execute(
        Q.found,
        manifest.name,
        target,
        manifest.kind,
        by,
        manifest.made_at,
        manifest.bytes,
        manifest.raw_bytes,
        manifest.schema,
        manifest.envelope is not None,
    )


async def there(conn: Connection, target: str) -> list[tuple[str, datetime, bool | None]]:
    return [tuple(row) for row in await conn.fetch(Q.there, target)]


async def gone(conn: Connection, names: list[str], now: datetime) -> None:
    await conn.execute(Q.gone, names, now)


async def last_size(conn: Connection) -> tuple[int, int] | None:
    row = await conn.fetchrow(Q.last_size)
    return None if row is None else (row["bytes"], row["raw_bytes"])


async def newest(conn: Connection) -> Any:
    return await conn.fetchrow(Q.newest)


async def last_checked(conn: Connection) -> datetime | None:
    at: datetime | None = await conn.fetchval(Q.last_checked)
    return at


async def timer(conn: Connection, kind: str) -> tuple[datetime, datetime] | None:
    row = await conn.fetchrow(Q.timer, kind)
    return None if row is None else (row["due_at"], row["since"])


async def timer_set(conn: Connection, kind: str, due_at: datetime, now: datetime) -> None:
    await conn.execute(Q.timer_set, kind, due_at, now)


async def timer_claim(conn: Connection, kind: str, now: datetime, due_at: datetime) -> bool:
    return await conn.fetchval(Q.timer_claim, kind, now, due_at) is not None


async def timer_move(conn: Connection, kind: str, due_at: datetime) -> None:
    await conn.execute(Q.timer_move, kind, due_at)
