from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from central import clock
from central.db.errors import NotFoundError
from central.ingest import gaps, judging, resolve
from central.warning import raising
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre
from tests.central.ingest.test_alarms import active

if TYPE_CHECKING:
    from central.db.pool import Connection, DatabaseUrls
    from central.warning.models import AlarmFact

REFUSING = "ALTER TABLE {} ADD CONSTRAINT test_refuses CHECK ({}) NOT VALID"


async def _as_owner(urls: DatabaseUrls, statement: str) -> None:
    from central.db.pool import connect

    conn = await connect(urls.admin)
    try:
        await conn.execute(statement)
    finally:
        await conn.close()


def test_a_poisoned_event_is_put_aside_and_opens_a_warning_and_the_rest_is_stored(
    database: DatabaseUrls,
) -> None:
    async def body() -> None:
        sim, other = Sim("gw-a"), Sim("gw-b")
        async with centre(database, sim, other) as c:
            await c.one(sim, sim.birth())
            await c.one(other, other.birth())
            # PostgreSQL holds no NUL in a text.
            bad = sim.alarm(2, occurrence="nul\x00nul")
            answers: list[m.Receipt] = []
            batch = sim.events(1, [sim.operator(1), bad, sim.operator(3)])
            await c.committer.commit(
                [
                    await c.work(sim, batch, answers),
                    await c.work(other, other.events(1, [other.operator(1)]), answers),
                ]
            )
            assert {(r.gateway, r.status) for r in answers} == {("gw-a", m.STORED), ("gw-b", m.STORED)}
            seqs = await c.database.worker.fetch(
                "SELECT seq FROM event WHERE gateway_id = 'gw-a' ORDER BY seq"
            )
            assert [r["seq"] for r in seqs] == [1, 3]
            row = await c.database.worker.fetchrow("SELECT id, seq, sqlstate FROM quarantine")
            assert row is not None
            assert (row["seq"], row["sqlstate"][:2]) == (2, "22")
            assert await c.database.worker.fetchval("SELECT kind FROM warning") == "poison"
            assert (await gaps.audit(c.database)).summary == gaps.Summary(2, 4, 1, 0, 0)

            await resolve.dismiss(c.database, row["id"], "张三", "无法恢复")
            assert (await gaps.audit(c.database)).summary == gaps.Summary(2, 4, 0, 0, 1)
            with pytest.raises(NotFoundError):
                await resolve.dismiss(c.database, row["id"], "张三", "again")

    asyncio.run(body())


def test_a_poisoned_value_is_put_aside_alone_and_replayed_once_mended(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1, 1))
            refusing = REFUSING.format("measurement", "value IS DISTINCT FROM 610 * 0.1::float8 - 40")
            await _as_owner(database, refusing)
            receipt = await c.one(sim, sim.measurements(2, 20))
            assert receipt.status == m.STORED
            assert await c.database.worker.fetchval("SELECT count(*) FROM measurement") == 2 + 39
            row = await c.database.worker.fetchrow("SELECT id, seq, sqlstate FROM quarantine")
            assert row is not None
            assert (row["seq"], row["sqlstate"]) == (12, "23514")
            assert (await gaps.audit(c.database)).summary == gaps.Summary(1, 21, 1, 0, 0)

            await _as_owner(database, "ALTER TABLE measurement DROP CONSTRAINT test_refuses")
            await resolve.replay(c.database, row["id"], "李四", "约束已修正")
            assert await c.database.worker.fetchval("SELECT count(*) FROM measurement") == 42
            assert (await gaps.audit(c.database)).summary == gaps.Summary(1, 21, 0, 0, 0)

    asyncio.run(body())


