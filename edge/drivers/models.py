"""What every driver family is given and gives: blocks, readings, and the rooms that the gateway calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import msgspec

from edge.config_models import Annunciator, BusTable, PointTable, Switch, UnitTable
from edge.core.point import BitBlock, Block, Values
from edge.strict import Problems


class Clock(Protocol):
    """The two times of the gateway, in milliseconds."""

    def utc_ms(self) -> int:
        """Return the time of day, UTC."""
        ...

    def mono_ms(self) -> int:
        """Return the clock that never jumps."""
        ...


class PolledBlock(Protocol):
    """What is read, or reported, together; `unit` to `count` are Modbus words and 0 in families without them.

    `number` counts from 0 on its bus; a reading is expected every `period_ms`. As text it is in plain words:
    "unit 3 holding registers 0..9".
    """

    @property
    def number(self) -> int: ...
    @property
    def unit(self) -> int: ...
    @property
    def function(self) -> int: ...
    @property
    def address(self) -> int: ...
    @property
    def count(self) -> int: ...
    @property
    def period_ms(self) -> int: ...
    @property
    def timeout_ms(self) -> int: ...


class ValueBlock(msgspec.Struct, frozen=True, gc=False):
    """A block of a family without registers: `where` says in words what it reads."""

    number: int
    period_ms: int
    timeout_ms: int
    where: str
    unit: int = 0
    function: int = 0
    address: int = 0
    count: int = 0

    def __str__(self) -> str:
        return self.where


class BlockReading(msgspec.Struct, frozen=True, gc=False):
    """The outcome of one poll or report: what the block's core decodes, or None with the reason in words.

    Attributes:
        block: which one.
        data: register bytes as on the wire (Modbus), or one number a point (all others; NaN where a report
            lacks the point, with an exception).
        quality: of all of it.
        time_ms: UTC of the reply (or of giving up).
        mono_ms: the monotonic clock at the same moment.
        took_ms: how much before that the request was sent, which is the moment the values are certainly not
            older than; or the age of the values by the instrument's own stamp.
        reason: why the quality is not good.
        exceptions: (index of a point, quality) where the instrument itself calls a point worse.
    """

    block: Any  # a PolledBlock; the driver's own kind where the driver is known
    data: Any  # bytes or tuple[float, ...], as the core of the block takes it; None: there is no reading
    quality: int
    time_ms: int
    mono_ms: int
    took_ms: int
    reason: str = ""
    exceptions: tuple[tuple[int, int], ...] = ()


class BlockDraft(msgspec.Struct, frozen=True):
    """A block that holds points, in the order in which `core` gives their raw numbers."""

    block: PolledBlock
    unit: UnitTable
    points: Sequence[PointTable]
    core: Block | BitBlock | Values


class ButtonBlock(msgspec.Struct, frozen=True):
    """One polled block of discrete inputs with the buttons in it: by annunciator, (input, inverted)."""

    bus: str
    plan: Any  # a BlockPlan of the Modbus family
    buttons: dict[str, tuple[int, bool]]


class Laid(msgspec.Struct):
    """What a bus comes to before anything runs.

    `load` is the share of its time that the bus is busy, None where that means nothing; `detail` is what the
    family's own `start` needs; `notes` are for `fengsui edge check`.
    """

    blocks: list[BlockDraft]
    buttons: list[ButtonBlock] = []
    load: float | None = None
    detail: Any = None
    notes: list[str] = []


class Site(msgspec.Struct, frozen=True):
    """What a family must know of the rest of the configuration."""

    annunciators: list[Annunciator]
    folder: Path  # of the configuration: what its relative paths are relative to
    switches: Sequence[Switch] = ()


class Driver(Protocol):
    """One running bus."""

    async def run(self) -> None:
        """Read until cancelled."""
        ...

    def stats(self) -> msgspec.Struct:
        """Return what was counted since the start; at least `name` and `connected`."""
        ...


@runtime_checkable
class Confirming(Protocol):
    """A driver that can read the registers of a block once more, by another request."""

    def confirm(self, number: int) -> object:
        """Ask at once, before any poll; the outcome comes to the sink as a reading of the confirming block.

        Args:
            number: of the block that is to be confirmed.
        """
        ...


class Tape(Protocol):
    """What a driver tells of every byte, for the bus black box."""

    def sent(self, data: bytes) -> None: ...
    def received(self, data: bytes) -> None: ...
    def note(self, text: str) -> None: ...
    def trip(self, text: str) -> None:
        """Note that an instrument or the line is given up: the black box writes down what led to it."""
        ...


class Family(Protocol):
    """The module `edge/drivers/<family>/family.py`; `bus` is always a table of its own kind."""

    TABLE: type[BusTable]

    def check(self, bus: Any, place: str, problems: Problems) -> None:
        """Note every contradiction that the types cannot say."""
        ...

    def way(self, bus: Any) -> tuple[str, str] | None:
        """Return (key, text) of what only one bus may use: two tasks on one line would collide."""
        ...

    def where(self, bus: Any) -> str:
        """Say in words where the bus is connected."""
        ...

    def lay_out(self, bus: Any, place: str, site: Site, problems: Problems) -> Laid:
        """Plan the bus; problems name what can't be planned."""
        ...

    def start(
        self, bus: Any, laid: Laid, sink: Callable[[BlockReading], None], clock: Clock, tape: Tape | None
    ) -> Driver:
        """Build the driver; here, and not before, the library for its input and output is imported."""
        ...
