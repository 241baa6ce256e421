"""Reads the files that wait, a chunk of rows a transaction, and goes on where it stood after a crash.

A chunk writes its records, its bad rows and how far the file is in one transaction, of the requester's scope
as it is at that moment; whatever happens in between, nothing is half-written and nothing is written twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import asyncpg
import msgspec

from central.clock import database_now
from central.db.errors import DomainError
from central.db.pool import CONNECTION_LOST, DATABASE_AWAY
from central.db.scope import acting, scoped
from central.identity import messages
from central.identity import service as identity
from central.registry import imports
from central.registry import imports_store as store
from central.registry.forms.register import catalogue
from central.registry.imports_rows import Taking, take
from central.registry.sheets import apart, child, layout, limits
from central.registry.sheets.child import Order, Told

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.registry.imports_store import Claimed
    from central.registry.sheets.reading import Head, Row

_log = logging.getLogger(__name__)

_LOOK_AGAIN_S: Final = 20.0
_LEASE: Final = timedelta(seconds=60)
_KEEP_CONTENT: Final = timedelta(days=7)
_KEEP_JOBS: Final = timedelta(days=30)
_CHUNK: Final = 1000
_CHUNK_CELLS: Final = 16_000  # so that a chunk of a long form keeps the loop no longer than one of a short


class _TakenOver(Exception):
    """Another process works on the file, or it is gone."""


async def run(database: Database) -> None:
    """Works until cancelled; waits out a database that is away."""
    away = False
    async with database.listen("fengsui_import") as notices:
        while True:
            try:
                while await step(database):
                    pass
                await _tidy(database)
                away = False
            except DATABASE_AWAY as exc:
                if not away:
                    _log.warning("imports wait for the database: %s", exc)
                away = True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_S):
                    await notices.get()


async def step(database: Database) -> bool:
    """Works on the next file to its end; False when none waits."""
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        job = await store.claim(conn, now, now + _LEASE)
    if job is None:
        return False
    lease = _Lease(database, job)
    try:
        error = await _read(database, lease)
    except _TakenOver:
        _log.info("import %s is in other hands", job.id)
        return True
    except CONNECTION_LOST:
        raise
    except asyncpg.PostgresError as exc:
        _log.exception("import %s failed", job.id)
        error = f"数据库拒绝了这个文件（{exc.sqlstate}），已导入的行保持不变。"
    except Exception:  # noqa: BLE001 supervised: see below
        # One file that trips it must not take the centre along.
        _log.exception("import %s failed", job.id)
        error = "读取文件时发生内部错误，已导入的行保持不变；请联系管理员。"
    except asyncio.CancelledError:
        # Leaving: whoever comes next need not wait for the lease to end.
        with contextlib.suppress(*DATABASE_AWAY):
            await asyncio.shield(lease.give_back())
        raise
    await _end(database, lease.job, error)
    return True


class _Lease:
    """A claim on a job that is renewed while it is worked on."""

    def __init__(self, database: Database, job: Claimed) -> None:
        self._database = database
        self.job = job

    async def renew(self) -> None:
        """Still at it.

        Raises:
            _TakenOver: somebody else is.
        """
        async with acting(self._database.worker) as conn:
            until = await database_now(conn) + _LEASE
            if not await store.keep(conn, self.job, until):
                raise _TakenOver
        self.job = msgspec.structs.replace(self.job, claimed_until=until)

    async def give_back(self) -> None:
        """Leaves the job to whoever looks next."""
        async with acting(self._database.worker) as conn:
            await store.release(conn, self.job, await database_now(conn) - _LEASE)


async def _read(database: Database, lease: _Lease) -> str:
    """Reads the file of a job row by row; why it failed, empty when it did not."""
    job = lease.job
    register = catalogue().get(job.register)
    if register is None:
        return "这个台账已不存在。"
    words = {}
    if imports.dictionaries_of(register):
        async with database.worker.acquire() as conn:
            words = await imports.dictionary_words(conn, register)
    width = sum(len(sheet.columns) for sheet in layout.laid_out(register).walk())
    size = max(20, min(_CHUNK, _CHUNK_CELLS // max(width, 1)))
    done = job.done
    try:
        async with contextlib.aclosing(_found(lease, Order(job.register, words))) as found:
            head = await anext(found)
            assert head.head is not None
            skip = done
            chunk: list[Row] = []
            async for told in found:
                if skip:
                    skip -= 1
                    continue
                assert told.row is not None
                chunk.append(told.row)
                if len(chunk) >= size:
                    await _take(database, lease, head.head, words, done, chunk)
                    done, chunk = done + len(chunk), []
            if chunk:
                await _take(database, lease, head.head, words, done, chunk)
            elif done == job.done:
                async with acting(database.worker) as conn:
                    if not await store.begin(conn, lease.job, head.head.total, head.head.notices):
                        raise _TakenOver
    except DomainError as exc:
        return exc.detail
    return ""


async def _take(
    database: Database,
    lease: _Lease,
    head: Head,
    words: dict[str, dict[str, str]],
    done: int,
    rows: list[Row],
) -> None:
    """One chunk: everything of it in one transaction, or nothing."""
    job = lease.job
    async with database.worker.acquire() as conn:
        person = await _person(conn, job.account_id)
    register = catalogue()[job.register]
    taking = Taking(
        person=person, register=register, present=head.present, words=words, source=f"import:{job.id}",
        submit=job.submit, dry=job.dry_run, overwrite=job.overwrite,
    )  # fmt: skip
    async with scoped(database.web, person.scope, person.actor) as conn:
        taken = await take(conn, taking, rows)
        places = {id(row): done + place for place, row in enumerate(rows)}
        await store.insert_bad_rows(conn, job.id, [(places[id(row)], row) for row in taken.bad])
        # Last, for it locks the row that people look at; where it does not fit, all of the above is undone.
        counts = (taken.created, taken.changed, taken.unchanged, len(taken.bad))
        until = await store.advance(conn, job, done, counts, _LEASE, head.total, head.notices, taken.outdated)
        if until is None:
            raise _TakenOver
    lease.job = msgspec.structs.replace(job, claimed_until=until)


async def _person(conn: Connection, account_id: int) -> Person:
    """Who imports, with the rights of this moment.

    Raises:
        DomainError: the account is off.
    """
    person = await identity.person_by_id(conn, account_id)
    if person is None:
        raise DomainError("account-off", "导入人的账号已停用，导入停止；已导入的行保持不变。", 403)
    return person


async def _end(database: Database, job: Claimed, error: str) -> None:
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        state = "failed" if error else "checked" if job.dry_run else "done"
        if not await store.end_job(conn, job, state, error, now):
            return
        (row,) = await store.jobs(conn, job.id)
        counts = {name: row[name] for name in ("total", "created", "changed", "unchanged", "bad")}
        await identity.audit(
            conn, "import-ended", "import", job.id,
            after={"register": job.register, "state": state, "error": error, **counts},
        )  # fmt: skip
        what = "试导入" if job.dry_run else "导入"
        title = (
            f"{what}{'失败' if error else '完成'}：{catalogue()[job.register].zh}"
            if job.register in catalogue()
            else what
        )
        text = error or (
            f"“{row['file_name']}”共 {row['total']} 行：新增 {row['created']}，修改 {row['changed']}，"
            f"未变 {row['unchanged']}，有误 {row['bad']}。"
        )
        await messages.tell(
            conn, job.account_id, f"import/{job.id}", "import", title, now, text=text,
            link=f"/registers/{job.register}",
        )  # fmt: skip


async def _tidy(database: Database) -> None:
    async with acting(database.worker) as conn:
        now = await database_now(conn)
        await store.tidy(conn, now - _KEEP_CONTENT, now - _KEEP_JOBS)


# -- the process that reads ---


async def _found(lease: _Lease, order: Order) -> AsyncGenerator[Told, None]:
    """What a process of its own reads in the file: the head, then the rows; the lease is kept meanwhile.

    Raises:
        DomainError: the file cannot be read.
        _TakenOver: somebody else works on it.
    """
    decoder = msgspec.json.Decoder(Told)
    given = msgspec.json.encode(order) + b"\n" + lease.job.content
    async with contextlib.aclosing(apart.lines(child.MODULE, given, lease.renew)) as lines:
        async for line in lines:
            told = decoder.decode(line)
            if told.refused:
                raise limits.refused(told.refused)
            yield told
