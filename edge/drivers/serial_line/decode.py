"""Turns the body of one frame into numbers with qualities: by a pattern's groups or by columns.

Nothing is guessed: what is neither a number nor a text that the configuration knows is a bad point with the
text in its reason. `1.5-` is minus 1.5; a decimal comma is one only where the configuration says so.
"""

import math
import re
import struct
from typing import Final, NamedTuple

from edge.drivers.dialect import Outcome
from protocol import quality

QUALITIES: Final = {
    "uncertain": quality.UNCERTAIN,
    "sensor-failure": quality.SENSOR_FAILURE,
    "device-failure": quality.DEVICE_FAILURE,
    "out-of-service": quality.OUT_OF_SERVICE,
    "config-error": quality.CONFIG_ERROR,
    "comm-failure": quality.COMM_FAILURE,
}
UNIT_GROUP: Final = "unit"
NAN: Final = float("nan")
_NUMBER: Final = re.compile(r"([+-]?) *([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,3}))? *([+-]?)")
_FLOATS: Final = {2: "e", 4: "f", 8: "d"}


class Place(NamedTuple):
    """Where a text stands in a line: a group of the pattern, or columns from 0 to before `last`."""

    group: str = ""
    first: int = 0
    last: int = 0

    def __bool__(self) -> bool:
        return bool(self.group) or self.last > 0


class Field(NamedTuple):
    """One number of a line."""

    key: str
    place: Place
    coding: str = "text"
    sign: Place = Place()


class Form(NamedTuple):
    """What one instrument's lines look like; `address` is what `names` must show."""

    fields: tuple[Field, ...]
    pattern: re.Pattern[str] | None = None
    address: str = ""
    names: Place = Place()
    status: Place = Place()
    good: tuple[str, ...] = ()
    bad: tuple[tuple[str, int], ...] = ()
    decimal_comma: bool = False


def decode(form: Form, body: bytes) -> Outcome | None:
    """Read a line.

    Returns:
        What it means, or None: it is no line of this instrument.
    """
    text = body.decode("latin-1")
    known = dict(form.bad)
    match = None
    if form.pattern is not None:
        match = form.pattern.fullmatch(text)
    if form.names and not (match is None and form.names.group):
        named = _text(form.names, text, match)
        if named is None or named.strip() != form.address:
            return None
    whole = text.strip()
    if match is None and whole in known and not form.names:
        return Outcome(None, known[whole], f"the instrument says {whole!r}")
    if (form.pattern is not None and match is None) or _longest(form) > len(text):
        return None
    judged = _status(form, text, match, known)
    if quality.is_bad(judged.quality):
        return judged
    values: list[float] = []
    exceptions: list[tuple[int, int]] = []
    reasons: list[str] = [judged.reason] if judged.reason else []
    for i, field in enumerate(form.fields):
        found = _text(field.place, text, match)
        value, how = _value(form, field, found, text, match, known)
        values.append(value)
        if how != quality.GOOD:
            exceptions.append((i, how))
            reasons.append(f"{field.key}: the instrument shows {found!r}")
    return Outcome(tuple(values), judged.quality, "; ".join(reasons)[:300], tuple(exceptions))


def _status(form: Form, text: str, match: re.Match[str] | None, known: dict[str, int]) -> Outcome:
    if not form.status:
        return Outcome(())
    status = (_text(form.status, text, match) or "").strip()
    if status in known:
        how = known[status]
        return Outcome(None if quality.is_bad(how) else (), how, f"its status is {status!r}")
    if form.good and status not in form.good:
        reason = f"its status is {status!r}, which is none of {', '.join(form.good)}"
        return Outcome(None, quality.DEVICE_FAILURE, reason)
    return Outcome(())


def _value(
    form: Form, field: Field, found: str | None, text: str, match: re.Match[str] | None, known: dict[str, int]
) -> tuple[float, int]:
    """Return one number with its quality; NaN where there is none."""
    if found is None:
        return NAN, quality.DEVICE_FAILURE
    if found.strip() in known:
        how = known[found.strip()]
        return NAN, how if quality.is_bad(how) else quality.DEVICE_FAILURE
    value = number(found, field.coding, form.decimal_comma)
    if field.sign and value is not None:
        sign = (_text(field.sign, text, match) or "").strip()
        value = {"": value, "+": value, "-": -value}.get(sign)
    if value is None or not math.isfinite(value):
        return NAN, quality.DEVICE_FAILURE
    return value, quality.GOOD


def number(found: str, coding: str, decimal_comma: bool) -> float | None:
    """Read one number; None: it is none."""
    if coding == "text":
        return _decimal(found, decimal_comma)
    raw = found.encode("latin-1")
    if coding == "hex":
        digits = found.strip()
        return float(int(digits, 16)) if digits.isalnum() and _is_hex(digits) else None
    if coding == "bcd":
        return float(int(raw.hex())) if raw.hex().isdecimal() else None
    kind, _, order = coding.partition("-")
    if kind == "float":
        code = _FLOATS.get(len(raw))
        return None if code is None else float(struct.unpack((">" if order == "be" else "<") + code, raw)[0])
    return float(int.from_bytes(raw, "big" if order == "be" else "little", signed=kind == "int"))


def _is_hex(digits: str) -> bool:
    return all(digit in "0123456789abcdefABCDEF" for digit in digits)


def _decimal(found: str, decimal_comma: bool) -> float | None:
    text = found.strip(" \t\0")
    if decimal_comma:
        if "." in text:
            return None
        text = text.replace(",", ".", 1)
    match = _NUMBER.fullmatch(text)
    if match is None or (match[1] and match[4]):
        return None
    value = float(f"{match[2]}e{match[3] or 0}")
    return -value if "-" in (match[1], match[4]) else value


def _text(place: Place, text: str, match: re.Match[str] | None) -> str | None:
    if place.group:
        return match[place.group] if match is not None else None
    return text[place.first : place.last]


def _longest(form: Form) -> int:
    places = (form.names, form.status, *(f.place for f in form.fields), *(f.sign for f in form.fields))
    return max(place.last for place in places)
