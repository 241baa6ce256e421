"""A file that comes in parts over a bad line: announced, sent from where it broke, then taken as any other.

What has come lies in a folder of the state folder and is the truth about how far it came: a part that broke
off in the middle has brought its beginning. The newest sender goes on, an older one on a dead line does not.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import weakref
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.scope import acting
from central.registry import files
from central.registry import files_store as store
from central.registry.files_models import UploadedFile, UploadInParts
from central.registry.files_objects import UPLOADS, room_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from central.db.pool import Database
    from central.identity.models import Person
    from central.registry.files_models import FileAnnounced, FileInParts

PART_BYTES: Final = 8 << 20
"""The largest part; a sender takes smaller ones, since proxies hold back what they have not read whole."""
KEPT_FOR: Final = timedelta(days=1)
BROKEN: Final = "upload-broken"
_MOST_AT_ONCE: Final = 20
_SILENT_S: Final = 60.0
_BLOCK: Final = 256 << 10
_GONE: Final = "没有找到这次上传，可能已过期：请重新选择文件。"


class _Sending:
    """Who writes one file: one at a time, and only the newest."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.turn = 0


class Parts:
    """The files on their way in; one per process.

    Args:
        attachments: of this process; it takes what is whole.
    """

    def __init__(self, attachments: files.Attachments) -> None:
        self.attachments = attachments
        self.folder = attachments.settings.state / UPLOADS
        self._sending: weakref.WeakValueDictionary[str, _Sending] = weakref.WeakValueDictionary()

    def sending(self, upload_id: str) -> _Sending:
        """Who writes it; forgotten as soon as nobody does."""
        return self._sending.setdefault(upload_id, _Sending())

    def path(self, upload_id: str) -> Path:
        """Where its beginning lies."""
        return self.folder / upload_id

    def length(self, upload_id: str) -> int:
        """How many bytes of it have come."""
        path = self.path(upload_id)
        return path.stat().st_size if path.exists() else 0


async def begin(database: Database, parts: Parts, person: Person, announced: FileAnnounced) -> UploadInParts:
    """Announces a file.

    Args:
        database: pools.
        parts: of this process.
        person: who brings it.
        announced: what it will be.

    Raises:
        DomainError: 413 too large; 429 too many under way, or too much unused; 507 the disk is full.
    """
    most_mb = files.most_mb(parts.attachments)
    if announced.size > most_mb << 20:
        raise files.too_large(most_mb)
    room_in(parts.folder, announced.size)
    upload_id = secrets.token_hex(16)
    async with acting(database.worker, person.actor) as conn:
        count, size = await store.parts_under_way(conn, person.account_id)
        if count >= _MOST_AT_ONCE:
            raise DomainError("uploads-many", "您有较多文件尚未传完，请等它们完成后再上传。", 429)
        files.check_unused(await store.unused_bytes(conn, person.account_id) + size + announced.size)
        now = await clock.database_now(conn)
        await store.begin_parts(conn, upload_id, person.account_id, announced, now)
    return UploadInParts(upload_id, 0, announced.size, None)


async def read(database: Database, parts: Parts, person: Person, upload_id: str) -> UploadInParts:
    """How far a file has come.

    Raises:
        NotFoundError: nothing such was announced by this person, or it was swept.
    """
    known = await _known(database, person, upload_id)
    return _told(known, known.size if known.answer else parts.length(upload_id))


async def add(
    database: Database,
    parts: Parts,
    person: Person,
    upload_id: str,
    offset: int,
    blocks: AsyncIterator[bytes],
) -> UploadInParts:
    """Takes a part; with the last one the file is judged and kept as every other.

    Args:
        database: pools; no connection is held while bytes come.
        parts: of this process.
        person: who brings it.
        upload_id: as announced.
        offset: where the part begins; the length of what has come.
        blocks: its bytes, as many as come; none asks for the answer of a file that is whole.

    Raises:
        NotFoundError: nothing such was announced by this person.
        DomainError: 409 another offset (`offset` tells the right one), or a newer sender went on; 400 longer
            than announced, or another content; and whatever `files.take` raises.
    """
    known = await _known(database, person, upload_id)
    if known.answer:
        return _told(known, known.size)
    sending = parts.sending(upload_id)
    async with sending.lock:
        length = parts.length(upload_id)
        if offset != length:
            raise DomainError(
                "upload-offset", f"应从第 {length} 字节继续上传。", 409, data={"offset": length}
            )
        room_in(parts.folder, known.size - length)
        sending.turn += 1
        turn = sending.turn
    await _written(parts, known, sending, turn, blocks)
    async with sending.lock:
        length = parts.length(upload_id)
        if length < known.size:
            return _told(known, length)
        # Whoever else sent the last byte may have finished it meanwhile.
        known = await _known(database, person, upload_id)
        if not known.answer:
            known = await _whole(database, parts, person, known)
    return _told(known, known.size)


