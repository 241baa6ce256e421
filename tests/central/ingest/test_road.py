"""A real Zenoh router on loopback, real frames, the whole of ingest in this process."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zenoh

from central.db.errors import ConfigurationError
from central.db.pool import Database
from central.devices.keys import CentreKey, Verifier, credentials
from central.ingest import router as zenoh_router
from central.ingest import worker
from central.ingest.commands import CommandSender
from central.ingest.metrics import REFUSED
from central.telemetry.latest import LatestValues
from protocol import codec, keys
from protocol import messages as m
from tests.central import county
from tests.central.ingest.plant import Sim, register

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from central.db.pool import DatabaseUrls


class Consoles:
    """Remembers what consoles would have been told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.streams = 1

    def publish(self, kind: str, place: str, payload: dict[str, Any], sector: str = "") -> None:
        self.told.append((place, payload))


def free_endpoint() -> str:
    with socket.create_server(("127.0.0.1", 0)) as s:
        return f"tcp/127.0.0.1:{s.getsockname()[1]}"


@contextmanager
def running_router(endpoint: str) -> Iterator[subprocess.Popen[bytes]]:
    """The router as its own process, killed at the end."""
    code = f"import asyncio; from central.ingest import router; asyncio.run(router.serve({endpoint!r}))"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[3])
    host, port = endpoint.removeprefix("tcp/").split(":")
    try:
        for _ in range(200):
            with socket.socket() as s:
                if s.connect_ex((host, int(port))) == 0:
                    break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait(10)


class Field:
    """A gateway's session."""

    def __init__(self, endpoint: str) -> None:
        config = {
            "mode": "client",
            "connect": {"endpoints": [endpoint], "timeout_ms": 5000},
            "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
        }
        self.session = zenoh.open(zenoh.Config.from_json5(json.dumps(config)))

    def ask(self, gateway: str, payload: bytes, timeout: float = 5.0) -> m.Receipt | str | None:
        for reply in self.session.get(keys.build(gateway, keys.UPLINK), payload=payload, timeout=timeout):
            if reply.ok is None:
                return "error"
            frame = codec.open_frame(reply.ok.payload.to_bytes())
            message = codec.decode(frame)
            assert isinstance(message, m.Receipt)
            return message
        return None

    def put(self, gateway: str, leaf: str, payload: bytes) -> None:
        self.session.put(keys.build(gateway, leaf), payload)


class Running:
    def __init__(self, database: Database, field: Field, consoles: Consoles, sender: CommandSender) -> None:
        self.database = database
        self.field = field
        self.consoles = consoles
        self.sender = sender

    async def ask(self, sim: Sim, message: m.Message | bytes, key: str = "") -> m.Receipt | str | None:
        payload = message if isinstance(message, bytes) else sim.sealed(message)
        return await asyncio.to_thread(self.field.ask, key or sim.id, payload)

    async def stored(self, sim: Sim, message: m.Message) -> m.Receipt:
        receipt = await self.ask(sim, message)
        assert isinstance(receipt, m.Receipt)
        assert receipt.status == m.STORED, receipt
        return receipt


async def eventually(probe: Callable[[], Any], within_s: float = 60.0) -> Any:
    deadline = time.monotonic() + within_s
    while True:
        found = probe()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return found
        assert time.monotonic() < deadline, "did not happen"
        await asyncio.sleep(0.05)


@asynccontextmanager
async def running(urls: DatabaseUrls, endpoint: str, *sims: Sim) -> AsyncIterator[Running]:
    async with Database.open(urls, web_size=3, worker_size=8) as database:
        await county.found(database)
        await register(database, *sims)
        key = CentreKey(bytes(32))
        consoles, sender, ready = Consoles(), CommandSender(key), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(
                worker.run(database, consoles, key, worker.Ways(endpoint), LatestValues(), sender, ready)
            )
            await asyncio.wait_for(ready.wait(), 20)
            field = await asyncio.to_thread(Field, endpoint)
            await asyncio.sleep(0.3)
            try:
                yield Running(database, field, consoles, sender)
            finally:
                await asyncio.to_thread(field.session.close)
                task.cancel()


