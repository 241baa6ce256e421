"""Where links of records lead: it is there, whoever writes may see it, and it belongs to the right owner.

One statement for each kind of target, whatever the number of records: names of tables come from declarations
alone, and row level security says what a writer sees.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from central.db.errors import FieldProblem
from central.registry.forms.register import Register, catalogue, fields_of
from central.registry.records_models import Owner
from central.registry.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from central.db.pool import Connection
    from central.registry.forms.fields import Field
    from central.registry.records_models import Kept

_DICTIONARY: Final = "dictionary/"
_MISSING: Final = -1
_BIGGEST: Final = {"int": 2**31 - 1, "bigint": 2**63 - 1}

# Of what is no register: type of its number, and the statement over numbers; `enterprise_id`: whose it is.
_THINGS: Final = {
    "enterprise": (
        "int",
        "SELECT id::text AS id, NULL::int AS enterprise_id FROM enterprise WHERE id = ANY($1)",
    ),
    "agency": ("int", "SELECT id::text AS id, NULL::int AS enterprise_id FROM agency WHERE id = ANY($1)"),
    "account": (
        "int",
        "SELECT id::text AS id, enterprise_id FROM account WHERE removed_at IS NULL AND id = ANY($1)",
    ),
    "region": ("text", "SELECT code AS id, NULL::int AS enterprise_id FROM region WHERE code = ANY($1)"),
    "industry": ("text", "SELECT code AS id, NULL::int AS enterprise_id FROM industry WHERE code = ANY($1)"),
    "gateway": ("text", "SELECT id, enterprise_id FROM gateway WHERE id = ANY($1)"),
    "point": ("int", "SELECT id::text AS id, enterprise_id FROM point WHERE id = ANY($1)"),
}
_WORDS: Final = (
    "SELECT code AS id, NULL::int AS enterprise_id FROM dictionary_entry "
    "WHERE active AND code = ANY($1) AND dictionary = $2"
)


class Linking(Struct, frozen=True, kw_only=True):
    """A record on its way.

    `known`: values whose links were looked at before and are not asked again: what a record counted with may
    be gone by now, and all the rest of it is still to be corrected.
    """

    owner: Owner | None
    values: dict[str, Any]
    known: tuple[dict[str, Any], ...] = ()


def known_of(before: Kept | None, *, submit: bool) -> tuple[dict[str, Any], ...]:
    """The values of a stored record whose links are not asked again.

    Args:
        before: as it is stored; None: a new one.
        submit: whether it is handed in now: then what a draft leads to is asked once more.
    """
    if before is None:
        return ()
    return (before.counted or {},) if submit else (before.counted or {}, before.payload)


async def problems(
    conn: Connection, register: Register, records: Sequence[Linking]
) -> list[list[FieldProblem]]:
    """What is wrong with the links of records, in their order, each at its place, as "values.teams[2].store".

    Args:
        conn: a transaction of the writer's scope.
        register: of which register.
        records: clean values.
    """
    wrong: list[list[FieldProblem]] = [[] for _ in records]
    if not _has_links(register.record):
        return wrong
    asked: list[tuple[int, str, Field, str]] = []
    wanted: dict[str, set[str]] = {}
    for at, record in enumerate(records):
        before = {
            (field.to, number)
            for values in record.known
            for _, field, number in _links(register.record, values, "")
        }
        for place, field, number in _links(register.record, record.values, "values."):
            if (field.to, number) not in before:
                asked.append((at, place, field, number))
                wanted.setdefault(field.to, set()).add(number)
    found = {to: await _found(conn, to, numbers) for to, numbers in wanted.items()}
    for at, place, field, number in asked:
        told = _problem(field, found[field.to].get(number, _MISSING), records[at].owner)
        if told is not None:
            wrong[at].append(FieldProblem(place, told, "请从列表中重新选择。"))
    return wrong


def _problem(field: Field, whose: int | None, owner: Owner | None) -> str | None:
    """`whose`: the enterprise to which the target belongs, if any."""
    if whose == _MISSING:
        return f"“{field.zh}”所选的内容不存在、已删除或不在您的管辖范围内。"
    if owner is not None and None not in {owner.enterprise_id, whose} and owner.enterprise_id != whose:
        target = catalogue().get(field.to)
        # What agencies keep as well may be anybody's within sight; what enterprises alone keep is their own.
        if target is None or target.owner == "enterprise":
            return f"“{field.zh}”所选的内容属于另一家企业。"
    return None


async def _found(conn: Connection, to: str, numbers: set[str]) -> dict[str, int | None]:
    """Of numbers those that lead to something within the scope, with the enterprise to which it belongs."""
    register = catalogue().get(to)
    if to.startswith(_DICTIONARY):
        rows = await conn.fetch(_WORDS, sorted(numbers), to.removeprefix(_DICTIONARY))
    elif register is not None:
        rows = await conn.fetch(
            f"SELECT id::text AS id, enterprise_id FROM {table_of(register)} "
            "WHERE removed_at IS NULL AND id = ANY($1::bigint[])",
            _readable(numbers, "bigint"),
        )
    else:
        kind, statement = _THINGS[to]
        rows = await conn.fetch(statement, sorted(numbers) if kind == "text" else _readable(numbers, kind))
    return {row["id"]: row["enterprise_id"] for row in rows}


def _readable(numbers: set[str], kind: str) -> list[int]:
    """Numbers that a column of this type can hold, as they are written without leading zeros."""
    return sorted(
        int(number)
        for number in numbers
        if number.isascii() and number.isdigit() and len(number) < 20 and int(number) <= _BIGGEST[kind]
    )


@cache
def _has_links(record: type[Struct]) -> bool:
    return any(
        bound.field.kind == "link" or (bound.inside is not None and _has_links(bound.inside))
        for bound in fields_of(record)
    )


def _links(record: type[Struct], values: dict[str, Any], where: str) -> Iterator[tuple[str, Field, str]]:
    for bound in fields_of(record):
        value = values.get(bound.name)
        if bound.field.kind == "link" and isinstance(value, dict) and "id" in value:
            yield f"{where}{bound.name}", bound.field, str(value["id"])
        elif bound.inside is not None and _has_links(bound.inside):
            rows = [("", value)] if isinstance(value, dict) else [
                (f"[{place}]", row) for place, row in enumerate(value if isinstance(value, list) else [])
            ]  # fmt: skip
            for mark, row in rows:
                if isinstance(row, dict):
                    yield from _links(bound.inside, row, f"{where}{bound.name}{mark}.")
