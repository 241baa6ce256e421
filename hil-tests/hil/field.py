"""What stands around the gateway at the plant, the same for every rig: instrument, horn, button, adapter."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Protocol

from hil.misbehaviour import Misbehaviour
from rig.witness import WitnessUnit

GAS, BUTTONS, RELAYS = 1, 20, 10  # unit numbers, where the bench itself is the instrument
POLL_MS = 200


class Field(Protocol):
    """One instrument with one alarm point, one horn, one button; wired to the gateway that is tried."""

    # Remembers every answer; None for an instrument that the bench does not play itself.
    shown: WitnessUnit | None

    def tables(self, quirks: str) -> str:
        """The gateway's `[[buses]]` and `[[annunciators]]`; `quirks` are more keys of the alarm point."""
        ...

    def set_level(self, level: int) -> None:
        """Let the instrument show a level, in the unit of the limits."""
        ...

    def sounding(self) -> bool:
        """Whether the horn's contact says that it sounds.

        Raises:
            OSError: it cannot be read at the moment.
        """
        ...

    def press(self, down: bool) -> None:
        """Push the button, or let it go."""
        ...

    def misbehave(self, how: Misbehaviour | None) -> None:
        """From now on the instrument answers like that; None: as it should."""
        ...

    def unplug(self) -> None:
        """Pull the adapter that the instrument hangs on."""
        ...

    def plug(self) -> None:
        """Put it back."""
        ...


class Rig(Protocol):
    """Virtual wires, or a rack."""

    name: str
    at_once: int  # how many scenarios may run side by side
    look_s: float  # how often the horn is looked at
    strict: bool  # whether times are part of the verdict: not on a machine that others share
    notes: list[str]

    def lacks(self, need: str, board: str) -> str:
        """Why this need of a scenario with this kind of relay board cannot be met; "" if it can."""
        ...

    def field(self, folder: Path, board: str) -> contextlib.AbstractContextManager[Field]:
        """Wire up a field for one scenario while the block runs."""
        ...

    def wiring(self) -> list[tuple[str, str]]:
        """What is connected where, for the report."""
        ...


def point_table(keys: str, quirks: str) -> str:
    """The table of the one alarm point, in ppm; `keys` say where it is read, whoever plays the instrument."""
    return (
        f'[[buses.units.points]]\nkey = "GT-101-level"\nname = "Gas"\nunit = "ppm"\n{keys}\n{quirks}\n'
        "limits.H = { limit = 100, deadband = 10, priority = 2 }\n"
        "limits.HH = { limit = 200, deadband = 10, priority = 3 }\n"
    )


def witness_unit(quirks: str, unit: int = GAS) -> str:
    """The tables of a witness instrument: count, check and level, with room for a second span."""
    head = f'[[buses.units]]\nkey = "GT-101"\nunit = {unit}\npoll_interval_ms = {POLL_MS}\n'
    lines = [f"{head}readable = [{{ first = 0, last = 30 }}]"]
    lines += [
        f'[[buses.units.points]]\nkey = "GT-101-{name}"\naddress = {place}\ntype = "uint32"\nbad_after_s = 60'
        for place, name in ((0, "count"), (2, "check"))
    ]
    return "\n".join([*lines, point_table("address = 4", quirks)])
