"""`import`: a workbook through the whole way into a register, beside bare COPY of its records; and out.

The file is read by the process that reads files, checked, written with audit and typed columns under the
scope of whoever imports. The baseline copies the same payloads into a table without policies, triggers and
indexes. `statements_per_1000` counts what the worker sends, from taking the file until none waits, with
connections that know the types of the database as those of a running centre do. The export is read to its
end, once a fifth of the rows and once all: what it grows by in between is what its length costs. `rss` is the
most that the process had at all.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec
import psutil

from central.db.bootstrap import embedded_urls, prepare_embedded
from central.db.embedded import EmbeddedServer
from central.db.pool import Connection, Database, connect
from central.db.scope import scoped
from central.identity import service as identity
from central.registry import exports, imports, imports_worker
from central.registry.forms.checking import check
from central.registry.forms.register import catalogue
from central.registry.records_models import Query
from tests.bench.report import emit
from tests.central import county
from tests.central.registry.made import made
from tests.central.sheets import HEADS, certificate, sheet_of

if TYPE_CHECKING:
    from central.identity.models import Person

REGISTER = "certificates"
TABLE = "reg_certificates"
MOST_STATEMENTS = 50  # for each 1,000 rows, however few thousands they are


async def person_of(database: Database, login: str) -> Person:
    """An account with all its rights."""
    async with database.worker.acquire() as conn:
        number = await conn.fetchval("SELECT id FROM account WHERE login = $1", login)
        person = await identity.person_by_id(conn, number)
    assert person is not None
    return person


async def bare_copy(admin: Connection) -> float:
    """How long the same payloads take into a table without policies, triggers and indexes, s."""
    await admin.execute(
        "CREATE TABLE bare_copy AS "
        f"SELECT enterprise_id, place, state, ''::text AS payload FROM {TABLE} LIMIT 0"
    )
    found = await admin.fetch(f"SELECT enterprise_id, place, state, payload FROM {TABLE}")
    began = time.perf_counter()
    # COPY in binary form takes no JSON from this client: as text, made here as for the register.
    rows = [
        (r["enterprise_id"], r["place"], r["state"], msgspec.json.encode(r["payload"]).decode())
        for r in found
    ]
    await admin.copy_records_to_table("bare_copy", records=rows)
    return time.perf_counter() - began


async def count_statements(database: Database, counted: list[str]) -> None:
    """Notes every statement of both pools, which have one connection each."""
    for pool in (database.web, database.worker):
        async with pool.acquire() as conn:

            def note(query: Any) -> None:
                counted.append(query.query)

            conn.add_query_logger(note)


async def bring(
    database: Database, person: Person, content: bytes, counted: list[str] | None = None
) -> tuple[float, Any]:
    """Imports a file; seconds, and the job. In `counted` stays what the worker sent."""
    register = catalogue()[REGISTER]
    async with scoped(database.web, person.scope, person.actor) as conn:
        job = await imports.ask(conn, person, register, "bench.xlsx", content, dry_run=False, submit=True)
    counted = [] if counted is None else counted
    counted.clear()
    began = time.perf_counter()
    while await imports_worker.step(database):
        pass
    took, sent = time.perf_counter() - began, len(counted)
    async with scoped(database.web, person.scope, person.actor) as conn:
        done = await imports.one(conn, job.id)
    del counted[sent:]
    return took, done


async def take_away(database: Database, person: Person, kind: str, region: str = "") -> tuple[int, float]:
    """Exports to the end; bytes and seconds."""
    register, query = catalogue()[REGISTER], Query(region=region)
    began, size = time.perf_counter(), 0
    if kind == "csv":
        blocks = await exports.delimited(database, person, register, query)
    else:
        blocks = await exports.Desk().workbook(database, person, register, query)
    async for block in blocks:
        size += len(block)
    return size, time.perf_counter() - began


class Peak:
    """The most memory that this process has while it is entered, MB."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.first = self.most = 0.0

    def look(self) -> float:
        """What it has now."""
        return float(self._process.memory_info().rss) / (1 << 20)

    async def __aenter__(self) -> Self:
        gc.collect()
        self.first = self.most = self.look()
        self._watching = asyncio.ensure_future(self._watch())
        return self

    async def _watch(self) -> None:
        while True:
            self.most = max(self.most, self.look())
            await asyncio.sleep(0.02)

    async def __aexit__(self, *_raised: object) -> None:
        self._watching.cancel()


