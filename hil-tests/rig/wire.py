"""Virtual wires: a pseudo-terminal pair as an RS-485 adapter, RTU and ASCII as an instrument sees them.

The check sums here are computed bit by bit and share no code with the driver, so that a test which compares
both can't be fooled by one mistake made once.
"""

from __future__ import annotations

import contextlib
import os
import tty
from types import TracebackType
from typing import Self


def _crc_of_byte(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


_TABLE = [_crc_of_byte(value) for value in range(256)]


def crc16(data: bytes) -> bytes:
    """Return the two check bytes of an RTU frame, low byte first (Modbus over Serial Line V1.02, 6.2.2)."""
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return bytes((crc & 0xFF, crc >> 8))


def rtu(unit: int, pdu: bytes) -> bytes:
    """Return the RTU frame of a PDU: unit, PDU, check sum."""
    body = bytes((unit,)) + pdu
    return body + crc16(body)


def request_length(data: bytes) -> int:
    """Return how long the RTU request that starts `data` is: 0 = needs more bytes, -1 = none starts here."""
    if len(data) < 2:
        return 0
    function = data[1]
    if function in (1, 2, 3, 4, 5, 6, 8):
        return 8
    if function in (15, 16):
        return 9 + data[6] if len(data) > 6 else 0
    return -1


class RequestHunter:
    """Cuts a byte stream into RTU requests with a good check sum; anything else is skipped as noise."""

    def __init__(self) -> None:
        self._rest = b""

    def take(self, data: bytes) -> list[tuple[int, bytes]]:
        """Add received bytes and return the (unit, PDU) of every whole request."""
        self._rest = (self._rest + data)[-1024:]
        found: list[tuple[int, bytes]] = []
        while True:
            length = request_length(self._rest)
            if length == 0 or 0 < len(self._rest) < length:
                return found
            frame = self._rest[: max(length, 0)]
            if length > 0 and crc16(frame[:-2]) == frame[-2:]:
                found.append((frame[0], frame[1:-2]))
                self._rest = self._rest[length:]
            else:
                self._rest = self._rest[1:]


def lrc8(data: bytes) -> int:
    """Return the check byte of an ASCII frame (Modbus over Serial Line V1.02, 6.2.1)."""
    total = 0
    for byte in data:
        total = total + byte & 0xFF
    return (total ^ 0xFF) + 1 & 0xFF


def ascii_frame(unit: int, pdu: bytes) -> bytes:
    """Return the ASCII frame of a PDU: colon, unit, PDU and check sum in hexadecimal, CR, LF."""
    body = bytes((unit,)) + pdu
    return b":" + "".join(f"{byte:02X}" for byte in (*body, lrc8(body))).encode() + b"\r\n"


class AsciiHunter:
    """Cuts a stream of characters into ASCII requests with a good check sum; all else is skipped as noise."""

    def __init__(self) -> None:
        self._rest = b""

    def take(self, data: bytes) -> list[tuple[int, bytes]]:
        """Add received characters and return the (unit, PDU) of every whole request."""
        *lines, self._rest = (self._rest + data)[-2048:].split(b"\r\n")
        found: list[tuple[int, bytes]] = []
        for line in lines:
            text = line[line.rfind(b":") + 1 :]
            with contextlib.suppress(ValueError):
                body = bytes.fromhex(text.decode("ascii", "replace"))
                if len(body) > 2 and lrc8(body[:-1]) == body[-1]:
                    found.append((body[0], body[1:-1]))
        return found


class PtyWire:
    """A pseudo-terminal pair: `device` is what the gateway opens, `fd` the instruments' end.

    `unplug()` takes the adapter away as a pulled USB plug does; `plug()` brings a new one back under the same
    name, which is why the device is reached through a symbolic link of the caller's folder.
    """

    def __init__(self, link: str) -> None:
        self.device = link
        self.fd = -1
        self._far = -1
        self.plug()

    def plug(self) -> None:
        """Create the pair and point the link at it."""
        self.fd, self._far = os.openpty()
        tty.setraw(self._far)
        os.set_blocking(self.fd, False)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.device)
        os.symlink(os.ttyname(self._far), self.device)

    def unplug(self) -> None:
        """Take the pair away: whoever has the device open gets an error."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.device)
        for fd in (self.fd, self._far):
            if fd >= 0:
                os.close(fd)
        self.fd = self._far = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.unplug()
