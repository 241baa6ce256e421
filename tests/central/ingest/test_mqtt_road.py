"""A real Mosquitto, the gateway's own MQTT road and the leaf's, the whole of ingest in this process."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from central.db.errors import ConfigurationError
from central.db.pool import Database
from central.devices.keys import CentreKey, Verifier
from central.ingest import mqtt_road, worker
from central.ingest.commands import CommandSender
from central.ingest.metrics import REFUSED
from central.ingest.rate import Limits, Rates
from central.telemetry.latest import LatestValues
from edge.leaf.mqtt import OPEN, Client
from edge.uplink.mqtt_road import MqttRoad
from edge.uplink.road import COMMANDS_WAITING, Commands, RoadBlocked
from protocol import codec, keys
from protocol import messages as m
from tests.central import county
from tests.central.ingest.plant import Sim, register
from tests.central.ingest.test_road import Consoles, eventually, free_endpoint
from tests.edge.leaf.leaf_at_hand import PlainTcp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from central.db.pool import DatabaseUrls
    from tests.edge.leaf.leaf_at_hand import Broker

KEY = CentreKey(bytes(32))


class Field:
    """A gateway on the MQTT road."""

    def __init__(self, sim: Sim, broker: Broker) -> None:
        self.sim = sim
        self.commands: Commands = asyncio.Queue(COMMANDS_WAITING)
        self.road = MqttRoad(sim.id, f"mqtt://127.0.0.1:{broker.port}", None, self.commands)

    async def ask(self, message: m.Message | bytes) -> m.Receipt:
        payload = message if isinstance(message, bytes) else self.sim.sealed(message)
        data = await self.road.ask(keys.UPLINK, payload, 20)
        frame = codec.open_frame(data)
        codec.check_signature(frame, Verifier(KEY.public))
        receipt = codec.decode(frame)
        assert isinstance(receipt, m.Receipt)
        return receipt

    async def stored(self, message: m.Message) -> m.Receipt:
        receipt = await self.ask(message)
        assert receipt.status == m.STORED, receipt
        return receipt


class Running:
    def __init__(self, database: Database, consoles: Consoles, sender: CommandSender, broker: Broker) -> None:
        self.database = database
        self.consoles = consoles
        self.sender = sender
        self.broker = broker

    @asynccontextmanager
    async def field(self, sim: Sim) -> AsyncIterator[Field]:
        field = Field(sim, self.broker)
        await field.road.open()
        try:
            yield field
        finally:
            await field.road.close()


@asynccontextmanager
async def running(
    urls: DatabaseUrls, broker: Broker, *sims: Sim, processes: int = 1, **ways: Any
) -> AsyncIterator[Running]:
    """So many central processes' ingests on one database and one broker."""
    async with Database.open(urls, web_size=3, worker_size=8) as database:
        await county.found(database)
        await register(database, *sims)
        consoles, sender = Consoles(), CommandSender(KEY)
        given = {"broker": f"mqtt://127.0.0.1:{broker.port}", **ways}
        async with asyncio.TaskGroup() as group:
            tasks = []
            for _ in range(processes):
                ready = asyncio.Event()
                work = worker.run(
                    database, consoles, KEY, worker.Ways(**given), LatestValues(), sender, ready
                )
                tasks.append(group.create_task(work))
                await asyncio.wait_for(ready.wait(), 60)
            try:
                yield Running(database, consoles, sender, broker)
            finally:
                for task in tasks:
                    task.cancel()


def test_frames_come_by_mqtt_and_receipts_go_back(database: DatabaseUrls, broker: Broker) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        # The router of this centre is not there, and holds up nobody.
        async with running(database, broker, sim, router=free_endpoint()) as r, r.field(sim) as f:
            await f.stored(sim.birth())
            one, two = await asyncio.gather(
                f.stored(sim.events(1, [sim.alarm(1)])), f.stored(sim.measurements(1, 4))
            )
            assert (one.stream, two.stream) == (m.EVENT, m.MEASUREMENT)
            assert await r.database.worker.fetchval("SELECT count(*) FROM measurement") == 8
            await f.road.put(keys.LIVE, sim.sealed(sim.measurements(500, 1, raw=42)))
            await eventually(
                lambda: any(i["value"] == 42 * 0.1 for _, p in r.consoles.told for i in p["items"])
            )
            await f.road.put(keys.HEARTBEAT, sim.sealed(sim.heartbeat()))

            async def present() -> bool:
                row = await r.database.worker.fetchrow("SELECT presence, road FROM gateway_state")
                return row is not None and tuple(row) == ("online", "mqtt")

            await eventually(present)

    asyncio.run(body())