async def measure(database: Database, admin: Connection, rows: int, exported: int) -> None:
    """Imports, imports again, and exports."""
    await county.found(database)
    person = await person_of(database, "county")
    content = sheet_of(HEADS, *(certificate(f"A-{n}", n) for n in range(rows)))
    counted: list[str] = []
    await count_statements(database, counted)
    await bring(database, person, sheet_of(HEADS, certificate("A-0", 0)))
    took, job = await bring(database, person, content, counted)
    assert (job.created, job.unchanged, job.bad) == (rows - 1, 1, 0), job
    statements = len(counted)
    assert rows < 1_000 or statements / rows * 1000 <= MOST_STATEMENTS, counted
    emit("import", "time", took, "s", await bare_copy(admin))
    emit("import", "statements_per_1000", statements / rows * 1000, "count")
    took_again, job = await bring(database, person, content)
    assert (job.unchanged, job.bad) == (rows, 0), job
    emit("import", "unchanged_time", took_again, "s", took)
    await fill(admin, exported - rows)
    for kind in ("csv", "xlsx"):
        await take_away(database, person, kind, "429981102")
        async with Peak() as peak:
            _, took = await take_away(database, person, kind)
        emit("import", f"export_{kind}_rows_per_s", exported / took, "1/s")
        emit("import", f"export_{kind}_growth_mb", peak.most - peak.first, "MB")
        emit("import", f"export_{kind}_rss_mb", peak.most, "MB")


async def fill(admin: Connection, count: int) -> None:
    """Records by the hundred thousand, a fifth of them at another enterprise."""
    register = catalogue()[REGISTER]
    values, _ = check(register.record, made(register, 1), submitted=True)
    await admin.execute("SET session_replication_role = replica")
    await admin.execute(
        f"INSERT INTO {TABLE} (enterprise_id, place, sector, state, payload, counted, title, created_at, "
        "changed_at) "
        "SELECT e.id, e.place, e.sector, 'valid', p.payload, p.payload, 'x', now(), now() "
        "FROM generate_series(1, $1::int) AS n "
        "JOIN enterprise AS e ON e.code = CASE WHEN n % 5 = 0 THEN 'E2' ELSE 'E1' END, "
        "LATERAL (SELECT $2::jsonb || jsonb_build_object('number', 'N-' || n) AS payload) AS p",
        count, values,
    )  # fmt: skip
    await admin.execute("SET session_replication_role = origin")
    await admin.execute(f"ANALYZE {TABLE}")


async def run(rows: int, exported: int, folder: Path) -> None:
    """Fills a database of one's own and measures."""
    server = EmbeddedServer(folder)
    with server.running():
        await prepare_embedded(server, "bench")
        urls = embedded_urls(server, "bench")
        admin = await connect(urls.admin)
        try:
            async with Database.open(urls, web_size=1, worker_size=1) as database:
                await measure(database, admin, rows, exported)
        finally:
            await admin.close()


def main() -> None:
    """Measure with as many rows as asked for."""
    soak, trial = os.environ.get("FENGSUI_SOAK") == "1", os.environ.get("FENGSUI_BENCH_TRIAL") == "1"
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_001 if trial else 10_000)
    parser.add_argument("--exported", type=int, default=1_000_000 if soak else 2_000 if trial else 100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(given.rows, given.exported, Path(folder)))


if __name__ == "__main__":
    main()
