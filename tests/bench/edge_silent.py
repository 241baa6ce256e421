"""`edge-silent`: what one instrument of twenty that stops answering takes from the nineteen others.

The gateway of edge-poll reads 20 units of 50 registers each second on one connection. After a while one of
them is silent; the rate at which the others are asked from that moment on stands beside their rate before it,
and the longest time that one of them then went without being asked.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from rig.programs import Program
from rig.slave import Slave
from tests.bench.edge_poll import UNITS, gateway_toml, polling
from tests.bench.report import emit, seconds

SILENT = 7


def main() -> None:
    """Measure and print."""
    run_s = seconds(60.0)
    slave = Slave(*range(1, UNITS + 1))
    others = [unit for number, unit in slave.units.items() if number != SILENT]

    def watch(limit_s: float) -> tuple[float, float]:
        """Return how often an other unit is asked a second, and the longest pause of one in ms."""
        begun = last = time.monotonic()
        before = [unit.requests for unit in others]
        seen = list(before)
        asked = [begun] * len(others)
        longest = 0.0
        while last < begun + limit_s:
            time.sleep(0.005)
            last = time.monotonic()
            for i, unit in enumerate(others):
                if unit.requests != seen[i]:
                    seen[i] = unit.requests
                    asked[i] = last
                longest = max(longest, last - asked[i])
        rate = sum(b - a for a, b in zip(before, seen, strict=True)) / len(others) / (last - begun)
        return rate, longest * 1000

    with slave.tcp_thread() as port, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "gateway.toml"
        config.write_text(gateway_toml(port), encoding="utf-8")
        gateway = Program(["edge", "run", "--config", str(config)], Path(folder) / "gateway.log")
        gateway.start()
        try:
            polling(gateway, lambda: all(unit.requests > 3 for unit in slave.units.values()))
            time.sleep(2.0)
            rate, _ = watch(run_s / 2)
            slave[SILENT].silent = True
            silent_rate, longest_ms = watch(run_s)
        finally:
            gateway.stop()
    emit("edge-silent", "others_rate", silent_rate, "1/s", rate)
    emit("edge-silent", "longest_gap_ms", longest_ms, "ms")


if __name__ == "__main__":
    main()