def test_frames_come_by_the_road_and_receipts_go_back(database: DatabaseUrls) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        sim = Sim("gw-a")
        async with running(database, endpoint, sim) as r:
            await r.stored(sim, sim.birth())
            await r.stored(sim, sim.measurements(1, 4))
            await r.stored(sim, sim.events(1, [sim.alarm(1)]))
            assert await r.database.worker.fetchval("SELECT count(*) FROM measurement") == 8
            items = await eventually(lambda: [t for t in r.consoles.told if t[0] == county.E1])
            assert {i["quality_text"] for i in items[0][1]["items"]} == {"good"}

    with running_router(endpoint):
        asyncio.run(body())


def test_what_is_not_believed_is_refused_and_nobody_else_notices(database: DatabaseUrls) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        sim, other, stranger = Sim("gw-a"), Sim("gw-b"), Sim("gw-zzz")
        async with running(database, endpoint, sim, other) as r:
            await r.stored(sim, sim.birth())
            newer = codec._encode(m.Frame(99, m.BIRTH, "gw-a", b"", b""))
            forged = Sim("gw-a").sealed(sim.birth())
            attempts: list[tuple[bytes, str, str]] = [
                (b"\x00garbage", "gw-a", "malformed"),
                (forged, "gw-a", "signature"),
                (newer, "gw-a", "too_new"),
                (bytes(codec.FRAME_LIMIT + 1), "gw-a", "too_large"),
                (stranger.sealed(stranger.birth()), "gw-zzz", "unknown_gateway"),
                (other.sealed(other.birth()), "gw-a", "signer"),
                (sim.sealed(sim.heartbeat()), "gw-a", "misplaced"),
            ]
            for payload, key, reason in attempts:
                before = REFUSED.labels(reason)._value.get()
                receipt = await r.ask(sim, payload, key)
                assert isinstance(receipt, m.Receipt)
                assert receipt.status == m.REFUSED
                assert reason in receipt.reason
                assert REFUSED.labels(reason)._value.get() == before + 1
            await r.stored(sim, sim.measurements(1, 2))
            assert await r.database.worker.fetchval("SELECT count(*) FROM birth") == 1

    with running_router(endpoint):
        asyncio.run(body())


def test_heartbeats_make_a_gateway_present_and_their_absence_absent(database: DatabaseUrls) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        sim = Sim("gw-a")
        async with running(database, endpoint, sim) as r:
            await r.stored(sim, sim.birth())

            async def presence() -> str:
                word: str = await r.database.worker.fetchval("SELECT presence FROM gateway_state")
                return word

            assert await presence() == "offline"
            sim.claim(event=3, measurement=9)
            r.field.put("gw-a", keys.HEARTBEAT, sim.sealed(sim.heartbeat(period_ms=500)))

            async def online() -> bool:
                return await presence() == "online"

            async def offline() -> bool:
                return await presence() == "offline"

            await eventually(online)
            claims = await r.database.worker.fetch("SELECT stream, head FROM head_claim ORDER BY stream")
            assert [tuple(c) for c in claims] == [(1, 3), (2, 9)]
            await eventually(offline)
            told = await r.database.worker.fetch(
                "SELECT payload ->> 'presence' AS p FROM live_event WHERE kind = 'presence' ORDER BY id"
            )
            assert (told[0]["p"], told[-1]["p"]) == ("online", "offline")
            assert await r.database.worker.fetchval("SELECT kind FROM warning") == "presence"

    with running_router(endpoint):
        asyncio.run(body())


