"""The same promises with real transactions: the process dies before every single statement that it sends.

A death is an exception that nothing catches, raised in place of the nth statement (COMMIT is one of them), so
the transaction is rolled back as PostgreSQL does for a client that is gone. Then everything starts again.
"""

import asyncio
import itertools
import os
from collections import Counter
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from central.db.pool import Database, DatabaseUrls, prepare_connection
from central.warning import papers, worker
from central.warning.notify import worker as notify
from protocol.messages import RAISE
from tests.central.warning.county import START, County, county, in_county

STRIDE = 1 if os.environ.get("FENGSUI_SOAK") else 5


class Killed(BaseException):
    """The process died here."""


class Mortal(asyncpg.Connection):
    """A connection whose process dies in place of its nth statement."""

    statements: ClassVar[int] = 0
    dies_at: ClassVar[int] = -1

    @classmethod
    def count(cls) -> None:
        Mortal.statements += 1
        if Mortal.statements == Mortal.dies_at:
            raise Killed

    async def execute(self, query: str, *args: Any, **more: Any) -> str:
        if not query.startswith(("ROLLBACK", "SELECT pg_advisory_unlock_all")):
            self.count()
        done: str = await super().execute(query, *args, **more)
        return done

    async def fetch(self, query: str, *args: Any, **more: Any) -> Any:
        self.count()
        return await super().fetch(query, *args, **more)

    async def fetchrow(self, query: str, *args: Any, **more: Any) -> Any:
        self.count()
        return await super().fetchrow(query, *args, **more)

    async def fetchval(self, query: str, *args: Any, **more: Any) -> Any:
        self.count()
        return await super().fetchval(query, *args, **more)


def begin(dies_at: int) -> None:
    Mortal.statements, Mortal.dies_at = 0, dies_at


async def alive(work: Any) -> Any:
    """Do something; dying ends it, as for every other task of that process."""
    try:
        return await work
    except Killed:
        return None
    except BaseExceptionGroup as group:
        _, others = group.split(Killed)
        if others is not None:
            raise others from None
        return None


class MortalCounty(County):
    """A county whose workers may die; what the test itself reads is not counted."""

    async def fetch_plainly(self, query: str, *values: Any) -> list[Any]:
        counted = Mortal.statements, Mortal.dies_at
        Mortal.dies_at = -1
        rows = await self.fetch(query, *values)
        Mortal.statements, Mortal.dies_at = counted
        return rows


async def drive(c: MortalCounty, until: datetime) -> None:
    """Let time pass from due moment to due moment; whoever dies is started again."""
    while c.now < until:
        for _ in range(12):
            while await alive(worker.fire_due(c.db, c.clock)):
                pass
            if not await alive(notify.send_due(c.db, {"sms": c.phone}, c.clock)):
                due = await c.fetch_plainly("SELECT 1 FROM timer WHERE due_at <= $1 LIMIT 1", c.now)
                out = await c.fetch_plainly("SELECT 1 FROM notification WHERE due_at <= $1 LIMIT 1", c.now)
                if not due and not out:
                    break
        else:
            raise AssertionError("does not come to rest")
        c.now += timedelta(seconds=5)


async def clean(c: County) -> None:
    await c.execute(
        "TRUNCATE warning, warning_alarm, warning_event, ladder_step, timer, notification, live_event CASCADE"
    )
    c.now = START
    c.phone.sent.clear()


async def in_mortal_county(urls: DatabaseUrls, scenario: Any) -> None:
    async with county(urls) as c:

        async def pool(url: str) -> Any:
            return await asyncpg.create_pool(
                url, min_size=1, max_size=4, init=prepare_connection, connection_class=Mortal
            )

        begin(-1)
        web, work = await pool(urls.web), await pool(urls.worker)
        try:
            mortal = MortalCounty(Database(urls, web, work), urls, c.point_id)
            await mortal.policy(
                4, steps=(await ladder_of(mortal))[:3], repeat_s=30, retry_s=15, handling_s=60
            )
            await scenario(mortal)
        finally:
            begin(-1)
            await web.close()
            await work.close()


