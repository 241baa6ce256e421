"""A peer that mutates the server's bytes: no crash, no hang, no leak; and no wrong value where it is signed.

Without security nothing but TCP's checksum guards the eight bytes of a number, so there a changed number
can't be told from a true one; what can be told is whatever shifts, doubles, drops or mixes up the messages.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asyncua import ua
from wait_for2.impl import CancelledWithResultError  # type: ignore[import-untyped]

from edge.clock import Clock
from edge.drivers.opcua import credentials
from edge.drivers.opcua.binary import BadReply
from edge.drivers.opcua.credentials import Paths
from edge.drivers.opcua.node import parse
from edge.drivers.opcua.session import Lost, Refused, Session, Silent, _within, node_id, read_value_id
from tests.edge.drivers.opcua_peer import Dcs, bus_of, certificate, dcs, running

SOAK = bool(os.environ.get("FENGSUI_SOAK"))
pytestmark = pytest.mark.timeout(1800 if SOAK else 300)
STREAMS = 16  # most of the time is waiting for answers that were dropped
Policy = ua.SecurityPolicyType
TRUE = {f"P{i}": 1000.0 + i * 0.37 for i in range(12)}
Change = Callable[[random.Random, bytes, list[bytes]], list[bytes]]


def flip(dice: random.Random, chunk: bytes, old: list[bytes]) -> list[bytes]:
    """Change up to three bytes anywhere."""
    wrong = bytearray(chunk)
    for _ in range(dice.randint(1, 3)):
        wrong[dice.randrange(len(wrong))] = dice.randrange(256)
    return [bytes(wrong)]


def shift(dice: random.Random, chunk: bytes, old: list[bytes]) -> list[bytes]:
    """Double, drop, delay, replay, cut or lengthen a chunk."""
    ways: list[Callable[[], list[bytes]]] = [
        lambda: [chunk, chunk],
        list,
        lambda: [dice.choice(old), chunk],
        lambda: [chunk, dice.choice(old)],
        lambda: [chunk[: dice.randrange(len(chunk))]],
        lambda: [chunk, dice.randbytes(dice.randint(1, 40))],
        lambda: [chunk[:4] + (len(chunk) + 8).to_bytes(4, "little") + chunk[8:]],
        lambda: [chunk[:4] + b"\xff\xff\xff\x7f" + chunk[8:]],
    ]
    return dice.choice(ways)()


class Mutator:
    """A wire between client and server that spoils one chunk of so many on its way to the client."""

    def __init__(self, upstream: int, change: Change, one_in: int, seed: int = 7) -> None:
        self.port = 0
        self.changed = 0
        self._upstream = upstream
        self._change = change
        self._one_in = one_in
        self._dice = random.Random(seed)
        self._tasks: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield f"opc.tcp://127.0.0.1:{self.port}"
        finally:
            server.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        forward: asyncio.Task[None] | None = None
        ours: asyncio.StreamWriter | None = None
        try:
            theirs, ours = await asyncio.open_connection("127.0.0.1", self._upstream)
            forward = asyncio.create_task(self._forward(reader, ours))
            self._tasks.add(forward)
            forward.add_done_callback(self._tasks.discard)
            await self._back(theirs, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the end of the test too: asyncio's servers complain of a cancelled connection
        finally:
            writer.transport.abort()
            if forward is not None:
                forward.cancel()
            if ours is not None:
                ours.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, ours: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                ours.write(data)
        ours.transport.abort()

    async def _back(self, theirs: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        old: list[bytes] = []
        while True:
            head = await theirs.readexactly(8)
            chunk = head + await theirs.readexactly(int.from_bytes(head[4:], "little") - 8)
            old = [*old[-5:], chunk]
            out = [chunk]
            if self._dice.randrange(self._one_in) == 0:
                out = self._change(self._dice, chunk, old)
                self.changed += 1
            for part in out:
                writer.write(part)
            await writer.drain()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pki")
    certificate(made, "dcs", "urn:plant.example:dcs")
    certificate(made, "gateway", "urn:fengsui:gateway:quarry-7")
    return made


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


@pytest.fixture(scope="module")
def plant(runner: asyncio.Runner, folder: Path) -> Iterator[Dcs]:
    serving = dcs(folder=folder, policies=[Policy.NoSecurity, Policy.Basic256Sha256_Sign])
    made = runner.run(serving.__aenter__())
    for name, value in TRUE.items():
        runner.run(made.add(name, value))
    yield made
    runner.run(serving.__aexit__(None, None, None))


SIGNED: dict[str, Any] = {
    "security": "sign",
    "certificate": "gateway.der",
    "key": "gateway.key.pem",
    "server_certificate": "dcs.der",
}
POINTS = {name: f"ns=2;s={name}" for name in TRUE}


async def read_through(endpoint: str, folder: Path, more: dict[str, Any], reads: int) -> list[list[Any]]:
    """Read again and again through many short sessions at once; return every reply that was believed."""
    count = 2 if more else STREAMS  # keys cost time: too many at once would only wait for one another
    streams = [_stream(endpoint, folder, more, reads // count) for _ in range(count)]
    return [one for found in await asyncio.gather(*streams) for one in found]


async def _stream(endpoint: str, folder: Path, more: dict[str, Any], reads: int) -> list[list[Any]]:
    bus = bus_of(endpoint, POINTS, timeout_ms=1500 if more else 200, **more)
    secrets = credentials.load(
        Paths(folder / "gateway.der", folder / "gateway.key.pem", folder / "dcs.der") if more else Paths()
    )
    nodes = [read_value_id(node_id(parse(one), 2)) for one in POINTS.values()]
    believed: list[list[Any]] = []
    done = 0
    while done < reads:
        session = Session(bus, secrets, Clock(True), None)
        done += 1
        try:
            await session.open()
            for _ in range(30):
                done += 1
                with contextlib.suppress(BadReply, Refused):
                    reply, _, _ = await session.read(nodes)
                    believed.append([one.value for one in reply.samples])
        except (Silent, Lost):
            pass
        finally:
            await session.close()
    return believed


async def leaves_nothing(job: Awaitable[Any]) -> Any:
    """Do a job and see that no task of ours outlives it."""
    before = asyncio.all_tasks()
    found = await job
    async with asyncio.timeout(60):
        while [t for t in asyncio.all_tasks() - before if "asyncua/server" not in repr(t) and not t.done()]:
            await asyncio.sleep(0.05)
    return found


@pytest.mark.parametrize("change", [flip, shift])
def test_without_security_nothing_crashes_hangs_or_leaks(
    runner: asyncio.Runner, plant: Dcs, folder: Path, change: Change
) -> None:
    async def story() -> list[list[Any]]:
        mutator = Mutator(plant.port, change, 3)
        async with mutator.running() as endpoint:
            found = await read_through(endpoint, folder, {}, 8_000 if SOAK else 1600)
        assert mutator.changed > (700 if SOAK else 150)
        return found

    believed = runner.run(leaves_nothing(story()))
    assert len(believed) > 50
    assert all(len(one) == len(TRUE) for one in believed)


def test_messages_doubled_dropped_replayed_or_cut_never_give_a_wrong_value(
    runner: asyncio.Runner, plant: Dcs, folder: Path
) -> None:
    async def story() -> list[list[Any]]:
        async with Mutator(plant.port, shift, 5).running() as endpoint:
            return await read_through(endpoint, folder, {}, 8_000 if SOAK else 1600)

    believed = runner.run(leaves_nothing(story()))
    assert len(believed) > 50
    assert all(one == list(TRUE.values()) for one in believed)


def test_signed_messages_changed_anywhere_never_give_a_wrong_value(
    runner: asyncio.Runner, plant: Dcs, folder: Path
) -> None:
    async def story() -> list[list[Any]]:
        mutator = Mutator(plant.port, flip, 12)
        async with mutator.running() as endpoint:
            found = await read_through(endpoint, folder, SIGNED, 1_500 if SOAK else 300)
        assert mutator.changed > 15
        return found

    believed = runner.run(leaves_nothing(story()))
    assert len(believed) > 50
    assert all(one == list(TRUE.values()) for one in believed)


def test_a_chunk_that_never_ends_fills_no_memory(runner: asyncio.Runner) -> None:
    sent = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.read(100)
        limits = b"".join(n.to_bytes(4, "little") for n in (0, 65535, 65535, 0, 0))
        writer.write(b"ACKF" + (28).to_bytes(4, "little") + limits)
        writer.write(b"MSGF\xff\xff\xff\x7f")
        with contextlib.suppress(OSError):
            for _ in range(500):
                writer.write(bytes(100_000))
                await writer.drain()
                sent += 100_000
        writer.close()

    async def story() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        endpoint = f"opc.tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        session = Session(bus_of(endpoint, POINTS), credentials.load(Paths()), Clock(True), None)
        with pytest.raises(Lost):
            await session.open()
        server.close()

    runner.run(leaves_nothing(story()))
    assert sent < 10_000_000


def test_a_time_out_that_comes_with_the_answer_is_a_time_out(runner: asyncio.Runner) -> None:
    async def story() -> None:
        async with _within(0.01):
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                raise CancelledWithResultError(b"the answer", False) from None

    with pytest.raises(TimeoutError):
        runner.run(story())


def test_the_driver_comes_back_again_and_again_on_a_spoiled_wire(
    runner: asyncio.Runner, plant: Dcs, folder: Path
) -> None:
    async def story() -> None:
        mutator = Mutator(plant.port, shift, 10)
        async with mutator.running() as endpoint:
            bus = bus_of(endpoint, POINTS, timeout_ms=300, period_ms=50)
            async with running(bus) as (seen, client):
                await seen.until(lambda: client.stats().sessions > (12 if SOAK else 2), 300 if SOAK else 60)
                assert client.stats().good > 20
                wrong = [one for one in seen.all if one.data and one.data[0] not in TRUE.values()]
                assert not wrong

    runner.run(leaves_nothing(story()))
