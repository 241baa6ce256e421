"""Asks the one DL/T 645 meter on a line for its address, at the baud rates that meters use."""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from edge.drivers.dlt645 import frame
from edge.drivers.dlt645.settings import Bus
from edge.drivers.serial_port import SerialPort

BAUDRATES: Final = (2400, 9600, 4800, 1200, 19200)
PATIENCE_MS: Final = 700  # the standard lets a meter take 500 ms
TRIES: Final = 2


class Found(msgspec.Struct, frozen=True):
    """A meter that answered; `garbled` bytes came that were no frame: perhaps several answered at once."""

    baudrate: int
    address: str
    garbled: int = 0


async def find(line: Bus, baudrates: Sequence[int] = BAUDRATES) -> tuple[list[Found], str]:
    """Ask for the address at each baud rate until a meter answers.

    Args:
        line: where: a device, or a serial server (whose own baud rate counts: give one only).
        baudrates: to try, in this order.

    Returns:
        What answered, and "" or why nothing could be asked or heard.
    """
    heard = 0
    for baudrate in baudrates:
        stream = frame.Stream()
        found: list[frame.Frame] = []

        def take(data: bytes, stream: frame.Stream = stream, found: list[frame.Frame] = found) -> None:
            found.extend(stream.take(data))

        settings = msgspec.structs.replace(line, baudrate=baudrate)
        port = SerialPort(settings, take, lambda: None)
        reason = await port.open()
        if reason:
            return [], reason
        try:
            for _ in range(TRIES):
                port.write(frame.read_address())
                await asyncio.sleep((PATIENCE_MS + settings.characters_ms(40)) / 1000)
        finally:
            port.close()
        addresses = {
            frame.address_digits(one.data)
            for one in found
            if one.control == frame.ADDRESS_REPLY and len(one.data) == 6
        }
        if addresses:
            return [Found(baudrate, address, stream.malformed) for address in sorted(addresses)], ""
        heard += stream.malformed + len(found)
    if heard:
        return (
            [],
            f"{heard} bytes came, but no answer: several meters on the line, or another protocol or parity",
        )
    return [], "nobody answered: check A and B, the supply, and that the meter speaks DL/T 645-2007"
