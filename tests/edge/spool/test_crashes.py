"""Killed at random moments, or copied as a power cut leaves the card: nothing that was durable is missing."""

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.spool.records import StoredBatch
from edge.spool.spool import Quota, Spool
from edge.spool.stream import Hole
from protocol import codec
from protocol import messages as m
from tests.edge.spool.crash_child import DESCRIPTION

ROOT = Path(__file__).parents[3]
TIMES = 200 if os.environ.get("FENGSUI_SOAK") == "1" else 8
Durable = dict[tuple[int, int], int]


def start(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("crash_child.py")), str(folder)],
            stdout=out,
            env=environment,
        )


def said(log: Path) -> Durable:
    """What the child had seen committed, from the lines that it finished."""
    durable: Durable = {}
    for line in log.read_text().splitlines(keepends=True):
        words = line.split()
        if line.endswith("\n") and len(words) == 3:
            stream = m.EVENT if words[0] == "E" else m.MEASUREMENT
            durable[stream, int(words[1])] = int(words[2])
    return durable


async def taken_out(folder: Path) -> tuple[list[StoredBatch | Hole], list[StoredBatch | Hole], Spool]:
    """Everything that a centre would be sent, both streams."""
    spool = await Spool.open(folder, Clock(True), DESCRIPTION, Quota(1_000_000_000, 1_000_000_000), "test")
    async with asyncio.TaskGroup() as group:
        group.create_task(spool.run_events())
        group.create_task(spool.run_measurements())
        while not spool.measurements.attached:
            await asyncio.sleep(0.01)
        await spool.events.written(spool.events.seq)
        found: dict[int, list[StoredBatch | Hole]] = {m.EVENT: [], m.MEASUREMENT: []}
        for stream, items in found.items():
            while True:
                try:
                    async with asyncio.timeout(0.2):
                        item = await spool.next(stream)
                except TimeoutError:
                    break
                items.append(item)
                spool.stream(stream).receipted(item.epoch, item.last)
        spool.stop()
    return found[m.EVENT], found[m.MEASUREMENT], spool


def check(folder: Path, durable: Durable) -> None:
    events, measurements, spool = asyncio.run(taken_out(folder))
    numbers: dict[tuple[int, int], list[int]] = {}
    declared: dict[tuple[int, int], set[int]] = {}
    open_gaps: dict[int, int] = {}
    switched = 0
    for batch in events:
        assert isinstance(batch, StoredBatch)  # holes of events are filled with tombstones
        numbers.setdefault((m.EVENT, batch.epoch), []).extend(range(batch.first, batch.last + 1))
        for _, event, _ in codec.decode_events(batch.body, batch.first, batch.last):
            if isinstance(event, m.GapEvent) and event.last:
                declared.setdefault((event.stream, event.epoch), set()).update(
                    range(event.first, event.last + 1)
                )
            elif isinstance(event, m.GapEvent):
                assert event.stream == m.MEASUREMENT
                open_gaps[event.epoch] = event.first
            elif isinstance(event, m.OutputEvent):
                switched = event.seq
    for item in measurements:
        if isinstance(item, StoredBatch):
            codec.decode_measurements(item.body, item.first, item.last)
            numbers.setdefault((m.MEASUREMENT, item.epoch), []).extend(range(item.first, item.last + 1))
    for (stream, epoch), last in durable.items():
        held = numbers.get((stream, epoch), [])
        assert held == sorted(set(held))
        gone = declared.get((stream, epoch), set())
        everything = set(held) | gone
        assert everything == set(range(1, max(everything, default=0) + 1)), "neither held nor declared"
        assert max(everything, default=0) >= last, "what was durable is missing"
        if stream == m.MEASUREMENT and epoch != spool.epoch:
            assert open_gaps[epoch] == max(everything, default=0) + 1
    # The state of the alarm is that of the last event, since both were written in one transaction.
    assert [row.occurrence for row in spool.saved_alarms] == [str(switched)]


@pytest.mark.faults
@pytest.mark.timeout(0 if TIMES > 50 else 300)
def test_a_kill_loses_no_durable_record_and_every_loss_is_declared(tmp_path: Path) -> None:
    chance = random.Random(11)
    folder, log = tmp_path / "state", tmp_path / "log"
    for _ in range(TIMES):
        child = start(folder, log)
        wait_for_growth(log, child)
        time.sleep(chance.uniform(0.05, 0.6))
        child.send_signal(signal.SIGKILL)
        child.wait()
        kept = said(log)
        copied = tmp_path / "copy"
        shutil.copytree(folder, copied, ignore=shutil.ignore_patterns("*.sock"))
        check(copied, kept)
        shutil.rmtree(copied)


@pytest.mark.faults
@pytest.mark.timeout(0 if TIMES > 50 else 300)
def test_a_card_copied_at_a_random_moment_opens_and_holds_what_was_durable(tmp_path: Path) -> None:
    chance = random.Random(12)
    folder, log = tmp_path / "state", tmp_path / "log"
    child = start(folder, log)
    try:
        wait_for_growth(log, child)
        for turn in range(TIMES):
            time.sleep(chance.uniform(0.02, 0.3))
            child.send_signal(signal.SIGSTOP)
            kept = said(log)
            shutil.copytree(folder, tmp_path / f"card-{turn}")
            child.send_signal(signal.SIGCONT)
            check(tmp_path / f"card-{turn}", kept)
            shutil.rmtree(tmp_path / f"card-{turn}")
    finally:
        child.kill()
        child.wait()


def wait_for_growth(log: Path, child: subprocess.Popen[bytes]) -> None:
    before = log.stat().st_size if log.exists() else 0
    end = time.monotonic() + 20
    while not log.exists() or log.stat().st_size < before + 40:
        assert child.poll() is None, "the child ended by itself"
        assert time.monotonic() < end
        time.sleep(0.02)
