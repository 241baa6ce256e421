"""Turns what the server said of each point into readings, in order, and tells each fault once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

import msgspec

from edge.drivers.models import BlockReading, Clock
from edge.drivers.opcua import reading
from edge.drivers.opcua.binary import Sample
from edge.drivers.opcua.family import Watched
from edge.drivers.opcua.plan import Schedule
from edge.drivers.opcua.reading import Judged, ServerClock
from edge.drivers.opcua.settings import Bus
from edge.drivers.opcua.status import Status, worse
from protocol import quality as q

log = logging.getLogger(__name__)

_NAMED = 5  # points named in one line of the log


class Faults:
    """Logs each fault once when it begins and once when it ends; `topic` tells them apart."""

    def __init__(self, bus: str) -> None:
        self.bus = bus
        self._standing: set[str] = set()

    def begin(self, topic: str, text: str) -> None:
        """Tell that something is wrong, unless that was told."""
        if topic not in self._standing:
            self._standing.add(topic)
            log.warning("bus %s: %s", self.bus, text)

    def end(self, topic: str, text: str) -> None:
        """Tell that it is over, if it was told."""
        if topic in self._standing:
            self._standing.remove(topic)
            log.info("bus %s: %s", self.bus, text)


class Counts(msgspec.Struct):
    """What was counted since the start."""

    good: int = 0
    failed: int = 0
    reads: int = 0
    notified: int = 0
    missed: int = 0  # notifications that the server numbered and we never saw
    old: int = 0  # notified values older than what was known already
    sessions: int = 0
    subscriptions: int = 0
    watched: int = 0  # points that the server watches for us at present


class Report:
    """The desk where readings of one bus are made."""

    def __init__(
        self,
        bus: Bus,
        watched: Sequence[Watched],
        sink: Callable[[BlockReading], None],
        clock: Clock,
    ) -> None:
        self.faults = Faults(bus.name)
        self.counts = Counts()
        self.server = Status(q.GOOD)
        self.server_clock = ServerClock()
        self.schedule = Schedule([one.block.period_ms for one in watched], clock.mono_ms())
        self._watched = watched
        self._sink = sink
        self._clock = clock
        self._tolerance_ms = round(bus.clock_tolerance_s * 1000)
        self._stamps: list[int | None] = [None] * len(watched)
        self._notified_ms = [-1] * len(watched)
        self._reported: set[int] = set()
        self._wrong: dict[int, str] = {}

    def connected(self) -> None:
        """Begin a session: clocks, order and numbering are the server's anew."""
        self.server_clock = ServerClock()
        self.server = Status(q.GOOD)
        self._stamps = [None] * len(self._watched)
        self.subscribed()
        self.schedule.connected(self._clock.mono_ms())

    def subscribed(self) -> None:
        """Begin a subscription: the first change of each item is its present value, whatever its stamp."""
        self._reported.clear()

    def heard(self, server_ms: int | None, sent_ms: int, now_ms: int) -> None:
        """Take the server's time out of a response, and say once when its clock and ours differ."""
        self.server_clock.heard(server_ms, sent_ms, now_ms)
        wrong = self.server_clock.wrong_by(now_ms, self._clock.utc_ms())
        if abs(wrong) > self._tolerance_ms:
            way = "ahead of" if wrong > 0 else "behind"
            self.faults.begin("clock", f"the server's clock is {abs(wrong) / 1000:.0f} s {way} the gateway's")
        else:
            self.faults.end("clock", "the server's clock agrees with the gateway's again")

    def read(self, points: Iterable[int], samples: Iterable[Sample], sent_ms: int, now_ms: int) -> None:
        """Take the answer to a read that was sent at `sent_ms`."""
        changed: list[int] = []
        for i, sample in zip(points, samples, strict=True):
            self.schedule.read(i, now_ms)
            stamp, last = sample.source_ms, self._stamps[i]
            overtaken = self._notified_ms[i] >= sent_ms
            if overtaken and (stamp is None or last is None or stamp < last):
                # A newer value was reported while this one was on its way. Without stamps nobody can tell:
                # what was reported stands, since what changed after it will be reported as well.
                continue
            self._stamps[i] = stamp
            self.counts.reads += 1
            self._give(i, self._judge(i, sample, now_ms, now_ms - sent_ms, stamped=False), now_ms, changed)
        self._tell_wrong(changed)

    def changed(self, i: int, sample: Sample, now_ms: int, longest_ms: int, changed: list[int]) -> None:
        """Take one reported change.

        Args:
            i: which point.
            sample: its value.
            now_ms: the monotonic time of the receipt.
            longest_ms: how long the server may have held it back, for values without a stamp.
            changed: takes the point when it began or ceased to be wrongly configured.
        """
        stamp, last = sample.source_ms, self._stamps[i]
        self._notified_ms[i] = now_ms
        self.counts.notified += 1
        if stamp is not None and last is not None and stamp < last:
            self.counts.old += 1
            return
        self._stamps[i] = stamp
        self.schedule.notified(i, now_ms)
        stamped = i in self._reported
        self._reported.add(i)
        self._give(i, self._judge(i, sample, now_ms, longest_ms, stamped=stamped), now_ms, changed)

    def bad(self, points: Iterable[int], quality: int, reason: str, took_ms: int = 0) -> None:
        """Give a bad reading for each of the points."""
        now = self._clock.mono_ms()
        for i in points:
            self._give(i, Judged(None, quality, reason, took_ms), now, None)

    def refuse(self, points: Sequence[int], reasons: Sequence[str]) -> None:
        """Give the points that cannot be asked at all as wrongly configured."""
        changed: list[int] = []
        now = self._clock.mono_ms()
        for i, reason in zip(points, reasons, strict=True):
            self.schedule.read(i, now)
            self._give(i, Judged(None, q.CONFIG_ERROR, reason, 0), now, changed)
        self._tell_wrong(changed)

    def silence(self, connected: bool, quality: int, reason: str) -> None:
        """Give a bad reading for each point of which nobody has spoken for too long."""
        self.bad(self.schedule.take_silent(self._clock.mono_ms(), connected), quality, reason)

    def told(self, changed: list[int]) -> None:
        """Log what a batch of changes made of the configuration's truth."""
        self._tell_wrong(changed)

    def _judge(self, i: int, sample: Sample, now_ms: int, took_ms: int, *, stamped: bool) -> Judged:
        one = self._watched[i]
        server_now = self.server_clock.now(now_ms, self._clock.utc_ms())
        return reading.judged(
            sample, one.index, server_now, took_ms, one.max_age_ms, self._tolerance_ms, stamped=stamped
        )

    def _give(self, i: int, judged: Judged, now_ms: int, changed: list[int] | None) -> None:
        if changed is not None and (judged.quality == q.CONFIG_ERROR) != (i in self._wrong):
            changed.append(i)
            if judged.quality == q.CONFIG_ERROR:
                self._wrong[i] = judged.reason
            else:
                del self._wrong[i]
        value, quality, reason = judged.value, judged.quality, judged.reason
        if self.server.quality != q.GOOD:
            both = worse(Status(quality, reason), self.server)
            quality, reason = both.quality, both.reason
        if value is None or q.is_bad(quality):
            value = None
            quality = quality if q.is_bad(quality) else q.BAD
            self.counts.failed += 1
        else:
            self.counts.good += 1
        data = None if value is None else (value,)
        block = self._watched[i].block
        self._sink(BlockReading(block, data, quality, self._clock.utc_ms(), now_ms, judged.took_ms, reason))

    def _tell_wrong(self, changed: Sequence[int]) -> None:
        """Log in one line which points began to be, and which ceased to be, wrongly configured."""
        if not changed:
            return
        wrong = [i for i in changed if i in self._wrong]
        healed = [i for i in changed if i not in self._wrong]
        if wrong:
            words = "; ".join(
                f"{self._watched[i].key} ({self._watched[i].name.text}): {self._wrong[i]}"
                for i in wrong[:_NAMED]
            )
            more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
            log.warning("%s", f"bus {self.faults.bus}: {words}{more}")
        if healed:
            words = ", ".join(self._watched[i].key for i in healed[:_NAMED])
            more = f" and {len(healed) - _NAMED} more" if len(healed) > _NAMED else ""
            log.info("%s", f"bus {self.faults.bus}: {words}{more} can be read again")
