"""Mutual TLS on both roads with certificates of the centre's own authority, real Mosquitto, real router."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import paho.mqtt.client as mqtt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt.enums import CallbackAPIVersion

from central.db.errors import ConfigurationError
from central.db.pool import Database
from central.devices.authority import Authority, Issued, RevokedSerial
from central.devices.keys import CentreKey
from central.ingest import broker, mqtt_road, worker
from central.ingest.commands import CommandSender
from central.ingest.inbox import Inbox
from central.ingest.roads import own_certificate
from central.telemetry.latest import LatestValues
from edge.identity import TlsFiles
from edge.uplink.mqtt_road import MqttRoad
from edge.uplink.road import Road, RoadBlocked
from edge.uplink.zenoh_road import ZenohRoad
from protocol import codec, keys
from protocol import messages as m
from protocol.endpoints import EndpointRefused
from tests.central import county
from tests.central.ingest.plant import Sim, register
from tests.central.ingest.test_road import Consoles, eventually
from tests.edge.leaf.leaf_at_hand import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from central.db.pool import DatabaseUrls

KEY = CentreKey(bytes(32))


class Pki:
    """A centre's state folder with everything that its authority makes."""

    def __init__(self, folder: Path) -> None:
        self.state = folder
        self.authority = Authority.open(folder, datetime.now(UTC))
        self.authority.ensure_own(["127.0.0.1"], datetime.now(UTC))
        self.authority.write_crl([], datetime.now(UTC))

    def gateway(self, name: str) -> tuple[TlsFiles, Issued]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
        pem = request.public_bytes(serialization.Encoding.PEM).decode()
        issued = self.authority.certify(pem, name, datetime.now(UTC))
        folder = self.state / name
        folder.mkdir(exist_ok=True)
        (folder / "key.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (folder / "certificate.pem").write_text(issued.pem)
        files = TlsFiles(self.state / "pki" / "ca.pem", folder / "certificate.pem", folder / "key.pem")
        return files, issued


class SecuredBroker:
    """Mosquitto as `broker-config` sets it up."""

    def __init__(self, pki: Pki, folder: Path) -> None:
        self.port = free_port()
        self.url = f"mqtts://127.0.0.1:{self.port}"
        config, _ = broker.write(folder, self.url, pki.state)
        program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
        assert program, "mosquitto is not installed: bash .ci/debian, or apt-get install mosquitto"
        self._command = [program, "-c", str(config)]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(tmp_path)


@pytest.fixture
def secured(pki: Pki, tmp_path: Path) -> Iterator[SecuredBroker]:
    found = SecuredBroker(pki, tmp_path / "broker")
    yield found
    found.stop()


class Listener:
    """A client with a certificate that hears and says what it likes, as far as it is let."""

    def __init__(self, port: int, tls: TlsFiles | None, topic: str = "#", ca: Path | None = None) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.connected = False
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self.client.tls_set(
            str(ca or (tls and tls.ca)),
            None if tls is None else str(tls.certificate),
            None if tls is None else str(tls.key),
            tls_version=ssl.PROTOCOL_TLS_CLIENT,
        )

        def connected(client: mqtt.Client, *_: object) -> None:
            client.subscribe(topic, 1)

        def subscribed(*_: object) -> None:
            self.connected = True

        def came(_: object, __: object, message: mqtt.MQTTMessage) -> None:
            self.heard.append((message.topic, bytes(message.payload)))

        self.client.on_connect = connected
        self.client.on_subscribe = subscribed
        self.client.on_message = came
        self.client.connect_async("127.0.0.1", port)
        self.client.loop_start()

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def until(fact: Callable[[], object], within_s: float = 60.0) -> None:
    end = time.monotonic() + within_s
    while not fact():
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.02)


async def stored(road: Road, frame: bytes) -> bool:
    with suppress(RoadBlocked):
        await road.open()
        receipt = codec.decode(codec.open_frame(await road.ask(keys.UPLINK, frame, 5)))
        return isinstance(receipt, m.Receipt) and receipt.status == m.STORED
    return False


