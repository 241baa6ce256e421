"""law-never-lose 11: oldest measurements thinned, then dropped, events last; a gap record first."""

import asyncio
from functools import partial
from pathlib import Path

from edge.spool.spool import Quota
from edge.spool.stream import Hole
from protocol import messages as m
from tests.edge.spool.spool_at_hand import drain, events_of, measure, running


def test_without_a_centre_old_measurements_are_thinned_and_each_loss_is_declared_first(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        async with running(tmp_path, Quota(10_000_000, 400_000)) as spool:
            for i in range(150):
                measure(spool, i, polls=100)
                await spool.measurements.written(100 * (i + 1))
            await asyncio.sleep(0.3)
            assert spool.measurements.used_bytes < 600_000
            declared: set[int] = set()
            for event in events_of(await drain(spool, m.EVENT)):
                if isinstance(event, m.GapEvent):
                    assert declared.isdisjoint(range(event.first, event.last + 1))
                    declared.update(range(event.first, event.last + 1))
            held: set[int] = set()
            for item in await drain(spool, m.MEASUREMENT):
                numbers = set(range(item.first, item.last + 1))
                if isinstance(item, Hole):
                    assert numbers <= declared
                else:
                    held |= numbers
            assert held.isdisjoint(declared)
            assert held | declared == set(range(1, 15_001))
            assert max(held) == 15_000
            assert len(held) > 2000

    asyncio.run(run())


def test_events_that_had_to_go_are_told_in_their_own_places(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path, Quota(120_000, 10_000_000)) as spool:
            for i in range(400):
                spool.record(*[partial(m.OutputEvent, output=f"o{i}", state="on", ok=True)] * 10)
                await spool.events.written(spool.events.seq)
            await asyncio.sleep(0.2)
            assert spool.events.used_bytes < 160_000
            batches = await drain(spool, m.EVENT)
            events = events_of(batches)
            assert [e.seq for e in events] == list(range(1, 4002))
            lost = [e for e in events if isinstance(e, m.GapEvent)]
            assert all(e.first == e.last == e.seq and e.stream == m.EVENT for e in lost)
            assert len(lost) > 1000
            assert not isinstance(events[-1], m.GapEvent)

    asyncio.run(run())
