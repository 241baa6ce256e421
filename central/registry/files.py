"""Attached files: brought once, used by records, read through them, swept when no record uses them.

A file is its content: its name in the store is its SHA-256, and equal files lie there once. What browsers are
told of it is what its bytes say. The original stays as it came (it may be evidence); small pictures of it
carry nothing of what a camera wrote.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import tempfile
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.scope import acting
from central.identity import service as identity
from central.registry import files_kinds as kinds
from central.registry import files_store as store
from central.registry.files_models import CLEAN, WAITING, Named, StoredFile, UploadedFile, Using
from central.registry.files_objects import Objects
from central.registry.files_pictures import BadPicture, thumbnail
from central.registry.files_scan import HARMFUL, HARMLESS, UNKNOWN, scan
from central.registry.forms.register import catalogue, fields_of
from central.registry.records_former import fits
from central.registry.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import asyncpg
    from msgspec import Struct

    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.registry.forms.register import Register
    from central.settings import Settings

_log = logging.getLogger(__name__)
MOST_MB: Final = 200
"""No setting allows more: a request is read whole before it is judged."""
_MOST_UNUSED_BYTES: Final = 1 << 30
_BLOCK: Final = 1 << 20


class Attachments:
    """The store of files with what is looked at on the way in; one per process.

    Args:
        settings: where they lie, how large one may be, what scans them.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.objects = Objects(settings)
        # Decoding a picture takes a processor and hundreds of megabytes; alarms are served beside it.
        self._looking = asyncio.Semaphore(1)

    async def look(self, path: Path) -> tuple[kinds.Kind, bytes | None]:
        """What a file is, and its small picture.

        Raises:
            DomainError: 400, not of an allowed kind, or damaged.
        """
        async with self._looking:
            return await asyncio.to_thread(_look, path)


def _look(path: Path) -> tuple[kinds.Kind, bytes | None]:
    with path.open("rb") as source:
        kind, wrong = kinds.kind_of(source)
        if kind is None:
            raise DomainError("file-kind", wrong, 400, [FieldProblem("file", wrong)])
        if not kind.picture:
            return kind, None
        try:
            return kind, thumbnail(source)
        except BadPicture as exc:
            raise DomainError("file-broken", str(exc), 400, [FieldProblem("file", str(exc))]) from exc


def spooled(source: IO[bytes], most_mb: int) -> tuple[Path, str, int]:
    """Copies an upload into a file of our own, which the caller removes.

    Args:
        source: what came.
        most_mb: the largest size.

    Returns:
        Its path, SHA-256 and size.

    Raises:
        DomainError: 400 empty, 413 too large.
    """
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(prefix="fengsui-upload-", delete=False) as target:
        path = Path(target.name)
        try:
            while block := source.read(_BLOCK):
                size += len(block)
                if size > most_mb << 20:
                    raise too_large(most_mb)
                digest.update(block)
                target.write(block)
            if not size:
                words = "文件是空的，请重新选择。"
                raise DomainError("file-empty", words, 400, [FieldProblem("file", words)])
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return path, digest.hexdigest(), size


def too_large(most_mb: int) -> DomainError:
    """What is said of a file beyond the largest size."""
    words = f"文件过大：最大 {most_mb} MB，请压缩或拆分后再上传。"
    return DomainError("file-too-large", words, 413, [FieldProblem("file", words)])


async def upload(
    database: Database, attachments: Attachments, person: Person, name: str, source: IO[bytes]
) -> UploadedFile:
    """Takes a file in.

    Args:
        database: pools; the store may be slow, so that no transaction is held over it.
        attachments: of this process.
        person: who brings it.
        name: as it came.
        source: its bytes.

    Raises:
        DomainError: 400 kind, damaged, empty or harmful; 413 too large; 429 too much that is not used yet;
            503 the store is away; 507 the disk is full.
    """
    path, sha256, size = await asyncio.to_thread(spooled, source, most_mb(attachments))
    try:
        return await take(database, attachments, person, name, path, sha256, size)
    finally:
        path.unlink(missing_ok=True)


def most_mb(attachments: Attachments) -> int:
    """The size of the largest file that is taken, in MB."""
    return min(attachments.settings.file_mb, MOST_MB)


