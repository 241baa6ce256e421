"""An SL 651 station for tests, written from the standard's layout alone: it builds reports bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

BEIJING = timedelta(hours=8)
ADDRESS = "0012345678"
PASSWORD = "1234"


def crc(data: bytes) -> int:
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            lowest = register & 1
            register >>= 1
            if lowest:
                register ^= 0xA001
    return register


def stamp(utc_ms: int, fields: int = 6) -> str:
    at = datetime.fromtimestamp(utc_ms / 1000, UTC) + BEIJING
    return at.strftime("%y%m%d%H%M%S")[: 2 * fields]


def number(value: float, size: int, decimals: int, counted: bool = True) -> str:
    """Return length byte and BCD of a number, as hexadecimal text."""
    digits = f"{round(abs(value) * 10**decimals):0{2 * size}d}"
    sign = "FF" if value < 0 else ""
    told = size + (value < 0 and counted)
    return f"{told << 3 | decimals:02X}{sign}{digits}"


def up(
    function: int, text: str, *, station: str = ADDRESS, password: str = PASSWORD, end: int = 0x03
) -> bytes:
    """Return a frame of one pack with this text (hexadecimal)."""
    body = f"7E7E01{station}{password}{function:02X}{len(text) // 2:04X}02{text}{end:02X}"
    data = bytes.fromhex(body)
    return data + crc(data).to_bytes(2, "big")


def packs(function: int, text: str, sizes: Sequence[int], *, station: str = ADDRESS) -> list[bytes]:
    """Return the frames of a text divided over several packs of these sizes in bytes."""
    found = []
    at = 0
    for i, size in enumerate(sizes):
        part = text[2 * at : 2 * (at + size)]
        at += size
        last = i == len(sizes) - 1
        said = f"{len(sizes) << 12 | i + 1:06X}{part}"
        body = f"7E7E01{station}{PASSWORD}{function:02X}{len(said) // 2:04X}16{said}{3 if last else 0x17:02X}"
        data = bytes.fromhex(body)
        found.append(data + crc(data).to_bytes(2, "big"))
    return found


def text(
    elements: str, utc_ms: int, *, serial: int = 1, sent_ms: int | None = None, station: str = ADDRESS
) -> str:
    """Return the text of a report, hexadecimal: head, station, times, then these elements."""
    sent = stamp(utc_ms if sent_ms is None else sent_ms)
    return f"{serial:04X}{sent}F1F1{station}48F0F0{stamp(utc_ms, 5)}{elements}"
