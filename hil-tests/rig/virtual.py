"""An event loop whose time is made up, and wires in memory: hours of polling pass in seconds.

Everything above the wire is real (pymodbus, the driver, asyncio); only the operating system's serial port or
socket and the passing of time are replaced.
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
        self.dial: Callable[[Any], Coroutine[Any, Any, Any]] | None = None
        super().__init__(self._jumper)

    async def create_connection(self, factory: Any, *where: Any, **how: Any) -> Any:  # type: ignore[override]
        """Open a wire in memory where there is one, else a socket."""
        if self.dial is not None:
            return await self.dial(factory)
        return await super().create_connection(factory, *where, **how)

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
        to_connection: bool = False,
    ) -> None:
        super().__init__()
        self._to_connection = to_connection
        self._loop = loop
        self._hear = hear
        self.wires = wires
        self.protocol: asyncio.BaseProtocol | None = None
        self.open = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        for delay, frame in self._hear(bytes(data), self._loop.time() * 1000):
            self.send_later(delay, frame)

    def send_later(self, delay_ms: float, data: bytes | bytearray) -> None:
        """Let bytes arrive at the master; none at all means that the peer hangs up."""
        self._loop.call_later(max(0.0, delay_ms) / 1000, self._deliver, data)

    def _deliver(self, data: bytes | bytearray) -> None:
        # What is on its way when the port is closed reaches whoever opens it next, or dies with it.
        wire = self if self._to_connection else self.wires[-1]
        if not data:
            wire.drop()
        if wire.open and wire.protocol is not None:
            wire.protocol.data_received(bytes(data))  # type: ignore[attr-defined]

    def drop(self) -> None:
        """Break the connection from the far end."""
        if self.open and self.protocol is not None:
            self.open = False
            self.protocol.connection_lost(None)

    def fall_silent(self) -> None:
        """Die as a peer without power does: nothing is heard or said any more, and nobody is told."""
        self._hear = lambda _data, _now: []

    def intern_read_ready(self) -> None:
        """Nothing is ever kept back by a kernel here."""

    def close(self) -> None:
        self.open = False


@contextlib.contextmanager
def memory_wire(
    hear: Callable[[bytes, float], list[Sending]], *, to_connection: bool = False
) -> Iterator[list[MemoryWire]]:
    """Give every serial port, and in made-up time every socket, that pymodbus opens to `hear`.

    Args:
        hear: takes what the master sent.
        to_connection: replies go to the connection that asked, and die with it; else to whichever is open.

    Yields:
        the wires opened so far.
    """
    wires: list[MemoryWire] = []
    running = asyncio.get_running_loop()
    place: Any = importlib.import_module("pymodbus.transport.transport")
    real = place.create_serial_connection

    async def connect(
        loop: asyncio.AbstractEventLoop, factory: Callable[[], asyncio.BaseProtocol], *_: object, **__: object
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        wire = MemoryWire(loop, hear, wires, to_connection)
        wire.protocol = factory()
        wires.append(wire)
        loop.call_soon(wire.protocol.connection_made, wire)
        return wire, wire.protocol

    async def dial(factory: Callable[[], asyncio.BaseProtocol]) -> object:
        return await connect(running, factory)

    # pymodbus binds the function when a client is made.
    place.create_serial_connection = connect
    if isinstance(running, VirtualLoop):
        running.dial = dial
    try:
        yield wires
    finally:
        place.create_serial_connection = real
        if isinstance(running, VirtualLoop):
            running.dial = None