async def take(
    database: Database,
    attachments: Attachments,
    person: Person,
    name: str,
    path: Path,
    sha256: str,
    size: int,
) -> UploadedFile:
    """Judges and keeps what has come as a file of our own, which the caller removes; as `upload`.

    Args:
        database: pools.
        attachments: of this process.
        person: who brings it.
        name: as it came.
        path: where it lies.
        sha256: of its content.
        size: in bytes.
    """
    async with acting(database.worker, person.actor) as conn:
        file = await store.stored(conn, sha256)
        check_unused(await store.unused_bytes(conn, person.account_id) + size)
    small = None
    if file is None or file.scan != CLEAN:
        attachments.objects.check_room(size)
        kind, small = await attachments.look(path)
        verdict, why = await scan(attachments.settings, path)
        if verdict == HARMFUL:
            await _refused(database, person, sha256, name)
        if verdict == UNKNOWN:
            _log.error("a new file waits unusable: %s", why)
        judged = CLEAN if verdict == HARMLESS else WAITING
        file = StoredFile(sha256, size, kind.media_type, small is not None, judged)
        await attachments.objects.put(sha256, path, small)
    called = kinds.fitting_name(name, kinds.BY_MEDIA_TYPE[file.media_type])
    async with acting(database.worker, person.actor) as conn:
        # Against the sweep: what is remembered from here on lies there.
        await store.lock(conn, sha256)
        await attachments.objects.put(sha256, path, small)
        now = await clock.database_now(conn)
        file = await store.keep(conn, file, now)
        await store.keep_upload(conn, sha256, person.account_id, called, now)
        await identity.audit(conn, "uploaded", "file", sha256, after={"name": called, "size": size})
    return UploadedFile(sha256, called, size, file.media_type, file.scan)


def check_unused(count: int) -> None:
    """Refuses more bytes from one account than it may bring without a record that uses them.

    Raises:
        DomainError: 429.
    """
    if count > _MOST_UNUSED_BYTES:
        raise DomainError("files-unused", "您已上传较多尚未使用的文件，请先保存表单，或明天再上传。", 429)


async def _refused(database: Database, person: Person, sha256: str, name: str) -> None:
    async with acting(database.worker, person.actor) as conn:
        await identity.audit(conn, "refused-file", "file", sha256, after={"name": name[:200]})
    words = "安全检查发现文件含有恶意内容，已拒绝。请查杀本机病毒后重新导出文件。"
    raise DomainError("file-harmful", words, 400, [FieldProblem("file", words)])


# --- what records say of files -----------------------------------------------------------------------------


def named_in(record: type[Struct], values: dict[str, Any], where: str = "values.") -> Iterator[Named]:
    """The files that clean values of a form name, at any depth, each with its place in the form."""
    for bound in fields_of(record):
        value = values.get(bound.name)
        at = f"{where}{bound.name}"
        # What was kept under a former declaration names no file.
        if not value or not fits(bound, value):
            continue
        match bound.field.kind:
            case "file" | "picture":
                for place, file in enumerate(value):
                    yield Named(
                        f"{at}[{place}]",
                        bound.field.kind == "picture",
                        file["sha256"],
                        file["name"],
                        file["size"],
                    )
            case "block":
                assert bound.inside is not None
                yield from named_in(bound.inside, value, f"{at}.")
            case "group":
                assert bound.inside is not None
                for place, row in enumerate(value):
                    yield from named_in(bound.inside, row, f"{at}[{place}].")
            case _:
                pass


async def problems(
    conn: Connection, person: Person, register: Register, uses: Sequence[Using]
) -> list[list[FieldProblem]]:
    """What is wrong with the files that records name, a list for each record; one question for all.

    Args:
        conn: a transaction of the person, or of a worker that acts for one.
        person: who writes; a file may be named by whoever brought it, or where its owner uses it already.
        register: of the records.
        uses: the records; their numbers do not matter yet.
    """
    found = [list(named_in(register.record, of.values)) for of in uses]
    wanted = {(file.sha256, of.place) for of, files in zip(uses, found, strict=True) for file in files}
    if not wanted:
        return [[] for _ in uses]
    known = await store.known(conn, wanted, person.account_id)
    return [
        [
            FieldProblem(file.where, wrong)
            for file in files
            if (wrong := _wrong(file, known.get((file.sha256, of.place))))
        ]
        for of, files in zip(uses, found, strict=True)
    ]


