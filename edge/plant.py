"""The way of a reading at the plant: looked at, judged, sounded, recorded; and the way back of a press.

    reading ─▶ look ─▶ held for a second read? ─▶ Watch.take ─▶ transitions ─▶ annunciator ─▶ horn and beacon
                                                       └──────▶ events ─▶ spool
                                    └─▶ worth a row? ─▶ Batcher ────────▶ spool

Keeps law-never-lose 2 (active alarms with occurrence and state), 9 (nothing here waits for a right clock) and
law-warning 16. Nothing in this file waits for anything: the horn is set before the record is even encoded.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from edge import judgement
from edge.core import alarm, board, second
from edge.core.batch import Batcher
from edge.core.firstup import FirstUp
from edge.core.heartbeat import LATE, OFFLINE, ONLINE
from edge.core.second import Reading
from edge.core.siblings import Siblings
from edge.core.watch import Watch
from edge.desk import Desk
from edge.drivers.models import BlockReading
from edge.layout import Layout
from edge.linked import Linked, Moves
from edge.outputs.hold import Heart
from edge.outputs.models import Announcer, Output
from edge.point_tests import PointTests
from edge.sounders import Sounders
from edge.spool.records import AlarmRow
from edge.spool.spool import Clock, Spool
from edge.uplink.commands import Outcome
from edge.watched import BLANK_WORDS, Panel, Source, Watched, as_stored, in_words
from protocol import messages as m
from protocol.quality import is_good

Cover = tuple[int, int, int, str, str, int]  # as `board.cover_of` gives it
PRESENCE_WORDS: Final = {ONLINE: "online", LATE: "late", OFFLINE: "offline"}
MOST_CHATTER: Final = 5  # named in a heartbeat
STALE_AFTER: Final = 10  # polls without any word from the driver: the driver itself hangs
WHY: Final = {
    second.DROP: "a second read of the same registers said otherwise",
    second.DOUBT: "a second read of the same registers was not answered",
}


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

        `on_raise` may be set afterwards: it is called with each alarm that begins, once it is recorded.
        """
        self.on_raise: Callable[[str], None] | None = None
        self.heart = Heart()  # what held relays hang on: minted here and nowhere else
        self._spool = spool
        self._batcher = batcher
        self._clock = clock
        self._poke = poke
        self.keeps_history = True  # False in a run that is "horn-only": alarms and their events alone
        self._minted = 0
        self._panels = {a.name: Panel(a) for a in layout.annunciators}
        self._sources: dict[str, Source] = {}
        self._watched: list[Watched] = []
        self.point_tests = PointTests(self._watched, spool, clock, self._wake)
        self._siblings = Siblings(layout.kinships)
        self._longest_shelf_ms = layout.longest_shelf_ms
        self._points: dict[str, dict[int, Watched]] = {}
        self._seconds: dict[str, dict[int, Watched]] = {}
        first_up = FirstUp()
        now = clock.mono_ms()
        for block in layout.blocks:
            source = self._sources.setdefault(
                block.unit.key, Source(block.unit.key, block.unit.poll_interval_ms, now, block.unit.name)
            )
            stale_ms = max(10_000, STALE_AFTER * block.plan.period_ms)
            watch = Watch(block.core, block.limits, self._mint, stale_ms=stale_ms, first_up=first_up)
            panel = self._panels.get(block.annunciator)
            watched = Watched(
                block,
                watch,
                panel,
                source,
                judgement.judge_of(block.unit, block.points, block.core),
                judgement.thrift_of(block.unit, block.points, block.core),
                self._siblings,
            )
            self._watched.append(watched)
            self._points.setdefault(block.bus, {})[block.plan.number] = watched
            if panel is not None:
                panel.watched.append(watched)
        self._linked = Linked(layout.links, self._watched)
        self._desk = Desk(
            self._panels, self._watched, self._sources, layout.buttons, spool, clock, self._told
        )
        self._desk.longest_shelf_ms = layout.longest_shelf_ms

    def _mint(self) -> str:
        self._minted += 1
        return f"{self._clock.boot:08x}-{self._minted}"

    def begin(
        self,
        outputs: Mapping[str, Output],
        saved: list[AlarmRow],
        confirms: Mapping[str, Callable[[int], object]] | None = None,
        announcers: Mapping[str, Sequence[Announcer]] | None = None,
    ) -> None:
        """Take over the alarms that stood when the last run ended; what is configured no more is forgotten.

        Args:
            outputs: by name, "main.horn" and "main.beacon".
            saved: as the spool kept them.
            announcers: loudspeakers and screens, by annunciator.
            confirms: by bus, what reads the confirming span of a block at once; its number is the argument.
        """
        for watched in self._watched:
            bus, plan = watched.block.bus, watched.block.plan
            number = getattr(plan, "confirm", -1)
            if number >= 0 and confirms is not None and bus in confirms:
                self._seconds.setdefault(bus, {})[number] = watched
                watched.confirm_with(partial(confirms[bus], plan.number))
        for panel in self._panels.values():
            panel.horn = outputs.get(f"{panel.name}.horn")
            panel.beacon = outputs.get(f"{panel.name}.beacon")
            panel.announcers = () if announcers is None else announcers.get(panel.name, ())
        now = self._clock.mono_ms()
        offset = self._clock.utc_ms() - now
        rest = [_entry(row) for row in saved]
        for watched in self._watched:
            rest = watched.watch.restore(rest, offset, now, self._longest_shelf_ms)
        for panel in self._panels.values():
            panel.core.restore([s for w in panel.watched for s in w.watch.active()], now)
            panel.drive(now)
            panel.announce()
        # No clear is sent for what is configured no more: this run's Birth could not describe it, and its
        # active set ends it at the centre (law-warning 3).
        self._spool.forget_alarms([entry[0] for entry in rest])

    # --- readings ---

    def take(self, bus: str, reading: BlockReading) -> None:
        """Take the outcome of one poll of a bus, or of a second read that was asked for."""
        self._desk.take(bus, reading)  # one read of inputs may hold buttons and points
        watched = self._points.get(bus, {}).get(reading.block.number)
        if watched is None:
            watched = self._seconds.get(bus, {}).get(reading.block.number)
            if watched is not None:
                self._take_second(watched, reading)
            return
        held = watched.look(reading)
        asks = watched.second
        if asks is not None and watched.ask is not None:
            self._settle(watched, asks.unanswered())
            if asks.wants(reading.mono_ms, held):
                if watched.ask():
                    self._wake(asks.next_due())
                    return
                asks.give_up()
        self._accept(watched, held, reading.mono_ms)

    def _take_second(self, watched: Watched, reading: BlockReading) -> None:
        asks = watched.second
        if asks is None:
            return
        held = asks.held
        if held is None:
            return
        data = None if reading.data is None else watched.spliced(held.whole.data, reading)
        core = watched.block.core
        raws = None if data is None else core.decode(data)
        exceptions = [] if raws is None else core.exceptions(raws)
        self._settle(watched, asks.answered(raws, reading.quality, exceptions))

    def _settle(self, watched: Watched, settled: tuple[Reading, int] | None) -> None:
        """Go on with a reading that was held, as its second read left it."""
        if settled is None:
            return
        held, verdict = settled
        self._accept(watched, held, self._clock.mono_ms(), WHY.get(verdict, ""))

    def _accept(self, watched: Watched, held: Reading, now: int, reason: str = "") -> None:
        """Judge a reading, sound what it raises, and keep its row if it is worth one."""
        reading: BlockReading = held.whole
        watched.newest = held
        if watched.kin:
            watched.compare(held, self._siblings)
        self._moved(self._linked.before(watched, held, now), now)
        transitions = watched.watch.take(now, held.raws, held.quality, held.exceptions, held.faults)
        self._moved([(watched, transitions), *self._linked.after(watched, now)], now)
        self._wake(watched.watch.next_due())
        quality, exceptions = (held.quality, held.exceptions) if not held.faults else as_stored(held)
        if not reason and held.faults and quality != held.quality:
            reason = BLANK_WORDS
        watched.source.seen(reading, quality, reason or reading.reason)
        if not self.keeps_history:
            return
        thrift = watched.thrift
        if thrift is not None:
            alarmed = watched.alarmed or bool(transitions)
            watched.alarmed = False
            if not thrift.keeps(reading.mono_ms, held.raws, quality, exceptions, alarmed):
                return
        opened = self._batcher.next_due() is None
        closed = self._batcher.take(
            now,
            watched.block.number,
            reading.time_ms,
            reading.mono_ms,
            reading.took_ms,
            self._clock.state,
            quality,
            held.raws,
            exceptions,
        )
        if closed is not None:
            self._spool.add_measurements(closed)
        elif opened:
            self._wake(self._batcher.next_due())

    def _wake(self, due: int | None) -> None:
        if due is not None:
            self._poke(due)

    def _moved(self, moves: Moves, now: int) -> None:
        """Tell what changed; the horn hears of all of it before it is set."""
        moved = [(watched, made) for watched, made in moves if made]
        for panel in {id(watched.panel): watched.panel for watched, _ in moved}.values():
            self._told(panel, [t for watched, made in moved if watched.panel is panel for t in made], now)
        for watched, _ in moved:
            watched.alarmed = True

    def _told(self, panel: Panel | None, transitions: list[alarm.Transition], now: int) -> None:
        """Sound first, then record."""
        if panel is not None:
            for transition in transitions:
                panel.core.take(transition, now)
                if transition.state == "B":
                    panel.flood.take(now, transition.alarm)
            panel.drive(now)
            panel.announce()
            self._wake(panel.core.next_due(now))
        offset = self._clock.utc_ms() - self._clock.mono_ms()
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
                    under=t.under,
                    first=t.first,
                    by=t.by,
                    reason=t.reason,
                    until_ms=t.until_ms + offset if t.until_ms else 0,
                    test=self.point_tests.testing.take(t),
                )
                for t in transitions
            ),
            alarms={t.alarm: self._row(t.alarm, offset) for t in transitions},
        )
        if self.on_raise is not None:
            for t in transitions:
                if t.transition == alarm.RAISE:
                    self.on_raise(t.alarm)

    def _row(self, name: str, offset: int) -> AlarmRow | None:
        for watched in self._watched:
            held = watched.watch.alarm(name)
            if held is not None and held.letter != alarm.NORMAL_STATE:
                cover = board.cover_of(held, offset)
                return AlarmRow(
                    name,
                    held.state,
                    held.occurrence,
                    board.since(held) + offset,
                    "" if cover is None else msgspec.json.encode(cover).decode(),
                )
        return None

    def obey(self, command: m.Command) -> Outcome:
        """Carry out a command of the centre that was found good."""
        return self._desk.obey(command)

    @property
    def desk(self) -> Desk:
        """Where people's actions come in."""
        return self._desk

    def sounding(self) -> bool:
        """Say whether any horn sounds that nobody has silenced."""
        return any(panel.core.sounding for panel in self._panels.values())

    def standing(self) -> list[tuple[alarm.Standing, str]]:
        """List what stands with its words, the most urgent and newest first."""
        return in_words(self._watched)

    def blocks(self) -> Sequence[Watched]:
        """Everything that is watched, as configured."""
        return self._watched

    # --- time ---

    def tick(self) -> int | None:
        """Let time pass: delays end, lamps flash, batches close, instruments are missed.

        Returns:
            The monotonic time at which to call again, in ms; None: nothing is due by time.
        """
        now = self._clock.mono_ms()
        dues: list[int | None] = []
        for watched in self._watched:
            asks = watched.second
            if asks is not None:
                due = asks.next_due()
                if due is not None and due <= now:
                    self._settle(watched, asks.unanswered())
                    due = None
                dues.append(due)
            due = watched.watch.next_due()
            if due is not None and due <= now:
                transitions = watched.watch.tick(now)
                self._moved([(watched, transitions), *self._linked.after(watched, now)], now)
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
        dues.append(self.point_tests.tick(now))
        self.heart.mint(now)
        return min((due for due in dues if due is not None), default=None)

    def flush(self) -> None:
        """Close the open batch, whatever its age."""
        closed = self._batcher.close()
        if closed is not None:
            self._spool.add_measurements(closed)

    def output_changed(self, output: str, on: bool, ok: bool, reason: str) -> None:
        """Record that an output follows, or does not; a flashing beacon only when it fails or recovers."""
        beacon = output.endswith(".beacon")
        panel = self._panels.get(output.rpartition(".")[0])
        if not beacon and ok and not reason and panel is not None and panel.testing:
            reason = "test"
        if not (beacon and ok) or reason:
            self._spool.record(
                partial(m.OutputEvent, output=output, state="on" if on else "off", ok=ok, reason=reason)
            )

    @property
    def sounders(self) -> Sounders | None:
        """What tries horns and beacons; set by who knows the state folder."""
        return self._desk.sounders

    @sounders.setter
    def sounders(self, sounders: Sounders | None) -> None:
        self._desk.sounders = sounders

    @property
    def panels(self) -> Mapping[str, Panel]:
        """The annunciators by name."""
        return self._panels

    def value(self, key: str) -> float | None:
        """Return the newest value of a point; None: there is no good one."""
        for watched in self._watched:
            for i, point in enumerate(watched.block.points):
                if point.key == key:
                    value, quality = watched.watch.reading(i)
                    return value if is_good(quality) else None
        return None

    @property
    def good_within_s(self) -> float:
        """Seconds after a start within which every point has had its turn three times."""
        return 3 * max((w.block.plan.period_ms for w in self._watched), default=0) / 1000

    def good(self) -> frozenset[str]:
        """Name every point that has a good value, and "output NAME" of every output that follows."""
        points = {
            point.key
            for watched in self._watched
            for i, point in enumerate(watched.block.points)
            if is_good(watched.watch.reading(i)[1])
        }
        return frozenset(points | {f"output {state.output}" for state in self.output_states() if state.ok})

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
                s.under,
                s.first,
                s.by,
                s.reason,
                s.until_ms + offset if s.until_ms else 0,
                self.point_tests.testing.marks(s.alarm, s.occurrence),
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

    def reasons(self) -> dict[str, str]:
        """Say what was last told about each instrument; "" where it is well."""
        return {source.key: source.reason for source in self._sources.values()}

    def annunciators(self) -> list[m.AnnunciatorState]:
        """Say how busy each annunciator was (ISA-18.2, EEMUA 191)."""
        now = self._clock.mono_ms()
        return [
            m.AnnunciatorState(
                panel.name,
                panel.flood.count(now),
                panel.flood.flooding(now),
                panel.flood.chattering(now)[:MOST_CHATTER],
                0 if self.sounders is None else self.sounders.every_s(panel.name),
            )
            for panel in self._panels.values()
        ]

    @property
    def contradicted(self) -> int:
        """Readings that a second read of the same registers contradicted, since the start."""
        return sum(w.second.contradicted for w in self._watched if w.second is not None)

    def output_states(self) -> list[m.OutputState]:
        """Say what each output was told and whether it follows; of one that is switched, what it shows."""
        outputs = [o for p in self._panels.values() for o in (p.horn, p.beacon) if o is not None]
        switched = self._desk.switching
        told = [m.OutputState(o.name, o.wanted, o.ok) for o in outputs]
        return told if switched is None else [*told, *switched.states()]


def _entry(row: AlarmRow) -> "board.Saved":
    entry = (row.alarm, row.state, row.occurrence, row.since_ms)
    if not row.cover:
        return entry
    return (*entry, msgspec.json.decode(row.cover, type=Cover))
