"""The serial line and the pins of a board, by `machine`."""

from edge.leaf.board import machine, ticks

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
