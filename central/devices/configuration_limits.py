"""Writes one limit's dead-band and delays into the text of a gateway.toml, and nothing else.

Whoever keeps the file keeps his order, his comments and his spelling: a line is changed or added, the whole
is read again, and only a text that differs in that one limit alone is given back. Where that cannot be had (a
limit written in a way not known here) nothing is changed, and the person is shown what to write.
"""

from __future__ import annotations

import copy
import re
import tomllib
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct

_TABLE: Final = re.compile(r"^\s*\[{1,2}[^\]]+\]{1,2}\s*(#.*)?$")
_UNIT: Final = re.compile(r"^\s*\[\[\s*buses\.units\s*\]\]")
_KEY: Final = re.compile(r"^\s*key\s*=")
_POINT: Final = re.compile(r"^\s*\[\[\s*buses\.units\.points\s*\]\]")


class LimitChange(Struct, frozen=True, kw_only=True):
    """What a limit of a point is to be; `point_key` as the gateway tells it ("LT-301", "GT-101.gas")."""

    point_key: Annotated[str, Meta(min_length=1, max_length=200)]
    limit_name: Literal["LL", "L", "H", "HH", "ON", "OFF"]
    deadband: Annotated[float, Meta(ge=0)]
    on_delay_s: Annotated[float, Meta(ge=0, le=86_400)]
    off_delay_s: Annotated[float, Meta(ge=0, le=86_400)]


def snippet(change: LimitChange) -> str:
    """What a person would write by hand."""
    name, values = change.limit_name, _values(change)
    inside = ", ".join(f"{key} = {_number(value)}" for key, value in values.items())
    return f"limits.{name} = {{ {inside} }}"


def amended(text: str, change: LimitChange) -> str | None:
    """The text with the limit as it is to be; None where that cannot be done safely.

    Args:
        text: of a whole gateway.toml.
        change: of one limit.
    """
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
    wanted = copy.deepcopy(before)
    if not _change(wanted, change):
        return None
    for lines in _tries(text.split("\n"), change, wanted):
        changed = "\n".join(lines)
        try:
            if tomllib.loads(changed) == wanted:
                return changed
        except tomllib.TOMLDecodeError:
            continue
    return None


def _values(change: LimitChange) -> dict[str, float]:
    return {
        "deadband": change.deadband,
        "on_delay_s": change.on_delay_s,
        "off_delay_s": change.off_delay_s,
    }


def _change(table: dict[str, Any], change: LimitChange) -> bool:
    """Change what was read; False where the point is not there."""
    unit_key, _, of_template = change.point_key.partition(".")
    for bus in table.get("buses", []):
        for unit in bus.get("units", []):
            for point in unit.get("points", []):
                if point.get("key") == change.point_key and change.limit_name in point.get("limits", {}):
                    point["limits"][change.limit_name].update(_values(change))
                    return True
            if of_template and unit.get("key") == unit_key and "template" in unit:
                limits = unit.setdefault("set", {}).setdefault(of_template, {}).setdefault("limits", {})
                limits.setdefault(change.limit_name, {}).update(_values(change))
                return True
    return False


def _tries(lines: list[str], change: LimitChange, wanted: dict[str, Any]) -> list[list[str]]:
    """Texts in which one line is another; at most one of them is right."""
    new = f"limits.{change.limit_name} = {{ {_inside(change, wanted)} }}"
    found = []
    assigned = re.compile(rf"^(\s*)limits\.{change.limit_name}\s*=\s*\{{.*?\}}(\s*#.*)?\s*$")
    for n, line in enumerate(lines):
        match = assigned.match(line)
        if match and _concerns(lines, n, change.point_key):
            found.append([*lines[:n], match[1] + new + (match[2] or ""), *lines[n + 1 :]])
    unit_key, _, of_template = change.point_key.partition(".")
    if of_template:
        head = re.compile(rf"^(\s*)\[\s*buses\.units\.set\.{re.escape(of_template)}\s*\]")
        own = re.compile(rf"^\s*key\s*=\s*[\"']{re.escape(unit_key)}[\"']")
        for n, line in enumerate(lines):
            match = head.match(line)
            if match and _concerns(lines, n, change.point_key):
                found.append([*lines[: n + 1], match[1] + new, *lines[n + 1 :]])
            if own.match(line) and _within(lines, n, _UNIT) and not _within(lines, n, _POINT):
                indent = line[: len(line) - len(line.lstrip())]
                end = next((k for k in range(n + 1, len(lines)) if _TABLE.match(lines[k])), len(lines))
                added = [f"{indent}[buses.units.set.{of_template}]", f"{indent}{new}", ""]
                found.append([*lines[:end], *added, *lines[end:]])
    return found


def _concerns(lines: list[str], n: int, point_key: str) -> bool:
    """Say whether a line stands under the point, or the unit whose template has it; else none is tried."""
    unit_key = point_key.partition(".")[0]
    own = re.compile(rf"^\s*key\s*=\s*[\"'](?:{re.escape(point_key)}|{re.escape(unit_key)})[\"']")
    for k in range(n, -1, -1):
        if _KEY.match(lines[k]):
            return own.match(lines[k]) is not None
    return False


def _within(lines: list[str], n: int, table: re.Pattern[str]) -> bool:
    head = next((lines[k] for k in range(n, -1, -1) if _TABLE.match(lines[k])), "")
    return table.match(head) is not None


def _inside(change: LimitChange, wanted: dict[str, Any]) -> str:
    unit_key, _, of_template = change.point_key.partition(".")
    for bus in wanted.get("buses", []):
        for unit in bus.get("units", []):
            for point in unit.get("points", []):
                if point.get("key") == change.point_key:
                    return _written(point["limits"][change.limit_name])
            if of_template and unit.get("key") == unit_key and "template" in unit:
                return _written(unit["set"][of_template]["limits"][change.limit_name])
    return ""


def _written(limit: dict[str, Any]) -> str:
    return ", ".join(f"{key} = {_literal(value)}" for key, value in limit.items())


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _number(value)


def _number(value: float) -> str:
    return repr(value)
