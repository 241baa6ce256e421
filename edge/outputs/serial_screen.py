"""An LED screen on a serial line of its own: a text in a frame, with the check sum that it wants."""

import asyncio
import contextlib

import serial

from edge.drivers.serial_line.frame import checksum
from edge.outputs.models import NotTold
from edge.outputs.payload import framed
from edge.outputs.settings import SerialScreen


class SerialDevice:
    """Opens the device for each text: an adapter that was pulled out is found again by itself."""

    def __init__(self, table: SerialScreen) -> None:
        self.where = table.device
        self._table = table

    async def send(self, text: str, volume: int, priority: int) -> None:
        """Write one page.

        Raises:
            NotTold: the device is not there or takes nothing.
        """
        del volume, priority  # a screen has neither
        table = self._table
        body = framed(table.frame, text, table.encoding)
        if table.checksum != "none":
            body += checksum(table.checksum, body)
        try:
            await asyncio.to_thread(self._write, body)
        except (OSError, serial.SerialException) as exc:
            raise NotTold(str(exc)) from exc

    def _write(self, body: bytes) -> None:
        table = self._table
        with contextlib.closing(
            serial.Serial(table.device, table.baudrate, parity=table.parity, write_timeout=3, exclusive=True)
        ) as port:
            port.write(body)
            port.flush()

    async def close(self) -> None:
        """Nothing is held between texts."""
