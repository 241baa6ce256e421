"""Regions in PostgreSQL: looked up by named queries, loaded through a table of one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.queries import load
from central.organisation.regions_models import LEVELS, LoadReport, RegionItem, Renamed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from datetime import date

    import asyncpg

    from central.db.pool import Connection
    from central.organisation.regions_models import RegionRow

Q = load(__file__, "queries_regions.sql")

_SOME = 50

# A temporary table has no owner's name in a query file: these are not prepared by the test of named queries.
_STAGE = """
CREATE TEMPORARY TABLE region_load (
    code text COLLATE "C" NOT NULL, name text NOT NULL, valid_from date, valid_to date, successors text
) ON COMMIT DROP
"""
_ONCE = """
DELETE FROM region_load AS l USING region_load AS o WHERE l.code = o.code AND l.ctid < o.ctid
"""
_INDEX = "CREATE UNIQUE INDEX ON region_load (code)"
_ANALYSE = "ANALYZE region_load"
_PARENT = """
ALTER TABLE region_load ADD COLUMN parent_code text COLLATE "C";
UPDATE region_load AS l SET parent_code = (
    SELECT p.code FROM (
        SELECT c.code FROM region_load AS c
        WHERE c.code = ANY (ARRAY[left(l.code, 9), left(l.code, 6), left(l.code, 4), left(l.code, 2)])
            AND length(c.code) < length(l.code)
        UNION ALL
        SELECT r.code FROM region AS r
        WHERE r.code = ANY (ARRAY[left(l.code, 9), left(l.code, 6), left(l.code, 4), left(l.code, 2)])
            AND length(r.code) < length(l.code)
    ) AS p ORDER BY length(p.code) DESC LIMIT 1)
WHERE length(l.code) > 2
"""
_COUNTS = "SELECT length(code) AS digits, count(*) FROM region_load GROUP BY 1 ORDER BY 1"
_ADDED = (
    "SELECT count(*) FROM region_load AS l WHERE NOT EXISTS (SELECT 1 FROM region AS r WHERE r.code = l.code)"
)
_RENAMED = """
SELECT l.code, r.name AS before, l.name AS after, count(*) OVER () AS of
FROM region_load AS l JOIN region AS r ON r.code = l.code
WHERE r.name <> l.name ORDER BY l.code LIMIT $1
"""
_GONE = """
SELECT r.code, r.name, count(*) OVER () AS of
FROM region AS r
WHERE r.valid_to IS NULL AND starts_with(r.code, $2)
    AND coalesce(r.parent_code, '') IN (SELECT coalesce(l.parent_code, '') FROM region_load AS l)
    AND NOT EXISTS (SELECT 1 FROM region_load AS l WHERE l.code = r.code)
ORDER BY r.code LIMIT $1
"""
_SKIPPED = """
SELECT left(l.code, CASE length(l.code) WHEN 12 THEN 9 WHEN 9 THEN 6 WHEN 6 THEN 4 ELSE 2 END) AS missing,
    count(*)
FROM region_load AS l
WHERE length(l.code) > 2
    AND l.parent_code IS DISTINCT FROM
        left(l.code, CASE length(l.code) WHEN 12 THEN 9 WHEN 9 THEN 6 WHEN 6 THEN 4 ELSE 2 END)
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT $1
"""
_TAKE = """
INSERT INTO region AS r (code, name, parent_code, valid_from, valid_to, source)
SELECT code, name, parent_code, valid_from, valid_to, $1 FROM region_load
ON CONFLICT (code) DO UPDATE
SET name = excluded.name, parent_code = excluded.parent_code, source = excluded.source,
    valid_from = coalesce(excluded.valid_from, r.valid_from),
    valid_to = coalesce(excluded.valid_to, r.valid_to)
WHERE (r.name, r.parent_code, r.valid_from, r.valid_to) IS DISTINCT FROM (
    excluded.name, excluded.parent_code, coalesce(excluded.valid_from, r.valid_from),
    coalesce(excluded.valid_to, r.valid_to))
