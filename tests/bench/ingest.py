"""`ingest`: committed values a second through the real path, beside a bare binary COPY of the same rows.

Fifty synthetic gateways in two processes send batches of 1,000 values through a real router; a value counts
when its signed receipt came back, which follows the commit. The baseline copies rows of the same shape into a
plain table of the same PostgreSQL in the same run, 50,000 a transaction, by one connection and nobody else.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import asyncpg
import psutil

from rig.centre import Centre
from rig.programs import ROOT
from tests.bench.report import emit, seconds

GATEWAYS, PROCESSES, BLOCKS, POINTS = 50, 2, 20, 50
COPY_ROWS, COPY_TIMES = 50_000, 10


async def bare_copy(url: str) -> float:
    """Rows a second of a plain binary COPY into a heap without index."""
    conn = await asyncpg.connect(url)
    try:
        await conn.execute("CREATE TABLE bare_copy (LIKE measurement)")
        now = dt.datetime.now(dt.UTC)
        rows = [(now, random.uniform(90, 110), 1, n % 50, n % 5000, 192, n % 20) for n in range(COPY_ROWS)]
        start = time.perf_counter()
        for _ in range(COPY_TIMES):
            async with conn.transaction():
                await conn.copy_records_to_table("bare_copy", records=rows)
        took = time.perf_counter() - start
        await conn.execute("DROP TABLE bare_copy")
    finally:
        await conn.close()
    return COPY_ROWS * COPY_TIMES / took


def flood(files: list[Path], run_s: float) -> tuple[float, float]:
    """Send from all gateways; returns (values a second, values)."""
    share = -(-len(files) // PROCESSES)
    senders = [
        subprocess.Popen(
            [
                sys.executable, "-m", "rig.flood", "--seconds", str(run_s), "--blocks", str(BLOCKS),
                "--points", str(POINTS), *(str(file) for file in files[n * share : (n + 1) * share]),
            ],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for n in range(PROCESSES)
    ]  # fmt: skip
    figures = [sender.communicate()[0].split() for sender in senders]
    if any(sender.returncode for sender in senders):
        raise SystemExit("a sender failed")
    return sum(float(v) / float(t) for v, t in figures), sum(float(v) for v, _ in figures)


def main() -> None:
    """Measure both and print them."""
    run_s = seconds(30.0)
    with tempfile.TemporaryDirectory() as folder, Centre(Path(folder)) as centre:
        centre.furnish()
        files = centre.enrol([f"gw-flood-{n:02d}" for n in range(GATEWAYS)], Path(folder) / "keys")
        serving = psutil.Process(centre.serve.pid)
        flood(files[:10], seconds(5.0))  # warm: partitions, plans, caches
        before = serving.cpu_times()
        rate, values = flood(files, run_s)
        after = serving.cpu_times()
        bare = asyncio.run(bare_copy(centre.postgres.url("admin")))
        gaps = centre.gaps()
        if gaps["missing"] or gaps["duplicate"]:
            raise SystemExit(f"not whole: {gaps}")
    emit("ingest", "rows_per_s", rate, "1/s", bare)
    cpu = after.user + after.system - before.user - before.system
    emit("ingest", "cpu_s_per_million", cpu / values * 1e6, "s")


if __name__ == "__main__":
    main()
