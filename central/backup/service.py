"""What is done with backups: made by one's order or by the clock, tried, forgotten by rule, listed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from central.backup import archive, reading, rules, store, taking, verifying
from central.backup.models import BackupError, BackupRow, BackupState, RecoveryState
from central.backup.patience import Patience
from central.clock import database_now
from central.db.errors import ConfigurationError
from central.db.scope import SYSTEM, Actor, acting
from central.devices.keys import CentreKey
from central.identity import service as identity
from central.warning import recovery

if TYPE_CHECKING:
    from central.backup.models import Finding, Manifest
    from central.backup.reading import Backup
    from central.backup.rules import Keep
    from central.db.pool import Connection, Database
    from central.settings import Settings

_LOOKED_AT: Final = 50
_folder: Final = Patience[tuple[bool, int | None]](2.0)
BACKUP, CHECK = "backup", "check"


def target_of(settings: Settings) -> Path:
    """The folder in which backups are made."""
    return (
        Path(settings.backup_to).absolute() if settings.backup_to else settings.state.absolute() / "backups"
    )


def secrets_of(
    settings: Settings, passphrase_file: Path | None = None, recipient: str = ""
) -> taking.Secrets:
    """How backups are encrypted.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    file = passphrase_file or (
        Path(settings.backup_passphrase_file) if settings.backup_passphrase_file else None
    )
    key = recipient or settings.backup_recipient
    if key:
        return taking.Secrets(recipient=key)
    return taking.Secrets(passphrase=read_secret(file) if file else "")


def read_secret(file: Path) -> str:
    """The first line of a file that holds a secret.

    Raises:
        ConfigurationError: it cannot be read or is empty.
    """
    try:
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(f"{file} cannot be read as a secret: {exc}") from exc
    if not text:
        raise ConfigurationError(f"{file} is empty: it must hold the passphrase or key in one line")
    return text


async def make(
    database: Database, settings: Settings, plan: taking.Plan, keep: Keep, by: str, job: int | None = None
) -> Manifest:
    """Make a backup, remember how it went, and let go of those that the rule keeps no longer.

    Args:
        database: of the centre; its worker remembers.
        settings: of the centre.
        plan: what and where.
        keep: the rule.
        by: who wanted it.
        job: the row that a worker took up; None makes one.

    Raises:
        BackupError: it was refused or failed; the row says why.
        ConfigurationError: a secret is not as it must be.
        OSError: the target failed, for example because its disk is full.
    """
    target = str(plan.target)
    encrypted = bool(plan.secrets.passphrase or plan.secrets.recipient)
    actor = Actor(0, "operator", by)
    async with acting(database.worker, actor) as conn:
        now = await database_now(conn)
        if job is None:
            job = await store.begin(conn, target, by, now, encrypted=encrypted)
        else:
            await store.run(conn, job, target, now, encrypted=encrypted)
        plan = msgspec.structs.replace(plan, last=await store.last_size(conn))
    try:
        manifest = await taking.take(settings, database.urls.admin, plan)
    except (BackupError, ConfigurationError, *taking.TROUBLES) as exc:
        async with acting(database.worker, actor) as conn:
            await fail(conn, job, _words(exc), by)
        raise
    async with acting(database.worker, actor) as conn:
        now = await database_now(conn)
        await store.made(conn, job, manifest, now)
        told = {"name": manifest.name, "bytes": manifest.bytes, "target": target}
        await identity.audit(conn, "made", "backup", job, after=told, reason=by)
        await tidy(conn, plan.target, keep, await asyncio.to_thread(lying, settings, plan.target))
    return manifest


async def fail(conn: Connection, job: int, words: str, by: str) -> None:
    """Remember that a backup failed."""
    if await store.failed(conn, job, words, await database_now(conn)):
        await identity.audit(conn, "failed", "backup", job, after={"error": words}, reason=by)


def _words(exc: BaseException) -> str:
    if isinstance(exc, BackupError):
        return exc.detail
    if isinstance(exc, OSError):
        where = f" {exc.filename}" if exc.filename else ""
        return f"写入备份失败：{exc.strerror or exc}{where}"
    return f"{exc}"


def lying(settings: Settings, target: Path) -> list[Manifest]:
    """The sound backups of this centre in a folder; reads it."""
    return list(reading.lying_in(target, taking.centre_mark(CentreKey.load(settings.state))))


