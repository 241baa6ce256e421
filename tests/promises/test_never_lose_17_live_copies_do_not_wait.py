"""law-never-lose 17: live copies are sent always, also while the centre takes nothing and a backlog waits."""

import asyncio
from pathlib import Path

from protocol import codec
from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import prepared, running_gateway, until
from tests.edge.uplink.small_centre import centre


def test_live_copies_go_on_while_every_batch_is_put_off(tmp_path: Path) -> None:
    async def run() -> None:
        board = Slave(1, 10, size=64)
        async with centre() as small, board.tcp() as port:
            small.script = lambda batch: small.answer(batch, m.BUSY)
            async with running_gateway(prepared(tmp_path, port, small)):
                await until(lambda: len(small.live) > 5, 10)
                before = len(small.live)
                board[1].holding[0] = 321
                await until(lambda: 321 in shown(small.live[before:]), 5)
                await until(lambda: any(b.stream == m.EVENT for b in small.live[before:]), 5)
            assert not small.batches

    asyncio.run(run())


def shown(batches: list[m.Batch]) -> set[float]:
    """Every raw number in the live measurement batches."""
    return {
        value
        for batch in batches
        if batch.stream == m.MEASUREMENT
        for rows in codec.decode_measurements(batch.body, batch.first, batch.last).blocks
        for values in rows.values
        for value in values or []
    }
