"""Brings a backup back: into a scratch folder to see whether it can be done, or in the place of a state.

Keeps law-never-lose 18: a restored database is told that it is one, so that the next `serve` begins in
recovery. What was there before is moved aside, never deleted. A restore that was interrupted leaves a mark,
and no command works on that state until it was done again: a centre must not begin anew beside its own past.
"""

from __future__ import annotations

import asyncio
import fcntl
import io
import os
import shutil
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final

import msgspec

from central.backup import archive, programs, reading, store
from central.backup.archive import PartReader
from central.backup.models import DATABASE_PARTS, FILES_PART, PHYSICAL, STATE_PART, BackupError
from central.clock import database_now
from central.db.bootstrap import make_database, make_roles, prepare_embedded
from central.db.embedded import EmbeddedServer
from central.db.migrate import OWNER
from central.db.opening import UNFINISHED, customers_roles, opened_urls
from central.db.pool import Database, connect
from central.db.scope import SYSTEM, acting
from central.devices.keys import KEY_FILE, CentreKey
from central.identity import service as identity
from central.warning import recovery

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from central.backup.reading import Backup
    from central.db.pool import Connection, DatabaseUrls
    from central.settings import Settings

_FOLDER: Final = "restoring"
# A copy has no stand-by: a commit would wait for one for ever.
_ALONE: Final = "synchronous_standby_names = ''\nprimary_conninfo = ''\narchive_mode = off\n"
_SCRATCH: Final = _ALONE + "fsync = off\nshared_buffers = '64MB'\nautovacuum = off\n"
_NUMBERS_LEAP: Final = 10_000


class Restored(msgspec.Struct, frozen=True):
    """What a restore did: where the state before lies (None without one)."""

    replaced: Path | None


@asynccontextmanager
async def on_trial(backup: Backup, folder: Path) -> AsyncIterator[Database]:
    """The backup's database in a scratch server, brought to this program's schema; gone afterwards.

    Args:
        backup: opened, its parts checked.
        folder: made here and removed; must be below a folder that PostgreSQL's user may walk into.

    Raises:
        BackupError: it cannot be unpacked, started or migrated.
        ConfigurationError: the server does not start; its words are in it.
    """
    discard(folder)
    folder.mkdir(mode=0o700, parents=True)
    server = EmbeddedServer(folder, extra=_SCRATCH)
    try:
        await _lay(backup, folder, server)
        with server.running():
            urls = await prepare_embedded(server)
            async with Database.open(urls, web_size=1, worker_size=2, longest_s=None) as database:
                yield database
    finally:
        await asyncio.to_thread(discard, folder)


async def _lay_state(backup: Backup, folder: Path) -> None:
    with PartReader(backup.path(STATE_PART), backup.key) as reader:
        await asyncio.to_thread(archive.unpack, reader, folder / "state")
    for path in (folder / "state").iterdir():
        path.rename(folder / path.name)
    (folder / "state").rmdir()
    if backup.manifest.holds_files:
        with PartReader(backup.path(FILES_PART), backup.key) as reader:
            await asyncio.to_thread(archive.unpack, reader, folder / archive.ATTACHED)


async def _lay(backup: Backup, folder: Path, server: EmbeddedServer) -> None:
    """State files and database of a backup into a folder; the server is left stopped."""
    await _lay_state(backup, folder)
    if backup.manifest.kind == PHYSICAL:
        with PartReader(backup.path(DATABASE_PARTS[PHYSICAL]), backup.key) as reader:
            await asyncio.to_thread(archive.unpack, reader, server.data)
        await programs.check_files(server.data)
        await asyncio.to_thread(server.give, server.data)
        return
    (folder / "postgres.json").unlink(missing_ok=True)
    with server.running():
        passwords = server.passwords
        await make_roles(server.url("admin", "postgres"), passwords.web, passwords.worker)
        await make_database(server.url("admin", "postgres"), "fengsui")
        await _pour_dump(backup, server.url("admin"))


