"""Puts one gateway together and runs it: the only file that knows every part.

Every task that could fail by a defect of ours is supervised and begun again, so that a fault of the uplink
or of one bus takes neither the horn nor the records of the others with it. At the end (SIGTERM) the last
batch is written and the spool closed; horn and beacon stay as they are: an alarm outlives its gateway.
"""

import asyncio
import contextlib
import fcntl
import itertools
import logging
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from edge import identity
from edge.blackbox import BlackBox
from edge.clock import Clock
from edge.config import Loaded
from edge.config_models import Coil, Gpio
from edge.configuration.deployment import Deployment
from edge.configuration.force import Force, Unfit, own_table
from edge.core.batch import Batcher
from edge.drivers.families import family
from edge.drivers.health import health
from edge.drivers.modbus.driver import Bus
from edge.drivers.models import Confirming, Driver
from edge.figures import Figures
from edge.installer.enrol_renewal import Renewal
from edge.intake import Intake
from edge.layout import lay_out
from edge.layout import outputs as described
from edge.outputs.building import announcers
from edge.outputs.dead_man import DeadMan
from edge.outputs.gpio import GpioOutput
from edge.outputs.held_coil import HeldCoil
from edge.outputs.modbus_coil import CoilOutput
from edge.outputs.models import Output
from edge.outputs.switched import Switched
from edge.plant import Plant
from edge.sounders import Sounders
from edge.spool.spool import Quota, Spool
from edge.status import Status
from edge.supervision.watch import ALARMS, Watch
from edge.switching import OFF, ON, Switching
from edge.tapes import TAPE, Tapes
from edge.trial.switch import Trial
from edge.trial.watch import TrialWatch
from edge.update.slots import of_environment, program_trial
from edge.uplink.building import build
from edge.uplink.uplink import Settings, Uplink
from edge.version import software
from protocol import messages as m
from protocol.endpoints import EndpointRefused

log = logging.getLogger(__name__)

IDLE_MS: Final = 250  # a quarter of what a held relay believes a token for (edge/outputs/hold.py)
CLOCK_CHECK_S: Final = 1.0
RESTART_S: Final = 1.0
ANSWERED_S: Final = 0.5  # time for an answer to leave before the gateway begins again
SYNCHRONISED: Final = {"system": None, "assume-synchronised": True, "assume-unsynchronised": False}


class AlreadyRunning(Exception):
    """Another process uses this state folder; two would poll the same instruments."""


