"""Modbus instruments that are not ours: pymodbus' own server on a socket or on a pseudo-terminal.

Each register of a unit holds its own name (`rig.faults.name_of`), so a wrong one shows.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator

from pymodbus.framer import FramerType
from pymodbus.pdu import ModbusPDU
from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from rig.faults import name_of
from rig.wire import PtyWire

REGISTERS = 400


def device(unit: int) -> SimDevice:
    """Return a unit with registers that name themselves and coils that can be written."""
    holding = [name_of(unit, 3, address) for address in range(REGISTERS)]
    inputs = [name_of(unit, 4, address) for address in range(REGISTERS)]
    return SimDevice(
        id=unit,
        simdata=(
            [SimData(0, values=[False] * 64, datatype=DataType.BITS)],
            [SimData(0, values=[bit % 3 == 0 for bit in range(64)], datatype=DataType.BITS)],
            [SimData(0, values=holding, datatype=DataType.REGISTERS)],
            [SimData(0, values=inputs, datatype=DataType.REGISTERS)],
        ),
    )


def _id_zero(sending: bool, pdu: ModbusPDU) -> ModbusPDU:
    if sending:
        pdu.transaction_id = 0
    return pdu


@contextlib.asynccontextmanager
async def tcp_server(framer: FramerType, *units: int, id_zero: bool = False) -> AsyncIterator[int]:
    """Serve units on a socket while the block runs; yields the port."""
    server = ModbusTcpServer(
        [device(unit) for unit in units],
        framer=framer,
        address=("127.0.0.1", 0),
        trace_pdu=_id_zero if id_zero else None,
    )
    await server.serve_forever(background=True)
    try:
        yield server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def serial_server(framer: FramerType, folder: str, *units: int) -> AsyncIterator[str]:
    """Serve units on a serial line while the block runs; yields the device that the gateway opens."""
    loop = asyncio.get_running_loop()
    with PtyWire(os.path.join(folder, "gateway")) as ours, PtyWire(os.path.join(folder, "server")) as theirs:
        for source, sink in ((ours.fd, theirs.fd), (theirs.fd, ours.fd)):
            loop.add_reader(source, _pass_on, source, sink)
        server = ModbusSerialServer(
            [device(unit) for unit in units], framer=framer, port=theirs.device, baudrate=115_200
        )
        await server.serve_forever(background=True)
        try:
            yield ours.device
        finally:
            await server.shutdown()  # type: ignore[no-untyped-call]
            await asyncio.sleep(0.01)
            for fd in (ours.fd, theirs.fd):
                loop.remove_reader(fd)


def _pass_on(source: int, sink: int) -> None:
    with contextlib.suppress(OSError):
        os.write(sink, os.read(source, 4096))
