"""law-never-lose 13: a replaced gateway's old epoch is closed as "rest unknown"; its card can be taken in."""

from __future__ import annotations

import asyncio
import hashlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from central.db.errors import DomainError
from central.ingest import gaps, old_card
from central.ingest.gaps import Summary
from edge.core.batch import Batcher
from edge.spool.spool import Spool
from protocol import messages as m
from tests.central.ingest.plant import Sim, centre
from tests.edge.spool.spool_at_hand import drain, running

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_a_replacement_that_does_not_hold_the_old_epoch_closes_it_as_unknown(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [sim.operator(1)]))
            sim.claim(event=9, measurement=40)  # said by its heartbeat, and then it burned
            await c.one(sim, sim.birth())
            assert (await gaps.audit(c.database)).summary == Summary(1, 1, 48, 0, 0)
            new = Sim("gw-a", epoch=0x9999, boot=5)
            await c.one(new, new.birth())
            assert (await gaps.audit(c.database)).summary == Summary(1, 1, 0, 0, 48)
            assert (await c.one(new, new.events(1, [new.operator(1)]))).status == m.STORED
            await c.one(new, new.birth())
            assert (await gaps.audit(c.database)).summary == Summary(1, 2, 0, 0, 48)

    asyncio.run(body())


def test_an_old_epoch_is_closed_even_if_nothing_was_claimed_beyond_what_came(database: DatabaseUrls) -> None:
    """Offline when its card burned: what was recorded meanwhile nobody can know, but that it is gone."""

    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            await c.one(sim, sim.events(1, [sim.operator(1)]))
            sim.reopen(0x2222)
            await c.one(sim, sim.birth())
            closed = "SELECT epoch, stream, first_seq, last_seq FROM gap ORDER BY epoch, stream"
            assert await c.database.worker.fetch(closed) == []
            sim.epochs = sim.epochs[1:]  # all of the first had come: it is forgotten, and nothing is lost
            await c.one(sim, sim.birth())
            assert await c.database.worker.fetch(closed) == []
            new = Sim("gw-a", epoch=0x9999, boot=5)
            await c.one(new, new.birth())
            rows = [tuple(row) for row in await c.database.worker.fetch(closed)]
            assert rows == [
                (0x1111, 1, 2, None),
                (0x1111, 2, 1, None),
                (0x2222, 1, 1, None),
                (0x2222, 2, 1, None),
            ]
            assert (await gaps.audit(c.database)).summary == Summary(1, 1, 0, 0, 0)

    asyncio.run(body())


def test_a_card_restored_from_an_image_closes_what_it_had_claimed_beyond_it(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            sim.claim(event=9)
            await c.one(sim, sim.birth())
            for seq in (1, 2, 3):
                await c.one(sim, sim.events(seq, [sim.operator(seq)]))
            sim.claim(event=2)  # the image
            sim.reopen(0x2222)
            await c.one(sim, sim.birth())
            assert (await gaps.audit(c.database)).summary == Summary(1, 3, 0, 0, 6)

    asyncio.run(body())


def test_two_boxes_with_one_card_lose_nothing_by_closing_each_others_rest(database: DatabaseUrls) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            clone = sim.clone()
            sim.reopen(0x2222)
            clone.reopen(0x3333)
            for _ in range(3):
                for one in (sim, clone):
                    first = one.head(m.EVENT) + 1
                    batch = one.events(first, [one.operator(first)])
                    await c.one(one, one.birth())  # claims it before it has come
                    assert (await c.one(one, batch)).status == m.STORED
            assert (await gaps.audit(c.database)).summary == Summary(1, 6, 0, 0, 0)

    asyncio.run(body())


def measure(spool: Spool, value: int) -> None:
    """Twenty polls of the block that Sim describes with two points."""
    batcher = Batcher(1000)
    for i in range(20):
        batcher.take(i, 0, 1000 + i, i, 3, 1, 192, (value, i), ())
    closed = batcher.close()
    assert closed is not None
    spool.add_measurements(closed)


def card(folder: Path, description: bytes) -> int:
    """A spool with measurements that nobody fetched; returns how many records it holds."""

    async def run() -> int:
        async with running(folder, description=description) as spool:
            await spool.measurements.ready.wait()
            for i in range(10):
                measure(spool, i)
                spool.record(partial(m.OutputEvent, output=f"o{i}", state="on", ok=True))
                await spool.measurements.written(spool.measurements.seq, 60)
            await spool.events.written(spool.events.seq, 60)
            return spool.measurements.seq + spool.events.seq

    return asyncio.run(run())


def tree(folder: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest()


def test_the_card_of_a_broken_gateway_is_taken_in_under_a_name(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    sim = Sim("gw-a", epoch=0x9999)
    records = card(tmp_path, sim.encoded)
    before = tree(tmp_path)

    async def body() -> None:
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())  # the replacement is already at work
            for times in (1, 2):
                taken = await old_card.take_in(c.database, c.key, tmp_path, "gw-a", "张三", "旧卡")
                assert (taken.records, taken.left, taken.rotten) == (records, 0, 0), times
                assert (await gaps.audit(c.database)).summary == Summary(1, records, 0, 0, 0)
            newest = await c.database.worker.fetchval(
                "SELECT epoch FROM stream_epoch WHERE gateway_id = 'gw-a' ORDER BY ordinal DESC LIMIT 1"
            )
            assert newest == 0x9999
            reasons = await c.database.worker.fetch("SELECT reason FROM audit WHERE action = 'import-spool'")
            assert [row["reason"] for row in reasons] == ["张三 旧卡"] * 2

    asyncio.run(body())
    assert tree(tmp_path) == before, "the card is evidence: it is only read"


def test_what_rotted_on_the_card_is_not_taken_in(database: DatabaseUrls, tmp_path: Path) -> None:
    sim = Sim("gw-a", epoch=0x9999)
    records = card(tmp_path, sim.encoded)
    data = (tmp_path / "measurements.db").read_bytes()

    async def first_body() -> bytes:
        async with running(tmp_path, description=sim.encoded) as spool:
            await spool.measurements.ready.wait()
            (first, *_) = await drain(spool, m.MEASUREMENT)
            return first.body  # type: ignore[union-attr]

    body_of_first = asyncio.run(first_body())
    assert data.count(body_of_first) == 1
    data = data.replace(body_of_first, body_of_first[:-1] + bytes([body_of_first[-1] ^ 1]))
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"measurements.db{suffix}").unlink(missing_ok=True)
    (tmp_path / "measurements.db").write_bytes(data)

    async def body() -> None:
        async with centre(database, sim) as c:
            await c.one(sim, sim.birth())
            taken = await old_card.take_in(c.database, c.key, tmp_path, "gw-a", "张三")
            assert taken.rotten == 1
            assert taken.records < records + 5

    asyncio.run(body())


def test_a_folder_without_a_spool_is_refused_in_words(database: DatabaseUrls, tmp_path: Path) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with centre(database, sim) as c:
            with pytest.raises(DomainError, match=r"events\.db"):
                await old_card.take_in(c.database, c.key, tmp_path, "gw-a", "张三")

    asyncio.run(body())
