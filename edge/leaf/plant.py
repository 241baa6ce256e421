"""The way of a reading on a leaf: judged, confirmed, alarmed, sounded, recorded.

    reading -> Watched.look -> held for a second read? -> Watch -> transitions -> annunciator -> horn, beacon
                                                                        |-> events -> buffer
                                    |-> worth a row? -> Batcher -> buffer

The same as `edge/plant.py` with one line and one annunciator. Keeps law-never-lose 2 and 9, law-warning 16.
An event is written to the card only once the horn's write is on the wire. Runs on MicroPython as it is.
"""

from edge.core import second
from edge.core.annunciator import Annunciator
from edge.core.batch import Batcher
from edge.core.firstup import FirstUp
from edge.core.flood import Flood
from edge.core.heartbeat import LATE, OFFLINE, ONLINE
from edge.leaf import frames
from edge.leaf.bus import Read
from edge.leaf.desk import Desk
from edge.leaf.msgpack import Fields
from edge.leaf.trial import Trial
from edge.leaf.watched import Source, Watched, stored

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edge.core.alarm import Transition
    from edge.core.linked import Linked, Moves
    from edge.core.second import Reading

WORDS = {ONLINE: "online", LATE: "late", OFFLINE: "offline"}
HORN_FIRST_MS = 100  # longest that an event waits for the horn's write; a line that is dead must not hold it
RUNG = 100  # annunciations that a flood counts
CHATTERS = 5  # named in a heartbeat


