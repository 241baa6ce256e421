"""A held horn sounds within two seconds of whatever happens to its gateway; a plain coil does not."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.installer.check import check
from rig.programs import ROOT, Program, wait_until
from rig.relay_boards import PlainBoard, TimedBoard, WatchdogBoard, with_board
from rig.slave import Slave
from tests.faults.held_horn import (
    PLAIN,
    PULSE,
    WATCHDOG,
    configured,
    gateway,
    lets_go_s,
    rtu,
    stays,
    tcp,
)

SAFE_S = 2.0
BOARDS: dict[str, tuple[Callable[[], PlainBoard], str]] = {
    "pulse": (TimedBoard, PULSE),
    "watchdog": (WatchdogBoard, WATCHDOG),
}
FAULTS: dict[str, Callable[[Program], None]] = {
    "kill -9": Program.kill,
    "SIGSTOP": Program.pause,
}


@contextlib.contextmanager
def over_tcp(slave: Slave, folder: Path) -> Iterator[str]:
    del folder
    with slave.tcp_thread() as port:
        yield tcp(port)


@contextlib.contextmanager
def over_a_serial_line(slave: Slave, folder: Path) -> Iterator[str]:
    with slave.serial_thread(str(folder / "tty")) as device:
        yield rtu(device)


Way = Callable[[Slave, Path], contextlib.AbstractContextManager[str]]


def full(pipe: int) -> None:
    """Fill a pipe to the last byte; whoever writes into it then waits."""
    os.set_blocking(pipe, False)
    for _ in range(8192):
        with contextlib.suppress(BlockingIOError):
            os.write(pipe, b".")
    os.set_blocking(pipe, True)


@pytest.mark.parametrize("way", [over_tcp, over_a_serial_line])
@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("style", list(BOARDS))
def test_a_gateway_that_is_killed_or_stopped_lets_its_horn_sound(
    style: str, fault: str, way: Way, tmp_path: Path
) -> None:
    make, horn = BOARDS[style]
    board = make()
    with way(with_board(board), tmp_path) as bus:
        path = configured(tmp_path, bus, horn)
        program = gateway(path)
        program.start()
        try:
            wait_until("the relay is held", lambda: board.energised(0), 20.0)
            assert stays(lambda: board.energised(0), 1.5)
            FAULTS[fault](program)
            assert lets_go_s(board) < SAFE_S
        finally:
            program.kill()


def test_a_gateway_that_was_stopped_and_goes_on_holds_its_horn_again(tmp_path: Path) -> None:
    board = TimedBoard()
    with with_board(board).tcp_thread() as port:
        program = gateway(configured(tmp_path, tcp(port), PULSE))
        program.start()
        try:
            wait_until("the relay is held", lambda: board.energised(0), 20.0)
            program.pause()
            assert lets_go_s(board) < SAFE_S
            program.resume()
            wait_until("the relay is held again", lambda: board.energised(0), 10.0)
        finally:
            program.stop()


@pytest.mark.parametrize("style", list(BOARDS))
def test_an_alarm_drops_the_held_relay_and_its_end_after_acknowledgement_holds_it_again(
    style: str, tmp_path: Path
) -> None:
    make, horn = BOARDS[style]
    board = make()
    slave = with_board(board)
    with slave.tcp_thread() as port:
        program = gateway(configured(tmp_path, tcp(port), horn))
        program.start()
        try:
            wait_until("the relay is held", lambda: board.energised(0), 20.0)
            slave[1].holding[0] = 150
            assert lets_go_s(board) < SAFE_S
            assert stays(lambda: not board.energised(0), 1.0)
        finally:
            program.kill()


def test_a_log_that_nobody_reads_hangs_the_gateway_and_the_horn_sounds(tmp_path: Path) -> None:
    board = TimedBoard()
    slave = with_board(board)
    with slave.tcp_thread() as port:
        path = configured(tmp_path, tcp(port), PULSE)
        ours, theirs = os.pipe()
        fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, 4096)
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "fengsui.py"), "edge", "run", "--config", str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
            cwd=ROOT,
        )
        try:
            wait_until("the relay is held", lambda: board.energised(0), 20.0)
            full(theirs)
            slave[1].silent = True  # the next line of the log is about this, and is never taken
            wait_until("the log hangs", lambda: not board.energised(0), 20.0)
            assert stays(lambda: not board.energised(0), 1.0)
            assert process.poll() is None
        finally:
            process.kill()
            process.wait(10)
            os.close(ours)
            os.close(theirs)


def test_a_plain_coil_is_reported_as_not_fail_safe_and_stays_silent(tmp_path: Path) -> None:
    board = PlainBoard(16)
    slave = with_board(board)
    with slave.tcp_thread() as port:
        path = configured(tmp_path, tcp(port), PLAIN)
        said = check(path).text
        assert "fail-safe: no, a plain coil keeps its state when the gateway dies" in said
        program = gateway(path)
        program.start()
        wait_until("the instrument is read", lambda: slave[1].requests > 10, 20.0)
        program.kill()
        slave[1].holding[0] = 150
        assert stays(lambda: not board.energised(0), 2.5)


@pytest.mark.parametrize("horn", [PULSE, WATCHDOG])
def test_a_held_relay_is_reported_as_fail_safe_with_its_arithmetic(horn: str, tmp_path: Path) -> None:
    said = check(configured(tmp_path, tcp(1502), horn)).text
    assert "fail-safe: yes, " in said
    assert "900 ms after the last renewal (every 300 ms" in said
    assert "at most 1900 ms" in said
