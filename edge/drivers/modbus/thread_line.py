"""A line through minimalmodbus: requests run in a worker thread, replies pass the checks of every line.

For adapters whose direction is switched by RTS, or whose port must be closed after each request.
minimalmodbus 2.1.1, as read in its source: `_communicate` empties the input buffer, waits 3.5 characters,
writes, reads the echo where there is one, then reads as many bytes as the reply should have, or until the
time is up, and throws what it read away when its own checks fail. So the port that it is given keeps every
byte, and those bytes, not the library's verdict, go through the framer to the port automaton.

What such a line can't do: it hears nothing between two requests. A late reply, a copy or another master is
not noticed there, and reading ends with as many bytes as were expected even when another frame came first.
It is safe all the same, because hearing only ever shortens a wait: after each failure the unit rests for the
whole H, then a barrier read of a length of its own puts it in step (modbus-rule "Proof", 3), and a fitting
frame can only hold the registers asked for (rule U). It costs reads, never truth.

A driver call that hangs in the operating system holds up its own thread only: the line is given up, and isn't
opened again before that call has returned, so at most one thread a bus can ever hang.
"""

from __future__ import annotations

import asyncio
import queue
import termios
import threading
from collections.abc import Callable

import minimalmodbus  # type: ignore[import-untyped]

from edge.core.transaction import ECHO_YES, FAIL, NOTHING, Port, Request
from edge.drivers.modbus.frame import RtuStream
from edge.drivers.modbus.heard_port import SLICE_S, WRITE_S, HeardPort
from edge.drivers.modbus.line import Line
from edge.drivers.modbus.models import BusConfig
from edge.drivers.modbus.opening import device_trouble, moved
from edge.drivers.models import Clock, Tape

OPEN_S = 3.0
ENDING = 10  # so many slices a thread may take to end
FAULTS = (OSError, termios.error, ValueError, TypeError)  # of pyserial with a port that is gone, or odd
HUNG_S = 3.0  # beyond what a request may take: the operating system does not give the call back


OpenPort = Callable[[BusConfig, Clock, threading.Event], HeardPort]