class Gateway:
    """One gateway. `run` lives until `stop`, SIGTERM or SIGINT."""

    def __init__(self, loaded: Loaded, force: Force | None = None) -> None:
        """Build what needs neither disk nor network.

        Args:
            loaded: the configuration to run with.
            force: where it comes from; None: it is the plant's own.

        Raises:
            edge.config.ConfigError: a bus cannot be planned.
        """
        config = loaded.config
        self._loaded = loaded
        self._force = Force(loaded) if force is None else force
        self._again = False
        self._asked_to_end = False
        self._layout = lay_out(loaded, software())
        self._clock = Clock(SYNCHRONISED[config.gateway.clock])
        self._folder = loaded.beside(config.gateway.state)
        self._stop = asyncio.Event()
        self._due = asyncio.Event()
        self._sleeping_until = 0
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def again(self) -> bool:
        """Whether `run` ended only to begin anew, in this process, with what is in force then."""
        return self._again and not self._asked_to_end

    def stop(self) -> None:
        """End `run` in good order, for good: who asked for the end of the process gets it."""
        self._asked_to_end = True
        self._stop.set()

    def _begin_again(self, reason: str) -> None:
        log.warning("begins again: %s", reason)
        self._again = True
        asyncio.get_running_loop().call_later(ANSWERED_S, self._stop.set)

    def _end(self, reason: str) -> None:
        log.warning("ends to begin again: %s", reason)
        self.stop()

    async def run(self, ready: Callable[[], None] | None = None) -> None:
        """Run until stopped.

        Args:
            ready: called once everything polls.

        Raises:
            AlreadyRunning: another process uses the state folder.
        """
        with _locked(self._folder):
            watch = Watch(self._loaded.config.supervision, self._folder, self._clock)
            spool = await Spool.open(
                self._folder, self._clock, self._layout.description, self._quota(), software()
            )
            async with asyncio.TaskGroup() as group:
                group.create_task(_supervised_writer("event writer", spool.run_events, self._stop))
                group.create_task(_supervised_writer("reading writer", spool.run_measurements, self._stop))
                await self._run_with(spool, watch, group, ready)
            watch.ended(again=self.again)
        log.info("stopped; horn and beacon were left as they are")

    async def _run_with(
        self, spool: Spool, watch: Watch, group: asyncio.TaskGroup, ready: Callable[[], None] | None
    ) -> None:
        config = self._loaded.config
        watch.tell(spool)
        plant = Plant(self._layout, spool, Batcher(config.spool.commit_ms), self._clock, self._wake)
        box = self._black_box()
        plant.on_raise = box.alarm
        plant.keeps_history = not watch.horn_only
        plant.heart.depend(watch.hung)

        intake = Intake(plant.take, lambda bus, now: watch.deadlines.met(f"bus {bus}", now))
        buses = {
            name: family(bus.kind).start(bus, laid, partial(intake.take, name), self._clock, box.tapes[name])
            for name, (bus, laid) in self._layout.buses.items()
        }
        outputs = self._outputs(plant, buses)
        told = {
            a.name: announcers(a, self._loaded.beside, self._clock, plant.output_changed)
            for a in config.annunciators
        }
        confirms = {name: bus.confirm for name, bus in buses.items() if isinstance(bus, Confirming)}
        plant.begin(outputs, spool.saved_alarms, confirms, told)
        switched = self._switched(plant, buses)
        plant.desk.switching = Switching(config.outputs, switched, plant.value, plant.desk.in_alarm, spool)
        tests = {a.name: a.test for a in config.annunciators}
        plant.sounders = Sounders(plant.panels, tests, spool, self._clock, self._folder, plant.value)
        uplink = None if watch.horn_only else self._uplink(spool, plant)
        tapes = Tapes(box, self._clock)
        status = Status(config.gateway.id, self._folder, self._clock, spool, plant, uplink, buses, box)

        def start(name: str, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
            self._tasks.append(group.create_task(_supervised(name, job)))

        for output in outputs.values():
            start(output.name, output.run)
        for switch in switched.values():
            start(switch.name, switch.run)
        for announcer in itertools.chain.from_iterable(told.values()):
            start(announcer.name, announcer.run)
        for name, driver in buses.items():
            watch.expect_bus(name, self._layout.buses[name][1], driver)
            start(f"bus {name}", driver.run)
        start("timers", partial(self._run_timers, plant, watch))
        start("supervisor", watch.supervisor(spool, uplink, self._end).run)
        start("clock", partial(self._run_clock, spool))
        start("status", status.run)
        start("black box", box.run)
        start("figures", Figures(self._folder, spool).run)
        start("sounder tests", plant.sounders.run)
        deployment = Deployment(
            self._force,
            self._folder,
            spool,
            status.good,
            plant.good_within_s,
            self._begin_again,
            program_trial,
        )
        deployment.started()
        status.configure = deployment.offer
        if uplink is not None:
            uplink.configure = deployment.offer
            uplink.later = {ON: plant.desk.switch, OFF: plant.desk.switch, TAPE: tapes.answer}
            uplink.buses = partial(health, buses)
        for trial in self._trials(deployment, status, watch):
            start("trial", trial.run)
        for job in uplink.tasks(lean=watch.lean) if uplink is not None else []:
            start(f"uplink {job.__name__}", job)
        if uplink is not None:
            start("certificate", Renewal(self._loaded.beside(config.gateway.credentials), self._clock).run)
        if config.page.listen and not watch.lean:
            from edge.local.building import page

            start("page", page(config, self._loaded.beside, plant, status, self._clock).run)
        self._listen_to_signals()
        watch.ready()
        if ready is not None:
            ready()
        await self._stop.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        plant.flush()
        spool.stop()
        if uplink is not None:
            await uplink.close()

    def _outputs(self, plant: Plant, buses: Mapping[str, Driver]) -> dict[str, Output]:
        """Build horns, beacons and relays, by name."""
        outputs: dict[str, Output] = {}
        for annunciator, part, table in described(self._loaded.config):
            name = f"{annunciator}.{part}"
            if isinstance(table, Gpio):
                if table.hold is None:
                    outputs[name] = GpioOutput(name, table, plant.output_changed)
                else:
                    outputs[name] = DeadMan(name, table, plant.heart, self._clock, plant.output_changed)
            elif isinstance(table, Coil):
                relays = buses[table.bus]
                assert isinstance(relays, Bus)  # the rules refuse relays elsewhere
                if table.hold is None:
                    outputs[name] = CoilOutput(
                        name, relays, table.unit, table.coil, table.inverted, plant.output_changed
                    )
                else:
                    outputs[name] = HeldCoil(
                        name, relays, table, plant.heart, self._clock, plant.output_changed
                    )
        return outputs

    def _switched(self, plant: Plant, buses: Mapping[str, Driver]) -> dict[str, Switched]:
        """Build the outputs beside the annunciators', by name."""
        switched = {}
        for table in self._loaded.config.outputs:
            relays = buses[table.bus]
            assert isinstance(relays, Bus)  # the rules refuse relays elsewhere
            switched[table.name] = Switched(table, relays, self._clock, plant.output_changed)
        return switched

    def _black_box(self) -> BlackBox:
        layout = self._layout
        return BlackBox(
            self._folder,
            self._loaded.config.gateway.id,
            {name: bus for name, (bus, _) in layout.buses.items()},
            {point.key: block.bus for block in layout.blocks for point in block.points},
            self._clock,
        )

    def _quota(self) -> Quota:
        spool = self._loaded.config.spool
        return Quota(int(spool.events_mb * 1e6), int(spool.measurements_mb * 1e6))

    def _uplink(self, spool: Spool, plant: Plant) -> Uplink | None:
        """Build the uplink; without usable credentials the plant is watched all the same."""
        config = self._loaded.config
        if not config.uplink.enabled:
            return None
        try:
            who = identity.load(self._loaded.beside(config.gateway.credentials))
            if who.gateway != config.gateway.id:
                raise identity.CredentialError(
                    f"the credentials are those of {who.gateway!r}, this is {config.gateway.id!r}"
                )
            roads = build(config.uplink, who, self._clock)
        except (identity.CredentialError, EndpointRefused) as exc:
            log.error("NO UPLINK: the centre hears nothing of this gateway: %s", exc)
            return None
        settings = Settings(
            config.uplink.heartbeat_s, config.uplink.receipt_timeout_s, config.uplink.retry_max_s
        )
        return Uplink(who, spool, self._clock, roads, plant, settings, software())

    # --- time ---

    def _wake(self, due_ms: int) -> None:
        if due_ms < self._sleeping_until:
            self._sleeping_until = due_ms
            self._due.set()

    def _trials(self, deployment: Deployment, status: Status, watch: Watch) -> Iterator[TrialWatch]:
        """Watch over a program and over a configuration that are on trial."""
        mono_ms = self._clock.mono_ms
        slots, trial = of_environment(), program_trial()
        if slots is not None and trial is not None:

            def wrong(now: int) -> list[str]:
                # With the plant's own file all may be good, by other limits: that is not what it was asked.
                unread = ["the centre's configuration"] if self._force.notes else []
                return [*watch.hung(now), *unread]

            yield TrialWatch(slots.switch, trial, status.good, wrong, mono_ms, self._version_ended)
        if self._force.trial is not None:
            switch, mine = deployment.held.switch, self._force.trial
            yield TrialWatch(switch, mine, status.good, watch.hung, mono_ms, deployment.ended)

    def _version_ended(self, trial: Trial, why: str) -> None:
        if why:
            self._end(f"version {trial.version} is taken back: {why}")

    async def _run_timers(self, plant: Plant, watch: Watch) -> None:
        """Call `Plant.tick` whenever something is due."""
        while True:
            due = plant.tick()
            now = self._clock.mono_ms()
            watch.deadlines.met(ALARMS, now)
            self._sleeping_until = now + IDLE_MS if due is None else min(due, now + IDLE_MS)
            while (rest := self._sleeping_until - self._clock.mono_ms()) > 0:
                self._due.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(rest / 1000):
                        await self._due.wait()
            await asyncio.sleep(0)

    async def _run_clock(self, spool: Spool) -> None:
        """Turn steps of the clock and changes of its state into events."""
        while True:
            await asyncio.sleep(CLOCK_CHECK_S)
            step, changed = self._clock.check()
            if step or changed:
                reason = "stepped" if step else "state changed"
                spool.record(partial(m.ClockEvent, step_ms=step, reason=reason))

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(ValueError, RuntimeError):  # not in the main thread: a test
                loop.add_signal_handler(number, self.stop)


async def _supervised(name: str, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a task for ever: a defect is logged and the task begun again."""
    while True:
        try:
            await job()
        except Exception:
            log.exception("%s failed and begins again", name)
        await asyncio.sleep(RESTART_S)


async def _supervised_writer(
    name: str, job: Callable[[], Coroutine[Any, Any, None]], stop: asyncio.Event
) -> None:
    """Run a writer of the spool until it has closed its file: no storage failure ends the gateway.

    Once the gateway stops it is begun again once only; what it then leaves unwritten is an unclean end.
    """
    while True:
        last = stop.is_set()
        try:
            await job()
        except Exception:
            log.exception("%s failed%s", name, "" if last else " and begins again")
            if last:
                return
        else:
            return
        await asyncio.sleep(RESTART_S)


def refuse_second(config: Path) -> None:
    """Refuse where another process runs with this file's state folder; changes nothing there.

    Raises:
        AlreadyRunning: it does.
    """
    try:
        folder = config.parent / own_table(config).get("state", "state")
        lock = (folder / "lock").open("r+", encoding="utf-8")
    except (Unfit, OSError):
        return  # a first start, or a file that `in_force` will name the faults of
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise AlreadyRunning(f"{folder} is in use by another gateway process") from exc
        except OSError:
            return


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep others off the state folder; a disk that takes no lock file keeps nobody from running."""
    with contextlib.ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((folder / "lock").open("w", encoding="utf-8"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise AlreadyRunning(f"{folder} is in use by another gateway process") from exc
        except OSError as exc:
            log.warning("no lock could be taken in %s: %s", folder, exc)
        yield
