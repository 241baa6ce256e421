"""`fengsui central sign-in-rules` and `account recover`: what an operator does at the server itself."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated, get_args, get_type_hints

import msgspec
from cyclopts import Parameter

from central.db.errors import ConfigurationError, DomainError, NotFoundError
from central.db.opening import operating
from central.identity import credentials, signing_store
from central.identity.passwords import Passwords
from central.identity.signing_models import SignInRule
from central.settings import Settings

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]
_KINDS = get_args(get_args(get_type_hints(SignInRule)["totp_kinds"])[0])


def sign_in_rules(
    *,
    second_factor: str | None = None,
    min_length: int | None = None,
    max_age_days: int | None = None,
    captcha_after: int | None = None,
    lock_after: int | None = None,
    state: State = None,
) -> None:
    """Shows the rules of signing in, and changes those that are given.

    Args:
        second_factor: kinds of role that need one, with commas ("supervisor,administrator"), or "none".
        min_length: of a password, 6 at least.
        max_age_days: after so many days a password is changed at the next sign-in; 0 never.
        captcha_after: so many failures and a question is asked; 0 never.
        lock_after: so many failures and strangers are locked out.
        state: state folder.
    """
    given = {
        "min_length": min_length,
        "max_age_days": max_age_days,
        "captcha_after": captcha_after,
        "lock_after": lock_after,
    }
    changes: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    if second_factor is not None:
        kinds = [kind.strip() for kind in second_factor.split(",") if kind.strip() not in {"", "none"}]
        unknown = sorted(set(kinds) - set(_KINDS))
        if unknown:
            print(f"no kind of role is called {unknown[0]}: one of {', '.join(_KINDS)}", file=sys.stderr)
            raise SystemExit(2)
        changes["totp_kinds"] = kinds

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            rule = await signing_store.rule(conn)
            if changes:
                wanted = msgspec.convert({**msgspec.to_builtins(rule), **changes}, SignInRule)
                await signing_store.set_rule(conn, rule.version, wanted)
                rule = await signing_store.rule(conn)
        for name, value in msgspec.to_builtins(rule).items():
            print(f"{name} = {', '.join(value) or 'none' if isinstance(value, list) else value}")

    _run(work())


def recover(login: str, *, keep_second_factor: bool = False, state: State = None) -> None:
    """Gives an account a one-time password, shown once, and takes its second factor away.

    Args:
        login: whose.
        keep_second_factor: only the password was lost.
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            signer = await signing_store.signer(conn, login=login)
            if signer is None:
                raise NotFoundError("没有这个账号。")
            if not keep_second_factor:
                await credentials.drop_second_factor(conn, signer.id)
            password = await credentials.hand_out(conn, Passwords(), signer.id, why="server terminal")
        print(f"one-time password of {login}: {password}")

    _run(work())


def _run(work: object) -> None:
    try:
        asyncio.run(work)  # type: ignore[arg-type]
    except (ConfigurationError, DomainError, msgspec.ValidationError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc
