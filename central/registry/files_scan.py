"""Asks a scanner of the customer's whether a file is harmless: an external command that gets the path."""

from __future__ import annotations

import asyncio
import shlex
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from central.settings import Settings

HARMLESS, HARMFUL, UNKNOWN = "harmless", "harmful", "unknown"
_SAYS_HARMLESS: Final = 0
_SAYS_HARMFUL: Final = 1


async def scan(settings: Settings, path: Path) -> tuple[str, str]:
    """Runs the command of FENGSUI_FILE_SCAN with the path as its last argument.

    Args:
        settings: without a command everything is harmless.
        path: a file that nobody else writes.

    Returns:
        "harmless" (exit status 0), "harmful" (1, as clamdscan says it), or "unknown": another status, no
        answer within FENGSUI_FILE_SCAN_S seconds, or no such command; and why it is unknown.
    """
    if not settings.file_scan:
        return HARMLESS, ""
    try:
        process = await asyncio.create_subprocess_exec(
            *shlex.split(settings.file_scan),
            str(path),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except (OSError, ValueError) as exc:
        return UNKNOWN, f"the scanner of FENGSUI_FILE_SCAN cannot be run: {exc}"
    try:
        async with asyncio.timeout(settings.file_scan_s):
            status = await process.wait()
    except TimeoutError:
        return UNKNOWN, f"the scanner of FENGSUI_FILE_SCAN gave no answer in {settings.file_scan_s} s"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if status not in {_SAYS_HARMLESS, _SAYS_HARMFUL}:
        return UNKNOWN, f"the scanner of FENGSUI_FILE_SCAN ended with {status}"
    return (HARMLESS, "") if status == _SAYS_HARMLESS else (HARMFUL, "")
