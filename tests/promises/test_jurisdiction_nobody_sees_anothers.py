"""Jurisdiction: nobody is shown, sent or able to change a row of a place or sector outside the own scope.

The addresses come from the OpenAPI document and the ids from the tables, so that a new one is asked without
anybody remembering to; `tests/central/scene.py` says what stands where, `tests/central/walk.py` how one asks.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from litestar import get

from central.app import Parts, make_http
from central.db.pool import Database, connect
from central.db.scope import Scope, acting
from central.http.health import Readiness
from central.identity import rules, store
from central.live import service as live
from central.live.hub import Hub
from central.settings import Settings
from central.warning import worker as warning_worker
from tests.central import scene
from tests.central.walk import (
    Ear,
    Walker,
    World,
    addresses,
    ask,
    ears,
    fingerprint,
    look_around,
    placed_tables,
    read_everything,
    targets,
    with_query,
    write_everywhere,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central.db.pool import Connection, DatabaseUrls

LONGEST_S = 120.0
# Who tries every filter of every list: an office of one region, an enterprise, areas apart, a park, a sector.
CURIOUS = {"township", "enterprise", "three-towns", "park", "miner"}


@asynccontextmanager
async def centre(urls: DatabaseUrls, state: Path) -> AsyncIterator[tuple[Database, Connection, Hub, World]]:
    """The scene in a database, and the whole HTTP application over it, in this process."""
    async with Database.open(urls, web_size=4, worker_size=4) as database, AsyncExitStack() as after:
        admin = await connect(urls.admin)
        after.push_async_callback(admin.close)
        await scene.build(database, admin)
        hub = Hub(database)
        feeding = asyncio.ensure_future(hub.run())
        after.callback(feeding.cancel)
        app = make_http(Parts(database, Settings(state=state), hub, Readiness()))
        yield database, admin, hub, await look_around(app, admin)


# Every address, asked as everybody: minutes where the machine is busy.
@pytest.mark.timeout(1200)
def test_nobody_reads_hears_or_changes_what_is_anothers(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with centre(database, tmp_path) as (db, admin, hub, world):
            people = await scene.everybody(db, admin)
            await each_hears_the_own(world, db, hub, people)
            await each_reads_the_own(world, people)
            await strangers_see_nothing(world)
            await nothing_foreign_is_counted(world, admin, people)
            await calls_reach_those_who_see(db, admin)
            await nobody_changes_anothers(world, admin, people)

    asyncio.run(run())


async def each_reads_the_own(world: World, people: list[Walker]) -> None:
    """Every address as everybody: nothing foreign, all that is one's own, no failure."""
    for walker in people:
        await read_everything(world, walker, foreign=2, filters=walker.name in CURIOUS)
        assert not walker.leaks, walker.leaks[:20]
        assert not walker.broken, walker.broken[:5]
        enterprises = {
            code for code, (place, sector) in world.owners.items()
            if not code.startswith("@") and walker.scope.holds(place, sector)
        }  # fmt: skip
        assert enterprises <= walker.seen, (walker.name, enterprises - walker.seen)


