"""What a leaf touches: clock, serial line, pins, sockets; of a board by `machine`, of the unix port by files.

Everything else of `edge/leaf` is given these and never waits. The only place of the leaf that reads a clock.
"""

import os
import select
import socket
import time

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    ticks: Any
else:
    ticks = time

machine: "Any"
try:
    import machine  # type: ignore[import-not-found,no-redef]
except ImportError:  # CPython, in tests
    machine = None

EARLIEST_MS = 1_704_067_200_000  # 2024-01-01: a clock before this software existed is wrong
_WOULD_WAIT = (11, 35, 115, 119, 10035)  # EAGAIN, EINPROGRESS of Linux, lwIP and others
REOPEN_MS = 2_000


def random_id() -> int:
    """Draw a positive 63-bit id from the board's own source of randomness."""
    return (int.from_bytes(os.urandom(8), "big") >> 2) + 1


class Clock:
    """Monotonic time that never wraps, and UTC with its state."""

    def __init__(self, synchronised: bool) -> None:
        """Begin; `synchronised`: something (NTP, a clock chip) sets this board's UTC."""
        self.boot = random_id()
        self._synchronised = synchronised
        self._ticks = ticks.ticks_ms()
        self._mono = 0
        # Boards count seconds from 2000, the unix port from 1970.
        self._epoch_ms = 946_684_800_000 if time.gmtime(0)[0] == 2000 else 0

    def mono_ms(self) -> int:
        """Milliseconds since the start; must be asked once a day at least: the counter of a board wraps."""
        now = ticks.ticks_ms()
        self._mono += ticks.ticks_diff(now, self._ticks)
        self._ticks = now
        return self._mono

    def utc_ms(self) -> int:
        """Milliseconds of UTC since 1970, right or wrong: see `state`."""
        return time.time_ns() // 1_000_000 + self._epoch_ms

    def state(self) -> int:
        """Return 1 if UTC may be believed, else 0."""
        return 1 if self._synchronised and self.utc_ms() >= EARLIEST_MS else 0

    def stamp(self) -> "tuple[int, int, int]":
        """Return (UTC ms, monotonic ms, state)."""
        return self.utc_ms(), self.mono_ms(), self.state()


class FilePort:
    """A serial line of the unix port: a tty by its path, opened again when it is gone."""

    def __init__(self, device: str, clock: Clock) -> None:
        """Open it as soon as it is there; its speed is set by `stty` beforehand (docs/leaf.md)."""
        self._device = device
        self._clock = clock
        self._file: Any = None
        self._poll: Any = None
        self._again_ms = 0

    def read(self) -> "bytes | None":
        """Return what came; None: the port is gone."""
        if self._file is None and not self._opened():
            return None
        data = b""
        try:
            while len(data) < 512 and self._poll.poll(0):
                # One byte a call: more would wait until so many have come.
                one = self._file.read(1)
                if not one:
                    raise OSError("hung up")
                data += one
        except OSError:
            self._close()
        return data

    def write(self, data: bytes) -> None:
        """Send; on a port that is gone nothing."""
        try:
            if self._file is not None:
                self._file.write(data)
        except OSError:
            self._close()

    def wait(self, ms: int) -> None:
        """Sleep until something comes, at most so long."""
        if self._file is None:
            ticks.sleep_ms(ms)
        else:
            self._poll.poll(ms)

    def _opened(self) -> bool:
        now = self._clock.mono_ms()
        if now < self._again_ms:
            return False
        self._again_ms = now + REOPEN_MS
        try:
            self._file = open(self._device, "r+b", buffering=0)
            self._raw()
        except OSError:
            self._close()
            return False
        self._poll = select.poll()
        self._poll.register(self._file, select.POLLIN)
        return True

    def _raw(self) -> None:
        import termios

        if hasattr(termios, "setraw"):
            termios.setraw(self._file.fileno())

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None


