"""Starts the product's programs as processes, for tests and benchmarks, and ends them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


class ProgramFailed(AssertionError):
    """A program ended or did not answer in time; the message ends with its last words."""


class Program:
    """One `fengsui …` process with its output in a file."""

    def __init__(self, arguments: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        """Describe it; `launcher` may be exchanged for another way to start Python."""
        self.arguments = list(arguments)
        self.launcher = [sys.executable, str(ROOT / "fengsui.py")]
        self.log = log
        self._env = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it (again)."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as sink:
            self._process = subprocess.Popen(
                [*self.launcher, *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                env=self._env,
                cwd=ROOT,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def pause(self) -> None:
        """Freeze it where it is."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        wait_until("it is frozen", lambda: self.usage.status() == psutil.STATUS_STOPPED)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @property
    def usage(self) -> psutil.Process:
        """Its CPU time and memory."""
        return psutil.Process(self.pid)

    def kill(self) -> None:
        """End it as a crash would, without a chance to say good-bye."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def stop(self, timeout_s: float = 20.0) -> int:
        """Ask it to stop; returns its exit code.

        Raises:
            ProgramFailed: it did not stop in time (it is killed then).
        """
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired as exc:
            self.kill()
            raise ProgramFailed(f"{self} did not stop within {timeout_s} s:\n{self.last_words()}") from exc

    def last_words(self, lines: int = 40) -> str:
        """The end of its output."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def __str__(self) -> str:
        return "fengsui " + " ".join(self.arguments)


def run(*arguments: str, env: Mapping[str, str] | None = None, timeout_s: float = 60.0) -> str:
    """Run one `fengsui …` command to its end and return what it printed.

    Raises:
        ProgramFailed: it ended with an error.
    """
    done = subprocess.run(
        [sys.executable, str(ROOT / "fengsui.py"), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        cwd=ROOT,
        timeout=timeout_s,
        check=False,
    )
    if done.returncode != 0:
        raise ProgramFailed(
            f"fengsui {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}{done.stdout}"
        )
    return done.stdout


def wait_until(
    what: str, holds: Callable[[], object], timeout_s: float = 90.0, every_s: float = 0.05
) -> None:
    """Wait until the callable `holds` is true.

    Raises:
        ProgramFailed: it never was.
    """
    deadline = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline:
            raise ProgramFailed(f"waited {timeout_s} s for: {what}")
        time.sleep(every_s)
