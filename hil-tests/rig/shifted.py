"""Runs `fengsui …` on a board whose wall clock is wrong: `shifted.py SHIFT_S FOR_S arguments of fengsui …`.

Stands in for a real-time clock with an empty battery: UTC is off by SHIFT_S seconds, and put right after
FOR_S seconds as a time server does, while the monotonic clock runs on as it should.
"""

from __future__ import annotations

import runpy
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Bend the wall clock, then become fengsui."""
    shift_ns, until = int(float(sys.argv[1]) * 1e9), time.monotonic() + float(sys.argv[2])
    true_time_ns, monotonic = time.time_ns, time.monotonic

    def time_ns() -> int:
        return true_time_ns() + (shift_ns if monotonic() < until else 0)

    time.time_ns = time_ns
    time.time = lambda: time_ns() / 1e9
    sys.path.insert(0, str(ROOT))
    sys.argv = ["fengsui", *sys.argv[3:]]
    runpy.run_path(str(ROOT / "fengsui.py"), run_name="__main__")


if __name__ == "__main__":
    main()
