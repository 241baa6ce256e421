"""A serial port as an asyncio stream of chunks: of this machine (pyserial) or of a serial server (TCP).

The port is read by the event loop, without a thread. The terminal checks the parity: pyserial switches that
off, and then a damaged byte passes as a good one; the kernel now gives a 0 in its place, which the check sum
of the frame finds. Every byte goes on the tape of the bus black box.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import termios
from collections.abc import Callable

import serial

from edge.drivers.modbus.opening import device_trouble, moved
from edge.drivers.models import Tape
from edge.drivers.serial_settings import SerialTable

CONNECT_S = 3.0
CHUNK = 4096
_INPUT_FLAGS = 0  # place of c_iflag in what tcgetattr returns


class SerialPort:
    """One port; `take` gets each chunk, `lost` is called once when the port goes."""

    def __init__(
        self,
        settings: SerialTable,
        take: Callable[[bytes], None],
        lost: Callable[[], None],
        tape: Tape | None = None,
    ) -> None:
        self._settings = settings
        self._take = take
        self._lost = lost
        self._tape = tape
        self._serial: serial.Serial | None = None
        self._socket: socket.socket | None = None
        self._fd = -1
        self._rest = b""

    @property
    def where(self) -> str:
        """Where the port is, in words."""
        return self._settings.where()

    @property
    def is_open(self) -> bool:
        """Whether bytes can go."""
        return self._fd >= 0

    async def open(self) -> str:
        """Open the port; return "" or the reason why not."""
        self.close()
        settings = self._settings
        try:
            if settings.host:
                async with asyncio.timeout(CONNECT_S):
                    self._fd = await self._connect()
            else:
                self._fd = self._open_device()
        except TimeoutError:
            return f"no connection to {self.where} within {CONNECT_S:g} s"
        except (OSError, ValueError, termios.error) as exc:  # pyserial's SerialException is an OSError
            self.close()
            if settings.host:
                return f"no connection to {self.where}: {exc}"
            return device_trouble(settings.device, exc)
        asyncio.get_running_loop().add_reader(self._fd, self.read)
        self._note(f"opened {self.where}")
        return ""

    def read(self) -> None:
        """Take what has arrived, if anything; also called before a request goes out."""
        while self._fd >= 0:
            try:
                data = os.read(self._fd, CHUNK)
            except BlockingIOError:
                return
            except OSError as exc:
                self._gone(str(exc))
                return
            if not data:
                # A device that was pulled out, and a connection that was closed, read as empty for ever; a
                # serial port without data does too, but is then never reported as readable by the loop.
                if self._socket is not None or not self._still_there():
                    self._gone("closed by the other side")
                return
            if self._tape is not None:
                self._tape.received(data)
            self._take(data)
            if len(data) < CHUNK:
                return

    def look(self) -> None:
        """Find out whether the device is still there: some adapters vanish without a word."""
        if self._fd >= 0 and self._serial is not None and moved(self._fd, self._settings.device):
            self._gone("the device is gone, or another one took its name")

    def write(self, data: bytes) -> None:
        """Send bytes; what the port does not take at once follows when it can.

        A port that has not taken the bytes before these is closed: they would come at a wrong time.
        """
        if self._fd < 0:
            return
        if self._rest:
            self._gone("it takes no bytes")
            return
        if self._tape is not None:
            self._tape.sent(data)
        self._rest += data
        self._push()

    def close(self) -> None:
        """Close the port, if it is open."""
        fd, self._fd, self._rest = self._fd, -1, b""
        if fd >= 0:
            loop = asyncio.get_running_loop()
            loop.remove_reader(fd)
            loop.remove_writer(fd)
        port, self._serial = self._serial, None
        if port is not None:
            with contextlib.suppress(OSError, termios.error):
                port.close()
        connection, self._socket = self._socket, None
        if connection is not None:
            connection.close()

    async def _connect(self) -> int:
        settings = self._settings
        loop = asyncio.get_running_loop()
        assert settings.port is not None
        try:  # an address needs no name service, and no thread to ask it in
            found = socket.getaddrinfo(
                settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
            )
        except socket.gaierror:
            found = await loop.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = found[0]
        connection = socket.socket(family, kind, protocol)
        self._socket = connection
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        await loop.sock_connect(connection, address)
        return connection.fileno()

    def _open_device(self) -> int:
        settings = self._settings
        port = serial.Serial(
            settings.device,
            settings.baudrate,
            settings.bytesize,
            settings.parity,
            settings.stopbits,
            timeout=0,
            exclusive=True,
        )
        self._serial = port
        fd = int(port.fileno())
        if settings.parity != "N":
            flags = termios.tcgetattr(fd)
            flags[_INPUT_FLAGS] |= termios.INPCK
            termios.tcsetattr(fd, termios.TCSANOW, flags)
        return fd

    def _still_there(self) -> bool:
        try:
            termios.tcgetattr(self._fd)
        except (OSError, termios.error):
            return False
        return True

    def _push(self) -> None:
        try:
            sent = os.write(self._fd, self._rest)
        except BlockingIOError:
            sent = 0
        except OSError as exc:
            self._gone(str(exc))
            return
        self._rest = self._rest[sent:]
        loop = asyncio.get_running_loop()
        if self._rest:
            loop.add_writer(self._fd, self._push)
        else:
            loop.remove_writer(self._fd)

    def _gone(self, why: str) -> None:
        self._note(f"lost {self.where}: {why}")
        self.close()
        self._lost()

    def _note(self, text: str) -> None:
        if self._tape is not None:
            self._tape.note(text)
