"""Runs benchmarks by name: `fengsui bench [NAME …]`; without a name all of them, one after another.

Each is a program of its own beside this file, so that one's memory and threads don't disturb the next.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAMS = {
    "edge-poll": "edge_poll.py",
    "edge-react": "edge_react.py",
    "edge-memory": "edge_poll.py",
    "ingest": "ingest.py",
    "warn": "warn.py",
}


def main(names: list[str]) -> int:
    """Run the benchmarks called `names` (all when empty); returns the number that failed."""
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(PROGRAMS)}", file=sys.stderr)
        return 2
    programs = list(dict.fromkeys(PROGRAMS[name] for name in names or PROGRAMS))
    path = os.pathsep.join([str(ROOT), str(ROOT / "hil-tests")])
    failed = 0
    for program in programs:
        print(f"── {program}", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, str(HERE / program)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path},
            check=False,
        )
        failed += done.returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
