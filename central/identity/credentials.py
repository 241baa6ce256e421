"""With what people prove to be themselves: their password, a one-time one of a keeper, the second factor."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.scope import acting
from central.identity import password_rules, service, signing, totp
from central.identity import signing_store as store
from central.identity import store as accounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.identity.passwords import Passwords
    from central.identity.signing_models import SignInRule
    from central.identity.vault import Vault

_UPPER, _LOWER, _DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789"
_WRONG_OLD = DomainError("password-wrong", "原密码不正确。", 400, [FieldProblem("old", "原密码不正确。")])


class Enrolment(Struct, frozen=True):
    """A second factor that waits for its first code: for the camera, and for typing."""

    secret: str
    address: str
    picture: str


# -- passwords ---


async def change_own(database: Database, passwords: Passwords, person: Person, old: str, new: str) -> None:
    """A person chooses another password; all other sessions end, and every browser is a stranger again.

    Raises:
        DomainError: 400 wrong old password, weak or former new one (all that is wrong).
    """
    async with database.worker.acquire() as conn:
        rule = await store.rule(conn)
        signer = await store.signer(conn, account_id=person.account_id)
        names = await store.words_of(conn, person.account_id)
        former = await store.former_passwords(conn, person.account_id, max(rule.no_reuse - 1, 0))
    if signer is None:
        raise NotFoundError("没有这个账号。")
    # Who came by a foreign identity may have no password here yet.
    if signer.password_hash and not await passwords.fits(old, signer.password_hash):
        raise _WRONG_OLD
    found = password_rules.problems(new, rule, names)
    if not found and signer.password_hash and rule.no_reuse:
        for known in (signer.password_hash, *former):
            if known and await passwords.fits(new, known):
                found.append(FieldProblem("password", f"不能与最近 {rule.no_reuse} 次用过的密码相同。"))
                break
    if found:
        raise DomainError("password-weak", found[0].problem, 400, found)
    hashed = await passwords.hashed(new)
    async with acting(database.worker, person.actor) as conn:
        now = await clock.database_now(conn)
        await store.lock_signer(conn, person.account_id)
        if signer.password_hash:
            await store.keep_password(conn, person.account_id, signer.password_hash, now)
        await store.set_own_password(conn, person.account_id, hashed, now)
        await store.settle(conn, person.account_id, "password")
        await store.end_other_sessions(conn, person.account_id, person.token_hash, now)
        await store.forget_devices(conn, person.account_id)
        await service.audit(conn, "password-changed", "account", person.account_id)


def refuse_weak(password: str, rule: SignInRule, names: Iterable[str]) -> None:
    """Raises when a password breaks the rules.

    Raises:
        DomainError: 400 with everything that is wrong.
    """
    found = password_rules.problems(password, rule, names)
    if found:
        raise DomainError("password-weak", found[0].problem, 400, found)


def one_time_password() -> str:
    """A random password of about 65 bits that is read and typed without mistakes; good for one sign-in."""
    while True:
        letters = "".join(secrets.choice(_UPPER + _LOWER + _DIGITS) for _ in range(12))
        if all(any(c in kind for c in letters) for kind in (_UPPER, _LOWER, _DIGITS)):
            return "-".join(letters[i : i + 4] for i in (0, 4, 8))


async def hand_out(
    conn: Connection, passwords: Passwords, account_id: int, *, why: str = "", first: bool = False
) -> str:
    """Gives an account a one-time password, told once: it must be replaced at the next sign-in.

    Ends the account's sessions and unlocks it; the password is useless after the days that the rules say.

    Args:
        conn: a worker transaction (`acting`) in the keeper's name.
        passwords: the hasher.
        account_id: whose.
        why: for the audit.
        first: the account is new: who keeps an enterprise's organisation also completes its registration and
            looks at its organisation before anything else (REG-26, ADM-15).

    Raises:
        NotFoundError: there is no such account.
    """
    rule = await store.rule(conn)
    password = one_time_password()
    hashed = await passwords.hashed(password)
    now = await clock.database_now(conn)
    signer = await store.signer(conn, account_id=account_id)
    if signer is None:
        raise NotFoundError("没有这个账号。")
    if signer.password_hash:
        await store.keep_password(conn, account_id, signer.password_hash, now)
    if first and signer.kind == "enterprise" and signer.keeps_organisation:
        await store.owe(conn, account_id, ["registration", "organisation"])
    until = now + timedelta(days=rule.initial_days)
    await store.set_initial_password(conn, account_id, hashed, now, until)
    await accounts.end_sessions(conn, account_id, now, "password-changed")
    await store.forget_devices(conn, account_id)
    await store.forget_stranger(conn, store.login_subject(signer.login))
    await service.audit(conn, "password-handed-out", "account", account_id, reason=why)
    return password


async def unlock(conn: Connection, account_id: int, *, why: str = "") -> None:
    """Lets an account that strangers locked sign in again at once.

    Raises:
        NotFoundError: there is no such account.
    """
    signer = await store.signer(conn, account_id=account_id)
    if signer is None:
        raise NotFoundError("没有这个账号。")
    await accounts.set_failures(conn, account_id, 0, None)
    await store.forget_stranger(conn, store.login_subject(signer.login))
    await store.forget_devices(conn, account_id)
    await service.audit(conn, "unlock", "account", account_id, reason=why)


# -- the second factor ---


async def prove(conn: Connection, vault: Vault, person: Person, code: str) -> None:
    """Takes a code of the app or a recovery code before the second factor itself is touched.

    Raises:
        DomainError: 400 wrong or used, 409 there is no second factor.
    """
    await store.lock_signer(conn, person.account_id)
    signer = await store.signer(conn, account_id=person.account_id)
    if signer is None or not signer.totp_on:
        raise DomainError("totp-none", "尚未绑定身份验证器。", 409)
    if not await signing.second_factor(conn, vault, signer, code, await clock.database_now(conn)):
        problem = "动态码不正确或已使用过，请等下一个。"
        raise DomainError("totp-wrong", problem, 400, [FieldProblem("code", problem)])


async def enrol(conn: Connection, vault: Vault, person: Person) -> Enrolment:
    """Makes a secret for an authenticator app; it counts from its first right code.

    Raises:
        DomainError: 409 there is one already.
    """
    signer = await store.signer(conn, account_id=person.account_id)
    if signer is not None and signer.totp_on:
        raise DomainError("totp-on", "已绑定身份验证器；更换前请先解除。", 409)
    secret = totp.new_secret()
    await store.put_totp(conn, person.account_id, vault.shut(secret, f"totp:{person.account_id}"))
    where = totp.address(secret, person.account)
    return Enrolment(totp.written(secret), where, totp.picture(where))


async def confirm(conn: Connection, vault: Vault, person: Person, code: str) -> list[str]:
    """Takes the first code; from now on sign-ins are asked for one.

    Returns:
        Recovery codes, told once.

    Raises:
        DomainError: 400 wrong code, 409 nothing waits.
    """
    await store.lock_signer(conn, person.account_id)
    signer = await store.signer(conn, account_id=person.account_id)
    if signer is None or signer.totp_secret is None or signer.totp_on:
        raise DomainError("totp-none", "请先生成新的二维码。", 409)
    now = await clock.database_now(conn)
    secret = vault.open(signer.totp_secret, f"totp:{person.account_id}")
    step = totp.fitting_step(secret, totp.plain_code(code), now)
    if step is None:
        problem = "动态码不正确，请核对手机时间后重试。"
        raise DomainError("totp-wrong", problem, 400, [FieldProblem("code", problem)])
    await store.confirm_totp(conn, person.account_id, now, step)
    await store.settle(conn, person.account_id, "totp")
    return await renew_recovery_codes(conn, vault, person)


async def renew_recovery_codes(conn: Connection, vault: Vault, person: Person) -> list[str]:
    """New recovery codes in place of the old ones, told once."""
    codes = totp.recovery_codes()
    hashes = [vault.mark(code, f"recovery:{person.account_id}") for code in codes]
    await store.put_recovery_codes(conn, person.account_id, hashes)
    return codes


async def drop_second_factor(conn: Connection, account_id: int) -> None:
    """Takes the second factor away: its telephone is lost, or another follows."""
    await store.drop_totp(conn, account_id)
