"""Keys of machines: named, limited, expiring, shown once; never more than their owner, mostly reading."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct, field, structs

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.queries import load
from central.identity import rules, service
from central.identity.operations import BY_WORD

if TYPE_CHECKING:
    from central.db.pool import Connection, Database
    from central.identity.models import Person

Q = load(__file__, "queries_signing.sql")
_MARK = "fsk"
_MOST = 20
_LONGEST = timedelta(days=366)
_TOUCH_EVERY = timedelta(minutes=1)  # so that reading stays reading
_UNKNOWN = DomainError("key-unknown", "接口密钥无效、已过期或已吊销。", 401)


class NewKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a key may: some areas and sectors of its owner, none named meaning all; reading when not said."""

    name: Annotated[str, Meta(min_length=1, max_length=60, title="名称")]
    expires_at: datetime
    areas: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=200)] = []
    sectors: Annotated[list[Annotated[str, Meta(max_length=32)]], Meta(max_length=50)] = []
    operations: Annotated[list[Annotated[str, Meta(max_length=32)]], Meta(max_length=40)] = field(
        default_factory=lambda: ["see"]
    )


class Key(Struct, frozen=True, kw_only=True):
    """A key as it is shown afterwards: by its prefix, never the key itself."""

    id: int
    prefix: str
    name: str
    account_id: int
    owner: str
    areas: list[str]
    sectors: list[str] | None
    operations: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    last_address: str
    revoked_at: datetime | None
    revoked_why: str


class KeyPage(Struct, frozen=True):
    items: list[Key]
    next: str | None


class MadeKey(Struct, frozen=True):
    """A new key: `key` is told now and never again."""

    id: int
    key: str
    prefix: str


async def make(conn: Connection, person: Person, new: NewKey) -> MadeKey:
    """Makes a key of one's own.

    Args:
        conn: a worker transaction in the owner's name.
        person: the owner, with a session.
        new: what it may.

    Raises:
        DomainError: 400 with all bad fields, 409 too many keys.
    """
    now = await clock.database_now(conn)
    _judge(person, new, now)
    if await conn.fetchval(Q.count_keys, person.account_id, now) >= _MOST:
        raise DomainError("too-many-keys", f"每个账号最多 {_MOST} 个有效密钥，请先吊销不用的。", 409)
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    number: int = await conn.fetchval(
        Q.new_key, prefix, rules.token_hash(secret), person.account_id, new.name.strip(),
        sorted(set(new.areas)), sorted(set(new.sectors)) or None, sorted(set(new.operations)),
        now, new.expires_at,
    )  # fmt: skip
    return MadeKey(number, f"{_MARK}_{prefix}_{secret}", prefix)


def _judge(person: Person, new: NewKey, now: datetime) -> None:
    found: list[FieldProblem] = []
    if not new.name.strip():
        found.append(FieldProblem("name", "必须填写。"))
    if new.expires_at.tzinfo is None:
        found.append(FieldProblem("expires_at", "应为带时区的时间。"))
    elif not now < new.expires_at <= now + _LONGEST:
        found.append(FieldProblem("expires_at", "到期时间须在将来，最长一年。"))
    for area in new.areas:
        try:
            if (
                not person.scope.covers(person.scope.narrowed([area]))
                or not person.scope.narrowed([area]).ranges
            ):
                raise ValueError
        except ValueError:
            found.append(FieldProblem("areas", f"“{area}”不在您的管辖范围内。"))
    if person.scope.sectors is not None:
        beyond = sorted(set(new.sectors) - person.scope.sectors)
        found += [FieldProblem("sectors", f"“{sector}”不在您的行业范围内。") for sector in beyond]
    if not new.operations:
        found.append(FieldProblem("operations", "至少一项操作。"))
    for word in sorted(set(new.operations) - person.may):
        name = BY_WORD[word].name if word in BY_WORD else word
        found.append(FieldProblem("operations", f"您自己没有“{name}”权限，不能授予密钥。"))
    if found:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, found)


async def person_of(database: Database, key: str, address: str, request: str) -> Person:
    """The person in whose name a key acts, with what the key may, never more than the owner may today.

    Raises:
        DomainError: 401 unknown, expired, revoked or its owner deactivated: told alike.
    """
    mark, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != _MARK or not prefix or not secret:
        raise _UNKNOWN
    async with database.worker.acquire() as conn:
        row = await conn.fetchrow(Q.key, prefix)
        fits = hmac.compare_digest(rules.token_hash(secret), row["hash"] if row else b"\0" * 32)
        if row is None or not fits or row["revoked_at"] is not None or row["expires_at"] <= row["now"]:
            raise _UNKNOWN
        owner = await service.person_by_id(conn, row["account_id"])
        if owner is None:
            raise _UNKNOWN
        if row["last_used_at"] is None or row["now"] - row["last_used_at"] > _TOUCH_EVERY:
            await conn.execute(Q.touch_key, row["id"], row["now"], address)
    return structs.replace(
        owner,
        display_name=f"{owner.display_name}（密钥 {row['name']}）",
        scope=owner.scope.narrowed(row["areas"], row["sectors"]),
        may=owner.may & frozenset(row["operations"]),
        key_prefix=prefix,
        device_kind="key",
        request=request,
    )


async def still_good(conn: Connection, person: Person) -> bool:
    """Whether the key of an open stream is still good, and its owner as before."""
    row = await conn.fetchrow(Q.key, person.key_prefix)
    if row is None or row["revoked_at"] is not None or row["expires_at"] <= row["now"]:
        return False
    owner = await service.person_by_id(conn, person.account_id)
    if owner is None:
        return False
    return (
        owner.scope.narrowed(row["areas"], row["sectors"]) == person.full_scope
        and owner.may & frozenset(row["operations"]) == person.may
    )


async def page(
    conn: Connection, account_id: int | None, before_id: int | None, limit: int
) -> list[dict[str, object]]:
    """Keys of one account, or all that the scope holds, newest first; the owners' names are added later."""
    return [dict(row) for row in await conn.fetch(Q.keys, account_id, before_id, limit)]


async def named(conn: Connection, rows: list[dict[str, object]]) -> list[Key]:
    """Keys with the names of their owners.

    Args:
        conn: a worker transaction: the rows themselves were chosen in the person's scope.
        rows: of `page`.
    """
    owners = await conn.fetch(Q.owners, sorted({row["account_id"] for row in rows}))  # type: ignore[type-var]
    names = {owner["id"]: f"{owner['display_name']}（{owner['login']}）" for owner in owners}
    return [Key(**row, owner=names.get(row["account_id"], "")) for row in rows]  # type: ignore[arg-type]


async def revoke(
    web: Connection, worker: Connection, person: Person, key_id: int, why: str, *, others: bool
) -> None:
    """Makes a key useless at once.

    Args:
        web: a transaction of the person's scope, which decides whether the key exists for this person.
        worker: a worker transaction in the person's name.
        person: who revokes.
        key_id: which.
        why: for the audit.
        others: whether keys of others may be revoked too.

    Raises:
        NotFoundError: none of one's own, or of the scope.
    """
    owner = await web.fetchval("SELECT account_id FROM api_key WHERE id = $1", key_id)
    if owner is None or (owner != person.account_id and not others):
        raise NotFoundError
    await worker.fetchval(Q.revoke_key, key_id, await clock.database_now(worker), person.account_id, why)
