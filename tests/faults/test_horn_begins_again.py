"""A gateway that hangs is not spoken for at systemd; one that dies again and again still has its horn."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import time
from pathlib import Path

from protocol import codec
from protocol import messages as m
from rig.programs import Program, wait_until
from rig.relay_boards import TimedBoard, with_board
from rig.slave import Slave
from tests.faults.held_horn import PLAIN, PULSE, configured, gateway, lets_go_s, rtu, tcp

FED_MS = 3000  # fed once a second, on a busy machine


class Notified:
    """The socket that systemd would listen on."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)
        self.env = {"NOTIFY_SOCKET": str(path)}
        self.heard: list[str] = []

    def take(self) -> list[str]:
        """Return what was said since the last call."""
        said: list[str] = []
        with contextlib.suppress(BlockingIOError):
            while True:
                said.append(self._socket.recv(4096).decode())
        self.heard += said
        return said

    def fed_within(self, seconds: float) -> bool:
        """Forget what was said; say whether the watchdog is fed from now on."""
        self.take()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if "WATCHDOG=1" in self.take():
                return True
            time.sleep(0.02)
        return False

    def close(self) -> None:
        self._socket.close()


def starts(folder: Path) -> list[m.StartEvent]:
    found: list[m.StartEvent] = []
    with contextlib.closing(sqlite3.connect(folder / "state" / "events.db")) as db:
        for body, first, last in db.execute("SELECT body, first, last FROM batch ORDER BY id"):
            events = [event for _, event, _ in codec.decode_events(body, first, last)]
            found += [event for event in events if isinstance(event, m.StartEvent)]
    return found


def test_systemd_is_fed_while_all_is_well_and_told_of_an_ordered_end(tmp_path: Path) -> None:
    slave = Slave(1, 10)
    notified = Notified(tmp_path / "notify")
    with slave.tcp_thread() as port:
        program = gateway(configured(tmp_path, tcp(port), PLAIN), notified.env)
        program.start()
        wait_until("it is ready", lambda: notified.take() and "READY=1" in notified.heard, 20.0)
        assert notified.fed_within(FED_MS / 1000)
        assert notified.fed_within(FED_MS / 1000)
        program.stop()
        notified.take()
    notified.close()
    assert "STOPPING=1" in notified.heard


def test_a_stopped_process_is_not_spoken_for_and_is_again_when_it_goes_on(tmp_path: Path) -> None:
    slave = Slave(1, 10)
    notified = Notified(tmp_path / "notify")
    with slave.tcp_thread() as port:
        program = gateway(configured(tmp_path, tcp(port), PLAIN), notified.env)
        program.start()
        try:
            wait_until("it feeds", lambda: "WATCHDOG=1" in notified.take(), 20.0)
            program.pause()
            assert not notified.fed_within(FED_MS / 1000)
            program.resume()
            assert notified.fed_within(FED_MS / 1000)
        finally:
            program.kill()
    notified.close()


def test_a_fifth_start_after_four_kills_runs_alarms_only_and_the_horn_still_sounds(tmp_path: Path) -> None:
    board = TimedBoard()
    slave = with_board(board)
    with slave.tcp_thread() as port:
        program = gateway(configured(tmp_path, tcp(port), PULSE))
        for _ in range(4):
            program.start()
            wait_until("the relay is held", lambda: board.energised(0), 20.0)
            program.kill()
            assert lets_go_s(board) < 2.0
        program.start()
        try:
            wait_until("the relay is held", lambda: board.energised(0), 20.0)
            slave[1].holding[0] = 150
            assert lets_go_s(board) < 2.0
        finally:
            program.stop()
        assert "ended 4 times without order within ten minutes" in program.last_words()
        last = starts(tmp_path)[-1]
        assert (last.profile, last.failures) == ("alarms-only", 4)


def test_a_spool_disk_that_is_gone_takes_neither_the_held_relay_nor_its_drop(tmp_path: Path) -> None:
    board = TimedBoard()
    slave = with_board(board)
    with slave.serial_thread(str(tmp_path / "tty")) as device:
        path = configured(tmp_path, rtu(device), PULSE)
        (tmp_path / "state").write_text("no folder can be made here", encoding="utf-8")
        program: Program = gateway(path)
        program.start()
        try:
            wait_until("the relay is held", lambda: board.energised(0), 20.0)
            slave[1].holding[0] = 150
            assert lets_go_s(board) < 2.0
        finally:
            program.kill()
