"""Runs a driver that asks on a serial line against instruments of the rig: in made-up time or on a pty.

In made-up time the line is a serial server on 127.0.0.1: hours of polling pass in seconds, on real sockets.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from edge.config import ConfigError, load
from edge.drivers.families import family
from edge.drivers.models import BlockReading, Driver, Laid, Site, Tape
from edge.drivers.tape import Tape as RealTape
from edge.strict import Problems
from rig.asked import name_of
from rig.faults import Sending
from rig.scenario import LoopClock
from rig.virtual import VirtualLoop, run_virtual
from rig.wire import PtyWire


class Line(Protocol):
    """Instruments: what they hear, and what they say when."""

    def hear(self, data: bytes, now: float) -> list[Sending]: ...


@dataclass
class Watched:
    """What came of a run: every reading, and what the self-naming values say."""

    readings: list[BlockReading] = field(default_factory=list)
    wrong: int = 0
    good: int = 0
    oldest_ms: int = 0
    ages: list[int] = field(default_factory=list)
    stats: Any = None
    tape: RealTape | None = None

    def take(self, reading: BlockReading, names: Sequence[tuple[int, int]], digits: float) -> None:
        """Take one reading; `names` are (unit, question) by block, a value times `digits` names itself."""
        self.readings.append(reading)
        if reading.data is None:
            return
        self.good += 1
        named = name_of(round(reading.data[0] * digits), reading.mono_ms - reading.took_ms)
        self.wrong += (named.unit, named.question) != names[reading.block.number]
        self.ages.append(named.age_ms)
        self.oldest_ms = max(self.oldest_ms, named.age_ms)


def bus_of(text: str, folder: Path) -> tuple[Any, Laid]:
    """Read a configuration with one bus and lay it out.

    Raises:
        edge.config.ConfigError: it is refused.
    """
    path = folder / "gateway.toml"
    path.write_text('[gateway]\nid = "gw-one"\n' + text, encoding="utf-8")
    bus = load(path).config.buses[0]
    problems = Problems("gateway.toml")
    laid = family(bus.kind).lay_out(bus, "$.buses[0]", Site([], folder), problems)
    if problems.found:
        raise ConfigError(problems.found)
    return bus, laid


def start(
    bus: Any, laid: Laid, sink: Callable[[BlockReading], None], clock: Any, tape: Tape | None = None
) -> Driver:
    """Build the driver of a bus."""
    return family(bus.kind).start(bus, laid, sink, clock, tape)


def run_on_a_serial_server(
    text: Callable[[int], str],
    line: Line,
    seconds: float,
    folder: Path,
    sink: Callable[[BlockReading], None],
    meddle: Callable[[VirtualLoop, list[asyncio.StreamWriter]], None] = lambda *_: None,
) -> Any:
    """Run in made-up time; `text(port)` is the configuration. Returns the driver's statistics."""

    async def main(loop: VirtualLoop) -> Any:
        writers: list[asyncio.StreamWriter] = []

        def say(writer: asyncio.StreamWriter, data: bytes | bytearray) -> None:
            if not writer.is_closing():
                writer.write(data)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.append(writer)
            with contextlib.suppress(OSError):
                while data := await reader.read(4096):
                    for delay, frame in line.hear(data, loop.time() * 1000):
                        loop.call_later(max(0.0, delay) / 1000, say, writer, frame)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        for listening in server.sockets:
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bus, laid = bus_of(text(port), folder)
        driver = start(bus, laid, sink, loop)
        task = loop.create_task(driver.run())
        await asyncio.sleep(0.001)
        meddle(loop, writers)
        await asyncio.wait([task], timeout=seconds)
        stats = driver.stats()
        await stopped(task)
        server.close()
        for writer in writers:
            writer.close()
        await asyncio.sleep(0.01)
        return stats

    return run_virtual(main)


async def stopped(task: asyncio.Task[None]) -> None:
    """Cancel a driver; a failure of its own is raised."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def answer_on(wire: PtyWire, line: Line) -> Callable[[], None]:
    """Let instruments answer at the far end of a pty; call what is returned to end that."""
    loop = asyncio.get_running_loop()
    fd = wire.fd

    def say(data: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(fd, data)

    def ready() -> None:
        try:
            data = os.read(fd, 4096)
        except OSError:
            return
        for delay, frame in line.hear(data, loop.time() * 1000):
            loop.call_later(max(0.0, delay) / 1000, say, bytes(frame))

    loop.add_reader(fd, ready)

    def end() -> None:
        loop.remove_reader(fd)

    return end


async def run_on_a_pty(
    bus: Any, laid: Laid, line: Line, seconds: float, sink: Callable[[BlockReading], None]
) -> Any:
    """Run in real time on a pseudo-terminal at the bus's device. Returns the driver's statistics."""
    with PtyWire(bus.device) as wire:
        end = answer_on(wire, line)
        driver = start(bus, laid, sink, LoopClock())
        task = asyncio.get_running_loop().create_task(driver.run())
        await asyncio.wait([task], timeout=seconds)
        stats = driver.stats()
        await stopped(task)
        end()
    return stats
