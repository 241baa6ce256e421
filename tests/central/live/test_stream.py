"""The stream as a browser has it: Server-Sent Events over a real socket."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from central.db.scope import acting
from central.live.service import publish
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import Database, DatabaseUrls


async def events(client: httpx.AsyncClient, count: int, last_id: str = "") -> list[dict[str, str]]:
    """The next events that are no heartbeat."""
    found: list[dict[str, str]] = []
    headers = {"last-event-id": last_id} if last_id else {}
    async with asyncio.timeout(10), client.stream("GET", "/api/v1/live", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        event: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                event[name] = value
            elif event:
                if event.get("event") != "heartbeat":
                    found.append(event)
                    if len(found) == count:
                        return found
                event = {}
    return found


async def say(database: Database, place: str, n: int) -> None:
    async with acting(database.worker) as conn:
        await publish(conn, "warning", place, {"n": n})


def test_a_township_hears_its_own_and_resumes_where_it_was(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("township") as client:
                async with asyncio.TaskGroup() as tasks:
                    heard = tasks.create_task(events(client, 1))
                    while server.hub.streams == 0:
                        await asyncio.sleep(0.05)
                    await say(server.database, county.E2, 0)
                    await say(server.database, county.E1, 1)
                (first,) = heard.result()
                assert first["event"] == "warning"
                assert json.loads(first["data"]) == {"n": 1}
                while server.hub.streams:
                    await asyncio.sleep(0.05)
                await say(server.database, county.E2, 2)
                await say(server.database, county.E1, 3)
                (second,) = await events(client, 1, first["id"])
                assert json.loads(second["data"]) == {"n": 3}
            async with server.client() as stranger:
                assert (await stranger.get("/api/v1/live")).status_code == 401

    asyncio.run(run())


def test_open_streams_end_when_the_centre_leaves(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with asyncio.timeout(15):
            async with serving(database) as server:
                await county.found(server.database)
                async with server.client("county") as client, client.stream("GET", "/api/v1/live") as answer:
                    lines = answer.aiter_lines()
                    await anext(lines)
                    server.hub.close()
                    async for _ in lines:
                        pass

    asyncio.run(run())
