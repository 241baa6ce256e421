"""`fengsui demo`: the fictional county; `fengsui demo press|leak|calm PLANT` reaches into the running one."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from central.db.errors import ConfigurationError, DomainError
from central.demo.control import NoDemo, ask
from central.demo.household import Household
from central.demo.show import DemoFailed, show

app = App(name="demo", help="A fictional county with three plants, one of which will leak.")

State = Annotated[Path, Parameter(env_var="FENGSUI_DEMO_STATE", help="State folder.")]


@app.default
def run(
    *,
    port: int = 8600,
    host: str = "127.0.0.1",
    fresh: bool = False,
    leak_after_s: float = 30.0,
    quiet: bool = False,
    state: State = Path(".demo"),
) -> None:
    """Runs the demo until Ctrl-C; FENGSUI_DEMO_PASSWORD sets the accounts' password.

    Args:
        port: of the console.
        host: address of the console.
        fresh: begins anew instead of going on where the last demo stopped.
        leak_after_s: when the chlorine storage begins to leak.
        quiet: no leak by itself; see `fengsui demo leak`.
        state: state folder.
    """
    home = Household(state)
    password = os.environ.get("FENGSUI_DEMO_PASSWORD", "")
    try:
        with home.occupied(fresh=fresh):
            asyncio.run(
                show(
                    home,
                    host=host,
                    port=port,
                    password=password,
                    leak_after_s=None if quiet else leak_after_s,
                )
            )
    except (ConfigurationError, DemoFailed, DomainError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc


def _tell(do: str, plant: str, state: Path) -> None:
    try:
        done, said = ask(Household(state).control, do, plant)
    except NoDemo as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    print(said, file=sys.stdout if done else sys.stderr)
    if not done:
        raise SystemExit(2)


@app.command
def press(plant: str, *, state: State = Path(".demo")) -> None:
    """Presses the button at a plant (chlorine, ammonia, lpg): first silences, then acknowledges."""
    _tell("press", plant, state)


@app.command
def leak(plant: str, *, state: State = Path(".demo")) -> None:
    """Lets a plant leak."""
    _tell("leak", plant, state)


@app.command
def calm(plant: str, *, state: State = Path(".demo")) -> None:
    """Stops a plant's leak and lets the emergency fan run."""
    _tell("calm", plant, state)