class Plant:
    """Everything that decides on this board. `begin` before anything is taken."""

    def __init__(self, plan: "dict[str, Any]", clock: "Any", commit_ms: int) -> None:
        """Build the watches; `clock` has boot, mono_ms, utc_ms, state and stamp."""
        self._clock = clock
        self._minted = 0
        now = clock.mono_ms()
        self.name: str = plan["annunciator"]
        self.sources: list[Source] = []
        self.watched: list[Watched] = []
        first_up = FirstUp()
        for block in plan["blocks"]:
            known = [source for source in self.sources if source.key == block["source"]]
            if not known:
                known = [Source(block["source"], block["name"], block["period_ms"], now)]
                self.sources += known
            self.watched.append(Watched(block, self._mint, known[0], first_up))
        self.polls = [watched.read for watched in self.watched]
        self._linked = self._links(plan["links"])
        self._button = plan["button"]
        if self._button is not None:
            self._button_source = Source(self.name + ".button", "", self._button["period_ms"], now)
            self.sources.append(self._button_source)
            self.polls.append(Read(self._button["what"], self._button["period_ms"], None))
        self.panel = Annunciator(plan["horn_from"], plan["flashes"], plan["patterns"], plan["ringback"])
        self.flood = Flood(RUNG)
        self._longest_shelf_ms = plan["longest_shelf_ms"]
        self.desk = Desk(self, self.name, self._longest_shelf_ms)
        self.trial = Trial(self, self.name)
        self._batcher = Batcher(commit_ms, 400)
        self.outputs: dict[str, Any] = {}
        self.minted_ms: int | None = None  # when the last whole round of the alarm engine began
        self._unwritten: list[tuple[list[Any], Any]] = []

    def _mint(self) -> str:
        self._minted += 1
        return "%08x-%d" % (self._clock.boot, self._minted)

    def _links(self, which: "list[list[Any]]") -> "Linked | None":
        if not which:
            return None
        from edge.core.linked import Linked  # noqa: PLC0415 - heap that most boards can keep
        from edge.core.links import Link  # noqa: PLC0415

        return Linked([Link(*one) for one in which], [watched.watch for watched in self.watched])

    def begin(self, buffer: "Any", outputs: "dict[str, Any]", ask: "Callable[[Read], object]") -> None:
        """Take over the alarms that stood; those that are configured no more end with the next Birth.

        A shelving outlives a restart only where the clock is to be believed: a board that begins at the same
        date with each start would never come to its end.

        Args:
            buffer: takes records; its `saved_alarms` are what the last run left.
            outputs: "horn" and "beacon", each with `set(on, now)`.
            ask: asks a confirming read at once.
        """
        self._buffer = buffer
        self._ask = ask
        self.outputs = outputs
        now = self._clock.mono_ms()
        offset = self._clock.utc_ms() - now
        longest = self._longest_shelf_ms if self._clock.state() else 0
        rest = buffer.saved_alarms
        for watched in self.watched:
            rest = watched.watch.restore(rest, offset, now, longest)
        self.panel.restore([held for w in self.watched for held in w.watch.active()], now)
        self.drive(now)

    def dump(self) -> "list[Any]":
        """Give the alarms that stand, as the next run takes them over."""
        offset = self._clock.utc_ms() - self._clock.mono_ms()
        return [entry for watched in self.watched for entry in watched.watch.dump(offset)]

    # --- readings ---

    def take(self, read: Read, data: "bytes | None", quality: int, took_ms: int, reason: str) -> None:
        """Take the outcome of a poll or of a confirming read."""
        now = self._clock.mono_ms()
        watched: Watched | None = read.tag
        if watched is None:
            self._take_button(data, quality, reason, now)
        elif read is watched.confirm:
            waiting = watched.second.held
            if waiting is None:
                return
            raws = None if data is None else watched.core.decode(watched.spliced(waiting.whole[3], data))
            exceptions = [] if raws is None else watched.core.exceptions(raws)
            self._settle(watched, watched.second.answered(raws, quality, exceptions), now)
        else:
            held = watched.look(now, data, quality, took_ms)
            held.whole = (self._clock.stamp(), took_ms, reason, data)
            if watched.confirm is not None:
                self._settle(watched, watched.second.unanswered(), now)
                if watched.second.wants(now, held):
                    self._ask(watched.confirm)
                    return
            self._accept(watched, held, now)

    def _take_button(self, data: "bytes | None", quality: int, reason: str, now: int) -> None:
        self._button_source.seen(now, quality, reason)
        if data is not None:
            bit = self._button["bit"]
            self.desk.button(bool(data[bit >> 3] >> (bit & 7) & 1) != self._button["inverted"], now)

    def _settle(self, watched: Watched, settled: "tuple[Reading, int] | None", now: int) -> None:
        if settled is not None:
            held, verdict = settled
            if verdict == second.DROP:
                held.whole = held.whole[:2] + ("a second read said otherwise", None)
            self._accept(watched, held, now)

    def _accept(self, watched: Watched, held: "Reading", now: int) -> None:
        """Judge a reading, sound what it raises, and keep its row if it is worth one."""
        stamp, took_ms, reason, _ = held.whole
        watch, linked = watched.watch, self._linked
        if linked is not None:
            self._moved(linked.before(watch, held, now), now)
        made = watch.take(now, held.raws, held.quality, held.exceptions, held.faults)
        moves = [(watch, made)]
        if linked is not None:
            moves += linked.after(watch, now)
        self._moved(moves, now)
        quality, exceptions = stored(held)
        watched.source.seen(now, quality, reason)
        alarmed = watched.alarmed or bool(made)
        watched.alarmed = False
        thrift = watched.thrift
        if thrift is None or thrift.keeps(now, held.raws, quality, exceptions, alarmed):
            row = (watched.number, stamp[0], stamp[1], took_ms, stamp[2], quality, held.raws, exceptions)
            self._buffer.add(self._batcher.take(now, *row))

    def _moved(self, moves: "Moves", now: int) -> None:
        """Tell what changed; the next reading of each block that moved is worth a row."""
        made = [transition for _, transitions in moves for transition in transitions]
        if made:
            moved = [watch for watch, transitions in moves if transitions]
            for watched in self.watched:
                watched.alarmed = watched.alarmed or watched.watch in moved
            self.told(made, now)

    def told(self, made: "list[Transition]", now: int) -> None:
        """Sound first, then record."""
        for transition in made:
            self.panel.take(transition, now)
            if transition.state == "B":
                self.flood.take(now, transition.alarm)
        self.drive(now)
        self._note([_alarm_of(transition) for transition in made])

    def _note(self, makes: "list[Any]") -> None:
        """Put events down for the card, with the time of now."""
        self._unwritten.append((makes, self._clock.stamp()))

    def _write(self, now: int) -> None:
        """Write what was put down, unless the horn has still to leave."""
        while self._unwritten:
            makes, at = self._unwritten[0]
            if now - at[1] < HORN_FIRST_MS and [one for one in self.outputs.values() if one.fresh]:
                return
            self._unwritten.pop(0)
            self._buffer.record(makes, at)

    def drive(self, now: int) -> None:
        """Set horn and beacon as they should be at this moment."""
        for name, on in zip(("horn", "beacon"), self.panel.outputs(now)):
            output = self.outputs.get(name)
            if output is not None:
                output.set(on or self.trial.wants(output), now)

    def tick(self, now: int) -> None:
        """Let time pass: delays end, lamps flash, batches close, instruments are missed."""
        for watched in self.watched:
            due = watched.second.next_due()
            if due is not None and due <= now:
                self._settle(watched, watched.second.unanswered(), now)
            due = watched.watch.next_due()
            if due is not None and due <= now:
                moves = [(watched.watch, watched.watch.tick(now))]
                if self._linked is not None:
                    moves += self._linked.after(watched.watch, now)
                self._moved(moves, now)
        self.trial.tick(now)
        self.drive(now)
        self._buffer.add(self._batcher.tick(now))
        for source in self.sources:
            state = source.presence.tick(now)
            if state is not None:
                why = "" if state == ONLINE else source.reason
                self._record("presence", ("source", source.key), ("state", WORDS[state]), ("reason", why))
        self._write(now)
        self.minted_ms = now

    def flush(self) -> None:
        """Write all that is open."""
        self._write(self._clock.mono_ms() + HORN_FIRST_MS)
        self._buffer.add(self._batcher.close())

    # --- records ---

    def operated(
        self, action: str, origin: str, by: str, alarm: str = "", command: str = "", reason: str = ""
    ) -> None:
        """Record what somebody did."""
        self._record(
            "operator",
            ("action", action),
            ("origin", origin),
            ("by", by),
            ("alarm", alarm),
            ("command", command),
            ("reason", reason),
        )

    def output_changed(self, output: str, on: bool, ok: bool, reason: str) -> None:
        """Record that an output follows, or does not; a flashing beacon only when it fails or recovers."""
        beacon = output.endswith(".beacon")
        if not beacon and ok and not reason and self.trial.sounding:
            reason = "test"
        if not (beacon and ok) or reason:
            self.output_event(output, "on" if on else "off", ok, reason)

    def output_event(self, output: str, state: str, ok: bool, reason: str) -> None:
        """Record what became of an output."""
        self._record("output", ("output", output), ("state", state), ("ok", ok), ("reason", reason))

    def measured(
        self, run: str, software: str, machine: "tuple[str, int, int]", runtime: str, figures: "list[Any]"
    ) -> None:
        """Record what this board measured of itself at its start.

        Args:
            run: names the measurement; the centre keeps one of a name, however often the board starts.
            software: version text.
            machine: what it is, cores, MB of heap.
            runtime: the interpreter.
            figures: (bench, metric, value, unit), as `protocol.messages.Figure`.
        """
        model, cores, ram_mb = machine
        names = ("model", model), ("cores", cores), ("ram_mb", ram_mb), ("python", runtime)
        self._record(
            "figures",
            ("id", run),
            ("software", software),
            ("measured_ms", self._clock.utc_ms()),
            ("machine", Fields(*names)),
            ("figures", figures),
        )

    def _record(self, kind: str, *fields: "tuple[str, Any]") -> None:
        self._note([lambda seq, at: frames.event(kind, seq, at, *fields)])

    # --- what the centre is told ---

    def active(self) -> "list[Fields]":
        """List the alarms that stand, for a Birth."""
        clock = self._clock
        offset, state = clock.utc_ms() - clock.mono_ms(), clock.state()
        return [
            Fields(
                ("alarm", s.alarm),
                ("occurrence", s.occurrence),
                ("state", s.state),
                ("since_ms", s.since_ms + offset),
                ("since_mono_ms", s.since_ms),
                ("clock", state),
                ("value", s.value),
                ("quality", s.quality),
                ("priority", s.priority),
                *frames.cover_fields(s, offset),
            )
            for watched in self.watched
            for s in watched.watch.active()
        ]

    def source_states(self, now: int) -> "list[Any]":
        """Say how each instrument is, for a heartbeat."""
        return [
            (s.key, s.presence.state(now), -1 if s.good_ms < 0 else now - s.good_ms, s.name)
            for s in self.sources
        ]

    def output_states(self) -> "list[Any]":
        """Say what each output was told and whether it follows."""
        return [(one.name, bool(one.wanted), one.ok) for _, one in sorted(self.outputs.items())]

    def annunciators(self, now: int) -> "list[Any]":
        """Say how busy the annunciator was (ISA-18.2, EEMUA 191), for a heartbeat."""
        flood = self.flood
        return [(self.name, flood.count(now), flood.flooding(now), flood.chattering(now)[:CHATTERS])]


def _alarm_of(transition: "Transition") -> "Callable[[int, tuple[int, int, int]], Fields]":
    return lambda seq, at: frames.alarm_event(seq, at, transition)
