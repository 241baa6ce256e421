"""Rows of codes and certificates, and of who is shut out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg

from central.db.queries import load
from central.devices.authority import Issued, RevokedSerial
from central.devices.enrolment_models import CodeRecord, Kept, Known
from central.devices.models import GatewayExists

if TYPE_CHECKING:
    from central.db.pool import Connection

Q = load(__file__, "queries_trust.sql")


async def add_code(
    conn: Connection,
    *,
    gateway: str,
    enterprise_id: int,
    name: str,
    code_hash: bytes,
    now: datetime,
    by: str,
    expires_at: datetime,
) -> int:
    """Keep a code as its hash, in place of every unused one of this gateway; returns its id."""
    made: int = await conn.fetchval(Q.add_code, gateway, enterprise_id, name, code_hash, now, by, expires_at)
    await conn.execute(Q.withdraw_codes, gateway, now, made)
    return made


async def withdraw_code(conn: Connection, code: int, now: datetime) -> str | None:
    """Withdraw an unused code; returns its gateway, None when there is no such code in the scope."""
    found: str | None = await conn.fetchval(Q.withdraw_code, code, now)
    return found


async def code_rows(
    conn: Connection, before: int | None, enterprise_id: int | None, limit: int
) -> list[asyncpg.Record]:
    """One page of codes with their enterprises, newest first."""
    return await conn.fetch(Q.code_rows, before, enterprise_id, limit)


async def lock_codes(conn: Connection, gateway: str) -> list[CodeRecord]:
    """The newest codes of a gateway, locked while one of them is tried."""
    return [CodeRecord(**dict(row)) for row in await conn.fetch(Q.lock_codes, gateway)]


async def count_try(conn: Connection, gateway: str, now: datetime) -> None:
    """Count a wrong code against the open ones of this gateway."""
    await conn.execute(Q.count_try, gateway, now)


async def use_code(conn: Connection, code: int, now: datetime, address: str, request: bytes) -> None:
    """Mark a locked code as used."""
    await conn.execute(Q.use_code, code, now, address, request)


async def trust_of(conn: Connection, gateway: str, *, lock: bool = False) -> Known | None:
    """What is known of a gateway, None for a new one or one outside the scope."""
    row = await conn.fetchrow(Q.trust_of if lock else Q.seen_trust_of, gateway)
    return None if row is None else Known(**dict(row))


async def change_key(conn: Connection, gateway: str, public_key: bytes) -> None:
    """Let a gateway sign with another key from now on, and in again if it was shut out.

    Raises:
        GatewayExists: the key is another gateway's.
    """
    try:
        await conn.execute(Q.change_key, gateway, public_key)
    except asyncpg.UniqueViolationError as exc:  # another gateway signs with this key
        raise GatewayExists(gateway) from exc


async def shut_out(conn: Connection, gateway: str, now: datetime, by: str, why: str) -> bool:
    """Count no frame of a gateway any more; False when that was so."""
    return bool(await conn.fetchval(Q.shut_out, gateway, now, by, why))


async def add_certificate(
    conn: Connection,
    gateway: str,
    signing_key: bytes,
    request: bytes,
    issued: Issued,
    now: datetime,
    way: str,
) -> None:
    """Keep what was issued."""
    await conn.execute(
        Q.add_certificate,
        issued.serial,
        gateway,
        signing_key,
        request,
        issued.pem,
        now,
        issued.not_before,
        issued.not_after,
        way,
    )


async def revoke_certificates(conn: Connection, gateway: str, now: datetime, by: str, why: str) -> None:
    """Revoke all of a gateway's certificates that still count."""
    await conn.execute(Q.revoke_certificates, gateway, now, by, why)


async def certificates_of(conn: Connection, gateway: str) -> list[Kept]:
    """Certificates of one gateway, newest first."""
    return [Kept(**dict(row)) for row in await conn.fetch(Q.certificates_of, gateway)]


async def newest_certificates(
    conn: Connection, gateways: Sequence[str]
) -> dict[str, tuple[datetime, datetime | None]]:
    """(not after, revoked at) of the newest certificate of each."""
    return {
        row["gateway_id"]: (row["not_after"], row["revoked_at"])
        for row in await conn.fetch(Q.newest_certificates, gateways)
    }


async def revoked_serials(conn: Connection, now: datetime) -> list[RevokedSerial]:
    """What the revocation list names."""
    return [RevokedSerial(row["serial"], row["at"]) for row in await conn.fetch(Q.revoked_serials, now)]


async def admitted(conn: Connection, now: datetime) -> list[str]:
    """Ids that the router lets in: of gateways, and of those whose code waits to be used."""
    return [row["id"] for row in await conn.fetch(Q.admitted, now)]
