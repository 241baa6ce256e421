"""What the text of an SL 651 report says: serial number, times, and the elements with their values.

    serial 2 │ sent 6 (BCD yyMMddHHmmss) │ F1 F1 │ station 5 │ kind of station 1 │ F0 F0 │ observed 5 │
      then elements:  39 │ 23 │ 00 00 01 27          id │ bytes (high 5 bits), decimals (low 3) │ BCD
                      FF │ id │ 12 │ …               an element of the maker's own, "FF38" here
                      04 │ 18 │ dd HH mm │ 39 23 …   a list in steps of time, to the end of the text

A number is BCD; one whose bytes are all FF, or all AA, was not measured (FF: seen in two public
implementations and their frames; AA: from memory). A negative one begins with FF. Whether the byte count
includes that FF differs: one public station counts it, another library does not. Either way the elements must
fill the text to the last byte, so the reading under the station's own way always fits; where both ways fit,
the report is refused until the configuration says which holds.

The time of observation of hourly reports is that of the *first* of twelve five-minute steps with some makers
(one published example) and that of the report with others (worked frames). Pure.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

import msgspec

KEEP_ALIVE: Final = 0x2F
TEST: Final = 0x30
UNIFORM: Final = 0x31
TIMED: Final = 0x32
ADDED: Final = 0x33
HOURLY: Final = 0x34
MANUAL: Final = 0x35
PICTURE: Final = 0x36
QUERY: Final = 0x37
# Functions whose text is elements of the present; 38-3A answer questions about the past, which nobody asks.
MEASURING: Final = frozenset((TEST, UNIFORM, TIMED, ADDED, HOURLY, QUERY))
FUNCTIONS: Final = {
    KEEP_ALIVE: "keep-alive",
    TEST: "test report",
    UNIFORM: "uniform-interval report",
    TIMED: "timed report",
    ADDED: "added report",
    HOURLY: "hourly report",
    MANUAL: "manual input",
    PICTURE: "picture",
    QUERY: "answer to a query",
}

SERIAL_AND_TIME: Final = 8
_STATION: Final = 0xF1
_OBSERVED: Final = 0xF0
_STEP: Final = 0x04
_STATUS: Final = 0x45
_OWN: Final = 0xFF
_LONG: Final = 0x28  # some stations write 28 (five bytes) for the second F0 or F1
_HOUR_MS: Final = 3_600_000
_FIVE_MINUTES_MS: Final = 300_000
# Not numbers in BCD: series of an hour (F4 rain, F5-FC levels), FD, manual input, pictures, status, duration.
NOT_BCD: Final = frozenset((0x05, _STATUS, *range(0xF2, 0xFE)))


class BadReport(ValueError):
    """A text whose check is right but that cannot be meant; says what is wrong."""


class Head(msgspec.Struct, frozen=True):
    """What every text begins with; `sent_ms` is UTC by the station's clock, None where it is no time."""

    serial: int
    sent: bytes
    sent_ms: int | None


class Report(msgspec.Struct, frozen=True):
    """Elements by their id in hexadecimal ("39", "FF38"); NaN: not measured, or no BCD.

    `observed_ms` is UTC by the station's clock; `earlier` counts values of series that are not the newest.
    """

    observed_ms: int
    values: dict[str, float]
    unreadable: frozenset[str] = frozenset()
    earlier: int = 0


class _Misfit(Exception):
    """The elements do not fill the text."""


def head(text: bytes, utc_offset_ms: int) -> Head:
    """Read serial number and time of sending.

    Raises:
        BadReport: the text is too short for them.
    """
    if len(text) < SERIAL_AND_TIME:
        raise BadReport("the text is too short for serial number and time")
    return Head(int.from_bytes(text[:2], "big"), text[2:8], _time_ms(text[2:8], utc_offset_ms))


def report(
    function: int, station: bytes, text: bytes, utc_offset_ms: int, sign_counted: bool | None = None
) -> Report:
    """Read the elements of a report.

    Args:
        function: one of MEASURING.
        station: address in the frame; the one in the text must be the same.
        text: from the serial number on, all packs in order.
        utc_offset_ms: of the station's clock.
        sign_counted: whether a negative number's FF is in its byte count; None: whichever fits.

    Raises:
        BadReport: it can't be read with certainty; says why.
    """
    sent = head(text, utc_offset_ms)
    at = SERIAL_AND_TIME
    if text[at : at + 1] == b"\xf1" and text[at + 1 : at + 2] in (b"\xf1", b"\x28"):
        if text[at + 2 : at + 7] != station:
            raise BadReport(f"its text names station {text[at + 2 : at + 7].hex()}")
        at += 8  # with the kind of station
    else:
        raise BadReport("the station's address (F1F1) is missing")
    if text[at : at + 1] != b"\xf0" or text[at + 1 : at + 2] not in (b"\xf0", b"\x28"):
        raise BadReport("the time of observation (F0F0) is missing")
    observed = _time_ms(text[at + 2 : at + 7] + b"\0", utc_offset_ms)
    if observed is None:
        raise BadReport(f"its time of observation {text[at + 2 : at + 7].hex()} is no time")
    elements, steps_ms = _elements(text, at + 7, sign_counted)
    if function == HOURLY and sent.sent_ms is not None:
        first = sent.sent_ms - observed
        if _HOUR_MS - _FIVE_MINUTES_MS - 60_000 <= first <= _HOUR_MS:
            observed += _HOUR_MS - _FIVE_MINUTES_MS
    return Report(observed + steps_ms, elements.values, frozenset(elements.unreadable), elements.earlier)


