"""One connection through pymodbus: its transport and transactions, with the framing and checks of our own.

pymodbus 3.16.1 as read in its source: `FramerBase.handleFrame` compares unit and non-zero ids only,
`FramerRTU.decode` loses a good reply behind a foreign or half frame, transaction ids restart at 1 after every
reconnect, an undecodable TCP reply raises inside the receive callback. So `client.ctx.framer` is replaced:
`buildFrame` sends the bytes of our plan with an id of our own, `handleFrame` sees every received byte (with
no request open too) and returns None to go on waiting until the same deadline.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import termios
from collections.abc import Callable
from typing import Protocol

from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerRTU, FramerSocket
from pymodbus.pdu import DecodePDU, ModbusPDU

from edge.core.transaction import FAIL, NOTHING, Port, Request
from edge.drivers.modbus.frame import MASTER, FramingLost, RtuStream, TcpStream
from edge.drivers.modbus.models import BusConfig

CONNECT_S = 3.0
BUFFER = 1 << 16  # pymodbus throws a longer chunk away whole; our framer keeps its own rest

# pymodbus logs each time-out as an error; the bus reports once when a fault begins and once when it ends.
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)


class Clock(Protocol):
    """The two times of the gateway, in milliseconds."""

    def utc_ms(self) -> int:
        """Return the time of day, UTC."""
        ...

    def mono_ms(self) -> int:
        """Return the clock that never jumps."""
        ...


class _Outgoing(ModbusPDU):
    """What pymodbus carries for us: the bytes to send; unit 0 keeps it from judging the reply."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = b""


class _Answered(ModbusPDU):
    """Tells pymodbus that the request is over; the port knows how."""


class _RtuFramer(FramerRTU):
    def __init__(self, line: Line, stream: RtuStream) -> None:
        super().__init__(DecodePDU(False))
        self._line = line
        self._stream = stream
        self._answered = _Answered()

    def buildFrame(self, message: ModbusPDU) -> bytes:  # noqa: N802  # pymodbus names it
        """Return the bytes of the open request."""
        assert isinstance(message, _Outgoing)
        return message.frame

    def handleFrame(  # noqa: N802  # pymodbus names it
        self,
        data: bytes,
        exp_devid: int,  # noqa: ARG002  # the port knows better what is expected
        exp_tid: int,  # noqa: ARG002
    ) -> tuple[int, ModbusPDU | None]:
        """Pass every frame to the port; keep the rest in our own stream."""
        line = self._line
        now = line.clock.mono_ms()
        frames = self._stream.take(data, now, line.port.last_wire)
        line.port.noise(now)
        return len(data), self._answered if line.judge(frames, now) else None


class _TcpFramer(FramerSocket):
    def __init__(self, line: Line) -> None:
        super().__init__(DecodePDU(False))
        self._line = line
        self._stream = TcpStream()
        self._answered = _Answered()

    def buildFrame(self, message: ModbusPDU) -> bytes:  # noqa: N802  # pymodbus names it
        """Return the bytes of the open request behind a transaction id that nobody else uses."""
        assert isinstance(message, _Outgoing)
        line = self._line
        line.transaction = line.transaction % 0xFFFF + 1
        return line.transaction.to_bytes(2, "big") + message.frame

    def handleFrame(  # noqa: N802  # pymodbus names it
        self,
        data: bytes,
        exp_devid: int,  # noqa: ARG002  # the port knows better what is expected
        exp_tid: int,  # noqa: ARG002
    ) -> tuple[int, ModbusPDU | None]:
        """Pass every frame to the port; a stream that lost its framing is closed."""
        line = self._line
        now = line.clock.mono_ms()
        try:
            frames = self._stream.take(data)
        except FramingLost:
            line.framing_lost += 1
            line.abandon()
            return len(data), self._answered
        line.port.noise(now)
        return len(data), self._answered if line.judge(frames, now) else None