async def ladder_of(c: County) -> Any:
    import msgspec

    from central.warning import store
    from central.warning.models import Step
    from tests.central.warning.county import PLACE

    async with c.db.worker.acquire() as conn:
        policy = await store.policy(conn, PLACE, 4, c.now)
    return tuple(
        msgspec.structs.replace(step, delay_s=20 if index else 0) for index, step in enumerate(policy.steps)
    ) or (Step(delay_s=0, rank=0),)


async def once_each_or_marked(c: County, died: bool) -> None:
    times = Counter(str(message.key) for message in c.phone.sent)
    rows = {str(row["id"]): row for row in await c.calls()}
    for key, count in times.items():
        assert count <= (2 if died else 1)
        if count == 2:
            assert rows[key]["possibly_twice"]


async def never_early(c: County) -> None:
    rungs = await c.fetch("SELECT * FROM ladder_step ORDER BY fired_at, round, step")
    for before, after in itertools.pairwise(rungs):
        if before["state"] == "fired":
            assert after["fired_at"] - before["fired_at"] >= timedelta(seconds=20)


@pytest.mark.timeout(600)
def test_unanswered_everybody_is_called_wherever_the_process_dies(database: DatabaseUrls) -> None:
    async def scenario(c: MortalCounty) -> None:
        total = 0
        for dies_at in itertools.count(0, STRIDE):
            if dies_at > max(total, 1):
                break
            begin(-1)
            await clean(c)
            await c.open("HH")
            begin(dies_at if total else -1)
            await drive(c, START + timedelta(seconds=90))
            total = total or Mortal.statements
            begin(-1)
            await once_each_or_marked(c, died=dies_at > 0)
            await never_early(c)
            called = {(row["round"], row["person"]) for row in await c.calls()}
            assert called >= {(0, "account:4"), (0, "account:3"), (0, "account:2"), (1, "account:2")}
            sent = {message.address for message in c.phone.sent}
            assert sent == {"13900000004", "13900000003", "13900000002"}
        assert total > 100

    asyncio.run(in_mortal_county(database, scenario))


@pytest.mark.timeout(600)
def test_acknowledged_nobody_is_called_wherever_the_process_dies(database: DatabaseUrls) -> None:
    async def scenario(c: MortalCounty) -> None:
        total = 0
        for dies_at in itertools.count(0, STRIDE):
            if dies_at > max(total, 1):
                break
            begin(-1)
            await clean(c)
            case = await c.open("HH")
            begin(dies_at if total else -1)
            await drive(c, START + timedelta(seconds=25))
            while (await c.fetch_plainly("SELECT state FROM warning"))[0]["state"] == "open":
                await alive(c.act("township", "acknowledge", case))
            handed_over = len(c.phone.sent)
            await drive(c, START + timedelta(seconds=80))
            total = total or Mortal.statements
            begin(-1)
            assert len(c.phone.sent) == handed_over
            await once_each_or_marked(c, died=dies_at > 0)
            c.now = START + timedelta(seconds=90)
            await drive(c, START + timedelta(seconds=100))
            assert c.phone.numbers[-1] == "13900000002"  # the county: handling time is over

    asyncio.run(in_mortal_county(database, scenario))