def test_two_boots_that_speak_in_turn_are_a_warning(database: DatabaseUrls) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        sim = Sim("gw-a")
        async with running(database, endpoint, sim) as r:
            await r.stored(sim, sim.birth())
            for boot in (77, 78, 77, 78, 77):
                r.field.put("gw-a", keys.HEARTBEAT, sim.sealed(sim.heartbeat(boot=boot)))
                await asyncio.sleep(0.05)

            async def warned() -> Any:
                return await r.database.worker.fetchval(
                    "SELECT interleaved_at IS NOT NULL AND (SELECT count(*) FROM warning) = 1"
                    " FROM gateway_state"
                )

            await eventually(warned)

    with running_router(endpoint):
        asyncio.run(body())


def test_live_copies_fill_the_newest_values_before_the_backlog_is_in(database: DatabaseUrls) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        sim = Sim("gw-a")
        async with running(database, endpoint, sim) as r:
            await r.stored(sim, sim.birth())
            r.field.put("gw-a", keys.LIVE, sim.sealed(sim.measurements(500, 1, raw=42)))

            def shown() -> list[float]:
                return [i["value"] for _, p in r.consoles.told for i in p["items"]]

            await eventually(lambda: 42 * 0.1 in shown())
            told = len(r.consoles.told)
            await r.stored(sim, sim.measurements(1, 2, raw=7))
            await asyncio.sleep(0.6)
            assert r.consoles.told[told:] == []
            assert await r.database.worker.fetchval("SELECT count(*) FROM measurement") == 4

    with running_router(endpoint):
        asyncio.run(body())


def test_a_command_goes_out_signed_and_its_answer_comes_back(database: DatabaseUrls) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        sim = Sim("gw-a")
        key = CentreKey(bytes(32))
        async with running(database, endpoint, sim) as r:
            await r.stored(sim, sim.birth())

            def obey(query: zenoh.Query) -> None:
                with query:
                    assert query.payload is not None
                    frame = codec.open_frame(query.payload.to_bytes())
                    codec.check_signature(frame, Verifier(key.public))
                    command = codec.decode(frame)
                    assert isinstance(command, m.Command)
                    reply = m.Reply(command.id, "gw-a", 77, "done", "silenced", 5)
                    query.reply(query.key_expr, sim.sealed(reply))

            listening = r.field.session.declare_queryable(keys.build("gw-a", keys.COMMAND), obey)
            order = m.Command("3f0e", "gw-a", 77, "silence", "", "王五", "", 10)

            async def obeyed() -> bool:  # the declaration needs a moment on its way through the router
                return await r.sender.send(order) == ("done", "silenced")

            await eventually(obeyed)
            listening.undeclare()  # type: ignore[no-untyped-call]
            assert (await r.sender.send(order))[0] == "silent"

    with running_router(endpoint):
        asyncio.run(body())


@pytest.mark.parametrize("first", [True, False], ids=["old box first", "old box last"])
def test_a_replaced_box_that_still_listens_swallows_no_command(database: DatabaseUrls, first: bool) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        sim, replaced = Sim("gw-a"), Sim("gw-a")  # one name, two keys
        async with running(database, endpoint, sim) as r:
            await r.stored(sim, sim.birth())
            boxes = [replaced, sim] if first else [sim, replaced]
            fields = [await asyncio.to_thread(Field, endpoint) for _ in boxes]
            asked: list[Sim] = []

            def answer_as(box: Sim) -> Callable[[zenoh.Query], None]:
                def answer(query: zenoh.Query) -> None:
                    with query:
                        assert query.payload is not None
                        command = codec.decode(codec.open_frame(query.payload.to_bytes()))
                        assert isinstance(command, m.Command)
                        asked.append(box)
                        if box is sim:
                            time.sleep(0.2)  # the true one answers last
                        result = "done" if box is sim else "foreign"
                        query.reply(
                            query.key_expr, box.sealed(m.Reply(command.id, "gw-a", 77, result, "", 5))
                        )

                return answer

            held = [
                field.session.declare_queryable(
                    keys.build("gw-a", keys.COMMAND), answer_as(box), complete=True
                )
                for field, box in zip(fields, boxes, strict=True)
            ]
            order = m.Command("3f0e", "gw-a", 77, "silence", "", "王五", "", 10)

            async def reached() -> bool:  # both declarations need a moment on their way through the router
                asked.clear()
                await r.sender.send(order)
                return len(asked) == 2

            await eventually(reached)
            assert (await r.sender.send(order))[0] == "done"
            for one in held:
                one.undeclare()  # type: ignore[no-untyped-call]
            for field in fields:
                await asyncio.to_thread(field.session.close)

    with running_router(endpoint):
        asyncio.run(body())


