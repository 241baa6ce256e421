"""Files that rot, shrink, vanish or were never closed: the gateway runs; each number is held or declared."""

import asyncio
import random
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.spool.damage import KEPT_ASIDE, aside, quarantine
from edge.spool.records import StoredBatch
from edge.spool.spool import Quota, Spool
from edge.spool.stream import Hole
from protocol import codec
from protocol import messages as m
from tests.edge.spool.spool_at_hand import DESCRIPTION, crashed, drain, events_of, measure, running, switch

FILES = ("events.db", "measurements.db")
RUNS, BATCHES, POLLS = 3, 8, 20


async def filled(folder: Path) -> dict[int, tuple[int, int]]:
    """Three runs that nobody fetched; returns how many (events, measurements) each epoch holds."""
    held = {}
    for _ in range(RUNS):
        async with running(folder) as spool:
            await spool.measurements.ready.wait()
            for i in range(BATCHES):
                switch(spool, f"o{i}-" + "x" * 400)
                measure(spool, i, polls=POLLS)
                await spool.events.written(spool.events.seq, 60)
                await spool.measurements.written(spool.measurements.seq, 60)
            held[spool.epoch] = (spool.events.seq, spool.measurements.seq)
    return held


class Account:
    """What a centre that receipts all has been sent, and what it was told is gone."""

    def __init__(self) -> None:
        self.held: dict[tuple[int, int], set[int]] = {}
        self.gone: dict[tuple[int, int], set[int]] = {}
        self.rest: dict[tuple[int, int], int] = {}

    def events(self, items: list[StoredBatch | Hole]) -> None:
        for item in items:
            for event in events_of([item]):
                self.held.setdefault((m.EVENT, item.epoch), set()).add(event.seq)
                if isinstance(event, m.GapEvent):
                    self.told(event)

    def told(self, gap: m.GapEvent) -> None:
        key = (gap.stream, gap.epoch)
        self.gone.setdefault(key, set()).update(range(gap.first, gap.last + 1))
        if not gap.last:
            self.rest[key] = min(gap.first, self.rest.get(key, gap.first))

    def accounts_for(self, stream: int, epoch: int, last: int) -> bool:
        key = (stream, epoch)
        known = self.held.get(key, set()) | self.gone.get(key, set())
        return all(n in known or n >= self.rest.get(key, last + 1) for n in range(1, last + 1))


async def fetched(spool: Spool) -> Account:
    """Take everything, as a centre does: declarations before the numbers behind them."""
    account = Account()
    await spool.measurements.ready.wait()
    account.events(await drain(spool, m.EVENT))
    while True:
        try:
            async with asyncio.timeout(0.3):
                item = await spool.next(m.MEASUREMENT)
        except TimeoutError:
            break
        if isinstance(item, StoredBatch):
            codec.decode_measurements(item.body, item.first, item.last)
            numbers = range(item.first, item.last + 1)
            account.held.setdefault((m.MEASUREMENT, item.epoch), set()).update(numbers)
            await spool.receipted(m.MEASUREMENT, item.epoch, item.last)
        else:
            waiting = asyncio.create_task(spool.account_for(item))
            await asyncio.sleep(0.05)
            account.events(await drain(spool, m.EVENT, 0.1))
            await waiting
    account.events(await drain(spool, m.EVENT, 0.1))
    return account


async def everything_is_held_or_declared(folder: Path, held: dict[int, tuple[int, int]]) -> Account:
    async with running(folder) as spool:
        switch(spool, "after")
        assert await spool.events.written(spool.events.seq, 60)
        account = await fetched(spool)
        last = spool.events.seq
    for epoch, (events, measurements) in held.items():
        assert account.accounts_for(m.EVENT, epoch, events), "an event neither held nor declared"
        assert account.accounts_for(m.MEASUREMENT, epoch, measurements), "a reading neither held nor declared"
    assert account.accounts_for(m.EVENT, spool.epoch, last)
    return account


