"""Two slots, one of which runs; what points at it moves in one step (`edge/trial/switch.py`).

/opt/fengsui/
├── a/  b/            a version each, whole only with its file READY; of root
├── trusted/*.pem     release keys; of root
├── launcher          chooses the slot at each start
└── control/          the switch: what the gateway itself may change; of its user

empty ─ fill ─▶ READY ─ begin ─▶ on trial ─▶ kept
                                    └─ gate, launcher's count, by hand ─▶ the slot before
"""

import logging
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from edge.trial.switch import Switch, Trial, TrialError, sync, write

log = logging.getLogger(__name__)

NAMES: Final = ("a", "b")
READY: Final = "READY"
VARIABLE: Final = "FENGSUI_SLOTS"  # set by the launcher


class Slots:
    """The slots of one machine; every change is durable before the call returns."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.trusted = root / "trusted"
        self.switch = Switch(root / "control")

    def current(self) -> str:
        """Return the slot that runs at the next start.

        Raises:
            TrialError: there is none: nothing was installed here.
        """
        name = self.switch.current()
        if name not in NAMES:
            raise TrialError(f"{self.root} holds no slot that runs; install first (`install` of a bundle)")
        return name

    def other(self) -> str:
        """Return the slot that does not run."""
        return NAMES[1 - NAMES.index(self.current())]

    def version(self, slot: str) -> str:
        """Return the version of a slot; "" for one that is not whole."""
        ready = self.root / slot / READY
        return ready.read_text().strip() if ready.is_file() else ""

    def program(self, slot: str) -> Path:
        """Return a slot's `fengsui`."""
        return self.root / slot / "bin" / "fengsui"

    def clear(self, slot: str) -> Path:
        """Empty a slot for a new version and return its folder.

        Raises:
            TrialError: it runs, or a trial still needs it.
        """
        trial = self.switch.trial()
        if trial is not None:
            raise TrialError(f"version {trial.version} is on trial; wait for its end, or take it back")
        if slot == self.current():
            raise TrialError(f"slot {slot} is the one that runs")
        folder = self.root / slot
        (folder / READY).unlink(missing_ok=True)
        sync(self.root)
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def ready(self, slot: str, version: str) -> None:
        """Say that a slot holds a whole version; everything in it is on the disk first."""
        os.sync()
        write(self.root / slot / READY, version + "\n")

    def begin(self, good: tuple[str, ...], settled_s: float = 15.0, longest_s: float = 60.0) -> Trial:
        """Make the other slot the one that starts next, on trial; the arguments are those of a `Trial`.

        Raises:
            TrialError: it is not whole, or a trial runs already.
        """
        slot = self.other()
        version = self.version(slot)
        if not version:
            raise TrialError(f"slot {slot} holds no whole version")
        trial = Trial(slot, self.current(), version, good, settled_s, longest_s)
        self.switch.begin(trial)
        return trial


def program_trial() -> Trial | None:
    """Return the trial of the program that runs; None where there is none, or nobody can say."""
    slots = of_environment()
    try:
        return None if slots is None else slots.switch.trial()
    except OSError as exc:
        log.error("whether this program is on trial cannot be read: %s", exc)
        return None


def of_environment(environment: Mapping[str, str] = os.environ) -> Slots | None:
    """Return the slots that this process was started from by the launcher; None: it was not."""
    root = environment.get(VARIABLE, "")
    return Slots(Path(root)) if root else None
