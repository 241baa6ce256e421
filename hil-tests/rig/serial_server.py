"""A serial server: it passes the bytes of one serial line to TCP connections, in one of two ways.

to the bus          what comes off the line goes to whichever connection is the newest
to the connection   it goes to the connection that asked, and dies with it
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from rig.faults import Instruments


class SerialServer:
    """Serves one line of misbehaving instruments as raw bytes."""

    def __init__(self, line: Instruments, *, to_connection: bool) -> None:
        self.line = line
        self.connections = 0
        self._to_connection = to_connection
        self._newest: asyncio.StreamWriter | None = None

    def drop(self) -> None:
        """Break the newest connection."""
        if self._newest is not None:
            self._newest.transport.abort()

    @contextlib.asynccontextmanager
    async def serve(self) -> AsyncIterator[int]:
        """Listen while the block runs; yields the port."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            self.drop()
            await asyncio.sleep(0.02)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        self._newest = writer
        self.connections += 1
        try:
            while data := await reader.read(4096):
                for delay, frame in self.line.hear(data, time.monotonic() * 1000):
                    loop.call_later(max(0.0, delay) / 1000, self._send, writer, bytes(frame))
        except OSError:
            pass
        finally:
            writer.close()

    def _send(self, asked: asyncio.StreamWriter, frame: bytes) -> None:
        writer = asked if self._to_connection else self._newest
        if writer is not None and not writer.is_closing():
            writer.write(frame)
