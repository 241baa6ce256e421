"""What a Modbus bus is told (configuration, plan) and what it tells (readings, statistics, faults)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

UnitNumber = Annotated[int, Meta(ge=1, le=247)]
Address = Annotated[int, Meta(ge=0, le=65_535)]
ReadFunction = Literal[1, 2, 3, 4]
Purpose = Literal["poll", "readback", "confirm"]
Kind = Literal["tcp", "rtu", "rtu-over-tcp", "ascii"]

FUNCTION_NAMES = {1: "coils", 2: "discrete inputs", 3: "holding registers", 4: "input registers"}


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Addresses `first`..`last` (both included, counted from 0 as on the wire) that `function` may read."""

    function: ReadFunction
    first: Address
    last: Address


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Registers (functions 3, 4) or bits (1, 2) that belong together and are always read in one block.

    `poll_interval_ms` overrides the unit's, for example 100 for a push button. `alarm`: a limit hangs on it,
    so the plan looks for a second block that holds it and confirms what the first one showed.
    """

    key: str
    function: ReadFunction
    address: Address
    count: Annotated[int, Meta(ge=1, le=2000)] = 1
    poll_interval_ms: Annotated[int, Meta(ge=1)] | None = None
    alarm: bool = False


class Output(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Coils of one board, with a read-back block in the plan; `every_ms`: so often one of them is written."""

    address: Address
    count: Annotated[int, Meta(ge=1, le=1968)] = 1
    every_ms: Annotated[int, Meta(ge=1)] = 1000


class UnitPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One instrument of a bus.

    `readable` names what may be read besides the points, so that gaps can be filled and every block can get a
    byte count of its own; without it only the hull of the points is used. Where no length is left for the
    barrier read, `refused_function` names a read function that the instrument is known to refuse, or
    `loopback` says that it answers function 8/0 (Return Query Data). `transaction_id_zero` (TCP): it puts
    id 0 into its replies; they are taken, without that check.
    """

    unit: UnitNumber
    points: tuple[Span, ...] = ()
    poll_interval_ms: Annotated[int, Meta(ge=1)] = 1000
    readable: tuple[Range, ...] = ()
    outputs: tuple[Output, ...] = ()
    max_registers: Annotated[int, Meta(ge=1, le=125)] = 125
    timeout_ms: Annotated[int, Meta(ge=1)] | None = None
    refused_function: ReadFunction | None = None
    loopback: bool = False
    single_coil_writes: bool = False
    transaction_id_zero: bool = False
    gap_ms: Annotated[int, Meta(ge=0)] = 0


class BusConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One TCP connection or one serial line, with everything that hangs on it.

    `timeout_ms` is the time an instrument may take before it begins to answer; on a serial line the time for
    the characters and `adapter_ms` (USB adapters hold bytes back for up to 20 ms) are added to it.
    "rtu-over-tcp" has the line behind a serial server at `host` and `port`; "ascii" has it at `device`, or
    behind a serial server when `host` is given. `baudrate`, `parity`, `stopbits` and `bytesize` (7 only with
    "ascii") are those of the line, whoever opens it. `through` = "minimalmodbus" leaves requests and replies
    of an "rtu" line to that library, in a thread: only there `rts_to_send` raises RTS while a request leaves
    (adapters without automatic direction), and `close_after_call` gives the port back after each request.
    """

    name: str
    kind: Kind
    units: tuple[UnitPlan, ...]
    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65_535)] = 502
    device: str = ""
    baudrate: Annotated[int, Meta(ge=300, le=4_000_000)] = 9600
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    timeout_ms: Annotated[int, Meta(ge=1)] = 300
    adapter_ms: Annotated[int, Meta(ge=0)] = 20
    bytesize: Literal[7, 8] = 8
    through: Literal["", "minimalmodbus"] = ""
    rts_to_send: bool = False
    close_after_call: bool = False


