"""law-never-lose 7: linked routers, two central processes on one database, real frames on both roads."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import zenoh

from central.db.pool import Database
from central.devices.keys import CentreKey
from central.ingest import gaps, worker
from central.ingest.commands import CommandSender
from central.ingest.gaps import Summary
from central.telemetry.latest import LatestValues
from edge.uplink.mqtt_road import MqttRoad
from edge.uplink.road import RoadBlocked
from protocol import codec, keys
from protocol import messages as m
from tests.central import county
from tests.central.ingest.plant import Sim, register
from tests.central.ingest.test_road import Consoles, eventually, free_endpoint, running_router
from tests.edge.leaf.leaf_at_hand import Broker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central.db.pool import DatabaseUrls

KEY = CentreKey(bytes(32))


@contextmanager
def linked_router(endpoint: str, link: str) -> Iterator[None]:
    """A router that makes a mesh with another one."""
    code = (
        "import asyncio; from central.ingest import router;"
        f" asyncio.run(router.serve({endpoint!r}, links=[{link!r}]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    try:
        yield
    finally:
        process.kill()
        process.wait(10)


def asked_of_all(session: zenoh.Session, sim: Sim, message: m.Message) -> list[m.Receipt]:
    """Ask every centre in the mesh, as linked routers may do by themselves."""
    replies = session.get(
        keys.build(sim.id, keys.UPLINK),
        payload=sim.sealed(message),
        target=zenoh.QueryTarget.ALL,
        consolidation=zenoh.ConsolidationMode.NONE,
        timeout=10.0,
    )
    found = []
    for reply in replies:
        assert reply.ok is not None
        receipt = codec.decode(codec.open_frame(reply.ok.payload.to_bytes()))
        assert isinstance(receipt, m.Receipt)
        found.append(receipt)
    return found


def test_each_batch_comes_to_both_centres_and_by_both_roads_and_is_stored_once(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    here, there = free_endpoint(), free_endpoint()
    broker = Broker(tmp_path)
    url = f"mqtt://127.0.0.1:{broker.port}"

    async def body() -> None:
        sim = Sim("gw-a")
        async with Database.open(database, web_size=3, worker_size=10) as db:
            await county.found(db)
            await register(db, sim)
            async with asyncio.TaskGroup() as group:
                tasks = []
                for endpoint in (here, there):
                    ready = asyncio.Event()
                    ways = worker.Ways(endpoint, url)
                    work = worker.run(db, Consoles(), KEY, ways, LatestValues(), CommandSender(KEY), ready)
                    tasks.append(group.create_task(work))
                    await asyncio.wait_for(ready.wait(), 60)
                await deliver(sim)
                summary = (await gaps.audit(db)).summary
                assert summary == Summary(1, 45, 0, 0, 0)
                for task in tasks:
                    task.cancel()

    async def deliver(sim: Sim) -> None:
        config = {"mode": "client", "connect": {"endpoints": [here]}}
        config |= {"scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}}}
        session = await asyncio.to_thread(zenoh.open, zenoh.Config.from_json5(json.dumps(config)))
        road = MqttRoad(sim.id, url, None, asyncio.Queue())

        async def both(message: m.Message) -> list[m.Receipt]:
            return await asyncio.to_thread(asked_of_all, session, sim, message)

        async def by_mqtt(message: m.Message) -> bool:
            with suppress(RoadBlocked):
                await road.open()
                data = await road.ask(keys.UPLINK, sim.sealed(message), 10)
                receipt = codec.decode(codec.open_frame(data))
                return isinstance(receipt, m.Receipt) and receipt.status == m.STORED
            return False

        async def stored_twice(message: m.Message) -> bool:
            statuses = [receipt.status for receipt in await both(message)]
            return statuses == [m.STORED, m.STORED]

        try:
            await eventually(lambda: stored_twice(sim.birth()))
            for n in range(15):
                batch = sim.measurements(n * 3 + 1, 3)
                await asyncio.gather(
                    eventually(partial(stored_twice, batch)),
                    eventually(partial(by_mqtt, batch)),
                )
        finally:
            await road.close()
            await asyncio.to_thread(session.close)

    try:
        with running_router(here), linked_router(there, here):
            asyncio.run(body())
    finally:
        broker.stop()
