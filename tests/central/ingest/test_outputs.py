"""Horns and beacons at the centre: one that does not follow, a test that failed, a test that is overdue."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from central import clock
from central.ingest import outputs
from central.ingest.pulse import Pulse
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

WEEK_S = 7 * 86_400


def beat(sim: Sim, *, ok: bool = True, on: bool = True, **other: Any) -> m.Heartbeat:
    return sim.heartbeat(
        outputs=[m.OutputState("main.horn", on, ok), m.OutputState("main.beacon", on, True)],
        annunciators=[m.AnnunciatorState("main", 12, True, [("GT-101/H", 4)], WEEK_S)],
        **other,
    )


def tried(sim: Sim, seq: int, *, ok: bool, reason: str = "test: did not switch on", **other: Any) -> m.Event:
    at = other.pop("time_ms", sim.now_ms - 1000)
    return m.OutputEvent(
        seq, at, sim.mono_at(at), sim.clock, "main.horn", other.get("state", "test"), ok, reason
    )


async def pulse(c: Centre, sim: Sim, heartbeat: m.Heartbeat, hearing: Pulse) -> None:
    known = await c.directory.gateway(sim.id, clock.monotonic_s())
    assert known is not None
    hearing.take(known[0], heartbeat, clock.monotonic_s())
    await hearing.flush()


async def cases(c: Centre) -> list[tuple[Any, ...]]:
    rows = await c.database.worker.fetch(
        "SELECT kind, subject_id, level, state, active FROM warning ORDER BY number"
    )
    return [tuple(row) for row in rows]


async def overdue(c: Centre, days: float) -> int:
    """Look for overdue tests as if so many days had passed."""
    async with c.database.worker.acquire() as conn, conn.transaction():
        now = await clock.database_now(conn) + timedelta(days=days)
        return await outputs.notice_overdue(conn, now, c.directory.known)


def test_an_output_that_does_not_follow_opens_one_case_until_it_follows(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            hearing = Pulse(c.database, c.directory)
            await c.one(sim, sim.birth())
            await pulse(c, sim, beat(sim), hearing)
            assert await cases(c) == []
            lost = m.OutputEvent(
                1, sim.now_ms, sim.mono_ms, sim.clock, "main.horn", "on", False, "relay board is silent"
            )
            await c.one(sim, sim.events(1, [lost]))
            await pulse(c, sim, beat(sim, ok=False), hearing)
            await pulse(c, sim, beat(sim, ok=False), hearing)
            await pulse(c, sim, beat(sim, ok=False), Pulse(c.database, c.directory))  # another process
            assert await cases(c) == [("output", "gw-a/main.horn", 2, "open", True)]
            detail = await c.database.worker.fetchval(
                "SELECT string_agg(title || ':' || detail, '|') FROM warning_event WHERE kind = 'raised'"
            )
            assert detail == "警笛未按指令动作:relay board is silent"
            await pulse(c, sim, beat(sim, ok=True), hearing)
            assert await cases(c) == [("output", "gw-a/main.horn", 2, "open", False)]

    asyncio.run(body())


def test_a_failed_test_opens_a_case_and_a_passed_one_ends_its_cause(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [tried(sim, 1, ok=False, state="put-off")]))
            assert await cases(c) == []
            await c.one(sim, sim.events(2, [tried(sim, 2, ok=True), tried(sim, 3, ok=False)]))
            assert await cases(c) == [("sounder", "gw-a/main.horn", 1, "open", True)]
            await c.one(sim, sim.events(4, [tried(sim, 4, ok=True)]))
            assert await cases(c) == [("sounder", "gw-a/main.horn", 1, "open", False)]

    asyncio.run(body())


def test_a_failure_that_waited_on_its_way_is_shown_and_calls_nobody(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            old = tried(sim, 1, ok=False, time_ms=sim.now_ms - 3_600_000)
            await c.one(sim, sim.events(1, [old]))
            assert await cases(c) == []
            shown = await c.database.worker.fetchrow("SELECT output, test_ok FROM output_state")
            assert shown is not None
            assert tuple(shown) == ("main.horn", False)

    asyncio.run(body())


def test_a_weekly_test_that_stays_out_is_told_once_and_ended_by_a_test(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            hearing = Pulse(c.database, c.directory)
            await c.one(sim, sim.birth())
            await pulse(c, sim, beat(sim), hearing)
            await c.one(sim, sim.events(1, [tried(sim, 1, ok=True)]))
            assert await overdue(c, days=8.4) == 0
            assert await overdue(c, days=8.6) == 2
            assert await overdue(c, days=9) == 0
            kinds = [(kind, of) for kind, of, _, state, _ in await cases(c) if state == "open"]
            assert sorted(kinds) == [("sounder", "gw-a/main.beacon"), ("sounder", "gw-a/main.horn")]
            await c.one(sim, sim.events(2, [tried(sim, 2, ok=True)]))
            horn = [case for case in await cases(c) if case[1] == "gw-a/main.horn"]
            assert horn[0][4] is False

    asyncio.run(body())


def test_what_a_gateway_names_no_more_is_neither_wrong_nor_overdue(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            hearing = Pulse(c.database, c.directory)
            await c.one(sim, sim.birth())
            await pulse(c, sim, beat(sim, ok=False), hearing)
            assert await overdue(c, days=9) == 2
            assert [active for *_, active in await cases(c)] == [True, True, True]
            await pulse(c, sim, sim.heartbeat(), hearing)
            assert [active for *_, active in await cases(c)] == [False, False, False]
            assert await overdue(c, days=30) == 0

    asyncio.run(body())


def test_a_gateway_that_still_sends_old_events_is_not_called_overdue(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            hearing = Pulse(c.database, c.directory)
            await c.one(sim, sim.birth())
            await pulse(c, sim, beat(sim, waiting_events=3), hearing)
            assert await overdue(c, days=30) == 0

    asyncio.run(body())


def test_the_busiest_ten_minutes_of_an_hour_are_kept(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            hearing = Pulse(c.database, c.directory)
            await c.one(sim, sim.birth())
            for rung, flood in ((3, False), (14, True), (4, False)):
                busy = [m.AnnunciatorState("main", rung, flood)]
                await pulse(c, sim, sim.heartbeat(annunciators=busy), hearing)
            rows = await c.database.worker.fetch("SELECT annunciator, most, flood FROM alarm_load")
            assert [tuple(row) for row in rows] == [("main", 14, True)]
            now = await c.database.worker.fetchval("SELECT annunciators FROM gateway_state")
            assert now == [
                {"name": "main", "annunciations": 4, "flood": False, "chatter": [], "test_every_s": 0}
            ]

    asyncio.run(body())
