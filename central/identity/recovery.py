"""Who cannot get in asks the agency above: a forgotten password, an appeal, an enterprise that comes first.

The form tells nobody whether an account exists. The request is seen by who keeps accounts where the account
sits and above; the one-time password that an approval makes is handed over in person.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from central import clock
from central.db.errors import DomainError, ForbiddenError, NotFoundError
from central.db.queries import load
from central.db.scope import acting
from central.identity import captcha, credentials, messages, service
from central.identity.models import NewAccount

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.identity.passwords import Passwords

Q = load(__file__, "queries_signing.sql")


class Asking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody who cannot get in tells: who it is, and how to be reached."""

    account: Annotated[str, Meta(min_length=1, max_length=64, title="账号")]
    kind: Literal["password", "appeal"] = "password"
    applicant: Annotated[str, Meta(min_length=1, max_length=60, title="姓名")]
    contact: Annotated[str, Meta(min_length=5, max_length=60, title="联系电话")]
    words: Annotated[str, Meta(max_length=500, title="说明")] = ""
    captcha_id: Annotated[str, Meta(max_length=64)]
    captcha: Annotated[str, Meta(max_length=16)]


class Request(Struct, frozen=True, kw_only=True):
    """A request as a keeper of accounts sees it. `by_identity`: the provincial identity vouches for it."""

    id: int
    kind: str
    account: str
    display_name: str
    role_name: str
    unit: str
    applicant: str
    contact: str
    words: str
    address: str
    by_identity: bool
    state: str
    created_at: datetime
    decided_at: datetime | None
    reason: str


class RequestPage(Struct, frozen=True):
    items: list[Request]
    next: str | None


class Handed(Struct, frozen=True):
    """A one-time password, told once, to be handed over in person; empty where the account has its own."""

    account: str
    password: str


async def ask(database: Database, asking: Asking, address: str) -> None:
    """Keeps a request, if there is such an account; who asks is told the same either way.

    Args:
        database: the answer to the question is used up in a transaction of its own: nobody guesses twice.
        asking: as typed.
        address: from where.

    Raises:
        DomainError: 401 captcha-required.
    """
    async with acting(database.worker) as conn:
        answered = await captcha.answered(conn, asking.captcha_id, asking.captcha)
    if not answered:
        raise DomainError("captcha-required", "验证码不正确或已过期，请重新填写。", 401)
    async with acting(database.worker) as conn:
        await _ask(conn, asking, address)


async def _ask(conn: Connection, asking: Asking, address: str) -> None:
    account = await conn.fetchrow(Q.account_by_login, asking.account.strip().lower())
    if account is None:
        return
    now = await clock.database_now(conn)
    number = await conn.fetchval(
        Q.ask, asking.kind, account["place"], account["id"], None, "", "", asking.applicant.strip(),
        asking.contact.strip(), asking.words.strip(), address, now,
    )  # fmt: skip
    await _tell(conn, number, account["place"], now)


async def ask_registration(
    conn: Connection, enterprise: asyncpg.Record, issuer: str, subject: str, applicant: str, address: str
) -> None:
    """Keeps the request of an enterprise that the provincial identity vouches for and that has no account."""
    now = await clock.database_now(conn)
    number = await conn.fetchval(
        Q.ask, "registration", enterprise["place"], None, enterprise["id"], issuer, subject,
        applicant or enterprise["name"], "", "", address, now,
    )  # fmt: skip
    await _tell(conn, number, enterprise["place"], now)


async def _tell(conn: Connection, number: int | None, place: str | None, now: datetime) -> None:
    """Whoever keeps accounts there hears of a new request; a repeated one (no number) was told before."""
    if number is not None:
        await messages.tell_keepers(
            conn, "account", place or "", f"recovery/{number}", "account", "有人申请找回账号", now,
            text="请核实身份后处理。", link="/recovery-requests",
        )  # fmt: skip


async def page(
    conn: Connection, state: str | None, before_id: int | None, limit: int
) -> list[asyncpg.Record]:
    """Requests that the scope holds, newest first."""
    return list(await conn.fetch(Q.requests, state, before_id, limit))


async def shown(conn: Connection, rows: list[asyncpg.Record]) -> list[Request]:
    """Requests with the names of those for whom help is asked.

    Args:
        conn: a worker transaction: the rows themselves were chosen in the person's scope.
        rows: of `page`.
    """
    accounts = {
        row["id"]: row
        for row in await conn.fetch(Q.asked_for, [r["account_id"] for r in rows if r["account_id"]])
    }
    companies = {
        row["id"]: row
        for row in await conn.fetch(
            Q.enterprises_named, [r["enterprise_id"] for r in rows if r["enterprise_id"]]
        )
    }
    return [
        _request(row, accounts.get(row["account_id"]), companies.get(row["enterprise_id"])) for row in rows
    ]


