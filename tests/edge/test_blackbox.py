"""The bus black box is written down when something goes wrong, and never at the gateway's cost."""

from __future__ import annotations

import asyncio
import contextlib
import random
from pathlib import Path

import pytest

from edge import blackbox
from edge.blackbox import BlackBox, keep, opened
from edge.clock import Clock
from edge.config import load
from edge.drivers.tape import SENT, parse
from edge.status import ask
from rig.slave import Slave
from tests.edge.plant_at_hand import running_gateway, until, write_config


class HandClock(Clock):
    """A clock whose monotonic time is moved by hand."""

    now_ms = 1_000_000

    def mono_ms(self) -> int:
        return self.now_ms

    def mono_us(self) -> int:
        return self.now_ms * 1000


def black_box(folder: Path) -> tuple[BlackBox, HandClock]:
    bus = load(write_config(folder, 502)).config.buses[0]
    clock = HandClock(True)
    return BlackBox(folder / "state", "gw-test", {"field": bus}, {"GT-101": "field"}, clock), clock


def dumps(folder: Path) -> list[Path]:
    return sorted((folder / "state" / "tapes").glob("*.tape.gz"))


async def written(box: BlackBox, clock: HandClock, folder: Path, moves: list[tuple[int, int]]) -> None:
    """Run the box; after each move of the clock (ms) wait for so many files."""
    task = asyncio.get_running_loop().create_task(box.run())
    for move, files in moves:
        clock.now_ms += move
        box._poked.set()
        await until(lambda files=files: len(dumps(folder)) == files, 5)  # type: ignore[misc]
        await asyncio.sleep(0.02)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def test_an_alarm_writes_down_what_led_to_it_and_what_followed(tmp_path: Path) -> None:
    box, clock = black_box(tmp_path)

    async def run() -> None:
        box.tapes["field"].sent(b"\x01\x03")
        box.alarm("GT-101/H")
        box.alarm("somebody-else/H")
        box.tapes["field"].received(b"\x01\x83")
        await written(box, clock, tmp_path, [(1_000, 0), (blackbox.AFTER_MS, 1)])

    asyncio.run(run())
    (path,) = dumps(tmp_path)
    recording = parse(opened(path))
    assert recording.head["gateway"] == "gw-test"
    assert recording.head["reason"] == "alarm GT-101/H"
    assert '"host":"127.0.0.1"' in recording.head["config"]
    assert recording.head["clock"].endswith("us, synchronised")
    assert [record.text for record in recording.records if record.kind == "!"] == ["alarm GT-101/H"]
    assert [record.data for record in recording.records if record.kind != "!"] == [b"\x01\x03", b"\x01\x83"]


def test_a_flapping_alarm_writes_once_in_five_minutes_with_all_its_reasons(tmp_path: Path) -> None:
    box, clock = black_box(tmp_path)

    async def run() -> None:
        box.alarm("GT-101/H")
        await written(box, clock, tmp_path, [(blackbox.AFTER_MS, 1)])
        for _ in range(100):
            clock.now_ms += 1000
            box.alarm("GT-101/H")
        box.tapes["field"].trip("unit 1 is silent")
        await written(box, clock, tmp_path, [(100_000, 1), (blackbox.EVERY_MS, 2)])

    asyncio.run(run())
    reasons = parse(opened(dumps(tmp_path)[1])).head["reason"].splitlines()
    assert len(reasons) == blackbox.REASONS


def test_what_is_wanted_when_the_gateway_ends_is_written_at_once(tmp_path: Path) -> None:
    box, clock = black_box(tmp_path)

    async def run() -> None:
        box.tapes["field"].trip("unit 1 is silent")
        await written(box, clock, tmp_path, [(0, 0)])

    asyncio.run(run())
    assert parse(opened(dumps(tmp_path)[0])).head["reason"] == "unit 1 is silent"


def test_the_folder_stays_below_its_quota_and_the_newest_stay(tmp_path: Path) -> None:
    for number in range(10):
        keep(tmp_path, f"{number}-a.tape.gz", b"x" * number, files=3)
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "7-a.tape.gz",
        "8-a.tape.gz",
        "9-a.tape.gz",
    ]
    big = random.Random(1).randbytes(600)
    for number in range(5):
        keep(tmp_path / "big", f"{number}-a.tape.gz", big, size=700)
    assert [path.name for path in (tmp_path / "big").iterdir()] == ["4-a.tape.gz"]


def test_a_disk_that_takes_nothing_is_named_once_and_the_gateway_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    box, clock = black_box(tmp_path)
    (tmp_path / "state").write_text("a file where the folder should be")

    async def run() -> None:
        task = asyncio.get_running_loop().create_task(box.run())
        for _ in range(3):
            box.tapes["field"].trip("unit 1 is silent")
            clock.now_ms += blackbox.EVERY_MS + blackbox.AFTER_MS
            box._poked.set()
            await until(lambda: not box._due, 5)
        assert not task.done()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert [r.message for r in caplog.records if "was not written" in r.message][1:] == []


def test_passwords_are_not_written_down(tmp_path: Path) -> None:
    masked = blackbox._masked(
        {"password": "123456", "units": [{"key": "a", "password_file": "x", "mn": "1"}]}
    )
    assert masked == {"password": "***", "units": [{"key": "a", "password_file": "***", "mn": "1"}]}


def test_a_running_gateway_gives_its_tape_to_whoever_asks_and_still_its_status(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(write_config(tmp_path, port)):
            await until(lambda: board[1].requests > 10)
            folder = tmp_path / "state"
            answer = await ask(folder, "tape field")
            records = parse(answer["tape"].encode()).records
            assert len([record for record in records if record.kind == SENT]) > 10
            assert (await ask(folder, "tape nobody"))["error"] == "no bus 'nobody'; there are field"
            assert (await ask(folder))["gateway"] == "gw-test"
            assert (await ask(folder, ""))["gateway"] == "gw-test"  # as older ones ask

    asyncio.run(run())


def test_an_alarm_of_a_running_gateway_is_in_the_dump(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with board.tcp() as port, running_gateway(write_config(tmp_path, port)):
            await until(lambda: board[1].requests > 10)
            board[1].holding[0] = 150
            await until(lambda: board[10].coils[0])

    asyncio.run(run())
    recording = parse(opened(dumps(tmp_path)[0]))
    assert "alarm GT-101/H" in recording.head["reason"]
    assert len(recording.records) > 20
