"""The serial line of the unix port, a tty by its path; a board never imports it, and so saves its heap."""

import select

from edge.leaf.board import Clock, ticks

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

REOPEN_MS = 2_000


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
