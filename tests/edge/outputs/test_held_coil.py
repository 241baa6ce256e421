"""A held relay on a real bus lets go when something hangs that the horn depends on, and is held again."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.config_models import Coil, Hold, SupervisionTable
from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig, Output, Range, UnitPlan
from edge.drivers.models import Laid
from edge.outputs.held_coil import HeldCoil
from edge.outputs.hold import Heart
from edge.supervision.watch import ALARMS, Watch
from rig.relay_boards import PlainBoard, TimedBoard, WatchdogBoard, with_board
from tests.edge.plant_at_hand import until

BOARDS = {
    "pulse": (TimedBoard, Hold("pulse", 900, 512)),
    "watchdog": (WatchdogBoard, Hold("watchdog", 900)),
}
Told = list[tuple[bool, bool, str]]


@contextlib.asynccontextmanager
async def held(board: PlainBoard, hold: Hold, heart: Heart, told: Told) -> AsyncIterator[HeldCoil]:
    """Hold coil 0 of a board on a socket, with tokens minted four times a second."""
    clock = Clock(True)
    async with with_board(board).tcp() as port:
        unit = UnitPlan(10, (), readable=(Range(1, 0, 15),), outputs=(Output(0),))
        bus = Bus(
            BusConfig("field", "tcp", (unit,), "127.0.0.1", port, timeout_ms=100), lambda _: None, clock
        )
        table = Coil("field", 10, 0, inverted=True, hold=hold)
        horn = HeldCoil("main.horn", bus, table, heart, clock, lambda _, *what: told.append(what))

        async def mint() -> None:
            while True:
                heart.mint(clock.mono_ms())
                await asyncio.sleep(0.25)

        tasks = [asyncio.create_task(one) for one in (bus.run(), horn.run(), mint())]
        horn.set(False)
        try:
            await until(lambda: board.energised(0))
            yield horn
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("style", list(BOARDS))
def test_a_bus_that_hangs_lets_the_relay_go_and_one_that_turns_again_holds_it(style: str) -> None:
    async def run() -> None:
        make, hold = BOARDS[style]
        board, heart, told, hanging = make(), Heart(), Told(), list[str]()
        heart.depend(lambda _: hanging)
        async with held(board, hold, heart, told):
            await until(lambda: told == [(False, True, "")])
            hanging.append("bus other")
            began = time.monotonic()
            await until(lambda: not board.energised(0), 2.0)
            assert time.monotonic() - began < 1.0
            hanging.clear()
            await until(lambda: board.energised(0), 2.0)
        assert told[1:] == [
            (True, False, "let go into its safe state: bus other hangs"),
            (False, True, "held again"),
        ]

    asyncio.run(run())


def test_a_held_relay_is_renewed_without_a_gap_and_read_back_only_now_and_then() -> None:
    async def run() -> None:
        board, heart = TimedBoard(), Heart()
        async with held(board, BOARDS["pulse"][1], heart, Told()):
            pulses, requests, seen = board.pulses, board.requests, set()
            end = time.monotonic() + 3.0
            while time.monotonic() < end:
                seen.add(board.energised(0))
                await asyncio.sleep(0.02)
            assert seen == {True}
            assert 5 <= board.pulses - pulses <= 12
            assert board.requests - requests <= board.pulses - pulses + 3

    asyncio.run(run())


def test_a_board_that_refuses_its_pulse_is_told_as_it_is() -> None:
    async def run() -> None:
        board, heart, told = PlainBoard(16), Heart(), Told()
        clock = Clock(True)
        async with with_board(board).tcp() as port:
            unit = UnitPlan(10, (), readable=(Range(1, 0, 15),), outputs=(Output(0),))
            bus = Bus(BusConfig("field", "tcp", (unit,), "127.0.0.1", port, timeout_ms=100), print, clock)
            table = Coil("field", 10, 0, inverted=True, hold=BOARDS["pulse"][1])
            horn = HeldCoil("main.horn", bus, table, heart, clock, lambda _, *what: told.append(what))
            heart.mint(clock.mono_ms())
            tasks = [asyncio.create_task(bus.run()), asyncio.create_task(horn.run())]
            horn.set(False)
            await until(lambda: told)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        assert told[0] == (False, False, "unit 10 refused the request with exception 2")
        assert not horn.ok

    asyncio.run(run())


class Standing:
    """A bus whose loop went round last at a time."""

    def __init__(self, turned_ms: int) -> None:
        self.turned_ms = turned_ms
        self.turn_ms = 700


def test_a_bus_whose_loop_stands_and_an_engine_that_is_not_called_hang_within_their_time(
    tmp_path: Path,
) -> None:
    clock = Clock(True)
    watch = Watch(SupervisionTable(), tmp_path, clock)
    now = clock.mono_ms()
    driver = Standing(now)
    watch.expect_bus("field", Laid([]), driver)
    watch.deadlines.watch(ALARMS, 4000, now)
    assert watch.hung(now + 700) == []
    assert watch.hung(now + 701) == ["bus field"]
    driver.turned_ms = now + 4001
    assert watch.hung(now + 4001) == [ALARMS]