class Line:
    """Opens the connection of a bus and sends one request at a time; effects are those of the port."""

    def __init__(self, config: BusConfig, port: Port, gap_ms: int, clock: Clock) -> None:
        self.port = port
        self.clock = clock
        self.transaction = secrets.randbelow(0xFFFF)
        self.framing_lost = 0
        self.on_lost: Callable[[], None] | None = None
        self._config = config
        self._gap_ms = gap_ms
        self._serial = config.kind == "rtu"
        self._client: AsyncModbusTcpClient | AsyncModbusSerialClient | None = None
        self._stream: RtuStream | None = None
        self._outgoing = _Outgoing()
        self._effect = NOTHING

    @property
    def where(self) -> str:
        """Where the bus is connected, in words."""
        return self._config.device if self._serial else f"{self._config.host}:{self._config.port}"

    @property
    def is_open(self) -> bool:
        """Whether the connection stands."""
        return self._client is not None and self._client.connected

    @property
    def malformed(self) -> int:
        """How many bytes of noise or broken frames were skipped since the connection was opened."""
        return self._stream.malformed if self._stream is not None else 0

    async def open(self) -> str:
        """Connect; return "" or the reason why not."""
        self.close()
        config = self._config
        client: AsyncModbusTcpClient | AsyncModbusSerialClient
        try:
            if self._serial:
                client = AsyncModbusSerialClient(
                    config.device,
                    baudrate=config.baudrate,
                    parity=config.parity,
                    stopbits=config.stopbits,
                    retries=0,
                    reconnect_delay=0,
                    timeout=CONNECT_S,
                    trace_connect=self._connection,
                )
                self._stream = RtuStream(self._gap_ms)
                client.ctx.framer = _RtuFramer(self, self._stream)
            else:
                client = AsyncModbusTcpClient(
                    config.host,
                    port=config.port,
                    retries=0,
                    reconnect_delay=0,
                    timeout=CONNECT_S,
                    trace_connect=self._connection,
                )
                client.ctx.framer = _TcpFramer(self)
            client.set_max_no_responses(1 << 30)
            client.ctx.max_buffer_size = BUFFER
            connected = await client.connect()
            _heed_cancellation()
            if not connected:
                return f"no connection to {self.where}"
        except termios.error as exc:
            return f"{self.where} refuses {config.baudrate} baud, parity {config.parity}: {exc}"
        self._client = client
        return ""

    def close(self) -> None:
        """Close the connection, if there is one."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def abandon(self) -> None:
        """Close a connection that is no longer usable and end the open request."""
        self.close()
        self._effect = self.port.lost(self.clock.mono_ms()) or self._effect
        if self.on_lost is not None:
            self.on_lost()

    async def ask(self, request: Request, frame: bytes) -> int:
        """Send a request and return the effect: ACCEPT, REFUSE, FAIL or REJECT.

        Args:
            request: what fits as a reply.
            frame: the bytes to send; on TCP what follows the transaction id.
        """
        client = self._client
        if client is None:
            return FAIL
        context = client.ctx
        if self._serial and client.connected:
            # What already lies in the kernel was sent before our request and can't be its answer.
            context.transport.intern_read_ready()  # type: ignore[attr-defined]
        if not client.connected:
            return FAIL
        self._outgoing.frame = frame
        self._effect = NOTHING
        context.comm_params.timeout_connect = request.timeout_ms / 1000
        self.port.sent(request, self.clock.mono_ms())
        try:
            await context.execute(False, self._outgoing)
        except ModbusException:
            self._overdue()
        _heed_cancellation()
        return self._effect

    def judge(self, frames: list[tuple[int, int, bytes, int]], now: int) -> bool:
        """Give frames to the port; say whether the open request is over."""
        over = False
        for unit, function, payload, transaction in frames:
            if function == MASTER:
                effect = self.port.asked(payload, now)
            else:
                own = self._serial or transaction == self.transaction
                effect = self.port.frame(unit, function, payload, own, now)
            if effect != NOTHING:
                self._effect = effect
                over = True
        return over

    def _overdue(self) -> None:
        """End a request whose time is up, unless its reply lies behind noise that looked like a frame."""
        now = self.clock.mono_ms()
        if self._stream is not None and self.judge(self._stream.settle(self.port.last_wire), now):
            return
        self._effect = self.port.overdue(now) or self._effect

    def _connection(self, connected: bool) -> None:
        """Learn from pymodbus that the connection came or went."""
        if connected or self._client is None:
            return
        client, self._client = self._client, None
        self._effect = self.port.lost(self.clock.mono_ms()) or self._effect
        future = client.ctx.response_future
        if not future.done():
            future.set_result(_Answered())
        if self.on_lost is not None:
            self.on_lost()


def _heed_cancellation() -> None:
    """Raise the cancellation that `asyncio.wait_for` of Python 3.11 swallows when a reply comes with it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