async def _pour_dump(backup: Backup, admin_url: str) -> None:
    conn = await connect(admin_url)
    try:
        await conn.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}")
        mighty = await conn.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    finally:
        await conn.close()
    url, more = programs.without_password(admin_url)
    arguments = ["--dbname", url, "--single-transaction", "--exit-on-error", "--no-password"]
    if not mighty:
        # Who may not give things away makes them as their owner, who owns all of ours.
        arguments += ["--role", OWNER, "--no-owner"]
    with PartReader(backup.path(DATABASE_PARTS[backup.manifest.kind]), backup.key) as reader:
        source = io.BufferedReader(reader, 1 << 20)
        await programs.pour_in("pg_restore", arguments, more, source.read)
    conn = await connect(admin_url)
    try:
        await conn.execute("ANALYZE")
    finally:
        await conn.close()


async def restore(settings: Settings, backup: Backup, by: str, *, over: bool) -> Restored:
    """Put a backup in the place of a state folder, and of the customer's database where settings name one.

    Args:
        settings: of the centre to be.
        backup: opened.
        by: who does it; for the audit.
        over: whether a state that is there may be moved aside.

    Raises:
        BackupError: refused, or the backup is damaged; what was there is untouched.
        ConfigurationError: a server does not start or take it.
    """
    state = settings.state.absolute()
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    reading.check_age(backup.manifest)
    with _alone(state):
        _check_place(settings, backup, over=over)
        reading.check_parts(backup.folder, backup.manifest)
        fresh = state / _FOLDER
        discard(fresh)
        fresh.mkdir(mode=0o700)
        try:
            await _raise_up(settings, backup, fresh, by)
        except BaseException:
            await asyncio.to_thread(discard, fresh)
            raise
        os.sync()
        return await asyncio.to_thread(_swap, state, fresh, backup.manifest.name)


async def _raise_up(settings: Settings, backup: Backup, fresh: Path, by: str) -> None:
    if not settings.database_url:
        server = EmbeddedServer(fresh, extra=_ALONE)
        await _lay(backup, fresh, server)
        _check_key(backup, fresh)
        with server.running():
            urls = await prepare_embedded(server)
            await _settle(urls, backup, by)
        return
    if backup.manifest.kind == PHYSICAL:
        raise BackupError(
            "backup-kind",
            "此备份是内置数据库的整库副本，不能恢复到自备的 PostgreSQL：请取消 FENGSUI_DATABASE_URL 后恢复。",
        )
    conn = await connect(settings.database_url)
    try:
        tables = await conn.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await conn.close()
    if tables:
        raise BackupError(
            "backup-occupied",
            f"FENGSUI_DATABASE_URL 指向的数据库里已有 {tables} 张表：请新建一个空数据库并指向它，"
            "原有的数据库不会被改动。",
        )
    await _lay_state(backup, fresh)
    _check_key(backup, fresh)
    there = msgspec.structs.replace(settings, state=fresh)
    await customers_roles(there)
    await _pour_dump(backup, settings.database_url)
    async with opened_urls(there) as urls:
        await _settle(urls, backup, by)


def _check_key(backup: Backup, fresh: Path) -> None:
    """The key inside must be the one that signed the manifest: parts of two backups do not mix."""
    if not (fresh / KEY_FILE).exists() or CentreKey.load(fresh).public != backup.public_key:
        raise BackupError("backup-broken", "备份中的中心密钥与签署清单的密钥不一致，拒绝恢复。")


async def _settle(urls: DatabaseUrls, backup: Backup, by: str) -> None:
    """Tell the restored database what it is.

    Sessions of the time of the backup end: somebody may have been shut out since. Case numbers leap, so that
    none that was told to people after the backup names another case.
    """
    conn = await connect(urls.admin)
    try:
        await conn.execute(f"SET ROLE {OWNER}")
        await conn.execute(_LEAP, _NUMBERS_LEAP)
    finally:
        await conn.close()
    async with (
        Database.open(urls, web_size=1, worker_size=1, longest_s=None) as database,
        acting(database.worker, msgspec.structs.replace(SYSTEM, name=by)) as work,
    ):
        await _remember(work, backup, by)


