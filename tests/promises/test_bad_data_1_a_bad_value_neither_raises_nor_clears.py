"""Bad data: a bad value neither raises nor clears a process alarm; a doubted one may raise, never clears."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from protocol.quality import COMM_FAILURE, DEVICE_FAILURE, OUT_OF_SERVICE
from tests.edge.plant_by_hand import Hand, plant_by_hand

DETECTOR = """
  [[buses.units]]
  key = "GT-101"
  unit = 1
  readable = [{ first = 0, last = 9 }]
    [[buses.units.points]]
    key = "GT-101"
    address = 0
    type = "uint16"
    scale = 0.1
    unit = "ppm"
    range = [0, 100]
    max_rate = 5.0
    stuck_after_s = 60
    limits.H = { limit = 50, deadband = 1 }
    [[buses.units.points]]
    key = "TT-101"
    address = 1
"""
GAS, CALM = 600, 100


def at_a_plant(folder: Path, body: Callable[[Hand], Awaitable[None]]) -> None:
    async def run() -> None:
        async with plant_by_hand(folder, DETECTOR) as hand:
            await body(hand)

    asyncio.run(run())


BAD: dict[str, Callable[[Hand, int], None]] = {
    "silence": lambda hand, _: hand.outcome(None, COMM_FAILURE),
    "refused": lambda hand, _: hand.outcome(None, DEVICE_FAILURE),
    "called bad": lambda hand, raw: hand.outcome(raw.to_bytes(2, "big") + b"\0\1", OUT_OF_SERVICE),
    "far out of range": lambda hand, raw: hand.read(60_000 if raw == GAS else 65_000, 1),
    "blank": lambda hand, _: hand.read(0xFFFF, 0xFFFF),
}


@pytest.mark.parametrize("how", list(BAD))
def test_no_bad_value_raises(tmp_path: Path, how: str) -> None:
    async def body(hand: Hand) -> None:
        hand.read(CALM, 1)
        for _ in range(120):
            hand.time_passes(1000)
            BAD[how](hand, GAS)
        assert "GT-101/H" not in hand.raised
        assert hand.raised  # but it is told that nothing can be seen there

    at_a_plant(tmp_path, body)


@pytest.mark.parametrize("how", list(BAD))
def test_no_bad_value_clears(tmp_path: Path, how: str) -> None:
    async def body(hand: Hand) -> None:
        hand.read(GAS, 1)
        assert hand.raised == ["GT-101/H"]
        for _ in range(120):
            hand.time_passes(1000)
            BAD[how](hand, CALM)
        assert "GT-101/H" not in hand.cleared

    at_a_plant(tmp_path, body)


def test_a_release_that_rises_faster_than_physics_rings_at_once(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        hand.read(CALM, 1)
        hand.time_passes(1000)
        hand.read(GAS, 2)
        assert hand.raised == ["GT-101/H", "GT-101/RATE"]

    at_a_plant(tmp_path, body)


def test_a_fall_that_is_faster_than_physics_ends_no_alarm_before_it_is_believed(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        hand.read(GAS, 1)
        for second in range(9):
            hand.time_passes(1000)
            hand.read(CALM, second)
            assert hand.cleared == []
        for second in range(9):
            hand.time_passes(1000)
            hand.read(CALM + second, second)
        assert "GT-101/H" in hand.cleared

    at_a_plant(tmp_path, body)


def test_a_detector_that_is_stuck_in_the_calm_ends_no_alarm_and_stuck_in_the_gas_raises_it(
    tmp_path: Path,
) -> None:
    async def body(hand: Hand) -> None:
        for second in range(70):
            hand.read(GAS, second)
            hand.time_passes(1000)
        assert hand.raised == ["GT-101/H", "GT-101/STUCK"]
        assert hand.cleared == []

    at_a_plant(tmp_path, body)
