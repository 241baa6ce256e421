"""What a leaf touches wherever it runs: clock, sockets, watchdog; its line is in `port_uart` or `port_file`.

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

ticks: "Any" = time  # CPython's has no ticks
machine: "Any"
try:
    import machine  # type: ignore[import-not-found,no-redef]
except ImportError:  # CPython, in tests
    machine = None

EARLIEST_MS = 1_704_067_200_000  # 2024-01-01: a clock before this software existed is wrong
_WOULD_WAIT = (11, 35, 115, 119, 10035)  # EAGAIN, EINPROGRESS of Linux, lwIP and others


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
