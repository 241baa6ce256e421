"""Files that fail at a bad moment: the run goes on, and every loss is told at the next opening."""

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from edge.spool.damage import SpoolDamaged, SpoolFull
from edge.spool.file import BatchFile
from edge.spool.records import AlarmRow, Commit, Epoch, Gap
from edge.spool.spool import Quota, Spool
from protocol import messages as m
from tests.edge.spool.spool_at_hand import drain, events_of, measure, running, switch


def fails(error: Exception) -> object:
    raise error


async def opened(spool: Spool) -> list[m.Event]:
    """What this opening tells, once both files are open."""
    await spool.measurements.ready.wait()
    await asyncio.sleep(0.05)
    return events_of(await drain(spool, m.EVENT))


def gaps_of(events: list[m.Event], stream: int) -> list[tuple[int, int, int]]:
    return [(e.epoch, e.first, e.last) for e in events if isinstance(e, m.GapEvent) and e.stream == stream]


@pytest.mark.parametrize("error", [SpoolDamaged("page"), SpoolFull("input/output")])
@pytest.mark.parametrize("stream", [m.EVENT, m.MEASUREMENT])
def test_a_read_that_fails_while_trimming_ends_no_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, stream: int
) -> None:
    async def run() -> None:
        async with running(tmp_path, Quota(20_000, 20_000)) as spool:
            await spool.measurements.ready.wait()
            file = spool.stream(stream).file
            for read in ("total", "oldest"):
                monkeypatch.setattr(file, read, lambda *_: fails(error))
            for i in range(200):
                measure(spool, i)
                switch(spool, f"o{i}")
                await asyncio.sleep(0.002)
            assert await spool.events.written(spool.events.seq)
            assert await spool.measurements.written(spool.measurements.seq)
            if isinstance(error, SpoolDamaged):
                assert spool.stream(stream).file is not file

    asyncio.run(run())


def test_a_stop_with_unwritten_measurements_is_no_clean_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            await spool.measurements.ready.wait()
            measure(spool, 1)
            assert await spool.measurements.written(1)
            monkeypatch.setattr(spool.measurements.file, "commit", lambda _: fails(SpoolFull("full")))
            measure(spool, 2)
            epoch = spool.epoch
        async with running(tmp_path) as spool:
            # The first batch was trimmed for space in vain; the second is the unclean end.
            assert (epoch, 2, 0) in gaps_of(await opened(spool), m.MEASUREMENT)

    asyncio.run(run())


async def three_runs(folder: Path) -> list[int]:
    epochs = []
    for i in range(3):
        async with running(folder) as spool:
            await spool.measurements.ready.wait()
            measure(spool, i)
            epochs.append(spool.epoch)
    return epochs


def test_a_damaged_measurement_file_declares_every_epoch_that_it_held(tmp_path: Path) -> None:
    async def run() -> None:
        epochs = await three_runs(tmp_path)
        (tmp_path / "measurements.db").write_bytes(b"no database at all" * 500)
        async with running(tmp_path) as spool:
            assert gaps_of(await opened(spool), m.MEASUREMENT) == [(e, 1, 0) for e in epochs]
        async with running(tmp_path) as spool:
            assert gaps_of(await opened(spool), m.MEASUREMENT) == []

    asyncio.run(run())


def test_a_file_that_only_reading_shows_as_damaged_is_declared_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        epochs = await three_runs(tmp_path)
        async with running(tmp_path) as spool:
            read, times = BatchFile.doomed, 0

            def once(file: BatchFile) -> object:
                nonlocal times
                if file.path.name == "measurements.db":
                    times += 1
                    if times == 1:
                        raise SpoolDamaged("page")
                return read(file)

            monkeypatch.setattr(BatchFile, "doomed", once)
            assert gaps_of(await opened(spool), m.MEASUREMENT) == [(e, 1, 0) for e in epochs]

    asyncio.run(run())


def test_a_damaged_event_file_declares_every_epoch_that_the_measurements_know_and_claims_no_event_of_them(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        epochs = await three_runs(tmp_path)
        (tmp_path / "events.db").write_bytes(b"no database at all" * 500)
        async with running(tmp_path) as spool:
            events = await opened(spool)
            assert gaps_of(events, m.EVENT) == [(e, 1, 0) for e in epochs]
            heads = [(h.epoch, h.event, h.measurement) for h in spool.heads()]
            assert heads[:3] == [(e, 0, 1) for e in epochs]
            assert heads[3:] == [(spool.epoch, spool.events.seq, 0)]

    asyncio.run(run())


def test_a_description_that_only_a_lost_events_stand_in_needs_is_kept(tmp_path: Path) -> None:
    file = BatchFile(tmp_path / "events.db", 0)
    file.begin(Epoch(1, 0, 0), b"old", b"of the declaring run")
    for stream, birth in ((m.EVENT, b"old"), (m.MEASUREMENT, b"never")):
        file.commit(Commit(gaps=[Gap(stream, 1, 1, 5, "no space", 0, 0, 0, birth, 7)]))
    file.begin(Epoch(2, 1, 0), b"new", b"of today")
    assert file.description(b"old") == b"of the declaring run"
    file.abandon()


def test_an_alarm_that_is_configured_no_more_leaves_without_an_event(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            make = partial(m.OutputEvent, output="x", state="on", ok=True)
            spool.record(make, alarms={"GT-1/H": AlarmRow("GT-1/H", "B", "0a-1", 1)})
        async with running(tmp_path) as spool:
            assert len(spool.saved_alarms) == 1
            seq = spool.events.seq
            spool.forget_alarms(["GT-1/H"])
            assert spool.events.seq == seq
        with sqlite3.connect(tmp_path / "events.db") as db:
            assert db.execute("SELECT count(*) FROM alarm").fetchone() == (0,)
        db.close()

    asyncio.run(run())


def test_going_where_one_already_is_or_to_an_epoch_that_is_not_held_is_no_progress(tmp_path: Path) -> None:
    async def run() -> None:
        async with running(tmp_path) as spool:
            await spool.measurements.ready.wait()
            for i in range(3):
                measure(spool, i)
            assert await spool.measurements.written(3)
            assert not await spool.send_from(m.MEASUREMENT, 12345, 1)
            assert not await spool.send_from(m.MEASUREMENT, spool.epoch, 1)
            assert await spool.send_from(m.MEASUREMENT, spool.epoch, 3)
            assert not await spool.send_from(m.MEASUREMENT, spool.epoch, 3)

    asyncio.run(run())


def test_an_event_file_found_damaged_at_the_stop_leaves_its_alarm_states_in_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        row = AlarmRow("GT-1/H", "B", "0a-1", 1)
        async with running(tmp_path) as spool:
            await spool.measurements.ready.wait()
            make = partial(m.OutputEvent, output="x", state="on", ok=True)
            spool.record(make, alarms={"GT-1/H": row})
            assert await spool.events.written(spool.events.seq)
            monkeypatch.setattr(spool.events.file, "commit", lambda _: fails(SpoolDamaged("page")))
            switch(spool, "y")
            spool.events.stop()
        async with running(tmp_path) as spool:
            assert spool.saved_alarms == [row]

    asyncio.run(run())
