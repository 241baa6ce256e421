"""A Modbus TCP to serial gateway in front of misbehaving instruments, with stamps good and bad.

It passes on every frame of its serial side that has a good check sum, and stamps it with a transaction id:

    own        of the request that the frame answers
    newest     of the request that came last: late replies get the id of somebody else's request
    zero       always 0
    previous   of the request before
    wrong      its own plus 7
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
import time
from collections.abc import AsyncIterator

from rig.faults import Instruments
from rig.wire import crc16, rtu


class TcpGateway:
    """Serves one set of instruments to any number of TCP connections."""

    def __init__(
        self, line: Instruments, stamp: str = "own", *, protocol: int = 0, extra_length: int = 0
    ) -> None:
        """Set the gateway up.

        Args:
            line: the serial side.
            stamp: which transaction id replies get.
            protocol: protocol id of the replies (0 is right).
            extra_length: by how much the length field lies.
        """
        self.line = line
        self.stamp = stamp
        self.protocol = protocol
        self.extra_length = extra_length
        self.ids: list[int] = []
        self.connections = 0
        self._writers: set[asyncio.StreamWriter] = set()

    def drop(self) -> None:
        """Break every connection."""
        for writer in list(self._writers):
            writer.transport.abort()

    @contextlib.asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[int]:
        """Listen while the block runs; yields the port."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", port)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            self.drop()
            await asyncio.sleep(0.01)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        self._writers.add(writer)
        self.connections += 1
        try:
            while True:
                transaction, _, length, unit = struct.unpack(">HHHB", await reader.readexactly(7))
                pdu = await reader.readexactly(length - 1)
                self.ids.append(transaction)
                for delay, frame in self.line.hear(rtu(unit, pdu), time.monotonic() * 1000):
                    if len(frame) > 4 and crc16(bytes(frame[:-2])) == frame[-2:]:
                        loop.call_later(max(0.0, delay) / 1000, self._send, writer, transaction, frame[:-2])
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def _send(self, writer: asyncio.StreamWriter, asked: int, frame: bytes | bytearray) -> None:
        previous = self.ids[-2] if len(self.ids) > 1 else 0
        stamp = {"own": asked, "newest": self.ids[-1], "zero": 0, "previous": previous, "wrong": asked + 7}
        head = struct.pack(">HHH", stamp[self.stamp] & 0xFFFF, self.protocol, len(frame) + self.extra_length)
        if not writer.is_closing():
            writer.write(head + frame)
