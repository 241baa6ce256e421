"""`registers`: lists of a register under row level security beside the same without it; the audit's cost.

One register with `--rows` records (10⁵, soaking 10⁷) of enterprises all over a province. People of four kinds
ask for a page, for one of a filter, for one in another order, and search by pinyin initials. The baseline
reads as a worker, whom no policy limits, with the same limits as its own WHERE; for a search it is the bare
statement over the same index. `many` writes a thousand records with and without the trigger of the audit.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from central.db.bootstrap import embedded_urls, prepare_embedded
from central.db.embedded import EmbeddedServer
from central.db.pool import Connection, Database, connect
from central.db.scope import SYSTEM, Actor, Scope, acting, enter
from central.identity.models import Person
from central.registry import records, records_list
from central.registry import records_rules as rules
from central.registry.forms.register import catalogue
from central.registry.records_models import Given, Owner, Query
from central.registry.tables import table_of
from tests.bench.report import emit, percentile
from tests.central.registry.made import made

REGISTER = catalogue()["certificates"]
TABLE = table_of(REGISTER)
COUNTIES, TOWNSHIPS = 20, 10
DATABASE = "bench"
SURNAMES, NAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"

REGIONS = f"""
INSERT INTO region (code, name, parent_code) VALUES ('42', '某省', NULL);
INSERT INTO region (code, name, parent_code)
SELECT (420001 + c)::text, '县' || c, '42' FROM generate_series(0, {COUNTIES - 1}) AS c;
INSERT INTO region (code, name, parent_code)
SELECT (420001 + c) || (101 + t)::text, '镇' || c || '-' || t, (420001 + c)::text
FROM generate_series(0, {COUNTIES - 1}) AS c, generate_series(0, {TOWNSHIPS - 1}) AS t;
"""
ENTERPRISES = """
INSERT INTO enterprise (code, name, credit_code, region_code, place)
SELECT 'E' || n, '企业' || n, lpad(n::text, 18, '0'), r.code, r.code || '/E' || n
FROM generate_series(1, $1::int) AS n
JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS i, count(*) OVER () AS all_ FROM region
      WHERE length(code) = 9) AS r
    ON r.i = n % r.all_;
"""
# Names of three characters; initials as the product writes them.
ROWS = f"""
INSERT INTO {TABLE} (enterprise_id, place, sector, state, payload, counted, title, initials, created_at,
                     changed_at)
SELECT e.id, e.place, 'other', 'valid', x.payload, x.payload, x.name, x.letters, now(), now()
FROM (SELECT n, 1 + n % $3::int AS enterprise, s.name, s.letters,
             jsonb_build_object('holder', s.name, 'number', 'N' || n,
                 'kind', jsonb_build_object('choice', k.codes[1 + n % 3]),
                 'valid', jsonb_build_object('from', '2024-01-01', 'to',
                                             to_char(date '2026-01-01' + n % 1500, 'YYYY-MM-DD'))) AS payload
      FROM generate_series($1::int, $2::int) AS n
      CROSS JOIN (VALUES (ARRAY['principal', 'safety-manager', 'special-operation'])) AS k (codes)
      JOIN people AS s ON s.i = (n * 7919::bigint) % (SELECT count(*) FROM people)) AS x
