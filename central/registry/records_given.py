"""What a paper form prints of another record: read there each time, never kept twice (`Register.given`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from central.db.errors import NotFoundError
from central.registry import records
from central.registry import records_rules as rules
from central.registry.forms.register import Register, catalogue, fields_of
from central.registry.records_models import GivenValue

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person

_LARGEST_ID = 2**63


async def given(
    conn: Connection, person: Person, register: Register, values: dict[str, Any]
) -> list[GivenValue]:
    """The labels that other records fill in.

    Args:
        conn: in the scope of the reader.
        person: who reads; what this person may not see is not told.
        register: whose record it is.
        values: of the record, with its links.

    Returns:
        One for each label in the order of the form; none for a link that is empty or leads to nothing seen.
    """
    links = {bound.name: bound.field for bound in fields_of(register.record) if bound.field.kind == "link"}
    found: list[GivenValue] = []
    read: dict[str, dict[str, Any]] = {}
    for label in register.given:
        link, _, name = label.by.partition(".")
        if not name:
            continue
        other = catalogue()[links[link].to]
        if link not in read:
            read[link] = await _values(conn, person, other, values.get(link))
        field = next(bound.field for bound in fields_of(other.record) if bound.name == name)
        if name in read[link]:
            found.append(GivenValue(label.zh, field.en, rules.shown(field, read[link][name])))
    return found


async def _values(conn: Connection, person: Person, register: Register, link: Any) -> dict[str, Any]:
    number = link["id"] if isinstance(link, dict) else ""
    if not number.isascii() or not number.isdigit() or int(number) >= _LARGEST_ID:
        return {}
    try:
        return (await records.read(conn, person, register, int(number))).values
    except NotFoundError:
        return {}