async def nothing_foreign_is_counted(world: World, admin: Connection, people: list[Walker]) -> None:
    """What comes to other places changes no list, count or sum of those who do not see it."""
    watching = [walker for walker in people if walker.name in {"township", "enterprise", "park"}]
    first = [await plain_answers(world, walker) for walker in watching]
    again = [await plain_answers(world, walker) for walker in watching]
    await admin.execute(
        """
        INSERT INTO gateway (id, enterprise_id, name, public_key, created_at)
        SELECT 'more-' || lower(code), id, 'more', sha256(('x' || code)::bytea), now()
        FROM enterprise WHERE code IN ('E2', 'E7');
        INSERT INTO point (gateway_id, enterprise_id, key, name, quantity, unit, source, period_ms, current,
                           created_at)
        SELECT id, enterprise_id, 'M-1', 'more', 'gas', 'ppm', 'bus/1', 1000, true, now()
        FROM gateway WHERE name = 'more';
        INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, gateway_id,
                             point_id, title, subject_name, level, policy, level_reason, occurrence,
                             raised_at, received_at, updated_at)
        SELECT gen_random_uuid(), 'alarm', 'point', p.id, 'high', false, p.enterprise_id, p.gateway_id, p.id,
               'more', 'more', 4, '{}', '', '1', now(), now(), now() FROM point AS p WHERE p.name = 'more';
        INSERT INTO department (enterprise_id, name)
        SELECT id, 'more' FROM enterprise WHERE code IN ('E2', 'E7');
        """
    )
    after = [await plain_answers(world, walker) for walker in watching]
    for walker, was, still, now in zip(watching, first, again, after, strict=True):
        steady = {target for target in was if was[target] == still[target]}
        assert any("/overview" in target for target in steady), walker.name
        assert len(steady) > len(was) * 0.9, (walker.name, set(was) - steady)
        changed = sorted(target for target in steady if was[target] != now[target])
        assert not changed, (walker.name, changed)


async def plain_answers(world: World, walker: Walker) -> dict[str, bytes]:
    """What each address without an id says to somebody, without moments and ages."""
    answers: dict[str, bytes] = {}
    for _, path, operation in addresses(world, reading=True):
        if "{" not in path:
            target = with_query(path, operation, {})
            _, body = await ask(world.app, walker, "GET", target)
            answers[target] = re.sub(rb'"[^"]*\d\d:\d\d:[^"]*"|\d+\.\d+', b"", body)
    return answers


async def strangers_see_nothing(world: World) -> None:
    """Somebody who scanned a code on a gate and knows every address and id."""
    stranger = Walker("a stranger", Scope.nothing())
    await read_everything(world, stranger, foreign=2, filters=False)
    assert not stranger.leaks, stranger.leaks[:20]
    assert not stranger.broken, stranger.broken[:5]
    assert not stranger.seen
    assert (await ask(world.app, stranger, "GET", "/api/v1/live"))[0] == 401


async def each_hears_the_own(world: World, db: Database, hub: Hub, people: list[Walker]) -> None:
    """The live stream of everybody, with an event and a value of every place; and again, resumed."""
    expected = [
        {code for code, (place, sector) in world.owners.items() if walker.scope.holds(place, sector)}
        for walker in people
    ]
    async with asynccontextmanager(ears)(world, people) as listening:
        await until(lambda: all(ear.position for ear in listening))
        first = min((ear.position for ear in listening), key=lambda text: int(text.partition(":")[0]))
        async with acting(db.worker) as conn:
            for code, (place, _) in world.owners.items():
                await live.publish(conn, "warning", place, {"title": f"mark-{code}"})
        await until(lambda: [ear.marks for ear in listening] == expected)
        for number, (place, sector) in enumerate(world.owners.values()):
            item = {"point_id": number, "name": f"value-of-{place}"}
            hub.publish("measurement", place, {"items": [item]}, sector)
        await until(
            lambda: all(
                heard_values(ear) >= held for ear, held in zip(listening, values(world, people), strict=True)
            )
        )
        assert [ear.marks for ear in listening] == expected
        assert [heard_values(ear) for ear in listening] == values(world, people)
    async with asynccontextmanager(ears)(world, people, first) as resumed:
        await until(lambda: [ear.marks for ear in resumed] == expected)


def values(world: World, people: list[Walker]) -> list[set[str]]:
    return [{p for p, sector in world.owners.values() if walker.scope.holds(p, sector)} for walker in people]


def heard_values(ear: Ear) -> set[str]:
    return {place.decode() for place in re.findall(rb"value-of-([^\"]+)", ear.heard)}


