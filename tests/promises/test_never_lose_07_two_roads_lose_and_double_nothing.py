"""law-never-lose 6, 7: roads are cut and come back while batches are under way; all is stored, and once.

A real gateway with a real slave, a real Zenoh router, a real Mosquitto, and the real ingest on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.db.pool import Database
from central.devices.keys import CentreKey
from central.ingest import gaps, worker
from central.ingest.commands import CommandSender
from central.telemetry.latest import LatestValues
from edge.status import ask
from rig.slave import Slave
from tests.central import county
from tests.central.ingest.plant import Sim, register
from tests.central.ingest.test_road import Consoles, eventually, free_endpoint, running_router
from tests.edge.leaf.leaf_at_hand import Broker
from tests.edge.plant_at_hand import running_gateway, write_config

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

KEY = CentreKey(bytes(32))


def credentials(folder: Path, seed: bytes, router: str, broker: str) -> None:
    path = folder / "credentials.json"
    path.write_text(
        json.dumps(
            {
                "gateway": "gw-test",
                "seed": base64.b64encode(seed).decode(),
                "centre_public_key": base64.b64encode(KEY.public).decode(),
                "router": router,
                "broker": broker,
            }
        )
    )
    path.chmod(0o600)


def impatient(path: Path) -> Path:
    """Make the gateway change roads within a second or two."""
    text = path.read_text().replace("[uplink]", "[uplink]\nfall_over_s = 1.0\nprobe_s = 1.0")
    path.write_text(text)
    return path


def known(seed: bytes) -> Sim:
    sim = Sim("gw-test")
    sim.public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return sim


@pytest.mark.timeout(400)
def test_each_road_is_cut_and_comes_back_while_batches_are_under_way(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    endpoint, seed = free_endpoint(), bytes(range(32))
    broker = Broker(tmp_path)
    url = f"mqtt://127.0.0.1:{broker.port}"
    board = Slave(1, 10, size=64)

    async def road() -> str:
        state = await ask(tmp_path / "state")
        return str(state["road"]) if state["uplink"] == "connected" else ""

    async def cut_and_mend(db: Database, router: int) -> None:
        async def stored() -> int:
            return int(await db.worker.fetchval("SELECT count(*) FROM ledger"))

        async def by(name: str) -> None:
            async def used() -> bool:
                return await road() == name

            await eventually(used)
            kept = await stored()

            async def grown() -> bool:
                return await stored() > kept + 3

            await eventually(grown)

        await by("zenoh")
        os.kill(router, signal.SIGSTOP)  # silent: connections stand and nobody answers
        board[1].holding[0] = 150  # an alarm goes the other way
        await by("mqtt")
        os.kill(router, signal.SIGCONT)
        await by("zenoh")  # a probe was answered
        os.kill(router, signal.SIGSTOP)
        broker.stop()  # now both are gone
        board[1].holding[0] = 20
        await asyncio.sleep(1.5)
        broker.start()
        await by("mqtt")

    async def body(router: int) -> None:
        credentials(tmp_path, seed, endpoint, url)
        async with Database.open(database, web_size=3, worker_size=8) as db, board.tcp() as port:
            await county.found(db)
            await register(db, known(seed))
            path = impatient(write_config(tmp_path, port, uplink=True))
            ready = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                ways = worker.Ways(endpoint, url)
                work = worker.run(db, Consoles(), KEY, ways, LatestValues(), CommandSender(KEY), ready)
                task = group.create_task(work)
                await asyncio.wait_for(ready.wait(), 60)
                async with running_gateway(path):
                    await cut_and_mend(db, router)
                    await drained()
                task.cancel()
            summary = (await gaps.audit(db)).summary
            assert (summary.missing, summary.duplicate, summary.declared_lost) == (0, 0, 0)
            assert summary.records > 50
            twice = "SELECT count(*) FROM (SELECT 1 FROM event GROUP BY epoch, seq HAVING count(*) > 1) AS t"
            assert await db.worker.fetchval(twice) == 0
            states = "SELECT count(*) FROM event WHERE kind = 'alarm'"
            assert await db.worker.fetchval(states) >= 2

    async def drained() -> None:
        async def empty() -> bool:
            state = await ask(tmp_path / "state")
            return int(state["events"]["waiting"]) == 0 and int(state["measurements"]["waiting"]) <= 1

        await eventually(empty)

    try:
        with running_router(endpoint) as process:
            try:
                asyncio.run(body(process.pid))
            finally:
                process.send_signal(signal.SIGCONT)
    finally:
        broker.stop()
