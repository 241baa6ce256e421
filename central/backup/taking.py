"""Makes one backup while the centre serves: state folder, database, attached files, manifest, then its name.

Files come after the database that names them, so that none is named and missing.

Until the last step it lies in a folder with another name, so that a half-made one is never taken for one.
The embedded server is copied as it is (`pg_basebackup` with its write-ahead log); a server of the customer's
is dumped, since its files are not ours to put back.
"""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import asyncpg
import msgspec

from central.backup import archive, programs, rules
from central.backup.archive import PartWriter
from central.backup.models import (
    DATABASE_PARTS,
    FILES_PART,
    FORMAT,
    LOGICAL,
    MANIFEST,
    PHYSICAL,
    SIGNATURE,
    STATE_PART,
    BackupError,
    Manifest,
)
from central.backup.sealing import wrap
from central.clock import database_now
from central.db.migrate import OWNER, applied
from central.db.pool import connect
from central.devices.keys import CentreKey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from central.backup.models import Part
    from central.db.pool import Connection
    from central.settings import Settings

_LOCK: Final = 0x6261636B  # "back": one backup of a database at a time, from whichever process
_SIGNED: Final = b"fengsui backup manifest\0"
COUNTED: Final = ("ledger", "event", "warning", "audit_chain")
"""Tables to which rows are only added: a backup holds at least what was committed before it began."""


class Secrets(msgspec.Struct, frozen=True):
    """Who shall be able to read a backup; both empty: whoever has the files."""

    passphrase: str = ""
    recipient: str = ""


class Plan(msgspec.Struct, frozen=True):
    """One backup to be made.

    Attributes:
        target: folder in which it gets a folder of its own.
        secrets: how it is encrypted.
        program: version of this program.
        environment: FENGSUI_ variables to keep with it.
        last: (size on its disk, unpacked) of the one before, for the estimate.
    """

    target: Path
    secrets: Secrets
    program: str
    environment: Mapping[str, str]
    last: tuple[int, int] | None = None


async def is_running(conn: Connection) -> bool:
    """Whether a process of whichever machine makes a backup of this database right now."""
    held: bool = await conn.fetchval(
        "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
        " AND classid = 0 AND objid = $1::int8::oid AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        _LOCK,
    )
    return held


def centre_mark(key: CentreKey) -> str:
    """The eight digits by which names of backups tell centres apart."""
    return key.public.hex()[:8]


def sign(key: CentreKey, manifest: bytes) -> bytes:
    """Sign a manifest in the centre's name."""
    return key.sign(_SIGNED + manifest)


def signed_bytes(manifest: bytes) -> bytes:
    """What the signature of a manifest is over."""
    return _SIGNED + manifest


