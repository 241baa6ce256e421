"""Keeps the Zenoh router running as a process of its own, as `serve` does on one machine."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import signal
import sys
from pathlib import Path

import central
from central import clock

_log = logging.getLogger(__name__)

_PROGRAM = Path(central.__file__).parents[1] / "fengsui.py"
_PR_SET_PDEATHSIG = 1
_STEADY_S = 30.0
_LONGEST_PAUSE_S = 10.0
_PATIENCE_S = 5.0
_libc = ctypes.CDLL(None)


def _leave_with_parent() -> None:
    # prctl(2): a centre that was killed takes its router along, and the next one finds the port free.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def keep_router(listen: str, state: Path) -> None:
    """Starts `fengsui central router` again whenever it ends; stops it when cancelled.

    Args:
        listen: Zenoh endpoint, for example "tcp/127.0.0.1:7447".
        state: state folder, whose `pki` it uses with TLS.
    """
    pause_s = 0.5
    while True:
        began = clock.monotonic_s()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(_PROGRAM),
            "central",
            "router",
            "--listen",
            listen,
            "--state",
            str(state),
            stdin=asyncio.subprocess.DEVNULL,
            # Ctrl-C reaches the centre alone, which ends the router after its last receipt.
            start_new_session=True,
            preexec_fn=_leave_with_parent,
        )
        try:
            code = await process.wait()
        finally:
            await _end(process)
        if clock.monotonic_s() - began > _STEADY_S:
            pause_s = 0.5
        _log.warning("the router ended (%s) and is started again", code)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
