"""DL/T 645 meters for tests, written from the frames of the standard without a line of the driver.

Meter `n` has the address 1000000000nn; its question `k` is the energy of tariff k, whose eight digits name
unit, question and time.
"""

from __future__ import annotations

from rig.asked import Requests

SHIFT = 0x33


def address(unit: int) -> str:
    """Return the number on the face of meter `unit`."""
    return f"1000000000{unit:02}"


def identifier(question: int) -> str:
    """Return the data identifier of a question, as printed."""
    return f"0001{question:02X}00"


def frame(to: bytes, control: int, data: bytes) -> bytes:
    """Return a frame; `to` as on the wire."""
    out = bytearray(b"\x68") + to + b"\x68" + bytes([control, len(data)])
    for byte in data:
        out.append((byte + SHIFT) % 256)
    total = 0
    for byte in out:
        total = (total + byte) % 256
    return bytes(out + bytes([total, 0x16]))


def reply(unit: int, question: int, value: int) -> bytes:
    """Return the good reply: FE FE, then the value as eight BCD digits behind the identifier."""
    data = bytes.fromhex(identifier(question))[::-1] + bytes.fromhex(f"{value:08}")[::-1]
    return b"\xfe\xfe" + frame(bytes.fromhex(address(unit))[::-1], 0x91, data)


def refuse(unit: int, bits: int) -> bytes:
    """Return the frame by which a meter refuses."""
    return frame(bytes.fromhex(address(unit))[::-1], 0xD1, bytes([bits]))


def whole(data: bytes) -> list[tuple[bytes, int, bytes]]:
    """Return (address, control, data) of everything in the bytes that any reader could take for a frame."""
    found = []
    for start in range(len(data)):
        rest = data[start:]
        if len(rest) < 12 or rest[0] != 0x68 or rest[7] != 0x68:
            continue
        end = 10 + rest[9] + 2
        if len(rest) >= end and rest[end - 1] == 0x16 and sum(rest[: end - 2]) % 256 == rest[end - 2]:
            body = bytes((byte - SHIFT) % 256 for byte in rest[10 : end - 2])
            found.append((rest[1:7], rest[8], body))
    return found


class RequestCutter:
    """Cuts what the gateway sent into read requests."""

    def __init__(self) -> None:
        self._rest = b""

    def __call__(self, data: bytes) -> Requests:
        found: Requests = []
        self._rest += data
        while (start := self._rest.find(b"\x68")) >= 0 and len(self._rest) >= start + 16:
            request = self._rest[start : start + 16]
            self._rest = self._rest[start + 16 :]
            assert request[7] == 0x68
            assert request[8:10] == b"\x11\x04"
            assert sum(request[:14]) % 256 == request[14]
            assert request[15] == 0x16
            number = int(request[6:0:-1].hex()[-2:])
            di = bytes((byte - SHIFT) % 256 for byte in request[10:14])[::-1]
            assert di[:2] == b"\x00\x01"
            found.append((number, di[2], request))
        return found
