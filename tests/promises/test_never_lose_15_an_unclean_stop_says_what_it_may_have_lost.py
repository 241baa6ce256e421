"""law-never-lose 15: a kill takes at most the last commit interval of measurements, and says so."""

import asyncio
from pathlib import Path

from edge.clock import Clock
from edge.spool.spool import Quota, Spool
from protocol import messages as m
from tests.edge.spool.spool_at_hand import DESCRIPTION, crashed, drain, events_of, measure, running


def test_an_unclean_stop_declares_an_open_gap_of_measurements_once(tmp_path: Path) -> None:
    async def run() -> None:
        spool = await Spool.open(tmp_path, Clock(True), DESCRIPTION, Quota(), "test")
        tasks = [asyncio.create_task(spool.run_events()), asyncio.create_task(spool.run_measurements())]
        measure(spool, 1, polls=4)
        await spool.measurements.written(4)
        await spool.events.written(1)
        await crashed(tmp_path, spool)
        for task in tasks:
            task.cancel()
        old = spool.epoch
        for expected in (1, 0):
            async with running(tmp_path) as again:
                await again.events.written(2 if expected else 1)
                await asyncio.sleep(0.1)
                found = events_of(await drain(again, m.EVENT))
                gaps = [e for e in found if isinstance(e, m.GapEvent)]
                assert len(gaps) == expected
                if expected:
                    assert [e.clean for e in found if isinstance(e, m.OpenedEvent)] == [True, False]
                    assert (gaps[0].stream, gaps[0].epoch, gaps[0].first, gaps[0].last) == (
                        m.MEASUREMENT,
                        old,
                        5,
                        0,
                    )
                    batches = await drain(again, m.MEASUREMENT)
                    assert [(b.first, b.last) for b in batches] == [(1, 4)]

    asyncio.run(run())