def test_a_leaf_without_correlation_data_is_served_by_the_same_centre(
    database: DatabaseUrls, broker: Broker
) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with running(database, broker, sim):
            client = Client(
                lambda: PlainTcp(broker.port),
                sim.id,
                [keys.build(sim.id, keys.RECEIPT), keys.build(sim.id, keys.COMMAND)],
                (keys.build(sim.id, keys.PRESENCE), b"gone"),
            )

            def turn() -> bool:
                client.turn(time.monotonic_ns() // 1_000_000)
                return bool(client.state == OPEN)

            await eventually(turn)
            topic = keys.build(sim.id, keys.UPLINK)
            for message in (sim.birth(), sim.events(1, [sim.alarm(1)]), sim.measurements(1, 2)):
                assert client.publish(topic, sim.sealed(message))
                await eventually(lambda: turn() and client.received)
                receipt = codec.decode(codec.open_frame(client.received.pop(0)[1]))
                assert getattr(receipt, "status", 0) == m.STORED
            client.close(0)

    asyncio.run(body())


def test_what_is_not_believed_is_refused(database: DatabaseUrls, broker: Broker) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with running(database, broker, sim) as r, r.field(sim) as f:
            attempts = [
                (b"\x00garbage", "malformed"),
                (Sim("gw-a").sealed(sim.birth()), "signature"),
                (Sim("gw-b").sealed(sim.birth()), "signer"),
                (bytes(codec.FRAME_LIMIT + 1), "too_large"),
                (sim.sealed(sim.heartbeat()), "misplaced"),
            ]
            for payload, reason in attempts:
                receipt = await f.ask(payload)
                assert receipt.status == m.REFUSED
                assert reason in receipt.reason
            await f.stored(sim.birth())

    asyncio.run(body())


def test_a_command_goes_out_by_mqtt_and_its_answer_reaches_the_process_that_asked(
    database: DatabaseUrls, broker: Broker
) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with running(database, broker, sim, processes=3) as r, r.field(sim) as f:
            await f.stored(sim.birth())

            async def obey() -> None:
                while True:
                    question = await f.commands.get()
                    command = codec.decode(codec.open_frame(question.payload))
                    assert isinstance(command, m.Command)
                    await question.reply(sim.sealed(m.Reply(command.id, "gw-a", 77, "done", "silenced", 5)))

            obeying = asyncio.ensure_future(obey())
            for number in range(4):
                order = m.Command(f"order-{number}", "gw-a", 77, "silence", "", "王五", "", 10)
                assert await r.sender.send(order) == ("done", "silenced")
            obeying.cancel()
            with suppress(asyncio.CancelledError):
                await obeying
            nobody = m.Command("order-9", "gw-b", 77, "silence", "", "王五", "", 10)
            began = time.monotonic()
            assert (await r.sender.send(nobody))[0] == "silent"
            assert time.monotonic() - began < 9  # told by the broker, not by patience

    asyncio.run(body())


def test_of_three_processes_one_answers_each_frame_and_all_see_live_copies(
    database: DatabaseUrls, broker: Broker
) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with running(database, broker, sim, processes=3) as r, r.field(sim) as f:
            await f.stored(sim.birth())
            for n in range(20):
                await f.stored(sim.measurements(n * 2 + 1, 2))
            assert await r.database.worker.fetchval("SELECT count(*) FROM ledger") == 20
            await f.road.put(keys.LIVE, sim.sealed(sim.measurements(500, 1, raw=42)))

            def seen() -> bool:
                return len([1 for _, p in r.consoles.told for i in p["items"] if i["value"] == 42 * 0.1]) >= 3

            await eventually(seen)

    asyncio.run(body())


def test_after_the_broker_was_killed_gateways_are_heard_again(database: DatabaseUrls, broker: Broker) -> None:
    async def body() -> None:
        sim = Sim("gw-a")
        async with running(database, broker, sim) as r, r.field(sim) as f:
            await f.stored(sim.birth())
            broker.stop()
            with pytest.raises(RoadBlocked):
                await f.ask(sim.measurements(1, 2))
            broker.start()

            async def again() -> bool:
                with suppress(RoadBlocked):
                    return bool((await f.ask(sim.measurements(1, 2))).status == m.STORED)
                return False

            await eventually(again)

    asyncio.run(body())


def test_a_broker_with_nobody_behind_it_says_so_at_once(broker: Broker) -> None:
    async def body() -> None:
        field = Field(Sim("gw-a"), broker)
        await field.road.open()
        try:
            with pytest.raises(RoadBlocked, match="nobody"):
                await field.ask(field.sim.birth())
        finally:
            await field.road.close()

    asyncio.run(body())


def test_a_gateway_that_sends_too_much_is_told_busy_and_its_alarms_are_taken(
    database: DatabaseUrls, broker: Broker
) -> None:
    async def body() -> None:
        sim, other = Sim("gw-a"), Sim("gw-b")
        limits = Limits(frames_per_s=0.5, bytes_per_s=0)
        async with (
            running(database, broker, sim, other, limits=limits) as r,
            r.field(sim) as f,
            r.field(other) as g,
        ):
            await f.stored(sim.birth())
            before = REFUSED.labels("rate")._value.get()
            answers = [(await f.ask(sim.measurements(n * 2 + 1, 2))).status for n in range(4)]
            assert answers[0] == m.STORED
            assert m.BUSY in answers
            assert REFUSED.labels("rate")._value.get() > before
            await eventually(lambda: f.ask(sim.birth()))
            await g.stored(other.birth())
            await g.stored(other.measurements(1, 2))

    asyncio.run(body())


def test_buckets_fill_with_time_and_kinds_do_not_share_them() -> None:
    rates = Rates(Limits(frames_per_s=10, bytes_per_s=1 << 20))
    burst = [rates.admits("gw", "measurement", 100, 0.0) for _ in range(31)]
    assert burst == [True] * 30 + [False]
    assert rates.admits("gw", "event", 100, 0.0)
    assert rates.admits("other", "measurement", 100, 0.0)
    assert rates.admits("gw", "measurement", 100, 0.2)
    large = [rates.admits("bytes", "event", 1 << 20, 0.0) for _ in range(4)]
    assert large == [True, True, True, False]
    assert all(Rates(Limits(0, 0)).admits("gw", "event", 1 << 30, 0.0) for _ in range(1000))


@pytest.mark.parametrize(
    "endpoint", ["mqtt://10.0.0.1:1883", "mqtts://centre.example:8883", "tcp/127.0.0.1:1883", "nonsense"]
)
def test_a_broker_beyond_this_machine_without_mutual_tls_is_refused(endpoint: str) -> None:
    with pytest.raises(ConfigurationError, match="FENGSUI_BROKER"):
        mqtt_road.checked(endpoint, None)
    assert not mqtt_road.checked("mqtt://127.0.0.1:1883", None).secured
