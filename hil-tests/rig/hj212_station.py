"""An HJ 212 station for tests, written from the standard's layout alone: it reports, keeps, and sends again.

It shares no line with the driver: the CRC goes bit by bit as annex A describes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

BEIJING = timedelta(hours=8)


def crc(segment: bytes) -> int:
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ byte
        for _ in range(8):
            lowest = register & 1
            register >>= 1
            if lowest:
                register ^= 0xA001
    return register


def frame(segment: str, encoding: str = "ascii") -> bytes:
    data = segment.encode(encoding)
    return b"##" + f"{len(data):04d}".encode() + data + f"{crc(data):04X}".encode() + b"\r\n"


def stamp(utc_ms: int, milliseconds: bool = False) -> str:
    at = datetime.fromtimestamp(utc_ms / 1000, UTC) + BEIJING
    return at.strftime("%Y%m%d%H%M%S") + (f"{utc_ms % 1000:03d}" if milliseconds else "")


def report(
    values: Mapping[str, str],
    utc_ms: int,
    *,
    mn: str = "010000A8900016F000169DC0",
    pw: str = "123456",
    cn: int = 2011,
    flag: int = 5,
    sent_ms: int | None = None,
    field: str = "Rtd",
    data_flag: str = "N",
    extra: str = "",
) -> str:
    """Return the segment of a report of factors observed at `utc_ms`."""
    said = ";".join(f"{name}-{field}={value},{name}-Flag={data_flag}" for name, value in values.items())
    qn = stamp(utc_ms if sent_ms is None else sent_ms, milliseconds=True)
    cp = f"DataTime={stamp(utc_ms)};{said}{extra}"
    return f"QN={qn};ST=31;CN={cn};PW={pw};MN={mn};Flag={flag};CP=&&{cp}&&"


class Station:
    """One TCP client that reports and reads answers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def dial(cls, port: int) -> Station:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self, timeout_s: float = 30.0) -> dict[str, str]:
        """Return the fields of the next answer; its check must be right."""
        async with asyncio.timeout(timeout_s):
            line = await self._reader.readuntil(b"\r\n")
        assert line.startswith(b"##")
        segment = line[6:-6]
        assert int(line[2:6]) == len(segment)
        assert int(line[-6:-2], 16) == crc(segment)
        return dict(re.findall(r"(\w+)=([^;]*)", segment.decode()))

    async def gone(self, timeout_s: float = 30.0) -> bool:
        """Wait until the other side has closed."""
        async with asyncio.timeout(timeout_s):
            with contextlib.suppress(ConnectionError):
                while await self._reader.read(4096):
                    pass
        return True

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
