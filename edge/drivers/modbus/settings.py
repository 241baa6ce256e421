"""The tables of a Modbus bus in `gateway.toml`: the line, its instruments, their registers."""

from typing import Annotated, Literal

import msgspec

from edge.config_models import BusTable, PointTable, UnitId, UnitTable, Word


class Point(PointTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One number of an instrument, in registers or one coil or input; `address` counts from 0 as on the wire.

    `order` is that of the bytes as they stand in the registers, A the most significant. `current_loop` holds
    the raw numbers at 4 and 20 mA; `range` then holds the values there.
    """

    address: Word
    table: Literal["holding", "input", "coil", "discrete"] = "holding"
    type: Literal[
        "int16",
        "uint16",
        "int32",
        "uint32",
        "int64",
        "uint64",
        "float32",
        "float64",
        "bcd16",
        "bcd32",
        "bit",
        "bits",
    ] = "uint16"
    order: Literal["ABCD", "CDAB", "BADC", "DCBA"] = "ABCD"
    bit: Annotated[int, msgspec.Meta(ge=0, le=15)] | None = None
    bits: Annotated[list[int], msgspec.Meta(min_length=2, max_length=2)] | None = None
    current_loop: Annotated[list[float], msgspec.Meta(min_length=2, max_length=2)] | None = None

    @property
    def is_register(self) -> bool:
        """Whether it stands in registers, and is no coil or input."""
        return self.table in {"holding", "input"}

    @property
    def kind(self) -> str:
        """The type that counts: a coil or input is always a bit."""
        return self.type if self.is_register else "bit"

    @property
    def width(self) -> int:
        """Registers (or coils) that the point takes."""
        return {"64": 4, "32": 2}.get(self.kind[-2:], 1)


class Readable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the instrument answers for: gaps are read across, and lengths are chosen, only inside these."""

    first: Word
    last: Word
    table: Literal["coil", "discrete", "holding", "input"] = "holding"


class Unit(UnitTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One instrument on a bus."""

    unit: UnitId
    readable: tuple[Readable, ...] = ()
    max_registers: Annotated[int, msgspec.Meta(ge=2, le=125)] = 125
    refused_function: Literal[1, 2, 3, 4] | None = None
    loopback: bool = False
    timeout_ms: Annotated[int, msgspec.Meta(ge=20, le=10_000)] | None = None
    gap_ms: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    transaction_id_zero: bool = False
    points: tuple[Point, ...] = ()


class Bus(BusTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line or connection."""

    kind: Literal["tcp", "rtu", "rtu-over-tcp", "ascii"]
    host: str = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 502
    device: str = ""
    baudrate: Annotated[int, msgspec.Meta(ge=300, le=4_000_000)] = 9600
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    bytesize: Literal[7, 8] = 8
    timeout_ms: Annotated[int, msgspec.Meta(ge=20, le=10_000)] = 300
    adapter_ms: Annotated[int, msgspec.Meta(ge=0, le=200)] = 20
    through: Literal["", "minimalmodbus"] = ""
    rts_to_send: bool = False
    close_after_call: bool = False
    units: tuple[Unit, ...] = ()