def _wrong(file: Named, known: Any) -> str:
    if known is None:
        return f"没有找到文件“{file.name}”，或不是由您上传：请重新上传。"
    if known["scan"] != CLEAN:
        return f"文件“{file.name}”正在安全检查，请稍后再保存。"
    if known["size"] != file.size:
        return f"文件“{file.name}”的大小与上传的不符：请重新上传。"
    if file.picture and known["media_type"] not in kinds.PICTURES:
        return f"“{file.name}”不是图片，请上传 JPEG、PNG、WebP、GIF 或 BMP 图片。"
    return ""


async def use(conn: Connection, person: Person, register: Register, *uses: Using) -> None:
    """Records the files that records name, in the transaction that writes them; of the write path of records.

    Args:
        conn: that transaction.
        person: who writes.
        register: of the records.
        uses: the records, with their numbers; many cost no more statements than one.

    Raises:
        DomainError: 400 with every file that may not be named there; 409 one that was swept meanwhile.
    """
    wrong = [problem for each in await problems(conn, person, register, uses) for problem in each]
    if wrong:
        raise DomainError("invalid", "有附件不能使用，请逐项处理。", 400, wrong)
    named = [(of, file) for of in uses for file in named_in(register.record, of.values)]
    if named:
        await store.use(conn, register.name, named, await clock.database_now(conn))


async def use_outside(
    conn: Connection, person: Person, thing: str, of: Using, named: Sequence[Named]
) -> None:
    """Records the files that something outside the registers names (a warning's photographs); as `use`.

    Args:
        conn: the transaction that writes it.
        person: who writes.
        thing: the name under which it keeps files; no register has it.
        of: whose it is, and its number.
        named: the files, each with its place in the form.

    Raises:
        DomainError: as `use`.
    """
    known = await store.known(conn, {(file.sha256, of.place) for file in named}, person.account_id)
    wrong = [
        FieldProblem(file.where, words)
        for file in named
        if (words := _wrong(file, known.get((file.sha256, of.place))))
    ]
    if wrong:
        raise DomainError("invalid", "有附件不能使用，请逐项处理。", 400, wrong)
    await store.use(conn, thing, [(of, file) for file in named], await clock.database_now(conn))


# --- reading -----------------------------------------------------------------------------------------------


class Way(Enum):
    """By what right somebody reads a file: the record is of the own jurisdiction, or shared with all."""

    OWN = "own"
    SHARED = "shared"


_GONE = "没有找到这个文件，或不在您的管辖范围内。"


async def way_to(conn: Connection, person: Person, name: str, record_id: int, sha256: str) -> Way:
    """By what right somebody reads a file of a record.

    Args:
        conn: a transaction of the person's scope; its policies say which records are seen.
        person: who reads.
        name: of the register.
        record_id: of the record; a removed one shows nothing.
        sha256: of the file.

    Raises:
        NotFoundError: no such record is seen; or it is shared, and what is in force does not name the file.
    """
    register = catalogue().get(name)
    if register is None:
        raise NotFoundError(_GONE)
    row = await conn.fetchrow(
        f"SELECT place, sector, counted FROM {table_of(register)} WHERE id = $1 AND removed_at IS NULL",  # noqa: S608
        record_id,
    )
    if row is None:
        raise NotFoundError(_GONE)
    if person.scope.holds(row["place"], row["sector"]):
        return Way.OWN
    counted = row["counted"] or {}
    if all(file.sha256 != sha256 for file in named_in(register.record, counted)):
        raise NotFoundError(_GONE)
    return Way.SHARED


async def used(conn: Connection, register: str, record_id: int, sha256: str) -> asyncpg.Record:
    """A file as a record uses it, or used it in one of its versions.

    Raises:
        NotFoundError: it never did.
    """
    found = await store.used(conn, register, record_id, sha256)
    if found is None:
        raise NotFoundError(_GONE)
    return found
