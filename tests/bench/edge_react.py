"""`edge-react`: from a register's change to the horn's closed coil, beyond the poll period that it may wait.

A gas detector is asked every 200 ms beside 1,000 points of twenty other instruments on the same connection;
it changes at a random moment, and the clock stops when the relay board has executed the write that closes the
horn's coil. Once nobody answers the uplink, once a backlog drains from the spool to a stand-in for the centre
that commits as fast as the real one. `p99_over_period_ms` is the worse of the two.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from edge.clock import Clock
from edge.installer import bench_phases as phases
from edge.installer.bench_field import REACT_PERIOD_MS
from tests.bench.report import emit, percentile, seconds

BACKLOG_BATCHES_A_ROUND = 70  # thirty of them drain a second, and a round takes up to two


async def measure(folder: Path) -> None:
    """Sound the horn some sixty times in each state and print how late it was."""
    full_s = 60.0
    run_s = seconds(full_s)
    clock, rounds = Clock(True), 60 if run_s == full_s else 3
    quiet, busy = folder / "down", folder / "draining"
    for part in (quiet, busy):
        part.mkdir()
    down = await phases.watch(quiet, clock, phases.MANY_POINTS, 0.1, rounds=rounds)
    if down.lost or down.twice:
        raise SystemExit(f"not whole: {down.lost} rows lost, {down.twice} stored twice")
    backlog = await phases.backlog(busy, clock, phases.MANY_POINTS, rounds * BACKLOG_BATCHES_A_ROUND)
    draining = await phases.drain(busy, clock, backlog, run_s, rounds, points=phases.MANY_POINTS)
    over = {
        "uplink_down": percentile(down.late_ms, 0.99) - REACT_PERIOD_MS,
        "draining": percentile(draining.late_ms, 0.99) - REACT_PERIOD_MS,
    }
    emit("edge-react", "p50_ms", percentile([*down.late_ms, *draining.late_ms], 0.5), "ms")
    emit("edge-react", "p99_over_period_ms", max(over.values()), "ms")
    for state, late_ms in over.items():
        emit("edge-react", f"p99_over_period_{state}_ms", late_ms, "ms")


def main() -> None:
    """Measure in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    main()
