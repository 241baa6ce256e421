"""`fengsui edge update`: brings a gateway to a new version, shows its slots, or takes the last step back."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from edge.config import ConfigError
from edge.configuration.force import in_force
from edge.trial.switch import TrialError
from edge.update.bundle import BundleRefused
from edge.update.install import Update, UpdateFailed
from edge.update.slots import NAMES, Slots


def update(
    bundle: Path | None = None,
    *,
    config: Annotated[Path, Parameter(name=["--config", "-c"])] = Path("/etc/fengsui/gateway.toml"),
    root: Path = Path("/opt/fengsui"),
    show: bool = False,
    back: bool = False,
    settle: float = 15.0,
    within: float = 60.0,
    json: bool = False,
) -> None:
    """Install a signed bundle beside the version that runs, and keep it only if all stays good.

    The gateway watches on until the new version is installed and has accepted gateway.toml; then it is begun
    again, with the new version on trial: what was good before must be good again within a minute, or the old
    version runs again.

    Args:
        bundle: file made by `make bundle`.
        config: the gateway.toml that the gateway runs with.
        root: where the slots are.
        show: only say which versions are there, and how the last update ended.
        back: put the version of the other slot on trial, without a bundle.
        settle: seconds for which all must be good without a break.
        within: seconds after which a version that has not settled is taken back.
        json: one JSON object a line: {"step"} or {"result", "good"}.
    """
    slots = Slots(root)

    def tell(words: str, **more: object) -> None:
        if json:
            print(msgspec.json.encode(more or {"step": words}).decode(), flush=True)
        else:
            print(words, flush=True)

    try:
        if show or (bundle is None and not back):
            for line in _slots_in_words(slots):
                tell(line)
            return
        loaded = in_force(config).loaded
        work = Update(slots, config, loaded.beside(loaded.config.gateway.state), tell)
        if bundle is not None:
            work.fill(bundle)
        said = asyncio.run(work.switch(settle, within))
        tell(said, result=said, good=True)
    except (BundleRefused, TrialError, UpdateFailed, ConfigError, OSError) as exc:
        if json:
            tell("", result=str(exc), good=False)
        print(exc, file=sys.stderr)
        raise SystemExit(1) from exc


def _slots_in_words(slots: Slots) -> list[str]:
    current = slots.current()
    lines = [f"{'*' if name == current else ' '} {name}  {slots.version(name) or 'empty'}" for name in NAMES]
    trial = slots.switch.trial()
    if trial is not None:
        lines.append(f"{trial.version} is on trial")
    return [*lines, *filter(None, [slots.switch.last()])]
