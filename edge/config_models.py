"""The tables of `gateway.toml` that every driver shares; docs/gateway-config.md shows them on one page.

What one kind of bus adds stands in `edge/drivers/<family>/settings.py`.
"""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec

Word = Annotated[int, msgspec.Meta(ge=0, le=65535)]
UnitId = Annotated[int, msgspec.Meta(ge=1, le=247)]
Milliseconds = Annotated[int, msgspec.Meta(ge=1, le=3_600_000)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
TimeOfDay = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
PointKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]

LIMIT_NAMES: Final = ("LL", "L", "H", "HH")
OTHER_ALARMS: Final = ("ROC", "DEV", "ON", "OFF")


class GatewayTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{2,62}$")]
    name: Name = "gateway"
    config_version: Annotated[int, msgspec.Meta(ge=1)] = 1
    credentials: str = ""
    state: str = "state"
    templates: list[str] = []
    clock: Literal["system", "assume-synchronised", "assume-unsynchronised"] = "system"


class SpoolTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    events_mb: Annotated[float, msgspec.Meta(gt=0, le=100_000)] = 64.0
    measurements_mb: Annotated[float, msgspec.Meta(gt=0, le=100_000)] = 512.0
    commit_ms: Annotated[int, msgspec.Meta(ge=50, le=1000)] = 800


class UplinkTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the centre is reached; `roads` by preference; none: what has an endpoint, Zenoh first."""

    enabled: bool = True
    router: str = ""
    broker: str = ""
    roads: list[Literal["zenoh", "mqtt"]] = []
    fall_over_s: Annotated[float, msgspec.Meta(ge=0.5, le=600)] = 10.0
    probe_s: Annotated[float, msgspec.Meta(ge=0.5, le=3600)] = 30.0
    heartbeat_s: Annotated[float, msgspec.Meta(ge=0.2, le=300)] = 5.0
    receipt_timeout_s: Annotated[float, msgspec.Meta(ge=0.5, le=120)] = 15.0
    retry_max_s: Annotated[float, msgspec.Meta(ge=0.5, le=600)] = 30.0


class SupervisionTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What begins the gateway again when it hangs or grows; 0 and "" switch off."""

    memory_mb: Annotated[float, msgspec.Meta(ge=0, le=100_000)] = 400.0
    hardware_watchdog: str = ""
    hardware_timeout_s: Annotated[int, msgspec.Meta(ge=5, le=600)] = 15
    crash_loop: Annotated[int, msgspec.Meta(ge=0, le=15)] = 4
    trial_settle_s: Annotated[float, msgspec.Meta(ge=0.5, le=600)] = 10.0
    trial_s: Annotated[float, msgspec.Meta(ge=1, le=3600)] = 50.0


class PageTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The gateway's own page; `listen` "" is none. Who opens it has the code, or presses a button."""

    listen: Annotated[str, msgspec.Meta(pattern=r"^$|^(\[[0-9a-fA-F:]+\]|[0-9A-Za-z.-]+):\d{1,5}$")] = ""
    code_file: str = ""
    certificate: str = ""
    key: str = ""
    session_h: Annotated[float, msgspec.Meta(gt=0, le=168)] = 12.0


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One process alarm: `setpoint` is of DEV, `window_s` and `direction` of ROC; ON, OFF have no `limit`."""

    limit: float | None = None
    deadband: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    on_delay_s: Seconds = 0.0
    off_delay_s: Seconds = 0.0
    latch: bool = False
    priority: Annotated[int, msgspec.Meta(ge=0, le=3)] | None = None
    setpoint: float | PointKey | None = None
    window_s: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 10.0
    direction: Literal["both", "up", "down"] = "both"
    suppressed_by: str = ""


class PointTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every point has, whatever it is read by; `range` is what the instrument can truly show, in `unit`.

    value = raw * scale + offset, or the sum of polynomial[i] * raw ** i. Zero switches a judgement off.
    """

    key: PointKey
    name: Name = ""
    quantity: str = ""
    unit: str = ""
    scale: float = 1.0
    offset: float = 0.0
    polynomial: Annotated[list[float], msgspec.Meta(max_length=8)] = []
    range: Annotated[list[float], msgspec.Meta(min_length=2, max_length=2)] | None = None
    limits: dict[Literal["LL", "L", "H", "HH", "ROC", "DEV", "ON", "OFF"], Limit] = {}
    first_up: str = ""
    suppressed_by: str = ""
    bad_after_s: Seconds = 5.0
    bad_priority: Annotated[int, msgspec.Meta(ge=0, le=3)] = 0
    stale_after_s: Seconds = 0.0
    stuck_after_s: Annotated[float, msgspec.Meta(ge=0, le=31_536_000)] = 0.0
    max_rate: Annotated[float, msgspec.Meta(gt=0)] | None = None
    siblings: list[PointKey] = []
    siblings_within: Annotated[float, msgspec.Meta(gt=0)] | None = None
    siblings_after_s: Seconds = 60.0
    store_every_s: Seconds = 0.0
    store_deadband: Annotated[float, msgspec.Meta(ge=0)] = 0.0


class UnitTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One instrument; its points after template and overrides were laid together."""

    key: PointKey
    name: str = ""
    template: str = ""
    poll_interval_ms: Milliseconds = 1000
    annunciator: str = ""
    first_up: str = ""
    store_every_s: Seconds = 0.0
    blank: Literal["none", "zeros", "ones", "both"] = "ones"
    points: Sequence[PointTable] = ()


class BusTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line, connection or listening port, owned by one task; each kind adds keys of its own."""

    name: PointKey
    kind: str
    units: Sequence[UnitTable] = ()


class OutputTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A horn or beacon: a `Coil`, or a `Gpio` pin where the table names one."""


class Hold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an output is held that lets go by itself, `timeout_ms` after it was renewed last.

    "pulse": `address` takes `timeout_ms` in steps of `step_ms` by `function` 5 or 6, and the board ends the
    pulse. "watchdog": the board drops its outputs when it hears no request. "dead-man": a monostable behind a
    pin that is toggled.
    """

    style: Literal["pulse", "watchdog", "dead-man"]
    timeout_ms: Annotated[int, msgspec.Meta(ge=60, le=60_000)] = 900
    address: Word | None = None
    function: Literal[5, 6] = 5
    step_ms: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100

    @property
    def renew_ms(self) -> int:
        """So often it is renewed: three times within its time-out, so that one may be lost."""
        return self.timeout_ms // 3


class Coil(OutputTable, frozen=True, forbid_unknown_fields=True):
    """A relay on a Modbus bus: `inverted` for one that is wired to sound when it drops out."""

    bus: str
    unit: UnitId
    coil: Word
    inverted: bool = False
    hold: Hold | None = None


class Gpio(OutputTable, frozen=True, forbid_unknown_fields=True):
    """A pin of the board: the character device of its chip, and its line there; `inverted`: active low."""

    gpio: Annotated[str, msgspec.Meta(pattern=r"^/dev/[^\s]+$")]
    line: Annotated[int, msgspec.Meta(ge=0, le=511)]
    inverted: bool = False
    hold: Hold | None = None


class Button(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A push button on a discrete input; `inverted` for one that opens when pressed."""

    bus: str
    unit: UnitId
    input: Word
    inverted: bool = False
    poll_interval_ms: Annotated[int, msgspec.Meta(ge=20, le=2000)] = 200


class AnnouncerTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every loudspeaker and screen has; `night` is [from, to] by the plant's own time of day."""

    name: PointKey
    kind: str
    from_priority: Annotated[int, msgspec.Meta(ge=0, le=3)] = 1
    volume: Percent = 100
    night_volume: Percent | None = None
    night: Annotated[tuple[TimeOfDay, ...], msgspec.Meta(min_length=2, max_length=2)] = ("22:00", "06:00")
    repeat_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 20.0
    lines: Annotated[int, msgspec.Meta(ge=1, le=20)] = 4
    idle: str = ""


class SounderTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the horn is tried, for how long, and by what it is heard: `heard_by` must rise by `rise`."""

    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    time: TimeOfDay = "10:00"
    seconds: Annotated[float, msgspec.Meta(ge=0.5, le=30)] = 3.0
    heard_by: PointKey | None = None
    rise: Annotated[float, msgspec.Meta(gt=0)] | None = None


class Annunciator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Horn, beacon and button that belong together.

    `horn_from` is the least priority that sounds the horn; `flashes` false is for a beacon with its own
    flasher, `single_coil_writes` for a board that knows function 5 but not 15.
    """

    name: PointKey
    template: str = ""
    horn_from: Annotated[int, msgspec.Meta(ge=0, le=3)] = 1
    flashes: bool = True
    horn_patterns: bool = False
    ringback: bool = False
    single_coil_writes: bool = False
    horn: OutputTable | None = None
    beacon: OutputTable | None = None
    button: Button | None = None
    test: SounderTest | None = None
    announcers: tuple[AnnouncerTable, ...] = ()


class Switch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A relay beside the annunciators': a fan, a lamp; with `remote` the centre may have it switched.

    `pulse_s`: it goes off by itself after so long, 0 for never. `on_when` and `off_when` are conditions that
    must hold at that moment, as in `suppressed_by`, each perhaps after "not ". `who`: whom the plant allows.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
    bus: str
    unit: UnitId
    coil: Word
    title: Name = ""
    inverted: bool = False
    single_coil_writes: bool = False
    remote: bool = False
    pulse_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 0.0
    on_when: list[str] = []
    off_when: list[str] = []
    who: tuple[Literal["enterprise", "supervisor", "inspector", "installer"], ...] = ("enterprise",)


class AlarmsTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for every alarm: the longest time that one may be shelved."""

    longest_shelf_h: Annotated[float, msgspec.Meta(gt=0, le=168)] = 8.0


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole gateway, as one file with its templates describes it."""

    gateway: GatewayTable
    buses: list[BusTable]
    spool: SpoolTable = SpoolTable()
    uplink: UplinkTable = UplinkTable()
    supervision: SupervisionTable = SupervisionTable()
    page: PageTable = PageTable()
    annunciators: list[Annunciator] = []
    outputs: list[Switch] = []
    alarms: AlarmsTable = AlarmsTable()
