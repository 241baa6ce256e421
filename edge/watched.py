"""What a plant keeps of each thing it watches: an annunciator, an instrument, a block of points.

    reading ─▶ decoded ─▶ Judge (blank, rate, stuck) ─▶ SecondSpan (held?) ─▶ siblings ─▶ Watch, Thrift

Nothing here decides: the pure rooms in `edge/core` do, this file hands them what each of them wants to know.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from edge.config_models import Annunciator as AnnunciatorTable
from edge.core import annunciator
from edge.core.alarm import BLANK, QUALITY_SIDES, SIBLINGS, Standing
from edge.core.flood import Flood
from edge.core.heartbeat import Presence
from edge.core.judge import Judge
from edge.core.second import Reading, SecondSpan
from edge.core.siblings import Siblings
from edge.core.store import Thrift
from edge.core.watch import Watch
from edge.drivers.models import BlockReading
from edge.layout import PointBlock
from edge.outputs import wording
from edge.outputs.models import Announcement, Announcer, Output
from protocol.quality import GOOD, NOT_CONNECTED, SUB_NORMAL, is_good

LATE_AFTER: Final = 3
OFFLINE_AFTER: Final = 6
BITS_UP_TO: Final = 2  # Modbus functions 1 and 2 read bits

TEST: Final = "test"  # in place of an alarm id, for loudspeakers and screens
TEST_PRIORITY: Final = 3  # so that every one of them is tried

BLANK_WORDS: Final = "every register of the block reads the same blank"


class Panel:
    """One annunciator with its horn and beacon, and the watches whose alarms it tells."""

    def __init__(self, table: AnnunciatorTable) -> None:
        self.name = table.name
        self.core = annunciator.Annunciator(
            table.horn_from, table.flashes, table.horn_patterns, table.ringback
        )
        self.horn: Output | None = None
        self.beacon: Output | None = None
        self.announcers: Sequence[Announcer] = ()
        self.watched: list[Watched] = []
        self.testing = False  # horn, beacon and announcers are being tried
        self.tried = ""  # the one output of them that is; "": all
        self.flood = Flood()

    def drive(self, now_ms: int) -> None:
        """Set horn and beacon as they should be at this moment."""
        horn, beacon = self.core.outputs(now_ms)
        if self.horn is not None:
            self.horn.set(horn or self.tries(self.horn.name))
        if self.beacon is not None:
            self.beacon.set(beacon or self.tries(self.beacon.name))

    def tries(self, output: str) -> bool:
        """Say whether this output is being tried."""
        return self.testing and self.tried in {"", output}

    def outputs(self) -> list[str]:
        """List everything here that can be tried, by name."""
        return [o.name for o in (self.horn, self.beacon, *self.announcers) if o is not None]

    def announce(self) -> None:
        """Tell loudspeakers and screens what stands now."""
        if not self.announcers:
            return
        told = [
            Announcement(held.alarm, text, held.priority, self.core.sounds(held.alarm))
            for held, text in in_words(self.watched)
        ]
        test = Announcement(TEST, wording.TEST, TEST_PRIORITY, sounding=True)
        for announcer in self.announcers:
            announcer.tell([*told, test] if self.tries(announcer.name) else told)

    def sounds(self) -> bool:
        """Say whether an alarm sounds here, whatever its pattern shows at this moment."""
        return any(self.core.sounds(held.alarm) for w in self.watched for held in w.watch.active())


class Source:
    """One instrument: when it was last good, and what was last told about it."""

    def __init__(self, key: str, period_ms: int, now_ms: int, name: str = "") -> None:
        self.key = key
        self.name = name
        self.presence = Presence(max(period_ms, 1000), LATE_AFTER, OFFLINE_AFTER, now_ms)
        self.good_ms: int | None = None
        self.reason = ""

    def seen(self, reading: BlockReading, quality: int, reason: str) -> None:
        """Note one outcome of this instrument, as it was judged."""
        self.reason = reason
        if is_good(quality):
            self.good_ms = reading.mono_ms
            self.presence.heard(reading.mono_ms)


class Watched:
    """One block of points with its alarms and everything else that looks at its readings."""

    __slots__ = (
        "_forms",
        "_judge",
        "_numbers",
        "alarmed",
        "ask",
        "block",
        "kin",
        "newest",
        "panel",
        "second",
        "source",
        "thrift",
        "watch",
    )

    def __init__(
        self,
        block: PointBlock,
        watch: Watch,
        panel: Panel | None,
        source: Source,
        judge: Judge,
        thrift: Thrift,
        siblings: Siblings,
    ) -> None:
        self.block = block
        self.watch = watch
        self.panel = panel
        self.source = source
        self._judge = judge
        self._forms = judge.forms
        self._numbers = judge.looks_at_numbers
        self.thrift = thrift if thrift.every_ms else None
        self.kin = siblings.members([p.key for p in block.points])
        self.newest: Reading | None = None
        self.alarmed = False  # a transition was made by time; the next reading is worth a row
        self.second: SecondSpan | None = None
        self.ask: Callable[[], object] | None = None

    def confirm_with(self, ask: Callable[[], object]) -> None:
        """From now on a reading that would set an alarm moving waits for what `ask` starts."""
        plan = self.block.plan
        # The driver gives an outcome after two time-outs at the latest; this is for one that does not.
        self.second = SecondSpan(self.block.core, self.watch, 3 * plan.timeout_ms + 100)
        self.ask = ask

    def words(self, held: Standing) -> str:
        """Say an alarm of this block in words."""
        key, _, limit = held.alarm.rpartition("/")
        point = next(p for p in self.block.points if p.key == key)
        value = "" if held.side in QUALITY_SIDES else wording.shown(held.value)
        return wording.of_alarm(point.name or key, limit, held.priority, value, point.unit, held.state)

    def look(self, reading: BlockReading) -> Reading:
        """Take a reading apart and find what is wrong with it by itself."""
        if reading.data is None:
            self._judge.missed()
            return Reading(None, reading.quality, (), (), reading)
        core = self.block.core
        raws = core.decode(reading.data)
        exceptions = core.exceptions(raws, reading.exceptions)
        if reading.data in self._forms:
            self._judge.missed()
            return Reading(raws, reading.quality, exceptions, self._judge.blank(reading.data), reading)
        if not self._numbers:
            return Reading(raws, reading.quality, exceptions, (), reading)
        faults = self._judge.take(reading.mono_ms, raws, reading.quality, exceptions, reading.took_ms)
        return Reading(raws, reading.quality, exceptions, faults, reading)

    def compare(self, held: Reading, siblings: Siblings) -> None:
        """Tell the siblings of this block's values, and add to the reading who is apart from his."""
        raws = held.raws
        doubted = {i for i, _ in held.exceptions} | {i for i, _, _ in held.faults}
        apart = []
        for i, key in self.kin:
            good = raws is not None and held.quality == GOOD and i not in doubted
            value = self.block.core.scaled(i, raws[i]) if good and raws is not None else None
            if siblings.take(held.whole.mono_ms, key, value):
                apart.append((i, SIBLINGS, SUB_NORMAL))
        if apart:
            held.faults = [*held.faults, *apart]

    def spliced(self, first: bytes, reading: BlockReading) -> bytes:
        """Lay a second read over the bytes of the first: it holds the points with alarms, perhaps no more.

        What it does not hold stays as it was first read, and so says the same.
        """
        second, own = reading.block, self.block.plan
        begin, end = (
            max(own.address, second.address),
            min(own.address + own.count, second.address + second.count),
        )
        if begin >= end:
            return first
        there, here, count = begin - second.address, begin - own.address, end - begin
        if own.function > BITS_UP_TO:
            middle: bytes = reading.data[2 * there : 2 * (there + count)]
            return first[: 2 * here] + middle + first[2 * (here + count) :]
        mask = (1 << count) - 1
        bits: int = (int.from_bytes(reading.data, "little") >> there & mask) << here
        kept = int.from_bytes(first, "little") & ~(mask << here)
        both: bytes = (kept | bits).to_bytes(len(first), "little")
        return both


def in_words(watched: Iterable[Watched]) -> list[tuple[Standing, str]]:
    """List what stands with its words, the most urgent and newest first."""
    return sorted(
        ((held, one.words(held)) for one in watched for held in one.watch.active()),
        key=lambda pair: (-pair[0].priority, -pair[0].since_ms),
    )


def as_stored(held: Reading) -> tuple[int, list[tuple[int, int]]]:
    """Give quality and exceptions as a row carries them: with what was found wrong."""
    if not held.faults:
        return held.quality, list(held.exceptions)
    if held.faults[0][1] == BLANK:
        return NOT_CONNECTED, []
    worse = dict(held.exceptions)
    for i, _, quality in held.faults:
        worse[i] = min(quality, worse.get(i, held.quality))
    return held.quality, sorted(worse.items())
