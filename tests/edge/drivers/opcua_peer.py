"""asyncua's own server as a plant's control system, in this process or its own; and what watches it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from asyncua import ua
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.server import Server
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.uaerrors import UaError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from edge.clock import Clock
from edge.drivers.models import BlockReading, Site
from edge.drivers.opcua import family
from edge.drivers.opcua.driver import Client
from edge.drivers.opcua.settings import Bus
from edge.strict import Problems, read
from protocol import quality as q

URI = "urn:plant.example:ua"
SOON_S = 60.0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Dcs:
    """A control system with variables that a test sets."""

    def __init__(self, port: int, server: Server, index: int) -> None:
        self.port = port
        self.server = server
        self.index = index

    @property
    def endpoint(self) -> str:
        return f"opc.tcp://127.0.0.1:{self.port}"

    def node(self, name: str) -> ua.NodeId:
        return ua.NodeId(name, self.index)  # type: ignore[arg-type]

    async def add(self, name: str, value: Any, kind: ua.VariantType = ua.VariantType.Double) -> ua.NodeId:
        """Make a variable; one of the same name from an earlier test goes."""
        node = self.server.get_node(self.node(name))
        with contextlib.suppress(UaError):
            await node.read_node_class()
            await self.server.delete_nodes([node])
        objects = self.server.nodes.objects
        made = await objects.add_variable(
            self.node(name),
            ua.QualifiedName(name, self.index),
            _variant(value, kind),
            # The server guesses the type of a plain value, and then holds later values against it.
            datatype=ua.NodeId(ObjectIds.BaseDataType) if isinstance(value, ua.Variant) else None,  # type: ignore[arg-type]
        )
        found: ua.NodeId = made.nodeid
        return found

    async def put(self, name: str, value: ua.DataValue) -> None:
        await self.server.write_attribute_value(self.node(name), value)

    async def set(
        self, name: str, value: Any, kind: ua.VariantType = ua.VariantType.Double, status: int = 0
    ) -> None:
        now = dt.datetime.now(dt.UTC)
        variant = ua.Variant(value, kind)
        await self.put(name, ua.DataValue(variant, ua.StatusCode(status), now, now))  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def dcs(
    port: int = 0,
    *,
    folder: Path | None = None,
    policies: Sequence[ua.SecurityPolicyType] = (ua.SecurityPolicyType.NoSecurity,),
    users: dict[str, str] | None = None,
    validator: Callable[..., Any] | None = None,
    namespaces: Sequence[str] = (URI,),
) -> AsyncIterator[Dcs]:
    """Run asyncua's server on a free port."""
    server = Server(user_manager=_Users(users) if users is not None else None)  # type: ignore[arg-type]
    await server.init()
    port = port or free_port()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_server_name("DCS of the test")
    server.set_security_policy(list(policies))
    if users is not None:
        server.set_identity_tokens([ua.UserNameIdentityToken])
    if folder is not None:
        await server.set_application_uri("urn:plant.example:dcs")
        await server.load_certificate(folder / "dcs.der")
        await server.load_private_key(folder / "dcs.key.pem")
        if validator is not None:
            server.set_certificate_validator(validator)
    index = [await server.register_namespace(one) for one in namespaces][-1]
    await server.start()
    try:
        yield Dcs(port, server, index)
    finally:
        await server.stop()


def _variant(value: Any, kind: ua.VariantType) -> ua.Variant:
    return value if isinstance(value, ua.Variant) else ua.Variant(value, kind)


class _Users:
    def __init__(self, known: dict[str, str]) -> None:
        self._known = known

    def get_user(
        self,
        iserver: object,
        username: str | None = None,
        password: object = None,
        certificate: object = None,
    ) -> User | None:
        given = password.decode() if isinstance(password, bytes) else password
        good = username is not None and self._known.get(username) == given
        return User(role=UserRole.User) if good else None


