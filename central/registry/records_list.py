"""Lists of records: filters, sort, search and pages over typed columns, and counts by any choice."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from central.db.errors import DomainError, FieldProblem
from central.http.paging import read_cursor, write_cursor
from central.registry import records_former as former
from central.registry import records_masking as masking
from central.registry import records_rules as rules
from central.registry.forms.register import Bound, Register, fields_of
from central.registry.records_models import Count, Counts, Owner, Page, Query, Row
from central.registry.records_source import source
from central.registry.records_store import OWNER_NAME

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.db.scope import Scope
    from central.identity.models import Person

STATES = ("draft", "submitted", "valid", "returned")
# Before the name of any filter; needed where every list has a parameter of that name: values.state.
FIELD = "values."
_MOST_COUNTED = 500
_MOST_RANGES = 40
_SORTS = {
    "id": "bigint",
    "title": "text",
    "state": "text",
    "changed_at": "timestamptz",
    "created_at": "timestamptz",
}
_READ: dict[str, Any] = {
    "text": str, "bigint": int, "double precision": float, "boolean": bool, "date": date,
    "timestamptz": datetime,
}  # fmt: skip


_SIGNS = {
    "in": "{column} = ANY({value}::{type}[])", "holds": "{value}::text = ANY({column})",
    "open": "({column} IS NULL OR {column} >= {value})", "filled": "{column} IS NOT NULL",
    "empty": "{column} IS NULL",
}  # fmt: skip


class Term(Struct, frozen=True):
    """One condition over a column: said to PostgreSQL as it is, or to `search_register()` as data.

    Attributes:
        column: of the table.
        sign: = < <= > >=, in, holds, open (empty, or >=), filled, empty; <id and >id compare (column, id);
            within: one of several ranges [low, high), which the function knows from the scope.
        value: what the column is compared with; a list for "in", for a pair and for ranges.
    """

    column: str
    sign: str
    value: Any = None


class Where(Struct):
    """What the rows of a list must be: terms that all hold, and words to be found in titles."""

    register: Register
    terms: list[Term] = []
    q: str = ""
    as_of: date | None = None

    def add(self, column: str, sign: str, value: Any = None) -> None:
        """Narrows further."""
        self.terms.append(Term(column, sign, value))

    @property
    def searched(self) -> bool:
        """Whether the search's function finds the rows; else `source` does, wherever it is no mere table."""
        return bool(self.q) and not self.register.shared and self.as_of is None

    @property
    def source(self) -> str:
        """What stands after FROM."""
        return source(self.register, searching=bool(self.q), as_of=self.as_of is not None)

    @property
    def sql(self) -> str:
        """The whole condition over `source`, its values numbered from $1.

        A search is narrowed inside its function, so that nothing is cut off; what it finds is judged by the
        policies once more.
        """
        if self.searched:
            return "r.id = ANY(ARRAY(SELECT search_register($1, $2, $3)))"
        words, number = ["r.removed_at IS NULL"], len(self._sources)
        for term in self.terms:
            column = f"r.{term.column}"
            if term.sign in {"filled", "empty"}:
                words.append(_SIGNS[term.sign].format(column=column))
            elif term.sign in {"<id", ">id"}:
                number += 2
                words.append(f"({column}, r.id) {term.sign[0]} (${number - 1}, ${number})")
            elif term.sign == "within":
                places = range(number + 1, number + 2 * len(term.value), 2)
                number += 2 * len(term.value)
                words.append(
                    "(" + " OR ".join(f"{column} >= ${n} AND {column} < ${n + 1}" for n in places) + ")"
                )
            else:
                number += 1
                form = _SIGNS.get(term.sign, f"{{column}} {term.sign} {{value}}")
                words.append(form.format(column=column, value=f"${number}", type="text"))
        return " AND ".join(words)

    @property
    def values(self) -> list[Any]:
        """The values of `source` and `sql`."""
        if self.searched:
            return [self.register.name, self.q, self.narrowed]
        found = list(self._sources)
        for term in self.terms:
            if term.sign == "within":
                found += [edge for ends in term.value for edge in ends]
            elif term.sign in {"<id", ">id"}:
                found += term.value
            elif term.sign not in {"filled", "empty"}:
                found.append(term.value)
        return found

    @property
    def _sources(self) -> list[Any]:
        if self.as_of is not None:
            return [self.register.name, self.q, self.as_of]
        return [self.register.name, self.q] if self.q and self.register.shared else []

    @property
    def narrowed(self) -> list[tuple[str, str, Any]]:
        """The terms as `search_register()` takes them."""
        return [(term.column, term.sign, term.value) for term in self.terms if term.sign != "within"]

    def filled(self, column: str) -> bool:
        """Whether no row that fits can be without a value in a column."""
        return any(term.column == column and term.sign not in {"open", "empty"} for term in self.terms)


