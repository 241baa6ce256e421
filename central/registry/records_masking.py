"""Personal numbers in records: masked for all but their owner, and kept when a masked one comes back."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from central.audit.models import Personal
from central.db.errors import FieldProblem
from central.identity import masking
from central.registry import records_former as former
from central.registry.forms.register import Bound, Register, fields_of

if TYPE_CHECKING:
    from msgspec import Struct

    from central.identity.models import Person
    from central.registry.records_models import FieldChange, Owner

_HIDE = {"phone": masking.phone, "identity": masking.identity_number}
_FORMER = "（已停用的内容，不予显示）"


@cache
def has_personal(record: type[Struct]) -> bool:
    """Whether a Struct holds a personal field at any depth."""
    return any(
        bound.field.personal or (bound.inside is not None and has_personal(bound.inside))
        for bound in fields_of(record)
    )


def sees_all(person: Person, owner: Owner) -> bool:
    """Whether numbers are shown in full: those of one's own enterprise or agency."""
    return masking.is_own(person, enterprise_id=owner.enterprise_id) or (
        owner.agency_id is not None and owner.agency_id == person.agency_id
    )


def masked(register: Register, values: dict[str, Any]) -> dict[str, Any]:
    """The values with every personal number masked, without what no field of today says how to mask."""
    today = former.current(register.record, values)
    return _masked(register.record, today) if has_personal(register.record) else today


def _masked(record: type[Struct], values: dict[str, Any]) -> dict[str, Any]:
    shown = dict(values)
    for bound in fields_of(record):
        value = values.get(bound.name)
        if value is None:
            continue
        if bound.inside is not None and has_personal(bound.inside):
            inside = bound.inside
            shown[bound.name] = (
                _masked(inside, value) if isinstance(value, dict) else [_masked(inside, row) for row in value]
            )
        elif bound.field.personal and isinstance(value, str):
            shown[bound.name] = _HIDE[bound.field.personal](value)
    return shown


def masked_changes(register: Register, changes: list[FieldChange]) -> list[FieldChange]:
    """The changes of a history with personal numbers masked, and what no field of today describes hidden."""
    found = []
    for change in changes:
        bound = _bound_at(register.record, change.field)
        before, after = (_hidden(bound, value) for value in (change.before, change.after))
        found.append(msgspec.structs.replace(change, before=before, after=after))
    return found


def _hidden(bound: Bound | None, value: Any) -> Any:
    if value is None:
        return None
    if bound is None or not former.fits(bound, value):
        return _FORMER
    return _HIDE[bound.field.personal](value) if bound.field.personal else value


def _bound_at(record: type[Struct], place: str) -> Bound | None:
    """The field at a place; None where there is none today."""
    head, _, rest = place.partition(".")
    name = head.partition("[")[0]
    found = next((bound for bound in fields_of(record) if bound.name == name), None)
    if found is None or not rest:
        return found
    return None if found.inside is None else _bound_at(found.inside, rest)


def restored(
    register: Register, given: object, kept: dict[str, Any]
) -> tuple[dict[str, Any] | object, list[FieldProblem]]:
    """What came from somebody who saw masked numbers, with the kept ones back in their places.

    Args:
        register: whose declaration says what is personal.
        given: values as they came.
        kept: values as they are stored.

    Returns:
        The values, and a problem for each masked number that fits none that is kept.
    """
    problems: list[FieldProblem] = []
    if not isinstance(given, dict) or not has_personal(register.record):
        return given, problems
    return _restored(register.record, given, [former.current(register.record, kept)], "", problems), problems


def _restored(
    record: type[Struct], given: dict[str, Any], kept: list[dict[str, Any]], where: str,
    problems: list[FieldProblem],
) -> dict[str, Any]:  # fmt: skip
    """`kept`: blocks or rows that this one may have been."""
    whole = dict(given)
    for bound in fields_of(record):
        value = given.get(bound.name)
        if bound.inside is not None and has_personal(bound.inside):
            inside = bound.inside
            if isinstance(value, dict):
                blocks = [row[bound.name] for row in kept if bound.name in row]
                whole[bound.name] = _restored(inside, value, blocks, f"{where}{bound.name}.", problems)
            elif isinstance(value, list):
                groups = [row[bound.name] for row in kept if bound.name in row]
                whole[bound.name] = _rows_restored(inside, value, groups, f"{where}{bound.name}", problems)
        elif bound.field.personal and isinstance(value, str) and "*" in value:
            number = _number_of(record, given, bound, kept)
            if number is not None:
                whole[bound.name] = number
            else:
                problems.append(
                    FieldProblem(
                        f"{where}{bound.name}",
                        f"“{bound.field.zh}”是隐去中间的号码，无法确定原来是哪一个。",
                        "请重新填写完整号码。",
                    )
                )
    return whole


def _rows_restored(
    inside: type[Struct], given: list[Any], groups: list[list[dict[str, Any]]], where: str,
    problems: list[FieldProblem],
) -> list[Any]:  # fmt: skip
    # Rows that come back as they were shown are those that were, also where hidden digits alone differ.
    same = [rows for rows in groups if [_masked(inside, row) for row in rows] == given]
    if same and all(rows == same[0] for rows in same):
        return same[0]
    rows = [row for group in groups for row in group]
    return [
        _restored(inside, one, rows, f"{where}[{place}].", problems) if isinstance(one, dict) else one
        for place, one in enumerate(given)
    ]


def _number_of(
    record: type[Struct], given: dict[str, Any], bound: Bound, kept: list[dict[str, Any]]
) -> str | None:
    """The one number that a masked one stands for; None rather than a guess.

    Where several that are kept look alike, it is that of the row that is otherwise the same, or of the row of
    the same person: whose masked numbers and whose name are those of this one. Its place among the rows says
    nothing: rows above it may have come or gone.
    """
    value = given[bound.name].strip()
    alike = [
        row for row in kept if bound.name in row and _HIDE[bound.field.personal](row[bound.name]) == value
    ]
    bounds = fields_of(record)
    numbers = [one.name for one in bounds if one.field.personal]
    name = next((one.name for one in bounds if one.field.kind == "text" and not one.field.personal), None)
    for fitting in (
        alike,
        [row for row in alike if _masked(record, row) == given],
        [
            row for row in alike
            if name is not None and given.get(name) and given[name] == row.get(name)
            and all(_masked(record, row).get(one) == given.get(one) for one in numbers)
        ],
    ):  # fmt: skip
        found = {row[bound.name] for row in fitting}
        if len(found) == 1:
            return str(found.pop())
    return None


def in_full(register: Register, values: dict[str, Any], place: str) -> Personal | None:
    """One personal number of a record in full, for the audited viewing.

    Args:
        register: of the record.
        values: of the record.
        place: of the field, such as "identity" or "teams[0].phone".
    """
    bound = _bound_at(register.record, place)
    kind = bound.field.personal if bound is not None else ""
    found: Any = values
    for step in place.replace("[", ".").replace("]", "").split("."):
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isascii() and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    if not isinstance(found, str) or not kind:
        return None
    return Personal(phone=found) if kind == "phone" else Personal(identity_number=found)