"""
_SUCCEED = """
INSERT INTO region_successor (code, successor, since, renumbered)
SELECT l.code, s.code, l.valid_to, false
FROM region_load AS l CROSS JOIN LATERAL unnest(string_to_array(l.successors, ' ')) AS s (code)
WHERE l.successors <> ''
ON CONFLICT (code, successor) DO UPDATE SET since = excluded.since
"""
_NOWHERE = """
SELECT l.code, s.code AS successor
FROM region_load AS l CROSS JOIN LATERAL unnest(string_to_array(l.successors, ' ')) AS s (code)
WHERE l.successors <> '' AND NOT EXISTS (SELECT 1 FROM region AS r WHERE r.code = s.code)
    AND NOT EXISTS (SELECT 1 FROM region_load AS o WHERE o.code = s.code)
ORDER BY 1 LIMIT 20
"""


def _item(row: asyncpg.Record) -> RegionItem:
    return RegionItem(**dict(row), level_name=LEVELS[row["level"]])


async def children(
    conn: Connection, parent: str | None, after: str, on: date | None, limit: int
) -> list[RegionItem]:
    return [_item(r) for r in await conn.fetch(Q.children, parent, after, on, limit)]


async def found(
    conn: Connection, text: str, after: str, on: date | None, limit: int, below: str | None, level: int | None
) -> list[RegionItem]:
    return [_item(r) for r in await conn.fetch(Q.found, text, after, on, limit, below, level)]


async def by_codes(conn: Connection, codes: Iterable[str]) -> list[RegionItem]:
    return [_item(r) for r in await conn.fetch(Q.by_codes, list(codes))]


async def successors(conn: Connection, code: str) -> list[str]:
    return [r["successor"] for r in await conn.fetch(Q.successors, code)]


async def predecessors(conn: Connection, code: str) -> list[str]:
    return [r["code"] for r in await conn.fetch(Q.predecessors, code)]


async def today(conn: Connection, code: str, day: date) -> list[str]:
    return [r["code"] for r in await conn.fetch(Q.today, code, day)]


async def day(conn: Connection) -> date:
    found: date = await conn.fetchval(Q.day)
    return found


async def stage(conn: Connection, rows: Iterator[RegionRow], below: str) -> int:
    """Copies rows into the table of this transaction as they come; how many lie in `below` or above it."""
    await conn.execute(_STAGE)

    async def records() -> AsyncIterator[tuple[object, ...]]:
        for row in rows:
            if row.code.startswith(below) or below.startswith(row.code):
                yield row.code, row.name, row.valid_from, row.valid_to, " ".join(row.successors)

    copied = await conn.copy_records_to_table("region_load", records=records())
    await conn.execute(_ONCE, timeout=600)
    await conn.execute(_INDEX, timeout=600)
    await conn.execute(_ANALYSE, timeout=600)
    await conn.execute(_PARENT, timeout=600)
    return int(copied.rpartition(" ")[2])


async def unknown_successors(conn: Connection) -> list[tuple[str, str]]:
    return [(r["code"], r["successor"]) for r in await conn.fetch(_NOWHERE)]


async def compared(conn: Connection, source: str, read: int, below: str, dry_run: bool) -> LoadReport:
    """What the staged rows would change."""
    renamed = await conn.fetch(_RENAMED, _SOME, timeout=600)
    gone = await conn.fetch(_GONE, _SOME, below, timeout=600)
    levels = {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}
    return LoadReport(
        source=source,
        dry_run=dry_run,
        read=read,
        by_level={LEVELS[levels[r["digits"]]]: r["count"] for r in await conn.fetch(_COUNTS, timeout=600)},
        added=await conn.fetchval(_ADDED, timeout=600),
        renamed=renamed[0]["of"] if renamed else 0,
        gone=gone[0]["of"] if gone else 0,
        renamed_some=[Renamed(r["code"], r["before"], r["after"]) for r in renamed],
        gone_some=[f"{r['code']} {r['name']}" for r in gone],
        skipped_levels={r["missing"]: r["count"] for r in await conn.fetch(_SKIPPED, _SOME, timeout=600)},
    )


async def take(conn: Connection, source: str) -> None:
    """Writes the staged rows; one entry of the audit is the caller's to write."""
    await conn.execute(Q.begin_bulk)
    await conn.execute(_TAKE, source, timeout=3600)
    await conn.execute(_SUCCEED, timeout=600)
