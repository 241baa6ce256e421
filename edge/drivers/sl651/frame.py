"""Frames of SL 651-2014 in HEX/BCD coding: found in a stream of bytes, checked, and built.

    up    7E 7E │ centre 1 │ station 5 │ password 2 │ function 1 │ 0lll │ 02 │ text lll … │ 03 │ CRC 2
    down  7E 7E │ station 5 │ centre 1 │ password 2 │ function 1 │ 8lll │ 02 │ text lll … │ 04 │ CRC 2
                                                                   │      └ 16: of several packs, the text
          high digit 0 up, 8 down; length of the text, 12 bits ────┘        begins with total and number

The check is the CRC-16 of Modbus over everything before it, written high byte first. Station: BCD, or with a
first byte other than 00 three BCD bytes of a region and a binary number; so it is compared as bytes.
Sources: worked frames of two public descriptions and of two public implementations, CRCs recomputed; control
characters as in both implementations. The ASCII coding (SOH 01) is not spoken.
"""

from __future__ import annotations

from typing import Final

import msgspec

HEAD: Final = b"\x7e\x7e"
STX: Final = 0x02  # one pack
SYN: Final = 0x16  # one of several
ETX: Final = 0x03  # nothing follows
ETB: Final = 0x17  # more packs follow
ENQ: Final = 0x05
EOT: Final = 0x04  # received, over
ACK: Final = 0x06
NAK: Final = 0x15  # send this pack again
ESC: Final = 0x1B  # received, stay in touch
UP: Final = 0x0
DOWN: Final = 0x8
BEFORE: Final = 14  # bytes before the text
AFTER: Final = 3  # end character and check
MOST: Final = BEFORE + 0xFFF + AFTER
_ENDS: Final = frozenset((ETX, ETB, ENQ, EOT, ACK, NAK, ESC))


class Frame(msgspec.Struct, frozen=True):
    """One frame whose check is right; `pack` of `packs` counts from 1, both 1 for a single one."""

    direction: int
    centre: int
    station: bytes
    password: bytes
    function: int
    text: bytes
    end: int
    packs: int = 1
    pack: int = 1


def _round(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value


_TABLE: Final = tuple(_round(value) for value in range(256))


def crc(data: bytes) -> int:
    """Return the CRC-16 of Modbus (polynomial A001 reflected, start FFFF)."""
    r = 0xFFFF
    for byte in data:
        r = r >> 8 ^ _TABLE[(r ^ byte) & 0xFF]
    return r


def frame(what: Frame) -> bytes:
    """Build the bytes of a frame.

    Raises:
        ValueError: its text is longer than twelve bits say.
    """
    several = what.packs > 1
    text = (what.packs << 12 | what.pack).to_bytes(3, "big") + what.text if several else what.text
    if len(text) > 0xFFF:
        raise ValueError(f"a frame carries at most 4095 bytes of text, not {len(text)}")
    centre = bytes((what.centre,))
    who = what.station + centre if what.direction == DOWN else centre + what.station
    length = (what.direction << 12 | len(text)).to_bytes(2, "big")
    start = bytes((SYN if several else STX,))
    data = HEAD + who + what.password + bytes((what.function,)) + length + start + text + bytes((what.end,))
    return data + crc(data).to_bytes(2, "big")


class Stream:
    """Finds the frames of one peer; holds at most one frame's worth of bytes."""

    def __init__(self) -> None:
        self._rest = b""
        self.broken = 0

    def take(self, data: bytes) -> list[Frame]:
        """Add received bytes and return the whole frames."""
        return self._hunt(self._rest + data, final=False)

    def pending(self) -> int:
        """Return how many bytes of a frame that is not whole are held."""
        return len(self._rest)

    def settle(self) -> list[Frame]:
        """Stop waiting for the rest of a frame and return the whole ones behind its beginning."""
        return self._hunt(self._rest, final=True)

    def _hunt(self, data: bytes, final: bool) -> list[Frame]:
        found: list[Frame] = []
        start = 0
        while (start := data.find(HEAD, start)) >= 0:
            size = _size(data, start)
            if size == 0:
                start += 1
                continue
            stop = start + size
            if size < 0 or stop > len(data):
                if not final:
                    break
                self.broken += 1
                start += 1
                continue
            one = _frame(data[start:stop])
            if one is None:
                self.broken += 1
                start += 1
            else:
                found.append(one)
                start = stop
        if start < 0:  # a head may have been cut in two
            start = len(data) - 1 if data.endswith(HEAD[:1]) and not final else len(data)
        self._rest = data[start:]
        return found


def _size(data: bytes, start: int) -> int:
    """Return how long the frame is that begins here; 0: none does, -1: not enough bytes to say."""
    if len(data) - start < BEFORE:
        return -1
    if data[start + 11] >> 4 not in (UP, DOWN) or data[start + 13] not in (STX, SYN):
        return 0
    length = (data[start + 11] & 0x0F) << 8 | data[start + 12]
    least = 8 if data[start + 13] == STX else 3  # serial number and time; total and number of the pack
    return BEFORE + length + AFTER if length >= least else 0


def _frame(data: bytes) -> Frame | None:
    if data[-3] not in _ENDS or crc(data[:-2]) != int.from_bytes(data[-2:], "big"):
        return None
    direction = data[11] >> 4
    up = direction == UP
    text = data[BEFORE:-AFTER]
    packs = pack = 1
    if data[13] == SYN:
        packs, pack = text[0] << 4 | text[1] >> 4, (text[1] & 0x0F) << 8 | text[2]
        text = text[3:]
        if not 1 <= pack <= packs:
            return None
    return Frame(
        direction,
        data[2] if up else data[7],
        data[3:8] if up else data[2:7],
        data[8:10],
        data[10],
        text,
        data[-3],
        packs,
        pack,
    )