def _request(row: asyncpg.Record, account: asyncpg.Record | None, company: asyncpg.Record | None) -> Request:
    login = account["login"] if account else company["credit_code"].lower() if company else ""
    return Request(
        id=row["id"],
        kind=row["kind"],
        account=login,
        display_name=account["display_name"] if account else "",
        role_name=account["role_name"] if account else "企业管理员",
        unit=account["unit"] if account else company["name"] if company else "",
        applicant=row["applicant"],
        contact=row["contact"],
        words=row["words"],
        address=row["address"],
        by_identity=row["by_identity"],
        state=row["state"],
        created_at=row["created_at"],
        decided_at=row["decided_at"],
        reason=row["reason"],
    )


async def approve(
    web: Connection, worker: Connection, passwords: Passwords, person: Person, number: int, reason: str,
    *, reset_totp: bool,
) -> Handed:  # fmt: skip
    """Approves a request: a one-time password for an account, or the account of an enterprise.

    Args:
        web: a transaction of the keeper's scope, which decides whether the request exists for the keeper.
        worker: a worker transaction in the keeper's name.
        passwords: the hasher.
        person: the keeper.
        number: of the request.
        reason: how the keeper knows who asks; for the audit.
        reset_totp: the second factor is lost too; an appeal always takes it away, and foreign identities.

    Raises:
        NotFoundError: not in this scope.
        ForbiddenError: not above the one who asks.
        DomainError: 409 decided already.
    """
    held, target = await _held(web, worker, person, number)
    now = await clock.database_now(worker)
    await worker.execute(Q.decide, number, "approved", now, person.account_id, reason)
    if held["kind"] == "registration":
        return await _register(worker, passwords, held, reason)
    assert target is not None
    if reset_totp or held["kind"] == "appeal":
        await credentials.drop_second_factor(worker, target["id"])
    if held["kind"] == "appeal":
        # Another legal person, or an account that somebody else used: the foreign identity begins anew too.
        await worker.execute(Q.unlink_identities, target["id"])
    password = await credentials.hand_out(worker, passwords, target["id"], why=reason)
    return Handed(target["login"], password)


async def refuse(web: Connection, worker: Connection, person: Person, number: int, reason: str) -> None:
    """Refuses a request; raises as `approve`."""
    await _held(web, worker, person, number)
    now = await clock.database_now(worker)
    await worker.execute(Q.decide, number, "refused", now, person.account_id, reason)


async def _held(
    web: Connection, worker: Connection, person: Person, number: int
) -> tuple[asyncpg.Record, asyncpg.Record | None]:
    if await web.fetchrow(Q.request, number) is None:
        raise NotFoundError
    held = await worker.fetchrow(Q.lock_request, number)
    if held is None:
        raise NotFoundError
    if held["state"] != "open":
        raise DomainError("decided", "该申请已处理。", 409)
    target = await worker.fetchrow(Q.asked_for, [held["account_id"]]) if held["account_id"] else None
    if not is_above(person, target):
        raise ForbiddenError("须由上级机构办理；系统、安全、审计管理员之间互不办理。")
    return held, target


def is_above(person: Person, target: asyncpg.Record | None) -> bool:
    """Whether somebody may let an account in anew.

    An agency stands above enterprises and above agencies of a lower rank. An administrator's account is let
    in by another of the same role only, or at the server's terminal: else the separation of the three were
    none.
    """
    if target is None:
        return person.kind in {"supervisor", "administrator"}
    if target["id"] == person.account_id:
        return False
    if target["kind"] == "administrator":
        return person.role == str(target["role"])
    if person.kind == "administrator":
        return True
    return person.kind == "supervisor" and (person.agency_rank or 0) > (target["rank"] or 0)


async def _register(conn: Connection, passwords: Passwords, held: asyncpg.Record, reason: str) -> Handed:
    company = await conn.fetchrow(Q.enterprises_named, [held["enterprise_id"]])
    assert company is not None
    login = str(company["credit_code"]).lower()
    account_id: int | None = await conn.fetchval(Q.enterprise_account, held["enterprise_id"], login)
    password = ""
    if account_id is None:
        new = NewAccount(
            login=login,
            password=credentials.one_time_password(),
            display_name=held["applicant"],
            role="enterprise",
            enterprise_id=held["enterprise_id"],
        )
        account_id = await service.create_account(conn, passwords, new, any_password=True)
        password = await credentials.hand_out(conn, passwords, account_id, why=reason, first=True)
    if held["issuer"]:
        await link(conn, held["issuer"], held["subject"], account_id)
    return Handed(login, password)


async def link(conn: Connection, issuer: str, subject: str, account_id: int) -> None:
    """Links a foreign identity with an account, from now on and for good."""
    await conn.execute(Q.link_identity, issuer, subject, account_id, await clock.database_now(conn))
