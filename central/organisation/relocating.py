"""Carries out moves and reorganisations, one step a transaction: killed anywhere, it does that step again.

A job is held by a lock of its row, so that of several central processes one works on it. An enterprise and
all its rows go in one transaction: first the great tables that only grow, while everybody goes on working;
then, within half a second of waiting for locks or not at all, everything else.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import asyncpg
import msgspec

from central import clock
from central.db.errors import DomainError
from central.db.pool import CONNECTION_LOST, DATABASE_AWAY
from central.db.scope import Actor, Scope, acting, enter
from central.identity import service as identity
from central.organisation import industries, moves
from central.organisation import moves_store as store
from central.organisation.moves_models import REORGANISATION, NewReorganisation

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection, Database

_log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 30.0
# Shorter than PostgreSQL's deadlock_timeout (1 s): in a ring with ingest it is always we who step back.
_LOCK_WAIT = "SET LOCAL lock_timeout = '500ms'"
_TRIES = 40
_PAUSE_S = 0.25
_BUSY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)


async def run(database: Database) -> None:
    """Works until cancelled; waits out a database that is away."""
    away = False
    async with database.listen("fengsui_relocation") as notices:
        while True:
            wait_s = _LOOK_AGAIN_S
            try:
                await _have_industries(database)
                while await step(database):
                    pass
                wait_s = await _until_next(database)
                away = False
            except DATABASE_AWAY as exc:
                if not away:
                    _log.warning("moves and reorganisations wait for the database: %s", exc)
                away = True
            try:
                async with asyncio.timeout(wait_s):
                    await notices.get()
            except TimeoutError:
                continue


async def _have_industries(database: Database) -> None:
    """The classification that we carry is there from the first start on."""
    async with acting(database.worker) as conn:
        if not await conn.fetchval("SELECT EXISTS (SELECT 1 FROM industry)"):
            await industries.load_shipped(conn)


async def _until_next(database: Database) -> float:
    async with database.worker.acquire() as conn:
        due, now = await store.next_due(conn), await clock.database_now(conn)
    return _LOOK_AGAIN_S if due is None else min(_LOOK_AGAIN_S, max(0.1, (due - now).total_seconds()))


async def step(database: Database) -> bool:
    """Does the next step of the job that is due longest; False when none is due."""
    async with acting(database.worker) as conn:
        now = await clock.database_now(conn)
        job = await store.due_job(conn, now)
        if job is None:
            return False
        who = Actor(job["made_by"] or 0, job["made_by_role"], job["made_by_name"])
        await enter(conn, Scope.nothing(), who)
        await store.say_why(conn, job["reason"])
        try:
            async with conn.transaction():
                await _step(conn, job, now)
        except CONNECTION_LOST:
            raise
        except DomainError as exc:
            await store.fail(conn, job["id"], exc.detail, now)
        except _BUSY:
            await store.fail(conn, job["id"], "数据正忙，稍后自动继续。", now)
        except asyncpg.PostgresError as exc:
            _log.exception("step of job %s failed", job["id"])
            await store.fail(conn, job["id"], f"数据库拒绝了这一步（{exc.sqlstate}），稍后自动重试。", now)
    return True


async def _step(conn: Connection, job: asyncpg.Record, now: datetime) -> None:
    asked = msgspec.convert(job["plan"], NewReorganisation) if job["kind"] == REORGANISATION else None
    if job["state"] == "planned":
        await store.begin(conn, job["id"], now)
        if asked is not None:
            await _begin(conn, job, asked)
        await store.progress(conn, job["id"], 0)
        return
    item = await store.next_item(conn, job["id"])
    if item is not None:
        rows = await _move(conn, job, item, now)
        await store.progress(conn, job["id"], rows)
        return
    if asked is not None:
        late, undecided = await _list(conn, job["id"], asked)
        if late:
            await store.progress(conn, job["id"], 0)
            return
        if undecided:
            raise DomainError(
                "undecided", f"以下企业的去向没有说明，请补充：{'、'.join(undecided[:20])}。", 409
            )
        await store.areas_close(conn, job["id"])
    await store.end_job(conn, job["id"], now)
    await identity.audit(conn, "ended", "relocation", job["id"])


async def _begin(conn: Connection, job: asyncpg.Record, asked: NewReorganisation) -> None:
    """New regions, ended ones, areas of renumbered ones, the list of enterprises: at once or not at all."""
    steps = await moves.expanded(conn, asked)
    if steps.problems:
        raise DomainError("plan-outdated", "；".join(p.problem for p in steps.problems), 409, steps.problems)
    day = await store.day_of(conn, job["effective_at"])
    source = job["document"] or asked.title
    for code, name in sorted(steps.made.items(), key=lambda made: len(made[0])):
        await store.make_region(conn, code, name, day, source)
    for change in steps.steps:
        if change.old != change.new:
            await store.succeed(conn, change.old, change.new, day, change.renumbered, job["id"])
    for code in steps.ended:
        await store.end_region(conn, code, day)
    await store.areas_open(conn, job["id"])
    for area in asked.areas:
        await store.area_open(conn, area.agency_id, area.area)
    await store.references_follow(conn, job["id"])
    await store.offices_follow(conn, job["id"])
    await _list(conn, job["id"], asked)


async def _list(conn: Connection, job_id: int, asked: NewReorganisation) -> tuple[int, list[str]]:
    """Adds enterprises that the job has to move and does not have: how many, and who has nowhere to go."""
    said = {p.enterprise_id: p.to_region for p in asked.enterprises}
    follows = {a.from_id: a.to_id for a in asked.agencies}
    added, undecided = 0, []
    for row in await store.concerned(conn, job_id, list(follows), list(said)):
        target = said.get(row["id"])
        if target is None and row["ended"]:
            if len(row["successors"]) != 1:
                undecided.append(f"{row['name']}（编号 {row['id']}）")
                continue
            target = row["successors"][0]
        agency = _agency(asked, row["region_code"], target) or follows.get(row["agency_id"])
        if target in (None, row["region_code"]) and agency in (None, row["agency_id"]):
            continue
        await store.insert_item(conn, job_id, row["id"], target, agency, None)
        added += 1
    return added, undecided


def _agency(asked: NewReorganisation, old: str, new: str | None) -> int | None:
    """Who supervises from then on what goes from one region to another: the nearest change that says so."""
    if new is None:
        return None
    fitting = [c for c in asked.changes if old.startswith(c.from_code) and new.startswith(c.to_code)]
    return max(fitting, key=lambda c: len(c.from_code)).agency_id if fitting else None


async def _move(conn: Connection, job: asyncpg.Record, item: asyncpg.Record, now: datetime) -> int:
    number, region = item["enterprise_id"], item["to_region"] or item["region_code"]
    new = f"{region}/{item['code']}"
    ahead = await store.rows_ahead(conn, number, item["place"], new, item["to_sector"] or item["sector"])
    for _ in range(_TRIES):
        try:
            rows = ahead + await _rest(conn, job, item, new, now)
        except _BUSY:
            await asyncio.sleep(_PAUSE_S)
            continue
        return rows
    raise DomainError("busy", "数据正忙，稍后自动继续。", 503)


async def _rest(conn: Connection, job: asyncpg.Record, item: asyncpg.Record, new: str, now: datetime) -> int:
    """Everything else of an enterprise, or, when somebody holds a lock of it for long, nothing yet."""
    async with conn.transaction():
        await conn.execute(_LOCK_WAIT)
        if job["kind"] == REORGANISATION and new != item["place"]:
            await store.leaves_follow(conn, item["place"], new)
        before, after, rows = await store.relocate(
            conn,
            job["id"],
            item["enterprise_id"],
            item["to_region"],
            item["to_agency_id"],
            item["to_sector"],
            now,
        )
        await store.item_done(conn, job["id"], item["enterprise_id"], before, after, rows, now)
        return rows