def header(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[0:100] = b"\xa5" * 100
    path.write_bytes(data)


def random_pages(path: Path) -> None:
    chance, data = random.Random(path.name), bytearray(path.read_bytes())
    for _ in range(4):
        at = chance.randrange(1, len(data) // 4096) * 4096
        data[at : at + 4096] = chance.randbytes(4096)
    path.write_bytes(data)


def flipped_bits(path: Path) -> None:
    chance, data = random.Random(path.name), bytearray(path.read_bytes())
    for _ in range(20):
        data[chance.randrange(4096, len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def truncated(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 + 100])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def vanished(path: Path) -> None:
    path.unlink()


def garbage_log(path: Path) -> None:
    path.with_name(path.name + "-wal").write_bytes(random.Random(1).randbytes(9000))


SIEGES = [header, random_pages, flipped_bits, truncated, emptied, vanished, garbage_log]


@pytest.mark.parametrize("besiege", SIEGES, ids=lambda siege: siege.__name__)
@pytest.mark.parametrize("name", FILES)
def test_a_file_besieged_at_rest_costs_only_what_is_declared(
    tmp_path: Path, name: str, besiege: Callable[[Path], None]
) -> None:
    async def run() -> None:
        held = await filled(tmp_path)
        besiege(tmp_path / name)
        await everything_is_held_or_declared(tmp_path, held)

    asyncio.run(run())


def rot(path: Path, epoch: int, first: int) -> None:
    """Change one byte inside a stored body, which no check of SQLite looks at."""
    with sqlite3.connect(path) as db:
        (body,) = db.execute(
            "SELECT body FROM batch WHERE epoch = ? AND first = ?", (epoch, first)
        ).fetchone()
        rotten = body[:-3] + bytes([body[-3] ^ 4]) + body[-2:]
        changed = db.execute(
            "UPDATE batch SET body = ? WHERE epoch = ? AND first = ?", (rotten, epoch, first)
        )
        assert changed.rowcount == 1
    db.close()


def test_a_reading_that_rotted_on_the_card_is_never_sent_and_only_its_batch_is_lost(tmp_path: Path) -> None:
    async def run() -> None:
        held = await filled(tmp_path)
        epoch = next(iter(held))
        rot(tmp_path / "measurements.db", epoch, 2 * POLLS + 1)
        account = await everything_is_held_or_declared(tmp_path, held)
        assert account.gone[m.MEASUREMENT, epoch] == set(range(2 * POLLS + 1, 3 * POLLS + 1))

    asyncio.run(run())


def test_an_event_that_rotted_on_the_card_is_told_in_its_own_place(tmp_path: Path) -> None:
    async def run() -> None:
        held = await filled(tmp_path)
        epoch = next(iter(held))
        rot(tmp_path / "events.db", epoch, 3)
        account = await everything_is_held_or_declared(tmp_path, held)
        assert account.gone[m.EVENT, epoch] == {3}

    asyncio.run(run())


@pytest.mark.parametrize("name", FILES)
def test_a_crash_in_the_second_after_a_damaged_opening_leaves_its_gaps_owed(
    tmp_path: Path, name: str
) -> None:
    async def run() -> None:
        held = await filled(tmp_path)
        header(tmp_path / name)
        spool = await Spool.open(tmp_path, Clock(True), DESCRIPTION, Quota(), "test")
        # The measurement file is opened too; of the events nothing has reached the disk yet.
        writing = asyncio.create_task(spool.run_measurements())
        await spool.measurements.ready.wait()
        await crashed(tmp_path, spool)
        writing.cancel()
        account = await everything_is_held_or_declared(tmp_path, held)
        stream = FILES.index(name) + 1
        assert {epoch for known, epoch in account.rest if known == stream} >= set(held)
        async with running(tmp_path) as again:
            events = events_of((await fetched_events(again))[1:])
            assert not [e for e in events if isinstance(e, m.GapEvent)], "what is on record is not told again"

    asyncio.run(run())


async def fetched_events(spool: Spool) -> list[StoredBatch | Hole]:
    await spool.measurements.ready.wait()
    await spool.events.written(spool.events.seq, 60)
    await asyncio.sleep(0.05)
    return [b for b in await drain(spool, m.EVENT) if b.epoch == spool.epoch]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_vanishes_while_open_is_begun_anew_and_its_loss_declared(
    tmp_path: Path, name: str
) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            await spool.measurements.ready.wait()
            for i in range(4):
                switch(spool, f"o{i}")
                measure(spool, i, polls=POLLS)
                await spool.events.written(spool.events.seq, 60)
                await spool.measurements.written(spool.measurements.seq, 60)
            for suffix in ("", "-wal", "-shm"):
                (tmp_path / (name + suffix)).unlink(missing_ok=True)
            switch(spool, "after")
            measure(spool, 9, polls=POLLS)
            assert await spool.events.written(spool.events.seq, 60)
            assert await spool.measurements.written(spool.measurements.seq, 60)
            assert (tmp_path / name).exists()
            account = await fetched(spool)
            held = (spool.events.seq, spool.measurements.seq)
            epoch = spool.epoch
        assert account.accounts_for(m.EVENT, epoch, held[0])
        assert account.accounts_for(m.MEASUREMENT, epoch, held[1])
        with sqlite3.connect(tmp_path / name) as db:
            assert db.execute("SELECT max(last) FROM batch").fetchone()[0] is not None
        db.close()

    asyncio.run(run())


def test_stand_ins_keep_their_description_when_the_file_is_replaced_while_running(tmp_path: Path) -> None:
    small = Quota(120_000, 10_000_000)

    async def run() -> None:
        async with running(tmp_path, small) as spool:
            for i in range(400):
                spool.record(*[partial(m.OutputEvent, output=f"o{i}", state="on", ok=True)] * 10)
                await spool.events.written(spool.events.seq, 60)
            await asyncio.sleep(0.2)
            first = await spool.next(m.EVENT)
            assert isinstance(first, StoredBatch)
            await spool.receipted(m.EVENT, first.epoch, first.last)
            before = await spool.next(m.EVENT)
        other = codec.encode_description(m.Description("gw-test", "other", 2, "test", [], [], []))
        async with running(tmp_path, small, other) as spool:
            await spool.events.call(spool.events.file.give_back)
            data = bytearray((tmp_path / "events.db").read_bytes())
            data[4096:] = b"\xa5" * (len(data) - 4096)
            (tmp_path / "events.db").write_bytes(data)
            spool.events.file._db.execute("PRAGMA shrink_memory")
            switch(spool, "horn")
            assert await spool.events.written(spool.events.seq, 60)
            assert await spool.next(m.EVENT) == before
            assert isinstance(before, StoredBatch)
            assert await spool.description(before.birth) == DESCRIPTION
        async with running(tmp_path, small, other) as spool:
            assert await spool.next(m.EVENT) == before
            assert await spool.description(before.birth) == DESCRIPTION

    asyncio.run(run())


def test_of_damaged_files_the_newest_two_are_kept(tmp_path: Path) -> None:
    for turn in range(5):
        for suffix in ("", "-wal"):
            (tmp_path / f"events.db{suffix}").write_text(str(turn))
        quarantine(tmp_path / "events.db", 1000)  # a clock that stands still
    kept = aside(tmp_path / "events.db")
    assert [old.read_text() for old in kept] == ["3", "4"]
    assert len(list(tmp_path.iterdir())) == 2 * KEPT_ASIDE
