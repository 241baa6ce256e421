"""What somebody sees of a register, as one table named r: lists, counts, sums and exports read from it.

Inside the own scope that is the table itself, with what is being worked on. Of what an agency shares, those
outside of it know what counts and nothing else: they filter, search, sort, count and sum over that alone. As
of a day, everybody reads what counted on that day.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from central.registry.tables import table_of, typed_columns

if TYPE_CHECKING:
    from central.registry.forms.register import Register

# The same words as the policy of every table with a place (scope_policy(), migration 0043).
_INSIDE = (
    "(t.place >= current_setting('app.place_lo', true) AND t.place < current_setting('app.place_hi', true) "
    "AND (t.place::text <@@ (SELECT nullif(current_setting('app.places', true), '')"
    "::place_multirange)) IS NOT FALSE "
    "AND (t.sector = ANY ((SELECT nullif(current_setting('app.sectors', true), ''))::text[])) IS NOT FALSE)"
)
_OUTSIDE = f"{_INSIDE} IS NOT TRUE AND t.agency_id IS NOT NULL AND t.counted IS NOT NULL"
_WHOSE = "t.id, t.enterprise_id, t.agency_id, t.place, t.sector, t.created_at, t.removed_at"
# The day from which something counted: its own date, else the day on which it was put in force.
_DAY = "coalesce({valid_from}, ({at} AT TIME ZONE 'Asia/Shanghai')::date)"


def source(register: Register, *, searching: bool = False, as_of: bool = False) -> str:
    """What stands after FROM; its row is called r.

    Args:
        register: of which register.
        searching: $1 is the name of the register, $2 words to be found in titles.
        as_of: $1 is the name of the register, $2 words or "" for none, $3 a day.
    """
    if as_of:
        return _past(register)
    if not register.shared:
        return f"{table_of(register)} AS r"
    return _shared(register, searching=searching)


@cache
def _shared(register: Register, *, searching: bool) -> str:
    table = table_of(register)
    plain = "".join(f", t.{column.name}" for column in typed_columns(register))
    inside, outside = "", ""
    if searching:
        inside = " AND t.id = ANY(ARRAY(SELECT search_register($1::text, $2::text)))"
        outside = f" AND {_found(_counted('title'), _counted('initials'))}"
    # Those outside of an agency reach its records, some thousand, by its number, which an index knows.
    return (
        f"(SELECT {_WHOSE}, t.state, t.version, t.payload, t.title, t.valid_from, t.changed_at{plain} "
        f"FROM {table} AS t WHERE t.removed_at IS NULL AND {_INSIDE}{inside} "
        f"UNION ALL SELECT {_WHOSE}, {_VALID}, {_counted('version')}, t.counted, {_counted('title')}, "
        f"{_counted('from')}, {_counted('at')}{_typed(register, 't.counted')} "
        f"FROM {table} AS t WHERE t.removed_at IS NULL AND {_OUTSIDE}{outside}) AS r"
    )


@cache
def _past(register: Register) -> str:
    table = table_of(register)
    title = f"coalesce(field_text({{0}}, '{register.title}'), t.title)"
    inside, outside = title.format("v.payload"), title.format("t.counted")
    day = _DAY.format(valid_from="x.valid_from", at="x.at")
    outer = _DAY.format(valid_from=_counted("from"), at=_counted("at"))
    return (
        f"(SELECT {_WHOSE}, {_VALID}, v.version, v.payload, {inside} AS title, v.valid_from, "
        f"v.at AS changed_at{_typed(register, 'v.payload')} FROM {table} AS t CROSS JOIN LATERAL ("
        "SELECT x.* FROM (SELECT t.version, t.payload, t.valid_from, t.changed_at AS at "
        "WHERE t.state = 'valid' UNION ALL SELECT h.version, h.payload, h.valid_from, h.at "
        "FROM record_version AS h WHERE h.register = $1::text AND h.record_id = t.id AND h.state = 'valid'"
        f") AS x WHERE {day} <= $3::date ORDER BY {day} DESC, x.version DESC LIMIT 1) AS v "
        f"WHERE t.removed_at IS NULL AND {_INSIDE} AND ($2::text = '' OR {_found(inside)}) "
        f"UNION ALL SELECT {_WHOSE}, {_VALID}, {_counted('version')}, t.counted, {outside}, "
        f"{_counted('from')}, {_counted('at')}{_typed(register, 't.counted')} "
        f"FROM {table} AS t WHERE t.removed_at IS NULL AND {_OUTSIDE} AND {outer} <= $3::date "
        f"AND ($2::text = '' OR {_found(outside)})) AS r"
    )


_VALID = "'valid'::text COLLATE \"C\" AS state"
_COLUMNS = {"from": "valid_from", "at": "changed_at"}


def _counted(name: str) -> str:
    """Something that is told of what counts, while the rest may be worked on."""
    column = _COLUMNS.get(name, name)
    return f"CASE WHEN t.state = 'valid' THEN t.{column} ELSE t.counted_{name} END"


def _found(*texts: str) -> str:
    return "(" + " OR ".join(f"strpos(lower({text}), lower($2::text)) > 0" for text in texts) + ")"


def _typed(register: Register, payload: str) -> str:
    """The typed columns, taken out of another payload than the table's own."""
    return "".join(
        f", {column.expression.replace('(payload,', f'({payload},')} AS {column.name}"
        for column in typed_columns(register)
    )


def counted_title() -> str:
    """The title of what counts, as an expression over a register's table named t."""
    return _counted("title")


def counted_initials() -> str:
    """The initials of what counts, as an expression over a register's table named t."""
    return _counted("initials")