@contextmanager
def secured_router(pki: Pki, *links: str) -> Iterator[str]:
    """A router with mutual TLS that lets gw-a in; yields its endpoint."""
    endpoint = f"tls/127.0.0.1:{free_port()}"
    (pki.state / "pki" / "gateways.json").write_text('{"gateways": ["gw-a"]}')
    command = [sys.executable, "-m", "fengsui", "central", "router", "--listen", endpoint]
    command += ["--state", str(pki.state), "--access", str(pki.state / "pki" / "gateways.json")]
    for link in links:
        command += ["--link", link]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[3])
    try:
        yield endpoint
    finally:
        process.kill()
        process.wait(10)


def test_both_roads_carry_frames_over_mutual_tls_and_linked_routers(
    database: DatabaseUrls, pki: Pki, secured: SecuredBroker
) -> None:
    async def body(near: str, far: str) -> None:
        sim = Sim("gw-a")
        tls, _ = pki.gateway("gw-a")
        async with Database.open(database, web_size=3, worker_size=6) as db:
            await county.found(db)
            await register(db, sim)
            ways = worker.Ways(near, secured.url, own_certificate(pki.state))
            async with asyncio.TaskGroup() as group:
                work = worker.run(db, Consoles(), KEY, ways, LatestValues(), CommandSender(KEY))
                task = group.create_task(work)
                roads: list[Road] = [
                    MqttRoad("gw-a", secured.url, tls, asyncio.Queue()),
                    ZenohRoad("gw-a", near, tls, asyncio.Queue()),
                    ZenohRoad("gw-a", far, tls, asyncio.Queue()),
                ]
                for number, road in enumerate(roads):
                    await eventually(partial(stored, road, sim.sealed(sim.birth())))
                    batch = sim.measurements(number * 2 + 1, 2)
                    await eventually(partial(stored, road, sim.sealed(batch)))
                    await road.close()
                assert await db.worker.fetchval("SELECT count(*) FROM ledger") == 3
                task.cancel()

    with secured_router(pki) as near, secured_router(pki, near) as far:
        asyncio.run(body(near, far))


def test_a_gateway_reads_and_writes_its_own_topics_only(pki: Pki, secured: SecuredBroker) -> None:
    one, _ = pki.gateway("gw-a")
    two, _ = pki.gateway("gw-b")
    folder = pki.state / "pki"
    own = TlsFiles(folder / "ca.pem", folder / "centre.pem", folder / "centre.key")
    centre = Listener(secured.port, own, "fengsui/v1/+/uplink")
    foreign, mine = Listener(secured.port, two), Listener(secured.port, one, "fengsui/v1/gw-a/receipt")
    try:
        until(lambda: centre.connected and foreign.connected and mine.connected)
        foreign.client.publish(keys.build("gw-a", keys.UPLINK), b"forged", 1)
        foreign.client.publish(keys.build("gw-a", keys.RECEIPT), b"forged", 1)
        foreign.client.publish(keys.build("gw-b", keys.RECEIPT), b"forged", 1)
        mine.client.publish(keys.build("gw-a", keys.UPLINK), b"true", 1)
        until(lambda: centre.heard)
        centre.client.publish(keys.build("gw-a", keys.RECEIPT), b"a receipt", 1)
        until(lambda: mine.heard)
        assert centre.heard == [(keys.build("gw-a", keys.UPLINK), b"true")]
        assert mine.heard == [(keys.build("gw-a", keys.RECEIPT), b"a receipt")]
        assert foreign.heard == []
    finally:
        for client in (centre, foreign, mine):
            client.close()


