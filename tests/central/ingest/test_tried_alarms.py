"""Alarms that somebody raised on purpose: shown as TEST, and never in a real case's way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre
from tests.central.ingest.test_alarms import active

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


async def cases(c: Centre) -> list[tuple[bool, str, bool]]:
    rows = await c.database.worker.fetch(
        "SELECT is_test, state, cleared_at IS NULL AS active FROM warning ORDER BY is_test, raised_at"
    )
    return [(row["is_test"], row["state"], row["active"]) for row in rows]


def tried(sim: Sim, seq: int, *more: Any, **fields: Any) -> m.AlarmEvent:
    return msgspec.structs.replace(sim.alarm(seq, *more, **fields), test=True)


def test_an_alarm_raised_on_purpose_opens_a_test_case_only(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [tried(sim, 1)]))
            assert await cases(c) == [(True, "open", True)]
            await c.one(sim, sim.events(2, [tried(sim, 2, m.CLEAR)]))
            assert [(test, holds) for test, _, holds in await cases(c)] == [(True, False)]

    asyncio.run(body())


def test_what_still_holds_when_the_test_ends_opens_a_real_case(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [tried(sim, 1)]))
            await c.one(sim, sim.events(2, [tried(sim, 2, m.CLEAR), sim.alarm(3, m.RAISE)]))
            assert [(test, holds) for test, _, holds in await cases(c)] == [(False, True), (True, False)]

    asyncio.run(body())


def test_a_gateway_that_began_again_during_a_test_opens_a_real_case(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            raised = tried(sim, 1)
            await c.one(sim, sim.events(1, [raised]))
            sim.claim(event=1)
            sim.active = [active(sim, raised.alarm, raised.occurrence)]
            await c.one(sim, sim.birth())
            assert [(test, holds) for test, _, holds in await cases(c)] == [(False, True), (True, False)]

    asyncio.run(body())


def test_a_birth_during_a_test_keeps_the_test_case_and_opens_no_real_one(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            raised = tried(sim, 1)
            await c.one(sim, sim.events(1, [raised]))
            sim.claim(event=1)
            held = active(sim, raised.alarm, raised.occurrence)
            sim.active = [msgspec.structs.replace(held, test=True)]
            await c.one(sim, sim.birth())
            assert [(test, holds) for test, _, holds in await cases(c)] == [(True, True)]

    asyncio.run(body())
