"""The gateway's clocks: UTC, monotonic, the boot id, and whether UTC may be believed.

Keeps law-never-lose 9: every record carries the boot id, the monotonic time and the state of the clock, so
that a board which boots in 1970 is dated by the centre (receive time less age) and its alarm rings anyhow.
"""

import ctypes
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from protocol.messages import SYNCHRONISED, UNSYNCHRONISED

EARLIEST_MS: Final = 1_704_067_200_000  # 2024-01-01: a clock before this software existed is wrong
STEP_MS: Final = 500  # slewing moves a clock by at most 0.5 ms a second; more at once is a step
_TIMESYNCD: Final = Path("/run/systemd/timesync/synchronized")
_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # only Linux counts its sleep
_TIME_ERROR: Final = 5  # adjtimex(2): clock not synchronised


class Clock:
    """Reads the clocks of this machine; the only place of `edge` that does.

    The boot id is minted for each run of the process: monotonic times are comparable within it.
    """

    def __init__(self, assume_synchronised: bool | None = None) -> None:
        """Open the clock.

        Args:
            assume_synchronised: None asks the system; True and False are for machines that cannot say.
        """
        self.boot = secrets.randbits(62) + 1
        self._assumed = assume_synchronised
        self._state = self._ask()
        self._offset = self.utc_ms() - self.mono_ms()

    @property
    def state(self) -> int:
        """SYNCHRONISED or UNSYNCHRONISED, as of the last `check`."""
        return self._state

    def mono_ms(self) -> int:
        """Milliseconds of the monotonic clock; it goes on while the machine sleeps, so that ages are true."""
        return _steady_ns() // 1_000_000

    def mono_us(self) -> int:
        """Microseconds of the monotonic clock, for the bus black box."""
        return _steady_ns() // 1000

    def utc_ms(self) -> int:
        """Milliseconds of UTC since 1970, right or wrong: see `state`."""
        return time.time_ns() // 1_000_000

    def check(self) -> tuple[int, bool]:
        """Look for a step of UTC against the monotonic clock, and ask for the state again.

        Returns:
            (step in ms, 0 for none; whether the state changed).
        """
        offset = self.utc_ms() - self.mono_ms()
        step = offset - self._offset
        self._offset = offset
        before, self._state = self._state, self._ask()
        return (step if abs(step) >= STEP_MS else 0, before != self._state)

    def _ask(self) -> int:
        if self.utc_ms() < EARLIEST_MS:
            return UNSYNCHRONISED
        if self._assumed is not None:
            return SYNCHRONISED if self._assumed else UNSYNCHRONISED
        return SYNCHRONISED if kernel_synchronised() or _TIMESYNCD.exists() else UNSYNCHRONISED


def _steady_ns() -> int:
    return time.clock_gettime_ns(_STEADY)


def _adjtimex() -> Callable[[ctypes.Array[ctypes.c_char]], int] | None:
    try:
        function = ctypes.CDLL(None, use_errno=True).adjtimex
    except (OSError, AttributeError):
        return None
    function.restype = ctypes.c_int
    return cast("Callable[[ctypes.Array[ctypes.c_char]], int]", function)


_ADJTIMEX: Final = _adjtimex()


def kernel_synchronised() -> bool:
    """Ask the kernel whether something disciplines its clock (adjtimex(2), read only; any NTP daemon)."""
    if _ADJTIMEX is None:
        return False
    state = _ADJTIMEX(ctypes.create_string_buffer(512))  # struct timex of zeros: modes = 0 only reads
    return 0 <= state < _TIME_ERROR
