"""`registers`: lists of a register under row level security beside the same without it; the audit's cost.

`FENGSUI_BENCH_RECORDS` records (10⁵; 10⁷ are 2,000,000 people of 100,000 enterprises, registers_seed.py).
Somebody of a city, of a county, an inspector of three townships in three counties and an enterprise ask for
people: a page, one of a filter, one in another order, a search by pinyin initials, one by part of a name with
a filter. The baseline is the same statement with the same columns in its answer, read as a worker, whom no
policy limits, with the same limits written out. `many` writes a thousand records with and without the trigger
of the audit. `FENGSUI_BENCH_PLANS=1` prints the plans of searches to stderr instead of measuring.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from msgspec import Struct

from central.db.bootstrap import embedded_urls, prepare_embedded
from central.db.embedded import EmbeddedServer
from central.db.pool import Connection, Database, connect
from central.db.scope import SYSTEM, Actor, Scope, acting, enter
from central.identity.models import Person
from central.registry import records, records_list
from central.registry import records_former as former
from central.registry import records_rules as rules
from central.registry.forms.register import catalogue
from central.registry.records_models import Given, Owner, Query
from central.registry.records_store import OWNER_NAME
from central.registry.tables import table_of
from tests.bench import registers_seed as county
from tests.bench.report import emit, percentile
from tests.central.registry.made import made

MEMBERS, CERTIFICATES = catalogue()["staff-members"], catalogue()["certificates"]
DATABASE = "bench"
WHO = ("city", "county", "inspector", "enterprise")
LISTS = ("page", "filter", "sort", "search", "search_filtered")
_WHAT = (
    f"r.id, r.enterprise_id, r.agency_id, {OWNER_NAME} AS owner_name, r.place, r.sector, r.state, r.title, "
    "r.version, r.valid_from, r.changed_at, jsonb_strip_nulls(jsonb_build_object("
    + ", ".join(f"'{name}', r.payload -> '{name}'" for name in MEMBERS.columns)
    + ")) AS values, r.id AS sorted"
)


class Asked(Struct, frozen=True):
    """A list as the product is asked for it, and its condition and order as they are without the product."""

    query: Query
    condition: str
    values: tuple[Any, ...]
    order: str = "r.id DESC"


def asked(dice: random.Random) -> dict[str, Asked]:
    """One list of each kind, of somebody else each time."""
    full = "".join(dice.choice(part) for part in (county.SURNAMES, county.NAMES, county.NAMES))
    letters = rules.initials(full)
    held = "r.grams @> pairs({0}) AND (strpos(lower(r.title), {0}) > 0 OR strpos(r.initials, {0}) > 0)"
    return {
        "page": Asked(Query(), "true", ()),
        "filter": Asked(
            Query(filters={"name": full[0], "kind": "principal"}),
            "r.f_name >= {0} AND r.f_name < {1} AND r.f_kind = ANY({2}::text[])",
            (full[0], full[0] + "\U0010ffff", ["principal"]),
        ),
        "sort": Asked(
            Query(sort="name", filters={"name": full[:2]}),
            "r.f_name >= {0} AND r.f_name < {1} AND r.f_name IS NOT NULL",
            (full[:2], full[:2] + "\U0010ffff"),
            "r.f_name, r.id",
        ),
        "search": Asked(Query(q=letters), held, (letters,)),
        "search_filtered": Asked(
            Query(q=full[1:], filters={"kind": "special-operation"}),
            held + " AND r.f_kind = ANY({1}::text[])",
            (full[1:], ["special-operation"]),
        ),
    }  # fmt: skip


def scopes(dice: random.Random, records: int) -> dict[str, Scope]:
    """Of somebody of each kind."""
    towns = dice.sample(range(county.COUNTIES * county.CITIES), 3)
    lap = county.COUNTIES * county.CITIES
    return {
        "city": Scope.region(county.city(dice.randrange(county.CITIES))),
        "county": Scope.region(county.county(dice.randrange(lap))),
        "inspector": Scope.union(
            Scope.region(county.township(n + lap * dice.randrange(county.TOWNSHIPS))) for n in towns
        ),
        "enterprise": Scope.enterprise(
            county.place(1 + dice.randrange(county.enterprises_of(records)))
        ),
    }  # fmt: skip


def somebody(scope: Scope) -> Person:
    """A supervisor of an area."""
    return Person(
        account_id=1, account="bench", display_name="bench", role="county", role_name="", kind="supervisor",
        agency_id=None, agency_name=None, agency_rank=None, enterprise_id=None, enterprise_name=None,
        place_name="", scope=scope, may=frozenset({"register"}),
    )  # fmt: skip


async def within(web: Connection, scope: Scope, query: Query) -> tuple[float, list[int]]:
    """How long a list takes as the product asks for it, ms; its records."""
    began = time.perf_counter()
    rows, _ = await records_list.raw(web, MEMBERS, query, scope=scope)
    return (time.perf_counter() - began) * 1000, [row["id"] for row in rows]


async def without(worker: Connection, scope: Scope, one: Asked) -> tuple[float, list[int]]:
    """The same where no policy limits and the limits are written out."""
    statement, values = written_out(scope, one)
    began = time.perf_counter()
    rows = [dict(row) for row in await worker.fetch(statement, *values)]
    for row in rows:
        row["values"] = former.current(MEMBERS.record, row["values"])
    return (time.perf_counter() - began) * 1000, [row["id"] for row in rows[: one.query.limit]]


def written_out(scope: Scope, one: Asked) -> tuple[str, list[Any]]:
    """A list with all its limits in one statement."""
    values: list[Any] = list(one.values)
    condition = one.condition.format(*(f"${n + 1}" for n in range(len(values))))
    ranges = []
    for low, high in scope.ranges:
        ranges.append(f"r.place >= ${len(values) + 1} AND r.place < ${len(values) + 2}")
        values += [low, high]
    statement = (
        f"SELECT {_WHAT} FROM (SELECT r.* FROM {table_of(MEMBERS)} AS r WHERE r.removed_at IS NULL "
        f"AND ({' OR '.join(ranges)}) AND {condition} ORDER BY {one.order} LIMIT 51) AS r"
    )
    return statement, values


async def lists(database: Database, records_: int, times: int) -> None:
    """Asks both ways in turn; prints 95th percentiles by list and person, and of all together."""
    dice = random.Random(37)
    took: dict[tuple[str, str], tuple[list[float], list[float]]] = {}
    async with database.web.acquire() as web, database.worker.acquire() as worker:
        for turn in range(times):
            for who, scope in scopes(dice, records_).items():
                for name, one in asked(dice).items():
                    under, beside = took.setdefault((name, who), ([], []))
                    async with web.transaction():
                        await enter(web, scope, Actor(1, "county"))
                        # The first of two finds cold pages: they take turns.
                        first = [await without(worker, scope, one)] if turn % 2 else []
                        own, seen = await within(web, scope, one.query)
                        ((bare, expected),) = first or [await without(worker, scope, one)]
                    assert seen == expected, (name, who, one.query)
                    under.append(own)
                    beside.append(bare)
    for (name, who), (under, beside) in took.items():
        emit("registers", f"{name}_{who}_p95", percentile(under, 0.95), "ms", percentile(beside, 0.95))
    for label, chosen in (("list", LISTS[:3]), ("search", LISTS[3:])):
        for middle, share in (("p50", 0.5), ("p95", 0.95)):
            pairs = [pair for (name, _), pair in took.items() if name in chosen]
            whole = [percentile([t for pair in pairs for t in pair[side]], share) for side in (0, 1)]
            emit("registers", f"{label}_{middle}", whole[0], "ms", whole[1])


async def plans(database: Database, admin: Connection, records_: int) -> None:
    """The plans of searches inside the function and of the same written out, to stderr."""
    dice = random.Random(37)
    await admin.execute("LOAD 'auto_explain'")
    await admin.execute(
        "SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on; "
        "SET auto_explain.log_analyze = on; SET auto_explain.log_buffers = on; SET client_min_messages = log"
    )
    admin.add_log_listener(lambda _conn, message: print(message, file=sys.stderr))
    for who, scope in scopes(dice, records_).items():
        for name, one in asked(dice).items():
            print(f"── {name} {who}", file=sys.stderr)
            async with admin.transaction():
                await enter(admin, scope, Actor(1, "county"))
                await admin.execute(
                    "SET LOCAL ROLE fengsui_web; SET LOCAL plan_cache_mode = force_custom_plan"
                )
                own, _ = await within(admin, scope, one.query)
            async with admin.transaction():
                await admin.execute(
                    "SET LOCAL ROLE fengsui_worker; SET LOCAL plan_cache_mode = force_custom_plan"
                )
                bare, _ = await without(admin, scope, one)
            print(f"── {name} {who}: {own:.2f} ms, {bare:.2f} ms written out", file=sys.stderr)


async def many(database: Database, admin: Connection, rows: int) -> None:
    """A thousand new records at a time, with the audit and without it."""
    took: dict[bool, list[float]] = {True: [], False: []}
    person = somebody(Scope.region("42"))
    number = 1
    for audited in (True, False) * max(1, rows // 2000):
        await admin.execute(
            f"ALTER TABLE {table_of(CERTIFICATES)} {'ENABLE' if audited else 'DISABLE'} TRIGGER audit_row"
        )
        given = []
        for _ in range(1000):
            values = {**made(CERTIFICATES, number, links=False), "number": f"M{number}"}
            values.pop("pictures", None)
            given.append(Given(owner=Owner(enterprise_id=1 + number % 50), values=values))
            number += 1
        began = time.perf_counter()
        async with acting(database.worker, SYSTEM) as conn:
            outcomes = await records.create_many(conn, person, CERTIFICATES, given, "bench")
        took[audited].append(time.perf_counter() - began)
        assert {outcome.outcome for outcome in outcomes} == {"created"}
    rates = {audited: 1000 / percentile(times, 0.5) for audited, times in took.items()}
    emit("registers", "many_rows_per_s", rates[True], "rows/s", rates[False])


async def run(records_: int, times: int, folder: Path) -> None:
    """Fills a database of one's own and measures."""
    server = EmbeddedServer(folder, extra=county.CONFIG if records_ >= 1_000_000 else "")
    with server.running():
        await prepare_embedded(server, DATABASE)
        urls = embedded_urls(server, DATABASE)
        began = time.perf_counter()
        await county.seed(urls.admin, records_)
        emit("registers", "seeded_rows_per_s", records_ / (time.perf_counter() - began), "rows/s")
        admin = await connect(urls.admin)
        try:
            async with Database.open(urls, web_size=1, worker_size=1) as database:
                if os.environ.get("FENGSUI_BENCH_PLANS") == "1":
                    await plans(database, admin, records_)
                    return
                await lists(database, records_, times)
                await many(database, admin, 4000 if records_ >= 100_000 else 2000)
        finally:
            await admin.close()


def main() -> None:
    """Measure on as many records as asked for."""
    soak, trial = os.environ.get("FENGSUI_SOAK") == "1", os.environ.get("FENGSUI_BENCH_TRIAL") == "1"
    default = 10_000_000 if soak else 10_000 if trial else 100_000
    records_ = int(os.environ.get("FENGSUI_BENCH_RECORDS") or default)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(records_, 5 if trial else 50, Path(folder)))


if __name__ == "__main__":
    main()
