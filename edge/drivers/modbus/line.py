"""The line of a Modbus bus: opens what the bus hangs on, sends one request at a time, judges what comes back.

    kind           framing     reached through
    tcp            TcpStream   pymodbus, a socket
    rtu            RtuStream   pymodbus, a serial port; or minimalmodbus, a serial port in a thread of its own
    rtu-over-tcp   RtuStream   pymodbus, a socket of a serial server
    ascii          AsciiStream pymodbus, a serial port or a socket of a serial server

Whatever the way, every frame goes to the one automaton of the port (`edge.core.transaction`), which alone
says what answers a request; every byte goes to the tape, an echo included.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from edge.core.transaction import NOTHING, Port, Request
from edge.drivers.modbus.frame import MASTER
from edge.drivers.modbus.models import BusConfig
from edge.drivers.models import Clock, Tape

if TYPE_CHECKING:
    from edge.drivers.modbus.frame import Frame

__all__ = ["Clock", "Line", "line_of"]

RETRY_HOST_MS, RETRY_DEVICE_MS = 30_000, 2_000  # a device that was plugged in again is there within seconds


class Line(ABC):
    """What every way to the instruments has in common; effects are those of the port."""

    def __init__(self, config: BusConfig, port: Port, clock: Clock, tape: Tape | None) -> None:
        self.port = port
        self.clock = clock
        self.tape = tape
        self.framing_lost = 0
        self.trouble = ""  # why it can't be opened
        self.on_lost: Callable[[], None] | None = None
        self.transaction = 0
        self._config = config
        self._ids = config.kind == "tcp"
        self._zero = frozenset(unit.unit for unit in config.units if unit.transaction_id_zero)
        self._effect = NOTHING

    @property
    def on_socket(self) -> bool:
        """Whether it is a TCP connection, which can be dead without saying so."""
        return self._config.kind in {"tcp", "rtu-over-tcp"} or bool(self._config.host)

    @property
    def retry_ms(self) -> int:
        """The longest pause between two attempts to open it."""
        return RETRY_HOST_MS if self.on_socket else RETRY_DEVICE_MS

    @property
    def where(self) -> str:
        """Where the bus is connected, in words."""
        config = self._config
        return f"{config.host}:{config.port}" if self.on_socket else config.device

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether the connection stands."""

    @property
    @abstractmethod
    def malformed(self) -> int:
        """How many bytes of noise or broken frames were skipped since the connection was opened."""

    async def open(self) -> str:
        """Connect; return "" or the reason why not, in words."""
        self.close()
        self.trouble = await self._open()
        if self.tape is not None:
            self.tape.note(self.trouble or f"connected to {self.where}")
        return self.trouble

    @abstractmethod
    async def _open(self) -> str:
        """Connect; return "" or the reason why not, in words."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection, if there is one."""

    @abstractmethod
    async def ask(self, request: Request, frame: bytes) -> int:
        """Send a request and return the effect: ACCEPT, REFUSE, FAIL or REJECT.

        Args:
            request: what fits as a reply.
            frame: the bytes to send: on TCP what follows the transaction id, else the RTU frame.
        """

    def abandon(self) -> None:
        """Close a connection that is no longer usable and end the open request."""
        self.close()
        self._lost()

    def judge(self, frames: list[Frame], now: int) -> bool:
        """Give frames to the port; say whether the open request is over."""
        over = False
        for unit, function, payload, transaction in frames:
            if function == MASTER:
                effect = self.port.asked(payload, now)
            else:
                # Some instruments never fill the id in; lengths of its own (rule U) tell their blocks apart.
                own = (
                    transaction == self.transaction
                    or not self._ids
                    or (transaction == 0 and unit in self._zero)
                )
                effect = self.port.frame(unit, function, payload, own, now)
            if effect != NOTHING:
                self._effect = effect
                over = True
        return over

    def _lost(self) -> None:
        """End the open request, because the connection is gone."""
        self._effect = self.port.lost(self.clock.mono_ms()) or self._effect
        if self.tape is not None:
            self.tape.note(f"connection to {self.where} lost")
        if self.on_lost is not None:
            self.on_lost()


def line_of(config: BusConfig, port: Port, gap_ms: int, clock: Clock, tape: Tape | None = None) -> Line:
    """Return the line that a bus asks for; it isn't opened yet.

    Args:
        config: of the bus.
        port: takes what is received.
        gap_ms: a pause of so long ends an incomplete RTU frame.
        clock: of the gateway.
        tape: is told every byte.
    """
    if config.through == "minimalmodbus":
        from edge.drivers.modbus.thread_line import ThreadLine

        return ThreadLine(config, port, gap_ms, clock, tape)
    from edge.drivers.modbus.client_line import ClientLine

    return ClientLine(config, port, gap_ms, clock, tape)
