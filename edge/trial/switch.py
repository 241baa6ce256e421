"""A link that says what is in force, and the trial of what it was just moved to; durable at every step.

    control/
    ├── current -> ../a   replaced by rename
    ├── trial             while something new proves itself: key=value lines, also read by a shell script
    ├── starts            how often it was started since
    └── last              how the last trial ended, in words

    begin ─▶ trial written, current → new ─ commit ─▶ no trial
                                 └─ revert ─▶ current → what was before, no trial

`trial` is durable before `current` moves, and goes after `current` was set for good: a trial of what is not
current never began. So a power cut at any moment finds the old or the new, never neither.
"""

import contextlib
import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

log = logging.getLogger(__name__)

TRIES: Final = 3  # starts of something on trial; then it is taken back (the launcher counts the same)


class TrialError(Exception):
    """Nothing can be tried now; the text says why."""


class Trial(msgspec.Struct, frozen=True):
    """What proves itself, and against what.

    Attributes:
        now: the new one, by the name of its file or folder.
        before: the one before, likewise; "" where there was none.
        version: the new one's name for people.
        good: points and outputs that were good before, by key.
        settled_s: all of them must be good for so long without a break.
        longest_s: after so long without that it is taken back.
    """

    now: str
    before: str
    version: str
    good: tuple[str, ...] = ()
    settled_s: float = 15.0
    longest_s: float = 60.0


class Switch:
    """The link and its trial in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self) -> str:
        """Return the name of what is in force; "" where nothing is."""
        link = self._folder / "current"
        return link.readlink().name if link.is_symlink() else ""

    def begin(self, trial: Trial) -> None:
        """Put something new in force, on trial.

        Raises:
            TrialError: a trial runs already.
        """
        running = self.trial()
        if running is not None:
            raise TrialError(f"{running.version} is on trial; wait for its end, or take it back")
        (self._folder / "starts").unlink(missing_ok=True)
        said = msgspec.structs.asdict(trial) | {"good": json.dumps(trial.good)}
        write(self._folder / "trial", "".join(f"{key}={value}\n" for key, value in said.items()))
        self.point(trial.now)

    def trial(self) -> Trial | None:
        """Return the trial that runs; None where there is none, it never began, or its file is no more whole.

        Raises:
            OSError: it cannot be read.
        """
        try:
            lines = (self._folder / "trial").read_text().splitlines()
            said = dict(line.split("=", 1) for line in lines if "=" in line)
            if said.get("now") != self.current():
                return None
            return Trial(
                said["now"],
                said["before"],
                said["version"],
                tuple(json.loads(said["good"])),
                float(said["settled_s"]),
                float(said["longest_s"]),
            )
        except FileNotFoundError:
            return None
        except (KeyError, TypeError, ValueError) as exc:  # a card that rots ends no gateway
            log.error("%s is not whole, so what is in force stays: %r", self._folder / "trial", exc)
            return None

    def started(self) -> int:
        """Count one more start of what is on trial and return how many there were.

        Raises:
            OSError: the disk takes no count.
        """
        path = self._folder / "starts"
        try:
            count = int(path.read_text()) + 1
        except FileNotFoundError:
            count = 1
        except ValueError:
            count = TRIES + 1  # nobody knows any more: rather one too many
        write(path, f"{count}\n")
        return count

    def commit(self, trial: Trial) -> None:
        """Keep what is new."""
        self._end(f"{trial.version}: kept")

    def revert(self, trial: Trial, why: str) -> None:
        """Go back to what was before, from the next start on; unless somebody put a third in force."""
        if self.current() == trial.now:
            self.point(trial.before)
        self._end(f"{trial.version}: taken back: {why}")

    def last(self) -> str:
        """Return how the last trial ended, in words; "" when there was none."""
        path = self._folder / "last"
        return path.read_text().strip() if path.is_file() else ""

    def point(self, name: str) -> None:
        """Put something in force without a trial; "" is nothing."""
        if name:
            fresh = self._folder / "current.new"
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(f"../{name}")
            fresh.replace(self._folder / "current")
        else:
            (self._folder / "current").unlink(missing_ok=True)
        sync(self._folder)

    def _end(self, words: str) -> None:
        with contextlib.suppress(OSError):  # a full disk must not make a trial endless
            write(self._folder / "last", words.replace("\n", " ") + "\n")
        for name in ("trial", "starts"):
            (self._folder / name).unlink(missing_ok=True)
        sync(self._folder)


def write(path: Path, content: str | bytes) -> None:
    """Replace a file in one step; it is on the disk when this returns."""
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Put a folder's entries on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keys_in_words(keys: Iterable[str], most: int = 6) -> str:
    """Name some keys for people: the first few, and how many more."""
    named = sorted(keys)
    rest = f" and {len(named) - most} more" if len(named) > most else ""
    return ", ".join(named[:most]) + rest
