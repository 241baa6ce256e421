"""`scope`: lists under row level security beside the same lists with the same limits written out by hand.

One table with the columns and indexes of the list of warnings, `--rows` of them (10⁶, soaking 10⁷);
people of seven kinds ask for its newest page, the newest of one state, and the count of what is open. The
baseline reads as a worker, whom no policy limits, with the limits of the same person as its own WHERE.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
from pathlib import Path

from central.db.bootstrap import embedded_urls, prepare_embedded
from central.db.embedded import EmbeddedServer
from central.db.pool import Connection, Database, connect
from central.db.scope import Actor, Scope, enter
from tests.bench.report import emit, percentile

COUNTIES, TOWNSHIPS, ENTERPRISES = 100, 20, 25
ASKED = 100  # times a kind of person and list
DATABASE = "bench"

TABLE = """
CREATE TABLE bench_case (
    id bigint NOT NULL, place text COLLATE "C" NOT NULL, sector text COLLATE "C" NOT NULL,
    state text NOT NULL, level smallint NOT NULL, raised_at timestamptz NOT NULL, title text NOT NULL
);
"""
ROWS = f"""
INSERT INTO bench_case
SELECT n, (420001 + c) || lpad((101 + t)::text, 3, '0') || '/E' || e,
       (ARRAY['chemical', 'mine', 'trade', 'trade', 'trade', 'gas', 'construction', 'other'])
           [1 + (c * 7 + t * 3 + e) % 8],
       CASE WHEN random() < 0.02 THEN 'open' WHEN random() < 0.05 THEN 'handled' ELSE 'closed' END,
       1 + n % 4, timestamptz '2026-01-01' + n * interval '1 second', '氯库泄漏探测器超限'
FROM (SELECT n, (random() * {COUNTIES - 1})::int AS c, (random() * {TOWNSHIPS - 1})::int AS t,
             (random() * {ENTERPRISES - 1})::int AS e FROM generate_series($1::int, $2::int) AS n) AS x;
"""
INDEXES = """
CREATE INDEX bench_case_place ON bench_case (place, state, raised_at DESC);
CREATE INDEX bench_case_newest ON bench_case (raised_at DESC, id DESC);
CREATE INDEX bench_case_state ON bench_case (state, raised_at DESC, place, sector);
SELECT scope_table('bench_case');
"""
# A list of several ranges is a filter: the planner cannot know how little it lets through.
_SEVERAL = {"three_towns", "park"}
_ONE_RANGE = {"province", "county", "county_of_a_sector", "province_of_a_sector", "enterprise"}
LISTS = {
    "newest": "SELECT id, title FROM bench_case WHERE true{} ORDER BY raised_at DESC, id DESC LIMIT 50",
    "open": "SELECT id, title FROM bench_case WHERE state = 'open'{} ORDER BY raised_at DESC LIMIT 50",
    "count": "SELECT count(*) FROM bench_case WHERE state = 'open'{}",
}


def people(dice: random.Random) -> dict[str, Scope]:
    """Somebody of each kind, somewhere else each time."""

    def town() -> str:
        return f"{420001 + dice.randrange(COUNTIES)}{101 + dice.randrange(TOWNSHIPS)}"

    county = str(420001 + dice.randrange(COUNTIES))
    park = [Scope.enterprise(f"{town()}/E{dice.randrange(ENTERPRISES)}") for _ in range(20)]
    return {
        "province": Scope.region("42"),
        "county": Scope.region(county),
        "county_of_a_sector": Scope.region(county).of_sectors({"mine", "chemical"}),
        "province_of_a_sector": Scope.region("42").of_sectors({"mine"}),
        "three_towns": Scope.union(Scope.region(town()) for _ in range(3)),
        "park": Scope.union(park),
        "enterprise": park[0],
    }


def written_out(scope: Scope) -> str:
    """The same limits as a condition."""
    ranges = " OR ".join(f"place >= '{low}' AND place < '{high}'" for low, high in scope.ranges)
    listed = "" if scope.sectors is None else ",".join(f"'{code}'" for code in sorted(scope.sectors))
    return f" AND ({ranges})" + (f" AND sector IN ({listed})" if listed else "")


async def asked(conn: Connection, statement: str) -> float:
    """How long a list takes, ms."""
    began = time.perf_counter()
    await conn.fetch(statement)
    return (time.perf_counter() - began) * 1000


async def measure(database: Database, times: int) -> None:
    """Asks both ways in turn and prints 95th percentiles, by list and kind of person, and of all together."""
    dice = random.Random(42)
    took: dict[tuple[str, str], tuple[list[float], list[float]]] = {}
    entering: list[float] = []
    async with database.web.acquire() as web, database.worker.acquire() as worker:
        for turn in range(times):
            for who, scope in people(dice).items():
                for name, statement in LISTS.items():
                    under, beside = took.setdefault((name, who), ([], []))
                    async with web.transaction():
                        began = time.perf_counter()
                        await enter(web, scope, Actor(1, "county"))
                        entering.append((time.perf_counter() - began) * 1000)
                        # The first of two finds cold pages: they take turns.
                        if turn % 2:
                            beside.append(await asked(worker, statement.format(written_out(scope))))
                        under.append(await asked(web, statement.format("")))
                        if not turn % 2:
                            beside.append(await asked(worker, statement.format(written_out(scope))))
    for (name, who), (under, beside) in took.items():
        emit("scope", f"{name}_{who}_p95", percentile(under, 0.95), "ms", percentile(beside, 0.95))
    for metric, chosen in (("list", _ONE_RANGE), ("list_several_ranges", _SEVERAL)):
        for middle, share in (("p50", 0.5), ("p95", 0.95)):
            pairs = [pair for (_, who), pair in took.items() if who in chosen]
            whole = [percentile([t for pair in pairs for t in pair[side]], share) for side in (0, 1)]
            emit("scope", f"{metric}_{middle}", whole[0], "ms", whole[1])
    emit("scope", "enter_p50", percentile(entering, 0.5), "ms")


async def run(rows: int, times: int, folder: Path) -> None:
    """Fills a database of one's own and measures."""
    server = EmbeddedServer(folder)
    with server.running():
        await prepare_embedded(server, DATABASE)
        urls = embedded_urls(server, DATABASE)
        admin = await connect(urls.admin)
        await admin.execute(TABLE)
        await admin.execute("ALTER TABLE bench_case OWNER TO fengsui_owner")
        for first in range(1, rows + 1, 250_000):
            await admin.execute("SET synchronous_commit = off")
            await admin.fetch(ROWS, first, min(first + 249_999, rows))
        await admin.execute(INDEXES)
        await admin.execute("VACUUM ANALYZE bench_case")
        await admin.close()
        async with Database.open(urls, web_size=1, worker_size=1) as database:
            await measure(database, times)


def main() -> None:
    """Measure on as many rows as asked for."""
    soak, trial = os.environ.get("FENGSUI_SOAK") == "1", os.environ.get("FENGSUI_BENCH_TRIAL") == "1"
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000 if soak else 20_000 if trial else 1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(rows, ASKED // 10 if trial else ASKED, Path(folder)))


if __name__ == "__main__":
    main()
