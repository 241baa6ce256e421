"""`fengsui central registers`: the documentation of the registers, and records that are against it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from central.db.errors import ConfigurationError
from central.db.opening import operating
from central.registry import tables
from central.registry.forms.pages import INDEX, pages
from central.settings import Settings

FOLDER = Path(__file__).parents[2] / "docs" / "registers"


def registers(
    *,
    write: bool = False,
    check: bool = False,
    state: Annotated[
        Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")
    ] = None,
) -> None:
    """Prints the index of all declared registers; --write keeps a page for each under docs/registers.

    Args:
        write: write the pages, and remove those of registers that are declared no longer.
        check: names the records that are alike where a declaration now says that none may be; the exit code
            is 1 when there are any.
        state: state folder.
    """
    if check:
        _check(Settings.read(state=state))
        return
    written = pages()
    if not write:
        print(written[INDEX])
        return
    if not FOLDER.parent.is_dir():
        raise SystemExit(f"{FOLDER.parent} is missing: pages are written in the source tree only")
    FOLDER.mkdir(exist_ok=True)
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for page in FOLDER.glob("*.md"):
        if page.name not in written:
            page.unlink()
    print(f"{len(written)} pages are in {FOLDER}")


def _check(settings: Settings) -> None:
    async def work() -> list[str]:
        async with operating(settings) as conn:
            return await tables.repeated(conn)

    try:
        found = asyncio.run(work())
    except ConfigurationError as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    print("\n".join(found) or "Every record is the only one of its kind where its register wants that.")
    if found:
        raise SystemExit(1)
