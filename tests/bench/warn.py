"""`warn`: from sending an alarm event to the warning on a console's stream and at the SMS provider.

While ten synthetic gateways deliver 10,000 values a second, another one raises an alarm of a fresh point
every half second; a console listens to the live stream, and the local SMS provider takes the first call.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from protocol.messages import RAISE
from rig.centre import PASSWORD, Centre, free_port
from rig.flood import SyntheticGateway
from rig.programs import ROOT, wait_until
from tests.bench.report import emit, percentile, seconds

LOAD_GATEWAYS, POINTS_PER_S = 10, 10_000
EVERY_S = 0.5


class Console(threading.Thread):
    """Signs in, follows the stream, and notes when each warning's title was first seen."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._client = httpx.Client(base_url=url, timeout=None)
        entered = {"account": "county", "password": PASSWORD, "device": "wall"}
        self._client.post("/api/v1/session", json=entered).raise_for_status()
        self.seen: dict[str, float] = {}
        self.listening = threading.Event()

    def run(self) -> None:
        with self._client.stream("GET", "/api/v1/live") as stream:
            self.listening.set()
            event = ""
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    event = line.removeprefix("event:").strip()
                elif line.startswith("data:") and event == "warning":
                    title = json.loads(line.removeprefix("data:"))["title"]
                    self.seen.setdefault(title, time.monotonic())


class Provider:
    """The local SMS provider as a process whose lines are dated as they come."""

    def __init__(self, port: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "hil-tests/sms_provider.py", "--port", str(port)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.lines: list[tuple[float, str]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append((time.monotonic(), line))

    def first_about(self, words: str) -> float | None:
        """When a message with `words` came first."""
        return next((at for at, line in list(self.lines) if words in line), None)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(10)


def main() -> None:
    """Measure and print the percentiles."""
    rounds = round(seconds(60) / EVERY_S)
    port = free_port()
    provider = Provider(port)
    env = {"FENGSUI_SMS_URL": f"http://127.0.0.1:{port}"}
    try:
        with tempfile.TemporaryDirectory() as folder, Centre(Path(folder), env) as centre:
            centre.furnish()
            names = [f"gw-load-{n}" for n in range(LOAD_GATEWAYS)]
            *load, alarms = centre.enrol([*names, "gw-alarm"], Path(folder) / "keys")
            raised, seen = measure(centre, load, alarms, rounds)
            time.sleep(5.0)
            called = {words: provider.first_about(words) for words in raised}
    finally:
        provider.stop()
    shown = [(seen[words] - at) * 1000 for words, at in raised.items() if words in seen]
    sms = [(at - raised[words]) * 1000 for words, at in called.items() if at is not None]
    if len(shown) < rounds or len(sms) < rounds:
        raise SystemExit(f"{rounds} alarms, but {len(shown)} on the stream and {len(sms)} at the provider")
    emit("warn", "p50_ms", percentile(shown, 0.5), "ms")
    emit("warn", "p99_ms", percentile(shown, 0.99), "ms")
    emit("warn", "notify_p99_ms", percentile(sms, 0.99), "ms")


def measure(
    centre: Centre, load: list[Path], alarms: Path, rounds: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Raise alarms under load; returns when each was sent, and when the console saw it, by point name."""
    each = POINTS_PER_S // LOAD_GATEWAYS
    sender = subprocess.Popen(
        [
            sys.executable, "-m", "rig.flood", "--seconds", str(rounds * EVERY_S + 15), "--blocks", "20",
            "--points", str(each // 20), "--rate", "1", *(str(file) for file in load),
        ],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    gateway = SyntheticGateway(alarms, blocks=4, points=-(-rounds // 4), alarms=True)
    gateway.open()
    console = Console(centre.url)
    console.start()
    console.listening.wait(10)
    time.sleep(5.0)
    raised: dict[str, float] = {}
    for point in gateway.points[:rounds]:
        due = time.monotonic() + EVERY_S
        raised[point] = time.monotonic()
        gateway.send_alarm(point, RAISE, 150.0)
        time.sleep(max(0.0, due - time.monotonic()))
    wait_until("the console saw all", lambda: len(console.seen) >= rounds, 30.0)
    gateway.close()
    sender.communicate()
    if sender.returncode:
        raise SystemExit("the load failed")
    seen = {
        point: next((at for title, at in console.seen.items() if point in title), float("nan"))
        for point in raised
    }
    return raised, seen


if __name__ == "__main__":
    main()
