"""Formats of document numbers, and the next number of a document: unique, and without a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.organisation import numbering
from central.organisation import numbers_store as store
from central.organisation.faults import changed, invalid
from central.organisation.numbers_models import NumberFormat, Preview

if TYPE_CHECKING:
    import datetime as dt

    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.organisation.numbers_models import NumberForm


async def next_number(conn: Connection, kind: str, agency_id: int, day: dt.date) -> str:
    """The next number for a document of a kind, issued by an agency on a day.

    The series stays locked until the caller's transaction ends: who issues at the same time waits, and a
    document that is not committed gives its number back. So call it late in the transaction.

    Args:
        conn: the transaction that writes the document; its scope holds the agency.
        kind: word of the kind of document, as the format names it.
        agency_id: who issues.
        day: on which, in the installation's zone.

    Raises:
        DomainError: 409, neither the agency nor one above it has a format for this kind, or it needs a code.
        NotFoundError: the agency lies outside the scope.
    """
    found = await store.format_for(conn, agency_id, kind)
    if found is None:
        raise DomainError("no-number-format", f"没有“{kind}”的文书编号格式，请先在机构管理中设置。", 409)
    if "{agency}" in found["pattern"] and not found["agency_code"]:
        raise DomainError("no-agency-code", "编号格式需要机构代码，请先填写本机构的代码。", 409)
    period = numbering.period(found["resets"], day)
    serial = await store.take_serial(conn, found["id"], agency_id, period)
    return numbering.number(found["pattern"], found["serial_length"], serial, found["agency_code"], day)


async def formats(
    conn: Connection,
    today: dt.date,
    q: str,
    agency_id: int | None,
    after: tuple[str | None, int | None],
    limit: int,
) -> list[NumberFormat]:
    """Formats inside the scope, each with the number that would come next."""
    rows = await store.formats(conn, today, q=q, agency_id=agency_id, after=after, limit=limit)
    return [_shown(row, today) for row in rows]


async def one(conn: Connection, number: int, today: dt.date) -> NumberFormat:
    """One format.

    Raises:
        NotFoundError: there is none in this scope.
    """
    rows = await store.formats(conn, today, number=number)
    if not rows:
        raise NotFoundError("没有找到这个编号格式，或不在您的管辖范围内。")
    return _shown(rows[0], today)


def _shown(row: asyncpg.Record, today: dt.date) -> NumberFormat:
    facts = dict(row)
    code, last = facts.pop("agency_code"), facts.pop("last")
    example = numbering.number(row["pattern"], row["serial_length"], last + 1, code, today)
    return NumberFormat(example=example, **facts)


async def preview(conn: Connection, person: Person, form: NumberForm, today: dt.date) -> Preview:
    """The first numbers that a format would give.

    Raises:
        DomainError: 400 with everything that is wrong with it.
    """
    _, code = await _agency(conn, person, form)
    return Preview([numbering.number(form.pattern, form.serial_length, n, code, today) for n in (1, 2, 3)])


async def create(conn: Connection, person: Person, form: NumberForm, today: dt.date) -> NumberFormat:
    """Adds a format.

    Raises:
        DomainError: 400 with everything that is wrong; 409 the agency has one for this kind.
    """
    agency_id, _ = await _agency(conn, person, form)
    return await one(conn, await store.insert_format(conn, agency_id, form), today)


async def update(
    conn: Connection, number: int, version: int, form: NumberForm, today: dt.date
) -> NumberFormat:
    """Changes a format; its agency stays, and serials count on.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 412 somebody was faster; 400, 409 as `create`.
    """
    held = await store.lock_format(conn, number)
    if held is None:
        raise NotFoundError("没有找到这个编号格式，或不在您的管辖范围内。")
    if held["version"] != version:
        raise changed(held["version"])
    problems = numbering.pattern_problems(form)
    if problems:
        raise invalid(problems)
    await store.update_format(conn, number, form)
    return await one(conn, number, today)


async def remove(conn: Connection, number: int, version: int) -> None:
    """Removes a format that gave out no number yet.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 409, numbers were given out by it; 412 somebody was faster.
    """
    held = await store.lock_format(conn, number)
    if held is None:
        raise NotFoundError("没有找到这个编号格式，或不在您的管辖范围内。")
    if held["version"] != version:
        raise changed(held["version"])
    if held["used"]:
        raise DomainError("in-use", f"“{held['name']}”已发出编号，不能删除；可以修改格式。", 409)
    await store.delete_format(conn, number)


async def _agency(conn: Connection, person: Person, form: NumberForm) -> tuple[int, str]:
    """Whose a format is, with that agency's code.

    Raises:
        DomainError: 400 with everything that is wrong with the format.
    """
    number = form.agency_id if form.agency_id is not None else person.agency_id
    problems = numbering.pattern_problems(form)
    code = await store.agency_of_format(conn, number) if number is not None else None
    if number is None or code is None:
        problem = "必须填写所属机构。" if number is None else "所属机构不在您的管辖范围内。"
        raise invalid([*problems, FieldProblem("agency_id", problem, "选择本辖区内的机构。")])
    if problems:
        raise invalid(problems)
    return number, code
