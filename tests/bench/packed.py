"""`packed`: what a day of believable values costs on disk once it is packed, indexes included.

Points of three kinds (a value a second, every ten seconds, a minute; steps of a tenth, some milliseconds of
jitter) go into a day's partition; the product's own worker packs it. The baseline: the same rows as stored.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from central.db.bootstrap import embedded_urls, prepare_embedded
from central.db.embedded import EmbeddedServer
from central.db.pool import Database, connect
from central.telemetry import packer
from tests.bench.report import emit

if TYPE_CHECKING:
    from central.db.pool import Connection

DATABASE = "bench"
DAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=10)
# A walk of converter steps around a level, with milliseconds of jitter; five polls of fifty points a batch.
FILL = """
INSERT INTO measurement (at, value, batch_id, gateway, point_id, quality, record)
SELECT $1::timestamptz + n * $4::interval + ((random() * 6)::int::text || ' ms')::interval,
       CASE WHEN n % 5000 = 17 THEN NULL
            ELSE (500 + p * 7 + round(40 * sin(n / 900.0 + p) + (random() - 0.5) * 4)) * 0.1::float8 END,
       1 + n / 5, 1, p, CASE WHEN n % 5000 = 17 THEN 24 ELSE 192 END, n % 5
FROM generate_series(0, $5::int - 1) AS n, generate_series($2::int, $3::int) AS p
"""


async def _later(_conn: Connection) -> datetime:
    return DAY + timedelta(days=9)


async def run(points: int, values: int, folder: Path) -> None:
    """Fills one old day and packs it."""
    server = EmbeddedServer(folder)
    with server.running():
        await prepare_embedded(server, DATABASE, builders=())
        urls = embedded_urls(server, DATABASE)
        admin = await connect(urls.admin)
        await admin.execute("SELECT ensure_measurement_day($1)", DAY.date())
        third = max(1, points // 3)
        for first, step, share in ((1, 1, 1), (third + 1, 10, 10), (2 * third + 1, 60, 60)):
            await admin.execute(
                FILL, DAY, first, first + third - 1, timedelta(seconds=step), max(1, values // share)
            )
        rows = await admin.fetchval("SELECT count(*) FROM measurement")
        table = f"measurement_{DAY:%Y%m%d}"
        await admin.execute(f"VACUUM ANALYZE {table}")
        before = await admin.fetchval("SELECT pg_total_relation_size($1::text::regclass)", table)
        async with Database.open(urls, web_size=1, worker_size=1) as database:
            began = time.perf_counter()
            packed = await packer.once(database, _later)
            took = time.perf_counter() - began
        if packed != [DAY.date()]:
            raise RuntimeError("the day was not packed")
        after = await admin.fetchval("SELECT pg_total_relation_size('measurement_packed')")
        await admin.close()
    emit("packed", "bytes_per_point", after / rows, "B", before / rows)
    emit("packed", "rows_per_s", rows / took, "1/s")


def main() -> None:
    """Measure with as many points and values as asked for."""
    trial = os.environ.get("FENGSUI_BENCH_TRIAL") == "1"
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=6 if trial else 30)
    parser.add_argument("--values", type=int, default=3_000 if trial else 80_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(asked.points, asked.values, Path(folder)))


if __name__ == "__main__":
    main()
