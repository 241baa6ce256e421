"""A well-behaved programmable Modbus instrument: several units on one TCP port and/or one serial line.

    slave = Slave(1, 2)
    slave[1].holding[0] = 4711
    slave[1].input.set_float(10, 21.5, order="CDAB")
    async with slave.tcp() as port: ...              # inside a running event loop
    async with slave.serial("/tmp/x/tty") as path: ...
    with slave.tcp_thread() as port: ...             # its own thread, for synchronous tests
    with slave.serial_thread("/tmp/x/tty") as path: ...

Registers may be set from any thread at any time. `python -m rig.slave --port 1502 --units 1-20` serves alone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import queue
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import TypeVar, overload

from rig.wire import PtyWire, RequestHunter, rtu

_T = TypeVar("_T")

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3


class Registers:
    """A table of 16-bit registers; assign integers (0..65535, or negative as two's complement)."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.raw = bytearray(2 * size)

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> list[int]: ...
    def __getitem__(self, place: int | slice) -> int | list[int]:
        if isinstance(place, int):
            return int.from_bytes(self.raw[2 * place : 2 * place + 2], "big")
        start, stop, _ = place.indices(self.size)
        return list(struct.unpack(f">{stop - start}H", self.raw[2 * start : 2 * stop]))

    @overload
    def __setitem__(self, place: int, value: int) -> None: ...
    @overload
    def __setitem__(self, place: slice, value: Iterable[int]) -> None: ...
    def __setitem__(self, place: int | slice, value: int | Iterable[int]) -> None:
        if isinstance(place, int):
            place, value = slice(place, place + 1), [value] if isinstance(value, int) else value
        values = [value] if isinstance(value, int) else list(value)
        start = place.start or 0
        if start < 0 or start + len(values) > self.size:
            raise ValueError(f"registers {start}..{start + len(values) - 1} are outside 0..{self.size - 1}")
        # One slice assignment: a read running in another thread sees all of it or nothing.
        self.raw[2 * start : 2 * (start + len(values))] = struct.pack(
            f">{len(values)}H", *(v & 0xFFFF for v in values)
        )

    def set_int(self, address: int, value: int, order: str = "ABCD") -> None:
        """Put a 32-bit integer into two registers; order "ABCD" (high word first) or "CDAB"."""
        self._put(address, struct.pack(">i" if value < 0 else ">I", value), order)

    def set_float(self, address: int, value: float, order: str = "ABCD") -> None:
        """Put a 32-bit float into two registers; order "ABCD" (high word first) or "CDAB"."""
        self._put(address, struct.pack(">f", value), order)

    def _put(self, address: int, data: bytes, order: str) -> None:
        self.raw[2 * address : 2 * address + 4] = data if order == "ABCD" else data[2:] + data[:2]


class Unit:
    """One instrument: holding and input registers, coils and discrete inputs (lists of 0 and 1)."""

    def __init__(self, size: int = 10_000) -> None:
        self.size = size
        self.holding = Registers(size)
        self.input = Registers(size)
        self.coils = bytearray(size)
        self.discrete = bytearray(size)
        self.silent = False
        self.delay_s = 0.0
        self.requests = 0

    def answer(self, pdu: bytes) -> bytes:
        """Return the reply PDU to a request PDU (Modbus Application Protocol V1.1b3, clause 6)."""
        self.requests += 1
        function = pdu[0]
        if function not in (1, 2, 3, 4, 5, 6, 15, 16) or len(pdu) < 5:
            return bytes((function | 0x80, ILLEGAL_FUNCTION))
        address, count = struct.unpack(">HH", pdu[1:5])
        number = count if function not in (5, 6) else 1
        most = {1: 2000, 2: 2000, 3: 125, 4: 125, 5: 1, 6: 1, 15: 1968, 16: 123}[function]
        if not 1 <= number <= most:
            return bytes((function | 0x80, ILLEGAL_VALUE))
        if address + number > self.size:
            return bytes((function | 0x80, ILLEGAL_ADDRESS))
        if function in (1, 2):
            bits = (self.coils if function == 1 else self.discrete)[address : address + count]
            packed = sum(bool(bit) << i for i, bit in enumerate(bits)).to_bytes((count + 7) // 8, "little")
            return bytes((function, len(packed))) + packed
        if function in (3, 4):
            raw = (self.holding if function == 3 else self.input).raw[2 * address : 2 * (address + count)]
            return bytes((function, len(raw))) + raw
        if function == 5:
            if count not in (0, 0xFF00):
                return bytes((function | 0x80, ILLEGAL_VALUE))
            self.coils[address] = count == 0xFF00
        elif function == 6:
            self.holding[address] = count
        elif function == 15:
            value = int.from_bytes(pdu[6:], "little")
            self.coils[address : address + count] = bytes(value >> i & 1 for i in range(count))
        else:
            self.holding.raw[2 * address : 2 * (address + count)] = pdu[6 : 6 + 2 * count]
        return pdu[:5]


class Slave:
    """Several units behind one port; `on_write(unit, request PDU)` is called after each accepted write."""

    def __init__(self, *units: int, size: int = 10_000) -> None:
        self.units = {unit: Unit(size) for unit in units or (1,)}
        self.on_write: Callable[[int, bytes], None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    def __getitem__(self, unit: int) -> Unit:
        return self.units[unit]

    def answer(self, unit: int, pdu: bytes) -> bytes | None:
        """Return the reply PDU, or None when nobody answers (unknown or silent unit)."""
        target = self.units.get(unit)
        if target is None or target.silent:
            return None
        reply = target.answer(pdu)
        if self.on_write is not None and reply[0] in (5, 6, 15, 16):
            self.on_write(unit, pdu)
        return reply

    def drop_connections(self) -> None:
        """Close every TCP connection at once, as an instrument that is switched off (in the slave's loop)."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = await reader.readexactly(7)
                transaction, protocol, length, unit = struct.unpack(">HHHB", head)
                pdu = await reader.readexactly(length - 1)
                reply = self.answer(unit, pdu)
                if reply is None:
                    continue
                if self.units[unit].delay_s:
                    await asyncio.sleep(self.units[unit].delay_s)
                writer.write(struct.pack(">HHHB", transaction, protocol, len(reply) + 1, unit) + reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    @contextlib.asynccontextmanager
    async def tcp(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
        """Serve Modbus TCP while the block runs; yields the port number."""
        server = await asyncio.start_server(self._talk, host, port)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            self.drop_connections()
            await asyncio.sleep(0)

    async def _reply_later(self, fd: int, unit: int, frame: bytes) -> None:
        await asyncio.sleep(self.units[unit].delay_s)
        with contextlib.suppress(OSError):
            os.write(fd, frame)

    @contextlib.asynccontextmanager
    async def serial(self, link: str) -> AsyncIterator[str]:
        """Serve Modbus RTU on a new pseudo-terminal reached at `link` while the block runs; yields `link`."""
        loop = asyncio.get_running_loop()
        hunter = RequestHunter()
        with PtyWire(link) as wire:
            fd = wire.fd

            def ready() -> None:
                try:
                    data = os.read(fd, 4096)
                except OSError:
                    return
                for unit, pdu in hunter.take(data):
                    reply = self.answer(unit, pdu)
                    if reply is None:
                        continue
                    if self.units[unit].delay_s:
                        task = loop.create_task(self._reply_later(fd, unit, rtu(unit, reply)))
                        self._tasks.add(task)
                        task.add_done_callback(self._tasks.discard)
                    else:
                        os.write(fd, rtu(unit, reply))

            loop.add_reader(fd, ready)
            try:
                yield link
            finally:
                loop.remove_reader(fd)
                for task in list(self._tasks):
                    task.cancel()

    @contextlib.contextmanager
    def tcp_thread(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
        """Serve Modbus TCP from a thread of its own while the block runs; yields the port number."""
        with _threaded(self.tcp(host, port)) as number:
            yield number

    @contextlib.contextmanager
    def serial_thread(self, link: str) -> Iterator[str]:
        """Serve Modbus RTU from a thread of its own while the block runs; yields `link`."""
        with _threaded(self.serial(link)) as path:
            yield path


@contextlib.contextmanager
def _threaded(service: contextlib.AbstractAsyncContextManager[_T]) -> Iterator[_T]:
    """Run `service` in the event loop of a new thread while the block runs; yields what it yields."""
    started: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, asyncio.Event, _T] | BaseException] = (
        queue.SimpleQueue()
    )

    async def serve() -> None:
        stop = asyncio.Event()
        async with service as value:
            started.put((asyncio.get_running_loop(), stop, value))
            await stop.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except OSError as exc:
            started.put(exc)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    outcome = started.get(timeout=10)
    if isinstance(outcome, BaseException):
        raise outcome
    loop, stop, value = outcome
    try:
        yield value
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


async def _serve_alone(host: str, port: int, units: list[int], link: str | None) -> None:
    slave = Slave(*units)
    async with contextlib.AsyncExitStack() as stack:
        number = await stack.enter_async_context(slave.tcp(host, port))
        if link is not None:
            await stack.enter_async_context(slave.serial(link))
        print(number, flush=True)  # the caller reads the port from the first line
        await asyncio.Event().wait()


def _numbers(text: str) -> list[int]:
    """Read "1-3,7" as [1, 2, 3, 7]."""
    pairs = [part.partition("-") for part in text.split(",")]
    return [number for low, dash, high in pairs for number in range(int(low), int(high if dash else low) + 1)]


def main() -> None:
    """Serve units until interrupted; the first line printed is the TCP port."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--units", type=_numbers, default=[1], help="for example 1-20 or 1,2,5")
    parser.add_argument("--serial", help="also serve RTU on a new pseudo-terminal reachable at this path")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve_alone(given.host, given.port, given.units, given.serial))


if __name__ == "__main__":
    main()
