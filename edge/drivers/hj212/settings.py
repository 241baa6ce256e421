"""The tables of an HJ 212 bus in `gateway.toml`: the port, the stations by MN, their factors."""

from typing import Annotated, Final, Literal

import msgspec

from edge.config_models import PointTable
from edge.drivers.listening import ListeningBus, ReportingUnit

Command = Literal[2011, 2031, 2051, 2061]
REAL_TIME: Final = 2011
# HJ 212-2017 table of commands (numbers verified in a public implementation, titles from memory, high).
COMMANDS: Final = {2011: "real-time data", 2051: "minute data", 2061: "hour data", 2031: "day data"}


class Point(PointTable, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One field of a factor in the reports of one command.

    `field` "" means Rtd of real-time data and Avg of statistics. A value that the station sampled
    (SampleTime) longer than `sample_within_s` before its report is uncertain.
    """

    factor: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[A-Za-z0-9]{1,16}$",
            description="the factor's code as in the reports, letters and digits: a21026",
        ),
    ]
    field: Annotated[
        str, msgspec.Meta(pattern=r"^[A-Za-z]{0,16}$", description="the field's name, letters only: Rtd, Avg")
    ] = ""
    command: Command = REAL_TIME
    sample_within_s: Annotated[float, msgspec.Meta(ge=1, le=86_400)] = 14_400.0

    @property
    def named(self) -> str:
        """The field as the station writes it."""
        return self.field or ("Rtd" if self.command == REAL_TIME else "Avg")


class Unit(ReportingUnit, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A station: an instrument or a data logger (数采仪).

    `whole_reports` false is for one that divides its factors over several reports. `flag_required`: a value
    without data flag is uncertain; left out, not so for 2005.
    """

    mn: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[0-9A-Za-z_-]{1,32}$",
            description="the station's MN as in its reports: up to 32 letters, digits, _ and -",
        ),
    ]
    password: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[^;=&#\s]{0,16}$", description="up to 16 characters, none of them ; = & # or a blank"
        ),
    ]
    version: Literal[2005, 2017, 2025] = 2017
    whole_reports: bool = True
    flag_required: bool | None = None
    minute_interval_s: Annotated[float, msgspec.Meta(ge=60, le=3600)] = 600.0
    points: tuple[Point, ...] = ()

    def period_s(self, command: int) -> float:
        """In which rhythm reports of a command are expected, in seconds."""
        of_statistics = {2051: self.minute_interval_s, 2061: 3600.0, 2031: 86_400.0}
        return of_statistics.get(command, self.report_interval_s)

    @property
    def wants_flag(self) -> bool:
        """Whether a value without data flag is uncertain."""
        return self.version != 2005 if self.flag_required is None else self.flag_required


class Bus(ListeningBus, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One port or device at which HJ 212 stations report."""

    kind: Literal["hj212"]
    units: tuple[Unit, ...] = ()
