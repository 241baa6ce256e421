r"""Frames of HJ 212: found in a stream of bytes, checked, and built.

    ##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=…;Flag=5;CP=&&RtdInterval=30&&1C80\r\n
    ││└─┬┘└──────────────────────────── segment, `length` bytes ─────────────────────────┘└┬─┘└┬─┘
    head length, 4 decimal digits                                                      CRC, hex └ end

The check is the standard's own CRC (HJ 212-2017 annex A): each byte is put on the *high byte* of the register
shifted down, so it is not the CRC of Modbus ("123456789" gives 2F80, Modbus 4B37); it is written high byte
first. A frame counts when head, length and CRC fit; the end (CR LF) is skipped where it stands, since some
loggers leave it out. Segments longer than the standard's 1,024 bytes are met in the field and taken up to
9,999, which is what four digits can say; the check of a broken frame is tried at each head only, and what
cannot be a segment is not summed at all.
"""

from __future__ import annotations

from typing import Final

HEAD: Final = b"##"
OVERHEAD: Final = 10  # head, length, CRC
MOST: Final = 9_999
LEAST: Final = 20  # "ST=32;CN=2011;CP=&&&" and less says nothing
_HEX: Final = frozenset(b"0123456789ABCDEFabcdef")


def _round(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value


_TABLE: Final = tuple(_round(value) for value in range(256))


def crc(segment: bytes) -> int:
    """Return the check of a segment (HJ 212-2017 annex A, HJ/T 212-2005 annex A)."""
    r = 0xFFFF
    for byte in segment:
        r = _TABLE[r >> 8 ^ byte]
    return r


def frame(segment: bytes) -> bytes:
    """Build a frame round a segment.

    Raises:
        ValueError: four digits cannot say its length.
    """
    if len(segment) > MOST:
        raise ValueError(f"a segment has at most {MOST} bytes, not {len(segment)}")
    return b"##%04d%b%04X\r\n" % (len(segment), segment, crc(segment))


class Stream:
    """Finds the frames of one peer; holds at most one frame's worth of bytes."""

    def __init__(self) -> None:
        self._rest = b""
        self.broken = 0

    def take(self, data: bytes) -> list[bytes]:
        """Add received bytes and return the segments of the whole frames."""
        return self._hunt(self._rest + data, final=False)

    def pending(self) -> int:
        """Return how many bytes of a frame that is not whole are held."""
        return len(self._rest)

    def settle(self) -> list[bytes]:
        """Stop waiting for the rest of a frame and return the whole ones behind its beginning."""
        return self._hunt(self._rest, final=True)

    def _hunt(self, data: bytes, final: bool) -> list[bytes]:
        found: list[bytes] = []
        start = 0
        while (start := data.find(HEAD, start)) >= 0:
            length = _length(data, start)
            if length == 0:
                start += 1
                continue
            stop = start + OVERHEAD + length
            if length < 0 or stop > len(data):
                if not final:
                    break
                self.broken += 1
                start += len(HEAD)
                continue
            segment = data[start + 6 : stop - 4]
            if _plausible(segment, data[stop - 4 : stop]) and crc(segment) == int(data[stop - 4 : stop], 16):
                found.append(segment)
                start = stop
            else:
                self.broken += 1
                start += len(HEAD)
        if start < 0:  # a head may have been cut in two
            start = len(data) - 1 if data.endswith(b"#") and not final else len(data)
        self._rest = data[start:]
        return found


def _length(data: bytes, start: int) -> int:
    """Return the length that a head claims; 0: this is no head, -1: not enough bytes to say."""
    digits = data[start + 2 : start + 6]
    if digits and not digits.isdigit():
        return 0
    if len(digits) < 4:
        return -1
    length = int(digits)
    return length if length >= LEAST else 0


def _plausible(segment: bytes, check: bytes) -> bool:
    """Say whether it is worth summing: noise that looks like heads must not cost a sum each."""
    return _HEX.issuperset(check) and b"CP=&&" in segment and segment.endswith(b"&&")
