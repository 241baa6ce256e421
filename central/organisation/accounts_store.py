"""Accounts in PostgreSQL, with the eyes and hands of whoever keeps them: passwords stay out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.queries import load
from central.organisation.accounts_models import Account
from central.organisation.faults import in_words

if TYPE_CHECKING:
    from datetime import datetime

    import asyncpg

    from central.db.pool import Connection
    from central.organisation.accounts_models import AccountFilter, AccountForm

Q = load(__file__, "queries_accounts.sql")


async def accounts(
    conn: Connection, now: datetime, wanted: AccountFilter, after: str | None, limit: int
) -> list[Account]:
    rows = await conn.fetch(
        Q.accounts, None, now, wanted.q, wanted.kind, wanted.role, wanted.agency_id, wanted.enterprise_id,
        wanted.committee_unit_id, wanted.intermediary_id, wanted.state, after, limit,
    )  # fmt: skip
    return [Account(**dict(row)) for row in rows]


async def account(conn: Connection, number: int, now: datetime) -> Account | None:
    row = await conn.fetchrow(Q.accounts, number, now, "", "", "", None, None, None, None, "", None, 1)
    return Account(**dict(row)) if row else None


async def lock_account(conn: Connection, number: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.lock_account, number)


async def role_of(conn: Connection, number: int) -> str | None:
    code: str | None = await conn.fetchval(Q.role_of, number)
    return code


async def lock_role_holders(conn: Connection, role: str) -> list[int]:
    return [row["id"] for row in await conn.fetch(Q.lock_role_holders, role)]


async def owners_in_sight(conn: Connection, form: AccountForm) -> asyncpg.Record:
    row = await conn.fetchrow(
        Q.owners_in_sight, form.agency_id, form.enterprise_id, form.committee_unit_id, form.intermediary_id
    )
    assert row is not None
    return row


async def insert_account(
    conn: Connection, login: str, form: AccountForm, verified_at: datetime | None, review: str
) -> int:
    with in_words():
        number: int = await conn.fetchval(
            Q.insert_account, login, form.display_name, form.role, form.agency_id, form.enterprise_id,
            form.committee_unit_id, form.intermediary_id, form.phone or None, verified_at, form.on_call,
            review == "approved", review,
        )  # fmt: skip
    return number


async def update_account(
    conn: Connection, number: int, form: AccountForm, verified_at: datetime | None
) -> None:
    with in_words():
        await conn.execute(
            Q.update_account, number, form.display_name, form.role, form.agency_id, form.enterprise_id,
            form.committee_unit_id, form.intermediary_id, form.phone or None, verified_at, form.on_call,
        )  # fmt: skip


async def switch_account(conn: Connection, number: int, active: bool) -> None:
    with in_words():
        await conn.execute(Q.switch_account, number, active)


async def remove_account(conn: Connection, number: int, now: datetime) -> None:
    with in_words():
        await conn.execute(Q.free_account, number)
        await conn.execute(Q.free_administrator, number)
        await conn.execute(Q.remove_account, number, now)


async def review_account(
    conn: Connection, number: int, decision: str, opinion: str, by: str, now: datetime
) -> None:
    with in_words():
        await conn.execute(Q.review_account, number, decision, opinion, by, now)


async def renumber_account(conn: Connection, number: int) -> None:
    await conn.execute(Q.renumber_account, number)