def test_a_replayed_event_is_judged(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await _as_owner(database, REFUSING.format("event", "transition IS DISTINCT FROM 1"))
            assert (await c.one(sim, sim.events(1, [sim.alarm(1)]))).status == m.STORED
            assert await c.database.worker.fetchval("SELECT array_agg(kind) FROM warning") == ["poison"]
            row_id = await c.database.worker.fetchval("SELECT id FROM quarantine")
            await _as_owner(database, "ALTER TABLE event DROP CONSTRAINT test_refuses")
            await resolve.replay(c.database, row_id, "李四", "")
            assert await c.database.worker.fetchval("SELECT count(*) FROM event") == 1
            kinds = await c.database.worker.fetchval("SELECT array_agg(kind ORDER BY kind) FROM warning")
            assert kinds == ["alarm", "poison"]

    asyncio.run(body())


def test_a_failure_that_is_no_poison_gives_no_receipt_and_puts_nothing_aside(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim, other = Sim("gw-a"), Sim("gw-b")
        async with centre(database, sim, other) as c:
            await c.one(sim, sim.birth())
            await c.one(other, other.birth())
            await _as_owner(database, "REVOKE INSERT ON event FROM fengsui_worker")
            receipt = await c.one(sim, sim.events(1, [sim.operator(1)]))
            assert receipt.status == m.BUSY
            # Measurements know nothing of it, also in the same group.
            answers: list[m.Receipt] = []
            await c.committer.commit(
                [
                    await c.work(sim, sim.events(1, [sim.operator(1)]), answers),
                    await c.work(other, other.measurements(1, 2), answers),
                ]
            )
            assert {(r.gateway, r.status) for r in answers} == {("gw-a", m.BUSY), ("gw-b", m.STORED)}
            await _as_owner(database, "GRANT INSERT ON event TO fengsui_worker")
            assert await c.database.worker.fetchval("SELECT count(*) FROM quarantine") == 0
            assert (await c.one(sim, sim.events(1, [sim.operator(1)]))).status == m.STORED

    asyncio.run(body())


def test_an_event_survives_the_failure_of_its_judgement_and_is_judged_later(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await _as_owner(database, "REVOKE INSERT ON warning FROM fengsui_worker")
            assert (await c.one(sim, sim.events(1, [sim.alarm(1)]))).status == m.STORED
            assert await c.database.worker.fetchval("SELECT count(*) FROM event") == 1
            assert await c.database.worker.fetchval("SELECT count(*) FROM unjudged") == 1
            assert await _retry(c, 3) == 1
            assert await c.database.worker.fetchval("SELECT attempts FROM unjudged") == 1
            await _as_owner(database, "GRANT INSERT ON warning TO fengsui_worker")
            assert await _retry(c, 30) == 1
            assert await c.database.worker.fetchval("SELECT count(*) FROM unjudged") == 0
            assert await c.database.worker.fetchval("SELECT kind FROM warning") == "alarm"

    asyncio.run(body())


def test_an_alarm_that_nobody_understands_opens_a_warning_after_a_minute(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            strange = msgspec.msgpack.encode(
                {"kind": "alarm", "seq": 1, "time_ms": 0, "mono_ms": 0, "clock": 0}
            )
            assert (await c.one(sim, sim.events(1, [strange]))).status == m.STORED
            await _retry(c, 30)
            assert await c.database.worker.fetchval("SELECT count(*) FROM warning") == 0
            await _retry(c, 61)
            assert await c.database.worker.fetchval("SELECT array_agg(kind) FROM warning") == ["unjudged"]
            assert await c.database.worker.fetchval("SELECT count(*) FROM unjudged") == 0

    asyncio.run(body())


def test_a_poison_case_ends_with_the_last_quarantined_event_of_its_gateway(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            bad = [sim.alarm(seq, occurrence=f"nul\x00{seq}") for seq in (1, 2)]
            assert (await c.one(sim, sim.events(1, bad))).status == m.STORED
            first, second = await c.database.worker.fetch("SELECT id FROM quarantine ORDER BY id")
            await resolve.dismiss(c.database, first["id"], "张三", "无法恢复")
            assert await c.database.worker.fetchval("SELECT active FROM warning") is True
            await resolve.dismiss(c.database, second["id"], "张三", "无法恢复")
            assert await c.database.worker.fetchval("SELECT active FROM warning") is False

    asyncio.run(body())


def test_a_clear_that_waited_does_not_end_what_rose_again(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [sim.alarm(1)]))
            await _as_owner(database, "REVOKE UPDATE ON warning_alarm FROM fengsui_worker")
            await c.one(sim, sim.events(2, [sim.alarm(2, m.CLEAR)]))
            assert await c.database.worker.fetchval("SELECT count(*) FROM unjudged") == 1
            await _as_owner(database, "GRANT UPDATE ON warning_alarm TO fengsui_worker")
            await c.one(sim, sim.events(3, [sim.alarm(3)]))
            assert await _retry(c, 30) == 1
            assert await c.database.worker.fetchval("SELECT count(*) FROM unjudged") == 0
            assert await c.database.worker.fetchval("SELECT count(*) FROM warning WHERE active") == 1

    asyncio.run(body())


def test_a_raise_that_waited_until_it_was_over_is_history(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await _as_owner(database, "REVOKE INSERT ON warning FROM fengsui_worker")
            await c.one(sim, sim.events(1, [sim.alarm(1)]))
            await _as_owner(database, "GRANT INSERT ON warning TO fengsui_worker")
            await c.one(sim, sim.events(2, [sim.alarm(2, m.CLEAR)]))
            assert await _retry(c, 30) == 1
            row = await c.database.worker.fetchrow("SELECT history, active FROM warning")
            assert row is not None
            assert tuple(row) == (True, False)

    asyncio.run(body())


def test_a_conflict_whose_warning_fails_is_warned_of_after_a_minute(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1))
            await _as_owner(database, "REVOKE INSERT ON warning FROM fengsui_worker")
            assert (await c.one(sim, sim.measurements(1, raw=9))).status == m.CONFLICT
            await _as_owner(database, "GRANT INSERT ON warning TO fengsui_worker")
            await _retry(c, 61)
            assert await c.database.worker.fetchval("SELECT array_agg(kind) FROM warning") == ["unjudged"]

    asyncio.run(body())


def test_an_alarm_that_cannot_be_judged_keeps_alive_nothing_that_the_birth_says_is_over(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_alarm = raising.raise_alarm

    async def breaking(conn: Connection, fact: AlarmFact) -> object:
        if fact.limit_name == "HH":
            raise LookupError("no level rule")
        return await raise_alarm(conn, fact)

    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            assert (await c.one(sim, sim.events(1, [sim.alarm(1)]))).status == m.STORED
            assert await c.database.worker.fetchval("SELECT active FROM warning") is True
            monkeypatch.setattr(raising, "raise_alarm", breaking)
            sim.active = [active(sim, "GT-101/HH", "0000004d-2")]
            assert (await c.one(sim, sim.birth())).status == m.STORED
            assert await c.database.worker.fetchval("SELECT count(*) FROM unjudged") == 1
            assert await c.database.worker.fetchval("SELECT active FROM warning") is False

    asyncio.run(body())


async def _retry(c: Centre, later_s: float) -> int:
    async with c.database.worker.acquire() as conn, conn.transaction():
        now = await clock.database_now(conn) + timedelta(seconds=later_s)
        return await judging.retry_due(conn, now, c.directory.known)
