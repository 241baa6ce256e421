"""The centre's configurations on this gateway's disk: signed frames, and a switch: which is in force?

    {state}/config/
    ├── 12.frame  13.frame   as they came, signature and all
    ├── 13.back              it was taken back: nobody falls back on it
    └── control/             the switch (edge/trial/switch.py); without `current` the gateway.toml counts

Version numbers only grow: the newest frame stays, kept or taken back, so that no older one can come again.
"""

import hashlib
from pathlib import Path
from typing import Final

from edge.trial.switch import Switch, Trial, TrialError, write
from protocol import messages as m

FOLDER: Final = "config"
HELD: Final = 10
SUFFIX: Final = ".frame"
BACK: Final = ".back"


class Configurations:
    """What the centre has sent, by version."""

    def __init__(self, state: Path) -> None:
        """Prepare; nothing is created before a first configuration comes.

        Args:
            state: the gateway's state folder.
        """
        self._folder = state / FOLDER
        self.switch = Switch(self._folder / "control")

    def versions(self) -> list[int]:
        """Return the versions that are held, oldest first."""
        names = [path.name.removesuffix(SUFFIX) for path in self._folder.glob(f"*{SUFFIX}")]
        return sorted(int(name) for name in names if name.isdigit())

    def newest(self) -> int:
        """Return the newest version that ever came; 0: none did."""
        return max(self.versions(), default=0)

    def stood_before(self, version: int) -> str:
        """Return the newest older one that was not taken back, by the name of its file; "" for none."""
        older = [v for v in self.versions() if v < version and not (self._folder / f"{v}{BACK}").exists()]
        return name_of(older[-1]) if older else ""

    def taken_back(self, version: int) -> None:
        """Note that one did not stand its trial.

        Raises:
            OSError: the disk takes nothing.
        """
        write(self._folder / f"{version}{BACK}", "")

    def frame(self, name: str) -> bytes:
        """Return a frame by the name that the switch knows it by.

        Raises:
            OSError: it cannot be read.
        """
        return (self._folder / name).read_bytes()

    def begin(self, version: int, frame: bytes, trial: Trial) -> None:
        """Hold a new version durably, and put it in force on trial; old ones go.

        Raises:
            TrialError: a trial runs already.
            OSError: the disk takes nothing; the configuration in force stays.
        """
        (self._folder / "control").mkdir(parents=True, exist_ok=True)
        write(self._folder / trial.now, frame)
        try:
            self.switch.begin(trial)
        except (TrialError, OSError):
            if self.switch.current() != trial.now:  # what was never tried has not come
                (self._folder / trial.now).unlink(missing_ok=True)
            raise
        for old in self.versions()[:-HELD]:
            name = name_of(old)
            if name not in {trial.before, trial.now} and old != version:
                (self._folder / name).unlink(missing_ok=True)
                (self._folder / f"{old}{BACK}").unlink(missing_ok=True)


def name_of(version: int) -> str:
    """Name the file of a version."""
    return f"{version}{SUFFIX}"


def hash_of(configuration: m.Configuration) -> str:
    """Return the SHA-256 of a configuration's text, hexadecimal."""
    return hashlib.sha256(configuration.text.encode()).hexdigest()
