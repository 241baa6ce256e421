"""What waits is never lost: the process dies before every statement of a death, a return and a window's end.

As `test_warning_crashes.py`: a death rolls back what was not committed, and everything starts again.
"""

import asyncio
import itertools
import os
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from central.db.pool import DatabaseUrls
from central.db.scope import acting, scoped
from central.warning import holds_worker, service, windows, worker
from central.warning.models import PresenceFact
from central.warning.windows import NewWindow
from protocol.messages import RAISE
from tests.central.warning.county import PLACE, PLANT, START
from tests.central.warning.test_warning_crashes import (
    Mortal,
    MortalCounty,
    alive,
    begin,
    clean,
    in_mortal_county,
)

STRIDE = 1 if os.environ.get("FENGSUI_SOAK") else 23


async def follow(c: MortalCounty, seconds: int) -> None:
    """Let time pass; whoever dies is started again."""
    until = c.now + timedelta(seconds=seconds)
    while True:
        for _ in range(40):
            while await alive(holds_worker.step(c.db, c.clock)):
                pass
            while await alive(worker.fire_due(c.db, c.clock)):
                pass
            left = await c.fetch_plainly("SELECT 1 FROM hold_task WHERE due_at <= $1", c.now)
            due = await c.fetch_plainly("SELECT 1 FROM timer WHERE due_at <= $1", c.now)
            if not left and not due:
                break
        else:
            raise AssertionError("does not come to rest")
        if c.now >= until:
            return
        c.now += timedelta(seconds=10)


async def insist(c: MortalCounty, work: Any, done: str) -> None:
    """Try something again until it is committed, as ingest and people do."""
    while not (await c.fetch_plainly(done))[0][0]:
        await alive(work())


async def presence(c: MortalCounty, state: str) -> None:
    fact = PresenceFact(
        gateway_id="gw-chlorine",
        gateway_name="氯库网关",
        place=PLACE,
        enterprise_id=PLANT,
        state=state,
        at=c.now,
        received_at=c.now,
    )
    async with acting(c.db.worker) as conn:
        await service.judge_presence(conn, fact)


async def unbelievable(c: MortalCounty) -> None:
    async with acting(c.db.worker) as conn:
        await service.judge_alarm(conn, c.fact(RAISE, limit_name="Q", alarm="GT-101/Q", quality=16))


CHILD = "SELECT count(*) = 1 FROM warning WHERE kind = 'quality'"
DEAD = "SELECT count(*) = 1 FROM warning WHERE kind = 'presence' AND active"
BACK = "SELECT count(*) = 0 FROM warning WHERE kind = 'presence' AND active"
HELD = "SELECT held_by, step FROM warning WHERE kind = 'quality'"


@pytest.mark.timeout(600)
def test_a_child_starts_its_ladder_wherever_the_process_dies(database: DatabaseUrls) -> None:
    async def scenario(c: MortalCounty) -> None:
        total = 0
        for dies_at in itertools.count(0, STRIDE):
            if dies_at > max(total, 1):
                break
            begin(-1)
            await clean(c)
            begin(dies_at if total else -1)
            await insist(c, lambda: presence(c, "offline"), DEAD)
            await insist(c, lambda: unbelievable(c), CHILD)
            await follow(c, 60)
            assert tuple((await c.fetch_plainly(HELD))[0]) == ("parent", -1)
            await insist(c, lambda: presence(c, "online"), BACK)
            await follow(c, 60)
            total = total or Mortal.statements
            begin(-1)
            assert tuple((await c.fetch_plainly(HELD))[0]) == (None, 0)
        assert total > 100

    asyncio.run(in_mortal_county(database, scenario))


@pytest.mark.timeout(600)
def test_a_window_that_ends_raises_wherever_the_process_dies(database: DatabaseUrls) -> None:
    async def scenario(c: MortalCounty) -> None:
        person = c.person("enterprise")

        async def declare() -> None:
            form = NewWindow(
                category="maintenance",
                subject_type="point",
                subject_id=str(c.point_id),
                reason="探头检定",
                starts_at=START,
                ends_at=START + timedelta(hours=2),
            )
            async with scoped(c.db.web, person.scope, person.actor) as conn:
                await windows.declare(conn, person, form, clock=c.clock)

        async def end() -> None:
            async with scoped(c.db.web, person.scope, person.actor) as conn:
                number: Any = await conn.fetchval("SELECT max(id) FROM suppression_window")
                await windows.end(conn, person, number, "提前结束", clock=c.clock)

        total = 0
        for dies_at in itertools.count(0, STRIDE):
            if dies_at > max(total, 1):
                break
            begin(-1)
            await clean(c)
            await c.execute("TRUNCATE suppression_window CASCADE")
            begin(dies_at if total else -1)
            await insist(c, declare, "SELECT count(*) > 0 FROM suppression_window")
            await insist(c, lambda: unbelievable(c), CHILD)
            await follow(c, 60)
            assert tuple((await c.fetch_plainly(HELD))[0]) == ("window", -1)
            await insist(c, end, "SELECT bool_and(ended_at IS NOT NULL) FROM suppression_window")
            await follow(c, 10)
            total = total or Mortal.statements
            begin(-1)
            assert tuple((await c.fetch_plainly(HELD))[0]) == (None, 0)
            assert len({UUID(str(row["warning_id"])) for row in await c.calls()}) == 1
        assert total > 100

    asyncio.run(in_mortal_county(database, scenario))