@pytest.mark.timeout(600)
def test_no_paper_loses_its_warning_wherever_the_process_dies(database: DatabaseUrls) -> None:
    async def day(c: County, due_on: str) -> None:
        """Three papers have another day that has passed: their rows end, and others begin."""
        await c.execute("UPDATE reminder SET settled_at = $1 WHERE settled_at IS NULL", c.now)
        await c.execute(
            "INSERT INTO reminder (register, cause, field, record_id, enterprise_id, place, register_title,"
            " words, due_on, warn_on, found_at) SELECT 'licences', 'day', 'valid', n, 1, '', '证照', 'x',"
            " $1::text::date, $1::text::date, $2 FROM generate_series(1, 3) AS n",
            due_on,
            c.now,
        )

    async def scenario(c: MortalCounty) -> None:
        zone = ZoneInfo("Asia/Shanghai")
        total = 0
        for dies_at in itertools.count(0, 4 * STRIDE):
            if dies_at > max(total, 1):
                break
            begin(-1)
            await clean(c)
            await c.execute("TRUNCATE reminder")
            await day(c, "2026-11-01")
            begin(dies_at if total else -1)
            while (step := await alive(papers.step(c.db, zone, c.clock, at_once=1))) is None or step:
                pass
            await day(c, "2026-11-02")
            while (step := await alive(papers.step(c.db, zone, c.clock, at_once=1))) is None or step:
                pass
            total = total or Mortal.statements
            begin(-1)
            cases = await c.fetch("SELECT active, clear_due_at, occurrence FROM warning WHERE state = 'open'")
            assert [(case["active"], case["clear_due_at"]) for case in cases] == [(True, None)] * 3
            rows = await c.fetch("SELECT id FROM reminder WHERE settled_at IS NULL AND warned_at IS NOT NULL")
            assert {case["occurrence"] for case in cases} == {f"reminder/{row['id']}" for row in rows}
            assert await c.fetch("SELECT 1 FROM reminder WHERE failing_since IS NOT NULL") == []
        assert total > 40

    asyncio.run(in_mortal_county(database, scenario))


def test_many_workers_at_once_call_everybody_once(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE storm_rule SET messages = 1000")
        await c.more_points(20)
        points = await c.fetch("SELECT id FROM point WHERE key <> 'GT-101'")
        for row in points:
            await c.judge(
                RAISE,
                limit_name="HH",
                point_id=row["id"],
                alarm=f"P{row['id']}/HH",
                occurrence=f"o-{row['id']}",
            )

        async def work() -> None:
            for _ in range(12):
                await c.fire()
                await notify.send_due(c.db, {"sms": c.phone}, c.clock)

        await asyncio.gather(*(work() for _ in range(4)))
        assert len(c.phone.sent) == len(points)
        assert set(Counter(message.key for message in c.phone.sent).values()) == {1}
        assert len(await c.fetch("SELECT 1 FROM ladder_step")) == len(points)

    in_county(database, scenario)


def test_answers_race_with_calls_and_win_as_soon_as_they_are_committed(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE storm_rule SET messages = 1000")
        await c.more_points(11)
        cases = [
            await c.open("HH", alarm=f"A{n}/HH", occurrence=f"o-{n}", point_id=c.point_id + n)
            for n in range(12)
        ]
        committed: dict[UUID, float] = {}
        claimed: list[tuple[float, UUID]] = []
        loop = asyncio.get_running_loop()

        async def slow(message: Any) -> Any:
            from central.warning.notify.models import Accepted

            await asyncio.sleep(0.002)
            return Accepted(f"p-{message.key}")

        c.phone.answer = slow

        async def send() -> None:
            while len(committed) < len(cases):
                before = len(c.phone.sent)
                began = loop.time()
                await notify.send_due(c.db, {"sms": c.phone}, c.clock)
                claimed.extend((began, message.key) for message in c.phone.sent[before:])
                c.now += timedelta(seconds=1)
            await c.settle()

        async def climb() -> None:
            for _ in range(30):
                await worker.fire_due(c.db, c.clock)

        async def answer() -> None:
            while not c.phone.sent:
                await asyncio.sleep(0.001)
            for case in cases:
                await c.act("county", "acknowledge", case, seen=await c.tag(case))
                committed[case] = loop.time()

        await asyncio.gather(send(), climb(), answer())
        rows = {row["id"]: row for row in await c.calls()}
        for began, key in claimed:
            assert began < committed[rows[key]["warning_id"]]
        assert {row["state"] for row in rows.values()} <= {"sent", "delivered", "superseded"}
        assert 0 < len(claimed) == len(c.phone.sent)  # and nothing was sent after the last answer

    in_county(database, scenario)
