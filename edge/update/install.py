"""Puts a bundle into the slot that does not run, tries it beside the running gateway, and follows its trial.

inspect ─▶ unpack ─▶ venv of the other slot ─▶ its own `edge check` ─▶ READY      the old version runs on
─▶ trial begins, the gateway ends in good order, the launcher starts the new one
─▶ kept, or taken back: by its own gate, by the launcher, or by us when nothing was decided in time
"""

import asyncio
import contextlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from edge.configuration.force import CENTRE, in_force
from edge.configuration.store import Configurations
from edge.status import ask
from edge.trial.switch import Trial, TrialError
from edge.update import bundle
from edge.update.slots import Slots

MARGIN_S: Final = 60  # beyond the gate's own limit: three starts that fail take their time
POLL_S: Final = 0.5


class UpdateFailed(Exception):
    """The update did not come to stay; the gateway runs as before. The text says why."""


Tell = Callable[[str], None]


class Update:
    """One update of one gateway."""

    def __init__(self, slots: Slots, config: Path, state: Path, tell: Tell) -> None:
        """Prepare.

        Args:
            slots: of this machine.
            config: the gateway.toml that the gateway runs with.
            state: its state folder, for its status.
            tell: called with each step in words.
        """
        self._slots = slots
        self._config = config
        self._state = state
        self._tell = tell

    def fill(self, path: Path) -> bundle.Manifest:
        """Put a bundle into the slot that does not run; the gateway notices nothing.

        Args:
            path: the bundle.

        Raises:
            BundleRefused: not signed, damaged, or not for this machine.
            TrialError: a trial runs, or nothing is installed here.
            UpdateFailed: it does not install, or refuses the present configuration.
        """
        trusted = bundle.trusted_keys(self._slots.trusted)
        manifest = bundle.inspect(path, trusted)
        fits(path, manifest)
        slot = self._slots.other()
        folder = self._slots.clear(slot)
        self._tell(f"{manifest.version} goes into slot {slot}; {self._slots.current()} runs on")
        with tempfile.TemporaryDirectory(dir=self._slots.root, prefix=".unpacked-") as unpacked:
            bundle.unpack(path, trusted, Path(unpacked))
            self._tell("signature and every file are right")
            self._install(folder, Path(unpacked))
        self._tell("installed; asking it for its opinion of the configuration")
        self._ask_opinion(slot, manifest.version)
        self._slots.ready(slot, manifest.version)
        return manifest

    async def switch(self, settled_s: float = 15.0, longest_s: float = 60.0) -> str:
        """Begin the trial of the filled slot and wait for its end; returns how it ended, in words.

        Args:
            settled_s: see `Trial`.
            longest_s: see `Trial`.

        Raises:
            TrialError: there is nothing to switch to, or a configuration is on trial.
            UpdateFailed: it was taken back.
        """
        try:
            state = await ask(self._state)
        except OSError as exc:
            raise UpdateFailed(
                "no gateway runs here: nobody could tell whether the new version does as well; start it first"
            ) from exc
        configuration = Configurations(self._state).switch.trial()
        if configuration is not None:
            raise TrialError(f"configuration {configuration.version} is on trial; wait for its end")
        longest_s = max(longest_s, settled_s + state["good_within_s"])
        trial = self._slots.begin(tuple(state["good"]), settled_s, longest_s)
        self._tell(f"{trial.version} is on trial; {len(trial.good)} points and outputs were good before")
        _end(state["pid"])
        await self._decided(trial)
        said = self._slots.switch.last()
        if not said.endswith("kept"):
            raise UpdateFailed(said)
        return said

    async def _decided(self, trial: Trial) -> None:
        patience = trial.longest_s + MARGIN_S
        for _ in range(int(patience / POLL_S)):
            await asyncio.sleep(POLL_S)
            if self._slots.switch.trial() is None:
                return
        self._slots.switch.revert(trial, f"it decided nothing within {patience:.0f} s")
        with contextlib.suppress(OSError, KeyError):
            _end((await ask(self._state))["pid"])

    def _ask_opinion(self, slot: str, version: str) -> None:
        """Let the new program judge what this gateway runs with: the centre's configuration, or its file."""
        ours = in_force(self._config).master
        asked = ["configure"] if ours == CENTRE else ["check"]
        program = str(self._slots.program(slot))
        said = _run([program, "edge", *asked, "--config", str(self._config), "--json"])
        if said.returncode or (ours == CENTRE and f'"master":"{CENTRE}"' not in said.stdout):
            shutil.rmtree(self._slots.root / slot, ignore_errors=True)
            raise UpdateFailed(f"{version} refuses the configuration in force:\n{said.stdout}{said.stderr}")

    def _install(self, folder: Path, unpacked: Path) -> None:
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        wheels = unpacked / "wheels"
        own = sorted(wheels.glob("fengsui-*.whl"))
        for step in (
            [sys.executable, "-m", "venv", str(folder)],
            [
                *pip,
                "--no-index",
                "--find-links",
                str(wheels),
                "--require-hashes",
                "-r",
                str(unpacked / "requirements.txt"),
            ],
            [*pip, "--no-index", "--no-deps", *map(str, own)],
        ):
            done = _run(step)
            if done.returncode:
                shutil.rmtree(folder, ignore_errors=True)
                raise UpdateFailed(f"it does not install:\n{done.stdout}{done.stderr}")


def fits(path: Path, manifest: bundle.Manifest) -> None:
    """Refuse a bundle that is for another half, machine or Python.

    Raises:
        BundleRefused: names what it is for and what is here.
    """
    here = {
        "part": "edge",
        "machine": platform.machine(),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
    }
    for key, value in here.items():
        said = msgspec.structs.asdict(manifest)[key]
        if said != value:
            raise bundle.BundleRefused(f"{path} is for {key} {said}; here is {value}")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    return subprocess.run(command, capture_output=True, text=True, env=clean, check=False)


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
