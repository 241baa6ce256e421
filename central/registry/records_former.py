"""Values that were kept under a former declaration: what fits the one of today, and the rest in words.

Nothing is lost when a declaration changes: what has no field any more, or a value of another kind, stays in
the store and in the history. Forms ask for it anew.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from central.registry.forms.register import Bound, Register, fields_of
from central.registry.records_models import GivenValue

if TYPE_CHECKING:
    from msgspec import Struct

_LONGEST = 500  # characters of a former value, as it is told beside the form
# What a value of each kind is made of: builtins of JSON, and the part that it cannot do without.
_SHAPES: dict[str, tuple[tuple[type, ...], str]] = {
    "text": ((str,), ""), "long-text": ((str,), ""), "number": ((int, float), ""), "whole": ((int,), ""),
    "day": ((str,), ""), "yes-no": ((bool,), ""), "span": ((dict,), "from"), "choice": ((dict,), "choice"),
    "choices": ((dict,), "choices"), "spot": ((dict,), "longitude"), "mark": ((dict,), "x"),
    "link": ((dict,), "id"), "block": ((dict,), ""), "group": ((list,), ""), "file": ((list,), "sha256"),
    "picture": ((list,), "sha256"),
}  # fmt: skip


def fits(bound: Bound, value: object) -> bool:
    """Whether a stored value has the shape that the kind of its field has today."""
    kinds, part = _SHAPES[bound.field.kind]
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        return False
    if bound.field.kind == "day":
        return _is_day(value)
    parts = value if isinstance(value, list) else [value]
    if bound.field.kind in {"group", "file", "picture"}:
        return all(isinstance(one, dict) and (not part or isinstance(one.get(part), str)) for one in parts)
    if bound.field.kind == "choices":
        return all(isinstance(one, dict) and isinstance(one.get(part), list) for one in parts)
    if bound.field.kind == "span":
        return isinstance(value, dict) and _is_day(value.get("from")) and _is_day(value.get("to"), open_=True)
    return not part or all(isinstance(one, dict) and one.get(part) is not None for one in parts)


def _is_day(value: object, *, open_: bool = False) -> bool:
    if value is None:
        return open_
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def current(record: type[Struct], values: dict[str, Any]) -> dict[str, Any]:
    """The values that have a field today, of its kind, at every depth; in the order of the store."""
    known = {bound.name: bound for bound in fields_of(record)}
    found: dict[str, Any] = {}
    for name, value in values.items():
        bound = known.get(name)
        if bound is None or not fits(bound, value):
            continue
        if bound.inside is None:
            found[name] = value
        elif isinstance(value, list):
            found[name] = [current(bound.inside, row) for row in value]
        else:
            found[name] = current(bound.inside, value)
    return found


def former(register: Register, values: dict[str, Any]) -> list[GivenValue]:
    """What the outermost block keeps of another kind or without a field, in words, to be read off."""
    known = {bound.name: bound for bound in fields_of(register.record)}
    found = []
    for name, value in values.items():
        bound = known.get(name)
        if value is None or (bound is not None and fits(bound, value)):
            continue
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        title = f"{bound.field.zh if bound else name}（原填内容）"
        title_en = f"{bound.field.en if bound else name} (as filled in before)"
        found.append(GivenValue(title, title_en, text[:_LONGEST]))
    return found