async def until(condition: object) -> None:
    """Waits until something is so; the test's own limit is generous and never the point."""
    async with asyncio.timeout(LONGEST_S):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.02)


async def calls_reach_those_who_see(db: Database, admin: Connection) -> None:
    """Ladders of every place climb to the top: whoever is called may see what he is called for."""
    while await warning_worker.fire_due(db):
        pass
    roots = await store.roots(admin)
    calls = await admin.fetch(
        "SELECT DISTINCT n.account_id, w.place, w.sector FROM notification AS n "
        "JOIN warning AS w ON w.id = n.warning_id WHERE n.account_id IS NOT NULL"
    )
    assert {call["place"].rpartition("/")[2] for call in calls} == {"E1", "E2", "E3", "E7", "E8", "E10"}
    for call in calls:
        account = await store.account(admin, account_id=call["account_id"])
        assert account is not None
        scope = rules.scope_of(account, roots)
        assert scope.holds(call["place"], call["sector"]), (account.login, dict(call))


async def nobody_changes_anothers(world: World, admin: Connection, people: list[Walker]) -> None:
    """Every writing address with foreign ids and bodies that fit: what is foreign stays as it is."""
    for walker in (walker for walker in people if not walker.view):
        before = await fingerprint(admin, walker)
        await write_everywhere(world, walker, foreign=1)
        after = await fingerprint(admin, walker)
        changed = sorted(table for table in before if before[table] != after[table])
        assert not changed, (walker.name, changed)
        assert not walker.leaks, walker.leaks[:20]
        assert not walker.broken, walker.broken[:5]


def test_the_scene_has_a_row_of_every_table_that_stands_somewhere(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    """A new table of enterprises gets its row in tests/central/scene.py, or the walk cannot see it leak."""

    async def run() -> None:
        async with centre(database, tmp_path) as (_, admin, _, world):
            tables = {table["name"] for table in await placed_tables(admin)}
            assert {t for t in tables if not world.rows[t]} <= scene.UNSEEN
            paths = [path for reading in (True, False) for _, path, _ in addresses(world, reading=reading)]
            for path in paths:
                assert targets(world, Scope.nothing(), path, 1, 0), path

    asyncio.run(run())


def test_the_walk_catches_an_opened_policy_a_careless_handler_and_a_foreign_write(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    """A walk that never failed proves nothing: three leaks are planted, and it names each."""

    async def run() -> None:
        async with centre(database, tmp_path) as (db, admin, _, world):
            township = await scene.walker(db, admin, "township")
            await read_everything(world, township, foreign=2, filters=False)
            assert not township.leaks

            await admin.execute("CREATE POLICY leak ON enterprise FOR SELECT TO fengsui_web USING (true)")
            await read_everything(world, township, foreign=2, filters=False)
            assert {"E2", "E3", "E7"} <= {code for _, _, code in township.leaks}
            assert any(what.startswith("GET /api/v1/enterprises?") for _, what, _ in township.leaks)
            await admin.execute("DROP POLICY leak ON enterprise")

            @get("/api/v1/careless", opt={"public": True})
            async def careless() -> list[str]:
                return [r["name"] for r in await db.worker.fetch("SELECT name FROM gateway")]

            careless_app = make_http(Parts(db, Settings(state=tmp_path), Hub(db), Readiness()))
            careless_app.register(careless)
            again = await scene.walker(db, admin, "township")
            await read_everything(await look_around(careless_app, admin), again, foreign=1, filters=False)
            assert {what for _, what, _ in again.leaks} == {"GET /api/v1/careless"}

            clerk = await scene.walker(db, admin, "county")
            before = await fingerprint(admin, clerk)
            await admin.execute(
                "CREATE POLICY leak ON department TO fengsui_web USING (true) WITH CHECK (true)"
            )
            await write_everywhere(world, clerk, foreign=1)
            after = await fingerprint(admin, clerk)
            assert before["department"] != after["department"]

    asyncio.run(run())
