"""Bad data: each fault rings once, by its own name, with delays, acknowledgement and memory of any alarm."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from edge.spool.records import AlarmRow
from protocol import messages as m
from protocol.quality import COMM_FAILURE, DEVICE_FAILURE, GOOD, LAST_USABLE, NOT_CONNECTED, SUB_NORMAL
from tests.edge.plant_by_hand import Hand, plant_by_hand

UNITS = """
  [[buses.units]]
  key = "PT"
  unit = 1
  readable = [{ first = 0, last = 9 }]
    [[buses.units.points]]
    key = "PT-1"
    address = 0
    unit = "kPa"
    range = [0, 1000]
    max_rate = 50.0
    stuck_after_s = 30
    stale_after_s = 20
    siblings = ["PT-2"]
    siblings_within = 20.0
    siblings_after_s = 10
    [[buses.units.points]]
    key = "COUNTER"
    address = 1
  [[buses.units]]
  key = "PT2"
  unit = 2
  readable = [{ first = 0, last = 9 }]
    [[buses.units.points]]
    key = "PT-2"
    address = 0
    unit = "kPa"
    range = [0, 1000]
    [[buses.units.points]]
    key = "COUNTER-2"
    address = 1
"""
CALM_S = 10


class Trouble:
    """What the first transmitter shows second by second, and what must be told of it."""

    def __init__(self, rings: str, quality: int, show: Callable[[Hand, int], None]) -> None:
        self.rings = rings
        self.quality = quality
        self.show = show


def pressure(second: int) -> int:
    return 500 + second % 3


TROUBLES = {
    "unplugged": Trouble("STALE", COMM_FAILURE, lambda hand, _: hand.outcome(None, COMM_FAILURE)),
    "refuses": Trouble("Q", DEVICE_FAILURE, lambda hand, _: hand.outcome(None, DEVICE_FAILURE)),
    "blank form": Trouble("BLANK", NOT_CONNECTED, lambda hand, _: hand.read(0xFFFF, 0xFFFF)),
    "out of range": Trouble("RANGE", 16, lambda hand, s: hand.read(4000, s)),
    "jumps at the end": Trouble("RATE", 64, lambda hand, s: hand.read(900 if s > 57 else pressure(s), s)),
    "frozen": Trouble("STUCK", LAST_USABLE, lambda hand, s: hand.read(pressure(0), s)),
    "drifts": Trouble("SIBLINGS", SUB_NORMAL, lambda hand, s: hand.read(pressure(s) + min(s * 2, 40), s)),
}


def at_a_plant(folder: Path, body: Callable[[Hand], Awaitable[None]], **given: list[AlarmRow]) -> None:
    async def run() -> None:
        async with plant_by_hand(folder, UNITS, saved=given.get("saved")) as hand:
            await body(hand)

    asyncio.run(run())


def seconds(hand: Hand, count: int, show: Callable[[Hand, int], None]) -> None:
    for second in range(count):
        hand.read(pressure(second + 1), second, block=1)
        show(hand, second)
        hand.time_passes(1000)


def well(hand: Hand, second: int) -> None:
    hand.read(pressure(second), second)


@pytest.mark.parametrize("name", list(TROUBLES))
def test_each_fault_rings_once_by_its_own_name_and_ends(tmp_path: Path, name: str) -> None:
    trouble = TROUBLES[name]

    async def body(hand: Hand) -> None:
        seconds(hand, CALM_S, well)
        assert hand.raised == []
        seconds(hand, 60, trouble.show)
        assert [alarm for alarm in hand.raised if alarm.startswith("PT")] == [f"PT-1/{trouble.rings}"]
        assert hand.stored()[-1].quality in {GOOD, trouble.quality}
        standing = {a.alarm: a for a in hand.plant.active()}
        assert standing[f"PT-1/{trouble.rings}"].quality == trouble.quality
        seconds(hand, 60, well)
        assert [alarm for alarm in hand.raised if alarm.startswith("PT")] == [f"PT-1/{trouble.rings}"]
        assert f"PT-1/{trouble.rings}" in hand.cleared

    at_a_plant(tmp_path, body)


@pytest.mark.parametrize("name", list(TROUBLES))
def test_a_quality_alarm_can_be_acknowledged_and_outlives_a_restart(tmp_path: Path, name: str) -> None:
    alarm = f"PT-1/{TROUBLES[name].rings}"

    async def body(hand: Hand) -> None:
        seconds(hand, CALM_S, well)
        seconds(hand, 60, TROUBLES[name].show)
        command = m.Command("c-1", "gw-test", 0x2A, "acknowledge", alarm, "desk", "", 10**9)
        assert hand.plant.obey(command).result == "done"
        assert [(a.alarm, a.state) for a in hand.plant.active() if a.alarm == alarm] == [(alarm, "C")]

    at_a_plant(tmp_path, body)

    async def again(hand: Hand) -> None:
        assert [(a.alarm, a.state, a.occurrence) for a in hand.plant.active()] == [(alarm, "C", "0000002a-9")]
        seconds(hand, 60, well)
        assert hand.plant.active() == []

    at_a_plant(tmp_path / "again", again, saved=[AlarmRow(alarm, "C", "0000002a-9", 1_790_000_000_000)])


def test_the_birth_describes_every_quality_alarm_by_its_side(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        sides = {limit.side for block in hand.blocks for limit in block.limits}
        assert sides == {"Q", "STALE", "BLANK", "RANGE", "RATE", "STUCK", "SIBLINGS"}

    at_a_plant(tmp_path, body)
