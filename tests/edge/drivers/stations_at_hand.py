"""What tests of listening drivers need: a clock moved by hand, a peer that keeps what it is told, tables."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from edge.drivers.families import table
from edge.drivers.hj212 import family as hj212
from edge.drivers.hj212.driver import Stations as Hj212Stations
from edge.drivers.listener import Limits
from edge.drivers.models import BlockReading, Laid, Site
from edge.drivers.sl651 import family as sl651
from edge.drivers.sl651.driver import Stations as Sl651Stations
from edge.strict import Problems, read

NOON_MS = 1_790_000_000_000  # 2026-09-21, a plausible today


class HandClock:
    """Times that stand still until moved."""

    def __init__(self, utc_ms: int = NOON_MS) -> None:
        self.utc = utc_ms
        self.mono = 1_000_000

    def utc_ms(self) -> int:
        return self.utc

    def mono_ms(self) -> int:
        return self.mono

    def go_on(self, ms: int) -> None:
        self.utc += ms
        self.mono += ms


class LoopClock:
    """Real time, as the loop's tests need it."""

    def __init__(self) -> None:
        import time

        self._time = time

    def utc_ms(self) -> int:
        return self._time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        return self._time.monotonic_ns() // 1_000_000


class Listener:
    """A peer in memory."""

    def __init__(self) -> None:
        self.name = "127.0.0.1:4711"
        self.told: list[bytes] = []

    def send(self, data: bytes) -> None:
        self.told.append(data)

    def fields(self) -> list[dict[str, str]]:
        return [dict(re.findall(r"(\w+)=([^;]*)", data.decode()[6:])) for data in self.told]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def checked(raw: dict[str, Any]) -> tuple[Any, Laid, list[str]]:
    """Read a bus table as the configuration does; return it, what it comes to, and every problem."""
    problems = Problems("gateway.toml")
    kind = table(raw, "$", problems)
    assert kind is not None
    bus: Any = read(kind, raw, "$", problems)
    laid = Laid([])
    if bus is not None:
        family = hj212 if raw["kind"] == "hj212" else sl651
        family.check(bus, "$", problems)
        laid = family.lay_out(bus, "$", Site([], Path()), problems)
    return bus, laid, [str(problem) for problem in problems.found]


class HjBench:
    """An HJ 212 driver with everything round it in memory."""

    def __init__(self, *units: dict[str, Any], **bus: Any) -> None:
        raw = {"name": "env", "kind": "hj212", "listen": "127.0.0.1:9001", "units": list(units), **bus}
        self.bus, self.laid, problems = checked(raw)
        assert problems == []
        self.clock = HandClock()
        self.readings: list[BlockReading] = []
        self.driver = Hj212Stations(self.bus, self.laid.detail, self.readings.append, self.clock, None)
        self.peer = Listener()
        self.conversation = self.driver.reception.door._talk(self.peer)  # type: ignore[attr-defined]

    def call_roll(self) -> None:
        reception = self.driver.reception
        reception._roll.call(self.clock.mono, self.clock.utc, "", reception._known_of)


class SlBench:
    """An SL 651 driver with everything round it in memory."""

    def __init__(self, *units: dict[str, Any], **bus: Any) -> None:
        raw = {"name": "water", "kind": "sl651", "listen": "127.0.0.1:9002", "units": list(units), **bus}
        self.bus, self.laid, problems = checked(raw)
        assert problems == []
        self.clock = HandClock()
        self.readings: list[BlockReading] = []
        self.driver = Sl651Stations(self.bus, self.laid.detail, self.readings.append, self.clock, None)
        self.peer = Listener()
        self.conversation = self.driver.reception.door._talk(self.peer)  # type: ignore[attr-defined]

    def call_roll(self) -> None:
        reception = self.driver.reception
        reception._roll.call(self.clock.mono, self.clock.utc, "", reception._known_of)


@contextlib.asynccontextmanager
async def running(driver: Any) -> AsyncIterator[None]:
    """Run a driver in the background until its door is open, and end it afterwards."""
    task = asyncio.create_task(driver.run())
    try:
        async with asyncio.timeout(60):
            while not driver.reception.door.is_open:
                await asyncio.sleep(0.01)
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def with_limits(bench: HjBench | SlBench, limits: Limits) -> Any:
    """Build the bench's driver again with a real clock, a free port and other limits."""
    port = free_port()
    bus = msgspec.structs.replace(bench.bus, listen=f"127.0.0.1:{port}")
    kind: Any = Hj212Stations if isinstance(bench, HjBench) else Sl651Stations
    return kind(bus, bench.laid.detail, bench.readings.append, LoopClock(), None, limits)