def test_after_the_router_was_killed_gateways_are_heard_again(database: DatabaseUrls) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        sim = Sim("gw-a")
        with running_router(endpoint) as first:
            async with running(database, endpoint, sim) as r:
                await r.stored(sim, sim.birth())
                first.kill()
                first.wait(10)
                with running_router(endpoint):

                    async def again() -> bool:
                        receipt = await r.ask(sim, sim.measurements(1, 2))
                        return isinstance(receipt, m.Receipt) and receipt.status == m.STORED

                    await eventually(again, 40)

    asyncio.run(body())


def test_a_router_beyond_loopback_needs_mutual_tls(tmp_path: Path) -> None:
    zenoh_router.router_config("tcp/127.0.0.1:7447")
    zenoh_router.router_config("tcp/[::1]:7447")
    files = [tmp_path / name for name in ("ca.pem", "cert.pem", "key.pem")]
    tls = zenoh_router.TlsFiles(*files)
    for listen in ("tcp/0.0.0.0:7447", "tcp/10.1.2.3:7447", "tls/0.0.0.0:7447", "nonsense", "tcp/example:x"):
        with pytest.raises(ConfigurationError):
            zenoh_router.router_config(listen)
    with pytest.raises(ConfigurationError, match="no such file"):
        zenoh_router.router_config("tls/0.0.0.0:7447", tls)
    for file in files:
        file.write_text("x")
    config = zenoh_router.router_config("tls/0.0.0.0:7447", tls)
    assert config["transport"]["link"]["tls"]["enable_mtls"] is True
    with pytest.raises(ConfigurationError):
        zenoh_router.router_config("tcp/0.0.0.0:7447", tls)


def test_credentials_let_both_sides_believe_each_other(tmp_path: Path) -> None:
    key = CentreKey.load(tmp_path)
    assert (tmp_path / "centre-key.json").stat().st_mode & 0o777 == 0o600
    assert CentreKey.load(tmp_path).public == key.public
    text, public = credentials("gw-a", key, "tcp/127.0.0.1:7447")
    told = json.loads(text)
    assert base64.b64decode(told["centre_public_key"]) == key.public
    assert set(told) == {"gateway", "seed", "centre_public_key", "router"}
    assert len(public) == 32
    (tmp_path / "centre-key.json").write_text("{}")
    with pytest.raises(ConfigurationError, match="backup"):
        CentreKey.load(tmp_path)


def test_a_gateway_is_known_the_moment_it_is_registered(database: DatabaseUrls) -> None:
    endpoint = free_endpoint()

    async def body() -> None:
        async with running(database, endpoint) as r:
            for n in range(5):
                sim = Sim(f"gw-new-{n}")
                stranger = await r.ask(sim, sim.birth())
                assert isinstance(stranger, m.Receipt)
                assert stranger.status in {m.REFUSED, m.BUSY}
                await register(r.database, sim)

                async def taken(sim: Sim = sim) -> bool:
                    receipt = await r.ask(sim, sim.birth())
                    assert isinstance(receipt, m.Receipt)
                    assert receipt.status in {m.STORED, m.BUSY}
                    return receipt.status == m.STORED

                await eventually(taken, 2)

    with running_router(endpoint):
        asyncio.run(body())
