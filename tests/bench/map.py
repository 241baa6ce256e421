"""`map`: what a window of the map costs with 27,000 enterprises, 3,000 records and running warnings.

People of a county and of the whole city ask for windows of every size, as the console does while a map is
moved: clusters, presence, encoding. The target is p95 ≤ 50 ms and ≤ 100 kB an answer. The baseline reads the
same objects of the same windows without row level security and without gathering them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
from pathlib import Path

import msgspec

from central.clock import database_now
from central.db.bootstrap import embedded_urls, prepare_embedded
from central.db.embedded import EmbeddedServer
from central.db.pool import Connection, Database, connect
from central.db.scope import Actor, Scope, enter
from central.identity.models import Person
from central.statistics import map_objects
from central.statistics import map_rules as rules
from tests.bench.report import emit, percentile

COUNTIES, TOWNSHIPS = 9, 12
WEST, SOUTH, WIDE, HIGH = 111.5, 29.8, 2.2, 1.6
DATABASE = "bench"

REGIONS = f"""
INSERT INTO region (code, name, parent_code) VALUES ('42', '某省', NULL), ('4299', '某市', '42');
INSERT INTO region (code, name, parent_code)
SELECT '4299' || (10 + c), '县' || c, '4299' FROM generate_series(0, {COUNTIES - 1}) AS c;
INSERT INTO region (code, name, parent_code)
SELECT '4299' || (10 + c) || (101 + t), '镇' || c || '-' || t, '4299' || (10 + c)
FROM generate_series(0, {COUNTIES - 1}) AS c, generate_series(0, {TOWNSHIPS - 1}) AS t;
"""
# Enterprises crowd around the towns; each has a gateway, one of fifty is not heard, one of a hundred warns.
WORLD = f"""
INSERT INTO enterprise (code, name, credit_code, region_code, place, sector, hazard_class, longitude,
                        latitude)
SELECT 'E' || n, '某某化工科技有限责任公司' || n, lpad(n::text, 18, '0'), r.code, r.code || '/E' || n,
       'chemical', CASE WHEN n % 12 = 0 THEN 1 + n % 4 END,
       {WEST} + {WIDE} * (r.i % 11 + 0.5) / 11 + (random() - random()) * 0.09,
       {SOUTH} + {HIGH} * (r.i / 11 + 0.5) / 10 + (random() - random()) * 0.07
FROM generate_series(1, $1::int) AS n
JOIN (SELECT code, (row_number() OVER (ORDER BY code) - 1)::int AS i, count(*) OVER () AS all_ FROM region
      WHERE length(code) = 9) AS r ON r.i = n % r.all_;
"""
GATEWAYS = """
INSERT INTO gateway (id, enterprise_id, name, public_key, place, created_at)
SELECT 'gw-' || id, id, name, sha256(code::bytea), place, now() FROM enterprise;
INSERT INTO gateway_state (gateway_id, place, presence)
SELECT id, place, CASE WHEN enterprise_id % 50 = 0 THEN 'offline' ELSE 'online' END FROM gateway;
INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, place, title,
                     subject_name, level, policy, level_reason, occurrence, raised_at, received_at,
                     updated_at)
SELECT gen_random_uuid(), 'alarm', 'point', e.id::text, 'high', false, e.id, e.place, '浓度高报', e.name,
       1 + e.id % 4, '{}', '', '1', now(), now(), now() FROM enterprise AS e WHERE e.id % 100 = 0;