async def tidy(conn: Connection, target: Path, keep: Keep | None, found: list[Manifest]) -> None:
    """Make the memory agree with what lies in a folder, and remove what the rule keeps no longer.

    Args:
        conn: a worker's transaction.
        target: the folder.
        keep: the rule; None removes nothing.
        found: what lies there.
    """
    there = {manifest.name: manifest for manifest in found}
    for manifest in found:
        await store.found(conn, manifest, str(target), "在文件夹中发现")
    known = await store.there(conn, str(target))
    proved = [name for name, _, good in known if good]
    doomed: list[str] = []
    if keep is not None:
        stay = rules.kept([(name, m.made_at) for name, m in there.items()], keep, proved)
        doomed = [name for name in there if name not in stay]
        for name in doomed:
            await asyncio.to_thread(taking.remove, target, name)
    missing = [name for name, _, _ in known if name not in there]
    await store.gone(conn, doomed + missing, await database_now(conn))


async def check(database: Database, backup: Backup, state: Path, by: str) -> list[Finding]:
    """Restore a backup on trial and remember what was found.

    Raises:
        BackupError: it could not be tried.
    """
    found = await verifying.verify(backup, state)
    good = verifying.is_good(found)
    async with acting(database.worker, Actor(0, "operator", by)) as conn:
        now = await database_now(conn)
        words = verifying.words_of(found)
        await store.checked(conn, backup.manifest.name, now, words, good=good)
        told = {"good": good, "found": words}
        await identity.audit(conn, "checked", "backup", backup.manifest.name, after=told, reason=by)
    return found


async def want(database: Database, settings: Settings, actor: Actor) -> int:
    """Ask for a backup now; the worker begins within seconds.

    Raises:
        BackupError: one is being made or waits already.
    """
    async with acting(database.worker, actor) as conn:
        now = await database_now(conn)
        running = await store.listing(conn, None, "running", 1)
        job = None if running else await store.want(conn, str(target_of(settings)), actor.name, now)
        if job is None:
            raise BackupError("backup-runs", "已有一个备份正在进行或等待开始，请稍后查看结果。")
        await identity.audit(conn, "wanted", "backup", job)
        return job


async def page(
    database: Database, settings: Settings, before: int | None, state: str | None, limit: int
) -> tuple[list[BackupRow], BackupState]:
    """Backups, newest first, one more than asked for where there are more; and how they stand."""
    room = await _folder.ask(lambda: _room(settings), (False, None))
    async with acting(database.worker) as conn:
        rows = await store.listing(conn, before, state, limit + 1)
        return rows, await standing(conn, settings, room)


async def standing(
    conn: Connection, settings: Settings, room: tuple[bool, int | None] = (False, None)
) -> BackupState:
    """How the backups stand.

    Args:
        conn: a worker's transaction.
        settings: of the centre.
        room: whether the target shares the centre's disk, and its free bytes, where somebody asked.
    """
    now = await database_now(conn)
    recent = await store.listing(conn, None, None, _LOOKED_AT)
    due = await store.timer(conn, BACKUP)
    newest = await store.newest(conn)
    target = target_of(settings)
    every = timedelta(hours=settings.backup_hours)
    return BackupState(
        target=str(target),
        same_disk=room[0],
        free_bytes=room[1],
        encrypted=bool(settings.backup_passphrase_file or settings.backup_recipient),
        every_hours=settings.backup_hours,
        keep=settings.backup_keep,
        next_at=due[0] if due and every else None,
        running=any(row.state in {"wanted", "running"} for row in recent),
        last_good_at=newest["began_at"] if newest else None,
        last_checked_at=await store.last_checked(conn),
        attention=rules.attention(recent, every, due[1] if due else now, now),
    )


def _room(settings: Settings) -> tuple[bool, int | None]:
    near = target_of(settings)
    while not near.exists() and near != near.parent:
        near = near.parent
    return near.stat().st_dev == settings.state.stat().st_dev, archive.free_bytes(near)


async def recovering(database: Database) -> RecoveryState | None:
    """Whether this centre runs in recovery."""
    async with acting(database.worker, SYSTEM) as conn:
        known: Any = await recovery.running(conn)
        return None if known is None else msgspec.convert(msgspec.structs.asdict(known), RecoveryState)


async def attention(database: Database, settings: Settings) -> str:
    """What a person should be told about the backups; "" when all is well."""
    async with acting(database.worker, SYSTEM) as conn:
        return (await standing(conn, settings)).attention


async def newest_folder(database: Database) -> Path:
    """Where the newest backup lies.

    Raises:
        BackupError: there is none.
    """
    async with acting(database.worker, SYSTEM) as conn:
        newest = await store.newest(conn)
    if newest is None:
        raise BackupError("backup-none", "还没有可用的备份。", 404)
    return Path(str(newest["target"])) / str(newest["name"])