async def list_(conn: Connection, person: Person, register: Register, query: Query) -> Page:
    """A page of records.

    Args:
        conn: a transaction of the person's scope.
        person: who reads; decides what is masked.
        register: of which register.
        query: what is wanted.

    Raises:
        DomainError: 400 with every filter that is no filter of this register, or has no value of its kind.
    """
    rows, following = await raw(conn, register, query, scope=person.scope)
    return Page([_row(person, register, row) for row in rows], following)


async def raw(
    conn: Connection,
    register: Register,
    query: Query,
    columns: tuple[str, ...] | None = None,
    *,
    scope: Scope | None = None,
) -> tuple[list[dict[str, Any]], str | None]:
    """A page as it is stored, unmasked: for whoever renders records otherwise and masks them itself.

    Args:
        conn: a transaction of the reader's scope: of what an agency shares, those outside get what counts.
        register: of which register.
        query: what is wanted.
        columns: which fields `values` holds; all when empty; those of the list when None.
        scope: of the transaction. Several ranges are written out, for an index: the policy, which judges in
            any case, knows them as a filter.
    """
    where = conditions(register, query)
    if scope and 1 < len(scope.ranges) <= _MOST_RANGES and not register.shared and query.as_of is None:
        where.add("place", "within", scope.ranges)
    column, type_, turned = _sort(register, query.sort)
    last: Any = None
    number: int | None = None
    if query.cursor:
        kind = _READ[type_]
        last, number = read_cursor(query.cursor, kind | None, int)
    order = "DESC" if turned else "ASC"
    sign = "<" if turned else ">"
    found: list[dict[str, Any]] = []
    wanted = query.limit + 1
    names = register.columns if columns is None else columns
    what = (
        f"r.id, r.enterprise_id, r.agency_id, {OWNER_NAME} AS owner_name, r.place, r.sector, r.state, "
        f"r.title, r.version, r.valid_from, r.changed_at, {_picked('payload', names)} AS values, "
        f"r.{column} AS sorted"
    )
    # What has no value comes last, whichever way: two statements that an index serves, not one that sorts.
    for empty in (False, True):
        if empty and (column in _SORTS or where.filled(column)):
            continue
        if len(found) >= wanted or (not empty and number and last is None):
            continue
        here = Where(register, list(where.terms), where.q, where.as_of)
        if column not in _SORTS:
            here.add(column, "empty" if empty else "filled")
        if number and (column == "id" or (empty and last is None)):
            here.add("id", sign, number)
        elif number and not empty:
            here.add(column, f"{sign}id", (last, number))
        by = "id" if empty else column
        tie = "" if by == "id" else f", r.id {order}"
        condition, values, most = here.sql, here.values, wanted - len(found)
        if where.searched:
            # In the order of the list, so that only the page is looked up.
            condition = "r.id = ANY(ARRAY(SELECT search_register($1, $2, $3, $4, $5, $6)))"
            values += [by, turned, most]
        rows = await conn.fetch(
            f"SELECT {what} FROM (SELECT r.* FROM {where.source} WHERE {condition} "
            f"ORDER BY r.{by} {order}{tie} LIMIT ${len(values) + 1}) AS r",
            *values, most,
        )  # fmt: skip
        found += [dict(row) for row in rows]
    more = len(found) > query.limit
    found = found[: query.limit]
    for row in found:
        row["values"] = former.current(register.record, row["values"])
    return found, write_cursor(found[-1]["sorted"], found[-1]["id"]) if more else None


