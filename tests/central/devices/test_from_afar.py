"""From the console to a relay and back: a real gateway, a real router, the centre with its addresses."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from central.db.scope import acting
from central.devices import service as devices
from central.devices.keys import CentreKey
from central.ingest import worker
from central.ingest.commands import CommandSender
from central.telemetry.latest import LatestValues
from edge.drivers.tape import parse
from rig.slave import Slave
from tests.central import county
from tests.central.ingest.test_road import Consoles, eventually, free_endpoint, running_router
from tests.central.serving import serving
from tests.edge.plant_at_hand import running_gateway, write_config

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from central.db.pool import DatabaseUrls

OUTPUTS = """
[[outputs]]
name = "FAN-1"
title = "排风机"
bus = "field"
unit = 10
coil = 4
remote = true
off_when = ["not GT-101/H"]
"""


async def got(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def said(client: httpx.AsyncClient, path: str, **body: Any) -> tuple[int, Any]:
    answer = await client.post(f"/api/v1/{path}", json=body)
    return answer.status_code, answer.json()


def test_from_the_console_to_a_relay_and_back(database: DatabaseUrls, tmp_path: Path) -> None:
    endpoint, key, sender = free_endpoint(), CentreKey(bytes(32)), CommandSender(CentreKey(bytes(32)))
    board = Slave(1, 10, size=64)

    async def run() -> None:
        async with serving(database, commands=sender) as server:
            await county.found(server.database)
            async with acting(server.database.worker) as conn:
                await devices.register_gateway(
                    conn,
                    key,
                    gateway="gw-test",
                    enterprise_code="E1",
                    name="一号网关",
                    router=endpoint,
                    out=tmp_path / "credentials.json",
                    now=datetime.now(UTC),
                )
            ready = asyncio.Event()
            hearing = asyncio.create_task(
                worker.run(
                    server.database, Consoles(), key, worker.Ways(endpoint), LatestValues(), sender, ready
                )
            )
            try:
                async with (
                    asyncio.timeout(240),
                    board.tcp() as port,
                    server.client("enterprise") as plant,
                    server.client("county") as office,
                    server.client("installer") as installer,
                ):
                    await ready.wait()
                    path = write_config(tmp_path, port, uplink=True)
                    path.write_text(path.read_text() + OUTPUTS)
                    async with running_gateway(path):
                        await orders(plant, office, board)
                        await black_boxes(plant, installer)
                    await silences(office, installer, path)
                    rows = await server.database.worker.fetch(
                        "SELECT command, actor, result, output FROM command ORDER BY created_at"
                    )
                    done = [tuple(row) for row in rows if row["command"] != "tape"]
                    assert done == [
                        ("switch-on", "enterprise甲", "done", "FAN-1"),
                        ("switch-off", "enterprise甲", "refused", "FAN-1"),
                        ("switch-off", "enterprise甲", "done", "FAN-1"),
                    ]
            finally:
                hearing.cancel()
                await asyncio.wait([hearing])

    with running_router(endpoint):
        asyncio.run(run())


async def orders(plant: httpx.AsyncClient, office: httpx.AsyncClient, board: Slave) -> None:
    async def row(client: httpx.AsyncClient = plant) -> Any:
        items = (await got(client, "gateways/gw-test/outputs"))["items"]
        return items[0] if items else {"on": None}

    async def shows(on: bool) -> bool:
        return bool((await row())["on"] is on)

    await eventually(lambda: shows(False))
    before = await row()
    assert before["mine"]
    assert not (await row(office))["mine"]
    address = "gateways/gw-test/commands"
    order = {"command": "switch-on", "output": "FAN-1", "reason": "烟雾"}
    assert (await said(office, address, **order))[0] == 409
    assert (await said(plant, address, **{**order, "reason": " "}))[0] == 400
    assert (await said(plant, address, **{**order, "output": "main.horn"}))[0] == 409
    status, answer = await said(plant, address, **order)
    assert (status, answer["result"], answer["detail"]) == (200, "done", "read back on")
    assert board[10].coils[4] == 1
    await eventually(lambda: shows(True))
    assert (await row())["last"]["reason"] == "烟雾"

    board[1].holding[0] = 150  # gas: nobody switches the fan off now
    await eventually(lambda: board[10].coils[0])
    order = {"command": "switch-off", "output": "FAN-1", "reason": "噪声"}
    status, answer = await said(plant, address, **order)
    assert (status, answer["result"]) == (200, "refused")
    assert "not GT-101/H" in answer["detail"]
    assert board[10].coils[4] == 1
    board[1].holding[0] = 10
    await eventually(lambda: not board[10].coils[0] or (board[10].discrete.__setitem__(0, 1) or False))

    async def off() -> bool:
        _, now = await said(plant, address, **order)
        return bool(now["result"] == "done")

    await eventually(off)
    assert board[10].coils[4] == 0


async def black_boxes(plant: httpx.AsyncClient, installer: httpx.AsyncClient) -> None:
    assert (await said(plant, "gateways/gw-test/tapes/look"))[0] == 403
    status, there = await said(installer, "gateways/gw-test/tapes/look")
    assert (status, there["buses"]) == (200, ["field"])
    status, _ = await said(installer, "gateways/gw-test/tapes", which="other", reason="迟到的应答")
    assert status == 409
    status, kept = await said(installer, "gateways/gw-test/tapes", which="field", reason="迟到的应答")
    assert status == 201, kept
    assert [row["id"] for row in (await got(installer, "gateways/gw-test/tapes"))["items"]] == [kept["id"]]
    file = await installer.get(f"/api/v1/gateways/gw-test/tapes/{kept['id']}")
    assert file.headers["content-disposition"].endswith("field.tape.gz")
    assert hashlib.sha256(file.content).hexdigest() == kept["sha256"]
    recording = parse(gzip.decompress(file.content))
    assert recording.head["reason"].endswith("迟到的应答")
    assert len(recording.records) > 20


async def silences(office: httpx.AsyncClient, installer: httpx.AsyncClient, path: Path) -> None:
    async def absences() -> Any:
        return (await got(office, "gateways/gw-test/absences"))["items"]

    await eventually(absences)
    assert (await absences())[0]["ended_at"] is None
    waiting = (await got(installer, "field-tasks?kind=offline"))["items"]
    assert [(task["gateway_id"], task["name"]) for task in waiting] == [("gw-test", "一号网关")]
    kinds = {task["kind"]: task for task in (await got(installer, "field-tasks"))["items"]}
    assert kinds["commission"]["many"] == 1
    assert kinds["commission"]["detail"] == "GT-101"

    async def back() -> bool:
        return (await absences())[0]["ended_at"] is not None

    async with running_gateway(path):
        await eventually(back)
    found = (await absences())[0]
    assert found["reason"] == "restarted"
    assert found["began_at"] < found["ended_at"]


def test_a_page_of_absences_that_cannot_be_is_refused(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client:
                for query in ("cursor=x", "cursor=WyIyMDI2Il0", "limit=0", "limit=101"):
                    answer = await client.get(f"/api/v1/gateways/gw-x/absences?{query}")
                    assert answer.status_code == 400, answer.text

    asyncio.run(run())
