"""`fengsui central role …`: which roles there are, and giving one to an account at the server's terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from central.db.errors import ConfigurationError, DomainError
from central.db.opening import operating
from central.identity import roles, roles_store
from central.settings import Settings

role = App(name="role", help="Roles: list them, give one to an account.")

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]


@role.command(name="list")
def role_list(*, state: State = None) -> None:
    """Prints every role: code, name, kind, data scope, sectors, how many accounts, operations."""

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            for each in await roles_store.roles(conn):
                sectors = "all sectors" if each.sectors is None else ",".join(each.sectors)
                print(
                    f"{each.code}\t{each.name}\t{each.kind}\t{each.data_scope}\t{sectors}\t{each.accounts}\t"
                    + " ".join(each.operations)
                )

    _run(work())


@role.command(name="give")
def role_give(login: str, code: str, *, state: State = None) -> None:
    """Gives an account another role; it counts with the account's next request.

    Args:
        login: whose.
        code: of the role (`role list`).
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            await roles.give_role(conn, login, code)
        print(f"account {login} has the role {code}")

    _run(work())


def _run(work: Awaitable[None]) -> None:
    async def wait() -> None:
        await work

    try:
        asyncio.run(wait())
    except (ConfigurationError, DomainError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc
