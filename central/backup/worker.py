"""Makes backups when due or wanted, and restores the newest on trial now and then.

Each is a process of its own, `fengsui central backup …`: it may take hours and a lot of memory bandwidth, and
neither may touch the loop that serves alarms. Its end is read from the row that it wrote; one that died
without a word is marked as failed.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prometheus_client import Gauge

import central
from central.backup import rules, service, store, taking
from central.backup.models import Manifest
from central.backup.patience import Patience
from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.scope import SYSTEM, acting
from central.identity import messages

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection, Database
    from central.settings import Settings

_log = logging.getLogger(__name__)

_LOOK_EVERY_S: Final = 5.0
_PATIENCE_S: Final = 20.0
_BY_CLOCK: Final = "定时备份"
_PROGRAM: Final = Path(central.__file__).parents[1] / "fengsui.py"

AGE: Final = Gauge("fengsui_backup_last_good_age_seconds", "Age of the newest good backup; -1 without any.")
CHECK_AGE: Final = Gauge(
    "fengsui_backup_last_checked_age_seconds",
    "Age of the newest successful restore on trial; -1 without any.",
)
ATTENTION: Final = Gauge("fengsui_backup_attention", "1 while a person should look at the backups.")


async def run(database: Database, settings: Settings) -> None:
    """Works until cancelled; waits out a database that is away."""
    begun = False
    told = ""
    while True:
        try:
            if not begun:
                await _begin(database, settings)
                begun = True
            job = await _due(database, settings)
            if job is not None:
                await _make(database, settings, job)
            elif await _check_due(database, settings):
                await _check(database, settings)
            told = await _show(database, settings, told)
        except DATABASE_AWAY as exc:
            _log.warning("backups wait for the database: %s", exc)
        await asyncio.sleep(_LOOK_EVERY_S)


async def _begin(database: Database, settings: Settings) -> None:
    """The first time: when one is due. After a crash or a restore: what lies there, what nobody makes."""
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        await store.timer_set(conn, service.BACKUP, now + rules.FIRST_AFTER, now)
        await store.timer_set(conn, service.CHECK, now + rules.FIRST_AFTER * 2, now)
        if not await taking.is_running(conn) and await store.orphans(conn, "进程中断，备份没有完成", now):
            _log.warning("a backup was interrupted and has failed")
    target = service.target_of(settings)
    looking = Patience[list[Manifest] | None](_PATIENCE_S)
    found = await looking.ask(lambda: service.lying(settings, target), None)
    if found is not None:
        async with acting(database.worker) as conn:
            await service.tidy(conn, target, None, found)


async def _due(database: Database, settings: Settings) -> int | None:
    """The backup to be made now, claimed; None when there is none."""
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        if settings.backup_hours:
            following = rules.next_due(now, timedelta(hours=settings.backup_hours), failed=False)
            if await store.timer_claim(conn, service.BACKUP, now, following):
                await store.want(conn, str(service.target_of(settings)), _BY_CLOCK, now)
        return await store.claim(conn, now)


async def _make(database: Database, settings: Settings, job: int) -> None:
    code = await _child(settings, "--job", str(job))
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        # One that ended by itself has said why; this is for one that was killed.
        await service.fail(conn, job, f"备份进程中断（{code}）", SYSTEM.name)
        if code != 0:
            every = timedelta(hours=settings.backup_hours) if settings.backup_hours else rules.AGAIN_AFTER
            await store.timer_move(conn, service.BACKUP, rules.next_due(now, every, failed=True))
            _log.error("the backup failed (fengsui central backup list)")


async def _check_due(database: Database, settings: Settings) -> bool:
    if not settings.backup_check_days:
        return False
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        newest = await store.newest(conn)
        # What nobody here can read is not tried here.
        if newest is None or (newest["encrypted"] and not settings.backup_passphrase_file):
            return False
        return await store.timer_claim(
            conn, service.CHECK, now, now + timedelta(days=settings.backup_check_days)
        )


async def _check(database: Database, settings: Settings) -> None:
    code = await _child(settings, "verify")
    if code == 0:
        return
    _log.error("the newest backup could not be restored on trial (fengsui central backup list)")
    async with acting(database.worker) as conn:
        # 1: it is bad, and the next one is tried tomorrow. Else the trial itself died: soon again.
        later = timedelta(days=1) if code == 1 else rules.AGAIN_AFTER
        await store.timer_move(conn, service.CHECK, await database_now(conn) + later)


async def _child(settings: Settings, *arguments: str) -> int:
    # What was given on the command line wins over the environment, for the child too.
    given = {
        "FENGSUI_STATE": str(settings.state.absolute()),
        "FENGSUI_DATABASE_URL": settings.database_url,
        "FENGSUI_BACKUP_TO": str(service.target_of(settings)),
        "FENGSUI_BACKUP_KEEP": settings.backup_keep,
        "FENGSUI_BACKUP_PASSPHRASE_FILE": settings.backup_passphrase_file,
        "FENGSUI_BACKUP_RECIPIENT": settings.backup_recipient,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(_PROGRAM),
        "central",
        "backup",
        *arguments,
        "--nice",
        stdin=asyncio.subprocess.DEVNULL,
        env={**os.environ, **given},
        # Ctrl-C reaches the centre alone, which then ends it.
        start_new_session=True,
    )
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


async def _show(database: Database, settings: Settings, told: str) -> str:
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        standing = await service.standing(conn, settings)
        AGE.set(_age_s(standing.last_good_at, now))
        CHECK_AGE.set(_age_s(standing.last_checked_at, now))
        ATTENTION.set(1 if standing.attention else 0)
        if standing.attention != told:
            await _tell(conn, standing.attention, now)
    return standing.attention


async def _tell(conn: Connection, attention: str, now: datetime) -> None:
    """A failed or missed backup is nobody's plant and so no warning: it reaches those who keep the system."""
    if not attention:
        _log.info("backups are in order again")
        return
    _log.error("backups: %s", attention)
    await messages.tell_those_who_may(
        conn,
        "backup",
        f"backup/{now:%Y-%m-%d}",
        "backup",
        "备份需要处理",
        now,
        text=attention,
        link="/backups",
    )


def _age_s(at: datetime | None, now: datetime) -> float:
    return (now - at).total_seconds() if at else -1.0
