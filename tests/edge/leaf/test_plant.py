"""The leaf's plant: the horn goes before the card, a stuck button is none, a second read is laid over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge.leaf.plant import HORN_FIRST_MS, Plant
from edge.leaf.prepare import prepare
from edge.leaf.trial import OFF_MS, SOUNDS_MS
from tests.edge.leaf.leaf_at_hand import TOML
from tests.edge.leaf.plant_replay import Clock, Log


class Horn:
    """A horn whose write leaves when the line allows."""

    name = "main.horn"
    reads_back = True
    confirmed: bool | None = False
    wanted: bool | None = None
    fresh = False
    ok = True

    def set(self, on: bool, now: int) -> None:
        self.fresh = self.fresh or (on and not self.wanted)
        self.wanted = on


class Bench:
    """A plant with its records in a list."""

    def __init__(self, folder: Path, toml: str = TOML) -> None:
        (folder / "gateway.toml").write_text(toml.format(device="/dev/ttyS1"))
        self.clock = Clock()
        self.horn = Horn()
        self.log: list[str] = []
        self.asked: list[Any] = []
        self.plant = Plant(msgspec.msgpack.decode(prepare(folder / "gateway.toml")), self.clock, 100_000)
        self.plant.begin(Log(self.log.append, self.clock), {"horn": self.horn}, self.asked.append)

    def read(self, gas: int, second: int) -> None:
        watched = self.plant.watched[0]
        self.plant.take(watched.read, gas.to_bytes(2, "big") + bytes(8), 192, 5, "")
        confirm = self.asked.pop()
        self.plant.take(confirm, second.to_bytes(2, "big") + bytes(2), 192, 5, "")

    def tick(self, ms: int) -> None:
        self.clock.now += ms
        self.plant.tick(self.clock.now)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_an_event_is_written_only_after_the_horn_has_left(bench: Bench) -> None:
    bench.read(300, 300)
    assert bench.horn.wanted
    bench.tick(5)
    assert bench.log == []
    bench.horn.fresh = False
    bench.tick(5)
    assert [line.split()[0] for line in bench.log] == ["event"]


def test_a_line_that_is_dead_holds_no_event_back(bench: Bench) -> None:
    bench.read(300, 300)
    bench.tick(HORN_FIRST_MS)
    assert bench.horn.fresh
    assert [line.split()[0] for line in bench.log] == ["event"]


def test_what_a_second_read_contradicts_sounds_nothing(bench: Bench) -> None:
    bench.read(300, 50)
    bench.tick(1)
    assert not bench.horn.wanted
    assert bench.log == []


def test_a_button_found_pressed_at_the_start_is_a_stuck_one(bench: Bench) -> None:
    bench.read(300, 300)
    bench.plant.desk.button(True, 1)
    assert bench.horn.wanted
    bench.plant.desk.button(False, 2)
    bench.plant.desk.button(True, 3)
    assert not bench.horn.wanted


def told(bench: Bench) -> list[tuple[str, bool, str]]:
    events = [msgspec.msgpack.decode(bytes.fromhex(line.split()[1]))[0][0] for line in bench.log]
    return [(e["state"], e["ok"], e["reason"]) for e in events if e["kind"] == "output"]


def begin(bench: Bench, output: str = "") -> tuple[str, str]:
    return bench.plant.desk.operate(bench.clock.now, "test", "", "centre", "wang", output=output)


def test_a_horn_is_tried_and_read_back_on_and_off(bench: Bench) -> None:
    assert begin(bench, "main.siren") == (
        "refused",
        "nothing to test is called 'main.siren'; there are main, main.horn",
    )
    assert begin(bench) == ("done", "the test has begun")
    assert begin(bench) == ("refused", "a test is running")
    seen = [bench.horn.wanted]
    bench.horn.confirmed, bench.horn.fresh = True, False
    bench.tick(10)
    bench.tick(SOUNDS_MS)
    assert [*seen, bench.horn.wanted] == [True, False]
    bench.horn.confirmed = False
    bench.tick(10)
    bench.tick(10)
    assert told(bench) == [("test", True, "test: read back on and off")]


def test_a_horn_that_does_not_follow_fails_its_test(bench: Bench) -> None:
    begin(bench)
    bench.tick(SOUNDS_MS)
    bench.horn.confirmed = True
    bench.tick(OFF_MS)
    bench.tick(OFF_MS)
    assert told(bench) == [("test", False, "test: did not switch on and did not switch off")]


def test_an_alarm_takes_the_horn_over_and_the_test_did_not_take_place(bench: Bench) -> None:
    begin(bench)
    bench.horn.confirmed = True
    bench.tick(10)
    bench.read(300, 300)
    bench.horn.fresh = False
    bench.tick(10)
    bench.tick(10)
    assert bench.horn.wanted
    assert told(bench) == [("put-off", True, "test: read back on and off; cut short by an alarm")]
    assert begin(bench) == ("refused", "an alarm sounds: tested when it is silent")


@pytest.mark.parametrize(
    ("own", "second", "again", "laid"),
    [
        ((0, 5), (0, 2), "aaaabbbb", "aaaabbbb333344445555"),
        ((10, 5), (12, 2), "aaaabbbb", "11112222aaaabbbb5555"),
        ((10, 5), (8, 4), "xxxx____aaaabbbb".replace("x", "0").replace("_", "0"), "aaaabbbb333344445555"),
        ((10, 5), (8, 8), "00000000aaaabbbbccccddddeeee0000", "aaaabbbbccccddddeeee"),
    ],
)
def test_a_second_read_is_laid_over_what_it_holds(
    own: tuple[int, int], second: tuple[int, int], again: str, laid: str, bench: Bench
) -> None:
    watched = bench.plant.watched[0]
    assert watched.confirm is not None
    watched.read.address, watched.read.count = own
    watched.confirm.address, watched.confirm.count = second
    first = bytes.fromhex("11112222333344445555")
    assert watched.spliced(first, bytes.fromhex(again)).hex() == laid
