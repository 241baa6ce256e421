"""Which table answers for which stretch of time: days where days are reckoned, else hours, minutes, rows.

A stretch of a level counts only while nothing below it is due: late data make a minute due, the minute its
hour, the hour its day. What is due is read from the level below: no answer is older than what is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from msgspec import Struct

from central.telemetry.columns import I32, I64

ROWS: Final = -1
MINUTE: Final = 0
HOUR: Final = 1
DAY: Final = 2
UNITS: Final = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
"""Length of one row of each level."""
SLICES: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))
"""What is reckoned at once: ten minutes of all gateways are some seconds' work at most."""
ORIGIN: Final = datetime(1999, 12, 31, 16, tzinfo=UTC)
"""A midnight of Asia/Shanghai, which knows no summer time: days, and buckets of hours, begin there."""
_APART_MIN: Final = 5  # minutes that lie closer are one stretch: to reckon some for nothing is cheap
_MINUTE_US: Final = 60_000_000
_SLICE_MIN: Final = 10
_SINCE_1970: Final = datetime(1970, 1, 1, tzinfo=UTC)

Span = tuple[datetime, datetime]


class Due(Struct, frozen=True):
    """A stretch that is to be reckoned anew at a level."""

    level: int
    begin: datetime
    end: datetime


class Piece(Struct, frozen=True):
    """A stretch that one table answers for; `level` is ROWS for the rows themselves."""

    level: int
    begin: datetime
    end: datetime


def down(moment: datetime, unit: timedelta) -> datetime:
    """The last beginning of a unit at or before a moment."""
    return ORIGIN + (moment - ORIGIN) // unit * unit


def up(moment: datetime, unit: timedelta) -> datetime:
    """The first beginning of a unit at or after a moment."""
    return ORIGIN - (ORIGIN - moment) // unit * unit


def level_for(width: timedelta) -> int:
    """The coarsest level whose rows fit into buckets of a width, each into one."""
    for level in (DAY, HOUR, MINUTE):
        if width >= UNITS[level] and not width % UNITS[level]:
            return level
    return ROWS


def plan(begin: datetime, end: datetime, level: int, due: Sequence[Due]) -> list[Piece]:
    """Cut a stretch into pieces, each of which one table answers for, in the order of time.

    Args:
        begin: first moment.
        end: the moment after the last.
        level: the coarsest table that may answer.
        due: what is to be reckoned anew, of any level.
    """
    if end <= begin:
        return []
    if level == ROWS:
        return [Piece(ROWS, begin, end)]
    unit = UNITS[level]
    first, last = up(begin, unit), down(end, unit)
    if first >= last:
        return plan(begin, end, level - 1, due)
    stale = _merged([(down(d.begin, unit), up(d.end, unit)) for d in due if d.level <= level], first, last)
    pieces = plan(begin, first, level - 1, due)
    at = first
    for lo, hi in stale:
        if at < lo:
            pieces.append(Piece(level, at, lo))
        pieces += plan(lo, hi, level - 1, due)
        at = hi
    if at < last:
        pieces.append(Piece(level, at, last))
    return pieces + plan(last, end, level - 1, due)


def _merged(spans: Sequence[Span], begin: datetime, end: datetime) -> list[Span]:
    """Spans within a stretch, overlapping and neighbouring ones as one, in the order of time."""
    merged: list[Span] = []
    for span in sorted(spans):
        lo, hi = max(span[0], begin), min(span[1], end)
        if lo >= hi:
            continue
        if merged and merged[-1][1] >= lo:
            merged[-1] = (merged[-1][0], max(merged[-1][1], hi))
        else:
            merged.append((lo, hi))
    return merged


def minutes_of(at_us: I64, gateway: I32) -> list[tuple[int, datetime, datetime]]:
    """The minutes in which rows lie, by gateway: neighbouring ones as one stretch, each within one slice.

    Args:
        at_us: microseconds of UTC since 1970, one a row.
        gateway: gateway number of each row.
    """
    known, which = np.unique(gateway, return_inverse=True)
    minutes = at_us // _MINUTE_US
    lowest = int(minutes.min())
    width = int(minutes.max()) - lowest + 1
    keys = np.unique(which.astype(np.int64) * width + (minutes - lowest))
    stretches: list[tuple[int, int, int]] = []
    for key in keys.tolist():
        number, minute = int(known[key // width]), lowest + key % width
        if stretches:
            last_number, first, last = stretches[-1]
            near = number == last_number and minute - last <= _APART_MIN
            if near and minute // _SLICE_MIN == first // _SLICE_MIN:
                stretches[-1] = (number, first, minute)
                continue
        stretches.append((number, minute, minute))
    return [(number, _of_minute(first), _of_minute(last + 1)) for number, first, last in stretches]


def moment(at_us: int) -> datetime:
    """The moment so many microseconds after 1970."""
    return _SINCE_1970 + timedelta(microseconds=at_us)


def microseconds(at: datetime) -> int:
    """Microseconds of UTC since 1970."""
    return (at - _SINCE_1970) // timedelta(microseconds=1)


def _of_minute(minute: int) -> datetime:
    return _SINCE_1970 + timedelta(minutes=minute)
