"""The way of a reading on a leaf: judged, confirmed, alarmed, sounded, recorded; and the way back of a press.

    reading -> Judge -> held for a second read? -> Watch -> transitions -> annunciator -> horn, beacon
                                                                |-> events -> buffer
                            |-> worth a row? -> Batcher -> buffer

The same as `edge/plant.py` with one line and one annunciator. Keeps law-never-lose 2 and 9, law-warning 16.
An event is written to the card only once the horn's write is on the wire. Runs on MicroPython as it is.
"""

from edge.core import annunciator, second
from edge.core.alarm import BLANK, Limit
from edge.core.batch import Batcher
from edge.core.heartbeat import LATE, OFFLINE, ONLINE, Presence
from edge.core.judge import Judge, Rules
from edge.core.point import BitBlock, Block, Point
from edge.core.second import Reading, SecondSpan
from edge.core.store import Thrift
from edge.core.watch import Watch
from edge.leaf import frames
from edge.leaf.bus import Read
from edge.leaf.msgpack import Fields
from protocol.quality import NOT_CONNECTED, is_good

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from edge.core.alarm import Transition

WORDS = {ONLINE: "online", LATE: "late", OFFLINE: "offline"}
LATE_AFTER, OFFLINE_AFTER = 3, 6  # periods without a good reading
HORN_FIRST_MS = 100  # longest that an event waits for the horn's write; a line that is dead must not hold it


class Source:
    """One instrument: when it was last good."""

    def __init__(self, key: str, name: str, period_ms: int, now: int) -> None:
        self.key, self.name = key, name
        self.presence = Presence(max(period_ms, 1000), LATE_AFTER, OFFLINE_AFTER, now)
        self.good_ms = -1
        self.reason = ""

    def seen(self, now: int, quality: int, reason: str) -> None:
        """Note one outcome."""
        self.reason = reason
        if is_good(quality):
            self.good_ms = now
            self.presence.heard(now)


class Watched:
    """One block of points with all that looks at its readings, as the plan describes it."""

    def __init__(self, plan: "dict[str, Any]", mint: "Callable[[], str]", source: Source) -> None:
        points = [
            Point(*p[:8], curve=p[8], usable_low=p[9], usable_high=p[10], bits=tuple(p[11]))
            for p in plan["points"]
        ]
        self.number: int = plan["number"]
        self.read = Read(plan["what"], plan["period_ms"], self)
        bits = self.read.function <= 2
        self.core = BitBlock(points, self.read.count) if bits else Block(points, self.read.count)
        limits = [Limit(**limit) for limit in plan["limits"]]
        self.watch = Watch(self.core, limits, mint, stale_ms=max(10_000, 10 * plan["period_ms"]))
        judge = Judge(self.core, [Rules(*rule) for rule in plan["rules"]], plan["blank"])
        self.judge = None if judge.idle else judge
        thrift = Thrift(self.core, plan["every_ms"], plan["deadbands"])
        self.thrift = thrift if thrift.every_ms else None
        self.alarmed = False
        self.source = source
        self.confirm = Read(plan["confirm"], 0, self) if plan["confirm"] else None
        self.second = SecondSpan(self.core, self.watch, 3 * self.read.timeout_ms + 100)

    def look(self, now: int, data: "bytes | None", quality: int, took_ms: int) -> Reading:
        """Take a reading apart and find what is wrong with it by itself."""
        judge = self.judge
        if data is None:
            if judge is not None:
                judge.missed()
            return Reading(None, quality, (), ())
        raws = self.core.decode(data)
        exceptions = self.core.exceptions(raws)
        faults: "Sequence[tuple[int, str, int]]" = ()
        if judge is not None:
            if data in judge.forms:
                faults = judge.blank(data)
                judge.missed()
            else:
                faults = judge.take(now, raws, quality, exceptions, took_ms)
        return Reading(raws, quality, exceptions, faults)

    def spliced(self, first: bytes, again: bytes) -> bytes:
        """Lay a second read over the bytes of the first: it holds the points with alarms, perhaps no more."""
        own, second = self.read, self.confirm
        assert second is not None
        begin = max(own.address, second.address)
        count = min(own.address + own.count, second.address + second.count) - begin
        there, here = begin - second.address, begin - own.address
        if own.function > 2:
            middle = again[2 * there : 2 * (there + count)]
            return first[: 2 * here] + middle + first[2 * (here + count) :]
        mask = (1 << count) - 1
        kept = int.from_bytes(first, "little")
        bits = int.from_bytes(again, "little") >> there
        return (kept & ~(mask << here) | (bits & mask) << here).to_bytes(len(first), "little")


