"""Attached files in PostgreSQL: one typed function a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import msgspec

from central.db.errors import DomainError
from central.db.queries import load
from central.registry.files_models import FileInParts, StoredFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from central.db.pool import Connection
    from central.registry.files_models import FileAnnounced, Named, UploadedFile, Using

Q = load(__file__, "queries_files.sql")


async def lock(conn: Connection, sha256: str) -> None:
    await conn.execute(Q.lock_file, sha256)


async def stored(conn: Connection, sha256: str) -> StoredFile | None:
    row = await conn.fetchrow(Q.stored_file, sha256)
    return StoredFile(**dict(row)) if row else None


async def keep(conn: Connection, file: StoredFile, now: datetime) -> StoredFile:
    row = await conn.fetchrow(
        Q.keep_file, file.sha256, file.size, file.media_type, file.thumbnail, file.scan, now
    )
    assert row is not None
    return StoredFile(**dict(row))


async def keep_upload(conn: Connection, sha256: str, account_id: int, name: str, now: datetime) -> None:
    await conn.execute(Q.keep_upload, sha256, account_id, name, now)


async def unused_bytes(conn: Connection, account_id: int) -> int:
    count: int = await conn.fetchval(Q.unused_bytes, account_id)
    return count


async def known(
    conn: Connection, wanted: set[tuple[str, str]], account_id: int
) -> dict[tuple[str, str], asyncpg.Record]:
    """By (sha256, place) what may be used there."""
    pairs = sorted(wanted)
    rows = await conn.fetch(Q.known_files, [p[0] for p in pairs], [p[1] for p in pairs], account_id)
    return {(row["sha256"], row["place"]): row for row in rows}


async def use(conn: Connection, register: str, uses: Sequence[tuple[Using, Named]], now: datetime) -> None:
    try:
        await conn.execute(
            Q.use_files,
            register,
            [of.record_id for of, _ in uses],
            [file.sha256 for _, file in uses],
            [file.name for _, file in uses],
            [of.enterprise_id for of, _ in uses],
            [of.agency_id for of, _ in uses],
            now,
        )
    except (asyncpg.ForeignKeyViolationError, asyncpg.InsufficientPrivilegeError) as exc:
        raise DomainError("file-unknown", "附件已过期，请重新上传后再保存。", 409) from exc


async def used(conn: Connection, register: str, record_id: int, sha256: str) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.used_file, register, record_id, sha256)


async def unused(conn: Connection, before: datetime, most: int) -> list[str]:
    return [row["sha256"] for row in await conn.fetch(Q.unused_files, before, most)]


async def forget(conn: Connection, sha256: str, before: datetime) -> bool:
    return await conn.fetchval(Q.forget_file, sha256, before) is not None


async def forget_uploads(conn: Connection, before: datetime) -> None:
    await conn.execute(Q.forget_uploads, before)


async def waiting(conn: Connection, most: int) -> list[str]:
    return [row["sha256"] for row in await conn.fetch(Q.waiting_files, most)]


async def is_clean(conn: Connection, sha256: str) -> None:
    await conn.execute(Q.file_is_clean, sha256)


async def failed(conn: Connection, sha256: str) -> int:
    """Leaves a file alone for a while; how often in a row it failed, 0 if it is gone."""
    return await conn.fetchval(Q.file_failed, sha256) or 0


async def drop(conn: Connection, sha256: str) -> None:
    await conn.execute(Q.drop_file, sha256)


async def brought_by(conn: Connection, sha256: str) -> list[tuple[int, str]]:
    return [(row["account_id"], row["name"]) for row in await conn.fetch(Q.brought_by, sha256)]


async def begin_parts(
    conn: Connection, upload_id: str, account_id: int, announced: FileAnnounced, now: datetime
) -> None:
    await conn.execute(
        Q.begin_parts, upload_id, account_id, announced.name, announced.size, announced.sha256, now
    )


async def file_in_parts(conn: Connection, upload_id: str, account_id: int) -> FileInParts | None:
    row = await conn.fetchrow(Q.file_in_parts, upload_id, account_id)
    return FileInParts(**dict(row)) if row else None


async def parts_under_way(conn: Connection, account_id: int) -> tuple[int, int]:
    """How many files of an account are on their way in, and their bytes when they are whole."""
    row = await conn.fetchrow(Q.parts_under_way, account_id)
    assert row is not None
    return row["files"], row["bytes"]


async def parts_whole(conn: Connection, upload_id: str, answer: UploadedFile) -> None:
    await conn.execute(Q.parts_whole, upload_id, msgspec.to_builtins(answer))


async def drop_parts(conn: Connection, upload_id: str) -> None:
    await conn.execute(Q.drop_parts, upload_id)


async def sweep_parts(conn: Connection, before: datetime) -> None:
    await conn.execute(Q.sweep_parts, before)


async def parts_known(conn: Connection) -> set[str]:
    return {row["id"] for row in await conn.fetch(Q.parts_known)}
