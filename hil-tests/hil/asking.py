"""Asks a Modbus RTU module of the bench's own: reads its inputs and sets its outputs over a serial port."""

from __future__ import annotations

import contextlib
import struct
import threading
import time
from typing import Self

import serial

from rig.wire import rtu

_PATIENCE_S = 0.3
_TRIES = 3


class Module:
    """One input and output module on a line of its own; safe to use from several threads."""

    def __init__(self, port: serial.Serial, unit: int) -> None:
        """Ask unit `unit` on an open port."""
        self._port = port
        self._unit = unit
        self._lock = threading.Lock()

    def input(self, number: int) -> bool:
        """Read one discrete input (function 2).

        Raises:
            OSError: nobody answered rightly, three times.
        """
        return bool(self._ask(struct.pack(">BHH", 2, number, 1), 3)[2] & 1)

    def set_coil(self, number: int, on: bool) -> None:
        """Set one output (function 5).

        Raises:
            OSError: nobody answered rightly, three times.
        """
        self._ask(struct.pack(">BHH", 5, number, 0xFF00 if on else 0), 5)

    def set_register(self, number: int, value: int) -> None:
        """Write one register (function 6).

        Raises:
            OSError: nobody answered rightly, three times.
        """
        self._ask(struct.pack(">BHH", 6, number, value), 5)

    def _ask(self, pdu: bytes, length: int) -> bytes:
        with self._lock:
            for _ in range(_TRIES):
                with contextlib.suppress(serial.SerialException):
                    self._port.reset_input_buffer()
                    self._port.write(rtu(self._unit, pdu))
                    frame = self._read(1 + length + 2)
                    reply = frame[1:-2]
                    if frame == rtu(self._unit, reply) and reply and reply[0] == pdu[0]:
                        return bytes(reply)
            raise OSError(
                f"the module (unit {self._unit} on {self._port.port}) did not answer function {pdu[0]}, "
                f"{_TRIES} times: is it powered, and are unit, baudrate and parity those of bench.toml?"
            )

    def _read(self, length: int) -> bytes:
        frame = bytearray()
        end = time.monotonic() + _PATIENCE_S
        while len(frame) < length and time.monotonic() < end:
            frame += self._port.read(length - len(frame))
        return bytes(frame)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._port.close()


def opened(device: str, baudrate: int, parity: str) -> serial.Serial:
    """Open a serial port for the bench alone.

    Raises:
        OSError: it cannot be opened; the message names it.
    """
    try:
        return serial.Serial(device, baudrate, parity=parity, timeout=0.05, write_timeout=1.0, exclusive=True)
    except serial.SerialException as exc:
        raise OSError(f"{device}: {exc}") from exc
