"""A peer that mutates its frames: nothing is invented, nothing wrong believed, and memory stands still."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from edge.drivers.modbus.ascii import LONGEST, AsciiStream
from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.frame import MASTER, ROOM, FramingLost, RtuStream, TcpStream
from edge.drivers.modbus.models import BusConfig
from edge.drivers.models import BlockReading
from rig.fuzz import KINDS, FuzzingPeer, Mutator, mbap, named, wrong_registers
from rig.scenario import LoopClock, line_config, soaking
from rig.virtual import VirtualLoop, memory_wire, run_virtual
from rig.wire import ascii_frame, rtu

if TYPE_CHECKING:
    from edge.drivers.modbus.frame import Frame

MUTANTS = soaking(4_000, 100_000)
ON_A_WIRE = soaking(400, 100_000)
KEPT_BYTES = 64_000  # of Python's own memory, over the second half of a run

pytestmark = pytest.mark.timeout(soaking(60, 3 * 3600))


class Framer:
    """The stream of one kind, with the frames that it gave written as they must have stood in what came."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        kinds: dict[str, Callable[[], RtuStream | AsciiStream | TcpStream]] = {
            "tcp": TcpStream,
            "rtu": lambda: RtuStream(20),
            "ascii": AsciiStream,
        }
        self._made = kinds[kind]
        self.stream = self._made()

    def take(self, data: bytes) -> list[bytes]:
        """Return the frames found in `data`, each as its bytes on the wire."""
        stream = self.stream
        if isinstance(stream, TcpStream):
            try:
                return [self._wire(frame) for frame in stream.take(data)]
            except FramingLost:
                self.stream = self._made()
                return []
        return [self._wire(frame) for frame in stream.take(data, 0, b"")]

    def rest(self) -> list[bytes]:
        """Return what is found when the wait is over."""
        stream = self.stream
        return [] if isinstance(stream, TcpStream) else [self._wire(frame) for frame in stream.settle(b"")]

    def _wire(self, frame: Frame) -> bytes:
        unit, function, payload, transaction = frame
        pdu = bytes((function,)) + (bytes((len(payload),)) if 1 <= function <= 4 else b"") + payload
        if function == MASTER:
            unit, pdu = payload[0], payload[1:-2]
        if self.kind == "tcp":
            return mbap(transaction, unit, pdu)
        return rtu(unit, pdu) if self.kind == "rtu" else ascii_frame(unit, pdu)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=soaking(150, 20_000))
@given(chunks=st.lists(st.binary(max_size=40), max_size=20))
def test_a_framer_finds_only_what_stands_in_what_came(kind: str, chunks: list[bytes]) -> None:
    framer = Framer(kind)
    found = [frame for chunk in chunks for frame in framer.take(chunk)] + framer.rest()
    came = b"".join(chunks)
    came = came.upper() if kind == "ascii" else came
    assert all(frame in came for frame in found)


@pytest.mark.parametrize("kind", KINDS)
def test_of_mutated_frames_nothing_is_invented_and_none_behind_them_is_lost(kind: str) -> None:
    mutator = Mutator(kind, 1)
    framer = Framer(kind)
    dice = mutator.dice
    for i in range(MUTANTS):
        good = mutator.pack(1 + i % 4, named(1, bytes((3, 0, i & 0xFF, 0, 1 + i % 20))), i & 0xFFFF)
        mutant = mutator(good) if i % 2 else mutator.last(good)
        place = dice.randrange(len(mutant) + 1)
        found = framer.take(mutant[:place]) + framer.take(mutant[place:]) + framer.rest()
        framer.stream = TcpStream() if kind == "tcp" else framer.stream  # a lost TCP frame swallows the next
        behind = framer.take(good) + framer.rest()
        came = (mutant + good).upper() if kind == "ascii" else mutant + good
        assert all(frame in came for frame in found + behind)
        assert good in behind
        assert len(framer.stream._rest) <= max(ROOM, LONGEST)


def config_of(kind: str, **changes: object) -> BusConfig:
    kind = {"ascii at a host": "ascii"}.get(kind, kind)
    return structs.replace(line_config(period_ms=200, timeout_ms=20), kind=kind, **changes)


def judge(readings: list[BlockReading]) -> int:
    """Return how many readings hold a register that is not the one asked for, and forget them."""
    wrong = sum(
        wrong_registers(r.block.unit, r.block.function, r.block.address, r.data) > 0
        for r in readings
        if r.data is not None
    )
    readings.clear()
    return wrong


