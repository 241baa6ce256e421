"""Restores a backup on trial and says what it found: files, schema, sequence, chain of the audit."""

from __future__ import annotations

import asyncio
import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import asyncpg

from central.audit import roots
from central.audit.verify import verify as verify_audit
from central.backup import archive, reading, restoring, taking
from central.backup.models import BackupError, Finding
from central.db.errors import ConfigurationError
from central.db.migrate import applied, pending, read_migrations
from central.db.pool import connect
from central.ingest import gaps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from central.backup.models import Manifest
    from central.backup.reading import Backup
    from central.db.pool import Database

_FOLDER: Final = "verifying"


async def verify(backup: Backup, state: Path) -> list[Finding]:
    """Restore a backup on trial.

    Args:
        backup: opened.
        state: folder in which the scratch server gets room of its own; it is empty again afterwards.

    Returns:
        What was looked at, in order; the first bad one ends it where the rest needs it.

    Raises:
        BackupError: it could not be tried: no room, or another trial runs.
    """
    manifest = backup.manifest
    found: list[Finding] = []
    try:
        await asyncio.to_thread(reading.check_parts, backup.folder, manifest)
    except BackupError as exc:
        return [Finding("files", False, exc.detail)]
    found.append(
        Finding(
            "files",
            True,
            f"{len(manifest.parts)} 个文件、{archive.size_words(manifest.bytes)}，签名与 SHA-256 相符",
        )
    )
    try:
        reading.check_age(manifest)
    except BackupError as exc:
        return [*found, Finding("schema", False, exc.detail)]
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _one_at_a_time(state):
        folder = state / _FOLDER
        restoring.discard(folder)
        _check_room(manifest, state)
        try:
            async with restoring.on_trial(backup, folder) as database:
                found += await _look(database, backup, folder)
        except BackupError as exc:
            found.append(Finding("restore", False, exc.detail))
        except (ConfigurationError, asyncpg.PostgresError) as exc:
            found.append(Finding("restore", False, f"恢复出的数据库无法启动或升级：{exc}"))
    return found


def is_good(found: list[Finding]) -> bool:
    """Whether nothing bad was found, and the restore was really tried."""
    return all(each.good for each in found) and any(each.part == "restore" for each in found)


def words_of(found: list[Finding]) -> str:
    """One line for the list: what is bad, or what was seen."""
    bad = [each.words for each in found if not each.good]
    return "；".join(bad or [each.words for each in found])


async def _look(database: Database, backup: Backup, folder: Path) -> list[Finding]:
    manifest = backup.manifest
    # As the administrator, who reads past every policy.
    conn = await connect(database.urls.admin)
    try:
        named = [row["sha256"] for row in await conn.fetch(_NAMED)]
        done = await applied(conn)
        left = pending(read_migrations(), done)
        counts = {table: await conn.fetchval(f"SELECT count(*) FROM {table}") for table in taking.COUNTED}  # noqa: S608
    finally:
        await conn.close()
    short = [
        f"{table} 应不少于 {manifest.counts[table]} 行，实际 {count} 行"
        for table, count in counts.items()
        if count < manifest.counts.get(table, 0)
    ]
    report = await gaps.audit(database)
    torn = [
        each for each in report.findings if "batch" in each.detail and each.kind in {"missing", "duplicate"}
    ]
    summary = report.summary
    sequence = (
        f"{summary.gateways} 个网关、{summary.records} 条记录：缺失 {summary.missing}、"
        f"重复 {summary.duplicate}、声明丢失 {summary.declared_lost}"
    )
    chain = await verify_audit(database, folder / roots.FOLDER, backup.public_key)
    wrong = "；".join(each.detail for each in chain.findings[:3])
    attached = await asyncio.to_thread(_attached, named, folder, inside=manifest.holds_files)
    return [
        Finding("restore", True, "数据库已在临时服务器上恢复并启动"),
        Finding("schema", not left, f"数据库版本 {manifest.schema:04}，已升级到 {max(done, default=0):04}"),
        Finding("rows", not short, "；".join(short) or "备份开始前提交的行都在"),
        # What was claimed and not sent yet is missing in every backup of a busy centre: it is sent again.
        attached,
        Finding("sequence", not torn and not summary.duplicate, sequence),
        Finding(
            "audit",
            not chain.findings,
            f"审计链 {chain.entries} 条，"
            + (f"{len(chain.findings)} 处不符：{wrong}" if wrong else "首尾相连，无改动"),
        ),
    ]


_NAMED: Final = """
SELECT f.sha256 FROM stored_file AS f
WHERE EXISTS (SELECT 1 FROM file_use AS u WHERE u.sha256 = f.sha256) ORDER BY 1
"""


def _attached(named: list[str], folder: Path, *, inside: bool) -> Finding:
    """Whether every file that a record names is there, and is what its name says."""
    if not inside:
        words = f"{len(named)} 个附件存放在备份之外（FENGSUI_FILES），未检查" if named else "没有附件"
        return Finding("attachments", True, words)
    bad = []
    for sha256 in named:
        path = folder / archive.ATTACHED / sha256[:2] / sha256
        if not path.is_file() or archive.hash_of(path) != sha256:
            bad.append(sha256)
    if bad:
        return Finding("attachments", False, f"{len(bad)} 个附件缺失或已损坏，例如 {bad[0]}")
    return Finding("attachments", True, f"{len(named)} 个附件都在，内容与 SHA-256 相符")


def _check_room(manifest: Manifest, state: Path) -> None:
    need = manifest.raw_bytes * 11 // 10 + (64 << 20) + archive.spare_bytes(state, state)
    free = archive.free_bytes(state)
    if free < need:
        raise BackupError(
            "backup-space",
            f"{state} 只剩 {archive.size_words(free)}，恢复验证需要约 {archive.size_words(need)}："
            "请用 --scratch 指定另一个文件夹，或清理磁盘。",
        )


@contextmanager
def _one_at_a_time(state: Path) -> Iterator[None]:
    handle = os.open(state / "verifying.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("backup-runs", "另一个恢复验证正在进行，请等它结束。") from None
        yield
    finally:
        os.close(handle)
