"""`fengsui central account|agency …`: who has an account, which agencies there are, at the terminal."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from central import clock
from central.db.errors import ConfigurationError, DomainError
from central.db.opening import operating
from central.organisation import accounts, accounts_store, agencies
from central.organisation.accounts_models import AccountFilter
from central.organisation.models import RANKS
from central.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]
_AT_ONCE = 500


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except (ConfigurationError, DomainError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc


def account_list(*, search: str = "", wanted: str = "", state: State = None) -> None:
    """Lists accounts: login, state, role, name, and where each belongs; telephones are left out.

    Args:
        search: a part of the login or of the name.
        wanted: only those that are active, off, locked, pending, refused or removed.
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            now = await clock.database_now(conn)
            after: str | None = None
            while True:
                chosen = AccountFilter(q=search, state=wanted)
                rows = await accounts_store.accounts(conn, now, chosen, after, _AT_ONCE)
                for row in rows:
                    where = row.enterprise_name or row.committee_unit_name or row.agency_name or "-"
                    print(f"{row.login}\t{row.state}\t{row.role}\t{row.display_name}\t{where}")
                if len(rows) < _AT_ONCE:
                    break
                after = rows[-1].login

    _run(work())


def account_disable(login: str, *, reason: str, state: State = None) -> None:
    """Switches an account off; its sessions end at once, and no ladder calls it any more.

    Args:
        login: whose.
        reason: why, for the audit.
        state: state folder.
    """
    _switch(login, False, reason, state)


def account_enable(login: str, *, reason: str, state: State = None) -> None:
    """Switches an account on again.

    Args:
        login: whose.
        reason: why, for the audit.
        state: state folder.
    """
    _switch(login, True, reason, state)


def _switch(login: str, active: bool, reason: str, state: Path | None) -> None:
    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            await accounts.switch_by_operator(conn, login, active, reason)
        print(f"account {login} is {'on' if active else 'off'}")

    _run(work())


def agency_list(*, state: State = None) -> None:
    """Lists agencies, the upper first: number, level, name, agency above, areas.

    Args:
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            after: tuple[int | None, str | None, int | None] = (None, None, None)
            while True:
                rows = await agencies.agencies(conn, after=after, limit=_AT_ONCE)
                for row in rows:
                    areas = ",".join(row.areas)
                    print(f"{row.id}\t{RANKS[row.rank]}\t{row.name}\t{row.parent_name or '-'}\t{areas}")
                if len(rows) < _AT_ONCE:
                    break
                after = (-rows[-1].rank, rows[-1].region_code, rows[-1].id)

    _run(work())
