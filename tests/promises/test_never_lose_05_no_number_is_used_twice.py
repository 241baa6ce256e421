"""law-never-lose 5: an epoch for every opening, durable first, naming the one it follows."""

import asyncio
from pathlib import Path

from protocol import messages as m
from tests.edge.spool.spool_at_hand import drain, events_of, running


def test_every_opening_mints_an_epoch_that_names_the_one_before(tmp_path: Path) -> None:
    async def run() -> None:
        epochs = []
        for _ in range(3):
            async with running(tmp_path) as spool:
                epochs.append((spool.events.current.epoch, spool.events.current.follows))
        assert [follows for _, follows in epochs] == [0, epochs[0][0], epochs[1][0]]
        async with running(tmp_path) as spool:
            opened = [e for e in events_of(await drain(spool, m.EVENT)) if isinstance(e, m.OpenedEvent)]
            assert [e.epoch for e in opened[:3]] == [epoch for epoch, _ in epochs]
            assert all(e.clean for e in opened)
            assert [h.epoch for h in spool.heads()][:3] == [epoch for epoch, _ in epochs]

    asyncio.run(run())
