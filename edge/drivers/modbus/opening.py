"""Says in words why a serial port or a connection could not be opened, and whether a port is still there."""

from __future__ import annotations

import errno
import grp
import os
import socket
import stat
import termios
from pathlib import Path

LOCKS = Path("/proc/locks")  # the kernel's list: "1: FLOCK  ADVISORY  WRITE 711 00:18:5 0 EOF"


def device_trouble(device: str, exc: BaseException | None) -> str:
    """Return why the serial port `device` could not be opened.

    Args:
        device: its path, best one of /dev/serial/by-path, which stays the same wherever the kernel counts.
        exc: what opening it raised, if anything.
    """
    code = getattr(exc, "errno", None)
    path = Path(device)
    try:
        found = path.stat()
    except OSError:
        return f"{device} is not there: plug the adapter in, or correct `device` (see /dev/serial/by-path)"
    if not stat.S_ISCHR(found.st_mode):
        return f"{device} is no serial port: correct `device` (see /dev/serial/by-path)"
    if code in {errno.EACCES, errno.EPERM}:
        return f"{device} may not be opened by this user: add it to the group {_group(found.st_gid)}"
    if code in {errno.EAGAIN, errno.EBUSY}:
        return f"{device} is in use by {_holder(found)}: end that, or give each bus a port of its own"
    return f"{device} can't be opened: {str(exc or '') or 'it did not answer in time'}"


def host_trouble(host: str, port: int, exc: BaseException | None) -> str:
    """Return why no connection to `host` could be made; `exc` is what the attempt raised, if anything."""
    where = f"{host}:{port}"
    if isinstance(exc, socket.gaierror):
        return f"no connection to {where}: nobody knows this name; correct `host`"
    if isinstance(exc, ConnectionRefusedError):
        return f"no connection to {where}: refused; correct `port`, or switch its Modbus service on"
    if isinstance(exc, OSError) and not isinstance(exc, TimeoutError):
        return f"no connection to {where}: {os.strerror(exc.errno) if exc.errno else exc}"
    return f"no connection to {where}: no answer; is it switched on and in this network?"


def heed_parity(number: int) -> None:
    """Let the kernel read characters of wrong parity as 0, which breaks the frame that they stand in.

    pyserial 3.5 switches that off (`serialposix`, INPCK): such characters come as if nothing had been.
    """
    attributes = termios.tcgetattr(number)
    attributes[0] = (attributes[0] | termios.INPCK) & ~(termios.IGNPAR | termios.PARMRK)
    termios.tcsetattr(number, termios.TCSANOW, attributes)


def moved(number: int, device: str) -> bool:
    """Say whether `device` names another port than the open file `number`, or none any more.

    Some adapters vanish without a word to whoever has them open.
    """
    try:
        return Path(device).stat().st_rdev != os.fstat(number).st_rdev
    except OSError:
        return True


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _holder(found: os.stat_result) -> str:
    """Return the program that holds the lock of a device, in words."""
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    try:
        for line in LOCKS.read_text().splitlines():
            words = line.split()
            if place in words:
                pid = words[words.index(place) - 1]
                name = Path("/proc", pid, "comm").read_text().strip()
                return f"{name} (process {pid})"
    except OSError:
        pass  # not to be seen from here
    return "another program"
