"""Polls misbehaving instruments through the real driver and tells the outcome: in made-up time or on a pty.

The count of wrong registers is the instruments' own (they name themselves); nothing of the driver is trusted.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec import structs

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig, BusStats, Range, Span, UnitPlan
from edge.drivers.models import BlockReading
from rig.faults import Faults, Instruments, judge
from rig.tcp_gateway import TcpGateway
from rig.virtual import MemoryWire, VirtualLoop, memory_wire, run_virtual
from rig.wire import PtyWire


@dataclass
class Outcome:
    """What was read: counts, ages of accepted values, and the driver's own statistics."""

    good: int = 0
    bad: int = 0
    wrong: int = 0
    oldest_ms: int = 0
    older_than_t: int = 0
    elapsed_s: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)
    good_of: dict[int, int] = field(default_factory=dict)
    qualities: dict[int, int] = field(default_factory=dict)
    instruments: Instruments | None = None
    stats: BusStats | None = None

    @property
    def rate(self) -> float:
        """Good readings a second."""
        return self.good / self.elapsed_s

    def take(self, reading: BlockReading, timeout_ms: int) -> None:
        """Count one reading."""
        block = reading.block
        self.qualities[reading.quality] = self.qualities.get(reading.quality, 0) + 1
        if reading.data is None:
            self.bad += 1
            self.reasons[reading.reason] = self.reasons.get(reading.reason, 0) + 1
            return
        self.good += 1
        self.good_of[block.unit] = self.good_of.get(block.unit, 0) + 1
        verdict = judge(
            block.unit, block.function, block.address, reading.data, reading.mono_ms - reading.took_ms
        )
        self.wrong += verdict.wrong > 0
        self.oldest_ms = max(self.oldest_ms, verdict.age_ms)
        self.older_than_t += verdict.age_ms > timeout_ms


class LoopClock:
    """The monotonic clock that real instruments of the rig also use."""

    def mono_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000

    def utc_ms(self) -> int:
        return time.time_ns() // 1_000_000


def line_config(
    device: str = "/dev/virtual",
    *,
    units: int = 4,
    blocks: int = 4,
    period_ms: int = 80,
    timeout_ms: int = 300,
    width: int = 60,
) -> BusConfig:
    """Return a line of like units with blocks of ten registers at 0, 100, 200 …; T is `timeout_ms`."""
    spans = tuple(Span(f"block{k}", 3, k * 100, 10) for k in range(blocks))
    readable = tuple(Range(3, k * 100, k * 100 + width - 1) for k in range(blocks))
    return BusConfig(
        "line",
        "rtu",
        tuple(UnitPlan(unit, spans, period_ms, readable=readable) for unit in range(1, units + 1)),
        device=device,
        baudrate=4_000_000,
        adapter_ms=0,
        timeout_ms=timeout_ms - 1,  # the characters of one frame take up to one millisecond at that speed
    )


