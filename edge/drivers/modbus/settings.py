"""The tables of a Modbus bus in `gateway.toml`: the line, its instruments, their registers."""

from typing import Annotated, Literal

import msgspec

from edge.config_models import BusTable, PointTable, UnitId, UnitTable, Word


class Point(PointTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One number in the registers of an instrument; `address` counts from 0 as on the wire."""

    address: Word
    table: Literal["holding", "input"] = "holding"
    type: Literal["int16", "uint16", "int32", "uint32", "float32"] = "uint16"
    order: Literal["ABCD", "CDAB"] = "ABCD"

    @property
    def width(self) -> int:
        """Registers that the point takes."""
        return 2 if self.type.endswith("32") else 1


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
    units: tuple[Unit, ...] = ()