async def _written(
    parts: Parts, known: FileInParts, sending: _Sending, turn: int, blocks: AsyncIterator[bytes]
) -> None:
    """Writes what comes until it ends or breaks off; what came before it broke off is kept."""
    held = bytearray()
    broken: DomainError | None = None
    while broken is None:
        block = b""
        try:
            async with asyncio.timeout(_SILENT_S):
                block = await anext(blocks, b"")
        except TimeoutError:
            broken = DomainError(BROKEN, "网络中断，请继续上传。", 408)
        except DomainError as exc:
            broken = exc
        held += block
        if len(held) >= _BLOCK or (held and not block):
            async with sending.lock:
                if sending.turn != turn:
                    raise DomainError("upload-taken-over", "这次上传已从另一处继续。", 409)
                if parts.length(known.id) + len(held) > known.size:
                    words = "传来的内容比声明的大小更长：请重新选择文件。"
                    raise DomainError("upload-too-long", words, 400, [FieldProblem("size", words)])
                await asyncio.to_thread(_append, parts.path(known.id), bytes(held))
            held.clear()
        if not block:
            break
    if broken is not None:
        raise broken


async def _whole(database: Database, parts: Parts, person: Person, known: FileInParts) -> FileInParts:
    path = parts.path(known.id)
    try:
        sha256 = await asyncio.to_thread(_sha256, path)
        if known.sha256 not in {"", sha256}:
            words = "文件在传输中损坏，请重新选择文件上传。"
            raise DomainError("upload-damaged", words, 400, [FieldProblem("file", words)])
        file = await files.take(database, parts.attachments, person, known.name, path, sha256, known.size)
    except DomainError as exc:
        # What was refused for good is not kept; with a store that is away one tries again.
        if exc.http_status == 400:
            async with acting(database.worker, person.actor) as conn:
                await store.drop_parts(conn, known.id)
            path.unlink(missing_ok=True)
        raise
    async with acting(database.worker, person.actor) as conn:
        await store.parts_whole(conn, known.id, file)
    path.unlink(missing_ok=True)
    return msgspec.structs.replace(known, answer=msgspec.to_builtins(file))


async def drop(database: Database, parts: Parts, person: Person, upload_id: str) -> None:
    """Forgets a file that its bearer gave up; one that is whole stays as it was brought.

    Raises:
        NotFoundError: nothing such was announced by this person.
    """
    await _known(database, person, upload_id)
    sending = parts.sending(upload_id)
    async with sending.lock:
        sending.turn += 1
        async with acting(database.worker, person.actor) as conn:
            await store.drop_parts(conn, upload_id)
        parts.path(upload_id).unlink(missing_ok=True)


async def sweep(database: Database, folder: Path) -> int:
    """Removes what was announced more than a day ago, and what nobody knows of; how many files went.

    Args:
        database: pools.
        folder: where the beginnings lie.
    """
    lying = list(folder.iterdir()) if folder.is_dir() else []
    async with acting(database.worker) as conn:
        await store.sweep_parts(conn, await clock.database_now(conn) - KEPT_FOR)
        known = await store.parts_known(conn)
    return _removed(path for path in lying if path.name not in known)


def _removed(paths: Iterable[Path]) -> int:
    count = 0
    for path in paths:
        path.unlink(missing_ok=True)
        count += 1
    return count


async def _known(database: Database, person: Person, upload_id: str) -> FileInParts:
    async with acting(database.worker, person.actor) as conn:
        found = await store.file_in_parts(conn, upload_id, person.account_id)
    if found is None:
        raise NotFoundError(_GONE)
    return found


def _told(known: FileInParts, offset: int) -> UploadInParts:
    file = msgspec.convert(known.answer, UploadedFile) if known.answer else None
    return UploadInParts(known.id, offset, known.size, file)


def _append(path: Path, block: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("ab") as target:
        target.write(block)


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
