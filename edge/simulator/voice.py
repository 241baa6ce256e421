"""What every byte-speaking simulated instrument is, and the doors through which it speaks."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from edge.simulator.fault import LATE_MS
from edge.simulator.instrument import Instrument

CALL_AGAIN_S = 2.0


class Voice(Protocol):
    """An instrument's side of a conversation, without input and output."""

    def hears(self, data: bytes) -> bytes:
        """Take received bytes and return the answer, b"" for none."""
        ...

    def speaks(self) -> bytes:
        """Return what it says unasked, b"" for nothing; called every `Simulator.every_s`."""
        ...


class _Mouth:
    """One conversation: answers after the template's time, and not or late as the fault wants it."""

    def __init__(self, voice: Voice, instrument: Instrument, write: Callable[[bytes], None]) -> None:
        self._voice = voice
        self._instrument = instrument
        self._write = write
        self._pending: set[asyncio.Task[None]] = set()

    def hears(self, data: bytes) -> None:
        answer = self._voice.hears(data)
        fault = self._instrument.fault
        if not answer or fault == "silent":
            return
        late_s = LATE_MS / 1000 if fault == "late" else 0.0
        task = asyncio.get_running_loop().create_task(
            self._later(self._instrument.simulator.reply_ms / 1000 + late_s, answer)
        )
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def speak(self) -> None:
        """Say what is said unasked, for ever."""
        while True:
            said = self._voice.speaks()
            if said and self._instrument.fault != "silent":
                self._write(said)
            await asyncio.sleep(self._instrument.simulator.every_s)

    async def _later(self, wait_s: float, answer: bytes) -> None:
        await asyncio.sleep(wait_s)
        self._write(answer)

    async def close(self) -> None:
        for task in self._pending:
            task.cancel()
        await asyncio.gather(*self._pending, return_exceptions=True)


@asynccontextmanager
async def listening(voice: Voice, instrument: Instrument, host: str, port: int) -> AsyncIterator[int]:
    """Answer whoever connects, as behind a serial server; yields the port.

    Raises:
        OSError: the port cannot be had.
    """
    open_now: dict[asyncio.StreamWriter, asyncio.Event] = {}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_now[writer] = over = asyncio.Event()
        try:
            await _converse(voice, instrument, reader, writer)
        finally:
            over.set()
            open_now.pop(writer, None)

    server = await asyncio.start_server(talk, host, port)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        # Broken off, not cancelled: a cancelled handler is a fault to asyncio's streams (3.11).
        for writer, over in list(open_now.items()):
            writer.transport.abort()
            await over.wait()


@asynccontextmanager
async def calling(voice: Voice, instrument: Instrument, host: str, port: int) -> AsyncIterator[int]:
    """Call a listener and report to it, again after every break; yields the listener's port."""

    async def call() -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection(host, port)
                await _converse(voice, instrument, reader, writer)
            await asyncio.sleep(CALL_AGAIN_S)

    task = asyncio.get_running_loop().create_task(call())
    try:
        yield port
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def at_device(voice: Voice, instrument: Instrument, device: str) -> AsyncIterator[None]:
    """Answer on a serial device (a pseudo-terminal has no baud rate).

    Raises:
        OSError: the device cannot be opened.
    """
    end = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    def write(data: bytes) -> None:
        # Nobody reads at the other end: what does not fit is lost, as on a wire.
        with contextlib.suppress(BlockingIOError):
            os.write(end, data)

    def read() -> None:
        with contextlib.suppress(BlockingIOError):
            mouth.hears(os.read(end, 4096))

    mouth = _Mouth(voice, instrument, write)
    loop = asyncio.get_running_loop()
    loop.add_reader(end, read)
    speaking = loop.create_task(mouth.speak())
    try:
        yield
    finally:
        loop.remove_reader(end)
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
        await mouth.close()
        os.close(end)


async def _converse(
    voice: Voice, instrument: Instrument, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Talk until the other end closes."""
    mouth = _Mouth(voice, instrument, writer.write)
    speaking = asyncio.get_running_loop().create_task(mouth.speak())
    try:
        with contextlib.suppress(OSError):
            while data := await reader.read(4096):
                mouth.hears(data)
                await writer.drain()
    finally:
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
        await mouth.close()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
