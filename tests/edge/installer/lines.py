"""Lines for the installer's tools: a pseudo-terminal whose far end is played by what hears and answers."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from rig.faults import Sending
from rig.wire import PtyWire

Hear = Callable[[bytes, float], list[Sending]]


@contextlib.asynccontextmanager
async def line(folder: Path, hear: Hear) -> AsyncIterator[PtyWire]:
    """Play a line; `hear(bytes, now ms)` returns (delay ms, bytes) to send."""
    loop = asyncio.get_running_loop()
    with PtyWire(str(folder / "tty")) as wire:

        def send(data: bytes) -> None:
            if wire.fd >= 0:
                os.write(wire.fd, data)

        def ready() -> None:
            with contextlib.suppress(OSError):
                for delay, data in hear(os.read(wire.fd, 4096), loop.time() * 1000):
                    loop.call_later(max(0.0, delay) / 1000, send, bytes(data))

        loop.add_reader(wire.fd, ready)
        try:
            yield wire
        finally:
            loop.remove_reader(wire.fd)
