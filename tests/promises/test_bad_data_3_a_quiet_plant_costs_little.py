"""A quiet plant costs little: rows of what moved, changed its quality or alarmed, and one now and then."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from protocol.quality import COMM_FAILURE, GOOD
from tests.edge.plant_by_hand import Hand, plant_by_hand

UNIT = """
  [[buses.units]]
  key = "LT-101"
  unit = 1
  store_every_s = 60
  readable = [{ first = 0, last = 9 }]
    [[buses.units.points]]
    key = "LT-101"
    address = 0
    scale = 0.01
    unit = "m"
    store_deadband = 0.055
    limits.H = { limit = 8, deadband = 0.1, on_delay_s = 3 }
    [[buses.units.points]]
    key = "TT-101"
    address = 1
    scale = 0.1
    store_deadband = 0.5
"""


def at_a_plant(folder: Path, body: Callable[[Hand], Awaitable[None]], unit: str = UNIT) -> None:
    async def run() -> None:
        async with plant_by_hand(folder, unit) as hand:
            await body(hand)

    asyncio.run(run())


def seconds(hand: Hand, count: int, level: int = 500, temperature: int = 200) -> None:
    for second in range(count):
        hand.read(level + second % 3, temperature + second % 2)
        hand.time_passes(1000)


def test_an_hour_of_quiet_is_sixty_rows_instead_of_three_thousand_six_hundred(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        seconds(hand, 3600)
        assert 60 <= len(hand.stored()) <= 61

    at_a_plant(tmp_path, body)


def test_a_block_that_is_polled_as_seldom_as_it_is_stored_misses_no_row(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        for minute in range(30):
            hand.read(500, 200)
            hand.time_passes(60_000 - 40 if minute % 2 else 60_000 + 40)
        assert len(hand.stored()) == 30

    at_a_plant(
        tmp_path, body, UNIT.replace("store_every_s = 60", "store_every_s = 60\n  poll_interval_ms = 60000")
    )


def test_without_the_key_every_reading_is_a_row(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        seconds(hand, 600)
        assert len(hand.stored()) == 600

    at_a_plant(
        tmp_path, body, UNIT.replace("store_every_s = 60\n", "").replace("store_deadband", "#store_deadband")
    )


def test_one_point_that_wants_every_reading_has_the_whole_block_stored(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        seconds(hand, 60)
        assert len(hand.stored()) == 60

    every = UNIT.replace("store_every_s = 60\n", "").replace("store_deadband = 0.055", "store_every_s = 60")
    at_a_plant(tmp_path, body, every.replace("    store_deadband = 0.5\n", ""))


def test_what_moves_is_stored_as_it_moves(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        for second in range(100):
            hand.read(500 + second, 200)
            hand.time_passes(1000)
        levels = [row.values[0] for row in hand.stored() if row.values is not None]
        assert levels == list(range(500, 600, 6))

    at_a_plant(tmp_path, body)


def test_a_failure_has_a_first_row_and_an_end(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        seconds(hand, 10)
        for _ in range(20):
            hand.outcome(None, COMM_FAILURE)
            hand.time_passes(1000)
        seconds(hand, 10)
        told = [(row.mono_ms, row.quality, row.values is None) for row in hand.stored()]
        assert told == [
            (0, GOOD, False),
            (10_000, COMM_FAILURE, True),
            (15_000, COMM_FAILURE, True),  # the quality alarm was raised
            (30_000, GOOD, False),
            (35_000, GOOD, False),  # and cleared
        ]

    at_a_plant(tmp_path, body)


def test_the_values_around_an_alarm_are_in_the_history(tmp_path: Path) -> None:
    async def body(hand: Hand) -> None:
        seconds(hand, 10, level=798)
        assert len(hand.stored()) == 1
        # Beyond the limit, though within the dead-band of the last row: the delay ends by time alone.
        for _ in range(5):
            hand.read(801, 200)
            hand.time_passes(1000)
        assert hand.raised == ["LT-101/H"]
        assert [row.values for row in hand.stored()[1:]] == [[801, 200]]

    at_a_plant(tmp_path, body)