def certificate(folder: Path, name: str, uri: str, days: int = 365) -> None:
    """Write `{name}.der` and `{name}.key.pem`, self-signed, as docs/drivers/opcua.md tells people to."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names = [
        x509.UniformResourceIdentifier(uri),
        x509.DNSName(socket.gethostname()),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=400))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / f"{name}.der").write_bytes(made.public_bytes(serialization.Encoding.DER))
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.key.pem"
    path.touch(mode=0o600)
    path.write_bytes(pem)


class Seen:
    """Takes the readings of one bus, by point key."""

    def __init__(self, keys: list[str]) -> None:
        self._keys = keys
        self.all: list[BlockReading] = []
        self.last: dict[str, BlockReading] = {}
        self._news = asyncio.Event()

    def take(self, reading: BlockReading) -> None:
        assert (reading.data is None) == (reading.quality & 0xC0 == 0)
        assert reading.quality == 192 or reading.reason
        self.all.append(reading)
        self.last[self._keys[reading.block.number]] = reading
        self._news.set()

    def of(self, key: str) -> list[BlockReading]:
        number = self._keys.index(key)
        return [one for one in self.all if one.block.number == number]

    def value(self, key: str) -> float:
        assert key in self.last, f"no reading of {key}"
        one = self.last[key]
        assert one.data is not None, one.reason
        found: float = one.data[0]
        return found

    async def until(self, fits: Callable[[], bool], within_s: float = SOON_S) -> None:
        async with asyncio.timeout(within_s):
            while not fits():
                self._news.clear()
                await self._news.wait()

    async def until_all(self, within_s: float = SOON_S) -> None:
        """Wait until the server has spoken of every point."""
        await self.until(
            lambda: (
                len(self.last) == len(self._keys)
                and all(one.quality != q.NOT_CONNECTED for one in self.last.values())
            ),
            within_s,
        )


def bus_of(endpoint: str, points: dict[str, Any], period_ms: int = 200, **more: Any) -> Bus:
    """Build a bus of one unit; a point is its node id or its table."""
    tables = [{"key": key, **({"node": one} if isinstance(one, str) else one)} for key, one in points.items()]
    raw = {
        "name": "dcs",
        "kind": "opcua",
        "endpoint": endpoint,
        "security": "none",
        "timeout_ms": 2000,
        "keepalive_s": 1,
        **more,
        "units": [{"key": "tank", "poll_interval_ms": period_ms, "points": tables}],
    }
    problems = Problems("gateway.toml")
    bus = read(Bus, raw, "$.buses[0]", problems)
    if bus is not None:
        family.check(bus, "$.buses[0]", problems)
    assert bus is not None, problems.found
    assert not problems.found
    return bus


@contextlib.asynccontextmanager
async def running(bus: Bus, folder: Path = Path(), tape: Any = None) -> AsyncIterator[tuple[Seen, Client]]:
    """Run the driver of a bus; nothing of it is left afterwards."""
    problems = Problems("gateway.toml")
    laid = family.lay_out(bus, "$.buses[0]", Site([], folder), problems)
    assert not problems.found, problems.found
    seen = Seen([draft.points[0].key for draft in laid.blocks])
    client = family.start(bus, laid, seen.take, Clock(True), tape)
    assert isinstance(client, Client)
    task = asyncio.create_task(client.run())
    before = asyncio.all_tasks()
    try:
        yield seen, client
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    left = [one for one in asyncio.all_tasks() - before if _of_the_driver(one)]
    assert not left, left


def _of_the_driver(task: asyncio.Task[Any]) -> bool:
    file = getattr(getattr(task.get_coro(), "cr_code", None), "co_filename", "")
    return "/tests/" not in file and "asyncua/server" not in file


async def _serve(port: int) -> None:
    """Serve one counter that says how long the process lives, until killed."""
    async with dcs(port) as plant:
        await plant.add("Life", 0.0)
        await plant.add("Pid", os.getpid(), ua.VariantType.Int64)
        print("ready", flush=True)
        life = 0.0
        while True:
            await asyncio.sleep(0.1)
            life += 1
            await plant.set("Life", life)


async def _serve_many(port: int, count: int) -> None:
    """Serve so many variables, half of which change every second, until killed."""
    async with dcs(port) as plant:
        for i in range(count):
            await plant.add(f"N{i}", float(i))
        print("ready", flush=True)
        turn = 0.0
        while True:
            turn += 1
            for i in range(0, count, 2):
                await plant.set(f"N{i}", i + turn / 1000)
            await asyncio.sleep(1)


if __name__ == "__main__":
    one = _serve_many(int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else _serve(int(sys.argv[1]))
    asyncio.run(one)
