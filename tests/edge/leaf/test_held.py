"""A horn that is held by the leaf: renewed in time, let go when anything hangs, and tried on request."""

from __future__ import annotations

import os
import signal
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edge.leaf.bus import Bus, Read
from edge.leaf.coil import AGAIN_MS, TOKEN_MS, HeldCoil
from rig.relay_boards import FLASH_ON, PlainBoard, TimedBoard, WatchdogBoard, with_board
from rig.slave import Slave
from rig.wire import RequestHunter, rtu
from tests.edge.leaf.leaf_at_hand import PATIENCE_S, TOML, Leaf, free_port, running
from tests.edge.leaf.test_bus import T_MS, Wire

TIMEOUT_MS = 900
RENEW_MS = TIMEOUT_MS // 3
SAFE_S = 2.0


class Pulsed:
    """A relay board in made-up time, whose pulses and writes are written down."""

    def __init__(self) -> None:
        self.slave = Slave(1, 10)
        self.until = 0.0
        self.renewed: list[float] = []
        self.dropped: list[float] = []
        self.deaf = False
        self._hunter = RequestHunter()

    def hear(self, data: bytes, now: float) -> list[tuple[float, bytes]]:
        out = []
        for unit, pdu in self._hunter.take(data):
            reply = None if unit == 1 else self._answer(unit, pdu, now)  # instrument 1 is silent
            if reply is not None and not self.deaf:
                out.append((3.0, rtu(unit, reply)))
        return out

    def _answer(self, unit: int, pdu: bytes, now: float) -> bytes | None:
        address, value = struct.unpack(">HH", pdu[1:5])
        self.slave[10].coils[0] = self.until > now
        if pdu[0] == 5 and address == FLASH_ON:
            self.until = now + 100 * value
            self.renewed.append(now)
            return pdu
        if pdu[0] in {5, 15}:
            self.until = 0.0
            self.dropped.append(now)
        return self.slave.answer(unit, pdu)


