"""Runs `fengsui …` in a hurry: `hastened.py TIMES arguments of fengsui …`; a second lasts for TIMES of them.

What a gateway does only after ten minutes, an hour or a night is seen within a test. Every clock of the
process and every wait of its event loop is hastened alike; the world outside keeps its pace, so that an
instrument seems TIMES slower and its time-out must be longer by as much.
"""

from __future__ import annotations

import runpy
import selectors
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def _hasten(read_ns: Callable[..., int], times: int) -> Callable[..., int]:
    begun: dict[tuple[int, ...], int] = {}

    def hastened(*which: int) -> int:
        now = read_ns(*which)
        start = begun.setdefault(which, now)
        return start + (now - start) * times

    return hastened


def main() -> None:
    """Make time run, then become fengsui."""
    times = int(sys.argv[1])
    wall, steady = _hasten(time.time_ns, times), _hasten(time.monotonic_ns, times)
    which = _hasten(time.clock_gettime_ns, times)
    clocks: dict[str, Any] = {
        "time_ns": wall,
        "time": lambda: wall() / 1e9,
        "monotonic_ns": steady,
        "monotonic": lambda: steady() / 1e9,
        "clock_gettime_ns": which,
        "clock_gettime": lambda clock: which(clock) / 1e9,
    }
    for name, clock in clocks.items():
        setattr(time, name, clock)
    patient = selectors.DefaultSelector.select

    def select(self: Any, timeout: float | None = None) -> Any:
        return patient(self, timeout if timeout is None or timeout <= 0 else timeout / times)

    selectors.DefaultSelector.select = select  # type: ignore[method-assign]
    sys.path.insert(0, str(ROOT))
    sys.argv = ["fengsui", *sys.argv[2:]]
    runpy.run_path(str(ROOT / "fengsui.py"), run_name="__main__")


if __name__ == "__main__":
    main()
