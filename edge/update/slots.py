"""Two slots, one of which runs; what points at it moves in one step, so a power cut finds the old or the new.

    /opt/fengsui/
    ├── a/  b/                a version each, whole only with its file READY; of root
    ├── trusted/*.pem         release keys; of root
    ├── launcher              chooses the slot at each start
    └── control/              what the gateway itself may change; of its user
        ├── current -> ../a   replaced by rename
        ├── trial             while a new version proves itself: key=value lines, read by the launcher too
        ├── starts            how often the launcher has started it since
        └── last              how the last trial ended, in words

    empty ─ fill ─▶ READY ─ begin ─▶ trial, current → new ─ commit ─▶ no trial
                                        └─ revert (gate, launcher's count, by hand) ─▶ current → old, no trial

`trial` is durable before `current` moves, and goes after `current` was set for good: a trial whose slot is
not current never began.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

NAMES: Final = ("a", "b")
READY: Final = "READY"


class SlotError(Exception):
    """The slots are not in a state for this; the text says what would be right."""


class Trial(msgspec.Struct, frozen=True):
    """A version that proves itself.

    Attributes:
        slot: where it is.
        previous: where the version before it is.
        version: its name.
        good: instruments and outputs that were good before, by key.
        settled_s: all of them must be good for so long without a break.
        longest_s: after so long without that it is taken back.
    """

    slot: str
    previous: str
    version: str
    good: tuple[str, ...] = ()
    settled_s: float = 15.0
    longest_s: float = 60.0


class Slots:
    """The slots of one machine; every change is durable before the call returns."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.trusted = root / "trusted"
        self._control = root / "control"

    def current(self) -> str:
        """Return the slot that runs at the next start.

        Raises:
            SlotError: there is none: nothing was installed here.
        """
        link = self._control / "current"
        name = link.readlink().name if link.is_symlink() else ""
        if name not in NAMES:
            raise SlotError(f"{link} does not point to a slot; install first (`install` of a bundle)")
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
            SlotError: it runs, or a trial still needs it.
        """
        trial = self.trial()
        if trial is not None:
            raise SlotError(f"version {trial.version} is on trial; wait for its end, or take it back")
        if slot == self.current():
            raise SlotError(f"slot {slot} is the one that runs")
        folder = self.root / slot
        (folder / READY).unlink(missing_ok=True)
        _sync(self.root)
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def ready(self, slot: str, version: str) -> None:
        """Say that a slot holds a whole version; everything in it is on the disk first."""
        os.sync()
        _write(self.root / slot / READY, version + "\n")

    def begin(self, good: tuple[str, ...], settled_s: float = 15.0, longest_s: float = 60.0) -> Trial:
        """Make the other slot the one that starts next, on trial; the arguments are those of a `Trial`.

        Raises:
            SlotError: it is not whole, or a trial runs already.
        """
        slot, previous = self.other(), self.current()
        version = self.version(slot)
        if not version:
            raise SlotError(f"slot {slot} holds no whole version")
        if self.trial() is not None:
            raise SlotError("a trial runs already")
        trial = Trial(slot, previous, version, good, settled_s, longest_s)
        (self._control / "starts").unlink(missing_ok=True)
        said = msgspec.structs.asdict(trial) | {"good": json.dumps(good)}
        _write(self._control / "trial", "".join(f"{key}={value}\n" for key, value in said.items()))
        self._point(slot)
        return trial

    def trial(self) -> Trial | None:
        """Return the trial that runs; None where there is none, or it never began."""
        try:
            lines = (self._control / "trial").read_text().splitlines()
        except FileNotFoundError:
            return None
        said = dict(line.split("=", 1) for line in lines if "=" in line)
        if said.get("slot") != self.current():
            return None
        good = tuple(json.loads(said["good"]))
        limits = float(said["settled_s"]), float(said["longest_s"])
        return Trial(said["slot"], said["previous"], said["version"], good, *limits)

    def commit(self, trial: Trial) -> None:
        """Keep the new version."""
        self._end(f"{trial.version}: kept")

    def revert(self, trial: Trial, why: str) -> None:
        """Go back to the version before; it runs from the next start on."""
        self._point(trial.previous)
        self._end(f"{trial.version}: taken back: {why}")

    def last(self) -> str:
        """Return how the last trial ended, in words; "" when there was none."""
        path = self._control / "last"
        return path.read_text().strip() if path.is_file() else ""

    def _end(self, words: str) -> None:
        _write(self._control / "last", words.replace("\n", " ") + "\n")
        for name in ("trial", "starts"):
            (self._control / name).unlink(missing_ok=True)
        _sync(self._control)

    def _point(self, slot: str) -> None:
        fresh = self._control / "current.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(f"../{slot}")
        fresh.replace(self._control / "current")
        _sync(self.root)


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
