"""`fengsui central policy …` and `recovery …`: a region's ladders, and what a restored centre holds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from central.clock import database_now
from central.db.errors import ConfigurationError, DomainError
from central.db.opening import operating
from central.db.pool import Connection
from central.settings import Settings
from central.warning import policies
from central.warning import recovery as restored

policy = App(name="policy", help="Ladders: who is called when, per region and level.")
recovery = App(name="recovery", help="A centre that came back from a backup: held calls, and its end.")

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

    _run(work())


def _run(work: Awaitable[None]) -> None:
    async def wait() -> None:
        await work

    try:
        asyncio.run(wait())
    except (ConfigurationError, DomainError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc


def _in_recovery(state: Path | None, does: Callable[[Connection, datetime], Awaitable[str]]) -> None:
    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            print(await does(conn, await database_now(conn)))

    _run(work())


@recovery.command(name="status")
def recovery_status(*, state: State = None) -> None:
    """Says whether the centre is in recovery, and what is held and unconfirmed."""

    async def does(conn: Connection, _: datetime) -> str:
        known = await restored.running(conn)
        if known is None:
            return "no recovery is running"
        return (
            f"in recovery since {known.began_at:%Y-%m-%d %H:%M:%S} UTC ({known.begun_by}): "
            f"{known.held} calls held, {known.unconfirmed} open cases of unknown state"
        )

    _in_recovery(state, does)


@recovery.command(name="begin")
def recovery_begin(*, by: str, state: State = None) -> None:
    """Holds old calls after a restore that the centre cannot notice by itself; before `serve` is started.

    Args:
        by: your name; it stays in the audit.
        state: state folder.
    """

    async def does(conn: Connection, now: datetime) -> str:
        begun = await restored.begin(conn, now, by)
        return f"{begun.held} calls held, {begun.unconfirmed} cases marked: state unknown, confirm"

    _in_recovery(state, does)


@recovery.command(name="release")
def recovery_release(*, by: str, state: State = None) -> None:
    """Sends the calls that are held, as far as their cases still call.

    Args:
        by: your name; it stays in the audit.
        state: state folder.
    """

    async def does(conn: Connection, now: datetime) -> str:
        return f"{await restored.release(conn, now, by)} calls released"

    _in_recovery(state, does)


@recovery.command(name="discard")
def recovery_discard(*, by: str, state: State = None) -> None:
    """Ends the calls that are held without sending them.

    Args:
        by: your name; it stays in the audit.
        state: state folder.
    """

    async def does(conn: Connection, now: datetime) -> str:
        return f"{await restored.discard(conn, now, by)} calls discarded"

    _in_recovery(state, does)


@recovery.command(name="end")
def recovery_end(*, by: str, state: State = None) -> None:
    """Ends the recovery once no call is held; cases keep their mark until somebody answers them.

    Args:
        by: your name; it stays in the audit.
        state: state folder.
    """

    async def does(conn: Connection, now: datetime) -> str:
        await restored.end(conn, now, by)
        return "the recovery is over"

    _in_recovery(state, does)
