"""Runs benchmarks by name: `fengsui bench [NAME …]`; without a name all of them, one after another.

Each is a program of its own beside this file, so that one's memory and threads don't disturb the next.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from cyclopts import App

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = {
    "edge-poll": "edge_poll.py",
    "edge-react": "edge_react.py",
    "edge-memory": "edge_poll.py",
    "edge-silent": "edge_silent.py",
    "edge-spool": "edge_spool.py",
    "edge-drain": "edge_drain.py",
    "ingest": "ingest.py",
    "edge-storm": "edge_storm.py",
    "users": "users.py",
    "warn": "warn.py",
    "scope": "scope.py",
    "registers": "registers.py",
    "import": "imports.py",
    "map": "map.py",
    "packed": "packed.py",
    "trend": "trend.py",
}


app = App(name="bench", help="Benchmarks, each beside the bare library in the same run.")


@app.default
def run(*names: str) -> None:
    """Runs benchmarks and prints one JSON object a line.

    Args:
        names: which; all when none is given.
    """
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(PROGRAMS)}", file=sys.stderr)
        raise SystemExit(2)
    programs = list(dict.fromkeys(PROGRAMS[name] for name in names or PROGRAMS))
    path = os.pathsep.join([str(ROOT), str(ROOT / "hil-tests")])
    failed = []
    for program in programs:
        print(f"── {program}", file=sys.stderr, flush=True)
        command = [sys.executable, str(HERE / program)]
        if subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, check=False).returncode:
            failed.append(program)
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")
