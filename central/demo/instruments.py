"""The instruments of the demo plants as Modbus sees them: a register map, and a real server in front of it.

The server is pymodbus' own, so that the gateway meets bytes that somebody else's code made.

    coil 0 horn, coil 1 beacon, discrete input 0 push button       on the relay board (unit 10)
    registers 0 …                                                   on every measuring unit
"""

from __future__ import annotations

import asyncio
import os
import struct
import tty
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pymodbus.server import ModbusSerialServer, ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

RELAY_BOARD = 10
HORN_COIL, BEACON_COIL, BUTTON_INPUT = 0, 1, 0


@dataclass(frozen=True)
class Channel:
    """One measured value of an instrument; limits by name ("LL", "L", "H", "HH"), all in `unit`."""

    key: str
    name: str
    quantity: str
    unit: str
    address: int
    kind: str
    low: float
    high: float
    scale: float = 1.0
    order: str = "ABCD"
    limits: dict[str, float] = field(default_factory=dict)
    deadband: float = 0.0

    def registers(self, value: float) -> list[int]:
        """Return the register words that show `value`; an instrument stops at the ends of its range."""
        shown = min(self.high, max(self.low, value))
        if self.kind == "float32":
            words = list(struct.unpack(">HH", struct.pack(">f", shown)))
            return words if self.order == "ABCD" else words[::-1]
        return [round(shown / self.scale) & 0xFFFF]


@dataclass(frozen=True)
class Instrument:
    """One Modbus unit and its channels, read by function 3 (holding) or 4 (input registers)."""

    unit: int
    name: str
    channels: tuple[Channel, ...]
    function: int = 3


def _device(unit: int) -> SimDevice:
    bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
    words = [SimData(0, count=64, values=0, datatype=DataType.REGISTERS)]
    return SimDevice(id=unit, simdata=(bits, list(bits), words, list(words)))


class FieldBus:
    """A Modbus server for all units of one plant, on a TCP port or on a pseudo-terminal."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self._instruments = instruments
        self._units = [instrument.unit for instrument in instruments] + [RELAY_BOARD]
        self._server: ModbusTcpServer | ModbusSerialServer | None = None

    async def serve_tcp(self, port: int = 0) -> None:
        """Listen on 127.0.0.1:`port` (0 = any free one, see `port`). Raises RuntimeError if it cannot."""
        self._server = ModbusTcpServer([_device(u) for u in self._units], address=("127.0.0.1", port))
        await self._server.serve_forever(background=True)

    @property
    def port(self) -> int:
        """The TCP port that the server listens on."""
        assert self._server is not None
        listening = self._server.transport
        assert isinstance(listening, asyncio.Server)
        return int(listening.sockets[0].getsockname()[1])

    async def serve_serial(self, device: str) -> None:
        """Answer on the serial `device`, 19200 8N1; returns when it is open."""
        self._server = ModbusSerialServer([_device(u) for u in self._units], port=device, baudrate=19200)
        await self._server.serve_forever(background=True)

    async def close(self) -> None:
        """Stop answering."""
        if self._server is not None:
            await self._server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus 3.16 left it bare

    async def show(self, readings: dict[str, float]) -> None:
        """Put `readings` (by channel key) into the registers."""
        assert self._server is not None
        for instrument in self._instruments:
            for channel in instrument.channels:
                await self._server.async_setValues(
                    instrument.unit,
                    instrument.function,
                    channel.address,
                    channel.registers(readings[channel.key]),
                )

    async def relays(self) -> tuple[bool, bool]:
        """Return whether the horn's and the beacon's coil are closed."""
        assert self._server is not None
        coils = await self._server.async_getValues(RELAY_BOARD, 1, HORN_COIL, 2)
        return bool(coils[0]), bool(coils[1])

    async def hold_button(self, seconds: float) -> None:
        """Close the push button's contact for `seconds`."""
        assert self._server is not None
        await self._server.async_setValues(RELAY_BOARD, 2, BUTTON_INPUT, [True])
        await asyncio.sleep(seconds)
        await self._server.async_setValues(RELAY_BOARD, 2, BUTTON_INPUT, [False])


@contextmanager
def serial_line(link: Path) -> Iterator[str]:
    """Lay a virtual RS-485 line: the gateway opens `link`, the instruments open the path that is yielded."""
    ends = [os.openpty(), os.openpty()]
    loop = asyncio.get_running_loop()
    for _, far in ends:
        tty.setraw(far)

    def carry(source: int, target: int) -> None:
        os.write(target, os.read(source, 4096))

    (near_a, far_a), (near_b, far_b) = ends
    loop.add_reader(near_a, carry, near_a, near_b)
    loop.add_reader(near_b, carry, near_b, near_a)
    link.unlink(missing_ok=True)
    link.symlink_to(os.ttyname(far_b))
    try:
        yield os.ttyname(far_a)
    finally:
        loop.remove_reader(near_a)
        loop.remove_reader(near_b)
        link.unlink(missing_ok=True)
        for end in (near_a, far_a, near_b, far_b):
            os.close(end)
