"""What follows from a record's values: its title, its initials, what changed, who may do what next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
from pypinyin import Style, lazy_pinyin

from central.registry.forms.fields import OTHER, Field
from central.registry.forms.register import Bound, Register, fields_of
from central.registry.records_former import current
from central.registry.records_models import FieldChange, Kept, May

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from msgspec import Struct

    from central.identity.models import Person

ZONE = ZoneInfo("Asia/Shanghai")  # the day of the jurisdictions that this product is for
_LONGEST_TITLE = 200
_MISSING = object()


def initials(words: str) -> str:
    """The letters by which somebody would type a text: "鑫源化工" is "xyhg"; letters and digits stay."""
    letters = lazy_pinyin(words, style=Style.FIRST_LETTER, errors=lambda rest: rest)
    return "".join(sign for sign in "".join(letters) if sign.isascii() and sign.isalnum()).lower()


def title_of(register: Register, values: dict[str, Any]) -> str:
    """What a record is called in lists and links; empty while its field is."""
    bound = next(bound for bound in fields_of(register.record) if bound.name == register.title)
    return shown(bound.field, values.get(bound.name))[:_LONGEST_TITLE]


def shown(field: Field, value: Any) -> str:  # noqa: PLR0911 one kind a line
    """A value in words."""
    names = {choice.code: choice.zh for choice in field.choices}

    def word(code: str, other: str) -> str:
        return other if code == OTHER and other else names.get(code, code)

    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case {"choice": code}:
            return word(code, value.get("other", ""))
        case {"choices": list(codes)}:
            return "、".join(word(code, value.get("other", "")) for code in codes)
        case {"from": start}:
            return f"{start} 至 {value.get('to') or '长期'}"
        case {"id": number}:
            return str(value.get("label") or number)
        case {"longitude": longitude, "latitude": latitude}:
            return f"{longitude:g}, {latitude:g}"
        case [{"sha256": _}, *_]:
            return "、".join(file["name"] for file in value)
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def label_of(field: Field, value: str | None) -> str:
    """A value of a typed column in words."""
    if value is None:
        return "（未填）"
    if field.kind == "yes-no":
        return "是" if value == "true" else "否"
    return next((choice.zh for choice in field.choices if choice.code == value), value)


def differences(register: Register, before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
    """Every value that differs, in the order of the document, each with its place."""
    found: list[FieldChange] = []
    _differ(register.record, before, after, "", "", found)
    return found


def _differ(
    record: type[Struct], before: dict[str, Any], after: dict[str, Any], where: str, heading: str,
    found: list[FieldChange],
) -> None:  # fmt: skip
    known = fields_of(record)
    for bound in known:
        old, new = before.get(bound.name), after.get(bound.name)
        if old == new:
            continue
        place, title = f"{where}{bound.name}", f"{heading}{bound.field.zh}"
        if bound.inside is None:
            found.append(FieldChange(place, title, old, new))
        elif bound.field.kind == "block":
            _differ(bound.inside, _part(old), _part(new), f"{place}.", f"{title} / ", found)
        else:
            olds, news = _rows(old), _rows(new)
            for row in range(max(len(olds), len(news))):
                one, other = (rows[row] if row < len(rows) else {} for rows in (olds, news))
                _differ(bound.inside, one, other, f"{place}[{row}].", f"{title} {row + 1} / ", found)
    # What a former declaration had is shown by its name.
    names = {bound.name for bound in known}
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name, _MISSING), after.get(name, _MISSING)
        if name not in names and old != new:
            pair = (None if value is _MISSING else value for value in (old, new))
            found.append(FieldChange(f"{where}{name}", f"{heading}{name}", *pair))


def _part(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: Any) -> list[dict[str, Any]]:
    return [_part(row) for row in value] if isinstance(value, list) else []


def writes(person: Person, register: Register) -> bool:
    """Whether somebody fills in a register at all."""
    return "register" in person.may and person.kind in register.writers


def reviews(person: Person, register: Register) -> bool:
    """Whether somebody reviews a register at all."""
    return register.reviewed and "review" in person.may and person.kind == "supervisor"


def is_own_work(person: Person, record: Kept) -> bool:
    """Whether somebody submitted a record; four eyes see what an agency approves."""
    return record.submitted_by is not None and record.submitted_by == person.account_id


def as_it_counts(register: Register, record: Kept) -> Kept:
    """A record as those outside of its agency know it: what counts, since when, and who put it in force.

    Nothing of what is being worked on is left, nor who works on it, since when, and what was said about it.
    """
    counts = record.counted or {}
    told = msgspec.structs.replace(record, payload=counts, stored=counts, opinion="", reason="")
    if record.state == "valid":
        return told
    return msgspec.structs.replace(
        told, state="valid", title=title_of(register, counts) or record.counted_title,
        version=record.counted_version or 1, valid_from=record.counted_from,
        changed_at=record.counted_at or record.created_at, changed_name=record.counted_name,
        submitted_at=None, submitted_by=None, reviewed_at=None, reviewed_name="",
    )  # fmt: skip


def as_of(register: Register, record: Kept, versions: Sequence[dict[str, Any]], asked: date) -> Kept | None:
    """A record as it counted on a day; None when nothing of it did.

    The state that holds is the one whose own date is the latest up to that day (in registers that are not
    dated: the day on which it was put in force), and among those of one date the one written last: what was
    put right later holds for its time, and the past stays as it was otherwise.

    Args:
        register: of the record.
        record: as it is kept.
        versions: its former states as `store.versions` gives them.
        asked: a day of the jurisdiction.
    """
    steps = [
        (step["valid_from"] or step["at"].astimezone(ZONE).date(), step["version"], step)
        for step in versions
        if step["state"] == "valid"
    ]
    now = as_it_counts(register, record)
    if record.counted is not None:
        told = {
            "version": now.version, "at": now.changed_at, "by_name": now.changed_name,
            "valid_from": now.valid_from, "payload": record.counted,
        }  # fmt: skip
        # Who knows the former states knows this one among them, unless it is the record itself.
        if record.state == "valid" or not versions:
            steps.append((now.valid_from or now.changed_at.astimezone(ZONE).date(), now.version, told))
    held = max((step for step in steps if step[0] <= asked), default=None, key=lambda step: step[:2])
    if held is None:
        return None
    step = held[2]
    values = current(register.record, step["payload"])
    return msgspec.structs.replace(
        now, state="valid", payload=values, stored=values, counted=values, title=title_of(register, values),
        version=step["version"], valid_from=step["valid_from"], changed_at=step["at"],
        changed_name=step["by_name"], submitted_at=None, reviewed_at=None, reviewed_name="",
    )  # fmt: skip


def may(person: Person, register: Register, record: Kept) -> May:
    """What somebody may do with a record as it stands."""
    inside = person.scope.holds(record.place, record.sector)
    change = inside and writes(person, register)
    # What an agency approved is not taken away behind its back.
    approved = register.reviewed and record.counted is not None
    return May(
        change=change,
        submit=change and record.state in {"draft", "returned"},
        review=(
            inside
            and reviews(person, register)
            and record.state == "submitted"
            and not is_own_work(person, record)
        ),
        remove=change and (not approved or reviews(person, register)),
    )


def field_named(register: Register, name: str) -> Bound | None:
    """A field of the outermost block."""
    return next((bound for bound in fields_of(register.record) if bound.name == name), None)
