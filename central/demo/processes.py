"""The demo's processes: each with a log of its own, started again when it dies, stopped in order."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _follow_parent() -> None:
    """Ask the kernel to end this process when the demo dies without a word (prctl(2))."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One program that should run as long as the demo does, as systemd would keep it at a plant."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        log: Path,
        say: Callable[[str], None],
        *,
        env: Mapping[str, str] | None = None,
        patience_s: float = 20.0,
    ) -> None:
        self.name = name
        self.log = log
        self._argv = list(argv)
        self._say = say
        self._env = env or {}
        self._patience_s = patience_s
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The running process."""
        return self._process.pid if self._process is not None else None

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the program; its output goes to `log`."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as sink:
            self._process = await asyncio.create_subprocess_exec(
                *self._argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self._env},
                # Ctrl-C reaches the demo alone, which then stops everything in order.
                start_new_session=True,
                preexec_fn=_follow_parent,
            )

    async def keep(self) -> None:
        """Start the program again whenever it ends by itself; returns after `stop`."""
        pause_s = 1.0
        while self._process is not None:
            code = await self._process.wait()
            if self._stopping.is_set():
                return
            self._say(f"{self.name} 意外退出（{code}），重新启动 / ended by itself, started again")
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, 15.0)
            if self._stopping.is_set():
                return
            await self.start()

    async def stop(self) -> None:
        """Ask the program to stop, and end it when it does not within its patience."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self._patience_s)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, for a message about a failed start."""
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-lines:])
