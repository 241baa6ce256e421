"""`trend`: how much longer a trend takes when the history is a hundred times as long.

One value a second of forty points, first as many rows as asked for, then a hundred times as many days beside
them (from 10⁶ to 10⁸ rows in full). Minutes, hours and days are reckoned by the product's own worker. Each
round asks for ten minutes, a day, a month and all of it; p95_growth is one 95th percentile by the other.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from central.db.bootstrap import embedded_urls, prepare_embedded
from central.db.embedded import EmbeddedServer
from central.db.pool import Database, connect
from central.db.scope import Actor, Scope, enter
from central.telemetry import history, rollups, spans
from tests.bench.report import emit, percentile

if TYPE_CHECKING:
    from central.db.pool import Connection

DATABASE = "bench"
POINTS = 40
END = spans.down(datetime.now(UTC) - timedelta(days=2), timedelta(days=1))
REGISTER = """
INSERT INTO region (code, name) VALUES ('42', '某省');
INSERT INTO enterprise (id, code, name, credit_code, region_code, place, sector)
OVERRIDING SYSTEM VALUE VALUES (1, 'E1', '某厂', lpad('9', 18, '0'), '42', '42/E1', 'chemical');
INSERT INTO gateway (id, enterprise_id, name, public_key, place, created_at)
VALUES ('gw-1', 1, 'gw', sha256('x'), '42/E1', now());
"""
POINT = """
INSERT INTO point (id, gateway_id, enterprise_id, key, name, quantity, unit, place, source, period_ms,
                   current, created_at)
OVERRIDING SYSTEM VALUE
SELECT p, 'gw-1', 1, 'P' || p, 'P' || p, 'gas', 'ppm', '42/E1', 's', 1000, true, now()
FROM generate_series(1, $1::int) AS p
"""
FILL = """
INSERT INTO measurement (at, value, batch_id, gateway, point_id, quality, record)
SELECT $1::timestamptz + n * interval '1 second', sin(n / 3600.0) * 10 + p, 1 + n / 5, 1, p, 192, n % 5
FROM generate_series(0, $2::int - 1) AS n, generate_series(1, $3::int) AS p
"""


DUE = """
INSERT INTO rollup_due (level, gateway, from_at, to_at)
SELECT 0, 1, s, s + interval '10 minutes'
FROM generate_series($1::timestamptz, $2::timestamptz - interval '1 second', interval '10 minutes') AS s
"""


async def _later(_conn: Connection) -> datetime:
    return END + timedelta(days=2)


async def fill(admin: Connection, database: Database, begin: datetime, seconds: int) -> int:
    """A stretch of history, reckoned by the product's own worker; returns its rows."""
    day = begin
    while day.date() <= (begin + timedelta(seconds=seconds)).date():
        await admin.execute("SELECT ensure_measurement_day($1)", day.date())
        day += timedelta(days=1)
    at, end = begin, begin + timedelta(seconds=seconds)
    while at < end:
        await admin.execute(FILL, at, min(3600, int((end - at).total_seconds())), POINTS)
        at += timedelta(hours=1)
    await admin.execute(DUE, begin, end)
    await admin.execute("VACUUM ANALYZE measurement")
    while await rollups.once(database, _later):
        pass
    await admin.execute("VACUUM ANALYZE rollup_minute")
    return seconds * POINTS


async def ask(database: Database, begin: datetime, times: int) -> float:
    """95th percentile of trends of every length that end at the same moment, in milliseconds."""
    dice = random.Random(5)
    took = []
    async with database.web.acquire() as conn:
        for _ in range(times):
            for span in (timedelta(minutes=10), timedelta(days=1), timedelta(days=30), END - begin):
                async with conn.transaction():
                    await enter(conn, Scope.region("42"), Actor(1, "county"))
                    began = time.perf_counter()
                    await history.trend(conn, dice.randrange(POINTS) + 1, END - span, END, 300)
                    took.append((time.perf_counter() - began) * 1000)
    return percentile(took, 0.95)


async def run(short_s: int, long_s: int, times: int, folder: Path) -> None:
    """Measures with a short history, then with a long one in the same database."""
    server = EmbeddedServer(folder)
    with server.running():
        await prepare_embedded(server, DATABASE, builders=())
        urls = embedded_urls(server, DATABASE)
        admin = await connect(urls.admin)
        await admin.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        await admin.execute(REGISTER)
        await admin.execute(POINT, POINTS)
        async with Database.open(urls, web_size=1, worker_size=2) as database:
            few = await fill(admin, database, END - timedelta(seconds=short_s), short_s)
            short = await ask(database, END - timedelta(seconds=short_s), times)
            older = long_s - short_s
            many = few + await fill(admin, database, END - timedelta(seconds=long_s), older)
            long = await ask(database, END - timedelta(seconds=long_s), times)
        await admin.close()
    emit("trend", "rows", many, "rows", few)
    emit("trend", "p95_ms", long, "ms", short)
    emit("trend", "p95_growth", long / short, "")


def main() -> None:
    """Measure with as many seconds of history as asked for."""
    trial = os.environ.get("FENGSUI_BENCH_TRIAL") == "1"
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", type=int, default=1_200 if trial else 25_200)
    parser.add_argument("--long", type=int, default=7_200 if trial else 2_520_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(asked.short, asked.long, 2 if trial else 20, Path(folder)))


if __name__ == "__main__":
    main()
