"""Accounts: made, edited, reviewed, switched off by those above, never beyond their own area and rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from central import clock
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.identity import masking, roles
from central.identity import service as identity
from central.identity.roles_rules import reason_not_to_give
from central.organisation import accounts_store as store
from central.organisation import rules
from central.organisation.accounts_models import AccountFilter
from central.organisation.faults import changed, invalid

if TYPE_CHECKING:
    from datetime import datetime

    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.identity.roles_models import Role
    from central.organisation.accounts_models import Account, AccountForm, NewAccountForm


def _shown(person: Person, row: Account) -> Account:
    """An account as somebody is shown it: the telephone whole to itself and to its own office alone."""
    own = masking.is_own(person, account_id=row.id, enterprise_id=row.enterprise_id)
    return row if own else structs.replace(row, phone=masking.phone(row.phone))


_LIKE_IT = 500  # logins that hold the one that is looked for
_GONE = NotFoundError("没有找到这个账号，或不在您的管辖范围内。")


async def accounts(
    conn: Connection, person: Person, now: datetime, wanted: AccountFilter, after: str | None, limit: int
) -> list[Account]:
    """Accounts of the scope, as this person is shown them."""
    return [_shown(person, row) for row in await store.accounts(conn, now, wanted, after, limit)]


async def whole_account(conn: Connection, number: int) -> Account | None:
    """One account in full, for whoever may ask and is written down; None where there is none in scope."""
    return await store.account(conn, number, await clock.database_now(conn))


async def account(conn: Connection, person: Person, number: int) -> Account:
    """One account, as somebody is shown it.

    Raises:
        NotFoundError: there is none in this scope.
    """
    found = await store.account(conn, number, await clock.database_now(conn))
    if found is None:
        raise _GONE
    return _shown(person, found)


async def create(conn: Connection, person: Person, form: NewAccountForm) -> Account:
    """Makes an account without a password; the caller hands one out after this transaction.

    An enterprise that makes one more administrator of itself waits for its supervising agency.

    Args:
        conn: a transaction of the person's scope.
        person: who makes it.
        form: what it shall be.

    Raises:
        DomainError: 400 with every field that does not fit, 403 a role beyond the person's own, 409 login
            taken.
    """
    settled, role = await _settled(conn, person, form, rules.unmasked(form.phone, "", "", "phone")[1])
    review = "pending" if rules.needs_review(person, role) else "approved"
    now = await clock.database_now(conn)
    verified_at = now if form.phone and form.phone_verified else None
    number = await store.insert_account(conn, form.login, settled, verified_at, review)
    await roles.give_areas(conn, number, form.areas)
    return await account(conn, person, number)


async def update(conn: Connection, person: Person, number: int, version: int, form: AccountForm) -> Account:
    """Changes an account; the login stays.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 412 somebody was faster; 403, 400, 409 as `create`; 409 the last administrator.
    """
    held = await _held(conn, person, number)
    if held["version"] != version:
        raise changed(held["version"])
    known = held["phone"] or ""
    seen = (await account(conn, person, number)).phone
    phone, wrong = rules.unmasked(form.phone, known, seen, "phone")
    settled, role = await _settled(conn, person, structs.replace(form, phone=phone), wrong)
    if number == person.account_id:
        problems = [
            FieldProblem(place, "不能修改自己的角色和归属。", "请由其他管理员办理。")
            for place in ("role", "agency_id", "enterprise_id", "committee_unit_id", "intermediary_id")
            if structs.asdict(settled)[place] != held[place]
        ]
        if sorted(form.areas) != sorted((await account(conn, person, number)).areas):
            problems.append(FieldProblem("areas", "不能修改自己的辖区。", "请由其他管理员办理。"))
        if problems:
            raise invalid(problems)
    if held["role"] != form.role:
        await _not_the_last(conn, number, held["role"])
        if rules.needs_review(person, role):
            raise DomainError("review", "企业管理员须由监管机构审核，请新建管理员账号。", 409)
    verified_at = None
    if phone and form.phone_verified:
        verified_at = held["phone_verified_at"] if phone == known else None
        verified_at = verified_at or await clock.database_now(conn)
    await store.update_account(conn, number, settled, verified_at)
    await roles.give_areas(conn, number, form.areas)
    return await account(conn, person, number)


async def switch(conn: Connection, person: Person, number: int, active: bool, reason: str) -> Account:
    """Switches an account on or off; sessions of one that is off end at once.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 403 more rights than the person's own; 409 oneself, the last administrator, not approved
            yet.
    """
    held = await _held(conn, person, number, switching=True)
    if not active:
        if number == person.account_id:
            raise DomainError("oneself", "不能停用自己的账号。", 409)
        await _not_the_last(conn, number, held["role"])
    elif held["review"] != "approved":
        raise DomainError("not-approved", "账号还没有通过审核，不能启用。", 409)
    await store.switch_account(conn, number, active)
    word = "switch-on" if active else "switch-off"
    await identity.audit(conn, word, "account", number, reason=reason)
    return await account(conn, person, number)


async def switch_by_operator(conn: Connection, login: str, active: bool, reason: str) -> None:
    """Switches an account on or off at the server's own terminal, where nobody's rights are asked for.

    Args:
        conn: a worker transaction (`operating`).
        login: whose.
        active: on or off.
        reason: why, for the audit.

    Raises:
        NotFoundError: there is no such account.
        DomainError: 409 it waits for review, or is the last account of an administrator's role.
    """
    now = await clock.database_now(conn)
    found = await store.accounts(conn, now, AccountFilter(q=login), None, _LIKE_IT)
    row = next((row for row in found if row.login == login), None)
    if row is None:
        raise NotFoundError("没有这个账号。")
    if active and row.state in {"pending", "refused"}:
        raise DomainError("not-approved", "账号还没有通过审核，不能启用。", 409)
    if not active:
        await _not_the_last(conn, row.id, row.role)
    await store.switch_account(conn, row.id, active)
    await identity.audit(conn, "switch-on" if active else "switch-off", "account", row.id, reason=reason)


async def remove(conn: Connection, person: Person, number: int, version: int, now: datetime) -> None:
    """Takes an account out of use for good; the record stays, so that what it did keeps a name.

    Raises:
        NotFoundError, DomainError: as `switch`; 412 somebody was faster.
    """
    held = await _held(conn, person, number)
    if held["version"] != version:
        raise changed(held["version"])
    if number == person.account_id:
        raise DomainError("oneself", "不能删除自己的账号。", 409)
    await _not_the_last(conn, number, held["role"])
    await store.remove_account(conn, number, now)
    await identity.audit(conn, "removed", "account", number)


async def review(conn: Connection, person: Person, number: int, decision: str, opinion: str) -> Account:
    """Approves or refuses an account that an enterprise made for itself.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 403 the enterprise itself; 409 it does not wait.
    """
    held = await _held(conn, person, number)
    if person.kind == "enterprise":
        raise ForbiddenError("企业账号由监管机构审核。")
    if held["review"] != "pending":
        raise DomainError("not-pending", "这个账号不在待审核状态。", 409)
    now = await clock.database_now(conn)
    await store.review_account(conn, number, decision, opinion, person.display_name, now)
    await identity.audit(conn, f"account-{decision}", "account", number, reason=opinion)
    return await account(conn, person, number)


async def allow_password(conn: Connection, person: Person, number: int) -> None:
    """Whether somebody may hand out a new one-time password for an account; not for his own.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 403 more rights than his; 409 it is his own, or waits for review.
    """
    held = await _held(conn, person, number)
    if number == person.account_id:
        raise DomainError("oneself", "自己的密码请在“我的”页面修改。", 409)
    if held["review"] != "approved":
        raise DomainError("not-approved", "账号还没有通过审核，不能发放密码。", 409)
    await store.renumber_account(conn, number)


async def allow_unlock(conn: Connection, person: Person, number: int) -> None:
    """Whether somebody may lift the lock of an account.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 403 more rights than his.
    """
    await _held(conn, person, number, switching=True)
    await store.renumber_account(conn, number)


async def _held(conn: Connection, person: Person, number: int, *, switching: bool = False) -> asyncpg.Record:
    """An account locked by somebody who may keep it.

    Raises:
        NotFoundError: there is none in this scope, or it was removed.
        ForbiddenError: it has rights that the person has not.
    """
    code = await store.role_of(conn, number)
    if code is None:
        raise _GONE
    role = await roles.role(conn, code)
    if role.kind == "administrator":
        # All of them in one order before any of them: two who switch each other off wait, and do not lock up.
        await store.lock_role_holders(conn, code)
    held = await store.lock_account(conn, number)
    if held is None or held["removed_at"] is not None:
        raise _GONE
    role = await roles.role(conn, held["role"])
    if number == person.account_id:
        return held
    if not (rules.may_switch(person, role) if switching else reason_not_to_give(person, role) is None):
        raise ForbiddenError(f"“{role.name}”的账号不由您管理。")
    return held


async def _not_the_last(conn: Connection, number: int, role_code: str) -> None:
    """Refuses to take the last account of an administrator's role out of use.

    Raises:
        DomainError: 409.
    """
    role = await roles.role(conn, role_code)
    if role.kind != "administrator":
        return
    others = [holder for holder in await store.lock_role_holders(conn, role_code) if holder != number]
    if not others:
        raise DomainError("last-administrator", f"这是最后一个“{role.name}”账号，不能停用或更换角色。", 409)


async def _settled(
    conn: Connection, person: Person, form: AccountForm, found: list[FieldProblem]
) -> tuple[AccountForm, Role]:
    """The form with its owner filled in, and its role, when the person may give both.

    Raises:
        DomainError: 400 with every field that does not fit, 403 a role or areas beyond the person's own.
    """
    try:
        role = await roles.refuse_to_give(conn, person, form.role, form.areas)
    except DomainError as exc:
        if exc.http_status != 400:
            raise
        raise invalid(list(exc.fields)) from exc
    if role.kind == "enterprise" and person.kind == "enterprise" and form.enterprise_id is None:
        form = structs.replace(form, enterprise_id=person.enterprise_id)
    if role.kind == "supervisor" and form.agency_id is None:
        form = structs.replace(form, agency_id=person.agency_id)
    problems = found + rules.belonging_problems(form, role.kind)
    seen = await store.owners_in_sight(conn, form)
    for place, given, inside in (
        ("agency_id", form.agency_id, seen["agency"]),
        ("enterprise_id", form.enterprise_id, seen["enterprise"]),
        ("committee_unit_id", form.committee_unit_id, seen["unit_agency"] is not None),
        ("intermediary_id", form.intermediary_id, seen["intermediary_agency"] is not None),
    ):
        if given is not None and not inside:
            problems.append(FieldProblem(place, "不在您的管辖范围内。", "选择本辖区内的单位。"))
    if form.on_call and not form.phone:
        problems.append(FieldProblem("phone", "值班接警的人员必须填写电话。", "填写电话，或取消值班接警。"))
    if problems:
        raise invalid(problems)
    agency = seen["unit_agency"] or seen["intermediary_agency"]
    return (structs.replace(form, agency_id=agency) if agency else form), role
