"""The rack: real adapters, relay boards and modules, as bench.toml says; the same scenarios run on it."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from hil import abilities
from hil.asking import Module, opened
from hil.bench_file import Bench, Board, Line, board_of
from hil.field import POLL_MS, Field, point_table, witness_unit
from hil.misbehaviour import Misbehaviour, Wire
from hil.models import ADAPTER, BUTTON, MISBEHAVIOUR, PLAIN, PULSE, WATCHDOG, Impossible
from hil.speaker import Speaker
from rig.slave import Slave
from rig.witness import WitnessUnit

_SPAN_PPM = 400.0  # of an analogue instrument: 4 mA is 0 ppm, 20 mA this much


class RackField:
    """What bench.toml describes, for one scenario."""

    def __init__(self, bench: Bench, board: Board, module: Module) -> None:
        """Use a relay board of the rack.

        Args:
            bench: the wiring.
            board: the horn's.
            module: the bench's own inputs and outputs, open.
        """
        self._bench = bench
        self._board = board
        self._module = module
        self.shown: WitnessUnit | None = None
        self._wire: Wire | None = None

    @contextlib.contextmanager
    def connected(self) -> Iterator[RackField]:
        """Open the bench's end of the field line, if the bench plays the instrument, while the block runs."""
        with contextlib.ExitStack() as stack:
            if self._bench.instrument.kind == "slave":
                unit, line = self._bench.instrument.unit, self._bench.field
                slave = Slave(unit)
                slave.units[unit] = self.shown = WitnessUnit()
                self._wire = Wire(slave, unit, line.timeout_ms)
                port = stack.enter_context(opened(line.bench, line.baudrate, line.parity))
                os.set_blocking(port.fileno(), False)
                speaker = stack.enter_context(Speaker(self._wire.hear))
                speaker.attach(port.fileno())
            stack.callback(self._at_rest)
            yield self

    def _at_rest(self) -> None:
        """Leave the rack as the next scenario wants to find it."""
        self.press(False)
        if self.shown is None:
            self.set_level(0)

    def tables(self, quirks: str) -> str:
        parts = [
            _bus("field", self._bench.field),
            self._instrument(quirks),
            _bus("relays", self._bench.relays),
        ]
        parts.append(f'[[annunciators]]\nname = "main"\nhorn = {self._horn()}')
        if self._bench.button is not None:
            one = self._bench.button
            parts.append(
                f'button = {{ bus = "{one.line}", unit = {one.unit}, input = {one.input},'
                " poll_interval_ms = 100 }"
            )
        return "\n".join(parts)

    def _instrument(self, quirks: str) -> str:
        one = self._bench.instrument
        if one.kind == "slave":
            return witness_unit(quirks, one.unit)
        place = f'table = "{one.table}"\naddress = {one.register}\n'
        loop = f"current_loop = [{one.raw[0]}, {one.raw[1]}]\nrange = [0, {_SPAN_PPM:g}]"
        head = f'[[buses.units]]\nkey = "GT-101"\nunit = {one.unit}\npoll_interval_ms = {POLL_MS}\n'
        room = (
            f'readable = [{{ table = "{one.table}", first = {one.register}, last = {one.register + 7} }}]\n'
        )
        return f"{head}{room}{point_table(place + loop, quirks)}"

    def _horn(self) -> str:
        board = self._board
        lasts = f"timeout_ms = {board.timeout_ms}"
        hold = {
            PULSE: f', hold = {{ style = "pulse", address = {board.address}, {lasts} }}',
            WATCHDOG: f', hold = {{ style = "watchdog", {lasts} }}',
            PLAIN: "",
        }[board.kind]
        inverted = "" if board.kind == PLAIN else ", inverted = true"
        return f'{{ bus = "relays", unit = {board.unit}, coil = {board.coil}{inverted}{hold} }}'

    def set_level(self, level: int) -> None:
        if self.shown is not None:
            self.shown.level = level
            return
        source = self._bench.instrument.source
        assert source is not None
        low, high = source.raw
        self._module.set_register(source.register, round(low + (high - low) * level / _SPAN_PPM))

    def sounding(self) -> bool:
        return self._module.input(self._board.contact) != self._board.contact_inverted

    def press(self, down: bool) -> None:
        if self._bench.button is not None:
            self._module.set_coil(self._bench.button.output, down)

    def misbehave(self, how: Misbehaviour | None) -> None:
        assert self._wire is not None
        self._wire.misbehave(how)

    def unplug(self) -> None:
        _command(self._bench.field.unplug)

    def plug(self) -> None:
        _command(self._bench.field.plug)


