"""Cuts the received characters into Modbus ASCII frames, over noise and chunk borders, and writes requests.

    ':' | unit | function | data ... | LRC | CR LF      each byte between ':' and CR as two hexadecimal digits

(Modbus over Serial Line V1.02, 2.5.2; the LRC is the negated sum of all bytes before it, 6.2.1.) A ':' begins
a frame wherever it stands, so a broken frame never hides the one behind it, and no gap between characters of
less than a second ends a frame.

The LRC is weak. Every single changed character and every lost character is noticed; of frames that are more
badly damaged and still have the right form one in 256 passes, where the CRC of RTU lets one in 65,536 pass.
Parity helps (7E1 is the standard's own setting). Unit, function and byte count are checked as everywhere
(rule U), so what can pass is a wrong number in the right registers, never the numbers of other registers.
Prefer RTU wherever an instrument offers both.

Frames are given as `frame.RtuStream` gives them, and requests are known by their RTU bytes, so that the port
needn't know how they are written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.drivers.modbus.frame import MASTER, crc

if TYPE_CHECKING:
    from edge.drivers.modbus.frame import Frame

LONGEST = 513  # ':' + 2 * (unit + 253 of PDU + LRC) + CR LF
GAP_MS = 1000  # between two characters of a frame (2.5.2.1)
DIGITS = frozenset(b"0123456789ABCDEFabcdef")
END = b"\r\n"


def lrc(data: bytes) -> int:
    """Return the check sum of an ASCII frame's bytes; all of them with it sum up to 0."""
    return -sum(data) & 0xFF


def encode(wire: bytes) -> bytes:
    """Return the ASCII frame that says what the RTU frame `wire` says."""
    body = wire[:-2]
    return b":" + (body + bytes((lrc(body),))).hex().upper().encode() + END


class AsciiStream:
    """Frames of one serial line in ASCII; it keeps at most one incomplete frame."""

    def __init__(self) -> None:
        self._rest = b""
        self._last_ms = 0
        self.malformed = 0

    def take(self, data: bytes, now: int, own: bytes) -> list[Frame]:
        """Add received characters and return the whole frames.

        Args:
            data: what came.
            now: monotonic ms.
            own: our last request as RTU bytes, whose echo may come.
        """
        if self._rest:
            if now - self._last_ms > GAP_MS:
                self.malformed += len(self._rest)
            else:
                data = self._rest + data
        self._last_ms = now
        frames: list[Frame] = []
        start = data.find(b":")
        while start >= 0:
            again = data.find(b":", start + 1)
            end = data.find(END, start, again if again >= 0 else len(data))
            if end >= 0:
                self._add(data[start + 1 : end], own, frames)
            elif again >= 0:
                self.malformed += again - start
            else:
                break
            start = again
        rest = data[start:] if start >= 0 else b""
        if len(rest) > LONGEST:
            self.malformed += len(rest)
            rest = b""
        self._rest = rest
        return frames

    def settle(self, own: bytes) -> list[Frame]:  # noqa: ARG002  # as RtuStream
        """Return nothing: no incomplete frame can hide a whole one, and its rest may still come."""
        return []

    def _add(self, text: bytes, own: bytes, frames: list[Frame]) -> None:
        """Append the frame that these digits spell, if they do."""
        body = _body(text)
        if len(body) < 2:
            self.malformed += len(text) + 3
            return
        unit, function = body[0], body[1]
        wire = body + crc(body).to_bytes(2, "little")
        if own and function not in (5, 6, 8) and wire == own:
            frames.append((unit, MASTER, wire, 0))
        elif _is_reply(body):
            frames.append((unit, function, body[3 if function <= 4 else 2 :], 0))
        elif _is_request(body):
            frames.append((unit, MASTER, wire, 0))
        else:
            self.malformed += len(text) + 3


def _body(text: bytes) -> bytes:
    """Return the bytes that hexadecimal digits spell, without the LRC; b"" if it, or a digit, is wrong."""
    if len(text) % 2 or not DIGITS.issuperset(text):
        return b""
    data = bytes.fromhex(text.decode("ascii"))
    return data[:-1] if sum(data) & 0xFF == 0 else b""


def _is_reply(body: bytes) -> bool:
    """Say whether unit, function and data have the form of a reply."""
    function, length = body[1], len(body)
    if 1 <= function <= 4:
        # Three data bytes of registers can't be: such a frame is a request for addresses from 0x0300 on.
        return length >= 3 and body[2] == length - 3 and not (function >= 3 and body[2] == 3)
    if function in (5, 6, 8, 15, 16):
        return length == 6
    return length == 3 and 0x81 <= function <= 0x90


def _is_request(body: bytes) -> bool:
    """Say whether unit, function and data have the form that only a request has."""
    function, length = body[1], len(body)
    if 1 <= function <= 4:
        return length == 6
    return function in (15, 16) and length >= 8 and body[6] == length - 7
