"""`fengsui central levels …`: level tables as files, at the operator's terminal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from central.clock import database_now
from central.db.errors import DomainError
from central.db.opening import operating
from central.settings import Settings
from central.warning import level_files as files
from central.warning import level_tables as service

levels = App(name="levels", help="Tables that give warnings their level, per region.")

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]


@levels.command(name="load")
def levels_load(file: Path, *, state: State = None) -> None:
    """Puts the table of a TOML or JSON file in force at once, as the next version of its region.

    Args:
        file: name, source, region and one [[rule]] a row; region empty: the general table.
        state: state folder.
    """

    async def work() -> None:
        told = files.read(file.read_text(encoding="utf-8"))
        async with operating(Settings.read(state=state)) as conn:
            made = await service.load(conn, told, await database_now(conn))
        where = f"region {made.region}" if made.region else "every region"
        print(f"{made.name}: version {made.version} for {where}, {made.rules} rows, in force")

    _run(work())


@levels.command(name="list")
def levels_list(*, state: State = None) -> None:
    """Lists the tables: number, region, version, state, rows, name."""

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            now = await database_now(conn)
            for each in await service.every(conn, now):
                told = (each.id, each.region or "-", f"v{each.version}", each.state, each.rules, each.name)
                print(*told, sep="\t")

    _run(work())


@levels.command(name="export")
def levels_export(
    number: int, file: Path, *, kind: Literal["toml", "json"] = "toml", state: State = None
) -> None:
    """Writes a table as a file that `load` and the console take again.

    Args:
        number: of the table, as `list` shows it.
        file: where to; an existing file is replaced.
        kind: of the file.
        state: state folder.
    """

    async def work() -> None:
        async with operating(Settings.read(state=state)) as conn:
            told = await service.as_file(conn, number, await database_now(conn))
        text = files.to_toml(told) if kind == "toml" else files.to_json(told)
        file.write_text(text, encoding="utf-8")
        print(f"{told.name}: {len(told.rule)} rows written to {file}")

    _run(work())


def _run(work: Awaitable[None]) -> None:
    async def wait() -> None:
        await work

    try:
        asyncio.run(wait())
    except DomainError as exc:
        print(exc.detail, file=sys.stderr)
        for each in exc.fields:
            print(f"  {each.place}: {each.problem}{each.remedy}", file=sys.stderr)
        raise SystemExit(2) from exc
    except (OSError, UnicodeDecodeError, files.BadFile) as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
