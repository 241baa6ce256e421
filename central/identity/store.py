"""Regions, agencies, accounts, sessions and audit in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from central.db.errors import DomainError
from central.db.queries import load
from central.identity.models import AccountRow, SessionRow

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection

Q = load(__file__)

# What a constraint means to the person whose entry broke it.
_MEANING = {
    "account_login_key": ("login-taken", "账号名已被使用，请换一个。"),
    "account_login_form": (
        "login-form",
        "账号名须为 2 至 63 位小写字母、数字、点、横线或下划线，以字母或数字开头。",
    ),
    "account_role_fkey": ("role-unknown", "没有这种角色。"),
    "account_role_has_its_place": ("role-place", "监管账号须属于一个机构，企业账号须属于一家企业。"),
    "account_agency_id_fkey": ("agency-unknown", "没有这个机构。"),
    "account_enterprise_fkey": ("enterprise-unknown", "没有这家企业。"),
    "account_area_form": ("area-form", "辖区须为 2、4、6、9 或 12 位区划代码，或企业位置。"),
    "agency_name_key": ("agency-name-taken", "已有同名机构。"),
    "agency_area_form": ("area-form", "辖区须为 2、4、6、9 或 12 位区划代码，或企业位置。"),
    "agency_rank_known": ("rank-unknown", "机构层级须为 1（村）至 5（省）。"),
    "region_code_form": ("region-form", "区划代码须为 2、4、6、9 或 12 位数字。"),
    "region_parent_holds": ("region-parent", "上级区划的代码须是本区划代码的前几位。"),
}


def explained(exc: asyncpg.IntegrityConstraintViolationError) -> DomainError:
    """The domain error that a broken constraint means."""
    code, detail = _MEANING.get(exc.constraint_name or "", ("conflict", "数据不符合要求，未保存。"))
    return DomainError(code, detail, 409)


async def account(
    conn: Connection, login: str | None = None, account_id: int | None = None
) -> AccountRow | None:
    row = await conn.fetchrow(Q.account, login, account_id)
    return msgspec.convert(dict(row), AccountRow) if row else None


async def set_failures(conn: Connection, account_id: int, failures: int, until: datetime | None) -> None:
    await conn.execute(Q.set_failures, account_id, failures, until)


async def insert_account(
    conn: Connection,
    login: str,
    password_hash: str,
    display_name: str,
    role: str,
    agency_id: int | None,
    enterprise_id: int | None,
    phone: str | None,
    phone_verified_at: datetime | None,
    on_call: bool,
    areas: tuple[str, ...],
    owes: tuple[str, ...],
    plain: bool,
) -> int:
    try:
        number: int = await conn.fetchval(
            Q.insert_account, login, password_hash, display_name, role, agency_id, enterprise_id, phone,
            phone_verified_at, on_call, owes, plain,
        )  # fmt: skip
        for area in areas:
            await conn.execute(Q.insert_account_area, number, area)
    except asyncpg.IntegrityConstraintViolationError as exc:
        raise explained(exc) from exc
    return number


async def let_in_plainly(conn: Connection, logins: list[str]) -> None:
    await conn.execute(Q.let_in_plainly, logins)


async def set_password(conn: Connection, login: str, password_hash: str, now: datetime) -> int | None:
    number: int | None = await conn.fetchval(Q.set_password, login, password_hash, now)
    return number


async def roots(conn: Connection) -> list[str]:
    return [r["code"] for r in await conn.fetch(Q.roots)]


async def end_sessions(
    conn: Connection, account_id: int, now: datetime, reason: str, device_kind: str | None = None
) -> None:
    await conn.execute(Q.end_sessions, account_id, now, reason, device_kind)


async def session(conn: Connection, token_hash: bytes) -> SessionRow | None:
    row = await conn.fetchrow(Q.session, token_hash)
    return SessionRow(**dict(row)) if row else None


async def touch_session(conn: Connection, token_hash: bytes, now: datetime) -> None:
    await conn.execute(Q.touch_session, token_hash, now)


async def end_session(conn: Connection, token_hash: bytes, now: datetime, reason: str) -> None:
    await conn.execute(Q.end_session, token_hash, now, reason)


async def delete_sessions(conn: Connection) -> None:
    await conn.execute(Q.delete_sessions)


async def forget_sessions(conn: Connection, before: datetime) -> None:
    await conn.execute(Q.forget_sessions, before)


async def insert_audit(
    conn: Connection,
    action: str,
    subject_type: str,
    subject_id: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str,
) -> None:
    await conn.execute(Q.insert_audit, action, subject_type, subject_id, before, after, reason)


async def seal_audit(conn: Connection, most: int) -> int:
    sealed: int = await conn.fetchval(Q.seal_audit, most)
    return sealed


async def put_region(conn: Connection, code: str, name: str, parent_code: str | None) -> None:
    try:
        await conn.execute(Q.put_region, code, name, parent_code)
    except asyncpg.IntegrityConstraintViolationError as exc:
        raise explained(exc) from exc


async def region_codes(conn: Connection) -> set[str]:
    return {r["code"] for r in await conn.fetch(Q.region_codes)}


async def insert_agency(
    conn: Connection, name: str, rank: int, parent_id: int | None, kind: str, areas: tuple[str, ...]
) -> int:
    try:
        number: int = await conn.fetchval(Q.insert_agency, name, parent_id, kind, rank)
        for area in areas:
            await conn.execute(Q.insert_agency_area, number, area)
    except asyncpg.IntegrityConstraintViolationError as exc:
        raise explained(exc) from exc
    return number


async def agency_by_name(conn: Connection, name: str) -> int | None:
    number: int | None = await conn.fetchval(Q.agency_by_name, name)
    return number


async def supervision(conn: Connection, agency_id: int | None) -> list[tuple[int, str]]:
    return [(r["rank"], r["name"]) for r in await conn.fetch(Q.supervision, agency_id)]
