"""Serves a simulated instrument as a Modbus slave: TCP, RTU, RTU over TCP and ASCII, by pymodbus' own server.

The gateway so meets bytes that somebody else's code framed. Only what the template calls readable is
answered; all else is refused with exception 2, as an instrument does it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from pymodbus import FramerType
from pymodbus.constants import ExcCodes
from pymodbus.exceptions import NoSuchIdException
from pymodbus.pdu import ModbusPDU
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from edge.simulator.fault import LATE_MS
from edge.simulator.instrument import Instrument
from edge.simulator.registers import Image, ModbusPoint, fingerprint_image, image
from edge.template_file import Fingerprint

TABLES: Final = {
    1: "coil",
    2: "discrete",
    3: "holding",
    4: "input",
    5: "coil",
    6: "holding",
    15: "coil",
    16: "holding",
}
READS: Final = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
WRITES: Final = (5, 6, 15, 16)
_TAKEN: Final = "cannot listen on %s: another program has it, or it is not of this machine; give another one"
FRAMERS: Final = {
    "tcp": FramerType.SOCKET,
    "rtu": FramerType.RTU,
    "rtu-over-tcp": FramerType.RTU,
    "ascii": FramerType.ASCII,
}


class Served(msgspec.Struct, frozen=True):
    """What the server answers for, besides the points themselves.

    Attributes:
        ranges: (table, first, last) that may be read; empty: the hull of the points.
        prints: the template's fingerprint.
        refused_function: a read function that is answered with exception 1.
        max_registers: a longer read is answered with exception 3.
        transaction_id_zero: on TCP, every answer has id 0.
    """

    ranges: Sequence[tuple[str, int, int]] = ()
    prints: Sequence[Fingerprint] = ()
    refused_function: int | None = None
    max_registers: int = 125
    transaction_id_zero: bool = False


class Slave:
    """One unit: takes the place of pymodbus' data store with what the instrument shows at that moment."""

    def __init__(
        self, unit: int, points: Mapping[str, ModbusPoint], instrument: Instrument, served: Served
    ) -> None:
        self._unit = unit
        self._points = points
        self._instrument = instrument
        self._served = served
        self._own = True
        self._fixed = fingerprint_image(served.prints)
        self._coils: Image = {}
        self._ranges = list(served.ranges)
        words = image(points, instrument.raws())
        for table in READS:
            own = [address for where, address in words if where == table]
            if own and not any(where == table for where, _, _ in self._ranges):
                self._ranges.append((table, min(own), max(own)))
        self._ranges += [(one.table, one.address, one.address + one.width - 1) for one in served.prints]

    def device(self) -> SimDevice:
        """Return the unit for pymodbus' server."""
        # Long enough that a refused function is refused as such, not for its address.
        ends = dict.fromkeys(READS, 128)
        for table, _, last in self._ranges:
            ends[table] = max(ends[table], last + 1)
        # Bits are kept by sixteens; pymodbus counts one place a bit.
        bits = {table: -(-ends[table] // 16) * 16 for table in ("coil", "discrete")}
        return SimDevice(
            id=self._unit,
            simdata=(
                [SimData(0, values=[False] * bits["coil"], datatype=DataType.BITS)],
                [SimData(0, values=[False] * bits["discrete"], datatype=DataType.BITS)],
                [SimData(0, count=ends["holding"], values=0, datatype=DataType.REGISTERS)],
                [SimData(0, count=ends["input"], values=0, datatype=DataType.REGISTERS)],
            ),
            action=self._answer,
        )

    def outgoing(self, sending: bool, pdu: ModbusPDU) -> ModbusPDU:
        """Give an answer this instrument's transaction id; pymodbus calls it for each message."""
        if sending and self._served.transaction_id_zero:
            pdu.transaction_id = 0
        self._own = not sending or pdu.dev_id == self._unit
        return pdu

    def packet(self, sending: bool, data: bytes) -> bytes:
        """Keep silent for other units: pymodbus would answer for them with exception 4."""
        return data if not sending or self._own else b""

    async def _answer(
        self,
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        """Put what is shown now into `registers`, which begin at `start`, or return an exception."""
        await asyncio.sleep(self._instrument.simulator.reply_ms / 1000)
        fault = self._instrument.fault
        if fault == "silent":
            raise NoSuchIdException
        if fault == "exception":
            return ExcCodes.DEVICE_FAILURE
        if fault == "late":
            await asyncio.sleep(LATE_MS / 1000)
        table = TABLES[function]
        bits = table in {"coil", "discrete"}
        if function == self._served.refused_function:
            return ExcCodes.ILLEGAL_FUNCTION
        # For bits pymodbus hands over the number of sixteens, not of bits.
        last = address if bits else address + count - 1
        if not any(where == table and low <= address and last <= high for where, low, high in self._ranges):
            return ExcCodes.ILLEGAL_ADDRESS
        if values is None and not bits and count > self._served.max_registers:
            return ExcCodes.ILLEGAL_VALUE
        if values is None:
            self._show(table, bits, start, registers)
        return None

    def _show(self, table: str, bits: bool, start: int, registers: list[int]) -> None:
        words = {**image(self._points, self._instrument.raws()), **self._fixed}
        for (where, address), word in words.items():
            if where != table:
                continue
            if not bits:
                registers[address - start] = word
                continue
            place = address // 16 - start
            mask = 1 << address % 16
            registers[place] = registers[place] & ~mask | (mask if word else 0)


@asynccontextmanager
async def serve_tcp(slave: Slave, kind: str, host: str, port: int) -> AsyncIterator[int]:
    """Answer on a TCP port (0: any free one) while the block runs; yields the port.

    Raises:
        OSError: the port cannot be had.
    """
    server = ModbusTcpServer(
        [slave.device()],
        framer=FRAMERS[kind],
        address=(host, port),
        ignore_missing_devices=True,
        trace_pdu=slave.outgoing,
        trace_packet=slave.packet,
    )
    async with _running(server, f"{host}:{port}"):
        listening: Any = server.transport
        if listening is None:
            raise OSError(_TAKEN % f"{host}:{port}")
        yield int(listening.sockets[0].getsockname()[1])


@asynccontextmanager
async def serve_serial(slave: Slave, kind: str, device: str, baudrate: int = 9600) -> AsyncIterator[None]:
    """Answer on a serial device while the block runs."""
    server = ModbusSerialServer(
        [slave.device()],
        framer=FRAMERS[kind],
        port=device,
        baudrate=baudrate,
        ignore_missing_devices=True,
        trace_pdu=slave.outgoing,
        trace_packet=slave.packet,
    )
    async with _running(server, device):
        yield


@asynccontextmanager
async def _running(server: ModbusTcpServer | ModbusSerialServer, where: str) -> AsyncIterator[None]:
    try:
        await server.serve_forever(background=True)
    except RuntimeError as exc:
        raise OSError(_TAKEN % where) from exc
    try:
        yield
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus 3.16 left it bare
