"""Runs what takes long, or unpacks what strangers send, in processes of their own with limits.

The process that serves alarms writes to such a process and reads its answer line by line; whatever the work
does to it (too much memory, an abort in a library), the alarms go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import central
from central.db.errors import DomainError
from central.registry.sheets import limits

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

BROKEN_FILE: Final = "文件过大或已损坏，无法读取；请拆分，或用表格软件另存后再上传。"
_LONGEST_LINE: Final = 16 << 20
_PASSED_ON: Final = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT"}
_ROOT: Final = Path(central.__file__).parents[1]
_LOOK_S: Final = 15.0
_MOST_MEMORY: Final = 3 << 30  # address space, of which the interpreter and its libraries take a part
_MOST_CPU_S: Final = 300
_MOST_WAIT_S: Final = 60.0


async def lines(
    module: str,
    given: bytes,
    waiting: Callable[[], Awaitable[None]] | None = None,
    broken: str = BROKEN_FILE,
) -> AsyncGenerator[bytes, None]:
    """What a module answers to its standard input, line by line.

    Args:
        module: ours, run as a program.
        given: its standard input.
        waiting: called every 15 s while a line is awaited; what it raises ends the process.
        broken: what the person is told when it breaks.

    Raises:
        DomainError: 400, it broke under its limits, or answered nothing.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        limit=_LONGEST_LINE, cwd=_ROOT, env=_environment(), start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        feeding = asyncio.ensure_future(_feed(process.stdin, given))
        count = 0
        try:
            while line := await _line(process.stdout, waiting):
                count += 1
                yield line
        finally:
            feeding.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await feeding
        if await process.wait() != 0 or not count:
            raise limits.refused(broken)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


class Apart:
    """Such processes for requests that wait for them: one at a time, and none longer than a minute."""

    def __init__(self) -> None:
        self._gate = asyncio.Semaphore(1)

    async def all(self, module: str, given: bytes, broken: str = BROKEN_FILE) -> list[bytes]:
        """Every line of the answer; arguments as of `lines`.

        Raises:
            DomainError: 400 as `lines`; 503 it takes too long, or others are before it.
        """
        try:
            async with (
                asyncio.timeout(_MOST_WAIT_S),
                self._gate,
                contextlib.aclosing(lines(module, given, None, broken)) as found,
            ):
                return [line async for line in found]
        except TimeoutError as exc:
            words = "服务器忙，没有在一分钟内处理完，请稍后再试，或缩小范围、拆分文件。"
            raise DomainError("busy", words, 503) from exc


def limit() -> None:
    """Limits this process, at the beginning of such a module."""
    with contextlib.suppress(OSError):
        os.nice(5)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_S, _MOST_CPU_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _environment() -> dict[str, str]:
    """What the process needs to start, and no secret of ours."""
    kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    return {**kept, "PYTHONPATH": str(_ROOT)}


async def _feed(stdin: asyncio.StreamWriter, given: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stdin.write(given)
        await stdin.drain()
        stdin.close()


async def _line(stdout: asyncio.StreamReader, waiting: Callable[[], Awaitable[None]] | None) -> bytes:
    reading = asyncio.ensure_future(stdout.readline())
    try:
        while not (await asyncio.wait({reading}, timeout=_LOOK_S))[0]:
            if waiting is not None:
                await waiting()
        return reading.result()
    except ValueError as exc:
        raise limits.refused("文件中有一行过长，无法读取。") from exc
    finally:
        reading.cancel()
