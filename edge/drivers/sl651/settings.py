"""The tables of an SL 651 bus in `gateway.toml`: the port, the stations by address, their elements."""

from typing import Annotated, Literal

import msgspec

from edge.config_models import PointTable
from edge.drivers.listening import ListeningBus, ReportingUnit


class Point(PointTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One element by its id in hexadecimal: "39", or "FF38" for one of the maker's own."""

    element: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^(FF)?[0-9A-F]{2}$",
            description="two hexadecimal digits in capitals, with FF before them for a maker's own: 39, FF38",
        ),
    ]


class Unit(ReportingUnit, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A station (遥测站): ten digits of its address, four of its password, both hexadecimal as in its frames.

    `confirm` false is for transmission mode M1 (nothing comes down), `stay_online` confirms with ESC instead
    of EOT. `whole_reports`: every report holds every element, so that one without it is bad; otherwise each
    element is on its own. `sign_counted`: whether a negative number's FF is in its byte count.
    """

    station: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[0-9A-Fa-f]{10}$",
            description="the ten digits of the station's address as in its frames: 0012345678",
        ),
    ]
    password: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[0-9A-Fa-f]{4}$", description="four hexadecimal digits as in the frame: 1234"
        ),
    ]
    report_interval_s: Annotated[float, msgspec.Meta(ge=1, le=90_000)] = 3600.0
    confirm: bool = True
    stay_online: bool = False
    whole_reports: bool = False
    sign_counted: bool | None = None
    points: tuple[Point, ...] = ()

    @property
    def address(self) -> bytes:
        """The address as in a frame."""
        return bytes.fromhex(self.station)


class Bus(ListeningBus, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One port or device at which SL 651 stations report."""

    kind: Literal["sl651"]
    units: tuple[Unit, ...] = ()
