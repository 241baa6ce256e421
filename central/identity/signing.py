"""Signing in: who is locked out, who must answer a question first, whose code is asked, what is still owed.

Strangers' failures lock strangers out, never the browser in which the person signed in before: nobody can
keep an official out of the system by typing wrong passwords (the "device cookie" of OWASP's advice on
guessing). Names that do not exist count, lock and take as long as those that do.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from central import clock
from central.db.errors import DomainError
from central.db.scope import SYSTEM, Actor, acting
from central.identity import captcha, rules, service, totp
from central.identity import signing_store as store
from central.identity import store as accounts
from central.identity.signing_models import SignedIn

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection, Database
    from central.identity.passwords import Passwords
    from central.identity.signing_models import Attempt, Signer, SignInRule
    from central.identity.vault import Vault

# An address with so many failures in the window is asked the question whatever account it tries.
_ADDRESS_FAILURES = 10
_WINDOW = timedelta(minutes=15)
_WRONG = DomainError("sign-in-refused", "账号或密码不正确。", 401)
_STEPS = ("password", "totp", "registration", "organisation")


async def sign_in(database: Database, passwords: Passwords, vault: Vault, attempt: Attempt) -> SignedIn:
    """Checks a password and whatever else the rules ask, and opens a session.

    The account's session on the same kind of device ends, and so does the session that this browser had.

    Raises:
        DomainError: 401 wrong, unknown or deactivated (told alike), captcha-required, totp-required,
            totp-wrong or initial-expired; 423 locked, whether the account exists or not.
    """
    login = attempt.login.strip().lower()
    device_hash = rules.token_hash(attempt.device_token) if attempt.device_token else None
    async with acting(database.worker) as conn:
        now = await clock.database_now(conn)
        rule = await store.rule(conn)
        signer = await store.signer(conn, login=login, device_hash=device_hash)
        failures, locked_until = await _failures(conn, signer, login, now)
        asked = await _is_asked(conn, rule, signer, failures, attempt.address, now)
        answered = asked and await captcha.answered(conn, attempt.captcha_id, attempt.captcha)
    if rules.is_locked(locked_until, now):
        raise _locked(rule)
    if asked and not answered:
        detail = "验证码不正确或已过期，请重新填写。" if attempt.captcha_id else "请先填写验证码。"
        raise DomainError("captcha-required", detail, 401)
    # Half a tenth of a second of computing: outside of any transaction.
    fits = await passwords.fits(attempt.password, signer.password_hash if signer else None)
    actor = Actor(signer.id, signer.role, signer.display_name) if signer else SYSTEM
    async with acting(database.worker, actor) as conn:
        outcome = await _decide(conn, rule, vault, attempt, login, signer, fits)
    if isinstance(outcome, DomainError):
        raise outcome
    token, device_token = outcome
    return SignedIn(token, device_token, await service.person_of(database, token, timedelta(days=1)))


async def _failures(
    conn: Connection, signer: Signer | None, login: str, now: datetime
) -> tuple[int, datetime | None]:
    """Failures that count for this attempt, and until when they lock it out."""
    if signer is not None and signer.device_hash is not None:
        return signer.device_failures, signer.device_locked_until
    # Counted by the name, whether there is such an account or not, so that nothing differs between the two.
    failures, locked_until = await store.stranger(conn, store.login_subject(login), now - _WINDOW)
    return failures, signer.locked_until if signer else locked_until


async def _is_asked(
    conn: Connection, rule: SignInRule, signer: Signer | None, failures: int, address: str, now: datetime
) -> bool:
    if rule.captcha_after == 0 or (signer is not None and signer.plain):
        return False
    from_there, _ = await store.stranger(conn, store.address_subject(address), now - _WINDOW)
    return failures >= rule.captcha_after or from_there >= _ADDRESS_FAILURES


async def _decide(
    conn: Connection,
    rule: SignInRule,
    vault: Vault,
    attempt: Attempt,
    login: str,
    before: Signer | None,
    fits: bool,
) -> tuple[str, str] | DomainError:
    """Counts or opens under the account's lock; an error is returned, so that the count is committed."""
    now = await clock.database_now(conn)
    if before is None:
        await _count(conn, rule, attempt, login, None, now)
        return _WRONG
    await store.lock_signer(conn, before.id)
    signer = await store.signer(conn, account_id=before.id, device_hash=before.device_hash)
    if signer is None:
        return _WRONG
    if rules.is_locked((await _failures(conn, signer, login, now))[1], now):
        return _locked(rule)
    if not (fits and signer.active and signer.password_hash == before.password_hash):
        await _count(conn, rule, attempt, login, signer, now)
        return _WRONG
    if signer.initial_until is not None and signer.initial_until <= now:
        await _count(conn, rule, attempt, login, signer, now)
        return DomainError("initial-expired", "一次性密码已过期，请向上级机构重新申请。", 401)
    if signer.totp_on and not signer.plain:
        if not attempt.code.strip():
            return DomainError("totp-required", "请输入身份验证器上的六位动态码，或一个恢复码。", 401)
        if not await second_factor(conn, vault, signer, attempt.code, now):
            await _count(conn, rule, attempt, login, signer, now)
            return DomainError("totp-wrong", "动态码不正确或已使用过，请等下一个。", 401)
    return await enter(conn, rule, signer, attempt, now, way="password")