class ThreadLine(Line):
    """A serial port in a thread of its own, driven by minimalmodbus; `open_port` opens it (in the thread)."""

    def __init__(
        self,
        config: BusConfig,
        port: Port,
        gap_ms: int,
        clock: Clock,
        tape: Tape | None = None,
        open_port: OpenPort = HeardPort,
    ) -> None:
        super().__init__(config, port, clock, tape)
        self._open_port = open_port
        self._gap_ms = gap_ms
        self._worker: _Worker | None = None
        self._hung: _Worker | None = None
        self._malformed = 0

    @property
    def is_open(self) -> bool:
        """Whether the port is open."""
        return self._worker is not None

    @property
    def malformed(self) -> int:
        """How many bytes of noise or broken frames were skipped since the connection was opened."""
        return self._malformed

    async def _open(self) -> str:
        config = self._config
        if self._hung is not None:
            for _ in range(ENDING):
                if not self._hung.is_alive():
                    break
                await asyncio.sleep(SLICE_S)
            else:
                return f"{config.device}: its driver does not return a call; unplug the adapter"
        self._malformed = 0
        worker = _Worker(config, self.clock, self._open_port)
        worker.start()
        try:
            async with asyncio.timeout(OPEN_S):
                await worker.do(worker.open)
        except (termios.error, ValueError, TypeError) as exc:
            self._end(worker)
            return f"{config.device} refuses {config.baudrate} baud, parity {config.parity}: {exc}"
        except OSError as exc:
            self._end(worker)
            return device_trouble(config.device, exc)
        except asyncio.CancelledError:
            self._end(worker)
            raise
        self._worker = worker
        return ""

    def close(self) -> None:
        """Close the port: its thread ends as soon as the call that it is in returns, at the latest then."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._end(worker)

    def _end(self, worker: _Worker) -> None:
        worker.end()
        self._hung = worker

    async def ask(self, request: Request, frame: bytes) -> int:
        """Send a request and return the effect: ACCEPT, REFUSE, FAIL or REJECT.

        Args:
            request: what fits as a reply.
            frame: the RTU frame.
        """
        worker = self._worker
        if worker is None:
            return FAIL
        port = self.port
        self._effect = NOTHING
        worker.echoing = port.echo == ECHO_YES
        if self.tape is not None:
            self.tape.sent(frame)
        port.sent(request, self.clock.mono_ms())
        trouble = ""
        heard = b""
        try:
            async with asyncio.timeout(2 * request.timeout_ms / 1000 + WRITE_S + HUNG_S):
                heard = await worker.do(lambda: worker.ask(frame, request.timeout_ms))
        except TimeoutError:
            trouble = "its driver does not return"
        except FAULTS as exc:
            trouble = str(exc) or type(exc).__name__
        now = self.clock.mono_ms()
        if trouble:
            if self.tape is not None:
                self.tape.note(trouble)
            self.abandon()
            return self._effect
        if self.tape is not None and heard:
            self.tape.received(heard)
        stream = RtuStream(self._gap_ms)
        frames = stream.take(heard, now, port.last_wire) + stream.settle(port.last_wire)
        self._malformed += stream.malformed
        if not self.judge(frames, now):
            self._effect = port.overdue(now) or self._effect
            if worker.gone:
                self.abandon()
        return self._effect


class _Worker(threading.Thread):
    """Does one blocking call after another for the event loop that started it."""

    def __init__(self, config: BusConfig, clock: Clock, open_port: OpenPort) -> None:
        # A call that never returns must not keep the process from ending either.
        super().__init__(name=f"modbus {config.name}", daemon=True)
        self.echoing = False
        self.gone = False
        self._config = config
        self._clock = clock
        self._open_port = open_port
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[tuple[asyncio.Future[bytes], Callable[[], bytes]] | None] = (
            queue.SimpleQueue()
        )
        self._ending = threading.Event()
        self._instrument: minimalmodbus.Instrument | None = None
        self._port: HeardPort | None = None

    async def do(self, work: Callable[[], bytes]) -> bytes:
        """Let the thread do `work`; returns or raises what it does."""
        future: asyncio.Future[bytes] = self._loop.create_future()
        self._jobs.put((future, work))
        return await future

    def end(self) -> None:
        """Tell the thread to close the port and end."""
        self._ending.set()
        self._jobs.put(None)

    def open(self) -> bytes:
        """Open the port (in the thread)."""
        config = self._config
        self._port = self._open_port(config, self._clock, self._ending)
        self._instrument = minimalmodbus.Instrument(
            self._port, 1, close_port_after_each_call=config.close_after_call
        )
        return b""

    def ask(self, frame: bytes, timeout_ms: int) -> bytes:
        """Send a request and return all bytes that were read (in the thread).

        Raises:
            OSError, termios.error, TypeError: the port is gone.
        """
        port, instrument = self._port, self._instrument
        assert port is not None
        assert instrument is not None
        port.heard.clear()
        port.reply_ms = timeout_ms
        instrument.address = frame[0]
        instrument.handle_local_echo = self.echoing
        try:
            # The one call of the library that takes any function; its public ones decode values as well.
            instrument._perform_command(frame[1], frame[2:-2])  # noqa: SLF001
        except minimalmodbus.ModbusException:
            # Whether it is an answer is decided by the port automaton, from the same bytes.
            self.gone = port.is_open and moved(port.fileno(), self._config.device)
        finally:
            if self._config.close_after_call and port.is_open:
                port.close()
        return bytes(port.heard)

    def run(self) -> None:
        """Work until told to end (in the thread)."""
        try:
            while (job := self._jobs.get()) is not None:
                future, work = job
                result: bytes | BaseException
                try:
                    result = work()
                except FAULTS as exc:
                    result = exc
                self._loop.call_soon_threadsafe(_settle, future, result)
        except RuntimeError:
            pass  # the event loop has ended, and with it whoever waited
        finally:
            if self._port is not None:
                self._port.close()


def _settle(future: asyncio.Future[bytes], result: bytes | BaseException) -> None:
    if future.done():
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)
