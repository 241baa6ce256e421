"""The tables of a bus with electricity meters by DL/T 645-2007."""

from typing import Annotated, Literal

import msgspec

from edge.config_models import PointTable, UnitTable
from edge.drivers.serial_settings import SerialTable


class Point(PointTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One number of a meter: `di` as printed, highest byte first; the rest only where the table lacks it."""

    di: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[0-9A-Fa-f]{8}$",
            description="eight hexadecimal digits as the standard prints them: 02010100",
        ),
    ]
    digits: Literal[2, 4, 6, 8, 10, 12, 14, 16] | None = None
    decimals: Annotated[int, msgspec.Meta(ge=0, le=12)] | None = None
    signed: bool | None = None


class Unit(UnitTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One meter: `address` is the number on its face, up to twelve digits."""

    address: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[0-9]{1,12}$", description="the meter's number, up to twelve digits: 202010203"
        ),
    ]
    poll_interval_ms: Annotated[int, msgspec.Meta(ge=100, le=3_600_000)] = 10_000
    points: tuple[Point, ...] = ()


class Bus(SerialTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line of meters: 2400 8E1 as meters leave the works, or a serial server."""

    kind: Literal["dlt645"] = "dlt645"
    baudrate: Annotated[int, msgspec.Meta(ge=300, le=115_200)] = 2400
    parity: Literal["N", "E", "O"] = "E"
    units: tuple[Unit, ...] = ()
