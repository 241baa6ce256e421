"""The local control socket: `fengsui demo press|leak|calm PLANT` talks to the running demo through it.

One JSON object a line each way: {"do": "press", "plant": "chlorine"} is answered {"ok": true, "said": "…"}.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

ACTIONS = ("press", "leak", "calm", "status")


class NoDemo(Exception):
    """No demo is running under this state folder."""


@asynccontextmanager
async def listening(path: Path, act: Callable[[str, str], Awaitable[str]]) -> AsyncIterator[None]:
    """Answer commands on the socket `path` while the block runs; `act(do, plant)` says what was done.

    `act` raises ValueError for a command that makes no sense; its text is what the caller reads.
    """

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            given = json.loads(await reader.readline())
            answer = {"ok": True, "said": await act(str(given["do"]), str(given["plant"]))}
        except (ValueError, KeyError, TypeError) as exc:
            answer = {"ok": False, "said": str(exc)}
        writer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        await writer.drain()
        writer.close()

    path.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(talk, path)
    path.chmod(0o600)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


def ask(path: Path, do: str, plant: str, timeout_s: float = 10.0) -> tuple[bool, str]:
    """Send one command to the running demo; returns whether it was done, and what it said.

    Raises:
        NoDemo: nobody listens on `path`.
    """
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(timeout_s)
        try:
            line.connect(str(path))
        except OSError as exc:
            raise NoDemo(f"no demo is running here ({path}); start it with: make demo") from exc
        line.sendall(json.dumps({"do": do, "plant": plant}).encode() + b"\n")
        with line.makefile("rb") as replies:
            answer = json.loads(replies.readline() or b'{"ok": false, "said": "the demo hung up"}')
    return bool(answer["ok"]), str(answer["said"])
