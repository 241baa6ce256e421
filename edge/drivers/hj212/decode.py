"""What a segment of HJ 212 says: who, which command, when, and the value and flag of each factor.

    QN=20240429103553533;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;
    CP=&&DataTime=20240429103500;a34004-Rtd=34.2,a34004-Flag=N;w01018-SampleTime=…,w01018-Rtd=…&&
         └ report: factors ──── field ─ value

Tolerant of what loggers do (spaces, `;` for `,`, GBK or UTF-8 texts, several DataTime in one segment), strict
about what a number is. Pure.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Final

import msgspec

from protocol import quality

_NUMBER: Final = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})")
_DIGITS: Final = re.compile(r"[0-9]+")  # not \d: full-width digits are digits to it
_MOST_PACKS: Final = 64

# Data flags. 2017: HJ 212-2017 table 3 (letters N F M S D C T B verified in two public implementations; their
# meaning from memory, high). 2005: HJ/T 212-2005, also P, and 0-3 of air stations (from memory, medium).
# `T` stays uncertain, not bad: a concentration beyond the instrument's top must still raise an alarm.
FLAGS: Final[dict[str, tuple[int, str]]] = {
    "N": (quality.GOOD, ""),
    "F": (quality.OUT_OF_SERVICE, "the instrument or its source is stopped (F)"),
    "M": (quality.OUT_OF_SERVICE, "the instrument is under maintenance (M)"),
    "S": (quality.UNCERTAIN, "a value set by hand (S)"),
    "D": (quality.DEVICE_FAILURE, "the instrument is faulty (D)"),
    "C": (quality.OUT_OF_SERVICE, "the instrument is being calibrated (C)"),
    "T": (quality.SENSOR_INACCURATE, "beyond the instrument's upper limit (T)"),
    "B": (quality.COMM_FAILURE, "the logger does not reach the instrument (B)"),
}
FLAGS_2005: Final[dict[str, tuple[int, str]]] = {
    **{letter: FLAGS[letter] for letter in "NFMSDCT"},
    "P": (quality.DEVICE_FAILURE, "the instrument has no power (P)"),
    "0": (quality.OUT_OF_SERVICE, "calibration data (0)"),
    "1": (quality.GOOD, ""),
    "2": (quality.UNCERTAIN, "called abnormal by the station (2)"),
    "3": (quality.GOOD, ""),
}
# Answers to what comes up unasked: 9014 to data, 9013 to notices (2017 table; 9015, 9021 are makers' own).
DATA_ANSWER: Final = 9014
NOTICE_ANSWER: Final = 9013
ANSWERS: Final = frozenset({9011, 9012, 9013, 9014})


class BadSegment(ValueError):
    """A segment whose check is right but that cannot be meant; says what is wrong."""


class Segment(msgspec.Struct, frozen=True):
    """The head of a segment, and its `CP` as text; `qn` is "" and `flag` 0 where the station gives none.

    `resent`: RF says that it is sent later than it should have been (HJ 212-2025; one public implementation).
    """

    st: str
    cn: int
    pw: str
    mn: str
    cp: str
    qn: str = ""
    flag: int = 0
    packs: int = 1
    pack: int = 1
    resent: bool = False

    @property
    def wants_answer(self) -> bool:
        """Flag bit A."""
        return bool(self.flag & 1)


class Report(msgspec.Struct, frozen=True):
    """Factors of one DataTime: factor → field → text; `contradicted` are (factor, field) said twice."""

    data_time: str
    factors: dict[str, dict[str, str]]
    contradicted: frozenset[tuple[str, str]] = frozenset()


class Value(msgspec.Struct, frozen=True):
    """One value with what its flag says; NaN only with a bad quality."""

    number: float
    quality: int
    reason: str = ""


def text(segment: bytes) -> str:
    """Decode a segment: UTF-8, else GBK; bytes that are neither become replacement characters."""
    try:
        return segment.decode("utf-8")
    except UnicodeDecodeError:
        return segment.decode("gbk", "replace")


def parse(segment: bytes) -> Segment:
    """Take the head of a segment apart.

    Raises:
        BadSegment: command, number or `CP` is missing or makes no sense.
    """
    head, mark, rest = text(segment).partition("CP=&&")
    cp, end, _ = rest.rpartition("&&")
    if not mark or not end:
        raise BadSegment("it has no CP=&&…&&")
    fields: dict[str, str] = {}
    for part in head.split(";"):
        key, equals, value = part.partition("=")
        key = key.strip()
        if equals and fields.setdefault(key, value.strip()) != value.strip():
            raise BadSegment(f"{key} is given twice")
    flag = _whole(fields.get("Flag", "0"), "Flag", 255)
    packs = _whole(fields.get("PNUM", "1"), "PNUM", 9999) if flag & 2 else 1
    pack = _whole(fields.get("PNO", "1"), "PNO", 9999) if flag & 2 else 1
    if not 1 <= pack <= packs or packs > _MOST_PACKS:
        raise BadSegment(f"it is pack {pack} of {packs}; at most {_MOST_PACKS} are put together")
    return Segment(
        fields.get("ST", ""),
        _whole(fields.get("CN", ""), "CN", 9999),
        fields.get("PW", ""),
        fields.get("MN", ""),
        cp,
        fields.get("QN", ""),
        flag,
        packs,
        pack,
        fields.get("RF", "0") not in {"", "0"},
    )


def reports(cp: str) -> list[Report]:
    """Take a `CP` apart: one report for each DataTime in it, in their order.

    What stands before the first DataTime belongs to it; without any there is one report of DataTime "".
    """
    found: list[Report] = []
    time = ""
    factors: dict[str, dict[str, str]] = {}
    contradicted: set[tuple[str, str]] = set()
    for item in re.split("[;,]", cp):
        key, equals, value = (word.strip() for word in item.partition("="))
        if not equals:
            continue
        if key == "DataTime":
            if time and value != time:
                found.append(Report(time, factors, frozenset(contradicted)))
                factors, contradicted = {}, set()
            time = value
            continue
        factor, dash, field = (word.strip() for word in key.partition("-"))
        if not dash or not factor or not field:
            continue
        fields = factors.setdefault(factor, {})
        if fields.setdefault(field, value) != value:
            contradicted.add((factor, field))
    if factors or time:
        found.append(Report(time, factors, frozenset(contradicted)))
    return found


def value(report: Report, factor: str, field: str, version: int, flag_required: bool) -> Value:
    """Read one field of a factor with the quality that the station gives it.

    Args:
        report: of one DataTime.
        factor: its code, "a34004" (2017) or "B03" (2005).
        field: "Rtd", "Avg", "Min", "Max", "Cou" …
        version: the edition; the flags of 2005 differ.
        flag_required: a value without a flag is uncertain.
    """
    fields = report.factors.get(factor)
    if fields is None:
        return Value(math.nan, quality.NOT_CONNECTED, f"the report has no factor {factor}")
    if field not in fields:
        return Value(math.nan, quality.NOT_CONNECTED, f"the report has no {factor}-{field}")
    if (factor, field) in report.contradicted or (factor, "Flag") in report.contradicted:
        return Value(math.nan, quality.DEVICE_FAILURE, f"{factor} is given twice, differently")
    how, reason = _flagged(fields.get("Flag", ""), version, flag_required)
    written = fields[field]
    if not _NUMBER.fullmatch(written):
        if how & quality.CLASS_MASK:  # a station may well leave the number out where the flag is bad
            how, reason = quality.DEVICE_FAILURE, f"{factor}-{field}={written[:20]!r} is no number"
        return Value(math.nan, how, reason)
    return Value(float(written), how, reason)


def _flagged(flag: str, version: int, required: bool) -> tuple[int, str]:
    if not flag:
        return (quality.UNCERTAIN, "the value has no data flag") if required else (quality.GOOD, "")
    known = FLAGS_2005 if version == 2005 else FLAGS
    return known.get(flag.upper(), (quality.UNCERTAIN, f"unknown data flag {flag[:8]!r}"))


def stamp_ms(written: str, utc_offset_ms: int) -> int | None:
    """Read yyyyMMddHHmmss, with three more digits in a QN, as UTC milliseconds; None: it is no such time."""
    if not _DIGITS.fullmatch(written) or len(written) not in (14, 17):
        return None
    try:
        at = datetime.strptime(written[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(at.timestamp()) * 1000 + int(written[14:] or 0) - utc_offset_ms


def answer(to: Segment, version: int) -> bytes | None:
    """Build the segment that answers what a station sent unasked; None: it is itself an answer.

    2017: the station's QN as it is, ST 91, Flag with the version bits of its own and neither D nor A
    (table 4: V5-V0 D A). 2005: the QN stands in `CP` too, as its examples have it (from memory, medium).
    """
    if to.cn in ANSWERS:
        return None
    notice = 1000 <= to.cn < 2000 or to.cn >= 9000
    cn = NOTICE_ANSWER if notice else DATA_ANSWER
    qn = f"QN={to.qn};" if to.qn else ""
    inner = f"QN={to.qn}" if version == 2005 and to.qn else ""
    said = f"{qn}ST=91;CN={cn};PW={to.pw};MN={to.mn};Flag={to.flag & ~3};CP=&&{inner}&&"
    return said.encode("ascii", "replace")


def _whole(written: str, name: str, most: int) -> int:
    if not _DIGITS.fullmatch(written) or len(written) > 4 or int(written) > most:
        raise BadSegment(f"{name}={written[:12]!r} is no whole number up to {most}")
    return int(written)
