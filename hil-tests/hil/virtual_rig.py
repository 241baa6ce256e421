"""The virtual rig: the gateway's serial lines are pseudo-terminals; the bench plays what hangs on them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from hil import abilities
from hil.field import BUTTONS, GAS, POLL_MS, RELAYS, Field, witness_unit
from hil.misbehaviour import Misbehaviour, Wire
from hil.models import PLAIN, PULSE, WATCHDOG
from hil.speaker import Speaker, answers_of
from rig.relay_boards import PlainBoard, TimedBoard, WatchdogBoard
from rig.slave import Slave, Unit
from rig.wire import PtyWire
from rig.witness import WitnessUnit

TIMEOUT_MS = 150
HOLDS = {
    PULSE: ', inverted = true, hold = { style = "pulse", address = 512 }',
    WATCHDOG: ', inverted = true, hold = { style = "watchdog" }',
    PLAIN: "",
}


class VirtualField:
    """One instrument on one pseudo-terminal, one relay board and the button on another."""

    def __init__(self, folder: Path, board: str, *, horn_wire: bool = True) -> None:
        """Make the instruments; nothing is connected yet.

        Args:
            folder: where the two devices appear.
            board: kind of relay board.
            horn_wire: False leaves the horn's wire off: it is never heard, whatever the relay does.
        """
        self._kind = board
        self._horn_wire = horn_wire
        self.shown: WitnessUnit | None = WitnessUnit()
        self._board = _BOARDS[board]()
        field, relays = Slave(GAS), Slave(RELAYS)
        field.units[GAS] = self.shown
        relays.units[RELAYS] = self._board
        # A watchdog board carries nothing else: any request would feed it.
        self._button_unit, self._button_bus = (BUTTONS, "field") if board == WATCHDOG else (RELAYS, "relays")
        if board == WATCHDOG:
            field.units[BUTTONS] = Unit(64)
            self._inputs = field.units[BUTTONS].discrete
        else:
            self._inputs = self._board.discrete
        self._wire = Wire(field, GAS, TIMEOUT_MS)
        self._field_device, self._relay_device = str(folder / "tty-field"), str(folder / "tty-relays")
        self._speakers = Speaker(self._wire.hear), Speaker(answers_of(relays))
        self._pty: PtyWire | None = None

    @contextlib.contextmanager
    def connected(self) -> Iterator[VirtualField]:
        """Everything is plugged in while the block runs."""
        with contextlib.ExitStack() as stack:
            self._pty = stack.enter_context(PtyWire(self._field_device))
            relays = stack.enter_context(PtyWire(self._relay_device))
            for speaker, fd in zip(self._speakers, (self._pty.fd, relays.fd), strict=True):
                stack.enter_context(speaker)
                speaker.attach(fd)
            yield self

    def tables(self, quirks: str) -> str:
        horn = f'{{ bus = "relays", unit = {RELAYS}, coil = 0{HOLDS[self._kind]} }}'
        button = (
            f'{{ bus = "{self._button_bus}", unit = {self._button_unit}, input = 0, poll_interval_ms = 100 }}'
        )
        return "\n".join(
            [
                _bus("field", self._field_device),
                witness_unit(quirks),
                _bus("relays", self._relay_device),
                f'[[annunciators]]\nname = "main"\nhorn = {horn}\nbutton = {button}',
            ]
        )

    def set_level(self, level: int) -> None:
        assert self.shown is not None
        self.shown.level = level

    def sounding(self) -> bool:
        energised = self._board.energised(0)
        sounds = energised if self._kind == PLAIN else not energised
        return sounds and self._horn_wire

    def press(self, down: bool) -> None:
        self._inputs[0] = down

    def misbehave(self, how: Misbehaviour | None) -> None:
        self._wire.misbehave(how)

    def unplug(self) -> None:
        assert self._pty is not None
        self._speakers[0].detach()
        self._pty.unplug()

    def plug(self) -> None:
        assert self._pty is not None
        self._pty.plug()
        self._speakers[0].attach(self._pty.fd)


def _sixteen() -> PlainBoard:
    return PlainBoard(64)


_BOARDS: dict[str, Callable[[], PlainBoard]] = {
    PULSE: TimedBoard,
    WATCHDOG: WatchdogBoard,
    PLAIN: _sixteen,
}


def _bus(name: str, device: str) -> str:
    return (
        f'[[buses]]\nname = "{name}"\nkind = "rtu"\ndevice = "{device}"\nbaudrate = 115200\n'
        f"timeout_ms = {TIMEOUT_MS}\nadapter_ms = 2"
    )


class VirtualRig:
    """See the module's sentence; many scenarios run side by side."""

    name = "virtual"
    at_once = 7
    look_s = 0.005
    strict = False

    def __init__(self, *, horn_wire: bool = True) -> None:
        """Make it; `horn_wire` False breaks the wire of every horn, to see that verdicts can fail."""
        self._horn_wire = horn_wire
        self.notes: list[str] = [
            (
                "Times on this rig share the machine with everything else that runs on it: they are figures, "
                "and only the rack judges them."
            )
        ]

    def lacks(self, need: str, board: str) -> str:
        return abilities.machine_lacks(need)

    @contextlib.contextmanager
    def field(self, folder: Path, board: str) -> Iterator[Field]:
        field = VirtualField(folder, board, horn_wire=self._horn_wire)
        with field.connected() as connected:
            yield connected

    def wiring(self) -> list[tuple[str, str]]:
        return [
            (
                "bus field",
                f"pseudo-terminal; unit {GAS}: witness instrument, poll {POLL_MS} ms, 115,200 baud",
            ),
            (
                "bus relays",
                f"pseudo-terminal; unit {RELAYS}: relay board, horn on coil 0",
            ),
            ("button", f"discrete input 0 of the relay board; beside a watchdog board of unit {BUTTONS}"),
            ("user", "root" if os.geteuid() == 0 else "not root"),
        ]