class _Elements:
    """What was read so far."""

    def __init__(self) -> None:
        self.values: dict[str, float] = {}
        self.unreadable: set[str] = set()
        self.earlier = 0
        self.negative = False

    def put(self, name: str, number: float | None) -> None:
        if name in self.values:  # twice, differently or not: which is meant cannot be known
            number = None
        if number is None:
            self.unreadable.add(name)
        self.values[name] = math.nan if number is None else number


def _elements(text: bytes, at: int, sign_counted: bool | None) -> tuple[_Elements, int]:
    if sign_counted is not None:
        try:
            return _walk(text, at, sign_counted)
        except _Misfit as exc:
            raise BadReport(str(exc)) from exc
    read: list[tuple[_Elements, int]] = []
    why = ""
    for counted in (True, False):
        try:
            read.append(_walk(text, at, counted))
        except _Misfit as exc:
            why = why or str(exc)
        if read and not read[0][0].negative:
            return read[0]
    if not read:
        raise BadReport(why)
    if len(read) > 1:
        raise BadReport("a negative number can be read in two ways; say which with `sign_counted`")
    return read[0]


def _walk(text: bytes, at: int, sign_counted: bool) -> tuple[_Elements, int]:
    """Read elements up to the last byte; return them, and the steps of time from the first to the newest."""
    found = _Elements()
    steps_ms = 0
    while at < len(text):
        own = text[at] == _OWN
        at += own
        if at + 2 > len(text):
            raise _Misfit(f"its last {len(text) - at} bytes are no element")
        element, size, decimals = text[at], text[at + 1] >> 3, text[at + 1] & 7
        name = f"FF{element:02X}" if own else f"{element:02X}"
        at += 2
        if element == _STEP and not own and size == 3:
            return _series(text, at, found, sign_counted)
        if (element in (0, _STATION, _OBSERVED) and not own) or size == 0:
            raise _Misfit(f"element {name} of {size} bytes has no place among its elements")
        data = text[at : at + size]
        negative = _negative(data)
        if negative and not sign_counted and (own or element not in NOT_BCD):
            data = text[at : at + size + 1]
            size += 1
        if len(data) < size:
            raise _Misfit(f"element {name} has {len(data)} of {size} bytes")
        at += size
        if element in NOT_BCD and not own:
            found.earlier += element in range(0xF4, 0xFD)
            continue
        found.negative = found.negative or negative
        found.put(name, _number(data, decimals))
    return found, steps_ms


def _series(text: bytes, at: int, found: _Elements, sign_counted: bool) -> tuple[_Elements, int]:
    """Read a list in steps of time: its newest, the last, is the value; the others are earlier."""
    step = _bcd(text[at : at + 3])
    element = text[at + 3 : at + 4]
    at += 5
    if step is None or len(text) <= at or element[0] in NOT_BCD:
        if element and element[0] in NOT_BCD:
            found.earlier += 1
            return found, 0
        raise _Misfit("its list in steps of time has no values")
    size, decimals = text[at - 1] >> 3, text[at - 1] & 7
    numbers: list[float | None] = []
    while at < len(text) and size:
        data = text[at : at + size]
        negative = _negative(data)
        own_size = size + (negative and not sign_counted)
        data = text[at : at + own_size]
        if len(data) < own_size:
            break
        found.negative = found.negative or negative
        numbers.append(_number(data, decimals))
        at += own_size
    if at != len(text) or not numbers:
        raise _Misfit("its list in steps of time does not fill the text")
    found.put(f"{element[0]:02X}", numbers[-1])
    found.earlier += len(numbers) - 1
    days, hours, minutes = step // 10_000, step // 100 % 100, step % 100
    return found, ((days * 24 + hours) * 60 + minutes) * 60_000 * (len(numbers) - 1)


def _negative(data: bytes) -> bool:
    """Say whether a number begins with the sign: FF, but not FF throughout (not measured)."""
    return len(data) > 1 and data[0] == 0xFF and data.count(0xFF) != len(data)


def _number(data: bytes, decimals: int) -> float | None:
    """Read a number; NaN: not measured, None: no BCD."""
    if data and data.count(data[0]) == len(data) and data[0] in (0xFF, 0xAA):
        return math.nan
    negative = len(data) > 1 and data[0] == 0xFF
    whole = _bcd(data[1:] if negative else data)
    if whole is None:
        return None
    number: float = whole / 10**decimals
    return -number if negative else number


def _bcd(data: bytes) -> int | None:
    digits = data.hex()
    return int(digits) if digits.isdecimal() else None


def _time_ms(bcd: bytes, utc_offset_ms: int) -> int | None:
    digits = bcd.hex()
    if not digits.isdecimal() or len(digits) != 12:
        return None
    try:
        at = datetime.strptime(f"20{digits}", "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(at.timestamp()) * 1000 - utc_offset_ms
