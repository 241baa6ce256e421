"""The worker: makes what is wanted in a process of its own, tells of what failed, and proves the newest."""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from central.backup import reading, restoring, service, store, worker
from central.backup.models import BackupRow
from central.clock import database_now
from central.db.opening import opened
from central.db.pool import Database
from central.db.scope import SYSTEM, acting
from central.devices.keys import CentreKey
from central.settings import Settings
from tests.central import county


@pytest.fixture
def settings() -> Iterator[Settings]:
    # Not under pytest's own folder: for root PostgreSQL runs as another user, who may not walk in there.
    folder = Path(tempfile.mkdtemp(prefix="fengsui-backup-"))
    yield Settings(state=folder / "state", backup_to=str(folder / "kept"), backup_keep="1/0/0")
    restoring.discard(folder / "state")
    shutil.rmtree(folder, ignore_errors=True)


async def listed(database: Database) -> list[BackupRow]:
    async with acting(database.worker) as conn:
        return await store.listing(conn, None, None, 9)


async def until(database: Database, holds: Callable[[list[BackupRow]], bool]) -> list[BackupRow]:
    async with asyncio.timeout(150):
        while not holds(rows := await listed(database)):
            await asyncio.sleep(0.2)
    return rows


def test_backups_are_made_by_the_clock_and_by_wish_and_what_was_killed_has_failed(settings: Settings) -> None:
    async def run() -> None:
        async with opened(settings) as database:
            CentreKey.load(settings.state)
            await county.found(database)
            working = asyncio.create_task(worker.run(database, settings))
            async with asyncio.timeout(60):
                while not await database.worker.fetchval("SELECT count(*) = 2 FROM backup_timer"):
                    await asyncio.sleep(0.1)
            assert await listed(database) == []
            async with acting(database.worker) as conn:
                await store.timer_move(conn, service.BACKUP, await database_now(conn))
            (first,) = await until(database, lambda rows: bool(rows) and rows[0].state == "good")
            assert first.asked_by == "定时备份"
            lying = Path(settings.backup_to) / first.name
            reading.check_parts(lying, reading.manifest_of(lying))

            # A trial, by its own clock.
            async with acting(database.worker) as conn:
                await store.timer_move(conn, service.CHECK, await database_now(conn))
            (first,) = await until(database, lambda rows: rows[0].check_good is not None)
            assert first.check_good, first.check_words

            # Wanted by a person, and its process dies: failed, told to those who keep the system.
            await service.want(database, settings, SYSTEM)
            child = await made_by(working)
            child.send_signal(signal.SIGKILL)
            rows = await until(database, lambda rows: len(rows) == 2 and rows[0].state == "failed")
            assert "中断" in rows[0].error
            told = "SELECT text FROM message JOIN account ON account.id = account_id WHERE login = 'admin'"
            async with asyncio.timeout(60):
                while not (words := await database.worker.fetchval(told)):
                    await asyncio.sleep(0.2)
            assert "中断" in words

            # The next one is good, and the rule keeps one of a day; the proved one stays beside it.
            await service.want(database, settings, SYSTEM)
            rows = await until(database, lambda rows: len(rows) == 3 and rows[0].state == "good")
            assert {path.name for path in Path(settings.backup_to).iterdir()} == {rows[0].name, first.name}
            working.cancel()
            with pytest.raises(asyncio.CancelledError):
                await working

    asyncio.run(run())


async def made_by(_working: asyncio.Task[None]) -> psutil.Process:
    """The process that makes the backup, before it has begun to write."""
    async with asyncio.timeout(60):
        while True:
            for process in psutil.Process().children():
                if "--job" in process.cmdline():
                    return process
            await asyncio.sleep(0.01)
