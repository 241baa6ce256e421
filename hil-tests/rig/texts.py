"""Text instruments for tests: `#01 CR` is answered by `01 12345678*5A CR LF`, the sum being the xor in hex.

Without a name the answer is `12345678*5A CR LF` alone. The eight digits name unit, question and time.
"""

from __future__ import annotations

from functools import reduce

from rig.asked import Requests


def reply(unit: int, question: int, value: int) -> bytes:
    """Return the good reply of an instrument that names itself."""
    return _summed(f"{unit:02} {value:08}")


def unnamed_reply(unit: int, question: int, value: int) -> bytes:
    """Return the good reply of an instrument that does not."""
    return _summed(f"{value:08}")


def _summed(text: str) -> bytes:
    return f"{text}*{_xor(text.encode()):02X}\r\n".encode()


def _xor(data: bytes) -> int:
    return reduce(lambda a, b: a ^ b, data, 0)


def whole(data: bytes) -> bool:
    """Say whether any reader could take some of the bytes for a line with a right sum."""
    for line in data.split(b"\r\n")[:-1]:
        body, mark, told = line.rpartition(b"*")
        if mark and len(told) == 2 and told.upper() == f"{_xor(body):02X}".encode():
            return True
    return False


class RequestCutter:
    """Cuts what the gateway sent into requests `#nn CR`."""

    def __init__(self) -> None:
        self._rest = b""

    def __call__(self, data: bytes) -> Requests:
        self._rest += data
        *requests, self._rest = self._rest.split(b"\r")
        return [(int(request[-2:]), 0, request + b"\r") for request in requests]