class BlockPlan(msgspec.Struct, frozen=True, gc=False):
    """One read request: `count` registers or bits from `address` on, asked every `period_ms`.

    `number` counts the polled blocks of the bus from 0, and goes on over the confirming ones; `size` is the
    byte count of its reply, which no other block of the unit and function has. Spans are in the order of
    their addresses; one begins at index `span.address - block.address`. `confirm` is the number of the block
    that holds this one's alarm spans a second time, in a reply that nothing else could have caused; -1: there
    is none. A confirming block is asked only through `Bus.confirm`; its `period_ms` is that of what it
    confirms.
    """

    number: int
    unit: int
    function: int
    address: int
    count: int
    size: int
    period_ms: int
    timeout_ms: int
    spans: tuple[Span, ...]
    purpose: Purpose = "poll"
    confirm: int = -1

    def words(self, data: bytes, address: int, count: int = 1) -> bytes:
        """Return the bytes of `count` registers from `address` on, from a reading's data."""
        start = 2 * (address - self.address)
        return data[start : start + 2 * count]

    def bit(self, data: bytes, address: int) -> bool:
        """Return the coil or discrete input at `address` from the data of a reading of this block."""
        index = address - self.address
        return bool(data[index >> 3] >> (index & 7) & 1)

    def __str__(self) -> str:
        last = self.address + self.count - 1
        return f"unit {self.unit} {FUNCTION_NAMES[self.function]} {self.address}..{last}"


class BarrierPlan(msgspec.Struct, frozen=True, gc=False):
    """One barrier request of a unit: a read of a length of its own, a refused one, or a loopback."""

    function: int
    address: int
    count: int
    size: int
    refused: bool = False


class BusPlan(msgspec.Struct, frozen=True):
    """Everything that will ever be asked on a bus: blocks by purpose, barriers, T by unit.

    `confirms` are numbered after `blocks`. `notes` say, with the remedy, what could not be had.
    """

    blocks: tuple[BlockPlan, ...]
    readbacks: tuple[BlockPlan, ...]
    barriers: dict[int, tuple[BarrierPlan, ...]]
    timeouts_ms: dict[int, int]
    quiet_ms: int
    confirms: tuple[BlockPlan, ...] = ()
    notes: tuple[str, ...] = ()


class UnitStats(msgspec.Struct):
    """What was counted of one unit since the start.

    `lateness_ms` is the longest a late reply took, `hold_ms` is H and `timeout_ms` T as they are now;
    `reply_ms` is the mean of the latest replies, and one in a hundred takes longer than `reply_p99_ms`.
    `late` polls came more than a tenth of their period late, `skipped` ones not at all. The `breaker`
    is closed, open (silent, not asked), or half-open (a probe is due).
    """

    unit: int
    state: str
    good: int
    failed: int
    refused: int
    heard_late: int
    lateness_ms: int
    strays: int
    doubled: int
    skipped: int
    hold_ms: int
    one_behind: bool
    breaker: str = "closed"
    timeout_ms: int = 0
    reply_ms: int = 0
    reply_p99_ms: int = 0
    late: int = 0


class BusStats(msgspec.Struct):
    """What was counted of one bus since the start; `utilisation` is the share of time a request was open.

    `trouble` says why it is not connected; `learned` what instruments refuse to be read, and what to write
    into the configuration.
    """

    name: str
    connected: bool
    trouble: str
    units: list[UnitStats]
    good: int
    failed: int
    heard_late: int
    lateness_ms: int
    skipped: int
    writes: int
    connections: int
    framing_lost: int
    second_master: int
    never_quiet: int
    foreign: int
    malformed: int
    utilisation: float
    late: int = 0
    confirmations: int = 0
    learned: list[str] = []


class PlanError(ValueError):
    """A unit can't be read without risk of confusion; `problems` name the block and what would be right."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class DeviceRefused(Exception):
    """The instrument answered a write with an exception code."""

    def __init__(self, unit: int, code: int) -> None:
        super().__init__(f"unit {unit} refused the request with exception {code}")
        self.unit = unit
        self.code = code


class WriteSuperseded(Exception):
    """A newer write to the same coils took the place of this one before it was confirmed."""
