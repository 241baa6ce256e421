"""What a leaf keeps of each thing it watches: an instrument, and a block of points with all that judges it.

    reading -> decoded -> Judge (blank, rate, stuck) -> SecondSpan (held?) -> Watch, Thrift

The same as `edge/watched.py` with one annunciator, from the prepared plan. Runs on MicroPython as it is.
"""

from edge.core.alarm import BLANK, Limit
from edge.core.heartbeat import Presence
from edge.core.judge import Judge, Rules
from edge.core.point import BitBlock, Block, Point
from edge.core.second import Reading, SecondSpan
from edge.core.store import Thrift
from edge.core.watch import Watch
from edge.leaf.bus import Read
from protocol.quality import NOT_CONNECTED, is_good

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from edge.core.firstup import FirstUp

LATE_AFTER, OFFLINE_AFTER = 3, 6  # periods without a good reading


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

    def __init__(
        self, plan: "dict[str, Any]", mint: "Callable[[], str]", source: Source, first_up: "FirstUp"
    ) -> None:
        points = [
            Point(*p[:8], curve=p[8], usable_low=p[9], usable_high=p[10], bits=tuple(p[11]))
            for p in plan["points"]
        ]
        self.number: int = plan["number"]
        self.read = Read(plan["what"], plan["period_ms"], self)
        bits = self.read.function <= 2
        self.core = BitBlock(points, self.read.count) if bits else Block(points, self.read.count)
        limits = [Limit(*limit) for limit in plan["limits"]]
        stale_ms = max(10_000, 10 * plan["period_ms"])
        self.watch = Watch(self.core, limits, mint, stale_ms=stale_ms, first_up=first_up)
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


def stored(held: Reading) -> "tuple[int, Sequence[tuple[int, int]]]":
    """Give quality and exceptions as a row carries them: with what was found wrong."""
    if not held.faults:
        return held.quality, held.exceptions
    if held.faults[0][1] == BLANK:
        return NOT_CONNECTED, []
    worse = dict(held.exceptions)
    for i, _, quality in held.faults:
        worse[i] = min(quality, worse.get(i, held.quality))
    return held.quality, sorted(worse.items())
