"""`edge-storm`: a thousand gateways come back at once, each with a backlog, and each has an event meanwhile.

They are synthetic (real keys, real frames, a real router, no instruments), spread over two processes. Each
brings a backlog of measurement batches; while those drain, each sends one alarm, and what counts is how long
the signed receipt of that alarm takes, which follows its commit. Reported, to be read beside the load.

SESSIONS_OF_ALL gateways share a Zenoh session: a session of its own has half a dozen threads, and a thousand
of them on the centre's own machine would measure that machine. What is not played so is the opening of a
thousand TCP connections; FENGSUI_BENCH_SESSIONS=all gives each gateway its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from edge import identity
from edge.uplink.exchange import BackOff
from protocol.messages import RAISE
from rig.centre import Centre
from rig.flood import Refused, SyntheticGateway, session_with
from rig.programs import ROOT
from tests.bench.report import emit, percentile, seconds

PROCESSES = 2
SESSIONS_OF_ALL = 20
BACKLOG = 20  # batches of one gateway
BLOCKS, POINTS = 5, 10
WITHIN_S = 10.0  # the alarms fall somewhere into so much of the storm
SESSIONS = 100  # at once in one process, as a restored network lets them through


def come(gateway: SyntheticGateway, opening: threading.Semaphore) -> None:
    """Introduce it, however long the centre is busy."""
    pause = BackOff(5.0)
    with opening:
        while not introduced(gateway):
            time.sleep(pause.pause_s())


def returning(gateway: SyntheticGateway, opening: threading.Semaphore) -> tuple[float, int]:
    """One gateway comes back: its birth, its backlog, and its alarm beside it; gives (seconds, values)."""
    come(gateway, opening)
    took: list[float] = []

    def ring() -> None:
        # Spread by the id, not by chance: the same storm at each run.
        time.sleep(int(gateway.id.rsplit("-", 1)[-1]) % 100 / 100 * seconds(WITHIN_S))
        began = time.monotonic()
        gateway.send_alarm(gateway.points[0], RAISE, 120.0)
        took.append(time.monotonic() - began)

    ringing = threading.Thread(target=ring)
    ringing.start()
    values = sum(gateway.send_measurements() for _ in range(BACKLOG))
    ringing.join()
    gateway.close()
    return took[0], values


def introduced(gateway: SyntheticGateway) -> bool:
    """Try to introduce it; in a storm the centre may be too busy to answer in time."""
    try:
        gateway.open()
    except Refused:
        gateway.close()
        return False
    return True


def share(files: list[Path]) -> None:
    """The gateways of one process; prints for each the seconds until its alarm's receipt, and its values."""
    opening, lock = threading.Semaphore(SESSIONS), threading.Lock()
    gateways = made(files)
    for gateway in gateways:  # they come back: the centre has known them before
        come(gateway, opening)
        gateway.close()
    print("ready", flush=True)
    sys.stdin.readline()

    def one(gateway: SyntheticGateway) -> None:
        waited, values = returning(gateway, opening)
        with lock:
            print(waited, values, flush=True)

    threads = [threading.Thread(target=one, args=(gateway,)) for gateway in gateways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def made(files: list[Path]) -> list[SyntheticGateway]:
    """Describe the gateways of one process, many on one session where nobody asks otherwise."""
    own = os.environ.get("FENGSUI_BENCH_SESSIONS") == "all"
    router = identity.load(files[0]).router
    shared = [] if own else [session_with(router) for _ in range(SESSIONS_OF_ALL // PROCESSES)]
    return [
        SyntheticGateway(
            file,
            blocks=BLOCKS,
            points=POINTS,
            alarms=True,
            session=shared[n % len(shared)] if shared else None,
        )
        for n, file in enumerate(files)
    ]


def storm(files: list[Path]) -> tuple[list[float], int, float]:
    """All gateways at once; gives (seconds of each alarm, values drained, seconds in all)."""
    parts = [files[n::PROCESSES] for n in range(PROCESSES)]
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.edge_storm", *map(str, part)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for part in parts
    ]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()
    began = time.monotonic()
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    lines = [line.split() for program in programs for line in program.communicate()[0].splitlines()]
    if len(lines) != len(files):
        raise SystemExit(f"{len(files) - len(lines)} gateways did not get through")
    return [float(waited) for waited, _ in lines], sum(int(n) for _, n in lines), time.monotonic() - began


def main() -> None:
    """Let the storm come and print how its events fared."""
    count = round(seconds(1000))
    with tempfile.TemporaryDirectory() as folder, Centre(Path(folder)) as centre:
        centre.furnish()
        files = centre.enrol([f"gw-storm-{n:04d}" for n in range(count)], Path(folder) / "keys")
        waited, values, took = storm(files)
        gaps = centre.gaps()
        if gaps["missing"] or gaps["duplicate"]:
            raise SystemExit(f"not whole: {gaps}")
    emit("edge-storm", "gateways", count, "")
    emit("edge-storm", "event_p50_s", percentile(waited, 0.5), "s")
    emit("edge-storm", "event_p99_s", percentile(waited, 0.99), "s")
    emit("edge-storm", "event_longest_s", max(waited), "s")
    emit("edge-storm", "backlog_values_per_s", values / took, "1/s")


if __name__ == "__main__":
    share([Path(name) for name in sys.argv[1:]]) if len(sys.argv) > 1 else main()
