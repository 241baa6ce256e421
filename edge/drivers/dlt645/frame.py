"""DL/T 645-2007 frames: building requests, finding replies in a stream, and nothing about their meaning.

    FE FE FE FE | 68 | A0 A1 A2 A3 A4 A5 | 68 | C | L | data, each + 33H | CS | 16
    preamble         address, BCD,             |   |                       sum mod 256 from the first 68
                     lowest pair first         |   bytes of data
                                               control: 11 read, 91 reply, D1 refusal, 13/93 read address

    FE FE FE FE 68 25 04 03 02 01 00 68 11 04 33 33 34 33 E1 16               read 00010000 of 000102030425
                68 25 04 03 02 01 00 68 91 08 33 33 34 33 75 39 45 33 8B 16   1206.42 kWh

Source: DL/T 645-2007, clauses 5 and 7 (frame, transmission), as shown by the two frames above, whose check
sums are right; the bits of the refusal (clause 7.2) and the length limit of 200 are from memory.
"""

from typing import Final, NamedTuple

START: Final = 0x68
END: Final = 0x16
PREAMBLE: Final = b"\xfe\xfe\xfe\xfe"
SHIFT: Final = 0x33
READ: Final = 0x11
REPLY: Final = 0x91
REPLY_GOES_ON: Final = 0xB1
REFUSED: Final = 0xD1
READ_ADDRESS: Final = 0x13
ADDRESS_REPLY: Final = 0x93
ANYBODY: Final = b"\xaa" * 6

HEAD: Final = 10  # 68 address 68 control length
TAIL: Final = 2
LONGEST_DATA: Final = 200  # from memory: reading allows 200 bytes, writing 50
LONGEST: Final = HEAD + LONGEST_DATA + TAIL

REFUSALS: Final = (  # bits of the one byte that a refusal carries; from memory
    "another error",
    "the meter has no such data",
    "password wrong, or not allowed",
    "the baud rate cannot be changed",
    "too many yearly periods",
    "too many daily periods",
    "too many tariffs",
)


class Frame(NamedTuple):
    """One frame with a right check sum; `data` without the 33H."""

    address: bytes
    control: int
    data: bytes


def address_bytes(digits: str) -> bytes:
    """Turn the number on the meter's face into the six bytes of a frame, lowest pair first.

    Raises:
        ValueError: these are not 1 to 12 decimal digits.
    """
    if not 1 <= len(digits) <= 12 or not (digits.isascii() and digits.isdecimal()):
        raise ValueError(f"{digits!r} is not the 1 to 12 digits of a meter's address")
    return bytes.fromhex(digits.zfill(12))[::-1]


def address_digits(address: bytes) -> str:
    """Turn the six bytes of a frame into the number on the meter's face."""
    return address[::-1].hex()


def identifier_bytes(di: str) -> bytes:
    """Turn a data identifier as printed (`"02010100"`, highest byte first) into the four bytes of a frame.

    Raises:
        ValueError: these are not eight hexadecimal digits.
    """
    if len(di) != 8:
        raise ValueError(f"{di!r} has {len(di)} digits; a data identifier has eight, for example 02010100")
    return bytes.fromhex(di)[::-1]


def build(address: bytes, control: int, data: bytes = b"") -> bytes:
    """Return a frame from its first 68 to its 16."""
    shifted = bytes((byte + SHIFT) & 0xFF for byte in data)
    body = bytes((START,)) + address + bytes((START, control, len(data))) + shifted
    return body + bytes((sum(body) & 0xFF, END))


def read(address: bytes, identifier: bytes) -> bytes:
    """Return the request for one data identifier, with the preamble that wakes infra-red and old meters."""
    return PREAMBLE + build(address, READ, identifier)


def read_address() -> bytes:
    """Return the request that the only meter on a line answers with its address."""
    return PREAMBLE + build(ANYBODY, READ_ADDRESS)


def refusal(data: bytes) -> str:
    """Say in words why a meter refused."""
    bits = data[0] if data else 0
    words = [text for i, text in enumerate(REFUSALS) if bits >> i & 1]
    return ", ".join(words) or "no reason given"


class Stream:
    """Cuts received bytes into frames; hunts over noise, consumes a good frame whole, looks inside none."""

    def __init__(self) -> None:
        self.malformed = 0
        self._rest = bytearray()

    def take(self, data: bytes) -> list[Frame]:
        """Add received bytes; return the frames that are whole."""
        self._rest += data
        found = self._cut()
        if len(self._rest) > 2 * LONGEST:  # can't be: a candidate is at most LONGEST long
            self._skip(len(self._rest) - LONGEST)
        return found

    def settle(self) -> list[Frame]:
        """Return what lies behind noise that looks like the beginning of a longer frame; forget the rest."""
        found: list[Frame] = []
        while self._rest:
            self._skip(1)
            found += self._cut()
        return found

    def _cut(self) -> list[Frame]:
        found: list[Frame] = []
        rest = self._rest
        while rest:
            start = rest.find(START)
            if start < 0:
                self._skip(len(rest), preamble=True)
                break
            self._skip(start, preamble=True)
            if len(rest) < HEAD:
                if len(rest) > 7 and rest[7] != START:
                    self._skip(1)
                    continue
                break
            length = rest[9]
            whole = HEAD + length + TAIL
            if rest[7] != START or length > LONGEST_DATA:
                self._skip(1)
                continue
            if len(rest) < whole:
                break
            if rest[whole - 1] != END or sum(rest[: whole - TAIL]) & 0xFF != rest[whole - TAIL]:
                self._skip(1)
                continue
            data = bytes((byte - SHIFT) & 0xFF for byte in rest[HEAD : HEAD + length])
            found.append(Frame(bytes(rest[1:7]), rest[8], data))
            del rest[:whole]
        return found

    def _skip(self, count: int, *, preamble: bool = False) -> None:
        dropped = self._rest[:count]
        self.malformed += len(dropped) - (dropped.count(0xFE) if preamble else 0)
        del self._rest[:count]