def _picked(source: str, names: tuple[str, ...]) -> str:
    """Some fields of a payload; PostgreSQL takes a hundred arguments, fifty fields, a call."""
    if not names:
        return f"r.{source}"
    parts = [
        ", ".join(f"'{name}', r.{source} -> '{name}'" for name in names[start : start + 50])
        for start in range(0, len(names), 50)
    ]
    return "jsonb_strip_nulls(" + " || ".join(f"jsonb_build_object({part})" for part in parts) + ")"


def conditions(register: Register, query: Query) -> Where:
    """What a list's rows must be, as a condition over the table named r.

    Raises:
        DomainError: 400 with every filter that does not fit.
    """
    where, problems = Where(register, [], query.q.strip(), query.as_of), []
    if "\0" in query.q:
        problems.append(FieldProblem("q", "含有不能搜索的字符。", "请重新输入。"))
    if query.enterprise_id is not None:
        where.add("enterprise_id", "=", query.enterprise_id)
    if query.agency_id is not None:
        where.add("agency_id", "=", query.agency_id)
    if query.region:
        if query.region.isascii() and query.region.isdigit() and len(query.region) <= 12:
            where.add("place", ">=", query.region)
            where.add("place", "<", query.region + ":")
        else:
            problems.append(FieldProblem("region", "应为区划代码。", "例如 429981。"))
    if query.state:
        if query.state in STATES:
            where.add("state", "=", query.state)
        else:
            problems.append(FieldProblem("state", "没有这种状态。", f"可选：{'、'.join(STATES)}。"))
    fields = {bound.name: bound for bound in fields_of(register.record) if bound.name in register.filters}
    for given, value in query.filters.items():
        name, _, edge = given.removeprefix(FIELD).partition(".")
        bound = fields.get(name)
        if bound is None or edge not in {"", "from", "to"} or "\0" in value:
            known = "、".join(register.filters) or "（无）"
            problems.append(FieldProblem(given, "没有这个筛选项。", f"可选：{known}。"))
        elif value.strip() and not _filter(where, bound, edge, value.strip()):
            problems.append(
                FieldProblem(given, f"“{bound.field.zh}”不能这样筛选。", _EXPECTED[bound.field.kind])
            )
    if problems:
        raise DomainError("invalid", "有筛选条件不正确，请逐项修改。", 400, problems)
    return where


_EXPECTED = {
    "text": "填写开头的文字。", "number": "填写数字，或用 .from、.to 填写范围。",
    "whole": "填写整数，或用 .from、.to 填写范围。", "day": "填写日期 2026-01-31，或用 .from、.to 填写范围。",
    "span": "填写当天有效的日期；用 .from、.to 填写到期日的范围。", "yes-no": "填写 true 或 false。",
    "choice": "填写选项代码，几个之间用逗号分开。", "choices": "填写选项代码，几个之间用逗号分开。",
    "link": "填写编号，几个之间用逗号分开。", "spot": "位置不能筛选。", "mark": "位置不能筛选。",
}  # fmt: skip


def _filter(where: Where, bound: Bound, edge: str, value: str) -> bool:
    """Adds the condition of one filter; whether that was possible."""
    column = f"f_{bound.name}"
    kind = bound.field.kind
    if kind in {"number", "whole", "day", "span"}:
        read = _day(value) if kind in {"day", "span"} else _number(kind, value)
        if read is None:
            return False
        if kind == "span":
            if edge:
                where.add(f"{column}_to", ">=" if edge == "from" else "<=", read)
            else:
                where.add(f"{column}_from", "<=", read)
                where.add(f"{column}_to", "open", read)
        else:
            where.add(column, {"from": ">=", "to": "<="}.get(edge, "="), read)
        return True
    if edge:
        return False
    if kind == "yes-no":
        if value not in {"true", "false"}:
            return False
        where.add(column, "=", value == "true")
    elif kind in {"choice", "link"}:
        where.add(column, "in", value.split(","))
    elif kind == "choices":
        for code in value.split(","):
            where.add(column, "holds", code)
    elif bound.field.personal:
        # Whole or not at all: beginnings would tell a masked number digit by digit.
        where.add(column, "=", value)
    elif kind == "text":
        # What begins so: plain operators, which an index serves under row level security.
        where.add(column, ">=", value)
        where.add(column, "<", value + "\U0010ffff")
    else:
        return False
    return True


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None


