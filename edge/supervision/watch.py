"""What is expected of each part of a running gateway, and the start that this run is."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from edge.config_models import SupervisionTable
from edge.drivers.models import Laid
from edge.spool.spool import Clock, Spool
from edge.spool.stream import Stream
from edge.supervision.deadlines import Deadlines, Progress
from edge.supervision.starts import FULL, HORN_ONLY, ORDERED, Start, Starts, Verdict, judge, machine_boot
from edge.supervision.supervisor import Supervisor
from edge.supervision.watchdog import Hardware, Systemd, Watchdog, reset_by_watchdog
from edge.uplink.uplink import Uplink
from protocol import messages as m

log = logging.getLogger(__name__)

ALARMS: Final = "alarm engine"
LEAST_MS: Final = 4000  # what hangs is found within five seconds, looked at once a second
WRITER_MS: Final = 30_000  # a card may take long for one write
UPLINK_MS: Final = 60_000
OPENING_S: Final = 60.0  # closing and opening a large or damaged spool may take so long
RECOVERED_MS: Final = 15 * 60_000  # run so long with less around it: try the whole again


@runtime_checkable
class Turning(Protocol):
    """A bus that says when its loop went round last, and how long that may take."""

    @property
    def turned_ms(self) -> int: ...
    @property
    def turn_ms(self) -> int: ...


class Watch:
    """Begins with the run: judges the history, notes the start, and says what is expected of whom."""

    def __init__(self, table: SupervisionTable, folder: Path, clock: Clock) -> None:
        self._table = table
        self._folder = folder
        self._clock = clock
        self._systemd = Systemd.of_environment()
        self.deadlines = Deadlines()
        self._turning: dict[str, Turning] = {}
        self._starts = Starts(folder)
        device = Path(table.hardware_watchdog) if table.hardware_watchdog else None
        machine = machine_boot()
        uptime = clock.mono_ms()  # CLOCK_MONOTONIC counts from the machine's boot
        reset = device is not None and reset_by_watchdog(device)
        self.verdict: Verdict = judge(
            self._starts.history, machine, uptime, by_watchdog=reset, crash_loop=table.crash_loop
        )
        self._begun_ms = uptime
        self._starts.begin(Start(machine, uptime, clock.utc_ms(), self.verdict.profile))
        self._hardware: Hardware | None = None
        if device is not None:
            try:
                self._hardware = Hardware(device, table.hardware_timeout_s)
            except OSError as exc:
                log.error("no hardware watchdog at %s: %s", device, exc)
        if self.lean:
            log.error(
                "ended %d times without order within ten minutes: runs %s now",
                self.verdict.failures,
                self.verdict.profile,
            )

    @property
    def lean(self) -> bool:
        """Whether this run leaves out what is not needed for alarms to reach horn and centre."""
        return self.verdict.profile != FULL

    @property
    def horn_only(self) -> bool:
        """Whether it leaves out uplink and history, too."""
        return self.verdict.profile == HORN_ONLY

    def tell(self, spool: Spool) -> None:
        """Record why the gateway began."""
        v = self.verdict
        spool.record(partial(m.StartEvent, cause=v.cause, profile=v.profile, failures=v.failures))

    def expect_bus(self, name: str, laid: Laid, driver: object) -> None:
        """Expect a reading, good or bad, of the block that is read most often, and that its loop turns."""
        if isinstance(driver, Turning):
            self._turning[name] = driver
        plans = [draft.block for draft in laid.blocks] + [button.plan for button in laid.buttons]
        if plans:
            limit = max(LEAST_MS, 3 * min(plan.period_ms for plan in plans) + 1000)
            # Until its instruments are in step (modbus-rule: H = 10 T) a bus has nothing to say.
            patience = 12 * max(plan.timeout_ms for plan in plans)
            self.deadlines.watch(f"bus {name}", limit, self._clock.mono_ms() + patience)

    def hung(self, now_ms: int) -> list[str]:
        """List what the horn depends on and hangs: the alarm engine and the buses.

        A writer or an uplink that hangs has this gateway begun again; nobody runs from his machine for it.
        """
        vital = (ALARMS, "bus ")
        silent = [name for name in self.deadlines.overdue(now_ms) if name.startswith(vital)]
        return silent or [
            f"bus {name}" for name, bus in self._turning.items() if now_ms - bus.turned_ms > bus.turn_ms
        ]

    def supervisor(self, spool: Spool, uplink: Uplink | None, end: Callable[[str], None]) -> Supervisor:
        """Build what looks and feeds."""
        now = self._clock.mono_ms()
        self.deadlines.watch(ALARMS, LEAST_MS, now)
        probes: dict[str, Callable[[], bool]] = {}
        for name, stream in (("event writer", spool.events), ("reading writer", spool.measurements)):
            self.deadlines.watch(name, WRITER_MS, now)
            probes[name] = partial(_writes, stream, Progress())
        if uplink is not None:
            self.deadlines.watch("uplink", UPLINK_MS, now)
            probes["uplink"] = partial(_beats, uplink, Progress())
        watchdogs: list[Watchdog] = [w for w in (self._systemd, self._hardware) if w is not None]
        # Who would begin it again? Without systemd a gateway that ends stays away.
        limit = int(self._table.memory_mb * 1e6) if self._systemd is not None else 0
        return Supervisor(
            self.deadlines,
            self._checked(probes, end),
            watchdogs,
            self._clock.mono_ms,
            self._folder,
            limit,
            end,
        )

    def _checked(
        self, probes: Mapping[str, Callable[[], bool]], end: Callable[[str], None]
    ) -> Mapping[str, Callable[[], bool]]:
        """Add the way back to the whole gateway."""
        if not self.lean or self._systemd is None:
            return probes

        def recovered() -> bool:
            if self._clock.mono_ms() - self._begun_ms > RECOVERED_MS:
                end("it has run well for a quarter of an hour: the whole gateway is tried again")
            return True

        return {**probes, "profile": recovered}

    def ready(self) -> None:
        """Tell systemd that everything polls."""
        if self._systemd is not None:
            self._systemd.ready()
            self._systemd.patience(None)
            self._systemd.tell(f"profile {self.verdict.profile}; began because: {self.verdict.cause}")

    def ended(self, *, again: bool = False) -> None:
        """Note the ordered end; the silence that follows is meant.

        Where the process begins `again` systemd hears of no end: it kills who told it one and stays.
        """
        self._starts.end(ORDERED)
        if again and self._systemd is not None:
            self._systemd.patience(OPENING_S)  # nobody feeds it until the next run's spool is open
            self._systemd = None
        for watchdog in (self._systemd, self._hardware):
            if watchdog is not None:
                watchdog.disarm()


def _writes(stream: Stream, progress: Progress) -> bool:
    if not stream.attached:
        return True  # its file is being opened; a large one may take its time
    return progress.alive(stream.in_memory, (stream.current.epoch, stream.current.head), excused=stream.full)


def _beats(uplink: Uplink, progress: Progress) -> bool:
    return progress.alive(1, uplink.beats, excused=False)
