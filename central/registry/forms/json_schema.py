"""The JSON Schema (2020-12) of a register: fields and choices in the document's order, bounds kept.

Our own emitter: msgspec's sorts choices and wraps every optional value, Litestar's drops bounds. What JSON
Schema has no word for (unit, condition, personal data) stands under `x-fengsui`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central.registry.forms.fields import OTHER, Field
from central.registry.forms.register import Bound, Register, fields_of
from central.registry.forms.values import OTHER_LONGEST

if TYPE_CHECKING:
    from msgspec import Struct


def schema(register: Register) -> dict[str, Any]:
    """The schema of one record as it is submitted."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": register.zh,
        **_block(register.record),
    }


def _block(record: type[Struct]) -> dict[str, Any]:
    bounds = fields_of(record)
    # What is asked under a condition is required under the same one; the server checks that.
    required = [bound.name for bound in bounds if bound.field.required and bound.field.when is None]
    return {
        "type": "object",
        "properties": {bound.name: _field(bound) for bound in bounds},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _field(bound: Bound) -> dict[str, Any]:
    field = bound.field
    return {
        "title": field.zh,
        **({"description": field.note} if field.note else {}),
        **_shape(bound),
        "x-fengsui": _more(field),
    }


def _shape(bound: Bound) -> dict[str, Any]:  # noqa: PLR0911 one kind a line
    field = bound.field
    match field.kind:
        case "text" | "long-text":
            pattern = {"pattern": f"^(?:{field.pattern})$"} if field.pattern else {}
            return {"type": "string", "maxLength": field.longest, **pattern}
        case "number" | "whole":
            low = {} if field.low is None else {"minimum": field.low}
            high = {} if field.high is None else {"maximum": field.high}
            return {"type": "integer" if field.kind == "whole" else "number", **low, **high}
        case "day":
            return {"type": "string", "format": "date"}
        case "span":
            days = {"type": "string", "format": "date"}
            return _object({"from": days, "to": {"anyOf": [days, {"type": "null"}]}}, "from")
        case "yes-no":
            return {"type": "boolean"}
        case "choice":
            return _object({"choice": {"oneOf": _choices(field)}, **_other(field)}, "choice")
        case "choices":
            many = {"type": "array", "items": {"oneOf": _choices(field)}, "uniqueItems": True}
            return _object({"choices": many, **_other(field)}, "choices")
        case "spot":
            longitude = {"type": "number", "minimum": -180, "maximum": 180}
            latitude = {"type": "number", "minimum": -90, "maximum": 90}
            return _object({"longitude": longitude, "latitude": latitude}, "longitude", "latitude")
        case "mark":
            part = {"type": "number", "minimum": 0, "maximum": 1}
            return _object({"x": part, "y": part}, "x", "y")
        case "link":
            chosen = {"type": "string", "minLength": 1, "maxLength": 100}
            return _object({"id": chosen, "label": {"type": "string", "maxLength": 500}}, "id")
        case "file" | "picture":
            one = _object(
                {
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                    "name": {"type": "string", "minLength": 1, "maxLength": 200},
                    "size": {"type": "integer", "minimum": 0},
                },
                "sha256", "name", "size",
            )  # fmt: skip
            return {"type": "array", "items": one, "maxItems": field.longest}
        case "group":
            assert bound.inside is not None
            return {"type": "array", "items": _block(bound.inside), "maxItems": field.longest}
        case _:
            assert bound.inside is not None
            return _block(bound.inside)


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _choices(field: Field) -> list[dict[str, str]]:
    return [{"const": one.code, "title": one.zh, "x-en": one.en} for one in field.choices]


def _other(field: Field) -> dict[str, Any]:
    asks = any(one.code == OTHER for one in field.choices)
    return {"other": {"type": "string", "maxLength": OTHER_LONGEST}} if asks else {"other": {"const": ""}}


def _more(field: Field) -> dict[str, Any]:
    more: dict[str, Any] = {"kind": field.kind, "en": field.en}
    if field.unit:
        more["unit"] = field.unit
    if field.kind == "number":
        more["decimals"] = field.decimals
    if field.to:
        more["to"] = field.to
    if field.when:
        more["when"] = {"field": field.when.field, "values": list(field.when.values)}
    if field.required:
        more["required"] = True
    if field.personal:
        more["personal"] = field.personal
    if field.uncertain:
        more["uncertain"] = True
    return more
