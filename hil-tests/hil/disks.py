"""File systems for a spool that run full, or are taken away from under it as a card pulled from its slot."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

_SHUTDOWN = (
    0x8004587D  # EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32) of the kernel's fs/ext4/ext4.h (from memory)
)
_NO_LOG_FLUSH = 2
_KEPT_FREE = 0


class Disk(Protocol):
    """What a spool lies on."""

    def spoil(self) -> None:
        """It takes no more."""
        ...

    def heal(self) -> None:
        """It works again."""
        ...


class FullDisk:
    """A tmpfs of a few megabytes; `spoil` fills it to the last byte."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "somebody-elses.log"

    def spoil(self) -> None:
        # Unbuffered: what a buffer still held would fail once more when the file is closed.
        for piece in (65_536, 512):
            with self._ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(piece))

    def heal(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextlib.contextmanager
def full_disk(folder: Path, megabytes: int = 8) -> Iterator[FullDisk]:
    """Mount one at `folder` while the block runs; whoever uses it must have ended by then."""
    folder.mkdir(parents=True)
    _do("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "fengsui-bench", str(folder))
    try:
        yield FullDisk(folder)
    finally:
        _do("umount", "-l", str(folder))


class DyingDisk:
    """An ext4 in a file; `spoil` makes every read and write of it fail, as when its card is pulled."""

    def __init__(self, folder: Path, image: Path) -> None:
        self._folder = folder
        self._image = image
        self.gone = False

    def spoil(self) -> None:
        place = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.ioctl(place, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(place)
        self.gone = True

    def heal(self) -> None:
        _do("umount", "-l", str(self._folder))
        _do("mount", "-o", "loop", str(self._image), str(self._folder))
        self.gone = False


@contextlib.contextmanager
def dying_disk(folder: Path, image: Path, megabytes: int = 24) -> Iterator[DyingDisk]:
    """Mount one at `folder` while the block runs; `image` is the file that holds it."""
    folder.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    _do("mkfs.ext4", "-q", "-F", str(image))
    _do("mount", "-o", "loop", str(image), str(folder))
    try:
        yield DyingDisk(folder, image)
    finally:
        _do("umount", "-l", str(folder))
        image.unlink()


def _do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
