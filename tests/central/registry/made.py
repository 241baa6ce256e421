"""Makes a valid, plausible record from any declaration; every text tells its field and number apart.

`made(register, 3)` is a full record, the third of its kind: keys differ from those of every other number.
`changed(register, values)` is the same record with one value that lists show edited.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING, Any

from central.registry.forms.fields import OTHER, Field
from central.registry.forms.register import Bound, Register, fields_of

if TYPE_CHECKING:
    from msgspec import Struct

    from central.db.pool import Connection

_FIRST_DAY = dt.date(2024, 1, 1)
_PEOPLE = ("张伟", "王芳", "李娜", "刘洋", "陈静", "杨帆", "赵磊", "周敏", "吴昊", "郑鑫")
_LONGEST_TEXT = 60
DOCUMENT = {"sha256": hashlib.sha256(b"a document").hexdigest(), "name": "附件.pdf", "size": 10}
PICTURE = {"sha256": hashlib.sha256(b"a picture").hexdigest(), "name": "图片.png", "size": 9}


def made(register: Register, number: int = 1, *, full: bool = True, links: bool = True) -> dict[str, Any]:
    """Values of a record that may be submitted.

    Args:
        register: of which register.
        number: which of its kind; from 1.
        full: every field that is asked, or only those that are required (and what they depend on).
        links: also those to other records, which lead nowhere (`linked.py` makes their targets); without them
            only what is required and regions, words, agencies and enterprises of the county are linked.
    """
    values = _adding_up(register, _block(register.record, number, full))
    return values if links else without_links(register.record, values)


# What the county has: other links lead to nothing until a test makes it.
_THERE = {"region": "429981", "enterprise": "1", "agency": "1"}


def without_links(record: type[Struct], values: dict[str, Any]) -> dict[str, Any]:
    """The values without links that are not required and may lead nowhere."""
    kept: dict[str, Any] = {}
    for bound in fields_of(record):
        value = values.get(bound.name)
        field = bound.field
        there = field.to in _THERE or field.to.startswith("dictionary/")
        if value is None or (field.kind == "link" and not field.required and not there):
            continue
        match value:
            case dict() if bound.inside is not None:
                kept[bound.name] = without_links(bound.inside, value)
            case list() if bound.inside is not None:
                kept[bound.name] = [without_links(bound.inside, row) for row in value]
            case _:
                kept[bound.name] = value
    return kept


def _adding_up(register: Register, values: dict[str, Any]) -> dict[str, Any]:
    """What has to fit together: units are what runs, rests and is repaired; a month is that of its day."""
    if register.name == "safety-promises":
        values["units"] = values["running"] + values["stopped"] + values["repair"]
    if register.name == "accidents":
        year, month, _ = values["occurred"].split("-")
        values |= {"year": int(year), "month": {"choice": month, "other": ""}}
    return values


def changed(register: Register, values: dict[str, Any], number: int = 500) -> tuple[str, dict[str, Any]]:
    """A field outside of the key with another value, and the whole record with it."""
    other = _block(register.record, number, full=True)
    for bound in fields_of(register.record):
        plain = (
            bound.field.kind in {"text", "long-text", "number", "whole", "day"} and not bound.field.personal
        )
        depends = {one.field.when.field for one in fields_of(register.record) if one.field.when}
        differs = other.get(bound.name) != values.get(bound.name)
        if register.check is not None and register.check({**values, bound.name: other.get(bound.name)}):
            continue
        if plain and differs and bound.name not in {*register.key, *depends} and bound.field.when is None:
            return bound.name, {**values, bound.name: other[bound.name]}
    raise AssertionError(f"{register.name}: no plain field beside the key")


def _block(record: type[Struct], number: int, full: bool) -> dict[str, Any]:
    bounds = fields_of(record)
    values: dict[str, Any] = {}
    wanted = {
        bound.field.when.field: bound.field.when.values[0]
        for bound in bounds if bound.field.when and (full or bound.field.required)
    }  # fmt: skip
    for bound in bounds:
        if not (full or bound.field.required or bound.name in wanted):
            continue
        if bound.field.when is None or _holds(bound.field, values):
            values[bound.name] = _value(bound, number, full, wanted.get(bound.name))
    return values


def _holds(field: Field, values: dict[str, Any]) -> bool:
    assert field.when is not None
    match values.get(field.when.field):
        case bool(said):
            return ("yes" if said else "no") in field.when.values
        case {"choice": code}:
            return code in field.when.values
        case {"choices": codes}:
            return not set(codes).isdisjoint(field.when.values)
        case _:
            return False


def _value(bound: Bound, number: int, full: bool, wanted: str | None) -> Any:  # noqa: PLR0911 one kind a line
    field = bound.field
    day = _FIRST_DAY + dt.timedelta(days=number)
    match field.kind:
        case "text" | "long-text":
            return _text(field, number)
        case "number":
            return round(
                _between(field, number) + 0.5 * (field.high is None or field.high > number + 1),
                field.decimals,
            )
        case "whole":
            return int(_between(field, number))
        case "day":
            return day.isoformat()
        case "span":
            return {"from": day.isoformat(), "to": (day + dt.timedelta(days=1095)).isoformat()}
        case "yes-no":
            return wanted != "no"
        case "choice":
            code = wanted or field.choices[number % len(field.choices)].code
            return {"choice": code, "other": "另行说明" if code == OTHER else ""}
        case "choices":
            codes = [wanted or field.choices[0].code]
            return {"choices": codes, "other": "另行说明" if OTHER in codes else ""}
        case "spot":
            return {"longitude": round(112.0 + number / 1000, 6), "latitude": round(34.0 + number / 1000, 6)}
        case "mark":
            return {"x": 0.25, "y": 0.5}
        case "link":
            code = "other" if field.to.startswith("dictionary/") else _THERE.get(field.to, str(number))
            return {"id": code, "label": f"{field.zh}{number}"}
        case "file":
            return [DOCUMENT]
        case "picture":
            return [PICTURE]
        case "group":
            assert bound.inside is not None
            return [_block(bound.inside, number + row, full) for row in range(min(2, field.longest))]
        case _:
            assert bound.inside is not None
            return _block(bound.inside, number, full)


def _between(field: Field, number: int) -> float:
    low = field.low if field.low is not None else 0
    value = low + number if low > 0 else float(number)
    return min(value, field.high) if field.high is not None else value


def _text(field: Field, number: int) -> str:
    if field.personal == "phone":
        return f"138{number:08d}"
    if field.personal == "identity":
        return identity_number(number)
    if field.example:
        digits = re.sub(r"\d(?=\D*$)", str(number % 10), field.example)
        fits = not field.pattern or re.fullmatch(field.pattern, digits)
        return digits if fits and (field.check is None or field.check(digits) is None) else field.example
    if any(word in field.zh for word in ("姓名", "联系人", "负责人", "法定代表人", "持证人")):
        return f"{_PEOPLE[number % len(_PEOPLE)]}{number}"[: field.longest]
    return f"{field.zh}{number}"[-min(field.longest, _LONGEST_TEXT) :]


def identity_number(number: int) -> str:
    """A number of an identity card (GB 11643) of nobody: region 429981, born 1990, with its check digit."""
    first = f"42998119900101{number % 1000:03d}"
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    rest = sum(int(digit) * weight for digit, weight in zip(first, weights, strict=True)) % 11
    return first + "10X98765432"[rest]


async def keep_files(conn: Connection) -> None:
    """Lets everybody have brought the files that made records name; their bytes are nowhere."""
    for file, media_type in ((DOCUMENT, "application/pdf"), (PICTURE, "image/png")):
        await conn.execute(
            "INSERT INTO stored_file (sha256, size, media_type, thumbnail, scan, stored_at) "
            "VALUES ($1, $2, $3, false, 'clean', now()) ON CONFLICT DO NOTHING",
            file["sha256"], file["size"], media_type,
        )  # fmt: skip
        await conn.execute(
            "INSERT INTO file_upload (sha256, account_id, name, at) SELECT $1, id, $2, now() FROM account "
            "ON CONFLICT DO NOTHING",
            file["sha256"], file["name"],
        )  # fmt: skip
