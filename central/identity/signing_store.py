"""Sign-in rules, second factors, captchas, browsers and failures in PostgreSQL."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from central.db.queries import load
from central.identity.signing_models import Signer, SignInRule

if TYPE_CHECKING:
    from datetime import datetime

    import asyncpg

    from central.db.pool import Connection

Q = load(__file__, "queries_signing.sql")


def login_subject(login: str) -> bytes:
    """Under what the failures of a name are counted, whether there is such an account or not."""
    return hashlib.sha256(f"login:{login}".encode()).digest()


def address_subject(address: str) -> bytes:
    """Under what the failures from an address are counted."""
    return hashlib.sha256(f"address:{address}".encode()).digest()


async def rule(conn: Connection) -> SignInRule:
    return msgspec.convert(dict(_one(await conn.fetchrow(Q.rule))), SignInRule)


async def set_rule(conn: Connection, version: int, new: SignInRule) -> int | None:
    number: int | None = await conn.fetchval(
        Q.set_rule, version, new.min_length, new.min_classes, new.max_age_days, new.no_reuse,
        new.initial_days, new.captcha_after, new.lock_after, new.lock_minutes, new.totp_kinds,
    )  # fmt: skip
    return number


async def signer(
    conn: Connection,
    login: str | None = None,
    account_id: int | None = None,
    device_hash: bytes | None = None,
) -> Signer | None:
    row = await conn.fetchrow(Q.signer, login, account_id, device_hash)
    return msgspec.convert(dict(row), Signer) if row else None


async def lock_signer(conn: Connection, account_id: int) -> None:
    await conn.execute(Q.lock_signer, account_id)


async def stranger(conn: Connection, subject: bytes, since: datetime) -> tuple[int, datetime | None]:
    row = await conn.fetchrow(Q.stranger, subject, since)
    return (row["failures"], row["locked_until"]) if row else (0, None)


async def stranger_failed(conn: Connection, subject: bytes, now: datetime, since: datetime) -> int:
    failures: int = await conn.fetchval(Q.stranger_failed, subject, now, since)
    return failures


async def lock_stranger(conn: Connection, subject: bytes, until: datetime) -> None:
    await conn.execute(Q.lock_stranger, subject, until)


async def forget_stranger(conn: Connection, subject: bytes) -> None:
    await conn.execute(Q.forget_stranger, subject)


async def device_failed(
    conn: Connection, account_id: int, device_hash: bytes, failures: int, until: datetime | None
) -> None:
    await conn.execute(Q.device_failed, account_id, device_hash, failures, until)


async def know_device(conn: Connection, account_id: int, device_hash: bytes, now: datetime) -> None:
    await conn.execute(Q.know_device, device_hash, account_id, now)


async def open_session(
    conn: Connection,
    token_hash: bytes,
    account_id: int,
    device_kind: str,
    address: str,
    now: datetime,
    steps: list[str],
    way: str,
) -> None:
    await conn.execute(Q.open_session, token_hash, account_id, device_kind, address, now, steps, way)


async def settle(conn: Connection, account_id: int, step: str) -> None:
    await conn.execute(Q.settle_step, account_id, step)
    await conn.execute(Q.settle_debt, account_id, step)


async def owe(conn: Connection, account_id: int, steps: list[str]) -> None:
    await conn.execute(Q.owe, account_id, steps)


async def set_initial_password(
    conn: Connection, account_id: int, password_hash: str, now: datetime, until: datetime
) -> str | None:
    login: str | None = await conn.fetchval(Q.set_initial_password, account_id, password_hash, now, until)
    return login


async def set_own_password(conn: Connection, account_id: int, password_hash: str, now: datetime) -> None:
    await conn.execute(Q.set_own_password, account_id, password_hash, now)


async def keep_password(conn: Connection, account_id: int, password_hash: str, now: datetime) -> None:
    await conn.execute(Q.keep_password, account_id, password_hash, now)
    await conn.execute(Q.forget_passwords, account_id)


async def former_passwords(conn: Connection, account_id: int, most: int) -> list[str]:
    return [r["password_hash"] for r in await conn.fetch(Q.former_passwords, account_id, most)]


async def words_of(conn: Connection, account_id: int) -> list[str]:
    row = await conn.fetchrow(Q.words_of, account_id)
    return [word for word in row.values() if word] if row else []


async def end_other_sessions(conn: Connection, account_id: int, token_hash: bytes, now: datetime) -> None:
    await conn.execute(Q.end_other_sessions, account_id, token_hash, now)


async def forget_devices(conn: Connection, account_id: int) -> None:
    await conn.execute(Q.forget_devices, account_id)


async def new_captcha(conn: Connection, number: bytes, answer_hash: bytes, expires_at: datetime) -> None:
    await conn.execute(Q.new_captcha, number, answer_hash, expires_at)


async def take_captcha(conn: Connection, number: bytes) -> tuple[bytes, datetime] | None:
    row = await conn.fetchrow(Q.take_captcha, number)
    return (row["answer_hash"], row["expires_at"]) if row else None


async def tidy(conn: Connection, now: datetime) -> None:
    await conn.execute(Q.tidy, now)


async def put_totp(conn: Connection, account_id: int, secret: bytes) -> None:
    await conn.execute(Q.put_totp, account_id, secret)


async def confirm_totp(conn: Connection, account_id: int, now: datetime, step: int) -> None:
    await conn.execute(Q.confirm_totp, account_id, now, step)


async def take_totp_step(conn: Connection, account_id: int, step: int) -> bool:
    return await conn.fetchval(Q.take_totp_step, account_id, step) is not None


async def drop_totp(conn: Connection, account_id: int) -> None:
    await conn.execute(Q.drop_totp, account_id)
    await conn.execute(Q.drop_recovery_codes, account_id)


async def put_recovery_codes(conn: Connection, account_id: int, hashes: list[bytes]) -> None:
    await conn.execute(Q.drop_recovery_codes, account_id)
    await conn.executemany(Q.put_recovery_code, [(account_id, code) for code in hashes])


async def use_recovery_code(conn: Connection, account_id: int, code_hash: bytes, now: datetime) -> bool:
    return await conn.fetchval(Q.use_recovery_code, account_id, code_hash, now) is not None


def _one(row: asyncpg.Record | None) -> asyncpg.Record:
    assert row is not None
    return row
