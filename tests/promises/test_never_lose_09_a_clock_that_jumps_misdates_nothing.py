"""law-never-lose 9: a clock that is set wrong by a year, either way, misdates and misorders nothing.

The gateway goes on calling its clock synchronised (nobody told it otherwise). What betrays the jump is its
monotonic clock, which has no hands that could be moved.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import pytest

from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.db.pool import DatabaseUrls

YEAR_MS = 365 * 86_400_000
PERIOD_MS = 1000
TOLERANCE_MS = 60_000  # a frame may wait long on a busy machine before it is received; a jump is an hour


def rows(sim: Sim, begin_ms: int, jumps: Sequence[int], states: Sequence[int]) -> m.BlockRows:
    """One poll a second; the wall clock is wrong by these jumps, the monotonic one never."""
    n = len(jumps)
    return m.BlockRows(
        0,
        list(range(n)),
        [i * PERIOD_MS + jump for i, jump in enumerate(jumps)],
        [i * PERIOD_MS for i in range(n)],
        [0] * n,
        list(states),
        [192] * n,
        [[i, 600] for i in range(n)],
        [],
    )


async def seconds_off(c: Centre, begin_ms: int) -> list[float]:
    """How far each stored poll is from its true time, in the order of numbers."""
    found = await c.database.worker.fetch(
        "SELECT extract(epoch FROM m.at) * 1000 AS ms, l.first_seq + m.record AS seq FROM measurement AS m"
        " JOIN ledger AS l ON l.id = m.batch_id JOIN point AS p ON p.id = m.point_id"
        " WHERE p.key = 'GT-101' ORDER BY l.id, m.record"
    )
    return [abs(float(row["ms"]) - (begin_ms + i * PERIOD_MS)) for i, row in enumerate(found)]


async def in_order(c: Centre) -> bool:
    """Whether time and number tell the same order."""
    by_number = "SELECT array_agg(m.value ORDER BY l.id, m.record)"
    by_time = "SELECT array_agg(m.value ORDER BY m.at)"
    rest = (
        " FROM measurement AS m JOIN ledger AS l ON l.id = m.batch_id JOIN point AS p ON p.id = m.point_id"
        " WHERE p.key = 'GT-101'"
    )
    return bool(
        await c.database.worker.fetchval(by_number + rest) == await c.database.worker.fetchval(by_time + rest)
    )


@pytest.mark.parametrize("jump", [YEAR_MS, -YEAR_MS, 3_600_000, -3_600_000])
def test_readings_around_a_jump_keep_their_time_and_order(database: DatabaseUrls, jump: int) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        begin = sim.now_ms - 60_000
        jumps = [0] * 20 + [jump] * 20 + [0] * 20
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            made = rows(sim, begin, jumps, [m.SYNCHRONISED] * 60)
            assert (await c.one(sim, sim.rows(1, made, time_ms=begin))).status == m.STORED
            assert max(await seconds_off(c, begin)) < TOLERANCE_MS
            assert await in_order(c)
            marked = await c.database.worker.fetchval(
                "SELECT count(*) FROM measurement AS m JOIN point AS p ON p.id = m.point_id"
                " WHERE m.quality & 256 <> 0 AND p.key = 'GT-101'"
            )
            assert marked == 20

    asyncio.run(body())


@pytest.mark.parametrize("jump", [YEAR_MS, -YEAR_MS])
def test_an_alarm_in_a_jump_is_dated_by_its_age_and_judged(database: DatabaseUrls, jump: int) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            at = sim.now_ms - 5000
            jumped = sim.alarm(1, time_ms=at + jump, mono_ms=sim.mono_at(at))
            assert (await c.one(sim, sim.events(1, [jumped]))).status == m.STORED
            row = await c.database.worker.fetchrow(
                "SELECT extract(epoch FROM at) * 1000 AS ms, dated_by_centre FROM event"
            )
            assert row is not None
            assert row["dated_by_centre"]
            assert abs(float(row["ms"]) - at) < TOLERANCE_MS
            assert await c.database.worker.fetchval("SELECT count(*) FROM warning WHERE NOT late") == 1

    asyncio.run(body())


@pytest.mark.parametrize("jump", [YEAR_MS, -YEAR_MS])
def test_a_backlog_of_an_earlier_boot_is_held_against_what_was_heard_of_it(
    database: DatabaseUrls, jump: int
) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        begin = sim.now_ms - 60_000
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            made = rows(sim, begin, [0] * 20 + [jump] * 40, [m.SYNCHRONISED] * 60)
            backlog = sim.rows(1, made, time_ms=begin)
            sim.reopen(0x2222)
            sim.mono_ms = 5000
            await c.one(sim, sim.birth())
            sent = msgspec.structs.replace(backlog, sent_boot=sim.boot, mono_ms=5000)
            assert (await c.one(sim, sent)).status == m.STORED
            assert max(await seconds_off(c, begin)) < TOLERANCE_MS
            assert await in_order(c)

    asyncio.run(body())


@pytest.mark.parametrize("told_by", ["its own readings", "its clock event"])
def test_readings_of_a_boot_that_the_centre_never_heard_are_dated_once_its_clock_was_right(
    database: DatabaseUrls, told_by: str
) -> None:
    """A board without a clock boots offline in 1970, is set right, and is restarted before it is heard."""

    async def body() -> None:
        sim = Sim("gw-a")
        begin = sim.now_ms - 3_600_000
        in_1970 = 5000 - begin  # what its clock said, less what was true
        right = told_by == "its own readings"
        async with centre(database, sim) as c:
            jumps = [in_1970] * 20 + [0 if right else in_1970] * 40
            states = [m.UNSYNCHRONISED] * 20 + [m.SYNCHRONISED if right else m.UNSYNCHRONISED] * 40
            backlog = sim.rows(1, rows(sim, begin, jumps, states), time_ms=begin, mono_ms=7000)
            stepped = m.ClockEvent(1, begin + 70_000, 77_000, m.SYNCHRONISED, -in_1970, "stepped")
            event = sim.events(1, [stepped])
            sim.reopen(0x2222)
            sim.mono_ms = 5000
            await c.one(sim, sim.birth())
            for batch in (event, backlog):
                sent = msgspec.structs.replace(batch, sent_boot=sim.boot, mono_ms=5000)
                assert (await c.one(sim, sent)).status == m.STORED
            assert max(await seconds_off(c, begin)) < TOLERANCE_MS
            assert await in_order(c)

    asyncio.run(body())