def _number(kind: str, value: str) -> float | None:
    try:
        read = int(value) if kind == "whole" else float(value)
    except ValueError:
        return None
    # Whole numbers of Python have no end; those of the store have.
    return read if abs(read) < 2**63 else None


def _sort(register: Register, sort: str) -> tuple[str, str, bool]:
    name, turned = sort.removeprefix("-"), sort.startswith("-")
    if name in _SORTS:
        return name, _SORTS[name], turned
    name = name.removeprefix(FIELD)
    types = {
        "number": "double precision", "whole": "bigint", "yes-no": "boolean", "day": "date", "span": "date",
        "text": "text", "choice": "text", "link": "text",
    }  # fmt: skip
    for bound in fields_of(register.record):
        if bound.name == name and name in register.filters and bound.field.kind in types:
            suffix = "_to" if bound.field.kind == "span" else ""
            return f"f_{name}{suffix}", types[bound.field.kind], turned
    known = "、".join([*_SORTS, *register.filters])
    raise DomainError(
        "invalid", "不能这样排序。", 400, [FieldProblem("sort", f"没有排序项“{name}”。", f"可选：{known}。")]
    )


def _row(person: Person, register: Register, row: dict[str, Any]) -> Row:
    full = masking.sees_all(person, Owner(row["enterprise_id"], row["agency_id"]))
    return Row(
        id=row["id"], enterprise_id=row["enterprise_id"], agency_id=row["agency_id"],
        owner_name=row["owner_name"] or "", place=row["place"], state=row["state"], title=row["title"],
        version=row["version"], valid_from=row["valid_from"], changed_at=row["changed_at"],
        values=row["values"] if full else masking.masked(register, row["values"]),
    )  # fmt: skip


async def counts(conn: Connection, register: Register, query: Query, by: str) -> Counts:
    """How many records have each value of a field, most first; of a field with several choices each counts.

    Args:
        conn: a transaction of the person's scope.
        register: of which register.
        query: the filters of the list.
        by: a filter of the register, or "state".

    Raises:
        DomainError: 400, no such field or filter.
    """
    where = conditions(register, query)
    state, by = by == "state", by.removeprefix(FIELD)
    bound = rules.field_named(register, by) if by in register.filters and not state else None
    if not state and (bound is None or bound.field.kind in {"span", "spot", "mark"} or bound.field.personal):
        raise DomainError(
            "invalid", "不能这样统计。", 400,
            [FieldProblem("by", f"没有统计项“{by}”。", f"可选：{'、'.join(['state', *register.filters])}。")],
        )  # fmt: skip
    total = await conn.fetchval(f"SELECT count(*) FROM {where.source} WHERE {where.sql}", *where.values)
    label = "NULL::text"
    if bound is None:
        value, each = "r.state", ""
    elif bound.field.kind == "choices":
        value, each = "one", f"LEFT JOIN LATERAL unnest(r.f_{by}) AS one ON true "
    else:
        value, each = f"r.f_{by}", ""
        if bound.field.kind == "link":
            label = f"min(r.payload -> '{by}' ->> 'label')"
    rows = await conn.fetch(
        f"SELECT {value}::text AS value, count(*) AS count, {label} AS label "
        f"FROM {where.source} {each}WHERE {where.sql} "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_COUNTED}",
        *where.values,
    )

    def named(value: str | None) -> str:
        return rules.label_of(bound.field, value) if bound else _STATE[value or ""]

    items = [Count(row["value"], row["label"] or named(row["value"]), row["count"]) for row in rows]
    return Counts(items, total)


_STATE = {"draft": "草稿", "submitted": "待审核", "valid": "已生效", "returned": "已退回"}
