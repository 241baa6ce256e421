"""Reads an instrument's table into its framing and the form of its lines, naming what cannot be meant."""

from __future__ import annotations

import re

from edge.drivers.serial_line.decode import QUALITIES, UNIT_GROUP, Field, Form, Place
from edge.drivers.serial_line.frame import Framing
from edge.drivers.serial_line.pattern import BadPattern, compiled
from edge.drivers.serial_line.plan import Instrument
from edge.drivers.serial_line.settings import Unit, text_bytes
from edge.strict import Problems

ADDRESS = "{address}"


def framing_of(unit: Unit, place: str, problems: Problems) -> Framing:
    """Return how an instrument's lines are framed."""
    framing = Framing(
        _bytes(unit.start, f"{place}.start", problems),
        _bytes(unit.end, f"{place}.end", problems),
        unit.length,
        unit.idle_ms,
        unit.max_length,
        unit.checksum,
        unit.checksum_form,
        unit.checksum_place == "after-end",
        _bytes(unit.checksum_mark, f"{place}.checksum_mark", problems),
        unit.checksum_covers_start,
    )
    if not (framing.end or framing.length or framing.idle_ms):
        problems.add(
            f"{place}.end",
            "nothing tells where a line ends",
            r'write what ends it, for example end = "\r\n"; or its length; or idle_ms = 20',
        )
    if framing.length and not (framing.start or framing.idle_ms):
        problems.add(
            f"{place}.start",
            "nothing tells where a frame of fixed length begins",
            "write the bytes that begin it (start), or the pause before it (idle_ms)",
        )
    needed = len(framing.start) + len(framing.end) + framing.sum_length + 1
    if 0 < framing.length < needed:
        problems.add(
            f"{place}.length",
            f"{framing.length} has no room for start, end and check sum ({needed - 1} bytes)",
            "count the whole frame, from its first byte to its last",
        )
    if framing.checksum == "none" and (framing.mark or framing.after_end or framing.covers_start):
        problems.add(f"{place}.checksum", "missing", "name its kind, or remove the other checksum keys")
    if framing.after_end and not framing.end:
        problems.add(f"{place}.checksum_place", "there is no end", 'write the end, or use "before-end"')
    return framing


def is_named(unit: Unit) -> bool:
    """Say whether every line of the instrument says whose it is."""
    group = f"(?P<{UNIT_GROUP}>"
    return bool(unit.address) and (
        ADDRESS in unit.pattern or group in unit.pattern or unit.address_columns is not None
    )


def instrument_of(unit: Unit, framing: Framing, place: str, problems: Problems) -> Instrument:
    """Return what asks an instrument, and the form of its lines."""
    for key, text in (("ask", unit.ask), ("pattern", unit.pattern)):
        if ADDRESS in text and not unit.address:
            problems.add(f"{place}.address", "missing", f"{key} has {ADDRESS}: write what stands there")
    pattern = _pattern(unit, framing, place, problems)
    if not unit.address and pattern is not None and UNIT_GROUP in pattern.groupindex:
        problems.add(
            f"{place}.address", "missing", f"write what the group {UNIT_GROUP!r} shows for this instrument"
        )
    if unit.address and not is_named(unit):
        problems.add(
            f"{place}.address",
            "nothing compares it with what the instrument answers",
            f"put {ADDRESS} into the pattern, name a group {UNIT_GROUP!r}, or give address_columns",
        )
    if unit.address_columns is not None:
        names = _columns(unit.address_columns, framing, f"{place}.address_columns", problems)
    else:
        named = pattern is not None and UNIT_GROUP in pattern.groupindex
        names = Place(UNIT_GROUP) if named else Place()
    if unit.status_columns is not None:
        status = _columns(unit.status_columns, framing, f"{place}.status_columns", problems)
    else:
        status = _group(unit.status_group, pattern, f"{place}.status_group", problems)
    if unit.good and not status:
        problems.add(f"{place}.good", "there is no status", "name status_group or status_columns")
    fields = []
    for p, point in enumerate(unit.points):
        where = f"{place}.points[{p}]"
        if bool(point.group) == (point.columns is not None):
            problems.add(
                f"{where}.group",
                "missing" if not point.group else "there are columns too",
                "say where the number stands: a group of the pattern, or columns = [first, last]",
            )
            continue
        at = (
            _columns(point.columns, framing, f"{where}.columns", problems)
            if point.columns is not None
            else _group(point.group, pattern, f"{where}.group", problems)
        )
        width = at.last - at.first
        if point.coding.startswith("float") and point.columns is not None and width not in (2, 4, 8):
            problems.add(f"{where}.columns", f"a float of {width} bytes", "floats have 2, 4 or 8")
        sign = _group(point.sign_group, pattern, f"{where}.sign_group", problems)
        fields.append(Field(point.key, at, point.coding, sign))
    form = Form(
        tuple(fields),
        pattern,
        unit.address,
        names,
        status,
        unit.good,
        tuple((text, QUALITIES[word]) for text, word in unit.bad.items()),
        unit.decimal_comma,
    )
    ask = _bytes(unit.ask.replace(ADDRESS, unit.address), f"{place}.ask", problems)
    return Instrument(unit.key, ask, form)


def _pattern(unit: Unit, framing: Framing, place: str, problems: Problems) -> re.Pattern[str] | None:
    if not unit.pattern:
        return None
    try:
        return compiled(unit.pattern.replace(ADDRESS, re.escape(unit.address)), framing.longest)
    except BadPattern as exc:
        problems.add(f"{place}.pattern", f"{unit.pattern!r} {exc}", "correct the pattern")
        return None


def _columns(columns: list[int], framing: Framing, place: str, problems: Problems) -> Place:
    first, last = columns
    most = framing.longest - len(framing.start) - len(framing.end) - framing.sum_length - len(framing.mark)
    if not 1 <= first <= last:
        problems.add(place, f"[{first}, {last}] is empty", "write [first, last], counted from 1")
    elif last > most:
        problems.add(
            place,
            f"column {last} lies behind the {most} that a line has between start and check sum or end",
            "correct the columns, length or max_length; start, end and check sum do not count",
        )
    return Place("", max(0, first - 1), last)


def _group(name: str, pattern: re.Pattern[str] | None, place: str, problems: Problems) -> Place:
    if not name:
        return Place()
    known = [] if pattern is None else list(pattern.groupindex)
    if name not in known:
        problems.add(
            place,
            f"the pattern has no group {name!r}",
            f"use one of {', '.join(known)}" if known else f"write (?P<{name}>…) into the pattern",
        )
    return Place(name)


def _bytes(text: str, place: str, problems: Problems) -> bytes:
    try:
        return text_bytes(text)
    except ValueError as exc:
        problems.add(place, str(exc), r"write each byte as a character or as \xHH")
        return b""
