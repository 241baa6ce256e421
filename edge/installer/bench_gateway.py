"""A gateway process for a self-measurement, in a temporary folder, with its CPU time and memory watched."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Self

from edge.clock import Clock
from edge.status import ask

PATIENCE_S: Final = 60.0
_OF_A_SERVICE: Final = ("NOTIFY_SOCKET", "WATCHDOG_", "FENGSUI_")
_PR_SET_PDEATHSIG: Final = 1
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_libc: Final = ctypes.CDLL(None)


class BenchFailed(Exception):
    """A figure could not be measured; the text says why, with the last words of who failed."""


class BenchGateway:
    """One `fengsui edge run`, ended with the block."""

    def __init__(self, folder: Path, toml: str, clock: Clock) -> None:
        """Write the configuration; `start` begins.

        Args:
            folder: of its own, empty or with a `state` that was filled before.
            toml: as `edge.installer.bench_field.gateway_toml` writes it.
            clock: of this process.
        """
        self.state = folder / "state"
        self._config = folder / "gateway.toml"
        self._log = folder / "gateway.log"
        self._clock = clock
        self._config.write_text(toml, encoding="utf-8")
        self._process: asyncio.subprocess.Process | None = None
        self.started_us = 0

    async def __aenter__(self) -> Self:
        """Start it."""
        with self._log.open("ab") as log:
            self.started_us = self._clock.mono_us()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "fengsui", "edge", "run", "--config", str(self._config),
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, env=_environment(),
                preexec_fn=_leave_with_parent,
            )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        """End it in good order; what hangs is killed."""
        await self.stop()

    async def stop(self) -> None:
        """Ask it to end and wait."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def cpu_s(self) -> float:
        """CPU time of all its threads so far, user and system (proc(5), fields 14 and 15)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def rss_mb(self) -> float:
        """Its resident memory in MB of 10⁶ bytes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 1e6

    async def status(self) -> dict[str, Any]:
        """What `fengsui edge status` would show; {} while it does not answer."""
        with contextlib.suppress(OSError, ValueError):
            return await ask(self.state)
        return {}

    async def until(
        self, what: str, holds: Callable[[], Awaitable[object]], limit_s: float = PATIENCE_S
    ) -> float:
        """Wait until something holds.

        Returns:
            Seconds since the process was started.

        Raises:
            BenchFailed: it did not within the limit, or the gateway ended.
        """
        assert self._process is not None
        end = self._clock.mono_us() + limit_s * 1e6
        while not await holds():
            if self._clock.mono_us() > end or self._process.returncode is not None:
                words = self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
                raise BenchFailed("\n".join([f"waited in vain until {what}", *words]))
            await asyncio.sleep(0.02)
        return (self._clock.mono_us() - self.started_us) / 1e6


def _environment() -> dict[str, str]:
    """Ours, without what a service tells its own gateway; the package is found where we found it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_A_SERVICE)}
    here = str(Path(__file__).resolve().parents[2])
    kept["PYTHONPATH"] = os.pathsep.join([here, *filter(None, [kept.get("PYTHONPATH")])])
    return kept


def _leave_with_parent() -> None:
    # prctl(2): a measurement that is killed leaves no gateway behind.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
