"""An event loop whose time is made up, and a serial wire in memory: hours of polling pass in seconds.

Everything above the wire is real (pymodbus, the driver, asyncio); only the operating system's serial port and
the passing of time are replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import selectors
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from rig.faults import Sending

_T = TypeVar("_T")


class _JumpingSelector(selectors.DefaultSelector):
    """Never waits: it moves the loop's time on instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            if timeout is None:
                raise RuntimeError("nothing will ever happen: every task waits")
            # A little more than asked for: a timer is due only when the clock has passed it.
            self.now += max(timeout, 1e-6)
        return list(ready)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An asyncio loop with a time of its own; it is also the clock that the driver reads."""

    def __init__(self) -> None:
        self._jumper = _JumpingSelector()
        super().__init__(self._jumper)

    def time(self) -> float:
        return self._jumper.now

    def mono_ms(self) -> int:
        return int(self._jumper.now * 1000)

    def utc_ms(self) -> int:
        return 1_767_225_600_000 + self.mono_ms()


def run_virtual(main: Callable[[VirtualLoop], Coroutine[Any, Any, _T]]) -> _T:
    """Run `main(loop)` to its end in made-up time."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main(loop))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


class MemoryWire(asyncio.Transport):
    """A serial line in memory; `hear(bytes, now ms)` is called for what the master sends."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        hear: Callable[[bytes, float], list[Sending]],
        wires: list[MemoryWire],
    ) -> None:
        super().__init__()
        self._loop = loop
        self._hear = hear
        self.wires = wires
        self.protocol: asyncio.BaseProtocol | None = None
        self.open = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        for delay, frame in self._hear(bytes(data), self._loop.time() * 1000):
            self.send_later(delay, frame)

    def send_later(self, delay_ms: float, data: bytes) -> None:
        """Let bytes arrive at the master."""
        self._loop.call_later(max(0.0, delay_ms) / 1000, self._deliver, data)

    def _deliver(self, data: bytes) -> None:
        # What is on its way when the port is closed reaches whoever opens it next.
        wire = self.wires[-1]
        if wire.open and wire.protocol is not None:
            wire.protocol.data_received(data)  # type: ignore[attr-defined]

    def intern_read_ready(self) -> None:
        """Nothing is ever kept back by a kernel here."""

    def close(self) -> None:
        self.open = False


@contextlib.contextmanager
def memory_wire(hear: Callable[[bytes, float], list[Sending]]) -> Iterator[list[MemoryWire]]:
    """Give every serial port that pymodbus opens to `hear`; yields the wires opened so far."""
    wires: list[MemoryWire] = []
    place: Any = importlib.import_module("pymodbus.transport.transport")
    real = place.create_serial_connection

    async def connect(
        loop: asyncio.AbstractEventLoop, factory: Callable[[], asyncio.BaseProtocol], *_: object, **__: object
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        wire = MemoryWire(loop, hear, wires)
        wire.protocol = factory()
        wires.append(wire)
        loop.call_soon(wire.protocol.connection_made, wire)
        return wire, wire.protocol

    # pymodbus binds the function when a client is made.
    place.create_serial_connection = connect
    try:
        yield wires
    finally:
        place.create_serial_connection = real