@dataclass
class Held:
    """A bus with a held horn, a silent instrument, and an alarm engine that makes its rounds."""

    board: Pulsed = field(default_factory=Pulsed)
    reports: list[tuple[bool, bool, str]] = field(default_factory=list)
    minted: int | None = None
    lives: bool = True

    def __post_init__(self) -> None:
        self.wire = Wire(self.board.hear)
        line = {
            "quiet_ms": 20,
            "silence_ms": 2,
            "units": [
                [1, T_MS, 0, [[3, 0, 4, 8, False], [3, 0, 5, 10, False]]],
                [10, T_MS, 0, [[1, 0, 16, 2, False], [1, 0, 24, 3, False]]],
            ],
        }
        polls = [Read((1, 3, 0, 2, 4, T_MS), 100)]
        self.bus = Bus(line, self.wire, 0, polls, lambda *_: None)
        like = ("main.horn", 10, 0, True, False, Read((10, 1, 0, 2, 1, T_MS), 0), self._report)
        self.horn = HeldCoil(like, [RENEW_MS, [5, FLASH_ON, TIMEOUT_MS // 100]], lambda: self.minted)
        self.bus.coils.append(self.horn)

    def _report(self, _: str, on: bool, ok: bool, reason: str) -> None:
        self.reports.append((on, ok, reason))

    def run(self, ms: int) -> None:
        for _ in range(ms):
            self.bus.turn(self.wire.now)
            self.minted = self.wire.now if self.lives else self.minted
            self.wire.now += 1

    def energised(self) -> bool:
        return self.board.until > self.wire.now


def test_a_relay_is_renewed_in_time_though_an_instrument_is_silent() -> None:
    held = Held()
    held.horn.set(False, 0)
    held.run(20_000)
    pauses = [b - a for a, b in zip(held.board.renewed, held.board.renewed[1:], strict=False)]
    assert len(pauses) > 50
    assert max(pauses) <= TIMEOUT_MS - RENEW_MS
    assert held.board.dropped == []
    assert held.reports == [(False, True, "")]


def test_nothing_is_held_before_the_alarm_engine_has_made_its_first_round() -> None:
    held = Held(lives=False)
    held.horn.set(False, 0)
    held.run(3000)
    assert held.board.renewed == held.board.dropped == []


def test_an_alarm_drops_it_at_once_and_again_each_second_and_silence_holds_it() -> None:
    held = Held()
    held.horn.set(False, 0)
    held.run(3000)
    began = held.wire.now
    held.horn.set(True, began)
    held.run(5000)
    assert held.board.dropped[0] - began <= 2 * T_MS
    assert not held.energised()
    assert held.board.renewed[-1] <= began
    pauses = [b - a for a, b in zip(held.board.dropped, held.board.dropped[1:], strict=False)]
    assert len(pauses) >= 3
    assert all(AGAIN_MS <= pause <= AGAIN_MS + 300 for pause in pauses)
    held.horn.set(False, held.wire.now)
    held.run(1000)
    assert held.energised()
    assert [told[:2] for told in held.reports] == [(False, True), (True, True), (False, True)]


def test_an_engine_that_makes_no_more_rounds_holds_nothing_and_one_that_goes_on_does() -> None:
    held = Held()
    held.horn.set(False, 0)
    held.run(3000)
    held.lives = False
    held.run(TOKEN_MS + 200)
    assert not held.energised()
    assert held.reports[-1][:2] == (True, False)
    assert "let go into its safe state: the alarm engine" in held.reports[-1][2]
    held.run(2000)
    assert not held.energised()
    held.lives = True
    held.run(1000)
    assert held.energised()
    assert held.reports[-1] == (False, True, "held again")


def test_a_board_that_does_not_answer_is_told_and_told_again_when_it_does() -> None:
    held = Held()
    held.horn.set(False, 0)
    held.run(3000)
    held.board.deaf = True
    held.run(5000)
    assert held.reports[-1] == (False, False, "unit 10 did not confirm coil 0")
    held.board.deaf = False
    held.run(3000)
    assert held.reports[-1] == (False, True, "follows again")
    assert held.energised()


class Timed(TimedBoard):
    """Remembers when its last pulse ends."""

    last = 0.0

    def answer(self, pdu: bytes) -> bytes:
        reply = super().answer(pdu)
        self.last = self.until.get(0, self.last)
        return reply


class Watching(WatchdogBoard):
    """Says when it drops by itself."""

    @property
    def last(self) -> float:
        return self.heard + self.timeout_s


BOARDS: dict[str, tuple[Callable[[], Timed | Watching], str]] = {
    "pulse": (Timed, 'hold = { style = "pulse", address = 512 }'),
    "watchdog": (Watching, 'hold = { style = "watchdog" }'),
}
FIRST = TOML.index("horn =")


def waited(holds: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def held_toml(hold: str) -> str:
    return (
        TOML[:FIRST]
        + 'horn = {{ bus = "line", unit = 10, coil = 0, inverted = true, '
        + hold[:-1].replace("{", "{{")
        + "}} }}\n"
    )


@pytest.mark.timeout(900)
@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("style", list(BOARDS))
def test_a_leaf_that_is_killed_or_stopped_lets_its_horn_sound(
    style: str, fault: signal.Signals, tmp_path: Path
) -> None:
    make, hold = BOARDS[style]
    board = make()
    slave = with_board(board)
    slave[1].holding[0] = 50
    with slave.serial_thread(str(tmp_path / "tty")) as device:
        leaf = Leaf(tmp_path, device, free_port(), held_toml(hold))
        leaf.start()
        try:
            waited(lambda: board.energised(0))
            before = board.last
            waited(lambda: board.last > before + 2 * TIMEOUT_MS / 1000)  # renewed again and again
            os.kill(leaf.pid, fault)
            at = time.monotonic()
            waited(lambda: not board.energised(0))
            time.sleep(0.2)  # what was still in the line has been heard
            assert board.last - at < SAFE_S
        finally:
            leaf.kill()


@pytest.mark.timeout(900)
def test_a_held_horn_sounds_for_an_alarm_and_a_leaf_that_goes_on_holds_it_again(tmp_path: Path) -> None:
    board: PlainBoard = TimedBoard()
    slave = with_board(board)
    slave[1].holding[0] = 50
    with slave.serial_thread(str(tmp_path / "tty")) as device:
        leaf = Leaf(tmp_path, device, free_port(), held_toml(BOARDS["pulse"][1]))
        with running(leaf):
            waited(lambda: board.energised(0))
            os.kill(leaf.pid, signal.SIGSTOP)
            waited(lambda: not board.energised(0))
            os.kill(leaf.pid, signal.SIGCONT)
            waited(lambda: board.energised(0))
            slave[1].holding[0] = 300
            waited(lambda: not board.energised(0))
