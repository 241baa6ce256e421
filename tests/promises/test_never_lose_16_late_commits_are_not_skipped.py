"""Law of never losing, 16: no reader advances by a number; a late commit still reaches the consoles."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from central.db.pool import Database
from central.db.scope import Scope, acting
from central.live.hub import Hub
from central.live.service import publish
from tests.central import county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

COMMITS = 12


async def _welcome() -> bool:
    return True


def test_transactions_that_commit_in_reverse_order_are_all_told_once_to_all(database: DatabaseUrls) -> None:
    """Numbers are drawn in one order and committed in the other; one console listens, one resumes."""

    async def run() -> None:
        async with Database.open(database, worker_size=COMMITS + 4) as db:
            hub = Hub(db)
            heard: list[int] = []
            resumed: list[int] = []
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(hub.run())
                async with hub.stream(Scope.region("42"), _welcome) as stream:

                    async def listen() -> None:
                        async for message in stream.messages():
                            heard.extend([message.data["n"]] if message.event == "warning" else [])

                    listening = tasks.create_task(listen())
                    gates = [asyncio.Event() for _ in range(COMMITS)]
                    drawn = [asyncio.Event() for _ in range(COMMITS)]

                    async def writer(n: int) -> None:
                        async with acting(db.worker) as conn:
                            await publish(conn, "warning", county.E1, {"n": n})
                            drawn[n].set()
                            await gates[n].wait()

                    writers = []
                    for n in range(COMMITS):
                        writers.append(tasks.create_task(writer(n)))
                        await drawn[n].wait()
                    last = stream.position
                    for n in reversed(range(COMMITS)):
                        gates[n].set()
                        await writers[n]
                        async with hub.stream(Scope.region("42"), _welcome, last) as again:
                            for message in again._first:
                                if message.event == "warning":
                                    resumed.append(message.data["n"])
                                    last = message.id
                    async with asyncio.timeout(10):
                        while len(heard) < COMMITS:
                            await asyncio.sleep(0.05)
                    await asyncio.sleep(0.3)
                    hub.close()
                    await listening
                running.cancel()
            assert sorted(heard) == list(range(COMMITS))
            assert sorted(resumed) == list(range(COMMITS))

    asyncio.run(run())
