"""What begins the gateway again when it hangs: systemd by its notify socket, the board by /dev/watchdog."""

import fcntl
import logging
import os
import socket
import struct
from pathlib import Path
from typing import Final, Protocol

log = logging.getLogger(__name__)

SET_TIMEOUT: Final = 0xC0045706  # WDIOC_SETTIMEOUT of linux/watchdog.h: seconds in, what was taken out
GET_BOOT_STATUS: Final = 0x80045702  # WDIOC_GETBOOTSTATUS
CARD_RESET: Final = 0x0020  # WDIOF_CARDRESET: the watchdog caused the last reset
DISARM: Final = b"V"  # "magic close": an orderly end must not reset the board


class Watchdog(Protocol):
    """Something that acts when it is not fed."""

    def feed(self) -> None:
        """Say that all is well."""
        ...

    def disarm(self) -> None:
        """Say that the silence that follows is meant."""
        ...


class Systemd:
    """The notify protocol of sd_notify(3): a datagram to the socket that systemd names."""

    def __init__(self, address: str) -> None:
        """Speak to `address`, as NOTIFY_SOCKET has it; a leading @ stands for an abstract socket."""
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._failed = False

    @classmethod
    def of_environment(cls) -> "Systemd | None":
        """Return the one that started this process; None: nobody listens."""
        address = os.environ.get("NOTIFY_SOCKET", "")
        return cls(address) if address else None

    def ready(self) -> None:
        """Say that everything polls."""
        self._send("READY=1")

    def feed(self) -> None:
        """Feed the watchdog of the unit (WatchdogSec=)."""
        self._send("WATCHDOG=1")

    def patience(self, seconds: float | None) -> None:
        """Have the watchdog wait so long from now on; None: as the unit says again (WatchdogSec=)."""
        usec = os.environ.get("WATCHDOG_USEC", "")
        if usec.isdigit():  # else the unit has no watchdog
            self._send(f"WATCHDOG_USEC={usec if seconds is None else int(seconds * 1e6)}")
        self.feed()

    def tell(self, text: str) -> None:
        """Put one line under the unit's status."""
        self._send(f"STATUS={text}")

    def disarm(self) -> None:
        """Say that the end is an orderly one."""
        self._send("STOPPING=1")

    def _send(self, text: str) -> None:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as notify:
                notify.setblocking(False)
                notify.sendto(text.encode(), self._address)
            self._failed = False
        except OSError as exc:
            if not self._failed:
                log.warning("systemd does not hear us at %s: %s", self._address.lstrip("\0"), exc)
            self._failed = True


class Hardware:
    """A watchdog device of Linux (kernel: watchdog-api): not fed for `timeout_s`, it resets the board."""

    def __init__(self, path: Path, timeout_s: int) -> None:
        """Arm it.

        Raises:
            OSError: there is none, it is in use, or this user may not open it.
        """
        self._fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            fcntl.ioctl(self._fd, SET_TIMEOUT, struct.pack("i", timeout_s))
        except OSError as exc:
            # Some drivers know only their own time: the board is then reset later or earlier, not never.
            log.warning("%s keeps its own time-out: %s", path, exc)

    def feed(self) -> None:
        """Keep the board running for another time-out."""
        os.write(self._fd, b"\0")

    def disarm(self) -> None:
        """Close it without a reset, unless the kernel was built to reset all the same (nowayout)."""
        os.write(self._fd, DISARM)
        os.close(self._fd)


def reset_by_watchdog(path: Path) -> bool:
    """Say whether the board's last reset was its watchdog's doing; a board that can't say says no."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        flags: int = struct.unpack("i", fcntl.ioctl(fd, GET_BOOT_STATUS, struct.pack("i", 0)))[0]
        os.write(fd, DISARM)
    except OSError:
        return False
    finally:
        os.close(fd)
    return bool(flags & CARD_RESET)
