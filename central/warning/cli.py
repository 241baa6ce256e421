"""`fengsui central policy …`: write the next version of a region's ladders; running cases keep theirs."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from central.db.errors import ConfigurationError, DomainError
from central.db.opening import operating
from central.settings import Settings
from central.warning import policies

policy = App(name="policy", help="Ladders: who is called when, per region and level.")

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]


@policy.command(name="load")
def policy_load(file: Path, *, state: State = None) -> None:
    """Writes the ladders of a TOML file as new versions, valid from now on.

    Args:
        file: region, name, source and one [[policy]] a level.
        state: state folder.
    """

    async def work() -> None:
        told = policies.read(file)
        async with operating(Settings.read(state=state)) as conn:
            for line in await policies.load(conn, told):
                print(line)

    try:
        asyncio.run(work())
    except (ConfigurationError, DomainError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc
