"""Simulated stations that call the gateway and report by themselves: HJ 212 and SL 651."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from edge.drivers.hj212 import frame as hj212
from edge.drivers.hj212.settings import REAL_TIME
from edge.drivers.sl651 import frame as sl651
from edge.drivers.sl651.decode import TIMED
from edge.simulator.instrument import Instrument
from edge.simulator.registers import whole

CHINA: Final = timedelta(hours=8)
VERSION_BITS: Final = {2025: 8, 2017: 4, 2005: 0}
# Bytes and decimals of an element: those of worked frames where there are any, else as stations write them.
SIZES: Final[Mapping[str, tuple[int, int]]] = {
    "1A": (3, 1),
    "20": (3, 1),
    "26": (3, 1),
    "38": (2, 2),
    "39": (4, 3),
    "3B": (4, 3),
    "27": (5, 3),
}
USUAL: Final = (4, 2)
RIVER: Final = 0x48


class Hj212Station:
    """Reports all its factors, one segment a command, with flag N (normal)."""

    def __init__(self, unit: Any, instrument: Instrument, utc_ms: Callable[[], int]) -> None:
        self._unit = unit
        self._instrument = instrument
        self._utc_ms = utc_ms

    def hears(self, data: bytes) -> bytes:  # noqa: ARG002  # it takes confirmations without a word
        """See `Voice`."""
        return b""

    def speaks(self) -> bytes:
        """See `Voice`."""
        raws = self._instrument.raws()
        by_command: dict[int, list[str]] = {}
        for name, point in self._instrument.points.items():
            one: Any = point
            said = f"{one.factor}-{one.named}={raws[name]:.4f},{one.factor}-Flag=N"
            by_command.setdefault(one.command, []).append(said)
        now = local(self._utc_ms())
        return b"".join(self._segment(command, said, now) for command, said in by_command.items())

    def _segment(self, command: int, said: list[str], now: datetime) -> bytes:
        unit = self._unit
        stamp = f"{now:%Y%m%d%H%M%S}"
        flag = VERSION_BITS[unit.version]
        data_time = stamp if command == REAL_TIME else f"{now:%Y%m%d%H%M}00"
        text = (
            f"QN={stamp}{now.microsecond // 1000:03d};ST={self._instrument.simulator.system};CN={command};"
            f"PW={unit.password};MN={unit.mn};Flag={flag};CP=&&DataTime={data_time};{';'.join(said)}&&"
        )
        return hj212.frame(text.encode("ascii"))


class Sl651Station:
    """Sends timed reports with all its elements."""

    def __init__(self, unit: Any, instrument: Instrument, utc_ms: Callable[[], int]) -> None:
        self._unit = unit
        self._instrument = instrument
        self._utc_ms = utc_ms
        self._serial = 0

    def hears(self, data: bytes) -> bytes:  # noqa: ARG002  # it takes confirmations without a word
        """See `Voice`."""
        return b""

    def speaks(self) -> bytes:
        """See `Voice`."""
        self._serial = self._serial % 0xFFFF + 1
        raws = self._instrument.raws()
        now = f"{local(self._utc_ms()):%y%m%d%H%M%S}"
        address = self._unit.address
        text = self._serial.to_bytes(2, "big") + bytes.fromhex(now)
        text += b"\xf1\xf1" + address + bytes((RIVER,)) + b"\xf0\xf0" + bytes.fromhex(now[:10])
        for name, point in self._instrument.points.items():
            one: Any = point
            text += element(one.element, raws[name])
        password = bytes.fromhex(self._unit.password)
        return sl651.frame(sl651.Frame(sl651.UP, 1, address, password, TIMED, text, sl651.ETX))


def element(name: str, value: float) -> bytes:
    """Write an element: id, count of bytes and decimals, the number in BCD with FF before a negative one."""
    size, decimals = SIZES.get(name, USUAL)
    shown = whole(abs(value) * 10**decimals, 0, 10 ** (2 * size) - 1)
    digits = bytes.fromhex(f"{shown:0{2 * size}d}")
    if value < 0 and shown:
        digits, size = b"\xff" + digits, size + 1
    return bytes.fromhex(name) + bytes((size << 3 | decimals,)) + digits


def local(utc_ms: int) -> datetime:
    """Return the stations' time: China's, whatever this machine believes of zones."""
    return datetime.fromtimestamp(utc_ms / 1000, UTC) + CHINA
