"""An output is as patient as the law asks, follows a change at once, and tells a fault once."""

import asyncio
import logging
from collections.abc import Sequence

import pytest

from edge.outputs.modbus_coil import CoilOutput

Told = list[tuple[bool, bool]]


class Board:
    """Confirms after a while, or never."""

    def __init__(self, takes_s: float, hold_ms: int = 10_000) -> None:
        self.takes_s = takes_s
        self.held_ms = hold_ms
        self.written: list[bool] = []
        self.alarms: list[bool] = []

    def hold_ms(self, unit: int) -> int:
        return self.held_ms

    async def write_coils(
        self, unit: int, address: int, values: Sequence[bool], *, alarm: bool = False
    ) -> None:
        self.written += values
        self.alarms.append(alarm)
        await asyncio.sleep(self.takes_s)


def output(board: Board, told: Told) -> CoilOutput:
    return CoilOutput("main.horn", board, 10, 0, False, lambda _, on, ok, __: told.append((on, ok)))


def test_a_board_that_confirms_while_its_bus_may_hold_it_back_is_no_fault() -> None:
    async def run() -> None:
        told: Told = []
        horn = output(Board(2.3, hold_ms=2000), told)
        task = asyncio.create_task(horn.run())
        horn.set(True)
        await asyncio.sleep(2.6)
        task.cancel()
        assert told == [(True, True)]

    asyncio.run(run())


def test_patience_follows_a_bus_that_has_learned_to_wait_longer() -> None:
    async def run() -> None:
        board, told = Board(60, hold_ms=10), Told()
        horn = output(board, told)
        task = asyncio.create_task(horn.run())
        horn.set(True)
        await asyncio.sleep(1.2)
        assert told == [(True, False)]
        board.held_ms, board.takes_s = 60_000, 1.3
        horn.set(False)
        await asyncio.sleep(1.5)
        task.cancel()
        assert told == [(True, False), (False, True)]

    asyncio.run(run())


def test_a_changed_wish_does_not_wait_for_the_confirmation_of_the_old_one() -> None:
    async def run() -> None:
        board, told = Board(60), Told()
        horn = output(board, told)
        task = asyncio.create_task(horn.run())
        horn.set(False)
        await asyncio.sleep(0.05)
        horn.set(True)
        await asyncio.sleep(0.05)
        task.cancel()
        assert board.written == [False, True]
        assert board.alarms == [False, True]
        assert told == []

    asyncio.run(run())


def test_a_flashing_beacon_that_nothing_confirms_is_told_and_logged_once_and_so_is_its_return(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def run() -> None:
        board, told = Board(60, hold_ms=10), Told()
        beacon = output(board, told)
        task = asyncio.create_task(beacon.run())
        for i in range(16):
            beacon.set(i % 2 == 0)
            await asyncio.sleep(0.1)
        assert [ok for _, ok in told] == [False]
        board.takes_s = 0
        beacon.set(True)
        await asyncio.sleep(0.1)
        task.cancel()
        assert told[-1] == (True, True)

    caplog.set_level(logging.INFO)
    asyncio.run(run())
    lines = [r.message for r in caplog.records if r.name == "edge.outputs.follower"]
    assert [line.split(":")[0] for line in lines] == [
        "output main.horn does not follow",
        "output main.horn follows again",
    ]
