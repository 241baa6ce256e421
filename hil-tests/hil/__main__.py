"""`python -m hil`: plays scenarios on a rig and leaves one report; ends with 1 when one of them failed."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from cyclopts import App

from hil import report
from hil.bench_file import BenchError, load
from hil.field import Rig
from hil.models import FAILED, PASSED, Result
from hil.rack import Rack
from hil.runner import Run, cannot
from hil.scenarios import ALL, chosen
from hil.virtual_rig import VirtualRig

app = App(name="hil", help="The bench: scenarios on virtual wires or on a rack, and one report.")


@app.default
def play(*names: str, bench: Path | None = None, out: Path | None = None, pace: float = 1.0) -> None:
    """Play scenarios, all of them without names, and write the report.

    Args:
        names: which scenarios; `list` shows them.
        bench: the bench.toml of a rack; without it the rig is virtual.
        out: the report; without it build/bench/<time>.html of this folder.
        pace: 1 is the short form; counts and outages grow with it.
    """
    try:
        scenarios = chosen(list(names))
        rig: Rig = VirtualRig() if bench is None else Rack(load(bench))
    except (ValueError, BenchError) as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    # Asked to end, it takes down what it put up: processes, namespaces, mounts.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    path = out or Path("build/bench") / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.html"
    run = Run(rig, pace)
    print(f"{len(scenarios)} scenarios on the rig {rig.name}", flush=True)
    run.play(scenarios, _told)
    report.write(run, path)
    counts = run.counts
    print(f"{', '.join(f'{count} {kind}' for kind, count in counts.items())}; the report is {path}")
    raise SystemExit(1 if counts[FAILED] or not counts[PASSED] else 0)


@app.command(name="list")
def show() -> None:
    """Show the scenarios, and what each of them proves."""
    for scenario in ALL:
        print(f"{scenario.name:28} {scenario.title} {scenario.title_zh}\n{'':28} {scenario.proves}")


@app.command
def check(bench: Path) -> None:
    """Read a bench.toml, name everything that is wrong in it, and say what its rack can play.

    Args:
        bench: the bench.toml.
    """
    try:
        rack = Rack(load(bench))
    except BenchError as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    for name, said in rack.wiring():
        print(f"{name:16} {said}")
    for scenario in ALL:
        print(f"{scenario.name:28} {cannot(rack, scenario) or 'can be played'}")


def _told(result: Result) -> None:
    why = f"  {result.why}" if result.why else ""
    print(f"{result.scenario.name:28} {result.verdict:12} {result.took_s:6.1f} s{why}", flush=True)


if __name__ == "__main__":
    app()