class UartPort:
    """A serial line of a board by `machine.UART`; RS-485's direction by a pin where no hardware does it."""

    def __init__(self, settings: "dict[str, Any]", line: "dict[str, Any]") -> None:
        """Open it: `settings` are {"uart", "tx", "rx"} and perhaps "de"; `line` the plan's."""
        parity = {"N": None, "E": 0, "O": 1}[line["parity"]]
        self._uart = machine.UART(
            settings["uart"],
            baudrate=line["baudrate"],
            bits=8,
            parity=parity,
            stop=line["stopbits"],
            tx=machine.Pin(settings["tx"]),
            rx=machine.Pin(settings["rx"]),
            rxbuf=512,
        )
        self._direction = machine.Pin(settings["de"], machine.Pin.OUT, value=0) if "de" in settings else None

    def read(self) -> "bytes | None":
        """Return what came."""
        return self._uart.read() or b"" if self._uart.any() else b""

    def write(self, data: bytes) -> None:
        """Send; with a direction pin it is held until the last byte has left."""
        if self._direction is not None:
            self._direction(1)
        self._uart.write(data)
        if self._direction is not None:
            self._uart.flush()
            self._direction(0)

    def wait(self, ms: int) -> None:
        """Sleep for a moment."""
        ticks.sleep_ms(min(ms, 2))


class PinOutput:
    """A horn or beacon on a pin of the board, behind the same calls as a coil."""

    fresh = False  # it is switched at once
    confirmed = None
    reads_back = False

    def __init__(self, name: str, settings: "dict[str, Any]", report: "Any") -> None:
        """Take {"pin", "inverted"}; off until it is set."""
        self.name = name
        self.ok = True
        self.wanted: bool | None = None
        self._inverted = settings.get("inverted", False)
        self._report = report
        self._pin = machine.Pin(settings["pin"], machine.Pin.OUT, value=int(self._inverted))

    def set(self, on: bool, now: int) -> None:
        """Switch it."""
        del now
        if on != self.wanted:
            self.wanted = on
            self._pin(int(on != self._inverted))
            self._report(self.name, on, True, "")


class Tcp:
    """A connection to the broker that is being made or stands; never waits."""

    def __init__(self, host: str, port: int, context: "Any" = None) -> None:
        """Begin to connect.

        Args:
            host: an address; a name would wait for its server.
            port: 1883, or 8883 with TLS.
            context: as `tls_context` makes it; None: plain.
        """
        self._context = context
        self._host = host
        self._made = False
        self._socket: Any = socket.socket()
        self._socket.setblocking(False)
        try:
            self._socket.connect(socket.getaddrinfo(host, port)[0][-1])
        except OSError as fault:
            if fault.args[0] not in _WOULD_WAIT:
                self._socket.close()
                raise
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLOUT)

    def ready(self) -> bool:
        """Say whether it stands.

        Raises:
            OSError: it was refused or broke.
        """
        for _, event in self._poll.poll(0):
            if event & (select.POLLERR | select.POLLHUP):
                raise OSError("no connection to the broker")
            if not self._made and self._context is not None:
                self._socket = self._context.wrap_socket(
                    self._socket, server_hostname=self._host, do_handshake_on_connect=False
                )
            self._made = True
        return self._made

    def read(self, size: int) -> "bytes | None":
        """Return what came, b"" at the end, None when nothing came."""
        try:
            data: bytes | None = self._socket.read(size)
        except OSError as fault:
            if fault.args[0] in _WOULD_WAIT:
                return None
            raise
        return data

    def write(self, data: bytes) -> "int | None":
        """Take some of it; None: nothing now."""
        try:
            count: int | None = self._socket.write(data)
        except OSError as fault:
            if fault.args[0] in _WOULD_WAIT:
                return None
            raise
        return count

    def close(self) -> None:
        """Close it."""
        self._socket.close()


def tls_context(ca: str, certificate: str, key: str) -> "Any":
    """Prepare mutual TLS with the files (DER) of the broker's CA, this board's certificate and its key."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ca)
    context.load_cert_chain(certificate, key)
    return context


def watchdog(ms: int) -> "Any":
    """Start the board's watchdog, which resets it when `feed` is not called for so long; None without one."""
    if not ms or not hasattr(machine, "WDT"):
        return None
    return machine.WDT(timeout=ms)