def poll_virtually(
    config: BusConfig,
    faults: Faults,
    reads: int,
    *,
    seed: int = 1,
    queued: bool = False,
    echo: bool = False,
    character_ms: float = 0.0,
    to_connection: bool = False,
    spacing: bool = True,
    limit_s: float = 1e9,
    prepare: Callable[[Instruments], None] = lambda _: None,
    meddle: Callable[[MemoryWire, VirtualLoop], None] = lambda *_: None,
) -> Outcome:
    """Poll in made-up time until the instruments saw `reads` requests or `limit_s` passed.

    Args:
        config: the line.
        faults: what goes wrong how often.
        reads: requests to wait for.
        seed: of the random draw.
        queued: instruments answer in order.
        echo: the adapter echoes.
        character_ms: how long a character takes on a line where two speakers spoil each other's frames.
        to_connection: a serial server gives replies to the connection that asked, not to whichever is open.
        spacing: keep T between two reads of a block (False: as the table of the rule was measured).
        limit_s: made-up seconds after which to stop.
        prepare: changes the instruments before the start.
        meddle: gets the wire and the loop after it was opened, to put bytes on the line.
    """
    outcome = Outcome()

    async def main(loop: VirtualLoop) -> None:
        t = config.timeout_ms + 1
        line = Instruments(
            [u.unit for u in config.units],
            faults,
            t,
            seed,
            queued=queued,
            echo=echo,
            in_ascii=config.kind == "ascii",
            character_ms=character_ms,
        )
        prepare(line)
        done = loop.create_future()

        def sink(reading: BlockReading) -> None:
            outcome.take(reading, t)
            if line.requests >= reads and not done.done():
                done.set_result(None)

        with memory_wire(line.hear, to_connection=to_connection) as wires:
            bus = Bus(config, sink, loop)
            if not spacing:
                for unit in bus.port.units.values():
                    unit.spacing_ms = 0
            began = loop.time()
            task = loop.create_task(bus.run())
            await asyncio.sleep(0.001)
            meddle(wires[0], loop)
            await asyncio.wait([done, task], timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
            outcome.elapsed_s = loop.time() - began
            outcome.stats = bus.stats()
            outcome.instruments = line
            await _stop(task)

    run_virtual(main)
    return outcome


async def poll_pty(
    config: BusConfig,
    faults: Faults,
    reads: int,
    *,
    seed: int = 1,
    queued: bool = False,
    limit_s: float = 240,
) -> Outcome:
    """Poll on a real pseudo-terminal in real time until `reads` requests were seen or `limit_s` passed."""
    outcome = Outcome()
    loop = asyncio.get_running_loop()
    t = config.timeout_ms + 1
    line = Instruments(
        [u.unit for u in config.units],
        faults,
        t,
        seed,
        queued=queued,
        reply_ms=0.5,
        in_ascii=config.kind == "ascii",
    )
    done = loop.create_future()

    def sink(reading: BlockReading) -> None:
        outcome.take(reading, t)
        if line.requests >= reads and not done.done():
            done.set_result(None)

    with PtyWire(config.device) as wire:
        serve_pty(wire, line, loop)
        bus = Bus(config, sink, LoopClock())
        began = loop.time()
        task = loop.create_task(bus.run())
        await asyncio.wait([done, task], timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        outcome.elapsed_s = loop.time() - began
        outcome.stats = bus.stats()
        outcome.instruments = line
        await _stop(task)
        loop.remove_reader(wire.fd)
    return outcome


async def poll_tcp(
    config: BusConfig, gateway: TcpGateway, *, reads: int = 1 << 30, limit_s: float = 60
) -> Outcome:
    """Poll through a TCP gateway in real time until `reads` requests were seen or `limit_s` passed."""
    outcome = Outcome()
    done = asyncio.get_running_loop().create_future()

    def sink(reading: BlockReading) -> None:
        outcome.take(reading, config.timeout_ms)
        if gateway.line.requests >= reads and not done.done():
            done.set_result(None)

    async with gateway.serve() as port:
        bus = Bus(structs.replace(config, kind="tcp", host="127.0.0.1", port=port), sink, LoopClock())
        began = time.monotonic()
        task = asyncio.create_task(bus.run())
        await asyncio.wait([done, task], timeout=limit_s, return_when=asyncio.FIRST_COMPLETED)
        outcome.elapsed_s = time.monotonic() - began
        outcome.stats = bus.stats()
        outcome.instruments = gateway.line
        await _stop(task)
    return outcome


def serve_pty(wire: PtyWire, line: Instruments, loop: asyncio.AbstractEventLoop) -> None:
    """Let instruments answer on the far end of a pty."""
    fd = wire.fd

    def send(frame: bytes | bytearray) -> None:
        with contextlib.suppress(OSError):
            os.write(fd, frame)

    def ready() -> None:
        try:
            data = os.read(fd, 4096)
        except OSError:
            return
        for delay, frame in line.hear(data, time.monotonic() * 1000):
            loop.call_later(max(0.0, delay) / 1000, send, frame)

    loop.add_reader(fd, ready)


async def _stop(task: asyncio.Task[None]) -> None:
    """Cancel the bus; a failure of its own is raised."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def soaking(count: int, soak: int) -> int:
    """Return the count for this run: the big one under FENGSUI_SOAK=1."""
    return soak if os.environ.get("FENGSUI_SOAK") == "1" else count
