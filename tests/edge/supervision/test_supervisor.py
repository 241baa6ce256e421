"""Watchdogs are fed while every part lives, and only then."""

import socket
from pathlib import Path

from edge.supervision.deadlines import Deadlines
from edge.supervision.supervisor import Supervisor
from edge.supervision.watchdog import Systemd


class Counting:
    """A watchdog that counts."""

    def __init__(self) -> None:
        self.fed = 0

    def feed(self) -> None:
        self.fed += 1

    def disarm(self) -> None:
        self.fed = -1


class Bench:
    """A supervisor with its time by hand."""

    def __init__(self, folder: Path, memory_limit: int = 0) -> None:
        self.now = 0
        self.alive = True
        self.ends: list[str] = []
        self.watchdog = Counting()
        deadlines = Deadlines()
        deadlines.watch("bus field", 4000, 0)
        self.supervisor = Supervisor(
            deadlines,
            {"bus field": lambda: self.alive},
            [self.watchdog],
            lambda: self.now,
            folder,
            memory_limit,
            self.ends.append,
        )

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1000
            self.supervisor.look()


def test_a_part_that_hangs_ends_the_feeding_within_five_seconds(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.run(10)
    assert bench.watchdog.fed == 10
    bench.alive = False
    bench.run(5)
    assert bench.supervisor.overdue == ["bus field"]
    before = bench.watchdog.fed
    bench.run(5)
    assert bench.watchdog.fed == before
    bench.alive = True
    bench.run(1)
    assert bench.watchdog.fed == before + 1


def test_a_process_that_outgrew_its_memory_is_ended_in_good_order(tmp_path: Path) -> None:
    bench = Bench(tmp_path, memory_limit=1 << 20)
    bench.run(1)
    assert "are more than the 1 allowed" in bench.ends[0]


def test_systemd_hears_ready_feeding_and_the_end(tmp_path: Path) -> None:
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hears:
        hears.bind(str(address))
        systemd = Systemd(str(address))
        systemd.ready()
        systemd.feed()
        systemd.tell("3 buses, 1 alarm")
        systemd.disarm()
        heard = [hears.recv(100) for _ in range(4)]
    assert heard == [b"READY=1", b"WATCHDOG=1", b"STATUS=3 buses, 1 alarm", b"STOPPING=1"]


def test_a_systemd_that_is_gone_stops_nobody(tmp_path: Path) -> None:
    systemd = Systemd(str(tmp_path / "nobody"))
    systemd.feed()
    systemd.feed()
