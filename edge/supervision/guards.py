"""How much memory the process uses and how much room its disk has, and from when on that is too much."""

import os
from pathlib import Path
from typing import Final

import msgspec

_STATUS: Final = Path("/proc/self/statm")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
FREE_LEAST: Final = 0.02  # share of the file system below which somebody should look


class Room(msgspec.Struct, frozen=True):
    """Memory of this process and free room of its disk, in bytes; -1 where the system does not say."""

    memory: int
    disk_free: int
    disk_size: int


def look(folder: Path) -> Room:
    """Measure now."""
    try:
        memory = int(_STATUS.read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        memory = -1
    try:
        disk = os.statvfs(folder)
    except OSError:
        return Room(memory, -1, -1)
    return Room(memory, disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize)


def memory_spent(room: Room, limit: int) -> bool:
    """Say whether the process has outgrown its limit.

    A leak then ends in an ordered new start, and not in the kernel's choice of whom to kill.
    """
    return limit > 0 and room.memory > limit


def disk_short(room: Room) -> bool:
    """Say whether the disk is nearly full; the spool has its own quotas, this is for people."""
    return room.disk_size > 0 and room.disk_free < FREE_LEAST * room.disk_size
