"""Members of the safety committee, and intermediaries with the validity of their qualification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.organisation import members_store as store
from central.organisation.credit_code import credit_code_problem, normal_credit_code
from central.organisation.faults import changed, invalid

if TYPE_CHECKING:
    import datetime as dt

    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.organisation.members_models import Intermediary, IntermediaryForm, Unit, UnitForm

units = store.units
intermediaries = store.intermediaries


async def _agency(
    conn: Connection, person: Person, asked: int | None
) -> tuple[int | None, list[FieldProblem]]:
    """Whose a new row is: the agency that was asked for, else the own one; with what is wrong about it."""
    number = asked if asked is not None else person.agency_id
    if number is None:
        return None, [FieldProblem("agency_id", "必须填写所属机构。", "选择本辖区内的机构。")]
    if not await store.agency_in_sight(conn, number):
        return None, [FieldProblem("agency_id", "所属机构不在您的管辖范围内。", "选择本辖区内的机构。")]
    return number, []


def _held(row: asyncpg.Record | None, version: int, what: str) -> str:
    """The name of a locked row.

    Raises:
        NotFoundError: it is not there.
        DomainError: 412, it has another version.
    """
    if row is None:
        raise NotFoundError(f"没有找到这个{what}，或不在您的管辖范围内。")
    if row["version"] != version:
        raise changed(row["version"])
    name: str = row["name"]
    return name


# -- member units ---


async def unit(conn: Connection, number: int) -> Unit:
    """One member unit.

    Raises:
        NotFoundError: there is none in this scope.
    """
    found = await store.units(conn, number=number)
    if not found:
        raise NotFoundError("没有找到这个成员单位，或不在您的管辖范围内。")
    return found[0]


async def create_unit(conn: Connection, person: Person, form: UnitForm) -> Unit:
    """Adds a member unit.

    Raises:
        DomainError: 400 the agency; 409 name or code taken.
    """
    agency_id, problems = await _agency(conn, person, form.agency_id)
    if agency_id is None:
        raise invalid(problems)
    return await unit(conn, await store.insert_unit(conn, agency_id, form))


async def update_unit(conn: Connection, number: int, version: int, form: UnitForm) -> Unit:
    """Changes a member unit; its agency stays.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 412 somebody was faster; 409 name or code taken.
    """
    _held(await store.lock_unit(conn, number), version, "成员单位")
    await store.update_unit(conn, number, form)
    return await unit(conn, number)


async def remove_unit(conn: Connection, number: int, version: int) -> None:
    """Removes a member unit without accounts.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 409, accounts still belong to it; 412 somebody was faster.
    """
    name = _held(await store.lock_unit(conn, number), version, "成员单位")
    count = await store.unit_accounts(conn, number)
    if count:
        raise DomainError("in-use", f"“{name}”还有 {count} 个管理员账号，请先删除账号。", 409)
    await store.delete_unit(conn, number)


# -- intermediaries ---


async def intermediary(conn: Connection, number: int, today: dt.date) -> Intermediary:
    """One intermediary.

    Raises:
        NotFoundError: there is none in this scope.
    """
    found = await store.intermediaries(conn, today, number=number)
    if not found:
        raise NotFoundError("没有找到这个中介机构，或不在您的管辖范围内。")
    return found[0]


async def create_intermediary(
    conn: Connection, person: Person, form: IntermediaryForm, today: dt.date
) -> Intermediary:
    """Adds an intermediary.

    Raises:
        DomainError: 400 with every field that does not fit; 409 registered already.
    """
    agency_id, problems = await _agency(conn, person, form.agency_id)
    credit_code = normal_credit_code(form.credit_code)
    problems += _intermediary_problems(form, credit_code)
    if agency_id is None or problems:
        raise invalid(problems)
    number = await store.insert_intermediary(conn, agency_id, credit_code, form)
    return await intermediary(conn, number, today)


async def update_intermediary(
    conn: Connection, number: int, version: int, form: IntermediaryForm, today: dt.date
) -> Intermediary:
    """Changes an intermediary; its agency stays.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 412 somebody was faster; 400, 409 as `create_intermediary`.
    """
    _held(await store.lock_intermediary(conn, number), version, "中介机构")
    credit_code = normal_credit_code(form.credit_code)
    problems = _intermediary_problems(form, credit_code)
    if problems:
        raise invalid(problems)
    await store.update_intermediary(conn, number, credit_code, form)
    return await intermediary(conn, number, today)


async def remove_intermediary(conn: Connection, number: int, version: int) -> None:
    """Removes an intermediary without accounts.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 409, accounts still belong to it; 412 somebody was faster.
    """
    name = _held(await store.lock_intermediary(conn, number), version, "中介机构")
    count = await store.intermediary_accounts(conn, number)
    if count:
        raise DomainError("in-use", f"“{name}”还有 {count} 个账号，请先删除账号。", 409)
    await store.delete_intermediary(conn, number)


def _intermediary_problems(form: IntermediaryForm, credit_code: str) -> list[FieldProblem]:
    problems = []
    wrong = credit_code_problem(credit_code)
    if wrong is not None:
        problems.append(FieldProblem("credit_code", wrong, "对照营业执照核对。"))
    if form.valid_until <= form.valid_from:
        problems.append(FieldProblem("valid_until", "有效期止须晚于有效期起。", "对照资质证书核对。"))
    return problems
