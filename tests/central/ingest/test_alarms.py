from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import pytest

from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

HOUR = 3_600_000


async def _cases(c: Centre) -> list[tuple[Any, ...]]:
    rows = await c.database.worker.fetch(
        "SELECT kind, state, late, cleared_at IS NULL AS active FROM warning ORDER BY raised_at, id"
    )
    return [tuple(row) for row in rows]


def active(sim: Sim, alarm: str, occurrence: str, **other: Any) -> m.ActiveAlarm:
    return m.ActiveAlarm(
        alarm, occurrence, other.get("state", "B"), sim.now_ms - 5000, 990_000, sim.clock, 1.5, 192, 1
    )


def test_an_alarm_opens_a_case_and_is_shown_at_its_point(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [sim.alarm(1)]))
            assert await _cases(c) == [("alarm", "open", False, True)]
            row = await c.database.worker.fetchrow("SELECT alarm, state, side, limit_name FROM alarm_state")
            assert row is not None
            assert tuple(row) == ("GT-101/H", "B", "high", "H")
            told = await c.database.worker.fetchval("SELECT payload FROM live_event WHERE kind = 'alarm'")
            assert told["alarm"] == "GT-101/H"

    asyncio.run(body())


def test_a_raise_and_clear_that_come_hours_late_together_are_history(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            old = [
                sim.alarm(1, m.RAISE, time_ms=sim.now_ms - 2 * HOUR),
                sim.alarm(2, m.CLEAR, time_ms=sim.now_ms - HOUR),
            ]
            await c.one(sim, sim.events(1, old))
            assert [case[1] for case in await _cases(c)] != ["open"]

    asyncio.run(body())


def test_a_late_alarm_that_still_holds_opens_a_case_marked_late(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [sim.alarm(1, time_ms=sim.now_ms - 2 * HOUR)]))
            assert await _cases(c) == [("alarm", "open", True, True)]

    asyncio.run(body())


def test_a_birth_opens_what_the_centre_missed_and_clears_what_is_over(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [sim.alarm(1)]))
            # While it was away: H cleared, HH-less temperature quality raised; their events were lost.
            sim.claim(event=9)
            sim.active = [active(sim, "GT-101/Q", "0000004d-2")]
            await c.one(sim, sim.birth())
            states = await c.database.worker.fetch("SELECT alarm, state FROM alarm_state ORDER BY alarm")
            assert [tuple(s) for s in states] == [("GT-101/H", "A"), ("GT-101/Q", "B")]
            assert sorted(case[0] for case in await _cases(c) if case[3]) == ["quality"]

    asyncio.run(body())


def test_a_replayed_raise_that_the_birth_does_not_list_is_history(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            raised = sim.events(1, [sim.alarm(1)])
            sim.claim(event=2)
            await c.one(sim, sim.birth())
            # Only seconds old, but the birth was taken after its clear.
            await c.one(sim, raised)
            assert [case for case in await _cases(c) if case[1] == "open"] == []
            assert await c.database.worker.fetchval("SELECT history FROM event") is True
            assert (
                await c.database.worker.fetchval("SELECT count(*) FROM alarm_state WHERE state <> 'A'") == 0
            )

    asyncio.run(body())


def test_an_old_clear_does_not_end_a_newer_occurrence(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            backlog = sim.events(
                1,
                [
                    sim.alarm(1, m.RAISE, occurrence="0000004d-1"),
                    sim.alarm(2, m.CLEAR, occurrence="0000004d-1"),
                    sim.alarm(3, m.RAISE, occurrence="0000004d-2"),
                ],
            )
            sim.active = [active(sim, "GT-101/H", "0000004d-2")]
            await c.one(sim, sim.birth())
            assert await _cases(c) == [("alarm", "open", False, True)]
            await c.one(sim, backlog)
            assert [case[3] for case in await _cases(c) if case[1] == "open"] == [True]
            state = await c.database.worker.fetchrow("SELECT occurrence, state FROM alarm_state")
            assert state is not None
            assert tuple(state) == ("0000004d-2", "B")

    asyncio.run(body())


def test_a_birth_that_comes_again_late_takes_back_nothing_newer(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            early = sim.birth()
            await c.one(sim, early)
            await c.one(sim, sim.events(1, [sim.alarm(1)]))
            assert (await c.one(sim, early)).status == m.STORED
            assert await _cases(c) == [("alarm", "open", False, True)]
            assert await c.database.worker.fetchval("SELECT state FROM alarm_state") == "B"

    asyncio.run(body())


def test_an_alarm_of_1970_rings(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        sim.clock = m.UNSYNCHRONISED
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            receipt = await c.one(sim, sim.events(1, [sim.alarm(1, time_ms=998_000)]))
            assert receipt.status == m.STORED
            assert await _cases(c) == [("alarm", "open", False, True)]
            row = await c.database.worker.fetchrow(
                "SELECT received_at - at AS age, dated_by_centre FROM event"
            )
            assert row is not None
            assert row["dated_by_centre"]
            assert 2.0 <= row["age"].total_seconds() < 2.001

    asyncio.run(body())


def test_unsynchronised_measurements_make_no_silly_days(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.measurements(1, time_ms=1000, mono_ms=995_000, clock_state=m.UNSYNCHRONISED))
            await c.one(sim, sim.measurements(3, time_ms=1000, mono_ms=995_000))
            # Years ago by a clock that says it is right: kept, but not in a day of its own.
            await c.one(sim, sim.measurements(5, time_ms=1_600_000_000_000))
            days = await c.database.worker.fetch(
                "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                " WHERE i.inhparent = 'measurement'::regclass"
            )
            assert len(days) <= 3
            assert await c.database.worker.fetchval("SELECT count(*) FROM measurement") == 12
            assert await c.database.worker.fetchval("SELECT count(*) FROM measurement_default") == 4
            assert (
                await c.database.worker.fetchval("SELECT count(*) FROM measurement WHERE quality & 256 <> 0")
                == 8
            )

    asyncio.run(body())


def test_texts_without_measure_cost_no_event(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        # Random: what can be compressed fits the index all the same.
        long = random.Random(1).randbytes(20_000).hex()
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            events = [
                sim.alarm(1, occurrence=long, state=long),
                sim.alarm(2, alarm=long),
                sim.alarm(3, m.CLEAR, occurrence=long),
            ]
            assert (await c.one(sim, sim.events(1, events))).status == m.STORED
            assert await c.database.worker.fetchval("SELECT max(length(raw)) FROM event") > 40_000
            assert [case[3] for case in await _cases(c) if case[0] == "alarm"] == [False]

    asyncio.run(body())


@pytest.mark.parametrize("bad", ["nul\x00", "x" * 300])
def test_a_text_that_no_column_holds_costs_no_birth(database: DatabaseUrls, bad: str) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            sim.active = [
                active(sim, "GT-101/H", bad),
                active(sim, "GT-101/HH", "0000004d-2", state=f"B{bad}"),
                active(sim, bad, "0000004d-3"),
            ]
            assert (await c.one(sim, sim.birth())).status == m.STORED
            assert len([case for case in await _cases(c) if case[3]]) == 1

    asyncio.run(body())