async def enter(
    conn: Connection, rule: SignInRule, signer: Signer, attempt: Attempt, now: datetime, *, way: str
) -> tuple[str, str]:
    """Opens a session under a new token for somebody who proved to be the account's person.

    Args:
        conn: a worker transaction in the person's name.
        rule: of this installation.
        signer: the account.
        attempt: from which device and address.
        now: of the database.
        way: "password" or "oidc".

    Returns:
        The session's token and the one by which this browser will be known.
    """
    await accounts.set_failures(conn, signer.id, 0, None)
    await store.forget_stranger(conn, store.login_subject(signer.login))
    await accounts.end_sessions(conn, signer.id, now, "replaced", attempt.device_kind)
    if attempt.former_token:
        # One browser, one person: whoever signs in here ends what was open here.
        await accounts.end_session(conn, rules.token_hash(attempt.former_token), now, "replaced")
    token = secrets.token_urlsafe(32)
    await store.open_session(
        conn,
        rules.token_hash(token),
        signer.id,
        attempt.device_kind,
        attempt.address,
        now,
        owed(rule, signer, now, way),
        way,
    )
    device_token = attempt.device_token if signer.device_hash is not None else secrets.token_urlsafe(24)
    await store.know_device(conn, signer.id, rules.token_hash(device_token), now)
    fact = {"device": attempt.device_kind, "address": attempt.address, "way": way}
    await service.audit(conn, "sign-in", "account", signer.id, after=fact)
    return token, device_token


def owed(rule: SignInRule, signer: Signer, now: datetime, way: str) -> list[str]:
    """The steps that come before anything else; none for an account of the demonstration."""
    if signer.plain:
        return []
    steps = set(signer.owes)
    if way == "password":
        old = rule.max_age_days and now - signer.password_changed_at > timedelta(days=rule.max_age_days)
        steps |= {"password"} if old else set()
        steps |= {"totp"} if signer.kind in rule.totp_kinds and not signer.totp_on else set()
    else:
        # The provider vouches for the person: a password here is a further way in, and no duty.
        steps.discard("password")
    return [step for step in _STEPS if step in steps]


async def read_rule(conn: Connection) -> SignInRule:
    """The rules of this installation."""
    return await store.rule(conn)


async def change_rule(conn: Connection, version: int, new: SignInRule) -> SignInRule | None:
    """Changes the rules; None when somebody was faster."""
    if await store.set_rule(conn, version, new) is None:
        return None
    return await store.rule(conn)


async def settle(conn: Connection, account_id: int, step: str) -> None:
    """Takes a step off what an account owes, in its open sessions too."""
    await store.settle(conn, account_id, step)


async def second_factor(conn: Connection, vault: Vault, signer: Signer, code: str, now: datetime) -> bool:
    """Whether a code of the authenticator or a recovery code is right and was never used before."""
    typed = totp.plain_code(code)
    if len(typed) == totp.DIGITS and typed.isdigit():
        secret = vault.open(signer.totp_secret or b"", f"totp:{signer.id}")
        step = totp.fitting_step(secret, typed, now)
        return step is not None and await store.take_totp_step(conn, signer.id, step)
    return await store.use_recovery_code(conn, signer.id, vault.mark(typed, f"recovery:{signer.id}"), now)


async def _count(
    conn: Connection, rule: SignInRule, attempt: Attempt, login: str, signer: Signer | None, now: datetime
) -> None:
    """Counts a refused attempt where it belongs, and locks when it was one too many."""
    since, until = now - _WINDOW, now + timedelta(minutes=rule.lock_minutes)
    await store.stranger_failed(conn, store.address_subject(attempt.address), now, since)
    if signer is not None and signer.device_hash is not None:
        failures = signer.device_failures + 1
        locked = failures >= rule.lock_after
        await store.device_failed(
            conn, signer.id, signer.device_hash, 0 if locked else failures, until if locked else None
        )
    else:
        subject = store.login_subject(login)
        failures = await store.stranger_failed(conn, subject, now, since)
        locked = failures >= rule.lock_after
        if locked:
            await store.lock_stranger(conn, subject, until)
        if signer is not None:
            await accounts.set_failures(conn, signer.id, 0 if locked else failures, until if locked else None)
    # The name of an account that does not exist is not kept: people type their password into that field.
    fact = {"device": attempt.device_kind, "address": attempt.address, "locked": locked}
    await service.audit(conn, "sign-in-refused", "account", signer.id if signer else 0, after=fact)


def _locked(rule: SignInRule) -> DomainError:
    detail = f"密码错误次数过多，已暂停登录，请 {rule.lock_minutes} 分钟后再试，或用以前登录过的设备登录。"
    return DomainError("account-locked", detail, 423)