@pytest.mark.parametrize("kind", ["tcp", "rtu", "rtu-over-tcp", "ascii", "ascii at a host"])
def test_the_driver_takes_no_wrong_value_and_keeps_nothing(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "edge")  # the test's own records would be what is kept
    good, wrong = 0, 0
    sizes: list[int] = []

    def sink(reading: BlockReading) -> None:
        nonlocal good, wrong
        good += reading.data is not None
        wrong += judge([reading])

    async def main(loop: VirtualLoop) -> int:
        peer = FuzzingPeer({"rtu-over-tcp": "rtu", "ascii at a host": "ascii"}.get(kind, kind), 2)
        with memory_wire(peer.hear) as wires:
            config = config_of(kind, host="" if kind in ("rtu", "ascii") else "virtual")
            bus = Bus(config, sink, loop)
            task = loop.create_task(bus.run())
            for share in (0.5, 1.0):
                while peer.mutants < share * MUTANTS:
                    await asyncio.sleep(1)
                    del wires[:-1]
                    assert not task.done()
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
            await stop(task)
        return peer.requests

    tracemalloc.start()
    try:
        requests = run_virtual(main)
    finally:
        tracemalloc.stop()
    assert wrong == 0
    assert good > requests // 20
    assert sizes[1] - sizes[0] < KEPT_BYTES


@pytest.mark.parametrize("kind", ["tcp", "rtu", "rtu-over-tcp", "ascii", "ascii at a host", "minimalmodbus"])
def test_on_a_real_socket_and_a_real_port_no_wrong_value_is_taken(kind: str, tmp_path: Path) -> None:
    readings: list[BlockReading] = []
    framing = {"rtu-over-tcp": "rtu", "ascii at a host": "ascii", "minimalmodbus": "rtu"}.get(kind, kind)
    peer = FuzzingPeer(framing, 3, reply_ms=0.5, alone=kind == "minimalmodbus")
    # Each lie about a TCP length ends its connection, and of minimalmodbus' replies few can be mutants.
    count = ON_A_WIRE // {"tcp": 4, "minimalmodbus": 50}.get(kind, 1)

    async def main() -> None:
        async with contextlib.AsyncExitStack() as stack:
            config = await served(stack)
            task = asyncio.create_task(Bus(config, readings.append, LoopClock()).run())
            async with asyncio.timeout(soaking(40, 3 * 3600)):
                while peer.mutants < count:
                    await asyncio.sleep(0.05)
                    assert not task.done()
            await stop(task)

    async def served(stack: contextlib.AsyncExitStack) -> BusConfig:
        if kind in ("rtu", "ascii", "minimalmodbus"):
            device = await stack.enter_async_context(peer.serial(str(tmp_path / "tty")))
            through = "minimalmodbus" if kind == "minimalmodbus" else ""
            return config_of("ascii" if kind == "ascii" else "rtu", device=device, through=through)
        port = await stack.enter_async_context(peer.socket())
        return config_of(kind, host="127.0.0.1", port=port)

    asyncio.run(main())
    assert any(reading.data is not None for reading in readings)
    assert judge(readings) == 0


def test_a_flood_is_cut_off_told_once_and_costs_the_loop_no_time(caplog: pytest.LogCaptureFixture) -> None:
    """A serial server gone mad sends without end: the connection is dropped, and its pauses grow."""
    caplog.set_level(logging.INFO, "edge")

    async def main() -> None:
        async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while True:
                    writer.write(b"\x01\x03\xf0" * 10_000)
                    await writer.drain()
            writer.close()

        server = await asyncio.start_server(flood, "127.0.0.1", 0)
        readings: list[BlockReading] = []
        config = config_of("rtu-over-tcp", host="127.0.0.1", port=server.sockets[0].getsockname()[1])
        bus = Bus(config, readings.append, LoopClock())
        task = asyncio.create_task(bus.run())
        longest, loop = 0.0, asyncio.get_running_loop()
        for _ in range(200):
            before = loop.time()
            await asyncio.sleep(0.01)
            longest = max(longest, loop.time() - before)
        assert bus.stats().framing_lost >= 2
        assert longest < 1.0
        await stop(task)
        server.close()
        await asyncio.sleep(0.05)

    asyncio.run(main())
    words = [record.message.split(": ")[1].split()[0] for record in caplog.records]
    assert words == ["connected", "connection"]


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
