"""The hub over a real database, with real streams."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from central.db.pool import Database
from central.db.scope import Scope, acting
from central.live import hub as hub_module
from central.live.hub import Hub
from central.live.service import publish
from tests.central import county

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from central.db.pool import DatabaseUrls
    from central.live.hub import Stream
    from central.live.models import LiveMessage

TOWN, OTHER = Scope.region("429981101"), Scope.region("429981102")


async def welcome() -> bool:
    return True


@asynccontextmanager
async def feeding(database: Database) -> AsyncIterator[Hub]:
    hub = Hub(database)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(hub.run())
        try:
            yield hub
        finally:
            hub.close()
            running.cancel()


async def take(
    stream: Stream, count: int, *, kind: str = "warning", within_s: float = 60
) -> list[LiveMessage]:
    """The next messages of a kind."""
    found: list[LiveMessage] = []
    async with asyncio.timeout(within_s):
        async for message in stream.messages():
            if message.event == kind:
                found.append(message)
                if len(found) == count:
                    return found
    return found


async def say(database: Database, place: str, n: int) -> None:
    async with acting(database.worker) as conn:
        await publish(conn, "warning", place, {"n": n})


def numbers(messages: list[LiveMessage]) -> list[Any]:
    return [m.data["n"] for m in messages]


def test_an_event_reaches_its_jurisdiction_after_the_commit_and_nobody_else(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with (
            Database.open(database) as db,
            feeding(db) as hub,
            hub.stream(TOWN, welcome) as town,
            hub.stream(OTHER, welcome) as other,
            hub.stream(Scope.nothing(), welcome) as stranger,
        ):
            async with acting(db.worker) as conn:
                await publish(conn, "warning", county.E1, {"n": 1})
                await asyncio.sleep(0.2)
                assert not town._events, "not before the commit"
            await say(db, county.E2, 2)
            assert numbers(await take(town, 1)) == [1]
            assert numbers(await take(other, 1)) == [2]
            assert not town._events
            assert not stranger._events

    asyncio.run(run())


def test_a_console_that_comes_back_gets_what_it_missed_once_and_in_scope(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db, feeding(db) as hub:
            async with hub.stream(TOWN, welcome) as stream:
                await say(db, county.E1, 1)
                await say(db, county.E1, 2)
                first = await take(stream, 1)
            await say(db, county.E1, 3)
            await say(db, county.E2, 4)
            await asyncio.sleep(0.3)
            async with hub.stream(TOWN, welcome, first[0].id) as stream:
                await say(db, county.E1, 5)
                assert numbers(await take(stream, 3)) == [2, 3, 5]

    asyncio.run(run())


def test_a_commit_that_was_late_reaches_a_console_that_resumes(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db, feeding(db) as hub:
            slow = await db.worker.acquire()
            transaction = slow.transaction()
            await transaction.start()
            await publish(slow, "warning", county.E1, {"n": "early id, late commit"})
            async with hub.stream(TOWN, welcome) as stream:
                await say(db, county.E1, 1)
                last = (await take(stream, 1))[-1].id
            await transaction.commit()
            await db.worker.release(slow)
            async with hub.stream(TOWN, welcome, last) as stream:
                await say(db, county.E1, 2)
                assert numbers(await take(stream, 2)) == ["early id, late commit", 2]

    asyncio.run(run())


def test_every_event_of_many_writers_is_told_once(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with (
            Database.open(database, worker_size=8) as db,
            feeding(db) as hub,
            hub.stream(TOWN, welcome) as stream,
        ):

            async def writer(base: int) -> None:
                for n in range(20):
                    async with acting(db.worker) as conn:
                        await publish(conn, "warning", county.E1, {"n": base + n})
                        await asyncio.sleep(0.001 * ((base + n) % 5))

            async with asyncio.TaskGroup() as tasks:
                got = tasks.create_task(take(stream, 120, within_s=60))
                for base in range(0, 600, 100):
                    tasks.create_task(writer(base))
            assert sorted(numbers(got.result())) == sorted(
                b + n for b in range(0, 600, 100) for n in range(20)
            )
            assert not stream._events

    asyncio.run(run())


def test_an_unknown_or_forgotten_position_starts_over(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db, feeding(db) as hub:
            for last_id in ("nonsense", "1:", "999999999:"):
                async with hub.stream(TOWN, welcome, last_id) as stream:
                    assert len(await take(stream, 1, kind="reset")) == 1

    asyncio.run(run())


def test_a_slow_console_is_told_to_start_over_and_delays_nobody(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "_MOST_EVENTS", 5)

    async def run() -> None:
        async with (
            Database.open(database) as db,
            feeding(db) as hub,
            hub.stream(TOWN, welcome) as slow,
            hub.stream(TOWN, welcome) as quick,
        ):
            async with asyncio.TaskGroup() as tasks:
                got = tasks.create_task(take(quick, 10))
                for n in range(10):
                    await say(db, county.E1, n)
                    await asyncio.sleep(0.02)
            assert numbers(got.result()) == list(range(10))
            messages = [m.event async for m in slow.messages()]
            assert messages[-1] == "reset"

    asyncio.run(run())


def test_measurements_are_joined_the_latest_of_each_point_within_scope(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with (
            Database.open(database) as db,
            feeding(db) as hub,
            hub.stream(TOWN, welcome) as town,
        ):
            for n in range(50):
                hub.publish("measurement", county.E1, {"items": [{"point_id": n % 3, "value": n}]})
                hub.publish("measurement", county.E2, {"items": [{"point_id": 9, "value": n}]})
            message = (await take(town, 1, kind="measurement"))[0]
            assert sorted((i["point_id"], i["value"]) for i in message.data["items"]) == [
                (0, 48),
                (1, 49),
                (2, 47),
            ]

    asyncio.run(run())


def test_a_stream_ends_with_its_session(database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "_HEARTBEAT_S", 0.1)

    async def run() -> None:
        left = [True, True, False]

        async def until_it_ends() -> bool:
            return left.pop(0)

        async with Database.open(database) as db, feeding(db) as hub:
            async with hub.stream(TOWN, until_it_ends) as stream:
                events = [m.event async for m in stream.messages()]
            assert events == ["heartbeat", "heartbeat", "heartbeat", "reset"]
            assert hub.streams == 0

    asyncio.run(run())


def test_a_console_moves_between_processes_without_losing_or_repeating(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db, feeding(db) as first, feeding(db) as second:
            last, seen = "", []
            for n in range(6):
                hub = (first, second)[n % 2]
                async with hub.stream(TOWN, welcome, last) as stream:
                    await say(db, county.E1, n)
                    (message,) = await take(stream, 1)
                    seen += numbers([message])
                    last = message.id
            assert seen == list(range(6))

    asyncio.run(run())


def test_a_thousand_warnings_at_once_end_no_stream_and_of_each_the_latest_is_told(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        async with (
            Database.open(database) as db,
            feeding(db) as hub,
            hub.stream(TOWN, welcome) as town,
        ):
            async with acting(db.worker) as conn:
                for change in ("opened", "called"):
                    for n in range(1000):
                        await publish(
                            conn, "warning", county.E1, {"id": f"case-{n}", "change": change, "n": n}
                        )
            messages = await take(town, 1000)
            assert numbers(messages) == list(range(1000))
            assert {message.data["change"] for message in messages} == {"called"}
            last = messages[-1].id
            await say(db, county.E1, 7)
            async with hub.stream(TOWN, welcome, last) as again:
                assert numbers(await take(again, 1)) == [7]

    asyncio.run(run())
