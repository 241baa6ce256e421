"""The gateway that is tried: its folder, its process, and who begins it again when it dies or hangs."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from edge.status import ask
from hil.house import ADMINISTERING
from hil.story import GATEWAY, Story
from rig.centre import Centre
from rig.programs import Program, ProgramFailed, wait_until

WATCHDOG_S = 5.0  # WatchdogSec of firmware-config/systemd/fengsui-edge.service
RESTART_S = 1.0  # RestartSec there
START_S = 60.0
_OFTEN = 4
_HOPELESS = 3  # ended so often before it read anything: it refuses to run


class Box:
    """One gateway process; keeps when it was killed and stopped, as the checker wants to know."""

    def __init__(self, folder: Path, gateway: str, story: Story, centre: Centre | None) -> None:
        """Make its folder; enrolled if there is a centre."""
        self.id = gateway
        self.folder = folder
        self.state = folder / "state"
        self.config = folder / "gateway.toml"
        self.kills_ms: list[int] = []
        self.stops_ms: list[tuple[int, int]] = []
        self._story = story
        folder.mkdir(parents=True, exist_ok=True)
        if centre is not None:
            # With all that stands beside it: certificates are named relative to it.
            with ADMINISTERING:
                file = centre.enrol([gateway], folder / "credentials")[0]
            shutil.copy(file, file.with_name("credentials.json"))
            file.with_name("credentials.json").chmod(0o600)
        self.notify = folder / "notify"
        self.program = Program(
            ["edge", "run", "--config", str(self.config)],
            folder / "gateway.log",
            {"NOTIFY_SOCKET": str(self.notify)},
        )
        self.supervisor = Supervisor(self.program, self.notify, self._begun_again)

    def configure(self, tables: str, router: str, clock: str) -> None:
        """Write gateway.toml; a gateway that is killed for a living is in no crash loop."""
        uplink = f'router = "{router}"\n' if router else "enabled = false\n"
        self.config.write_text(
            f'[gateway]\nid = "{self.id}"\nname = "bench"\ncredentials = "credentials/credentials.json"\n'
            f'state = "{self.state}"\nclock = "{clock}"\n\n'
            f"[uplink]\n{uplink}heartbeat_s = 1.0\nreceipt_timeout_s = 3.0\nretry_max_s = 1.0\n\n"
            f"[supervision]\ncrash_loop = 0\n\n{tables}\n",
            encoding="utf-8",
        )

    def start(self) -> None:
        """Start it, watched over as systemd would."""
        self.supervisor.start()
        self._story.mark(GATEWAY, "started")

    def status(self) -> dict[str, Any]:
        """What it says of itself; empty while nobody answers."""
        import asyncio

        try:
            return asyncio.run(asyncio.wait_for(ask(self.state), 3.0))
        except (OSError, ValueError, TimeoutError):
            return {}

    def reads(self) -> bool:
        """Whether every unit of every bus answers it, the button's too, and has done so a few times.

        A gateway that has just begun believes nobody for a moment (H of the Modbus rule), and a button that
        is down when it is first read has not been pressed.
        """
        said = self.status()
        units = [unit for bus in said.get("buses", []) for unit in bus["units"]]
        return (
            bool(units)
            and all(source["state"] == "online" for source in said["sources"])
            and all(unit["state"] == "in step" and unit["good"] >= _OFTEN for unit in units)
        )

    def kill(self) -> float:
        """`kill -9`; returns when, by the monotonic clock."""
        at = time.monotonic()
        self._story.mark(GATEWAY, "kill -9")
        self.kills_ms.append(time.time_ns() // 1_000_000)
        os.kill(self.program.pid, 9)
        return at

    def _begun_again(self, why: str, at: float) -> None:
        self._story.mark(GATEWAY, f"begun again: {why}", at)
        if "hangs" in why:
            self.kills_ms.append(time.time_ns() // 1_000_000)

    def stop(self) -> None:
        """Stop it in order, or for good."""
        self.supervisor.end()
        if self.program.running:
            before = time.time_ns() // 1_000_000
            with contextlib.suppress(ProgramFailed):
                self.program.resume()
                self.program.stop()
            self.stops_ms.append((before, time.time_ns() // 1_000_000))


class Supervisor:
    """Stands in for systemd: begins the gateway again when it ended, or when nobody fed its watchdog."""

    def __init__(self, program: Program, notify: Path, told: Callable[[str, float], None]) -> None:
        """Describe it.

        Args:
            program: what to keep running.
            notify: the socket that it tells its signs of life.
            told: hears why it was begun again, and when that was seen.
        """
        self._program = program
        self._told = told
        self._path = notify
        self._socket: socket.socket | None = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self.restarts: list[tuple[float, str]] = []
        self.fed_at: list[float] = []
        self.kills_what_hangs = True
        self.holds_back = threading.Event()  # set: what ended stays down

    def start(self) -> None:
        """Start the program and watch over it."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        # A path may not be longer than 107 bytes: relative to nothing it would be the test's folder.
        self._socket.bind(str(self._path))
        self._socket.settimeout(0.05)
        self._program.start()
        self._thread.start()

    def _run(self) -> None:
        assert self._socket is not None
        fed = 0.0
        while not self._end.is_set():
            with contextlib.suppress(TimeoutError):
                said = self._socket.recv(4096).decode()
                if "WATCHDOG=1" in said:
                    fed = time.monotonic()
                    self.fed_at.append(fed)
            if self._end.is_set():
                return
            why = ""
            if not self._program.running:
                why = "it had ended"
            elif fed and time.monotonic() - fed > WATCHDOG_S and self.kills_what_hangs:
                why = f"it hangs, no sign of life for {WATCHDOG_S:g} s"
                self._program.kill()
            if why and not self.holds_back.is_set():
                at = time.monotonic()
                self.restarts.append((at, why))
                self._told(why, at)
                fed = 0.0
                self._end.wait(RESTART_S)
                self._program.start()

    def end(self) -> None:
        """Look away; the program goes on as it is."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join(30)
        if self._socket is not None:
            self._socket.close()
            self._path.unlink(missing_ok=True)
            self._socket = None


def wait_reading(box: Box) -> None:
    """Wait until the gateway reads every instrument.

    Raises:
        rig.programs.ProgramFailed: it never does; with the end of its log.
    """
    ended = len(box.supervisor.restarts)

    def decided() -> bool:
        return box.reads() or len(box.supervisor.restarts) >= ended + _HOPELESS

    try:
        wait_until("the gateway reads every instrument", decided, START_S, every_s=0.2)
    except ProgramFailed as exc:
        raise ProgramFailed(f"{exc}\n{box.program.last_words(15)}") from exc
    if len(box.supervisor.restarts) >= ended + _HOPELESS:
        raise ProgramFailed(f"the gateway ends again and again\n{box.program.last_words(15)}")
