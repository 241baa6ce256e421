"""What people keep of themselves: name, telephone, language, where they are signed in, who tried to be."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from central import clock
from central.db.errors import DomainError, NotFoundError
from central.db.queries import load
from central.http.tags import changed
from central.identity import service
from central.identity import signing_store as store

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person

Q = load(__file__, "queries_signing.sql")
_HISTORY = 50


class OwnSession(Struct, frozen=True):
    """Where a person is signed in; `here` is the session that asks. `id` opens nothing."""

    id: str
    device_kind: str
    address: str
    way: str
    created_at: datetime
    seen_at: datetime
    here: bool


class OwnSignIn(Struct, frozen=True):
    """A sign-in of the past, good or refused."""

    at: datetime
    done: bool
    address: str
    device_kind: str


class Profile(Struct, frozen=True, kw_only=True):
    """A person's own account. `password_until` is None where passwords do not age."""

    account: str
    display_name: str
    phone: str | None
    phone_verified: bool
    language: str
    has_password: bool
    password_changed_at: datetime
    password_until: datetime | None
    totp: bool
    totp_required: bool
    recovery_codes_left: int
    linked_identities: int
    sessions: list[OwnSession]
    sign_ins: list[OwnSignIn]


class ProfileChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person may change of the own account; the login stays (ADM-14)."""

    display_name: Annotated[str, Meta(min_length=1, max_length=60, title="姓名")] | UnsetType = UNSET
    phone: Annotated[str, Meta(pattern=r"^(\+?[0-9-]{5,20})?$", title="电话")] | UnsetType = UNSET
    language: Literal["", "zh-CN", "en"] | UnsetType = UNSET


async def read(conn: Connection, person: Person) -> Profile:
    """One's own account.

    Args:
        conn: a worker transaction: it reads this person's rows and no others.
        person: who asks.

    Raises:
        NotFoundError: the account is gone.
    """
    row = await conn.fetchrow(Q.profile, person.account_id)
    if row is None:
        raise NotFoundError
    rule = await store.rule(conn)
    until = row["password_changed_at"] + timedelta(days=rule.max_age_days) if rule.max_age_days else None
    return Profile(
        account=row["login"],
        display_name=row["display_name"],
        phone=row["phone"],
        phone_verified=row["phone_verified"],
        language=row["language"],
        has_password=row["has_password"],
        password_changed_at=row["password_changed_at"],
        password_until=None if row["plain"] else until,
        totp=row["totp_on"],
        totp_required=row["kind"] in rule.totp_kinds and not row["plain"],
        recovery_codes_left=row["codes_left"],
        linked_identities=row["identities"],
        sessions=[
            OwnSession(
                _short(r["token_hash"]),
                r["device_kind"],
                r["address"],
                r["way"],
                r["created_at"],
                r["seen_at"],
                r["token_hash"] == person.token_hash,
            )
            for r in await conn.fetch(Q.open_sessions, person.account_id)
        ],
        sign_ins=[
            OwnSignIn(r["at"], r["action"] == "sign-in", r["address"], r["device"])
            for r in await conn.fetch(Q.sign_ins, str(person.account_id), _HISTORY)
        ],
    )


def tag(profile: Profile) -> str:
    """The version of what a person may change."""
    text = "\0".join((profile.display_name, profile.phone or "", profile.language))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


async def change(conn: Connection, person: Person, seen: str, new: ProfileChange) -> Profile:
    """Changes one's own account; a new telephone number is called only after somebody verified it.

    Raises:
        DomainError: 412 somebody was faster.
    """
    await conn.fetchrow(Q.lock_profile, person.account_id)
    now = await read(conn, person)
    if tag(now) != seen:
        raise changed()
    name = now.display_name if new.display_name is UNSET else new.display_name.strip()
    if not name:
        raise DomainError("invalid", "姓名必须填写。", 400)
    phone = now.phone if new.phone is UNSET else (new.phone or None)
    language = now.language if new.language is UNSET else new.language
    await conn.execute(Q.set_profile, person.account_id, name, phone, language)
    return await read(conn, person)


async def end_session(conn: Connection, person: Person, session_id: str) -> None:
    """Ends one of one's own sessions.

    Raises:
        NotFoundError: there is no such session, or it is over.
    """
    now = await clock.database_now(conn)
    if await conn.fetchval(Q.end_session_of, person.account_id, session_id, now) is None:
        raise NotFoundError("没有这个登录，或它已结束。")
    await service.audit(conn, "session-ended", "account", person.account_id, after={"session": session_id})


def _short(token_hash: bytes) -> str:
    return token_hash.hex()[:16]