async def take(settings: Settings, admin_url: str, plan: Plan) -> Manifest:
    """Make one backup; the database's administrator does it.

    Args:
        settings: of the centre.
        admin_url: the database as its administrator.
        plan: what and where.

    Raises:
        BackupError: another one runs, no room, or PostgreSQL refused.
        OSError: the target cannot be written.
    """
    key = CentreKey.load(settings.state)
    _check_target(plan.target, settings.state)
    conn = await connect(admin_url)
    try:
        if not await conn.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            raise BackupError("backup-runs", "另一个备份正在进行，请等它结束。")
        _clear(plan.target, centre_mark(key))
        made_at = await database_now(conn)
        name = rules.name_of(centre_mark(key), made_at, secrets.token_hex(2))
        draft = plan.target / f".{name}{rules.HALF_MADE}"
        files = list(archive.state_files(settings.state, [plan.target]))
        await _check_room(conn, settings, plan, [*files, *archive.attached_files(settings.state)])
        draft.mkdir(mode=0o700)
        try:
            manifest = await _fill(conn, settings, admin_url, plan, draft, name, files)
            _put(draft / MANIFEST, content := msgspec.json.format(msgspec.json.encode(manifest)))
            _put(draft / SIGNATURE, base64.b64encode(sign(key, content)) + b"\n")
            _sync(draft)
            draft.rename(plan.target / name)
            _sync(plan.target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return manifest
    finally:
        await conn.close()


async def _fill(
    conn: Connection,
    settings: Settings,
    admin_url: str,
    plan: Plan,
    draft: Path,
    name: str,
    files: list[tuple[str, Path]],
) -> Manifest:
    file_key = envelope = None
    if plan.secrets.passphrase or plan.secrets.recipient:
        file_key = secrets.token_bytes(32)
        envelope = await asyncio.to_thread(
            wrap, file_key, passphrase=plan.secrets.passphrase, recipient=plan.secrets.recipient
        )
    kind = LOGICAL if settings.database_url else PHYSICAL
    # The administrator of a customer's server may own nothing of ours; what follows reads as the owner may.
    await conn.execute(f"SET ROLE {OWNER}" if kind == LOGICAL else "RESET ROLE")
    counts = {table: await conn.fetchval(f"SELECT count(*) FROM {table}") for table in COUNTED}  # noqa: S608
    spare = archive.spare_bytes(plan.target, settings.state)
    lines = "".join(f"{name}={value}\n" for name, value in sorted(plan.environment.items()))
    with PartWriter(draft, STATE_PART, file_key, spare) as writer:
        await asyncio.to_thread(archive.write_state, writer, files, lines)
        state = writer.finish()
    with PartWriter(draft, DATABASE_PARTS[kind], file_key, spare) as writer:
        database = await (_dumped if kind == LOGICAL else _copied)(conn, admin_url, name, writer)
    attached = []
    if (settings.state / archive.ATTACHED).is_dir() and not settings.files:
        with PartWriter(draft, FILES_PART, file_key, spare) as writer:
            await asyncio.to_thread(archive.write_attached, writer, settings.state)
            attached.append(writer.finish())
    # Asked after the copy: a migration in between would be in it.
    await conn.execute(f"SET ROLE {OWNER}" if kind == LOGICAL else "RESET ROLE")
    schema = max(await applied(conn), default=0)
    return Manifest(
        format=FORMAT,
        name=name,
        centre=base64.b64encode(CentreKey.load(settings.state).public).decode(),
        made_at=rules.made_at(name) or await database_now(conn),
        kind=kind,
        program=plan.program,
        schema=schema,
        server=int(await conn.fetchval("SHOW server_version_num")),
        parts=(state, database, *attached),
        counts=counts,
        envelope=envelope,
    )


async def _copied(conn: Connection, admin_url: str, name: str, writer: PartWriter) -> Part:
    """The embedded server's files with the log that makes them one moment."""
    # The slot holds that log until it is copied, however long it takes, and goes with this connection.
    await conn.execute("SELECT pg_create_physical_replication_slot($1, true, true)", "fengsui_backup")
    url, more = programs.without_password(admin_url)
    arguments = [
        "--dbname", url, "--pgdata", "-", "--format", "tar", "--wal-method", "fetch", "--checkpoint", "fast",
        "--manifest-checksums", "SHA256", "--label", name, "--no-password",
    ]  # fmt: skip
    await programs.pour_out("pg_basebackup", arguments, more, writer)  # type: ignore[arg-type]
    return await asyncio.to_thread(writer.finish)


async def _dumped(conn: Connection, admin_url: str, _name: str, writer: PartWriter) -> Part:
    """A dump of the customer's database in one snapshot."""
    await conn.execute("RESET ROLE")
    url, more = programs.without_password(admin_url)
    arguments = ["--dbname", url, "--format", "custom", "--compress", "0", "--no-password"]
    if not await conn.fetchval("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"):
        # As the owner, whose policies show it every row (protect_table); a trial counts them.
        arguments += ["--role", OWNER, "--enable-row-security"]
    await programs.pour_out("pg_dump", arguments, more, writer)  # type: ignore[arg-type]
    return await asyncio.to_thread(writer.finish)


def _check_target(target: Path, state: Path) -> None:
    inside = state.resolve() / "backups"
    real = target.resolve()
    if (
        real != inside
        and (real == state.resolve() or state.resolve() in real.parents)
        and inside not in real.parents
    ):
        raise BackupError(
            "backup-target", f"备份不能放在状态文件夹内的 {target}：请选其他文件夹，最好在另一块磁盘上。", 400
        )
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise BackupError(
            "backup-target", f"目标文件夹 {target} 无法使用（{exc.strerror}）：请检查挂载和权限。", 400
        ) from exc
    if not os.access(target, os.W_OK | os.X_OK):
        raise BackupError("backup-target", f"目标文件夹 {target} 不可写：请检查权限，或换一个文件夹。", 400)


async def _check_room(
    conn: Connection, settings: Settings, plan: Plan, files: list[tuple[str, Path]]
) -> None:
    raw = await conn.fetchval("SELECT sum(pg_database_size(oid)) FROM pg_database WHERE datallowconn") or 0
    if settings.database_url:
        raw = await conn.fetchval("SELECT pg_database_size(current_database())")
    for _, path in files:
        with suppress(FileNotFoundError):
            raw += path.stat().st_size
    need = rules.needed(int(raw), plan.last) + archive.spare_bytes(plan.target, settings.state)
    free = archive.free_bytes(plan.target)
    if free < need:
        raise BackupError(
            "backup-space",
            f"{plan.target} 只剩 {archive.size_words(free)}，备份估计需要 {archive.size_words(need)}："
            "请清理磁盘、减少保留份数，或换一个目标文件夹。",
        )


def _clear(target: Path, centre: str) -> None:
    """Remove what an interrupted backup of this centre left; no other one runs, we hold the lock."""
    for path in target.glob(f".fengsui-{centre}-*{rules.HALF_MADE}"):
        shutil.rmtree(path, ignore_errors=True)


def remove(target: Path, name: str) -> None:
    """Remove one backup so that a half-removed one is never taken for one."""
    doomed = target / f".{name}{rules.HALF_MADE}"
    (target / name).rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def _put(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # Some network file systems do not know it; their server keeps what it acknowledged.
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


TROUBLES: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What may go wrong with a backup that is nobody's mistake in this program."""
