"""A line through pymodbus: its transport and transactions, with the framing and checks of our own."""

from __future__ import annotations

import asyncio
import logging
import secrets
import termios
from typing import Any

import serial
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from edge.core.transaction import DRAIN, FAIL, NOTHING, REJECT, Port, Request
from edge.drivers.modbus.ascii import AsciiStream
from edge.drivers.modbus.client_framers import Answered, Outgoing, SerialFramer, TcpFramer
from edge.drivers.modbus.frame import RtuStream, TcpStream
from edge.drivers.modbus.line import Line
from edge.drivers.modbus.models import BusConfig
from edge.drivers.modbus.opening import device_trouble, heed_parity, host_trouble, moved
from edge.drivers.models import Clock, Tape

CONNECT_S = 3.0
BUFFER = 1 << 20  # pymodbus throws a longer chunk away whole; our framer keeps its own rest

# pymodbus logs each time-out as an error; the bus reports once when a fault begins and once when it ends.
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)


class ClientLine(Line):
    """A socket or serial port that pymodbus opens; transaction ids begin at random and are never 0."""

    def __init__(
        self, config: BusConfig, port: Port, gap_ms: int, clock: Clock, tape: Tape | None = None
    ) -> None:
        super().__init__(config, port, clock, tape)
        self.transaction = secrets.randbelow(0xFFFF)
        self._gap_ms = gap_ms
        self._client: AsyncModbusTcpClient | AsyncModbusSerialClient | None = None
        self._stream: RtuStream | AsciiStream | TcpStream = TcpStream()
        self._outgoing = Outgoing()

    @property
    def is_open(self) -> bool:
        """Whether the connection stands."""
        return self._client is not None and self._client.connected

    @property
    def malformed(self) -> int:
        """How many bytes of noise or broken frames were skipped since the connection was opened."""
        return self._stream.malformed

    async def _open(self) -> str:
        config = self._config
        client = self._new_client()
        if config.kind == "tcp":
            self._stream = TcpStream()
            client.ctx.framer = TcpFramer(self, self._stream)
        else:
            self._stream = AsciiStream() if config.kind == "ascii" else RtuStream(self._gap_ms)
            client.ctx.framer = SerialFramer(self, self._stream)
        client.set_max_no_responses(1 << 30)
        client.ctx.max_buffer_size = BUFFER
        failure: list[OSError] = []
        create = client.ctx.call_create

        async def remember() -> Any:
            try:
                return await create()
            except OSError as exc:
                failure.append(exc)
                raise

        client.ctx.call_create = remember
        try:
            connected = await client.connect()
            _heed_cancellation()
            serial_port = _serial_port(client)
            if serial_port is not None and config.parity != "N":
                heed_parity(serial_port.fileno())
        except asyncio.CancelledError:
            client.close()
            raise
        except (termios.error, ValueError) as exc:
            client.close()
            settings = f"{config.baudrate} baud, {config.bytesize} bits, parity {config.parity}"
            return f"{self.where} refuses {settings}: {exc}"
        if not connected:
            cause = failure[0] if failure else None
            if self.on_socket:
                return host_trouble(config.host, config.port, cause)
            return device_trouble(config.device, cause)
        self._client = client
        return ""

    def _new_client(self) -> AsyncModbusTcpClient | AsyncModbusSerialClient:
        config = self._config
        if self.on_socket:
            return AsyncModbusTcpClient(
                config.host,
                port=config.port,
                retries=0,
                reconnect_delay=0,
                timeout=CONNECT_S,
                trace_connect=self._connection,
            )
        return AsyncModbusSerialClient(
            config.device,
            baudrate=config.baudrate,
            bytesize=config.bytesize,
            parity=config.parity,
            stopbits=config.stopbits,
            retries=0,
            reconnect_delay=0,
            timeout=CONNECT_S,
            trace_connect=self._connection,
        )

    def close(self) -> None:
        """Close the connection, if there is one."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def abandon(self) -> None:
        """Close a connection that is no longer usable and end the open request."""
        client = self._client
        super().abandon()
        if client is not None:
            _release(client)

    async def ask(self, request: Request, frame: bytes) -> int:
        """Send a request and return the effect: ACCEPT, REFUSE, FAIL or REJECT.

        Args:
            request: what fits as a reply.
            frame: the bytes to send: on TCP what follows the transaction id, else the RTU frame.
        """
        client = self._client
        if client is None:
            return FAIL
        context = client.ctx
        if not self._ids and client.connected:
            # What already lies in the kernel was sent before our request and can't be its answer.
            if self.on_socket:
                await asyncio.sleep(0)  # once to be behind the selector's next look at the socket,
                await asyncio.sleep(0)  # and once to be behind what it found
            else:
                context.transport.intern_read_ready()  # type: ignore[attr-defined]
            if self.port.state == DRAIN:
                return REJECT  # another master has just spoken: its answer is on the way
        if not client.connected:
            return FAIL
        self._outgoing.frame = frame
        self._effect = NOTHING
        context.comm_params.timeout_connect = request.timeout_ms / 1000
        self.port.sent(request, self.clock.mono_ms())
        try:
            await context.execute(False, self._outgoing)
        except ModbusException:
            self._overdue(client)
        _heed_cancellation()
        return self._effect

    def _overdue(self, client: AsyncModbusTcpClient | AsyncModbusSerialClient) -> None:
        """End a request whose time is up, unless its reply lies behind noise that looked like a frame."""
        now = self.clock.mono_ms()
        if not isinstance(self._stream, TcpStream) and self.judge(
            self._stream.settle(self.port.last_wire), now
        ):
            return
        self._effect = self.port.overdue(now) or self._effect
        serial_port = _serial_port(client)
        if serial_port is not None and moved(serial_port.fileno(), self._config.device):
            self.abandon()

    def _connection(self, connected: bool) -> None:
        """Learn from pymodbus that the connection came or went."""
        if connected or self._client is None:
            return
        client, self._client = self._client, None
        self._lost()
        _release(client)


def _serial_port(client: AsyncModbusTcpClient | AsyncModbusSerialClient) -> serial.Serial | None:
    return getattr(client.ctx.transport, "sync_serial", None)


def _release(client: AsyncModbusTcpClient | AsyncModbusSerialClient) -> None:
    """Wake whoever waits for a reply on a connection that is gone."""
    future = client.ctx.response_future
    if not future.done():
        future.set_result(Answered())


def _heed_cancellation() -> None:
    """Raise the cancellation that `asyncio.wait_for` of Python 3.11 swallows when a reply comes with it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
