"""law-never-lose 11, 12: a day offline, then connected: what was measured is stored once, or declared gone.

The gateway's day is made up (its clock is moved by hand); its spool is on a real disk, the centre's ingest
writes into a real PostgreSQL, and both judge each other's answers as on the road.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from central.ingest import gaps
from edge.core.batch import Batcher
from edge.spool.spool import Quota, Spool
from edge.spool.stream import Hole
from edge.uplink import exchange
from protocol import messages as m
from tests.central.ingest.plant import Centre, Sim, centre

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

DAY_S = 86_400
STEP_S = 1 if os.environ.get("FENGSUI_SOAK") == "1" else 600  # of one batch; a reading a second all the same
ALARM_S = 3_600  # an alarm is raised at each hour and cleared at the next
PATIENCE_S = 1.0


class Yesterday:
    """A clock that began a day ago."""

    def __init__(self) -> None:
        self.boot = 77
        self.state = m.SYNCHRONISED
        self.began_ms = int(time.time() * 1000) - DAY_S * 1000
        self.made_up_ms: int | None = 0

    @property
    def passed_ms(self) -> int:
        """Since the beginning: as set by hand, and from the end of the day on as time really passes."""
        return int(time.time() * 1000) - self.began_ms if self.made_up_ms is None else self.made_up_ms

    def utc_ms(self) -> int:
        return self.began_ms + self.passed_ms

    def mono_ms(self) -> int:
        return 5000 + self.passed_ms


def raised_or_cleared(hour: int, seq: int, at_ms: int, mono_ms: int, clock: int) -> m.Event:
    up = hour % 2 == 0
    move, state = (m.RAISE, "B") if up else (m.CLEAR, "A")
    return m.AlarmEvent(seq, at_ms, mono_ms, clock, "GT-101/H", f"4d-{hour // 2}", move, state, 1.5, 192, 1)


async def live_through(spool: Spool, clock: Yesterday) -> None:
    """Measure once a second for a day; nobody answers."""
    for second in range(0, DAY_S, STEP_S):
        if second % ALARM_S < STEP_S:
            hour = second // ALARM_S
            spool.record(lambda *at, hour=hour: raised_or_cleared(hour, *at))
        batcher = Batcher(STEP_S * 2000)
        for i in range(STEP_S):
            clock.made_up_ms = (second + i) * 1000
            now = clock.utc_ms()
            batcher.take(now, 0, now, clock.mono_ms(), 0, clock.state, 192, (second + i, 600), ())
        closed = batcher.close()
        assert closed is not None
        spool.add_measurements(closed)
        assert await spool.measurements.written(spool.measurements.seq, 120)
    clock.made_up_ms = None
    assert await spool.events.written(spool.events.seq, 120)


class Road:
    """Takes batches from the spool to the centre and its answers back, as the uplink does."""

    def __init__(self, c: Centre, sim: Sim, spool: Spool, clock: Yesterday) -> None:
        self.centre, self.sim, self.spool, self.clock = c, sim, spool, clock

    async def introduce(self) -> None:
        now, mono = self.clock.utc_ms(), self.clock.mono_ms()
        head = (self.spool.epoch, self.spool.events.seq)
        birth = m.Birth(
            self.clock.boot, mono, now, self.clock.state, self.sim.encoded, True, [], head, self.spool.heads()
        )
        receipt = await self.centre.one(self.sim, birth)
        assert receipt.status == m.STORED
        await self.spool.rewind(receipt.cursors)

    async def drain(self, stream: int) -> None:
        """Send until nothing more comes for a while; a hole waits until its declaration is receipted."""
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(PATIENCE_S):
                    item = await self.spool.next(stream)
                if isinstance(item, Hole):
                    waiting = asyncio.create_task(self.spool.account_for(item))
                    await self.drain(m.EVENT)
                    await waiting
                    continue
                batch = m.Batch(
                    stream,
                    item.epoch,
                    item.first,
                    item.last,
                    item.birth,
                    item.boot,
                    item.body,
                    self.clock.boot,
                    self.clock.mono_ms(),
                    self.clock.utc_ms(),
                    self.clock.state,
                )
                receipt = await self.centre.one(self.sim, batch)
                verdict = exchange.judge(receipt, self.sim.id, stream, item)
                assert verdict.action == exchange.ADVANCE, receipt
                await self.spool.receipted(stream, item.epoch, item.last)


@pytest.mark.timeout(0)
@pytest.mark.parametrize("history", [512_000_000, 500_000], ids=["enough history", "too little history"])
def test_a_day_offline_is_stored_once_or_declared(
    database: DatabaseUrls, tmp_path: Path, history: int
) -> None:
    sim, clock = Sim("gw-a"), Yesterday()

    async def body() -> None:
        async with centre(database, sim) as c, asyncio.TaskGroup() as group:
            spool = await Spool.open(tmp_path, clock, sim.encoded, Quota(64_000_000, history), "test")
            group.create_task(spool.run_events())
            group.create_task(spool.run_measurements())
            await spool.measurements.ready.wait()
            await live_through(spool, clock)
            road = Road(c, sim, spool, clock)
            await road.introduce()
            await road.drain(m.EVENT)
            await road.drain(m.MEASUREMENT)
            await road.drain(m.EVENT)
            summary = (await gaps.audit(c.database)).summary
            assert (summary.missing, summary.duplicate) == (0, 0)
            assert summary.records + summary.declared_lost == DAY_S + spool.events.seq
            rows = await c.database.worker.fetch(
                "SELECT round(m.value * 10)::int AS second, extract(epoch FROM m.at) * 1000 AS at_ms"
                " FROM measurement AS m JOIN point AS p ON p.id = m.point_id WHERE p.key = 'GT-101'"
            )
            assert len({row["second"] for row in rows}) == len(rows)
            off = {int(row["at_ms"]) - clock.began_ms - row["second"] * 1000 for row in rows}
            assert off == {0}
            moves = await c.database.worker.fetch(
                "SELECT transition FROM event WHERE alarm = 'GT-101/H' ORDER BY seq"
            )
            assert [row["transition"] for row in moves] == [m.RAISE, m.CLEAR] * 12
            assert await c.database.worker.fetchval("SELECT count(*) FROM warning WHERE NOT history") == 0
            everything = len(rows) == DAY_S
            assert everything == (history > 1_000_000)
            # The newest are whole; of the oldest a part is left.
            newest = [row["second"] for row in rows if row["second"] >= DAY_S - DAY_S // 10]
            assert len(newest) == DAY_S // 10
            spool.stop()

    asyncio.run(body())
