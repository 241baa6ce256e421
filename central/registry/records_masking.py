"""Personal numbers in records: masked for all but their owner, and kept when a masked one comes back."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from central.audit.models import Personal
from central.db.errors import FieldProblem
from central.identity import masking
from central.registry.forms.register import Register, fields_of

if TYPE_CHECKING:
    from msgspec import Struct

    from central.identity.models import Person
    from central.registry.records_models import FieldChange, Owner

_HIDE = {"phone": masking.phone, "identity": masking.identity_number}


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
    """The values with every personal number masked."""
    return _masked(register.record, values) if has_personal(register.record) else values


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
    """The changes of a history with personal numbers masked."""
    found = []
    for change in changes:
        kind = _kind_at(register.record, change.field)
        hide = _HIDE[kind] if kind else None
        before, after = (
            hide(value) if hide and isinstance(value, str) else value
            for value in (change.before, change.after)
        )
        found.append(msgspec.structs.replace(change, before=before, after=after))
    return found


def _kind_at(record: type[Struct], place: str) -> str:
    head, _, rest = place.partition(".")
    name = head.partition("[")[0]
    for bound in fields_of(record):
        if bound.name == name:
            if rest and bound.inside is not None:
                return _kind_at(bound.inside, rest)
            return bound.field.personal
    return ""


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
    return _restored(register.record, given, [kept], "", problems), problems


def _restored(
    record: type[Struct], given: dict[str, Any], kept: list[dict[str, Any]], where: str,
    problems: list[FieldProblem],
) -> dict[str, Any]:  # fmt: skip
    """`kept`: rows in which the number may stand, the likeliest first."""
    whole = dict(given)
    for bound in fields_of(record):
        value = given.get(bound.name)
        if bound.inside is not None and has_personal(bound.inside):
            inside = bound.inside
            if isinstance(value, dict):
                blocks = [row[bound.name] for row in kept if isinstance(row.get(bound.name), dict)]
                whole[bound.name] = _restored(inside, value, blocks, f"{where}{bound.name}.", problems)
            elif isinstance(value, list):
                rows = [one for row in kept for one in row.get(bound.name) or [] if isinstance(one, dict)]
                whole[bound.name] = []
                for place, one in enumerate(value):
                    near, at = rows[place : place + 1] + rows, f"{where}{bound.name}[{place}]."
                    row = _restored(inside, one, near, at, problems) if isinstance(one, dict) else one
                    whole[bound.name].append(row)
        elif bound.field.personal and isinstance(value, str) and "*" in value:
            hide = _HIDE[bound.field.personal]
            fitting = [
                row[bound.name] for row in kept
                if isinstance(row.get(bound.name), str) and hide(row[bound.name]) == value.strip()
            ]  # fmt: skip
            # In another row of a group two numbers may look alike: the one of the same row goes first.
            if fitting and (len(set(fitting)) == 1 or kept[0].get(bound.name) == fitting[0]):
                whole[bound.name] = fitting[0]
            else:
                problems.append(
                    FieldProblem(
                        f"{where}{bound.name}", f"“{bound.field.zh}”是隐去中间的号码。", "请填写完整号码。"
                    )
                )
    return whole


def in_full(register: Register, values: dict[str, Any], place: str) -> Personal | None:
    """One personal number of a record in full, for the audited viewing.

    Args:
        register: of the record.
        values: of the record.
        place: of the field, such as "identity" or "teams[0].phone".
    """
    kind = _kind_at(register.record, place)
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