def test_a_revoked_certificate_a_foreign_one_and_none_are_not_let_in(
    pki: Pki, secured: SecuredBroker, tmp_path: Path
) -> None:
    good, issued = pki.gateway("gw-a")
    (tmp_path / "elsewhere").mkdir()
    foreign, _ = Pki(tmp_path / "elsewhere").gateway("gw-a")
    foreign = TlsFiles(good.ca, foreign.certificate, foreign.key)

    async def connects(tls: TlsFiles) -> bool:
        road = MqttRoad("gw-a", secured.url, tls, asyncio.Queue())
        try:
            await road.open()
        except RoadBlocked:
            return False
        finally:
            await road.close()
        return True

    async def open_at_last() -> None:
        await eventually(lambda: connects(good))

    asyncio.run(open_at_last())
    assert not asyncio.run(connects(foreign))
    nobody = Listener(secured.port, None, ca=good.ca)
    time.sleep(1)
    assert not nobody.connected
    nobody.close()
    now = datetime.now(UTC)
    pki.authority.write_crl([RevokedSerial(issued.serial, now)], now)
    os.kill(secured.process.pid, signal.SIGHUP)

    other, _ = pki.gateway("gw-b")

    async def shut_out() -> None:
        async def refused() -> bool:
            return not await connects(good)

        await eventually(refused)
        await eventually(lambda: connects(other))
        assert not await connects(good)

    asyncio.run(shut_out())


def test_a_renewed_certificate_is_shown_when_the_road_comes_back(pki: Pki, secured: SecuredBroker) -> None:
    tls, old = pki.gateway("gw-a")

    async def body() -> None:
        road = MqttRoad("gw-a", secured.url, tls, asyncio.Queue())

        async def is_open() -> bool:
            return road.is_open

        async def opened() -> bool:
            with suppress(RoadBlocked):
                await road.open()
            return road.is_open

        async def is_shut() -> bool:
            return not road.is_open

        await eventually(opened)
        pki.gateway("gw-a")  # the same files, made anew
        now = datetime.now(UTC)
        pki.authority.write_crl([RevokedSerial(old.serial, now)], now)
        secured.stop()
        await eventually(is_shut)
        secured.start()
        try:
            await eventually(is_open)
        finally:
            await road.close()

    asyncio.run(body())


def test_the_centre_comes_back_with_its_own_renewed_certificate(pki: Pki, secured: SecuredBroker) -> None:
    tls = own_certificate(pki.state)
    assert tls is not None
    old = x509.load_pem_x509_certificate(tls.certificate.read_bytes())

    async def body() -> None:
        road = mqtt_road.MqttRoad(mqtt_road.checked(secured.url, tls), tls, Inbox(), lambda _: b"")
        road.start()
        try:
            await eventually(road.ready.is_set)
            now = datetime.now(UTC)
            pki.authority.ensure_own(["127.0.0.1"], now, anew=True)
            pki.authority.write_crl([RevokedSerial(f"{old.serial_number:x}", now)], now)
            secured.stop()
            await eventually(lambda: not road.ready.is_set())
            secured.start()
            await eventually(road.ready.is_set)
        finally:
            await road.stop()

    asyncio.run(body())


def test_nothing_speaks_beyond_this_machine_without_certificates(tmp_path: Path) -> None:
    for listen in ("mqtt://0.0.0.0:1883", "mqtts://nonsense", "tcp/127.0.0.1:1"):
        with pytest.raises(ConfigurationError):
            broker.configuration(listen, tmp_path, tmp_path / "acl")
    with pytest.raises(ConfigurationError, match="no such file"):
        broker.configuration("mqtts://0.0.0.0:8883", tmp_path, tmp_path / "acl")
    assert "allow_anonymous true" in broker.configuration("mqtt://127.0.0.1:1883", tmp_path, tmp_path / "a")
    assert own_certificate(tmp_path) is None
    for road, endpoint in ((MqttRoad, "mqtt://10.0.0.1:1883"), (ZenohRoad, "tls/centre.example:7447")):
        with pytest.raises(EndpointRefused):
            road("gw-a", endpoint, None, asyncio.Queue())
