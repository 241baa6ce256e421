"""systemd's watchdog is told to be patient while the gateway begins again in its process."""

import contextlib
import socket
from pathlib import Path

import pytest

from edge.supervision.watchdog import Systemd


def heard(notify: socket.socket) -> list[str]:
    found: list[str] = []
    with contextlib.suppress(BlockingIOError):
        while True:
            found += [notify.recv(4096).decode()]
    return found


def test_it_waits_for_a_large_spool_and_then_as_its_unit_says_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "5000000")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(tmp_path / "notify"))
        notify.setblocking(False)
        systemd = Systemd(str(tmp_path / "notify"))
        systemd.patience(60)
        assert heard(notify) == ["WATCHDOG_USEC=60000000", "WATCHDOG=1"]
        systemd.patience(None)
        assert heard(notify) == ["WATCHDOG_USEC=5000000", "WATCHDOG=1"]
        monkeypatch.delenv("WATCHDOG_USEC")  # a unit without a watchdog
        systemd.patience(60)
        assert heard(notify) == ["WATCHDOG=1"]
