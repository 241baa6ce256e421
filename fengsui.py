"""The root command: joins the commands of the gateway and of the centre, and says which extra is missing."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cyclopts import App

if TYPE_CHECKING:
    from collections.abc import Sequence

_HELP = "Fengsui 烽燧: warns before a plant hurts people."

# Command → the module and name that holds it, and the extra that brings what it needs.
_PARTS = {
    "central": ("central.cli", "app", "central"),
    "edge": ("edge.cli", "app", "edge"),
    "demo": ("central.demo.cli", "app", "central,edge"),
    "verify-evidence": ("central.warning.evidence_cli", "app", "central"),
    "bench": ("tests.bench.run", "app", "dev"),
}


def _load(name: str) -> App:
    module, attribute, extra = _PARTS[name]
    if name == "bench":
        # The benchmarks come with the source, not with an installed distribution.
        sys.path.insert(0, str(Path(__file__).parent))
    try:
        found: App = getattr(import_module(module), attribute)
    except ModuleNotFoundError as exc:
        missing = exc.name or ""
        if missing.split(".", 1)[0] in {"edge", "central", "protocol"}:
            raise
        print(
            f"fengsui {name} needs {missing}, which is not installed: pip install 'fengsui[{extra}]'",
            file=sys.stderr,
        )
        raise SystemExit(2) from exc
    return found


def main(tokens: Sequence[str] | None = None) -> None:
    """Runs one command; loads only the half that it belongs to.

    Args:
        tokens: the command line after the program's name; None takes the process's own.
    """
    words = list(sys.argv[1:] if tokens is None else tokens)
    app = App(name="fengsui", help=_HELP)
    wanted = [words[0]] if words and words[0] in _PARTS else []
    for name in wanted:
        app.command(_load(name), name=name)
    if not wanted:
        # The overview names every part without importing any.
        for name, text in (
            ("central", "The central server (fengsui central --help)."),
            ("edge", "The gateway at the plant (fengsui edge --help)."),
            ("demo", "A fictional county to look at (fengsui demo --help)."),
            ("verify-evidence", "Proves an evidence pack offline (fengsui verify-evidence --help)."),
            ("bench", "Benchmarks beside the bare libraries (fengsui bench --help)."),
        ):
            app.command(App(name=name, help=text))
    app(words)


if __name__ == "__main__":
    main()