_LEAP: Final = """
SELECT setval(pg_get_serial_sequence('warning', 'number'),
              (coalesce(max(number), 0) / $1::bigint + 1) * $1::bigint)
FROM warning HAVING count(*) > 0
"""


async def _remember(conn: Connection, backup: Backup, by: str) -> None:
    now = await database_now(conn)
    manifest = backup.manifest
    await recovery.came_from_backup(conn, manifest.name, manifest.made_at, now)
    await identity.end_all_sessions(conn)
    await store.forget_unended(conn)
    await store.found(conn, manifest, str(backup.folder.parent), "恢复自此备份")
    told = {"made_at": manifest.made_at, "program": manifest.program, "schema": manifest.schema}
    await identity.audit(conn, "restored", "backup", manifest.name, after=told, reason=by)


# --- the state folder --------------------------------------------------------------------------------------


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Nobody uses the state folder's server, and no second restore runs."""
    server = EmbeddedServer(state)
    handle = os.open(state / "postgres.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("backup-live", f"{state} 正在使用：请先停止中心（serve），再恢复。") from None
        if server.pid is not None:
            raise BackupError("backup-live", f"{state} 的数据库仍在运行：请先停止中心（serve），再恢复。")
        yield
    finally:
        os.close(handle)


def _check_place(settings: Settings, backup: Backup, *, over: bool) -> None:
    state = settings.state.absolute()
    unfinished = (state / UNFINISHED).exists()
    live = (state / "postgres").exists() or (state / KEY_FILE).exists()
    if live and not over and not unfinished:
        raise BackupError(
            "backup-over",
            f"{state} 里已有一个中心：确认要替换请加 --over，原有内容会移到旁边保留，不会删除。",
        )
    need = backup.manifest.raw_bytes * 11 // 10 + (64 << 20)
    free = archive.free_bytes(state)
    if free < need:
        raise BackupError(
            "backup-space",
            f"{state} 只剩 {archive.size_words(free)}，恢复需要约 {archive.size_words(need)}：请先清理磁盘。",
        )


def _swap(state: Path, fresh: Path, name: str) -> Restored:
    """What was there moves aside, what was restored into its place; a mark stands meanwhile."""
    mark = state / UNFINISHED
    mark.write_text(f"{name}\n", encoding="utf-8")
    _sync(state)
    apart = _apart(state)
    old = [
        path
        for path in state.iterdir()
        if path.name not in _STAYING and not path.name.startswith(archive.REPLACED)
    ]
    if old:
        apart.mkdir(mode=0o700)
        for path in old:
            path.rename(apart / path.name)
    for path in fresh.iterdir():
        if path.name in _OWN_TO_RUN:
            path.unlink()
        else:
            path.rename(state / path.name)
    fresh.rmdir()
    _sync(state)
    mark.unlink()
    _sync(state)
    return Restored(apart if old else None)


# The mark, what is being brought, the backups themselves, and what locks this folder right now.
_STAYING: Final = frozenset({UNFINISHED, _FOLDER, "backups", "postgres.users", "postgres.lock"})
_OWN_TO_RUN: Final = frozenset({"postgres.users", "postgres.lock", "postgres.log", "postgres.setup.log"})


def _apart(state: Path) -> Path:
    number = 1
    while (state / f"{archive.REPLACED}{number}").exists():
        number += 1
    return state / f"{archive.REPLACED}{number}"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def discard(folder: Path) -> None:
    """Remove a scratch folder; a server that a killed process left running in it is stopped first."""
    if not folder.exists():
        return
    server = EmbeddedServer(folder, extra=_SCRATCH)
    if server.pid is not None:
        server.start()
        server.stop()
    shutil.rmtree(folder)
