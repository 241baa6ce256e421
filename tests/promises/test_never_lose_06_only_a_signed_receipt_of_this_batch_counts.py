"""law-never-lose 6: what the centre did not sign, or signed for something else, delivers nothing."""

import asyncio
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import prepared, running_gateway, until, whole
from tests.edge.uplink.small_centre import centre


def test_a_receipt_that_is_not_the_centres_or_not_of_this_batch_counts_for_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        board = Slave(1, 10, size=64)
        async with centre() as small, board.tcp() as port:
            lies = 0

            def lie(batch: m.Batch) -> m.Receipt | None:
                nonlocal lies
                lies += 1
                if lies == 1:
                    return m.Receipt(m.STORED, "gw-other", batch.stream, batch.epoch, batch.first, batch.last)
                if lies == 2:
                    return m.Receipt(
                        m.STORED, small.gateway, batch.stream, batch.epoch, batch.first, batch.last, b"wrong"
                    )
                return None

            small.script = lie
            async with running_gateway(prepared(tmp_path, port, small)):
                await until(lambda: len(small.batches) > 5, 15)
                right = small.key
                small.key = Ed25519PrivateKey.generate()
                kept = len(small.batches)
                await asyncio.sleep(1)
                small.key = right
                await until(lambda: len(small.batches) > kept + 4, 15)
            epoch = small.births[0].epochs[-1].epoch
            assert whole(small, epoch, m.EVENT)
            assert whole(small, epoch)

    asyncio.run(run())
