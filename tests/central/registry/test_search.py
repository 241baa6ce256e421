"""The search of registers: narrowed before anything is cut off, by a function that takes no SQL."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec
import pytest

from central.db.pool import Database, connect
from central.db.scope import Scope, scoped
from central.identity import service as identity
from central.registry import exports, records_list, records_overview
from central.registry.forms.register import catalogue
from central.registry.records_models import Query
from tests.central import county

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from central.db.pool import DatabaseUrls
    from central.identity.models import Person

MEMBERS = catalogue()["staff-members"]
MANY = 5200

# A few of E1 first, then many of E2 that are called alike: newer, and of another kind.
ROWS = """
INSERT INTO reg_staff_members (enterprise_id, place, sector, state, payload, counted, title, initials,
                               created_at, changed_at)
SELECT e.id, e.place, e.sector, 'valid', p.payload, p.payload, '王伟' || n, 'ww' || n, now(), now()
FROM generate_series(1, $1::int) AS n
JOIN enterprise AS e ON e.code = CASE WHEN n <= 10 THEN 'E1' ELSE 'E2' END
CROSS JOIN LATERAL (SELECT jsonb_build_object(
    'name', '王伟' || n, 'identity_number', 'I' || n,
    'kind', jsonb_build_object('choice', CASE WHEN n <= 10 THEN 'principal' ELSE 'general' END),
    'trade', CASE WHEN n % 2 = 0 THEN '焊工' END) AS payload) AS p
ORDER BY n
"""


@asynccontextmanager
async def people(urls: DatabaseUrls, many: int) -> AsyncIterator[tuple[Database, Person]]:
    """A county with many people who are called alike, and the person who supervises it."""
    async with Database.open(urls, web_size=2, worker_size=2) as database:
        await county.found(database)
        admin = await connect(urls.admin)
        try:
            await admin.execute("SET session_replication_role = replica")
            await admin.execute(ROWS, many)
            number = await admin.fetchval("SELECT id FROM account WHERE login = 'county'")
        finally:
            await admin.close()
        async with database.worker.acquire() as conn:
            person = await identity.person_by_id(conn, number)
        assert person is not None
        yield database, person


async def found(database: Database, person: Person, **wanted: Any) -> list[str]:
    """The titles of a list, all of its pages."""
    query, titles = Query(limit=3, **wanted), []
    while True:
        async with scoped(database.web, person.scope, person.actor) as conn:
            page = await records_list.list_(conn, person, MEMBERS, query)
        titles += [item.title for item in page.items]
        if page.next is None:
            return titles
        query = msgspec.structs.replace(query, cursor=page.next)


def named(*numbers: int) -> list[str]:
    return [f"王伟{number}" for number in numbers]


def test_nothing_is_cut_off_before_a_list_is_narrowed(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with people(database, MANY) as (db, person):
            old = named(*range(10, 0, -1))
            assert await found(db, person, q="ww", filters={"kind": "principal"}) == old
            lines = 0
            async for block in await exports.delimited(db, person, MEMBERS, Query(q="王伟")):
                lines += block.count(b"\r\n")
            assert lines == 1 + MANY
            async with scoped(db.web, person.scope, person.actor) as conn:
                kinds = await records_list.counts(conn, MEMBERS, Query(q="王伟"), "kind")
                assert kinds.total == MANY
                assert {item.value: item.count for item in kinds.items} == {
                    "principal": 10,
                    "general": MANY - 10,
                }
                assert (await records_overview.totals(conn, MEMBERS, Query(q="WW"))).total == MANY

    asyncio.run(run())


def test_a_search_is_narrowed_sorted_and_paged_as_its_list_is(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with people(database, 14) as (db, person):
            even, odd = named(2, 4, 6, 8, 10, 12, 14), named(1, 3, 5, 7, 9, 11, 13)
            # What has no value comes last, whichever way.
            assert await found(db, person, q="ww", sort="trade") == even + odd
            assert await found(db, person, q="ww", sort="-trade") == even[::-1] + odd[::-1]
            assert await found(db, person, q="伟1", sort="title") == named(1, 10, 11, 12, 13, 14)
            # One Chinese character, one letter, one digit, and words that a quote would end.
            for q, count in (
                ("伟", 14),
                ("w", 14),
                ("4", 2),
                ("赵", 0),
                ("x", 0),
                ("'; --", 0),
                ("%L%1$s", 0),
            ):
                assert len(await found(db, person, q=q)) == count, q
            plants = await found(db, person, q="ww", region="429981101")
            several = msgspec.structs.replace(
                person, scope=Scope.union([Scope.region("429981101"), Scope.region("429981103")])
            )
            # Several ranges are written out for the index, with a search and without.
            assert await found(db, several, q="ww") == await found(db, several) == plants
            assert await found(db, several, sort="trade", filters={"trade": "焊"}) == named(2, 4, 6, 8, 10)
            assert plants == named(*range(10, 0, -1))
            nobody = msgspec.structs.replace(person, scope=Scope.nothing())
            assert await found(db, nobody, q="ww") == []
            assert (
                await found(db, person, q="ww", filters={"trade": "焊'", "kind": "general,principal"}) == []
            )

    asyncio.run(run())


def test_the_function_takes_known_columns_and_signs_only(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with people(database, 5) as (db, person):
            for term in (["shoe", "=", "1"], ["id", "= 1 OR 1 =", "1"], ["id", "~", "1"], ["xmin", "=", "1"]):
                with pytest.raises(asyncpg.RaiseError, match="no such column"):
                    async with scoped(db.web, person.scope, person.actor) as conn:
                        await conn.fetch("SELECT search_register('staff-members', 'ww', $1)", [term])
            with pytest.raises(asyncpg.RaiseError, match="no such column"):
                async with scoped(db.web, person.scope, person.actor) as conn:
                    await conn.fetch("SELECT search_register('staff-members', 'ww', '[]', 'id, (SELECT 1)')")
            async with scoped(db.web, person.scope, person.actor) as conn:
                assert await conn.fetch("SELECT search_register('shoes', 'ww')") == []

    asyncio.run(run())