JOIN enterprise AS e ON e.id = x.enterprise;
"""


def somebody(scope: Scope) -> Person:
    """A supervisor of an area."""
    return Person(
        account_id=1, account="bench", display_name="bench", role="county", role_name="", kind="supervisor",
        agency_id=None, agency_name=None, agency_rank=None, enterprise_id=None, enterprise_name=None,
        place_name="", scope=scope, may=frozenset({"register"}),
    )  # fmt: skip


async def fill(admin: Connection, rows: int) -> int:
    """Regions, enterprises, people and records, past every trigger; how many enterprises."""
    enterprises = max(200, rows // 100)
    await admin.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    await admin.execute(REGIONS)
    await admin.execute(ENTERPRISES.replace("$1", str(enterprises)))
    await admin.execute("CREATE TEMP TABLE people (i int, name text, letters text)")
    people = [s + a + b for s in SURNAMES for a in NAMES for b in NAMES]
    await admin.copy_records_to_table(
        "people", records=[(i, name, rules.initials(name)) for i, name in enumerate(people)]
    )
    for first in range(1, rows + 1, 200_000):
        last = min(first + 199_999, rows)
        await admin.fetch(ROWS, first, last, enterprises)
    await admin.execute("SET session_replication_role = DEFAULT")
    await admin.execute(f"VACUUM ANALYZE {TABLE}")
    await admin.execute("VACUUM ANALYZE enterprise")
    return enterprises


def searched(name: str, low: str) -> tuple[str, tuple[Any, ...]]:
    """A search as it would be without row level security: one statement, the limits written out."""
    statement = (
        f"SELECT id, title, payload FROM {TABLE} WHERE grams @> pairs($1) AND removed_at IS NULL "
        "AND (strpos(lower(title), $1) > 0 OR strpos(initials, $1) > 0) AND place >= $2 AND place < $3 "
        "ORDER BY id DESC LIMIT 51"
    )
    return statement, (name, low, low + ":")


async def within(web: Connection, person: Person, query: Query) -> float:
    """How long a list takes as the product asks for it, ms."""
    began = time.perf_counter()
    await records_list.raw(web, person, REGISTER, query)
    return (time.perf_counter() - began) * 1000


async def without(worker: Connection, person: Person, query: Query, region: str) -> float:
    """How long the same takes where no policy limits and the limits are written out, ms."""
    limited = Query(region=region, sort=query.sort, filters=query.filters)
    statement, values = searched(query.q, region)
    began = time.perf_counter()
    if query.q:
        await worker.fetch(statement, *values)
    else:
        await records_list.raw(worker, person, REGISTER, limited)
    return (time.perf_counter() - began) * 1000


async def lists(database: Database, times: int) -> None:
    """Asks both ways in turn, and prints 95th percentiles by list, and of all together."""
    dice = random.Random(37)
    took: dict[str, tuple[list[float], list[float]]] = {}
    async with database.web.acquire() as web, database.worker.acquire() as worker:
        for turn in range(times):
            county = str(420001 + dice.randrange(COUNTIES))
            town = f"{county}{101 + dice.randrange(TOWNSHIPS)}"
            for region in ("42", county, town):
                person = somebody(Scope.region(region))
                full = "".join(dice.choice(part) for part in (SURNAMES, NAMES, NAMES))
                letters = rules.initials(full)
                for name, query in (
                    ("page", Query()),
                    ("filter", Query(filters={"holder": full[0], "kind": "principal"})),
                    ("sort", Query(sort="valid", filters={"valid.from": "2027-01-01"})),
                    ("search", Query(q=letters)),
                ):
                    under, beside = took.setdefault(name, ([], []))
                    async with web.transaction():
                        await enter(web, person.scope, Actor(1, "county"))
                        # The first of two finds cold pages: they take turns.
                        if turn % 2:
                            beside.append(await without(worker, person, query, region))
                        under.append(await within(web, person, query))
                        if not turn % 2:
                            beside.append(await without(worker, person, query, region))
    for name, (under, beside) in took.items():
        emit("registers", f"{name}_p95", percentile(under, 0.95), "ms", percentile(beside, 0.95))
    for middle, share in (("p50", 0.5), ("p95", 0.95)):
        whole = [percentile([t for pair in took.values() for t in pair[side]], share) for side in (0, 1)]
        emit("registers", f"list_{middle}", whole[0], "ms", whole[1])


async def many(database: Database, admin: Connection, rows: int) -> None:
    """A thousand new records at a time, with the audit and without it."""
    took: dict[bool, list[float]] = {True: [], False: []}
    person = somebody(Scope.region("42"))
    number = 1
    for audited in (True, False) * max(1, rows // 2000):
        await admin.execute(f"ALTER TABLE {TABLE} {'ENABLE' if audited else 'DISABLE'} TRIGGER audit_row")
        given = []
        for _ in range(1000):
            values = {**made(REGISTER, number), "number": f"M{number}"}
            values.pop("pictures", None)
            given.append(Given(owner=Owner(enterprise_id=1 + number % 50), values=values))
            number += 1
        began = time.perf_counter()
        async with acting(database.worker, SYSTEM) as conn:
            outcomes = await records.create_many(conn, person, REGISTER, given, "bench")
        took[audited].append(time.perf_counter() - began)
        assert {outcome.outcome for outcome in outcomes} == {"created"}
    rates = {audited: 1000 / percentile(times, 0.5) for audited, times in took.items()}
    emit("registers", "many_rows_per_s", rates[True], "rows/s", rates[False])


async def run(rows: int, times: int, folder: Path) -> None:
    """Fills a database of one's own and measures."""
    server = EmbeddedServer(folder)
    with server.running():
        await prepare_embedded(server, DATABASE)
        urls = embedded_urls(server, DATABASE)
        admin = await connect(urls.admin)
        await fill(admin, rows)
        async with Database.open(urls, web_size=1, worker_size=1) as database:
            await lists(database, times)
            await many(database, admin, 4000 if rows >= 100_000 else 2000)
        await admin.close()


def main() -> None:
    """Measure on as many rows as asked for."""
    soak, trial = os.environ.get("FENGSUI_SOAK") == "1", os.environ.get("FENGSUI_BENCH_TRIAL") == "1"
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000 if soak else 5_000 if trial else 100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(rows, 5 if trial else 50, Path(folder)))


if __name__ == "__main__":
    main()
