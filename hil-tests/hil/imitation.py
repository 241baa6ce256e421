"""Imitates a rack on pseudo-terminals, with a bench.toml of its own: the rack's code is tried without one.

gateway ── pair ── bench            the field line: two devices with the bytes passed between
gateway ── board                    the relay line: the board is played here
bench ── module                     reads the board's contact, presses the gateway's button
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from hil.speaker import Speaker, answers_of
from rig.relay_boards import PlainBoard, TimedBoard, WatchdogBoard
from rig.slave import Slave, Unit
from rig.wire import PtyWire

BOARD, MODULE = 10, 7
CONTACT, OUTPUT, INPUT = 3, 5, 0
FULL_PPM = 400.0


class ContactModule(Unit):
    """The bench's module: input 3 is the horn's contact, output 5 the button, register 2 a current."""

    def __init__(self, board: PlainBoard, sounds_when: bool, wired: bool) -> None:
        """Wire it to a board; `sounds_when`: the state of the relay in which the horn sounds."""
        super().__init__(64)
        self._board = board
        self._sounds_when = sounds_when
        self._wired = wired
        self.fed: Unit | None = None

    def answer(self, pdu: bytes) -> bytes:
        """As any module, with wires on its terminals."""
        self.discrete[CONTACT] = self._wired and self._board.energised(0) == self._sounds_when
        reply = super().answer(pdu)
        self._board.discrete[INPUT] = self.coils[OUTPUT]
        if self.fed is not None:
            self.fed.input[0] = self.holding[2]
        return reply


class ImitatedRack:
    """Devices under a folder and the bench.toml that names them."""

    def __init__(
        self, folder: Path, *, kind: str = "pulse", analogue: bool = False, wired: bool = True
    ) -> None:
        """Describe it.

        Args:
            folder: where devices and bench.toml appear.
            kind: of the relay board.
            analogue: the instrument is an analogue input fed by the module's current source.
            wired: False leaves the wire from the horn's contact to the module off.
        """
        self.folder = folder
        self.path = folder / "bench.toml"
        self._kind = kind
        self._analogue = analogue
        self._board: PlainBoard = {"pulse": TimedBoard, "watchdog": WatchdogBoard}.get(kind, _plain)()
        self._module = ContactModule(self._board, sounds_when=kind == "plain", wired=wired)
        self._pulled = folder / "pulled"

    @contextlib.contextmanager
    def standing(self) -> Iterator[Path]:
        """Power everything while the block runs; yields the bench.toml."""
        board, module = Slave(BOARD), Slave(MODULE)
        board.units[BOARD] = self._board
        module.units[MODULE] = self._module
        with contextlib.ExitStack() as stack:
            wires = {
                name: stack.enter_context(PtyWire(str(self.folder / f"tty-{name}")))
                for name in ("gateway", "bench", "relays", "module")
            }
            playing = [(board, wires["relays"]), (module, wires["module"])]
            if self._analogue:
                loop = Slave(1)
                loop[1].input[0] = 4000
                self._module.fed = loop[1]
                playing.append((loop, wires["gateway"]))
            else:
                stack.enter_context(_joined(wires["gateway"], wires["bench"], self._pulled))
            for slave, wire in playing:
                stack.enter_context(Speaker(answers_of(slave))).attach(wire.fd)
            self.path.write_text(self._toml(), encoding="utf-8")
            yield self.path

    def _toml(self) -> str:
        place = self.folder
        touch = f'"{sys.executable}", "-c", "from pathlib import Path; Path(\'{self._pulled}\')'
        field = f'gateway = "{place}/tty-gateway"\nadapter_ms = 2'
        instrument = ""
        if self._analogue:
            source = "source = { register = 2, raw = [4000, 20000] }"
            instrument = f'[instrument]\nkind = "analogue"\nunit = 1\nregister = 0\n{source}\n'
        else:
            field += (
                f'\nbench = "{place}/tty-bench"\nunplug = [{touch}.touch()"]\n'
                f'plug = [{touch}.unlink(missing_ok=True)"]'
            )
        relays = f'[relays]\ngateway = "{place}/tty-relays"\n'
        return (
            f'name = "imitation"\nstrict = false\n[field]\n{field}\n{relays}'
            f"adapter_ms = 2\n{instrument}"
            f'[[boards]]\nkind = "{self._kind}"\nunit = {BOARD}\ncontact = {CONTACT}\n'
            f'[button]\nline = "relays"\nunit = {BOARD}\ninput = {INPUT}\noutput = {OUTPUT}\n'
            f'[module]\ndevice = "{place}/tty-module"\nunit = {MODULE}\n'
        )


def _plain() -> PlainBoard:
    return PlainBoard(64)


@contextlib.contextmanager
def _joined(one: PtyWire, other: PtyWire, pulled: Path) -> Iterator[None]:
    """Pass bytes between two devices; while the file `pulled` is there the first one is gone."""
    end = threading.Event()

    def run() -> None:
        while not end.is_set():
            if pulled.exists():
                if one.fd >= 0:
                    one.unplug()
                end.wait(0.02)
                continue
            if one.fd < 0:
                one.plug()
            ready, _, _ = select.select([one.fd, other.fd], [], [], 0.02)
            for fd in ready:
                with contextlib.suppress(OSError):
                    os.write(other.fd if fd == one.fd else one.fd, os.read(fd, 4096))

    thread = threading.Thread(target=run, name="line", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(10)