class Rack:
    """See the module's sentence; one scenario at a time, and its times are part of the verdict."""

    at_once = 1
    look_s = 0.01

    def __init__(self, bench: Bench) -> None:
        """Use the rack that a bench.toml describes; nothing is opened before the first scenario."""
        self._bench = bench
        self.name = f"rack {bench.name}"
        self.strict = bench.strict
        self.notes: list[str] = [
            (
                "Times are measured at the horn's contact. The module there is asked again and again: "
                "a time is up to the length of one such question too long, never too short."
            )
        ]

    def lacks(self, need: str, board: str) -> str:
        bench = self._bench
        if need in {PULSE, WATCHDOG, PLAIN} and board_of(bench, need) is None:
            return f"bench.toml names no relay board of the kind {need!r}"
        if need == BUTTON and bench.button is None:
            return "bench.toml has no [button]"
        if need == MISBEHAVIOUR and bench.instrument.kind != "slave":
            return "the instrument of this rack is an analogue input: it cannot misbehave on the wire"
        if need == ADAPTER and not bench.field.unplug:
            return "bench.toml names no `unplug` and `plug` commands for the field's adapter"
        button_there = bench.button is not None and bench.button.line == "relays"
        if need == BUTTON and board == WATCHDOG and button_there:
            return "the button hangs on the watchdog board's line, whose watchdog it would feed"
        return abilities.machine_lacks(need)

    @contextlib.contextmanager
    def field(self, folder: Path, board: str) -> Iterator[Field]:
        del folder
        found = board_of(self._bench, board)
        if found is None:
            raise Impossible(f"bench.toml names no relay board of the kind {board!r}")
        own = self._bench.module
        with Module(opened(own.device, own.baudrate, own.parity), own.unit) as module:
            module.input(found.contact)  # a module that is not there is said before anything is started
            with RackField(self._bench, found, module).connected() as field:
                yield field

    def wiring(self) -> list[tuple[str, str]]:
        bench = self._bench
        one = bench.instrument
        said = [
            ("line field", _in_words(bench.field)),
            (
                "instrument",
                f"unit {one.unit}, played by the bench"
                if one.kind == "slave"
                else f"unit {one.unit}, analogue input {one.register}, fed by the module's current source",
            ),
            ("line relays", _in_words(bench.relays)),
        ]
        said += [
            (
                f"board {board.kind}",
                f"unit {board.unit}, relay {board.coil}, contact to input {board.contact}",
            )
            for board in bench.boards
        ]
        if bench.button is not None:
            knob = bench.button
            where = f"line {knob.line}, unit {knob.unit}, input {knob.input}"
            said.append(("button", f"{where}; pressed by the module's output {knob.output}"))
        said.append(
            ("module", f"{bench.module.device}, unit {bench.module.unit}, {bench.module.baudrate} baud")
        )
        return said


def _in_words(line: Line) -> str:
    far = f", bench {line.bench}" if line.bench else ""
    return f"gateway {line.gateway}{far}, {line.baudrate} baud, parity {line.parity}"


def _bus(name: str, line: Line) -> str:
    return (
        f'[[buses]]\nname = "{name}"\nkind = "rtu"\ndevice = "{line.gateway}"\nbaudrate = {line.baudrate}\n'
        f'parity = "{line.parity}"\ntimeout_ms = {line.timeout_ms}\nadapter_ms = {line.adapter_ms}'
    )


def _command(words: tuple[str, ...]) -> None:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise OSError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr.strip()}")