INSERT INTO map_object (layer, ref, enterprise_id, place, sector, name, hazard_class, longitude, latitude)
SELECT 'enterprise', id::text, id, place, sector, name, hazard_class, longitude, latitude FROM enterprise;
INSERT INTO map_object (layer, ref, enterprise_id, place, sector, name, silent, longitude, latitude)
SELECT 'gateway', 'gw-' || id, id, place, sector, name, id % 50 = 0, longitude, latitude FROM enterprise;
INSERT INTO map_object (layer, ref, enterprise_id, place, sector, name, longitude, latitude)
SELECT 'storage-units', id::text, id, place, sector, '一号罐区', longitude, latitude FROM enterprise
WHERE id % 9 = 0;
"""
BARE = """
SELECT layer, ref, name, longitude, latitude FROM map_object
WHERE x >= $1 AND y >= $2 AND x <= $3 AND y <= $4 AND layer = ANY ($5) AND place >= $6 AND place < $7
"""


def somebody(scope: Scope) -> Person:
    """A supervisor of an area."""
    return Person(
        account_id=1, account="bench", display_name="bench", role="county", role_name="", kind="supervisor",
        agency_id=None, agency_name=None, agency_rank=None, enterprise_id=None, enterprise_name=None,
        place_name="", scope=scope, may=frozenset({"register"}),
    )  # fmt: skip


async def fill(admin: Connection, enterprises: int) -> None:
    """The city, past every trigger."""
    await admin.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    await admin.execute(REGIONS)
    await admin.fetch(WORLD, enterprises)
    await admin.execute(GATEWAYS)
    await admin.execute("SET session_replication_role = DEFAULT")
    for table in ("enterprise", "gateway", "gateway_state", "warning", "map_object"):
        await admin.execute(f"VACUUM ANALYZE {table}")


async def windows(database: Database, times: int) -> None:
    """Asks for windows of every size and prints what they cost."""
    dice = random.Random(51)
    took: list[float] = []
    bare: list[float] = []
    sizes: list[float] = []
    async with database.web.acquire() as web, database.worker.acquire() as worker:
        now = await database_now(worker)
        for _ in range(times):
            for zoom in range(8, 16):
                # 1400 × 800 pixels; 512 of them around the world at zoom 0.
                wide = 360 / 2**zoom / 512 * 1400
                west = WEST + dice.random() * WIDE - wide / 2
                south = SOUTH + dice.random() * HIGH - wide / 4
                shown = f"{west:.4f},{south:.4f},{west + wide:.4f},{south + wide * 0.5:.4f}"
                layers = ["enterprise", "storage-units"] if zoom % 3 == 0 else ["enterprise"]
                region = "4299" if zoom % 2 else f"4299{10 + dice.randrange(COUNTIES)}"
                person = somebody(Scope.region(region))
                async with web.transaction():
                    await enter(web, person.scope, Actor(1, "county"))
                    began = time.perf_counter()
                    answer = await map_objects.objects(web, person, now, shown, float(zoom), layers, "")
                    body = msgspec.json.encode(answer)
                    took.append((time.perf_counter() - began) * 1000)
                sizes.append(len(body) / 1000)
                inside = rules.window(shown)
                began = time.perf_counter()
                await worker.fetch(BARE, *inside.low, *inside.high, layers, region, region + ":")
                bare.append((time.perf_counter() - began) * 1000)
    emit("map", "viewport_p50", percentile(took, 0.5), "ms", percentile(bare, 0.5))
    emit("map", "viewport_p95", percentile(took, 0.95), "ms", percentile(bare, 0.95))
    emit("map", "answer_max", max(sizes), "kB")


async def run(enterprises: int, times: int, folder: Path) -> None:
    """Fills a database of one's own and measures."""
    server = EmbeddedServer(folder)
    with server.running():
        await prepare_embedded(server, DATABASE, builders=())
        urls = embedded_urls(server, DATABASE)
        admin = await connect(urls.admin)
        await fill(admin, enterprises)
        async with Database.open(urls, web_size=1, worker_size=1) as database:
            await windows(database, times)
        await admin.close()


def main() -> None:
    """Measure with as many enterprises as asked for."""
    trial = os.environ.get("FENGSUI_BENCH_TRIAL") == "1"
    parser = argparse.ArgumentParser()
    parser.add_argument("--enterprises", type=int, default=2_700 if trial else 27_000)
    enterprises = parser.parse_args().enterprises
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(enterprises, 2 if trial else 12, Path(folder)))


if __name__ == "__main__":
    main()
