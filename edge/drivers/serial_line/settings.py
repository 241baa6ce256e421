r"""The tables of a bus with instruments that speak lines of text or simple binary frames.

Texts may hold any byte: TOML's own `"\r"` and `"\u0002"`, or `'\x02'` in single quotes.
"""

from typing import Annotated, Literal

import msgspec

from edge.config_models import PointTable, UnitTable
from edge.drivers.serial_settings import SerialTable

Columns = Annotated[list[int], msgspec.Meta(min_length=2, max_length=2)]
Bytes = Annotated[str, msgspec.Meta(max_length=64)]
Word = Literal[
    "uncertain", "sensor-failure", "device-failure", "out-of-service", "config-error", "comm-failure"
]


class Point(PointTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One number of a line: a named group of the unit's pattern, or columns (from 1, both included).

    `sign_group` is where an instrument writes the sign apart from the number.
    """

    group: str = ""
    columns: Columns | None = None
    sign_group: str = ""
    coding: Literal[
        "text", "hex", "bcd", "uint-be", "uint-le", "int-be", "int-le", "float-be", "float-le"
    ] = "text"


class Unit(UnitTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One instrument: how it is asked (`ask`; "" speaks by itself), how its line is framed, what is in it.

    `address` is the text by which its lines name it: `{address}` in `ask` and `pattern` stands for it, a
    group `unit` or `address_columns` are compared with it. `bad` gives texts in the place of a number, of the
    status or of the whole line their quality; with `good` only these texts of the status are good.
    """

    ask: Bytes = ""
    address: Annotated[str, msgspec.Meta(max_length=32)] = ""
    address_columns: Columns | None = None
    start: Bytes = ""
    end: Bytes = ""
    length: Annotated[int, msgspec.Meta(ge=0, le=1024)] = 0
    idle_ms: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    max_length: Annotated[int, msgspec.Meta(ge=1, le=1024)] = 128
    checksum: Literal["none", "xor", "sum8", "lrc", "crc16-modbus"] = "none"
    checksum_form: Literal["hex", "raw"] = "hex"
    checksum_place: Literal["before-end", "after-end"] = "before-end"
    checksum_mark: Bytes = ""
    checksum_covers_start: bool = False
    pattern: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    decimal_comma: bool = False
    status_group: str = ""
    status_columns: Columns | None = None
    good: tuple[str, ...] = ()
    bad: dict[str, Word] = msgspec.field(default_factory=dict)
    points: tuple[Point, ...] = ()


class Bus(SerialTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A serial line. `unnamed_replies`: several instruments whose lines do not say whose they are."""

    kind: Literal["serial-line"] = "serial-line"
    unnamed_replies: bool = False
    units: tuple[Unit, ...] = ()


def text_bytes(text: str) -> bytes:
    r"""Turn a configured text into bytes: one a character, and `\xHH`, `\r`, `\n`, `\t`, `\0`, `\\`.

    Raises:
        ValueError: a character above 255, or an escape that is none; says which.
    """
    out = bytearray()
    at = 0
    named = {"r": 13, "n": 10, "t": 9, "0": 0, "\\": 92}
    while at < len(text):
        char = text[at]
        at += 1
        if char == "\\":
            escape = text[at : at + 1]
            if escape == "x":
                digits = text[at + 1 : at + 3]
                if len(digits) != 2 or any(d not in "0123456789abcdefABCDEF" for d in digits):
                    raise ValueError(rf"\x{digits} needs two hexadecimal digits")
                out.append(int(digits, 16))
                at += 3
                continue
            if escape not in named:
                raise ValueError(rf"\{escape} is no escape; known are \xHH \r \n \t \0 \\")
            out.append(named[escape])
            at += 1
        elif ord(char) > 255:
            raise ValueError(rf"{char!r} is no single byte; write its bytes as \xHH")
        else:
            out.append(ord(char))
    return bytes(out)
