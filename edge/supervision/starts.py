"""Why did it begin again? Keeps a short history of starts and ends, and sees when they follow too fast.

    the last start has an end ("stopped")      ordered
    no end, same boot of the machine           the process was killed, or failed
    no end, another boot of the machine        power, reboot or a watchdog of the board

A gateway that ends without order again and again has a part that kills it. What protects people then runs
with less around it: first without the history's upload, live copies and the page (`ALARMS_ONLY`: alarms still
reach the centre, history is still kept), and where it goes on ending, without uplink and history
(`HORN_ONLY`: buses, alarms, outputs and their events on the disk), until it has run for a while.
"""

import logging
import os
import tempfile
from pathlib import Path
from typing import Final, Literal

import msgspec

log = logging.getLogger(__name__)

FILE: Final = "starts.json"
KEPT: Final = 20
LOOP_WINDOW_MS: Final = 10 * 60_000
MACHINE_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")

Profile = Literal["full", "alarms-only", "horn-only"]
FULL: Final = "full"
ALARMS_ONLY: Final = "alarms-only"
HORN_ONLY: Final = "horn-only"

FIRST: Final = "first start"
ORDERED: Final = "stopped in good order"
KILLED: Final = "the process was killed or failed"
REBOOTED: Final = "the machine went down: power or reboot"
RESET: Final = "the board's watchdog reset it"


class Start(msgspec.Struct):
    """One start: the machine's boot, seconds since that boot, and how it ended ("" while it runs)."""

    machine: str
    uptime_ms: int
    at_ms: int
    profile: Profile = FULL
    ended: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """What the history says at a start: why it begins again, and what should run."""

    cause: str
    profile: Profile
    failures: int


def judge(
    history: list[Start], machine: str, uptime_ms: int, *, by_watchdog: bool, crash_loop: int
) -> Verdict:
    """Decide from the history, oldest first; time within one boot of the machine never jumps.

    Args:
        history: former starts.
        machine: id of this boot of the machine.
        uptime_ms: since then.
        by_watchdog: the board says that its watchdog reset it.
        crash_loop: so many ends without order within ten minutes are a loop; 0: never.
    """
    failures = [
        start
        for start in history
        if not start.ended and start.machine == machine and uptime_ms - start.uptime_ms <= LOOP_WINDOW_MS
    ]
    profile: Profile = FULL
    if crash_loop and len(failures) >= crash_loop:
        # Who went on failing with less around it runs with still less.
        lean = sum(start.profile != FULL for start in failures)
        profile = HORN_ONLY if lean >= crash_loop else ALARMS_ONLY
    if not history:
        cause = FIRST
    elif history[-1].ended:
        cause = history[-1].ended
    elif history[-1].machine == machine:
        cause = KILLED
    else:
        cause = RESET if by_watchdog else REBOOTED
    return Verdict(cause, profile, len(failures))


class Starts:
    """The history in the state folder; a folder that takes no file costs the history, never the start."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._history = self._read()

    @property
    def history(self) -> list[Start]:
        """Former starts, oldest first."""
        return self._history

    def begin(self, start: Start) -> None:
        """Note a start."""
        self._history = [*self._history, start][-KEPT:]
        self._write()

    def end(self, how: str) -> None:
        """Note how the last start ended."""
        if self._history:
            self._history[-1].ended = how
            self._write()

    def _read(self) -> list[Start]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=list[Start])[-KEPT:]
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError) as exc:
            log.warning("the history of starts in %s cannot be read and begins anew: %s", self._path, exc)
            return []

    def _write(self) -> None:
        try:
            with tempfile.NamedTemporaryFile(dir=self._path.parent, delete=False) as file:
                file.write(msgspec.json.encode(self._history))
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self._path)
        except OSError as exc:
            log.warning("the history of starts cannot be kept: %s", exc)


def machine_boot() -> str:
    """Return the id of this boot of the machine; "" where the system has none."""
    try:
        return MACHINE_BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""
