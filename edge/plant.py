"""The way of a reading at the plant: decoded, judged, sounded, recorded; and the way back of a press.

    reading -> Block.decode -> Watch.take -> transitions -> annunciator -> horn and beacon
                                                     └----> events -> spool
            └-> Batcher ------------------------------------------> spool

Keeps law-never-lose 2 (active alarms with occurrence and state), 9 (nothing here waits for a right clock) and
law-warning 16. Nothing in this file waits for anything: the horn is set before the record is even encoded.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from edge.core import alarm, annunciator
from edge.core.batch import Batcher
from edge.core.heartbeat import LATE, OFFLINE, ONLINE, Presence
from edge.core.watch import Watch
from edge.drivers.models import BlockReading, ButtonBlock
from edge.layout import Layout, PointBlock
from edge.outputs.modbus_coil import CoilOutput
from edge.spool.records import AlarmRow
from edge.spool.spool import Clock, Spool
from edge.uplink.commands import DONE, REFUSED, Outcome
from protocol import messages as m
from protocol.quality import is_good

PRESENCE_WORDS: Final = {ONLINE: "online", LATE: "late", OFFLINE: "offline"}
LATE_AFTER: Final = 3
OFFLINE_AFTER: Final = 6
STALE_AFTER: Final = 10  # polls without any word from the driver: the driver itself hangs
NOBODY: Final = "nothing to acknowledge"


class Panel:
    """One annunciator with its horn and beacon, and the watches whose alarms it tells."""

    def __init__(self, name: str, horn_from: int, flashes: bool) -> None:
        self.name = name
        self.core = annunciator.Annunciator(horn_from, flashes)
        self.horn: CoilOutput | None = None
        self.beacon: CoilOutput | None = None
        self.watched: list[Watched] = []

    def drive(self, now_ms: int) -> None:
        """Set horn and beacon as they should be at this moment."""
        horn, beacon = self.core.outputs(now_ms)
        if self.horn is not None:
            self.horn.set(horn)
        if self.beacon is not None:
            self.beacon.set(beacon)


class Source:
    """One instrument: when it was last good, and what was last told about it."""

    def __init__(self, key: str, period_ms: int, now_ms: int, name: str = "") -> None:
        self.key = key
        self.name = name
        self.presence = Presence(max(period_ms, 1000), LATE_AFTER, OFFLINE_AFTER, now_ms)
        self.good_ms: int | None = None
        self.reason = ""


class Watched:
    """One block of points with its alarms."""

    __slots__ = ("block", "panel", "source", "watch")

    def __init__(self, block: PointBlock, watch: Watch, panel: Panel | None, source: Source) -> None:
        self.block = block
        self.watch = watch
        self.panel = panel
        self.source = source


class Plant:
    """Everything that decides at this plant, fed by the buses and by time."""

    def __init__(
        self, layout: Layout, spool: Spool, batcher: Batcher, clock: Clock, poke: Callable[[int], None]
    ) -> None:
        """Build the watches.

        Args:
            layout: what the configuration came to.
            spool: takes records.
            batcher: gathers readings.
            clock: of the gateway.
            poke: called with the monotonic time at which `tick` has work, perhaps earlier than it said.
        """
        self._spool = spool
        self._batcher = batcher
        self._clock = clock
        self._poke = poke
        self._minted = 0
        self._panels = {a.name: Panel(a.name, a.horn_from, a.flashes) for a in layout.annunciators}
        self._sources: dict[str, Source] = {}
        self._watched: list[Watched] = []
        self._points: dict[str, dict[int, Watched]] = {}
        self._buttons: dict[str, dict[int, ButtonBlock]] = {}
        self._pressed: dict[str, bool] = {}
        now = clock.mono_ms()
        for block in layout.blocks:
            source = self._sources.setdefault(
                block.unit.key, Source(block.unit.key, block.unit.poll_interval_ms, now, block.unit.name)
            )
            stale_ms = max(10_000, STALE_AFTER * block.plan.period_ms)
            watch = Watch(block.core, block.limits, self._mint, stale_ms=stale_ms)
            panel = self._panels.get(block.annunciator)
            watched = Watched(block, watch, panel, source)
            self._watched.append(watched)
            self._points.setdefault(block.bus, {})[block.plan.number] = watched
            if panel is not None:
                panel.watched.append(watched)
        for button in layout.buttons:
            self._buttons.setdefault(button.bus, {})[button.plan.number] = button
            for name in button.buttons:
                key = f"{name}.button"
                self._sources.setdefault(key, Source(key, button.plan.period_ms, now))

    def _mint(self) -> str:
        self._minted += 1
        return f"{self._clock.boot:08x}-{self._minted}"

    def begin(self, outputs: dict[str, CoilOutput], saved: list[AlarmRow]) -> None:
        """Take over the alarms that stood when the last run ended; what is configured no more is forgotten.

        Args:
            outputs: by name, "main.horn" and "main.beacon".
            saved: as the spool kept them.
        """
        for panel in self._panels.values():
            panel.horn = outputs.get(f"{panel.name}.horn")
            panel.beacon = outputs.get(f"{panel.name}.beacon")
        now = self._clock.mono_ms()
        offset = self._clock.utc_ms() - now
        rest = [(row.alarm, row.state, row.occurrence, row.since_ms) for row in saved]
        for watched in self._watched:
            rest = watched.watch.restore(rest, offset)
        for panel in self._panels.values():
            panel.core.restore([s for w in panel.watched for s in w.watch.active()], now)
            panel.drive(now)
        # No clear is sent for what is configured no more: this run's Birth could not describe it, and its
        # active set ends it at the centre (law-warning 3).
        self._spool.forget_alarms([name for name, _, _, _ in rest])

    # --- readings ---

    def take(self, bus: str, reading: BlockReading) -> None:
        """Take the outcome of one poll of a bus."""
        self._take_button(bus, reading)  # one read of inputs may hold buttons and points
        watched = self._points.get(bus, {}).get(reading.block.number)
        if watched is None:
            return
        now = reading.mono_ms
        core = watched.block.core
        if reading.data is None:
            raws, exceptions = None, []
        else:
            raws = core.decode(reading.data)
            exceptions = core.exceptions(raws, reading.exceptions)
        transitions = watched.watch.take(now, raws, reading.quality, exceptions)
        if transitions:
            self._told(watched.panel, transitions, now)
        self._seen(watched.source, reading)
        opened = self._batcher.next_due() is None
        closed = self._batcher.take(
            now,
            watched.block.number,
            reading.time_ms,
            now,
            reading.took_ms,
            self._clock.state,
            reading.quality,
            raws,
            exceptions,
        )
        if closed is not None:
            self._spool.add_measurements(closed)
        elif opened:
            self._wake(self._batcher.next_due())
        self._wake(watched.watch.next_due())

    def _seen(self, source: Source, reading: BlockReading) -> None:
        source.reason = reading.reason
        if is_good(reading.quality):
            source.good_ms = reading.mono_ms
            source.presence.heard(reading.mono_ms)

    def _wake(self, due: int | None) -> None:
        if due is not None:
            self._poke(due)

    def _told(self, panel: Panel | None, transitions: list[alarm.Transition], now: int) -> None:
        """Sound first, then record."""
        if panel is not None:
            for transition in transitions:
                panel.core.take(transition, now)
            panel.drive(now)
            self._wake(panel.core.next_due(now))
        self._spool.record(
            *(
                partial(
                    m.AlarmEvent,
                    alarm=t.alarm,
                    occurrence=t.occurrence,
                    transition=t.transition,
                    state=t.state,
                    value=t.value,
                    quality=t.quality,
                    priority=t.priority,
                )
                for t in transitions
            ),
            alarms={t.alarm: self._row(t) for t in transitions},
        )

    def _row(self, transition: alarm.Transition) -> AlarmRow | None:
        if transition.state == alarm.NORMAL_STATE:
            return None
        since = transition.mono_ms
        for watched in self._watched:
            held = watched.watch.alarm(transition.alarm)
            if held is not None:
                since = held.since_ms
        offset = self._clock.utc_ms() - self._clock.mono_ms()
        return AlarmRow(transition.alarm, transition.state, transition.occurrence, since + offset)

    # --- the button and the centre ---

    def _take_button(self, bus: str, reading: BlockReading) -> None:
        button = self._buttons.get(bus, {}).get(reading.block.number)
        if button is None:
            return
        for name, (address, inverted) in button.buttons.items():
            self._seen(self._sources[f"{name}.button"], reading)
            if reading.data is None:
                continue
            pressed = reading.block.bit(reading.data, address) != inverted
            before = self._pressed.get(name)
            self._pressed[name] = pressed
            if pressed and before is False:  # a button found pressed at the start is a stuck one
                self._press(self._panels[name])

    def _press(self, panel: Panel) -> None:
        now = self._clock.mono_ms()
        done = panel.core.press(now)
        if done == annunciator.SILENCED:
            self._operated(panel, "silence", "button", f"button {panel.name}")
        elif done == annunciator.ACKNOWLEDGE_ALL:
            self._acknowledge(panel, panel.core.acknowledge(now), "button", f"button {panel.name}")
        elif done == annunciator.RESET_ALL:
            self._operated(panel, "reset", "button", f"button {panel.name}")
            made = [t for w in panel.watched for t in w.watch.reset_all(now)]
            self._told(panel, made, now)

    def _operated(
        self, panel: Panel | None, action: str, origin: str, by: str, which: str = "", command: str = ""
    ) -> None:
        if panel is not None:
            panel.drive(self._clock.mono_ms())
        self._spool.record(
            partial(m.OperatorEvent, action=action, origin=origin, by=by, alarm=which, command=command)
        )

    def _acknowledge(
        self, panel: Panel | None, names: list[str], origin: str, by: str, which: str = "", command: str = ""
    ) -> int:
        now = self._clock.mono_ms()
        made: list[alarm.Transition] = []
        for watched in self._watched:
            for name in names:
                if watched.watch.alarm(name) is not None:
                    made += watched.watch.acknowledge(name, now)
        if made:
            self._operated(panel, "acknowledge", origin, by, which, command)
            self._told(panel, made, now)
        return len(made)

    def obey(self, command: m.Command) -> Outcome:
        """Carry out a command of the centre that was found good."""
        which = command.alarm
        owners = [w for w in self._watched if which and w.watch.alarm(which) is not None]
        if which and not owners:
            return Outcome(REFUSED, f"no alarm {which!r} here")
        panels = [w.panel for w in owners] if which else list(self._panels.values())
        if command.command == "silence":
            now = self._clock.mono_ms()
            sounding = [panel for panel in panels if panel is not None and panel.core.silence(now)]
            for panel in sounding:
                self._operated(panel, "silence", "centre", command.by, which, command.id)
            return Outcome(DONE, "" if sounding else "nothing was sounding")
        if which:
            count = self._acknowledge(owners[0].panel, [which], "centre", command.by, which, command.id)
            return Outcome(DONE, "" if count else NOBODY)
        count = 0
        everyone: list[Panel | None] = [*self._panels.values(), None]
        for one in everyone:
            names = [
                s.alarm
                for w in self._watched
                if w.panel is one
                for s in w.watch.active()
                if s.state in {"B", "D", "E"}
            ]
            count += self._acknowledge(one, names, "centre", command.by, "", command.id)
        return Outcome(DONE, f"{count} acknowledged" if count else NOBODY)

    # --- time ---

    def tick(self) -> int | None:
        """Let time pass: delays end, lamps flash, batches close, instruments are missed.

        Returns:
            The monotonic time at which to call again, in ms; None: nothing is due by time.
        """
        now = self._clock.mono_ms()
        dues: list[int | None] = []
        for watched in self._watched:
            due = watched.watch.next_due()
            if due is not None and due <= now:
                transitions = watched.watch.tick(now)
                if transitions:
                    self._told(watched.panel, transitions, now)
                due = watched.watch.next_due()
            dues.append(due)
        for panel in self._panels.values():
            panel.drive(now)
            dues.append(panel.core.next_due(now))
        closed = self._batcher.tick(now)
        if closed is not None:
            self._spool.add_measurements(closed)
        dues.append(self._batcher.next_due())
        for source in self._sources.values():
            state = source.presence.tick(now)
            if state is not None:
                reason = "" if state == ONLINE else source.reason
                self._spool.record(
                    partial(m.PresenceEvent, source=source.key, state=PRESENCE_WORDS[state], reason=reason)
                )
            dues.append(source.presence.next_due(now))
        return min((due for due in dues if due is not None), default=None)

    def flush(self) -> None:
        """Close the open batch, whatever its age."""
        closed = self._batcher.close()
        if closed is not None:
            self._spool.add_measurements(closed)

    def output_changed(self, output: str, on: bool, ok: bool, reason: str) -> None:
        """Record that an output follows, or does not; a flashing beacon only when it fails or recovers."""
        beacon = output.endswith(".beacon")
        if not (beacon and ok) or reason:
            self._spool.record(
                partial(m.OutputEvent, output=output, state="on" if on else "off", ok=ok, reason=reason)
            )

    # --- what the centre is told ---

    def active(self) -> list[m.ActiveAlarm]:
        """List every alarm that is not normal now."""
        offset = self._clock.utc_ms() - self._clock.mono_ms()
        return [
            m.ActiveAlarm(
                s.alarm,
                s.occurrence,
                s.state,
                s.since_ms + offset,
                s.since_ms,
                self._clock.state,
                s.value,
                s.quality,
                s.priority,
            )
            for watched in self._watched
            for s in watched.watch.active()
        ]

    def sources(self) -> list[m.SourceState]:
        """Say how each instrument is and when it was last good."""
        now = self._clock.mono_ms()
        return [
            m.SourceState(
                s.key, s.presence.state(now), -1 if s.good_ms is None else max(0, now - s.good_ms), s.name
            )
            for s in self._sources.values()
        ]

    def output_states(self) -> list[m.OutputState]:
        """Say what each output was told and whether it follows."""
        outputs = [o for p in self._panels.values() for o in (p.horn, p.beacon) if o is not None]
        return [m.OutputState(o.name, o.wanted, o.ok) for o in outputs]
