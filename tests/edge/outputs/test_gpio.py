"""A pin follows, is read back, and is taken again; the pin itself stands in for a board's."""

import asyncio
from pathlib import Path

import pytest

from edge.config_models import Gpio
from edge.outputs.gpio import GpiodPin, GpioOutput


class Board:
    """What the wire of the pin shows."""

    def __init__(self) -> None:
        self.shows: bool | None = None
        self.stuck = False
        self.away = False
        self.released = 0

    def wire(self) -> bool | None:
        return self.shows

    def pin(self, table: Gpio, on: bool) -> "BoardPin":
        if self.away:
            raise OSError(19, "No such device")
        return BoardPin(self, on)


class BoardPin:
    def __init__(self, board: Board, on: bool) -> None:
        self._board = board
        board.shows = on

    def write(self, on: bool) -> None:
        if self._board.away:
            raise OSError(19, "No such device")
        if not self._board.stuck:
            self._board.shows = on

    def read(self) -> bool:
        return bool(self._board.shows)

    def release(self) -> None:
        self._board.released += 1


async def scene(board: Board, reports: list[tuple[bool, bool, str]], folder: Path) -> None:
    (folder / "gpiochip0").touch()
    table = Gpio(gpio=str(folder / "gpiochip0"), line=17)
    output = GpioOutput(
        "main.horn", table, lambda name, on, ok, why: reports.append((on, ok, why)), board.pin
    )
    output.set(False)
    task = asyncio.create_task(output.run())
    await asyncio.sleep(0.05)
    assert board.wire() is False
    output.set(True)
    assert board.wire() is True  # at once, before any task ran
    await asyncio.sleep(0.05)
    board.stuck = True
    output.set(False)
    await asyncio.sleep(0.05)
    board.stuck = False
    await asyncio.sleep(1.2)
    board.away = True
    await asyncio.sleep(1.2)
    board.away = False
    output.set(True)
    await asyncio.sleep(0.05)
    assert board.wire() is True
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_a_pin_follows_at_once_and_a_fault_is_told_when_it_begins_and_when_it_ends(tmp_path: Path) -> None:
    board = Board()
    reports: list[tuple[bool, bool, str]] = []
    asyncio.run(scene(board, reports, tmp_path))
    assert [(on, ok) for on, ok, _ in reports] == [
        (False, True), (True, True), (False, False), (False, True), (False, False), (True, True),
    ]  # fmt: skip
    assert "does not show what it was told" in reports[2][2]
    assert "No such device" in reports[4][2]
    assert board.released == 2


def test_a_chip_that_is_not_there_is_an_error_with_a_name(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        GpiodPin(Gpio(gpio=str(tmp_path / "gpiochip9"), line=1), on=False)