class Plant:
    """Everything that decides on this board. `begin` before anything is taken."""

    def __init__(self, plan: "dict[str, Any]", clock: "Any", commit_ms: int) -> None:
        """Build the watches; `clock` has boot, mono_ms, utc_ms, state and stamp."""
        self._clock = clock
        self._minted = 0
        now = clock.mono_ms()
        self.sources: list[Source] = []
        self.watched: list[Watched] = []
        for block in plan["blocks"]:
            known = [source for source in self.sources if source.key == block["source"]]
            if not known:
                known = [Source(block["source"], block["name"], block["period_ms"], now)]
                self.sources += known
            self.watched.append(Watched(block, self._mint, known[0]))
        self.polls = [watched.read for watched in self.watched]
        self._pressed: bool | None = None
        self._button = plan["button"]
        if self._button is not None:
            self._button_source = Source("button", "", self._button["period_ms"], now)
            self.sources.append(self._button_source)
            self.polls.append(Read(self._button["what"], self._button["period_ms"], None))
        self.panel = annunciator.Annunciator(plan["horn_from"], plan["flashes"])
        self._batcher = Batcher(commit_ms, 400)
        self.outputs: dict[str, Any] = {}
        self._unwritten: list[tuple[list[Any], Any]] = []

    def _mint(self) -> str:
        self._minted += 1
        return "%08x-%d" % (self._clock.boot, self._minted)

    def begin(self, buffer: "Any", outputs: "dict[str, Any]", ask: "Callable[[Read], object]") -> None:
        """Take over the alarms that stood; those that are configured no more end with the next Birth.

        Args:
            buffer: takes records; its `saved_alarms` are what the last run left.
            outputs: "horn" and "beacon", each with `set(on, now)`.
            ask: asks a confirming read at once.
        """
        self._buffer = buffer
        self._ask = ask
        self.outputs = outputs
        now = self._clock.mono_ms()
        rest = buffer.saved_alarms
        for watched in self.watched:
            rest = watched.watch.restore(rest, self._clock.utc_ms() - now)
        self.panel.restore([held for w in self.watched for held in w.watch.active()], now)
        self._drive(now)

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

    def _settle(self, watched: Watched, settled: "tuple[Reading, int] | None", now: int) -> None:
        if settled is not None:
            held, verdict = settled
            if verdict == second.DROP:
                held.whole = held.whole[:2] + ("a second read said otherwise", None)
            self._accept(watched, held, now)

    def _accept(self, watched: Watched, held: Reading, now: int) -> None:
        """Judge a reading, sound what it raises, and keep its row if it is worth one."""
        stamp, took_ms, reason, _ = held.whole
        made = watched.watch.take(now, held.raws, held.quality, held.exceptions, held.faults)
        self._told(made, now)
        quality, exceptions = _stored(held)
        watched.source.seen(now, quality, reason)
        alarmed = watched.alarmed or bool(made)
        watched.alarmed = False
        thrift = watched.thrift
        if thrift is None or thrift.keeps(now, held.raws, quality, exceptions, alarmed):
            row = (watched.number, stamp[0], stamp[1], took_ms, stamp[2], quality, held.raws, exceptions)
            self._buffer.add(self._batcher.take(now, *row))

    def _told(self, made: "list[Transition]", now: int) -> None:
        """Sound first, then record."""
        if made:
            for transition in made:
                self.panel.take(transition, now)
            self._drive(now)
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

    def _drive(self, now: int) -> None:
        for name, on in zip(("horn", "beacon"), self.panel.outputs(now)):
            if name in self.outputs:
                self.outputs[name].set(on, now)

    def tick(self, now: int) -> None:
        """Let time pass: delays end, lamps flash, batches close, instruments are missed."""
        for watched in self.watched:
            due = watched.second.next_due()
            if due is not None and due <= now:
                self._settle(watched, watched.second.unanswered(), now)
            due = watched.watch.next_due()
            if due is not None and due <= now:
                made = watched.watch.tick(now)
                watched.alarmed = watched.alarmed or bool(made)
                self._told(made, now)
        self._drive(now)
        self._buffer.add(self._batcher.tick(now))
        for source in self.sources:
            state = source.presence.tick(now)
            if state is not None:
                why = "" if state == ONLINE else source.reason
                self._record("presence", ("source", source.key), ("state", WORDS[state]), ("reason", why))
        self._write(now)

    def flush(self) -> None:
        """Write all that is open."""
        self._write(self._clock.mono_ms() + HORN_FIRST_MS)
        self._buffer.add(self._batcher.close())

    # --- people and outputs ---

    def _take_button(self, data: "bytes | None", quality: int, reason: str, now: int) -> None:
        self._button_source.seen(now, quality, reason)
        if data is not None:
            bit = self._button["bit"]
            self.pressed(bool(data[bit >> 3] >> (bit & 7) & 1) != self._button["inverted"], now)

    def pressed(self, down: bool, now: int) -> None:
        """Take the state of the button; one found pressed at the start is a stuck one."""
        before, self._pressed = self._pressed, down
        if not down or before is not False:
            return
        done = self.panel.press(now)
        if done == annunciator.SILENCED:
            self.operated("silence", "button", "button")
            self._drive(now)
        elif done == annunciator.ACKNOWLEDGE_ALL:
            self.acknowledge("", "button", "button", now)
        elif done == annunciator.RESET_ALL:
            self.operated("reset", "button", "button")
            self._told([t for w in self.watched for t in w.watch.reset_all(now)], now)

    def silence(self, origin: str, by: str, command: str, now: int) -> bool:
        """Silence the horn; False: nothing was sounding."""
        sounded = self.panel.silence(now)
        if sounded:
            self._drive(now)
            self.operated("silence", origin, by, "", command)
        return sounded

    def acknowledge(self, alarm: str, origin: str, by: str, now: int, command: str = "") -> int:
        """Acknowledge one alarm, or all with ""; returns how many there were to acknowledge."""
        made = []
        for watched in self.watched:
            if not alarm:
                made += watched.watch.acknowledge_all(now)
            elif watched.watch.alarm(alarm) is not None:
                made += watched.watch.acknowledge(alarm, now)
        if made:
            self.operated("acknowledge", origin, by, alarm, command)
            self._told(made, now)
        return len(made)

    def operated(self, action: str, origin: str, by: str, alarm: str = "", command: str = "") -> None:
        """Record what somebody did."""
        self._note([lambda seq, at: frames.operator_event(seq, at, action, origin, by, alarm, command)])

    def output_changed(self, output: str, on: bool, ok: bool, reason: str) -> None:
        """Record that an output follows, or does not; a flashing beacon only when it fails or recovers."""
        if output != "beacon" or not ok or reason:
            state = "on" if on else "off"
            self._record("output", ("output", output), ("state", state), ("ok", ok), ("reason", reason))

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
        return [(name, bool(one.wanted), one.ok) for name, one in sorted(self.outputs.items())]


def _alarm_of(transition: "Transition") -> "Callable[[int, tuple[int, int, int]], Fields]":
    return lambda seq, at: frames.alarm_event(seq, at, transition)


def _stored(held: Reading) -> "tuple[int, Sequence[tuple[int, int]]]":
    """Give quality and exceptions as a row carries them: with what was found wrong."""
    if not held.faults:
        return held.quality, held.exceptions
    if held.faults[0][1] == BLANK:
        return NOT_CONNECTED, []
    worse = dict(held.exceptions)
    for i, _, quality in held.faults:
        worse[i] = min(quality, worse.get(i, held.quality))
    return held.quality, sorted(worse.items())
