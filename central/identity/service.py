"""Sessions, accounts, agencies, regions, and the audit: the only way they are written."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec import structs

from central import clock
from central.db.errors import DomainError, NotFoundError
from central.db.scope import acting
from central.identity import password_rules, rules, signing_store, store
from central.identity.models import Me, Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from central.db.pool import Connection, Database
    from central.identity.models import AccountRow, NewAccount
    from central.identity.passwords import Passwords

_KEEP_ENDED = timedelta(days=2)
_TOUCH_EVERY = timedelta(minutes=1)  # so that reading stays reading


# -- sessions ---


def _person(account: AccountRow, roots: list[str], token_hash: bytes) -> Person:
    return Person(
        account_id=account.id,
        account=account.login,
        display_name=account.display_name,
        role=account.role,
        role_name=account.role_name,
        kind=account.kind,
        data_scope=account.data_scope,
        agency_id=account.agency_id,
        agency_name=account.agency_name,
        agency_rank=rules.rank_of(account),
        enterprise_id=account.enterprise_id,
        enterprise_name=account.enterprise_name,
        place_name=_place_name(account),
        scope=rules.scope_of(account, roots),
        may=frozenset(account.operations),
        token_hash=token_hash,
    )


def _place_name(account: AccountRow) -> str:
    if account.kind == "enterprise" and account.enterprise_name:
        return account.enterprise_name
    return "全部辖区" if rules.sees_all(account) else "、".join(rules.area_names(account))


async def person_of(database: Database, token: str, idle: timedelta, request: str = "") -> Person:
    """The person behind a session token; counts as being there.

    Raises:
        DomainError: 401 with the reason why the session is over.
    """
    token_hash = rules.token_hash(token)
    async with database.worker.acquire() as conn:
        session = await store.session(conn, token_hash)
        if session is None:
            raise DomainError("signed-out", "请先登录。", 401)
        if session.end_reason is not None:
            raise _ended(session.end_reason)
        now = session.now
        if rules.is_idle(session.device_kind, session.seen_at, now, idle):
            await store.end_session(conn, token_hash, now, "idle")
            raise _ended("idle")
        if rules.is_old(session.device_kind, session.created_at, now):
            await store.end_session(conn, token_hash, now, "expired")
            raise _ended("expired")
        account = await store.account(conn, account_id=session.account_id)
        if account is None or not account.active:
            await store.end_session(conn, token_hash, now, "deactivated")
            raise _ended("deactivated")
        if now - session.seen_at > _TOUCH_EVERY:
            await store.touch_session(conn, token_hash, now)
        roots = await store.roots(conn) if rules.sees_all(account) else []
    return structs.replace(
        _person(account, roots, token_hash),
        request=request,
        device_kind=session.device_kind,
        steps=tuple(session.steps),
    )


async def person_by_id(conn: Connection, account_id: int) -> Person | None:
    """The person of an account with all its rights, without a session; None when it is off or missing."""
    account = await store.account(conn, account_id=account_id)
    if account is None or not account.active:
        return None
    return _person(account, await store.roots(conn) if rules.sees_all(account) else [], b"")


async def still_signed_in(database: Database, person: Person, idle: timedelta) -> bool:
    """Whether a session lives and still has the same rights; asked by open streams, counts as nothing."""
    async with database.worker.acquire() as conn:
        session = await store.session(conn, person.token_hash)
        if session is None or session.end_reason is not None:
            return False
        if rules.is_idle(session.device_kind, session.seen_at, session.now, idle):
            return False
        account = await store.account(conn, account_id=session.account_id)
        if account is None or not account.active:
            return False
        roots = await store.roots(conn) if rules.sees_all(account) else []
    now = _person(account, roots, person.token_hash)
    return (now.scope, now.may, now.role) == (person.full_scope, person.may, person.role)


def _ended(reason: str) -> DomainError:
    return DomainError(f"session-{reason}", rules.END_REASONS[reason], 401)


async def sign_out(database: Database, person: Person) -> None:
    """Ends this session."""
    async with acting(database.worker, person.actor) as conn:
        await store.end_session(conn, person.token_hash, await clock.database_now(conn), "signed-out")
        await audit(conn, "sign-out", "account", person.account_id)


async def end_all_sessions(conn: Connection) -> None:
    """Forgets every session: those of a restored database may have been ended since."""
    await store.delete_sessions(conn)


async def tidy_sessions(conn: Connection) -> None:
    """Forgets sessions that ended days ago, and what signing in left behind."""
    now = await clock.database_now(conn)
    await store.forget_sessions(conn, now - _KEEP_ENDED)
    await signing_store.tidy(conn, now)


def me(person: Person) -> Me:
    """What the console is told about its user."""
    return Me(
        account=person.account,
        display_name=person.display_name,
        role=person.role,
        role_name=person.role_name,
        kind=person.kind,
        place_name=person.place_name,
        agency_id=person.agency_id,
        agency_name=person.agency_name,
        enterprise_id=person.enterprise_id,
        enterprise_name=person.enterprise_name,
        may=sorted(person.may),
        steps=list(person.steps),
    )


# -- accounts, agencies, regions ---


async def create_account(
    conn: Connection, passwords: Passwords, new: NewAccount, *, any_password: bool = False
) -> int:
    """Makes an account.

    Args:
        conn: a worker transaction (`acting`).
        passwords: the hasher.
        new: the account.
        any_password: skips the strength rule; for the demo alone.

    Returns:
        Its number.

    Raises:
        DomainError: 400 weak password, 409 a constraint in words.
    """
    if not any_password:
        await _refuse_weak(conn, new.password, [new.login, new.display_name, new.phone or ""])
    now = await clock.database_now(conn)
    return await store.insert_account(
        conn,
        new.login,
        await passwords.hashed(new.password),
        new.display_name,
        new.role,
        new.agency_id,
        new.enterprise_id,
        new.phone,
        now if new.phone and new.phone_verified else None,
        new.on_call,
        new.areas,
        new.owes,
        new.plain,
    )


async def let_in_plainly(conn: Connection, logins: list[str]) -> None:
    """Asks accounts for nothing but their password; for the demo alone."""
    await store.let_in_plainly(conn, logins)


async def change_password(
    conn: Connection, passwords: Passwords, login: str, password: str, *, any_password: bool = False
) -> None:
    """Sets a password and ends the account's sessions.

    Args:
        conn: a worker transaction (`acting`).
        passwords: the hasher.
        login: whose.
        password: the new one.
        any_password: skips the strength rule; for the demo alone.

    Raises:
        DomainError: 400 weak password, 404 no such account.
    """
    if not any_password:
        await _refuse_weak(conn, password, [login])
    now = await clock.database_now(conn)
    account_id = await store.set_password(conn, login, await passwords.hashed(password), now)
    if account_id is None:
        raise NotFoundError("没有这个账号。")
    await store.end_sessions(conn, account_id, now, "password-changed")
    await audit(conn, "password-changed", "account", account_id)


async def _refuse_weak(conn: Connection, password: str, names: list[str]) -> None:
    found = password_rules.problems(password, await signing_store.rule(conn), names)
    if found:
        raise DomainError("password-weak", found[0].problem, 400, found)


async def load_regions(conn: Connection, lines: Iterable[str]) -> int:
    """Adds or renames regions from CSV lines `code,name`; trailing zeros of six-digit codes are dropped.

    The parent is the longest code that begins it and is known, in the file or already.

    Returns:
        How many.

    Raises:
        DomainError: names the line.
    """
    rows: dict[str, str] = {}
    for number, line in enumerate(csv.reader(lines), 1):
        if not line or line[0].strip().lower() in {"", "code"} or line[0].startswith("#"):
            continue
        if len(line) < 2 or not line[0].strip().isdigit():
            raise DomainError("region-form", f"第 {number} 行：应为“区划代码,名称”。", 400)
        rows[_short(line[0].strip())] = line[1].strip()
    known = await store.region_codes(conn) | set(rows)
    for code in sorted(rows, key=len):
        parent = next((code[:n] for n in (9, 6, 4, 2) if n < len(code) and code[:n] in known), None)
        await store.put_region(conn, code, rows[code], parent)
    return len(rows)


def _short(code: str) -> str:
    """GB/T 2260 writes 420000 for a province and 420100 for a city; ours are 42 and 4201."""
    if len(code) == 6 and code.endswith("0000"):
        return code[:2]
    return code[:4] if len(code) == 6 and code.endswith("00") else code


async def create_agency(
    conn: Connection,
    name: str,
    rank: int,
    *,
    parent: str | None = None,
    kind: str = "emergency",
    areas: tuple[str, ...] = (),
) -> int:
    """Registers an agency under its parent's name.

    Args:
        conn: a worker transaction.
        name: unique.
        rank: 1 village, 2 township, 3 county, 4 city, 5 province.
        parent: the agency that supervises it.
        kind: "emergency", "township-office", "park" …
        areas: region codes, or places of enterprises, that it serves.

    Raises:
        DomainError: 404 unknown parent, 409 a constraint in words.
    """
    parent_id = None
    if parent:
        parent_id = await store.agency_by_name(conn, parent)
        if parent_id is None:
            raise NotFoundError(f"没有名为“{parent}”的机构。")
    return await store.insert_agency(conn, name, rank, parent_id, kind, areas)


async def agency_id(conn: Connection, name: str) -> int:
    """An agency's number by its name.

    Raises:
        NotFoundError: there is none.
    """
    number = await store.agency_by_name(conn, name)
    if number is None:
        raise NotFoundError(f"没有名为“{name}”的机构。")
    return number


async def supervision(conn: Connection, lowest: int | None) -> list[tuple[int, str]]:
    """Rank and name of the agencies above an enterprise, from its lowest supervising agency up."""
    return await store.supervision(conn, lowest)


# -- audit ---


async def audit(
    conn: Connection,
    action: str,
    subject_type: str,
    subject_id: object,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Writes what the transaction's actor did. Changes of registered tables write theirs by trigger.

    Args:
        conn: the transaction of the act.
        action: a word: "acknowledge", "command-silence".
        subject_type: the table or thing.
        subject_id: its id.
        before: the image before, if one matters.
        after: the image after.
        reason: what the person gave as reason.
    """
    await store.insert_audit(conn, action, subject_type, str(subject_id), before, after, reason)


async def seal_audit(conn: Connection, most: int = 1000) -> int:
    """Adds waiting entries to the hash chain; how many."""
    return await store.seal_audit(conn, most)
